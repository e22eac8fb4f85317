"""What following up speaks of: where things stand, what can be done, and what cannot."""

import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from hashlib import sha256

from questionnaires.model import Level
from scoring.rounds import Mode
from stins.services.refusals import Refused
from stins.services.rights import Place

TEXT_MOST = 4_000
WHO_MOST = 200


def clean(text: str) -> str:
    """Give a text without control characters and what is no character at all, its lines ended alike."""
    text = text.replace("\r\n", "\n").replace("\r", "\n").replace("\t", " ")
    return "".join(c for c in text if c == "\n" or not _is_none(c)).strip()


def _is_none(c: str) -> bool:
    """Whether it is a control character, a lone half of one, or one that is never to be assigned."""
    is_never = "\ufdd0" <= c <= "\ufdef" or ord(c) & 0xFFFE == 0xFFFE
    return is_never or unicodedata.category(c) in ("Cc", "Cs")


class State(StrEnum):
    """Where a follow-up stands. A dismissed one was preliminary and turned out to be no breach."""

    OPEN = "open"
    CLOSED = "closed"
    DISMISSED = "dismissed"


class Progress(StrEnum):
    """How far an action has come, in order."""

    PLANNED = "planned"
    UNDER_WAY = "under_way"
    DONE = "done"
    VERIFIED = "verified"


class Act(StrEnum):
    """What can be done with a follow-up, as its history names it."""

    OPENED = "opened"
    ACTION = "action"
    CHANGED = "changed"
    MET = "met"
    CLOSED = "closed"
    DISMISSED = "dismissed"
    REOPENED = "reopened"
    MOVED = "moved"
    REDATED = "redated"
    REWORDED = "reworded"


class ReportState(StrEnum):
    """Where a written report stands, in order."""

    DRAFT = "draft"
    SIGNING = "signing"
    HANDED_IN = "handed_in"
    APPROVED = "approved"


class ReportAct(StrEnum):
    """What can be done with a written report, in the order in which it may happen within an instant."""

    DRAFTED = "drafted"
    EDITED = "edited"
    SENT = "sent"
    SIGNED = "signed"
    SIGNED_ON_PAPER = "signed_on_paper"
    HANDED_IN = "handed_in"
    RETURNED = "returned"
    APPROVED = "approved"


class WhatMissing(Refused):
    """An action must say what is to be done."""


class TooLong(Refused):
    """A text may hold at most ``most`` characters."""


class ChangedMeanwhile(Refused):
    """Somebody else has changed the action since it was read."""


class ReasonMissing(Refused):
    """A decision must say why."""


class NoEvidence(Refused):
    """A breach is closed only when some action is done and tells what shows it."""


class NotMet(Refused):
    """A breach is closed without a decision only when an extra internal review finds its criterion met."""


class NoArea(Refused):
    """A review of some areas must name one or more that there are."""


class TooFewForReview(Refused):
    """Fewer than k ST-läkare and handledare may answer, so that nothing could ever be released."""


class NotOpen(Refused):
    """This can only be done while the follow-up is open."""


class NotEnded(Refused):
    """Only a follow-up that was closed or dismissed can be opened again."""


class NotPreliminary(Refused):
    """Only a preliminary follow-up can be dismissed."""


class AlreadyFollowed(Refused):
    """The finding is followed up already."""


class NoFinding(Refused):
    """The criterion is not short of met in this inspection."""


class StartsByItself(Refused):
    """In an anonymous inspection the breaches are followed up by themselves, and nothing else is."""


@dataclass(frozen=True, slots=True)
class Step:
    """An action: what is done, by whom (a name or a function), by when, how far, and what shows it."""

    id: str
    what: str
    who: str
    due_on: date | None
    status: Progress
    evidence: str

    @property
    def mark(self) -> str:
        """What tells how it reads from how it would read if anything in it were changed."""
        read = repr((self.what, self.who, self.due_on, self.status.value, self.evidence))
        return sha256(read.encode()).hexdigest()[:16]

    @property
    def is_done(self) -> bool:
        """Whether nothing is left to do."""
        return self.status in (Progress.DONE, Progress.VERIFIED)

    def is_late(self, today: date) -> bool:
        """Say whether it should have been done by now."""
        return not self.is_done and self.due_on is not None and self.due_on < today


@dataclass(frozen=True, slots=True)
class Planned:
    """An action and where it belongs: to a follow-up, else to a criterion of an inspection."""

    step: Step
    follow_up: str
    inspection: str
    criterion: str


@dataclass(frozen=True, slots=True)
class Wanted:
    """An action as somebody writes it."""

    what: str
    who: str
    due_on: date | None
    status: Progress
    evidence: str


@dataclass(frozen=True, slots=True)
class Told:
    """The written report that tells of a follow-up: which, how far it has come, the day it was handed in."""

    id: str
    state: ReportState
    handed_in_on: date | None


@dataclass(frozen=True, slots=True)
class Case:
    """A follow-up in a list. ``text`` says what is wrong, in both languages, and ``basis`` by which rule.

    A deficiency has no criterion, level or mode: those are empty. ``met_in`` is the extra internal review
    that it was closed by, if it was.
    """

    id: str
    place: Place
    criterion: str
    area: str
    level: Level | None
    text: Mapping[str, str]
    basis: Mapping[str, str]
    inspection: str
    mode: Mode | None
    review: str
    preliminary: bool
    opened_on: date
    due_on: date
    state: State
    ended_on: date | None
    met_in: str
    actions: tuple[Step, ...]
    report: Told | None = None

    @property
    def done(self) -> int:
        """How many actions are done or verified."""
        return sum(step.is_done for step in self.actions)

    @property
    def is_open(self) -> bool:
        """Whether something can still be done about it."""
        return self.state is State.OPEN

    def is_late(self, today: date) -> bool:
        """Say whether it should have been mended by now."""
        return self.state is State.OPEN and self.due_on < today

    @property
    def reported_on(self) -> date | None:
        """The day its report was handed in, once that is approved: the approver's delay is not the unit's."""
        approved = self.report is not None and self.report.state is ReportState.APPROVED
        return self.report.handed_in_on if self.report and approved else None

    @property
    def reported_late(self) -> int:
        """How many days after the last day it was reported; 0 in time."""
        return max(0, (self.reported_on - self.due_on).days) if self.reported_on else 0

    @property
    def may_be_reported(self) -> bool:
        """Whether a report on it can be begun: no other tells of it, and it was no mistake."""
        return self.report is None and self.state is not State.DISMISSED

    @property
    def may_be_reviewed(self) -> bool:
        """Whether an extra internal review can find it met: one of an anonymous inspection's breaches."""
        return self.mode is Mode.ANONYMOUS

    @property
    def has_evidence(self) -> bool:
        """Whether some action is done and tells what shows it, without which nothing is closed."""
        return any(step.is_done and step.evidence.strip() for step in self.actions)


@dataclass(frozen=True, slots=True)
class Event:
    """A line of a follow-up's history: the action as it was written then, or the reason of a decision.

    ``who`` is empty where the closing of the inspection did it. ``met_on`` is the day of the extra internal
    review that found the criterion met, ``signed_on`` the day on a paper. ``days`` and ``words`` are what
    stood before a correction, and after it. What was done with the written report that tells of the follow-up
    stands there too, with the report's id.
    """

    at: datetime
    who: str
    act: Act | ReportAct
    wrote: Wanted | None
    reason: str
    met_on: date | None = None
    report: str = ""
    days: tuple[date, date] | None = None
    words: tuple[str, str] | None = None
    signed_on: date | None = None


@dataclass(frozen=True, slots=True)
class Loose:
    """A criterion that is no breach but that the unit does something about."""

    inspection: str
    place: Place
    criterion: str
    text: Mapping[str, str]
    actions: tuple[Step, ...]


@dataclass(frozen=True, slots=True)
class Followed:
    """What is done about a criterion of an inspection. Where it has no follow-up ``id`` is empty."""

    id: str
    due_on: date | None
    state: State | None
    actions: tuple[Step, ...]


@dataclass(frozen=True, slots=True)
class Pressing:
    """The first of those follow-ups that press a person, and how many there are in all."""

    first: tuple[Case, ...]
    total: int


@dataclass(frozen=True, slots=True)
class Left:
    """How many follow-ups are open at a place, and the day when the first of them is due."""

    number: int
    due_on: date
