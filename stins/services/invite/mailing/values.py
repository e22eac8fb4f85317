"""What is known of an inspection's mail: of each address whether the mail left, and nothing of any answer."""

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, replace
from datetime import date
from enum import StrEnum

from questionnaires.model import Role
from stins.box.addresses import SIZE

REMINDERS_MOST = 3
TRIES_MOST = 6


class State(StrEnum):
    """What became of the mail to an address. ``UNCERTAIN`` is one on its way that nobody sends any more."""

    WAITING = "waiting"
    SENDING = "sending"
    SENT = "sent"
    FAILED = "failed"
    UNCERTAIN = "uncertain"


class DayState(StrEnum):
    """What became of a day's reminder; one that was broken off is never taken up again."""

    SET = "set"
    SENDING = "sending"
    SENT = "sent"
    BROKEN = "broken"


@dataclass(frozen=True, slots=True)
class Card:
    """What is sealed of an address: what the server last said of it, and how often it was put off."""

    address: str
    said: str = ""
    tries: int = 0

    def packed(self) -> bytes:
        """Give it as it is sealed. The server's words are cut where all of it would not fit."""
        packed = json.dumps(asdict(self), separators=(",", ":")).encode()
        return packed if len(packed) < SIZE else replace(self, said=self.said[:-1]).packed()

    @staticmethod
    def unpacked(packed: bytes) -> "Card":
        """Read it again."""
        return Card(**json.loads(packed))


@dataclass(frozen=True, slots=True)
class Named:
    """An address that the studierektor must know of."""

    role: Role
    address: str
    said: str


@dataclass(frozen=True, slots=True)
class Reminder:
    """A reminder: its day, and what became of it."""

    day: date
    state: DayState


@dataclass(frozen=True, slots=True)
class Mailing:
    """How far an inspection's mail has come.

    ``counts`` are of addresses, by role and state; ``left`` the codes of each role that were declared and
    neither exist nor may come to exist by mail.
    """

    counts: Mapping[Role, Mapping[State, int]]
    failed: tuple[Named, ...]
    uncertain: tuple[Named, ...]
    left: Mapping[Role, int]
    is_sending: bool
    reminders: tuple[Reminder, ...]

    def total(self, state: str) -> int:
        """Count the addresses in a state."""
        return sum(counts.get(State(state), 0) for counts in self.counts.values())

    @property
    def can_retry(self) -> bool:
        """Whether the refused addresses may be tried again: no spare codes were made instead of them."""
        refused = {role: counts.get(State.FAILED, 0) for role, counts in self.counts.items()}
        return any(refused.values()) and all(self.left.get(role, 0) >= n for role, n in refused.items())

    @property
    def reminders_left(self) -> int:
        """How many more reminders may be sent or set."""
        return REMINDERS_MOST - len(self.reminders)


@dataclass(frozen=True, slots=True)
class Tally:
    """What a run did: mails sent, put off and refused, reminders sent; why it stopped before the end."""

    sent: int = 0
    later: int = 0
    failed: int = 0
    reminded: int = 0
    away: str = ""

    def __add__(self, other: "Tally") -> "Tally":
        return Tally(
            self.sent + other.sent,
            self.later + other.later,
            self.failed + other.failed,
            self.reminded + other.reminded,
            self.away or other.away,
        )
