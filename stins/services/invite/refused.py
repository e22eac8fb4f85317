"""What planning and opening an inspection can be refused for."""

from stins.services.refusals import Refused


class NobodyAsked(Refused):
    """An inspection needs people to answer."""


class NumberWrong(Refused):
    """How many may answer in a role: 0 to ``most``."""


class DayWrong(Refused):
    """The last day must lie from ``first`` to ``last``."""


class LastDayPassed(Refused):
    """The last day (``day``) of a draft that is to be opened has passed."""


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


class Addressed(Refused):
    """Addresses are stored for the draft: it is opened from their page, or they are taken away first."""


class Mailed(Refused):
    """Codes that are sent by mail cannot be made anew: the old ones lie in people's mail."""


class NotRead(Refused):
    """Something in a box cannot be read as addresses (``odd``)."""


class InTwoRoles(Refused):
    """The same addresses stand in another role too (``addresses``): nobody has two codes."""


class ReadsTheResult(Refused):
    """Who may read the result answers as studierektor or verksamhetschef or not at all (``addresses``)."""


class NumberDiffers(Refused):
    """There are ``have`` addresses in a role, but the plan says ``declared``."""


class NoAddresses(Refused):
    """Mail needs addresses in at least one role."""


class NothingSent(Refused):
    """Nobody has been sent a code by mail, so there is nobody to remind."""


class NothingToRetry(Refused):
    """No refused address is left to try again, or spare codes were made instead."""


class RemindersUsed(Refused):
    """At most ``most`` reminders are sent in one inspection."""


class RemindedThatDay(Refused):
    """A reminder is set for that day already, or was sent on it."""


class StillSending(Refused):
    """Mail is being sent just now: wait until it is done."""


class CodesUnknown(Refused):
    """Codes that are to be printed are none of this inspection's, or hold no longer."""
