"""Where everything stands in a workbook: a layout file says it of a foreign one, names say it of our own."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from questionnaires.model import Catalogue, Fact, Role
from scoring.ballots import Answer
from scoring.rules import Rules
from stins.workbook.read.grid import Spot, Value


@dataclass(frozen=True, slots=True)
class Stated:
    """A value that a layout file states, instead of the cell where it stands."""

    value: str | int | date | Fact


Source = Spot | Stated | None


@dataclass(frozen=True, slots=True)
class Words:
    """What is written for each answer. ``exact`` words are those of our own workbook."""

    answers: Mapping[str, Answer]
    exact: bool = False

    def answer(self, value: Value) -> Answer | None:
        """Give the answer that a cell holds, if it holds one."""
        return self.answers.get(exact(value) if self.exact else loose(value))

    def is_empty(self, value: Value | None) -> bool:
        """Say whether a cell counts as not filled in; in foreign workbooks one with spaces alone does."""
        return value is None or (not self.exact and loose(value) == "")


@dataclass(frozen=True, slots=True)
class Table:
    """The answers of several people. A line is a row with a person in each column, or the other way about.

    ``ids`` is the column (or row) with the criterion of each line; without it ``criteria`` are those of the
    lines from ``first`` on, empty where a line is none. People and lines are counted from 1; ``last`` belongs
    to them.
    """

    role: Role
    tab: str
    group: str
    words: Words
    people: range
    people_are_rows: bool
    first: int
    last: int
    ids: int | None
    criteria: tuple[str, ...]

    def spot(self, line: int, person: int) -> Spot:
        """Give the cell of a person on a line."""
        return Spot(self.tab, person, line) if self.people_are_rows else Spot(self.tab, line, person)


@dataclass(frozen=True, slots=True)
class Copy:
    """The answers of one person, each in a cell of its own."""

    role: Role
    tab: str
    group: str
    words: Words
    cells: Mapping[str, tuple[int, int]]


Block = Table | Copy


@dataclass(frozen=True, slots=True)
class Layout:
    """A workbook described. ``own`` is one that this program made, which holds its answers more strictly.

    ``not_asked`` lists the questions of a role that the workbook has no place for.
    """

    catalogue: Catalogue
    rules: Rules
    own: bool
    unit: Source
    last_day: Source
    numbers: Mapping[str, Source]
    facts: Mapping[str, Source]
    fact_words: Mapping[str, Fact]
    blocks: tuple[Block, ...]
    not_asked: Mapping[Role, tuple[str, ...]]

    def asked(self, role: Role) -> tuple[str, ...]:
        """Give the questions of a role that the workbook must have, in catalogue order."""
        absent = self.not_asked.get(role, ())
        return tuple(q.id for q in self.catalogue.questionnaires[role].questions if q.id not in absent)


def exact(value: Value) -> str:
    """Give a cell's text as it stands; a whole number is written without decimals, truth is no number."""
    match value:
        case bool():
            return "SANT" if value else "FALSKT"
        case float() if value.is_integer():
            return str(int(value))
        case _:
            return str(value)


def loose(value: Value) -> str:
    """Give a cell's text without regard to case and to how it is spaced."""
    return " ".join(exact(value).split()).casefold()
