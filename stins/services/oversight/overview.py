"""The latest grades of every unit, for those above them."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from questionnaires.read import catalogue
from scoring.documents.objects import parse
from scoring.documents.read import read_release
from scoring.rounds import Mode
from scoring.rules import rules
from scoring.verdict import Grade, assess
from stins.services import inspections, organisation
from stins.services.followup.reading import open_by_place
from stins.services.followup.values import Left
from stins.services.rights import Kind, Office, Person, Place
from stins.store.tables import Inspection
from stins.store.tables import Release as ReleaseRow


@dataclass(frozen=True, slots=True)
class UnitRow:
    """A unit in the overview: its latest released round's mode, day and, unless a dialogue, its grades.

    ``left`` tells what is to be mended there, and is ``None`` where nothing is.
    """

    place: Place
    depth: int
    inspection: str
    mode: Mode | None
    closed_on: date | None
    grades: Mapping[str, Grade | None]
    left: Left | None


def units(session: Session, person: Person) -> tuple[UnitRow, ...]:
    """Give every place that the person oversees, each with the grades of its latest released round.

    Above the unit a dialogue is only known to have been held, and on which day.
    """
    paths = person.paths(Office.OVS, Office.REGION)
    seen = [p for p in organisation.places(session) if any(p.is_within(path) for path in paths)]
    latest, left = _latest(session), open_by_place(session)
    return tuple(_unit_row(place, latest.get(place.id), left.get(place.id)) for place in seen)


def _latest(session: Session) -> dict[str, tuple[Inspection, ReleaseRow]]:
    rows = session.execute(
        select(Inspection, ReleaseRow)
        .join(ReleaseRow, ReleaseRow.inspection_id == Inspection.id)
        .order_by(ReleaseRow.closed_on, Inspection.id)
    )
    return {row.unit_id: (row, stored) for row, stored in rows if inspections.released_something(stored)}


def _unit_row(place: Place, latest: tuple[Inspection, ReleaseRow] | None, left: Left | None) -> UnitRow:
    depth = list(Kind).index(place.kind)
    if latest is None:
        return UnitRow(place, depth, "", None, None, {}, left)
    row, stored = latest
    mode = Mode(row.mode)
    grades = {} if mode is Mode.DIALOGUE else _grades(stored.body)
    return UnitRow(place, depth, row.id, mode, stored.closed_on, grades, left)


def _grades(body: str) -> Mapping[str, Grade | None]:
    release = read_release(parse(body))
    verdict = assess(release, catalogue(release.catalogue), rules(release.rules))
    return {id: area.grade for id, area in verdict.areas.items()}
