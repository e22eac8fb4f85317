"""What planning and opening an inspection can be refused for."""

from stins.services.refusals import Refused


class NobodyAsked(Refused):
    """An inspection needs people to answer."""


class NumberWrong(Refused):
    """How many may answer in a role: 0 to ``most``."""


class DayWrong(Refused):
    """The last day must lie from ``first`` to ``last``."""


class FactMissing(Refused):
    """A stated fact is missing, or not one of those allowed, or does not go with another."""


class TooFew(Refused):
    """Fewer than k ST-läkare and handledare may answer, so nothing could ever be released."""


class DialogueTooMany(Refused):
    """Dialogue mode is only for groups of at most ``most`` people."""


class DialogueTooFew(Refused):
    """Dialogue mode needs ``least`` people, two of them ST-läkare or handledare."""


class NoReviewer(Refused):
    """Comments need a reader outside the unit, and there is none."""


class CircleBroken(Refused):
    """One circle at a time: another inspection stands too near (``obstacle``)."""


class NotADraft(Refused):
    """This can only be done before the inspection is opened."""


class NotOpen(Refused):
    """This can only be done while the inspection is open."""


class AlreadyAnswered(Refused):
    """Codes cannot be made anew: somebody has already handed in."""
