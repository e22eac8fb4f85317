"""How many have answered, told coarsely and once a day (anonymity.md, "Participation while open")."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from questionnaires.model import Role
from scoring.release import ALLA, CELL_ROLES, COUNTED, ST, UTBILDARE, partition
from scoring.rounds import Mode, Terms
from stins.services.inspections import eligible_of, terms_of
from stins.store.tables import Code, Inspection


class Reach(StrEnum):
    """How far a cell has come. Only ST-läkare and handledare are looked at."""

    UNDER_HALF = "under_half"
    HALF = "half"
    ENOUGH = "enough"


class Outcome(StrEnum):
    """What closing would give."""

    TWO = "two"
    ONE = "one"
    NONE = "none"


@dataclass(frozen=True, slots=True)
class Participation:
    """What was known on the morning of a day. In dialogue mode ``cells`` is empty."""

    cells: Mapping[str, Reach]
    outcome: Outcome
    on: date


def today(session: Session, row: Inspection, day: date) -> Participation:
    """Give the day's participation. The first to ask that day has it worked out; then it stands."""
    if row.participation_on != day or row.participation is None:
        found = work_out(terms_of(row), eligible_of(row), spent(session, row.id))
        row.participation = {"cells": dict(found[0]), "outcome": found[1]}
        row.participation_on = day
    return stored(row, day)


def stored(row: Inspection, day: date) -> Participation:
    """Give the participation that was last worked out."""
    held = row.participation or {"cells": {}, "outcome": Outcome.NONE}
    cells = {cell: Reach(reach) for cell, reach in held["cells"].items()}
    return Participation(cells, Outcome(held["outcome"]), row.participation_on or day)


def spent(session: Session, inspection: str) -> dict[Role, int]:
    """Count the spent codes of each role."""
    rows = session.execute(
        select(Code.role, func.count())
        .where(Code.inspection_id == inspection, Code.spent)
        .group_by(Code.role)
    )
    return {Role(role): count for role, count in rows}


def outcome(terms: Terms, ballots: Mapping[Role, int]) -> Outcome:
    """Say what so many ballots would give."""
    return (Outcome.NONE, Outcome.ONE, Outcome.TWO)[len(partition(terms, ballots))]


def work_out(
    terms: Terms, eligible: Mapping[Role, int], answered: Mapping[Role, int]
) -> tuple[Mapping[str, Reach], Outcome]:
    """Give the reach of each cell that the eligible numbers allow, and what closing would give now."""
    result = outcome(terms, answered)
    if terms.mode is Mode.DIALOGUE:
        return {}, Outcome.NONE if result is Outcome.NONE else Outcome.ONE
    two = all(eligible.get(role, 0) >= terms.k for role in COUNTED)
    return {
        cell: _reach(terms, cell, eligible, answered) for cell in ((ST, UTBILDARE) if two else (ALLA,))
    }, result


def _reach(terms: Terms, cell: str, eligible: Mapping[Role, int], answered: Mapping[Role, int]) -> Reach:
    roles = [role for role in CELL_ROLES[cell] if role in COUNTED]
    have, may = (sum(numbers.get(role, 0) for role in roles) for numbers in (answered, eligible))
    if have >= terms.k:
        return Reach.ENOUGH
    return Reach.HALF if 2 * have >= may else Reach.UNDER_HALF
