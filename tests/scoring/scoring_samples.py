"""Small catalogues and rounds, made by hand, whose numbers can be followed."""

import dataclasses
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import Any

from questionnaires.model import (
    Area,
    Catalogue,
    Criterion,
    Evidence,
    Fact,
    Level,
    Outcome,
    Question,
    Questionnaire,
    Role,
    Text,
)
from questionnaires.read import catalogue
from scoring.audit import Numbers
from scoring.ballots import Answer, Ballot
from scoring.release import CELL_ROLES, WITHHELD, Bands, Cell, Release, Table
from scoring.rounds import Comments, Mode, Round, Terms
from scoring.rules import rules

ST, HL, SR, VC = Role
RULES = rules("2026")
EDITION = catalogue("2026")
CLOSED_ON = date(2026, 11, 22)
NOTHING = Text("", "")
ALL_FACTS = tuple(Fact)


def criterion(
    id: str,
    level: Level,
    asked: tuple[Role, ...] = (),
    *,
    facts: tuple[Fact, ...] = (),
    provisional: bool = False,
    critical: bool = False,
) -> Criterion:
    """Make a criterion of the area its id begins with; one with ``facts`` is stated, not asked."""
    evidence = Evidence.UPPGIFT if facts else Evidence.ENKAT
    return Criterion(id, id[0], NOTHING, level, provisional, critical, evidence, asked, facts, NOTHING)


def catalogue_of(criteria: Sequence[Criterion], outcomes: Mapping[str, tuple[Role, ...]]) -> Catalogue:
    """Make a catalogue of criteria in their order, with a question for every role asked."""
    return Catalogue(
        id="small",
        areas={c.area: Area(c.area, NOTHING, NOTHING) for c in criteria},
        criteria={c.id: c for c in criteria},
        outcomes={id: Outcome(id, NOTHING, asked) for id, asked in outcomes.items()},
        questionnaires={role: _questionnaire(role, criteria, outcomes) for role in Role},
        parameters={},
        digest="",
    )


def _questionnaire(
    role: Role, criteria: Iterable[Criterion], outcomes: Mapping[str, tuple[Role, ...]]
) -> Questionnaire:
    questions = [Question(c.id, c.area, NOTHING) for c in criteria if role in c.asked]
    questions += [Question(id, "", NOTHING) for id, asked in outcomes.items() if role in asked]
    return Questionnaire(role, tuple(questions))


# Every kind of criterion: both sides and one side, with bosses and without, provisional, critical, stated.
SMALL = catalogue_of(
    [
        criterion("A1", Level.F, (ST, HL, SR, VC)),
        criterion("A2", Level.F, facts=(Fact.JA, Fact.NEJ)),
        criterion("A3", Level.AR, (ST, HL)),
        criterion("A4", Level.KI, (ST, HL, SR)),
        criterion("B1", Level.F, (ST, HL, SR), provisional=True),
        criterion("B2", Level.AR, (HL, SR, VC)),
        criterion("B3", Level.KI, (HL, SR), critical=True),
        criterion("B4", Level.KI, facts=ALL_FACTS),
        criterion("C1", Level.KI, (HL, VC)),
        criterion("C2", Level.KI, (ST,)),
        criterion("C3", Level.AR, (ST, HL, SR)),
        criterion("D1", Level.F, (HL, SR)),
    ],
    {"U1": (ST,)},
)


def terms(**other: Any) -> Terms:
    """Give the terms of a whole anonymous inspection of the small catalogue, or others."""
    usual = Terms(SMALL, RULES, Mode.ANONYMOUS, 5, None, Comments.OFF)
    return dataclasses.replace(usual, **other)


def bands(agree: int, partly: int = 0, disagree: int = 0, unknown: int = 0, not_applicable: int = 0) -> Bands:
    """Make a table without a scale."""
    return Bands(agree, partly, disagree, unknown, not_applicable, None)


def release_of(
    results: Mapping[str, Mapping[str, Table]],
    facts: Mapping[str, Fact] | None = None,
    people: Mapping[str, int] | None = None,
) -> Release:
    """Make a whole release of tables; ``people`` is how many handed in, by cell."""
    counted = {"st": 10, "utbildare": 10} if people is None else people
    return Release(
        catalogue="small",
        rules="2026",
        k=5,
        mode=Mode.ANONYMOUS,
        areas=None,
        closed_on=CLOSED_ON,
        cells=tuple(Cell(id, CELL_ROLES[id], n) for id, n in counted.items()),
        results=results,
        facts=facts or {},
        comments={},
        redacted=0,
    )


def ballots_of(round_: Round) -> Counter[Role]:
    """Count the ballots of each role."""
    return Counter(ballot.role for ballot in round_.ballots)


def answered_in(round_: Round) -> dict[str, Counter[Role]]:
    """Count, for each question, how many of each role answered otherwise than "ej aktuellt"."""
    found: dict[str, Counter[Role]] = {}
    for ballot in round_.ballots:
        for id, answer in ballot.answers.items():
            found.setdefault(id, Counter())[ballot.role] += answer is not Answer.EJ_AKTUELLT
    return found


def numbers_of(round_: Round) -> Numbers:
    """Tell the auditor of a round, as closing does."""
    return Numbers(
        mode=str(round_.terms.mode),
        k=round_.terms.k,
        areas=round_.terms.areas,
        comments=str(round_.terms.comments),
        ballots=ballots_of(round_),
        answered=answered_in(round_),
        node=("region", "unit"),
        opens_on=date(2026, 10, 1),
        earlier=(),
    )


def tables_of(release: Release) -> dict[tuple[str, str], Table]:
    """Give every table by question and cell, withheld ones too."""
    return {(id, cell): table for id, cells in release.results.items() for cell, table in cells.items()}


def shown_of(release: Release) -> dict[tuple[str, str], Bands]:
    """Give every shown table by question and cell."""
    return {place: table for place, table in tables_of(release).items() if isinstance(table, Bands)}


def pattern(release: Release) -> dict[tuple[str, str], bool]:
    """Give which tables there are, and whether each is withheld."""
    return {place: table is WITHHELD for place, table in tables_of(release).items()}


def ballot(role: Role, answers: Mapping[str, Answer], comments: Mapping[str, str] | None = None) -> Ballot:
    """Make a ballot as it is, unchecked."""
    return Ballot(role, answers, comments or {})
