"""What the register of external reviews speaks of, and what cannot be registered."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from dateutil.relativedelta import relativedelta

from scoring.verdict import Grade
from stins.services.refusals import Refused
from stins.services.rights import Place

REVIEWER_MOST = 200
REPORT_MOST = 500
TEXT_MOST = 4_000
SHORTCOMINGS_MOST = 10
FIRST_DAY = date(1990, 1, 1)
"""Nothing older is registered: a day before it is a slip of the pen."""
AT_MOST = relativedelta(years=5)
"""How old the latest review may be: allmänna råd of HSLF-FS 2021:8 and SOSFS 2015:8."""


class DayOutside(Refused):
    """The day of the report is missing, or outside ``first`` to ``last``: it is not in the future."""


class ReviewerMissing(Refused):
    """A review is made by somebody."""


class TooLong(Refused):
    """A text may hold at most ``most`` characters."""


class GradeWrong(Refused):
    """A grade is A, B, C or D, in an area of the catalogue."""


class ReportWrong(Refused):
    """The report is a file's name without its folder, or a link that begins with http:// or https://."""


class AreaMissing(Refused):
    """A deficiency (its ``number``) lies in an area of the catalogue."""


class TextMissing(Refused):
    """A deficiency (its ``number``) says what is wanting."""


class TooMany(Refused):
    """A review holds at most ``most`` deficiencies."""


class AlreadyRegistered(Refused):
    """The unit has a review of that day by that reviewer."""


class BeingMended(Refused):
    """A deficiency (its ``number``, 0 where it was left out) is being mended, so it cannot be let go of."""


class ReviewBeingMended(Refused):
    """Something that the review found is being mended, so it cannot be removed."""


class ReportWaits(Refused):
    """What would be changed is told of in a report that waits for signatures."""


class ReportHandedIn(Refused):
    """What would be changed is told of in a report that was handed in: the unit itself changes it no more."""


class Due(StrEnum):
    """Where a unit stands on the five-year clock, the most pressing first."""

    NEVER = "never"
    OVERDUE = "overdue"
    SIX_MONTHS = "six_months"
    TWELVE_MONTHS = "twelve_months"
    FINE = "fine"


@dataclass(frozen=True, slots=True)
class Shortcoming:
    """A deficiency that a review found. ``follow_up`` is the id of its follow-up, if it has one.

    ``id`` is its own, once it is registered.
    """

    area: str
    text: str
    regulation: bool
    follow_up: str = ""
    id: str = ""

    @property
    def is_blank(self) -> bool:
        """Say whether nothing was written."""
        return not (self.area or self.text or self.regulation)


@dataclass(frozen=True, slots=True)
class Wanted:
    """A review as somebody states it; blank shortcomings are left out."""

    unit_id: str
    reported_on: date | None
    reviewer: str
    grades: Mapping[str, str]
    report: str
    shortcomings: tuple[Shortcoming, ...]


@dataclass(frozen=True, slots=True)
class Review:
    """A registered review. Above the unit's förvaltning only day, reviewer and grades: ``whole`` is false."""

    id: str
    place: Place
    reported_on: date
    reviewer: str
    grades: Mapping[str, Grade]
    report: str
    shortcomings: tuple[Shortcoming, ...]
    whole: bool

    @property
    def due_on(self) -> date:
        """The last day on which this review is recent enough."""
        return next_by(self.reported_on)

    @property
    def is_followed(self) -> bool:
        """Whether something that it found has a follow-up."""
        return any(each.follow_up for each in self.shortcomings)

    @property
    def link(self) -> str:
        """The address of the report, or nothing where only its name is known."""
        return self.report if self.report.lower().startswith(("http://", "https://")) else ""


@dataclass(frozen=True, slots=True)
class Clock:
    """A unit on the five-year clock: its latest review, and the last day for the next."""

    place: Place
    reviewed_on: date | None
    due_on: date | None
    state: Due


def next_by(day: date) -> date:
    """Give the day five years on; from 29 February it is the 28th."""
    return day + AT_MOST


def due_state(due_on: date | None, today: date) -> Due:
    """Say where the clock stands. The warnings come six and twelve calendar months before the last day."""
    if due_on is None:
        return Due.NEVER
    if today > due_on:
        return Due.OVERDUE
    if today >= due_on - relativedelta(months=6):
        return Due.SIX_MONTHS
    if today >= due_on - relativedelta(months=12):
        return Due.TWELVE_MONTHS
    return Due.FINE
