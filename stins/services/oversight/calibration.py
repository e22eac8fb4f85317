"""How STINS agrees with later external reviews: counts over units, never a unit's own."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from questionnaires.read import catalogue
from scoring.rounds import Mode
from scoring.verdict import Grade
from stins.services import scope
from stins.services.inspections import HAS_RESULT
from stins.services.oversight.grades import grades_of
from stins.services.refusals import NotFound
from stins.services.reviews.values import next_by
from stins.services.rights import Office, Person
from stins.store.tables import ExternalReview, Inspection, Node, Release

UNITS_LEAST = 3
"""Another unit's sum is shown only over three units or more (anonymity.md, "One circle at a time")."""
_SCALE = tuple(Grade)


@dataclass(frozen=True, slots=True)
class Agreement:
    """How often STINS and a later review gave an area the same grade.

    ``by_steps`` counts pairs by how many steps STINS was stricter (above 0) or milder (below 0); ``ungraded``
    are those where STINS gave no grade. ``units`` is how many stand behind the pairs that were graded.
    """

    area: str
    units: int
    by_steps: Mapping[int, int]
    ungraded: int

    @property
    def pairs(self) -> int:
        """How many pairs were graded by both."""
        return sum(self.by_steps.values())

    @property
    def same(self) -> int:
        """How many pairs were alike."""
        return self.by_steps.get(0, 0)

    @property
    def stricter(self) -> int:
        """How many times STINS gave a lower grade."""
        return sum(count for steps, count in self.by_steps.items() if steps > 0)

    @property
    def milder(self) -> int:
        """How many times STINS gave a higher grade."""
        return sum(count for steps, count in self.by_steps.items() if steps < 0)


@dataclass(frozen=True, slots=True)
class _Pair:
    unit: str
    area: str
    inspection: str
    grade: Grade


@dataclass(frozen=True, slots=True)
class _Held:
    id: str
    closed_on: date
    areas: tuple[str, ...]
    digest: str


def calibration(session: Session, person: Person) -> Mapping[str, Agreement | None]:
    """Give the agreement by area, over the units that the person oversees; ``None`` where units are too few.

    Each review is paired, area by area, with the latest anonymous inspection of the same place that asked the
    area and closed before it, at most five years. Raises :class:`NotFound` for who oversees none.
    """
    if not person.holds(Office.OVS, Office.REGION):
        raise NotFound
    where = scope.reached(person, Office.OVS, Office.REGION)
    held = _held(session, where)
    pairs = list(_pairs(session, where, held))
    digests = {each.id: each.digest for those in held.values() for each in those}
    graded = grades_of(session, {id: digests[id] for id in {pair.inspection for pair in pairs}})
    by_area: dict[str, list[_Pair]] = {}
    for pair in pairs:
        by_area.setdefault(pair.area, []).append(pair)
    return {area: _agreement(area, by_area[area], graded) for area in sorted(by_area)}


def _held(session: Session, where: scope.Condition) -> Mapping[str, Sequence[_Held]]:
    """Give the anonymous inspections of places that were also reviewed, the latest first."""
    rows = session.execute(
        select(
            Inspection.unit_id,
            Inspection.id,
            Inspection.catalogue,
            Inspection.areas,
            Release.closed_on,
            Release.sha256,
        )
        .join(Release, Release.inspection_id == Inspection.id)
        .join(Node, Node.id == Inspection.unit_id)
        .where(where, Inspection.mode == Mode.ANONYMOUS)
        .where(Inspection.unit_id.in_(select(ExternalReview.node_id)), HAS_RESULT)
        .order_by(Release.closed_on.desc(), Inspection.id.desc())
    )
    found: dict[str, list[_Held]] = {}
    for unit, id, of, areas, closed_on, digest in rows:
        asked = tuple(areas or catalogue(of).areas)
        found.setdefault(unit, []).append(_Held(id, closed_on, asked, digest))
    return found


def _pairs(session: Session, where: scope.Condition, held: Mapping[str, Sequence[_Held]]) -> Iterator[_Pair]:
    rows = session.execute(
        select(ExternalReview.node_id, ExternalReview.reported_on, ExternalReview.grades)
        .join(Node, Node.id == ExternalReview.node_id)
        .where(where)
    )
    for unit, reported_on, grades in rows:
        before = [
            each for each in held.get(unit, ()) if each.closed_on < reported_on <= next_by(each.closed_on)
        ]
        for area, grade in grades.items():
            latest = next((each for each in before if area in each.areas), None)
            if latest is not None:
                yield _Pair(unit, area, latest.id, Grade(grade))


def _agreement(
    area: str, pairs: Sequence[_Pair], graded: Mapping[str, Mapping[str, Grade | None]]
) -> Agreement | None:
    ours = [(pair, graded[pair.inspection].get(area)) for pair in pairs]
    both = [(pair, grade) for pair, grade in ours if grade is not None]
    units = {pair.unit for pair, _grade in both}
    if len(units) < UNITS_LEAST:
        return None
    steps = Counter(_SCALE.index(grade) - _SCALE.index(pair.grade) for pair, grade in both)
    return Agreement(area, len(units), dict(steps), len(ours) - len(both))
