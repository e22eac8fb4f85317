"""An inspection in the making, and what may befall a criterion in it."""

import random
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Generic, TypeVar

from questionnaires.model import Catalogue, Criterion, Fact, Level, Role
from questionnaires.read import catalogue
from scoring.ballots import Answer, Ballot, check
from scoring.release import CELL_ROLES, COUNTED, ST, UTBILDARE, partition
from scoring.rounds import Comments, Mode, Round, Terms
from scoring.rules import Rules, Share, rules
from scoring.verdict import Status
from tests.scoring.scoring_samples import CLOSED_ON

EDITION: Catalogue = catalogue("2026")
RULES: Rules = rules("2026")
BASES = range(4, 31)
COMMENTS = (
    "Bra.",
    "=1+1",
    "+46 46 17 00 00",
    "-",
    "@alla",
    "'citat'",
    'Mer tid för "handledning"',
    "_x0041_",
    "Å" * 300,
)

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Counts:
    """How many in a table answered what."""

    agree: int
    partly: int = 0
    disagree: int = 0
    unknown: int = 0

    @property
    def base(self) -> int:
        """How many the question concerned."""
        return self.agree + self.partly + self.disagree + self.unknown


class Deck(Generic[T]):
    """Items dealt in random order, all of them before any comes again."""

    def __init__(self, chance: random.Random, items: Sequence[T]) -> None:
        self._chance, self._items = chance, tuple(items)
        self._left: list[T] = []

    def deal(self) -> T:
        """Give the next item."""
        if not self._left:
            self._left = self._chance.sample(self._items, len(self._items))
        return self._left.pop()

    def deal_first(self, suits: Callable[[T], bool]) -> T | None:
        """Give the next item that suits and leave those before it where they are."""
        if not any(suits(item) for item in self._left):
            self._left += self._chance.sample(self._items, len(self._items))
        found = next((item for item in self._left if suits(item)), None)
        if found is not None:
            self._left.remove(found)
        return found


class Making:
    """An inspection in the making: everybody agrees and everything stated is well, until told otherwise."""

    def __init__(self, chance: random.Random, terms: Terms, people: Mapping[Role, int]) -> None:
        self.chance, self.terms = chance, terms
        self.criteria = terms.catalogue.within(terms.areas)
        self.cells = tuple(cell.id for cell in partition(terms, people))
        self.facts: dict[str, Fact] = {c.id: Fact.JA for c in self.criteria if c.facts}
        self.ballots: list[tuple[Role, dict[str, Answer]]] = [
            (role, {question.id: self._agree() for question in questions})
            for role, number in people.items()
            for questions in [terms.catalogue.questionnaires[role].within(terms.areas)]
            for _ in range(number if questions else 0)
        ]

    def asked(self, id: str, cell: str) -> list[dict[str, Answer]]:
        """Give the ballots behind a table: those that count towards k first, each kind in random order."""
        within = [each for each in self.ballots if each[0] in CELL_ROLES[cell] and id in each[1]]
        self.chance.shuffle(within)
        return [answers for _, answers in sorted(within, key=lambda each: each[0] not in COUNTED)]

    def tables(self, id: str) -> list[str]:
        """Give the cells in which a question is asked of somebody."""
        return [cell for cell in self.cells if self.asked(id, cell)]

    def give(self, id: str, cell: str, counts: Counts) -> None:
        """Let a table be of these counts; for the rest of its people the question is not relevant."""
        people = self.asked(id, cell)
        answers = [self._agree() for _ in range(counts.agree)]
        answers += [Answer.PARTLY] * counts.partly + [Answer.NOT_AT_ALL] * counts.disagree
        answers += [Answer.VET_EJ] * counts.unknown
        self.chance.shuffle(answers)
        answers += [Answer.EJ_AKTUELLT] * (len(people) - len(answers))
        for person, answer in zip(people, answers, strict=False):
            person[id] = answer

    def withhold(self, criterion: Criterion) -> None:
        """Let a criterion have no status."""
        self.facts.pop(criterion.id, None)
        for _, answers in self.ballots:
            if criterion.id in answers:
                answers[criterion.id] = Answer.EJ_AKTUELLT

    def let(self, criterion: Criterion, status: Status) -> None:
        """Let a criterion be partly or not met: in one of its tables, or as stated where that can be said."""
        if criterion.facts:
            self.facts[criterion.id] = Fact.DELVIS if status is Status.PARTLY else Fact.NEJ
            return
        for cell in self.chance.sample(self.tables(criterion.id), 1) if self.tables(criterion.id) else ():
            base = len(self.asked(criterion.id, cell))
            agree, partly = (
                (3 * base // 5, 2 * base // 5) if status is Status.PARTLY else (base // 4, base // 3)
            )
            rest = base - agree - partly
            unknown, disagree = (rest, 0) if status is Status.PARTLY else (0, rest)
            self.give(criterion.id, cell, Counts(agree, partly, disagree, unknown))

    def round_(self) -> Round:
        """Give the finished round, its ballots checked and in random order."""
        ballots = [self._checked(role, answers) for role, answers in self.ballots]
        self.chance.shuffle(ballots)
        facts = {id: fact for id, fact in self.facts.items() if fact in EDITION.criteria[id].facts}
        return Round(self.terms, facts, tuple(ballots), CLOSED_ON)

    def _checked(self, role: Role, answers: Mapping[str, Answer]) -> Ballot:
        comments: dict[str, str] = {}
        if self.terms.comments is Comments.REVIEWED:
            fields = self.terms.catalogue.comment_fields(role, self.terms.areas)
            comments = {field: self.chance.choice(COMMENTS) for field in self.chance.sample(fields, 2)}
        written = {id: answer.value for id, answer in answers.items()}
        return check(self.terms.catalogue, self.terms.areas, role, written, comments)

    def _agree(self) -> Answer:
        return self.chance.choice((Answer.FULLY, Answer.LARGELY))


class Dealer:
    """Deals what befalls criteria, so that each thing comes as often as the others."""

    def __init__(self, chance: random.Random) -> None:
        self.chance = chance
        self._facts = {
            c.id: Deck[Fact | None](chance, (*c.facts, None)) for c in EDITION.criteria.values() if c.facts
        }
        self._cases = {level: Deck(chance, list(cases(level).values())) for level in Level}
        self._pairs = Deck(chance, PAIRS)
        self._dabs = Deck(chance, DABS)

    def case(self, making: Making, id: str, level: Level) -> None:
        """Put a table of a criterion at a limit: the next of those of its level that it has people for."""
        tables = making.tables(id)
        if not tables:
            return
        cell = self.chance.choice(tables)
        sizes = range(making.terms.k, len(making.asked(id, cell)) + 1)
        found = self._cases[level].deal_first(lambda case: any(each.base in sizes for each in case))
        if found:
            making.give(id, cell, self.chance.choice([each for each in found if each.base in sizes]))

    def pair(self, making: Making, criterion: Criterion) -> None:
        """Let the two tables of a criterion differ in the next of the ways that matter."""
        for cell, counts in zip((ST, UTBILDARE), self._pairs.deal(), strict=True):
            if cell in making.tables(criterion.id):
                making.give(criterion.id, cell, counts)

    def dab(self, making: Making, criterion: Criterion) -> None:
        """Do the next odd thing to a criterion."""
        self._dabs.deal()(making, criterion)

    def state(self, making: Making, criterion: Criterion) -> None:
        """State the next of the things that may be stated."""
        making.facts.pop(criterion.id, None)
        fact = self._facts[criterion.id].deal()
        if fact:
            making.facts[criterion.id] = fact


# --- what may befall a criterion ---


def cases(level: Level) -> Mapping[str, Sequence[Counts]]:
    """Give, for each threshold of a level, counts exactly at it, one answer under it and one over it."""
    rule, findings = RULES.levels[level], RULES.findings
    kinds: tuple[tuple[str, Share | None, Callable[[int, int], Counts]], ...] = (
        ("met_from", rule.met_from, lambda part, rest: Counts(part, unknown=rest)),
        ("met_from, all knowing", rule.met_from, lambda part, rest: Counts(part, partly=rest)),
        ("short_over", rule.short_over, lambda part, rest: Counts(rest, partly=part)),
        ("strength_from", findings.strength_from, lambda part, rest: Counts(part, unknown=rest)),
        ("unknown_from", findings.unknown_from, lambda part, rest: Counts(rest, unknown=part)),
        ("disagree_over", rule.disagree_over, lambda part, rest: Counts(rest, disagree=part)),
        ("met_disagree", rule.met_disagree_share, lambda part, rest: Counts(rest, disagree=part)),
    )
    found: dict[str, list[Counts]] = {}
    for name, share, counts in kinds:
        for base in BASES:
            for way, part in _beside(share, base) if share else ():
                found.setdefault(f"{name} {way}", []).append(counts(part, base - part))
    shown = {name: [each for each in counts if each.disagree != 1] for name, counts in found.items()}
    return {name: counts for name, counts in shown.items() if counts}


def _beside(share: Share, base: int) -> Iterator[tuple[str, int]]:
    """Give the whole number exactly at a share of the base, where there is one, and those beside it."""
    below, above = share.rounded_down(base), share.rounded_up(base)
    if below == above:
        yield "exactly", below
        below, above = below - 1, above + 1
    if below >= 0:
        yield "under", below
    if above <= base:
        yield "over", above


# Gaps exactly at, under and over the limit, and equal ones of unlike bases; equal shares of unlike bases.
PAIRS = (
    (Counts(10), Counts(7, 3)),
    (Counts(14, 6), Counts(20)),
    (Counts(10), Counts(8, 3)),
    (Counts(7, 4), Counts(20)),
    (Counts(10), Counts(13, 7)),
    (Counts(4, 2), Counts(10)),
    (Counts(6, 4), Counts(20)),
    (Counts(12, 8), Counts(10)),
    (Counts(6, 4), Counts(12, 8)),
    (Counts(5, 5), Counts(10, 10)),
    (Counts(9, unknown=1), Counts(18, unknown=2)),
    (Counts(18, unknown=2), Counts(10)),
)


def _pooled(making: Making, criterion: Criterion) -> None:
    """Let one side be one too few, and both together enough or just enough or one too few."""
    for cell in making.chance.sample((ST, UTBILDARE), 2)[:1]:
        if len(making.tables(criterion.id)) == 2:
            making.give(criterion.id, cell, Counts(making.terms.k - 3, partly=2))
            other = UTBILDARE if cell == ST else ST
            room = len(making.asked(criterion.id, other))
            making.give(criterion.id, other, Counts(making.chance.choice((0, 1, room // 2, room))))


def _lone(making: Making, criterion: Criterion) -> None:
    """Let one person alone disagree, where that would have mattered or not."""
    for cell in making.tables(criterion.id):
        room = len(making.asked(criterion.id, cell))
        short = making.chance.choice((0, room // 5, room // 3))
        making.give(criterion.id, cell, Counts(room - 1 - short, partly=short, disagree=1))


def _unknowing(making: Making, criterion: Criterion) -> None:
    """Let most, or all, not know."""
    for cell in making.tables(criterion.id):
        room = len(making.asked(criterion.id, cell))
        agree = making.chance.choice((0, room // 4, room // 2))
        making.give(criterion.id, cell, Counts(agree, unknown=room - agree))


def _irrelevant(making: Making, criterion: Criterion) -> None:
    """Let the question concern few: as many as must be, or one fewer."""
    fewest = RULES.release.dialogue_answered if making.terms.mode is Mode.DIALOGUE else making.terms.k
    for cell in making.tables(criterion.id):
        answered = making.chance.choice((fewest, fewest, fewest - 1))
        partly = min(2, fewest - 1)
        making.give(criterion.id, cell, Counts(answered - partly, partly=partly))


def _scaled(making: Making, criterion: Criterion) -> None:
    """Let about as many rate as a four-step distribution takes."""
    for cell in making.tables(criterion.id):
        people = making.asked(criterion.id, cell)
        rated = making.chance.choice((9, 10, 11))
        if len(people) >= rated:
            making.give(criterion.id, cell, Counts(rated - 3, partly=3, unknown=len(people) - rated))


def wild(making: Making, criterion: Criterion) -> None:
    """Let anybody answer anything, leaning some way."""
    for role in Role:
        weights = [making.chance.random() ** 3 for _ in Answer]
        for _, answers in (each for each in making.ballots if each[0] is role and criterion.id in each[1]):
            answers[criterion.id] = making.chance.choices(tuple(Answer), weights)[0]


DABS = (_pooled, _pooled, _lone, _unknowing, _irrelevant, _scaled, wild)
