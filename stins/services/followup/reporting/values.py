"""What a written report is, who is to do what with it, and what cannot be done."""

from dataclasses import dataclass
from datetime import UTC, date, datetime
from enum import StrEnum
from zoneinfo import ZoneInfo

from scoring.rounds import Mode
from stins.reports.follow_up.rows import Annex
from stins.reports.written import Block, blocks
from stins.services.followup.values import Case, Event, ReportState
from stins.services.refusals import Refused
from stins.services.rights import Place

REPORT_MOST = 50_000
NAME_MOST = 200
_STOCKHOLM = ZoneInfo("Europe/Stockholm")


class NothingToReport(Refused):
    """No follow-up of this source waits to be reported."""


class TextMissing(Refused):
    """A report has a text."""


class EditedMeanwhile(Refused):
    """Somebody has saved a version (``number``) since this one was opened to be edited."""


class NotEditable(Refused):
    """The report lies with the övergripande studierektor, or is approved."""


class NotADraft(Refused):
    """This is done with a draft, and the report is one no longer."""


class ReturnedUnchanged(Refused):
    """A version that was returned is not handed in again as it is."""


class NotSigning(Refused):
    """The report does not wait for signatures now."""


class VersionChanged(Refused):
    """What was read is not what the report now says."""


class UnitMissing(Refused):
    """A signature is for a unit that still waits for it, and that one may sign for."""


class NameMissing(Refused):
    """A paper was signed by somebody."""


class PaperDayWrong(Refused):
    """The day on the paper is missing, or outside ``first`` to ``last``."""


class NotHandedIn(Refused):
    """Only a report that was handed in is approved or returned."""


class CommentMissing(Refused):
    """Who returns a report says why."""


class SignedByYou(Refused):
    """Who has signed a report does not approve it."""


class Task(StrEnum):
    """What a report may wait for from somebody."""

    REWRITE = "rewrite"
    FINISH = "finish"
    SIGN = "sign"
    RECORD = "record"
    APPROVE = "approve"


@dataclass(frozen=True, slots=True)
class Source:
    """What a report follows: an inspection that ended, or a review, on a day.

    ``mode`` is an inspection's; ``reviewer`` and ``document`` are a review's.
    """

    inspection: str
    review: str
    day: date
    mode: Mode | None
    reviewer: str
    document: str

    @property
    def shows_numbers(self) -> bool:
        """Whether its tables may stand in a report, which those above the unit read too."""
        return self.mode in (Mode.ANONYMOUS, Mode.TYPED)


@dataclass(frozen=True, slots=True)
class Signature:
    """A signature under a version: whose, when, and who recorded it where it was given on paper."""

    name: str
    signed_on: date
    on_paper: bool
    account: str


@dataclass(frozen=True, slots=True)
class Signing:
    """A unit whose verksamhetschef signs, the signature or ``None``, and whether any account can give it."""

    unit: Place
    signature: Signature | None
    has_account: bool


@dataclass(frozen=True, slots=True)
class Version:
    """A version of a report's text. ``who`` is empty where the program drafted it."""

    number: int
    text: str
    at: datetime
    who: str

    @property
    def blocks(self) -> tuple[Block, ...]:
        """The text as headings, paragraphs and lists."""
        return blocks(self.text)


@dataclass(frozen=True, slots=True)
class Written:
    """A report as somebody reads it, and what that person may do with it now.

    ``added`` are follow-ups of the same source that came after the text was written: they are included when
    it is drafted anew, edited or sent. ``comment`` is why it was returned, while it is a draft since.
    ``signs`` are the units that the person may sign for now, ``records`` those whose paper he may record.
    """

    id: str
    place: Place
    lang: str
    source: Source
    state: ReportState
    since: date
    handed_in_on: date | None
    approved_on: date | None
    current: Version
    versions: tuple[Version, ...]
    cases: tuple[Case, ...]
    added: tuple[Case, ...]
    annex: Annex
    signings: tuple[Signing, ...]
    history: tuple[Event, ...]
    comment: str
    may_act: bool
    may_sign: bool
    may_decide: bool
    signs: tuple[Place, ...]
    records: tuple[Place, ...]

    @property
    def may_write(self) -> bool:
        """Whether the person may change the text now."""
        return self.may_act and self.state in (ReportState.DRAFT, ReportState.SIGNING)

    @property
    def decides(self) -> bool:
        """Whether the person may approve or return it now."""
        return self.may_decide and self.state is ReportState.HANDED_IN

    @property
    def due_on(self) -> date:
        """The first day on which something that it tells of is due."""
        return min(case.due_on for case in (*self.cases, *self.added))

    @property
    def missing(self) -> tuple[Place, ...]:
        """The units whose signature is waited for."""
        return tuple(each.unit for each in self.signings if each.signature is None)


@dataclass(frozen=True, slots=True)
class Waiting:
    """A report that waits for a person: to do what, since when, and when what it tells of is due.

    ``units`` are those to sign for, or whose paper is to be recorded.
    """

    report: str
    task: Task
    place: Place
    since: date
    due_on: date
    units: tuple[Place, ...]


@dataclass(frozen=True, slots=True)
class ToWrite:
    """Follow-ups of one source on which no report is begun: at which place, how many, the first day due."""

    place: Place
    inspection: str
    review: str
    number: int
    due_on: date


def swedish_day(instant: datetime) -> date:
    """Give the day in Sweden of an instant in UTC."""
    return instant.replace(tzinfo=UTC).astimezone(_STOCKHOLM).date()
