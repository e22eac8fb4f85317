"""What may be shown of a round, decided once from how many answered (anonymity.md, "What may be shown").

Which tables exist depends on numbers of ballots and on who answered otherwise than "ej aktuellt", never on
what was answered.
"""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date

from questionnaires.model import Catalogue, Fact, Role
from scoring.ballots import Answer, Ballot
from scoring.comments import pool
from scoring.rounds import Comments, Mode, Round, Terms

ST = "st"
UTBILDARE = "utbildare"
ALLA = "alla"

CELL_ROLES: Mapping[str, tuple[Role, ...]] = {
    ST: (Role.ST_LAKARE,),
    UTBILDARE: (Role.HANDLEDARE, Role.STUDIEREKTOR, Role.VERKSAMHETSCHEF),
    ALLA: tuple(Role),
}

# Studierektor and verksamhetschef are in the tables but are nobody's cover.
COUNTED = (Role.ST_LAKARE, Role.HANDLEDARE)

Tally = Mapping[str, Mapping[Role, Counter[Answer]]]


@dataclass(frozen=True, slots=True)
class Cell:
    """A group whose answers are shown together. ``n`` is the number of ballots from all its roles."""

    id: str
    roles: tuple[Role, ...]
    n: int


@dataclass(frozen=True, slots=True)
class Bands:
    """The counted answers of one table; a lone "disagree" already stands as "partly".

    ``scale`` is how many answered 3, 2, 1 and 0, where enough did. ``base`` is how many the question
    concerned.
    """

    agree: int
    partly: int
    disagree: int
    unknown: int
    not_applicable: int
    scale: tuple[int, int, int, int] | None
    base: int = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        # Kept, not computed each time: a verdict asks for it many times a table.
        object.__setattr__(self, "base", self.agree + self.partly + self.disagree + self.unknown)

    @property
    def short(self) -> int:
        """How many did not agree, of those who knew."""
        return self.partly + self.disagree


@dataclass(frozen=True, slots=True)
class Withheld:
    """Stands in a table's place where too few answered. It holds no number on purpose."""


WITHHELD = Withheld()

Table = Bands | Withheld


@dataclass(frozen=True, slots=True)
class Release:
    """What is published of a round and frozen. ``results`` is table by cell by criterion or outcome.

    ``redacted`` is how many comments a reviewer has withheld or changed.
    """

    catalogue: str
    rules: str
    k: int
    mode: Mode
    areas: tuple[str, ...] | None
    closed_on: date
    cells: tuple[Cell, ...]
    results: Mapping[str, Mapping[str, Table]]
    facts: Mapping[str, Fact]
    comments: Mapping[str, tuple[str, ...]]
    redacted: int


def publish(round_: Round) -> Release:
    """Make the release of a round: cells, tables and comments. Closing and ``stins publish`` both use it."""
    terms = round_.terms
    cells = partition(terms, Counter(ballot.role for ballot in round_.ballots))
    tally = count(round_.ballots)
    return Release(
        catalogue=terms.catalogue.id,
        rules=terms.rules.id,
        k=terms.k,
        mode=terms.mode,
        areas=terms.areas,
        closed_on=round_.closed_on,
        cells=cells,
        results={id: _tables(terms, cells, id, tally.get(id, {})) for id in _asked(terms)} if cells else {},
        facts=round_.facts,
        comments=_comments(terms, cells, round_.ballots),
        redacted=0,
    )


def partition(terms: Terms, ballots: Mapping[Role, int]) -> tuple[Cell, ...]:
    """Decide the cells from the number of ballots per role: two, one, or none when too few answered."""
    st, handledare = ballots.get(Role.ST_LAKARE, 0), ballots.get(Role.HANDLEDARE, 0)
    if terms.mode is Mode.DIALOGUE:
        rule = terms.rules.release
        enough = sum(ballots.values()) >= rule.dialogue_ballots and st + handledare >= rule.dialogue_counted
        ids: tuple[str, ...] = (ALLA,) if enough else ()
    elif st >= terms.k and handledare >= terms.k:
        ids = (ST, UTBILDARE)
    else:
        ids = (ALLA,) if st + handledare >= terms.k else ()
    return tuple(Cell(id, CELL_ROLES[id], sum(ballots.get(r, 0) for r in CELL_ROLES[id])) for id in ids)


def count(ballots: Iterable[Ballot]) -> Tally:
    """Count the answers of each role to each question."""
    tally: dict[str, dict[Role, Counter[Answer]]] = {}
    for ballot in ballots:
        for id, answer in ballot.answers.items():
            tally.setdefault(id, {}).setdefault(ballot.role, Counter())[answer] += 1
    return tally


def answered(counts: Mapping[Role, Counter[Answer]], role: Role) -> int:
    """How many of a role answered a question otherwise than "ej aktuellt", which counts as not answering."""
    found = counts.get(role, Counter())
    return found.total() - found[Answer.EJ_AKTUELLT]


def _asked(terms: Terms) -> tuple[str, ...]:
    criteria = tuple(c.id for c in terms.catalogue.within(terms.areas) if c.asked)
    return criteria + (tuple(terms.catalogue.outcomes) if terms.areas is None else ())


def _tables(
    terms: Terms, cells: tuple[Cell, ...], id: str, counts: Mapping[Role, Counter[Answer]]
) -> Mapping[str, Table]:
    """Give the tables of one question: in each cell that is asked it, or pooled in {alla}, or withheld."""
    asked = _cells_asked(terms.catalogue, cells, id)
    behind = {
        cell: sum(answered(counts, role) for role in CELL_ROLES[cell] if role in COUNTED) for cell in asked
    }
    if terms.mode is Mode.DIALOGUE:
        enough = sum(answered(counts, role) for role in Role) >= terms.rules.release.dialogue_answered
        return {ALLA: _bands(terms, ALLA, counts) if enough else WITHHELD}
    if all(n >= terms.k for n in behind.values()):
        return {cell: _bands(terms, cell, counts) for cell in asked}
    if len(asked) > 1 and sum(behind.values()) >= terms.k:
        return {ALLA: _bands(terms, ALLA, counts)}
    return dict.fromkeys(asked, WITHHELD)


def _cells_asked(catalogue: Catalogue, cells: tuple[Cell, ...], id: str) -> list[str]:
    return [cell.id for cell in cells if set(cell.roles) & set(catalogue.asked(id))]


def _bands(terms: Terms, cell: str, counts: Mapping[Role, Counter[Answer]]) -> Bands:
    within: Counter[Answer] = Counter()
    for role in CELL_ROLES[cell]:
        within.update(counts.get(role, {}))
    scale = [within[Answer.FULLY], within[Answer.LARGELY], within[Answer.PARTLY], within[Answer.NOT_AT_ALL]]
    if scale[3] == 1:  # nobody is displayed as the only one
        scale[2:] = [scale[2] + 1, 0]
    bosses = sum(counts[r].total() for r in CELL_ROLES[cell] if r not in COUNTED and r in counts)
    # All bosses are taken away, not those who rated: whether a scale is shown must not tell what one said.
    enough = sum(scale) - bosses >= terms.rules.release.scale_from
    return Bands(
        agree=scale[0] + scale[1],
        partly=scale[2],
        disagree=scale[3],
        unknown=within[Answer.VET_EJ],
        not_applicable=within[Answer.EJ_AKTUELLT],
        scale=(scale[0], scale[1], scale[2], scale[3])
        if enough and terms.mode is not Mode.DIALOGUE
        else None,
    )


def _comments(
    terms: Terms, cells: tuple[Cell, ...], ballots: tuple[Ballot, ...]
) -> Mapping[str, tuple[str, ...]]:
    """Pool the comments of the fields that at least k ST-läkare and handledare were shown."""
    if not cells or terms.comments is Comments.OFF or terms.mode is not Mode.ANONYMOUS:
        return {}
    shown: Counter[str] = Counter()
    for ballot in ballots:
        if ballot.role in COUNTED:
            shown.update(terms.catalogue.comment_fields(ballot.role, terms.areas))
    pooled = pool(terms.catalogue, ballots)
    return {field: texts for field, texts in pooled.items() if shown[field] >= terms.k}
