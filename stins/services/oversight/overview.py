"""How every unit stands, for those above them: grades, what is to be mended, and when to be reviewed."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from sqlalchemy import select
from sqlalchemy.orm import Session

from questionnaires.read import catalogue
from scoring.rounds import Mode
from scoring.verdict import Grade
from stins.services import organisation, scope
from stins.services.followup.reading import open_by_place
from stins.services.followup.values import Left
from stins.services.inspections import HAS_RESULT
from stins.services.oversight.grades import grades_of
from stins.services.pages import Page, page_of
from stins.services.reviews.reading import clocks
from stins.services.reviews.values import Clock, Due
from stins.services.rights import Kind, Office, Person, Place
from stins.store.tables import Inspection, Node, Release


class Show(StrEnum):
    """Which units the overview shows."""

    ALL = "alla"
    OPEN = "brister"
    LATE = "forsenade"
    REVIEW = "granskning"


@dataclass(frozen=True, slots=True)
class Round:
    """A released round: which areas were last asked in it, and their grades, unless a dialogue."""

    inspection: str
    mode: Mode
    closed_on: date
    areas: tuple[str, ...]
    grades: Mapping[str, Grade | None]


@dataclass(frozen=True, slots=True)
class UnitRow:
    """A place in the overview.

    ``rounds`` are those in which some area was last asked, the latest first. ``left`` tells what is to be
    mended there, and is ``None`` where nothing is; ``clock`` is a unit's five-year clock.
    """

    place: Place
    rounds: tuple[Round, ...]
    left: Left | None
    clock: Clock | None = None

    @property
    def depth(self) -> int:
        """How far down in the tree the place lies."""
        return list(Kind).index(self.place.kind)

    @property
    def inspection(self) -> str:
        """The latest round, or nothing."""
        return self.rounds[0].inspection if self.rounds else ""

    @property
    def mode(self) -> Mode | None:
        """The latest round's mode."""
        return self.rounds[0].mode if self.rounds else None

    @property
    def closed_on(self) -> date | None:
        """The latest round's day."""
        return self.rounds[0].closed_on if self.rounds else None

    @property
    def has_dialogue(self) -> bool:
        """Whether some area was last asked in a dialogue."""
        return any(each.mode is Mode.DIALOGUE for each in self.rounds)

    @property
    def grades(self) -> Mapping[str, Grade | None]:
        """Each area's grade in the last round that asked it. One last asked in a dialogue is not there."""
        return {area: grade for each in self.rounds for area, grade in each.grades.items()}

    @property
    def asked(self) -> Mapping[str, Round]:
        """Each area's last round."""
        return {area: each for each in self.rounds for area in each.areas}


def units(session: Session, person: Person) -> tuple[UnitRow, ...]:
    """Give every place that the person oversees, each area with its grade in the last round that asked it.

    Above the unit a dialogue is only known to have been held, and on which day.
    """
    seen = overseen(session, person)
    rounds = _rounds(session, scope.reached(person, Office.OVS, Office.REGION))
    left = open_by_place(session)
    return tuple(UnitRow(place, rounds.get(place.id, ()), left.get(place.id)) for place in seen)


def overview_page(session: Session, person: Person, show: Show, number: int, today: date) -> Page[UnitRow]:
    """Give a page of the units that the person oversees, below the names of the places above them.

    Those that press most come first where not all are shown: by förvaltning, a grupp with its members. No
    more is read of inspections than the page needs.
    """
    seen = overseen(session, person)
    left = open_by_place(session)
    ticking = {clock.place.id: clock for clock in clocks(session, person, today)}
    kept = _in_order(seen, _pressing(show, seen, left, ticking, today))

    def some(offset: int, most: int) -> tuple[UnitRow, ...]:
        shown = _with_those_above(kept[offset : offset + most], seen)
        rounds = _rounds(session, Inspection.unit_id.in_([place.id for place in shown]))
        return tuple(
            UnitRow(place, rounds.get(place.id, ()), left.get(place.id), ticking.get(place.id))
            for place in shown
        )

    return page_of(number, len(kept), some)


def overseen(session: Session, person: Person) -> tuple[Place, ...]:
    """Give every place that the person oversees, in the order of the tree."""
    paths = person.paths(Office.OVS, Office.REGION)
    return tuple(p for p in organisation.places(session) if any(p.is_within(path) for path in paths))


Pressing = Mapping[str, date]
"""By place, when it presses: only places that are to be shown are there."""


def _pressing(
    show: Show,
    seen: Sequence[Place],
    left: Mapping[str, Left],
    ticking: Mapping[str, Clock],
    today: date,
) -> Pressing:
    match show:
        case Show.ALL:
            own = (p for p in seen if p.kind in (Kind.ENHET, Kind.GRUPP) or p.id in left)
            return dict.fromkeys((place.id for place in own), date.min)
        case Show.OPEN:
            return _with_members(seen, {id: each.due_on for id, each in left.items()})
        case Show.LATE:
            late = {id: each.due_on for id, each in left.items() if each.due_on < today}
            return _with_members(seen, late)
        case Show.REVIEW:
            soon = (clock for clock in ticking.values() if clock.state is not Due.FINE)
            return {clock.place.id: clock.due_on or date.min for clock in soon}


def _with_members(seen: Iterable[Place], found: Pressing) -> Pressing:
    """Let what presses a grupp press its members too: it is theirs to mend."""
    groups = {place.id for place in seen if place.kind is Kind.GRUPP and place.id in found}
    members = {p.id: found[p.parent_id] for p in seen if p.parent_id and p.parent_id in groups}
    return members | dict(found)


def _in_order(seen: Sequence[Place], pressing: Pressing) -> Sequence[Place]:
    """Sort those that press by how much: their förvaltning, then grupp or unit; else as in the tree."""
    kept = [place for place in seen if place.id in pressing]
    worst: dict[tuple[str, ...], date] = {}
    for place in kept:
        for above in _lineage(place):
            worst[above] = min(worst.get(above, date.max), pressing[place.id])
    at = {place.id: number for number, place in enumerate(seen)}

    def key(place: Place) -> tuple[tuple[date, int], ...]:
        return tuple((worst[above], at.get(above[-1], -1)) for above in _lineage(place))

    return sorted(kept, key=key)


def _lineage(place: Place) -> tuple[tuple[str, ...], ...]:
    ids = tuple(place.path.rstrip("/").split("/"))
    return tuple(ids[: count + 1] for count in range(len(ids)))


def _with_those_above(kept: Iterable[Place], seen: Iterable[Place]) -> Sequence[Place]:
    """Put the places above each unit before it, once."""
    by_id = {place.id: place for place in seen}
    shown: dict[str, Place] = {}
    for place in kept:
        for id in place.path.rstrip("/").split("/"):
            if id in by_id:
                shown.setdefault(id, by_id[id])
    return list(shown.values())


def _rounds(session: Session, where: scope.Condition) -> Mapping[str, tuple[Round, ...]]:
    """Give the rounds of places in which some area was last asked, the latest first."""
    rows = session.execute(
        select(
            Inspection.unit_id,
            Inspection.id,
            Inspection.mode,
            Inspection.catalogue,
            Inspection.areas,
            Release.closed_on,
            Release.sha256,
        )
        .join(Release, Release.inspection_id == Inspection.id)
        .join(Node, Node.id == Inspection.unit_id)
        .where(where, HAS_RESULT)
        .order_by(Release.closed_on.desc(), Inspection.id.desc())
    )
    taken: dict[str, set[str]] = {}
    last: dict[str, list[Round]] = {}
    digests: dict[str, str] = {}
    for unit, id, mode, of, areas, closed_on, digest in rows:
        before = taken.setdefault(unit, set())
        new = tuple(area for area in areas or catalogue(of).areas if area not in before)
        before.update(new)
        if new:
            last.setdefault(unit, []).append(Round(id, Mode(mode), closed_on, new, {}))
            if mode != Mode.DIALOGUE:
                digests[id] = digest
    graded = grades_of(session, digests)
    return {unit: tuple(_graded(each, graded) for each in rounds) for unit, rounds in last.items()}


def _graded(each: Round, graded: Mapping[str, Mapping[str, Grade | None]]) -> Round:
    found = graded.get(each.inspection, {})
    grades = {area: found[area] for area in each.areas if area in found}
    return Round(each.inspection, each.mode, each.closed_on, each.areas, grades)
