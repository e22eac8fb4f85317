"""Looking over it all: what needs a person now, and the latest grades of every unit."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from sqlalchemy import select
from sqlalchemy.orm import Session

from questionnaires.read import catalogue
from scoring.documents.objects import parse
from scoring.documents.read import read_release
from scoring.rounds import Mode
from scoring.rules import rules
from scoring.verdict import Grade, assess
from stins.services import inspections, organisation, report, void
from stins.services.followup.reading import open_by_place, pressing
from stins.services.followup.values import Case, Left
from stins.services.rights import UNIT_OFFICES, Kind, Office, Person, Place, may_run
from stins.store.tables import Inspection
from stins.store.tables import Release as ReleaseRow

RESULT_IS_NEWS = 30


class Matter(StrEnum):
    """What may need somebody."""

    STUCK = "stuck"
    VOID = "void"
    LATE = "late"
    COMMENTS = "comments"
    DUE = "due"
    DRAFT = "draft"
    OPEN = "open"
    RESULT = "result"
    PLAN = "plan"


@dataclass(frozen=True, slots=True)
class Need:
    """A thing to do: at which place, by or since which day (``None`` = now), with which inspection.

    ``case`` is the breach that is to be mended, in matters of one.
    """

    matter: Matter
    place: Place | None
    inspection: str
    day: date | None
    case: Case | None = None


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


def needs(session: Session, person: Person, today: date) -> tuple[Need, ...]:
    """Give what needs the person now, the most pressing first."""
    found = [Need(Matter.STUCK, place, id, None) for id, place in void.stuck(session, person)]
    found += [Need(Matter.VOID, case.place, case.id, None) for case in void.cases(session, person)]
    breaches = [_breach(case, today) for case in pressing(session, person, today)]
    found += [need for need in breaches if need.matter is Matter.LATE]
    found += [
        Need(Matter.COMMENTS, about.place, about.id, last)
        for about, last in report.reviews_waiting(session, person)
    ]
    found += [need for need in breaches if need.matter is Matter.DUE]
    seen = inspections.listed(session, person)
    runs = [about for about in seen if may_run(person, about.place)]
    found += [
        Need(Matter.OPEN, about.place, about.id, about.closes_on) for about in runs if about.state == "open"
    ]
    found += [
        Need(Matter.DRAFT, about.place, about.id, about.closes_on) for about in runs if about.state == "draft"
    ]
    found += [
        Need(Matter.RESULT, about.place, about.id, about.closed_on)
        for about in seen
        if person.reaches(about.place, *UNIT_OFFICES)
        and about.closed_on
        and (today - about.closed_on).days <= RESULT_IS_NEWS
    ]
    if not runs and person.holds(Office.STUDIEREKTOR):
        found.append(Need(Matter.PLAN, None, "", None))
    return tuple(found)


def units(session: Session, person: Person) -> tuple[UnitRow, ...]:
    """Give every place that the person oversees, each with the grades of its latest released round.

    Above the unit a dialogue is only known to have been held, and on which day.
    """
    paths = person.paths(Office.OVS, Office.REGION)
    seen = [p for p in organisation.places(session) if any(p.is_within(path) for path in paths)]
    latest, left = _latest(session), open_by_place(session)
    return tuple(_unit_row(place, latest.get(place.id), left.get(place.id)) for place in seen)


def _breach(case: Case, today: date) -> Need:
    matter = Matter.LATE if case.is_late(today) else Matter.DUE
    return Need(matter, case.place, case.inspection, case.due_on, case)


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
