"""An inspection as every step sees it: found, its terms read, its promise checked."""

from dataclasses import dataclass
from datetime import date, timedelta

from dateutil.relativedelta import relativedelta
from sqlalchemy import ColumnElement, Select, func, or_, select
from sqlalchemy.orm import Session, aliased

from questionnaires.model import Fact, Role
from questionnaires.read import catalogue
from scoring.audit import Earlier
from scoring.rounds import Comments, Mode, Terms
from scoring.rules import rules
from stins.box import Box
from stins.box.sealing import Forged, seal_of
from stins.services import scope
from stins.services.organisation import place_of
from stins.services.pages import Page, page_of
from stins.services.refusals import NotFound
from stins.services.rights import Person, Place, may_see
from stins.store.tables import Inspection, Node, Release

SAME_NODE = timedelta(days=90)
NEIGHBOUR = relativedelta(months=12)
ENDED = ("closed", "void")


@dataclass(frozen=True, slots=True)
class Summary:
    """An inspection in a list or at the head of a page.

    An extra internal review has the ``parent`` that it is tied to, which closed on ``after``.
    """

    id: str
    place: Place
    mode: Mode
    state: str
    step: str
    opens_on: date | None
    closes_on: date
    extended: bool
    eligible: dict[Role, int]
    k: int
    areas: tuple[str, ...] | None
    comments: Comments
    facts: dict[str, Fact]
    closed_on: date | None
    has_result: bool
    parent: str
    after: date | None

    @property
    def is_extra(self) -> bool:
        """Whether this is an extra internal review, tied to the inspection that found the breaches."""
        return bool(self.parent)

    @property
    def people(self) -> int:
        """How many may answer."""
        return sum(self.eligible.values())


def terms_of(row: Inspection) -> Terms:
    """Give the terms that an inspection was promised to be held on."""
    return Terms(
        catalogue=catalogue(row.catalogue),
        rules=rules(row.rules),
        mode=Mode(row.mode),
        k=row.k,
        areas=None if row.areas is None else tuple(row.areas),
        comments=Comments(row.comments),
    )


def seal_for(box: Box, row: Inspection) -> bytes:
    """Give the seal of what is promised to whoever answers an inspection."""
    return seal_of(
        box.pepper,
        {
            "id": row.id,
            "unit": row.unit_id,
            "catalogue": row.catalogue,
            "digest": catalogue(row.catalogue).digest,
            "rules": row.rules,
            "mode": row.mode,
            "k": row.k,
            "areas": row.areas,
            "parameters": row.parameters,
            "comments": row.comments,
            "public_key": row.public_key.hex() if row.public_key else None,
            "parent": row.parent_id,
        },
    )


def check_seal(box: Box, row: Inspection) -> bytes:
    """Give an inspection's seal. Raises :class:`Forged` where the row is not what was sealed."""
    try:
        if row.seal is not None and row.seal == seal_for(box, row):
            return row.seal
    except LookupError:
        pass  # it names a catalogue that there is not
    raise Forged(f"inspection {row.id} is no longer what was promised when it opened")


def eligible_of(row: Inspection) -> dict[Role, int]:
    """Give how many may answer in each role, in role order, roles with none left out."""
    return {role: row.eligible[role] for role in Role if row.eligible.get(role)}


def find(session: Session, id: str, *, lock: bool = False) -> tuple[Inspection, Place]:
    """Give an inspection's row and place. With ``lock`` no other transaction may change it meanwhile."""
    statement = select(Inspection).where(Inspection.id == id)
    row = session.scalar(statement.with_for_update() if lock else statement)
    if row is None:
        raise NotFound
    node = session.get(Node, row.unit_id)
    if node is None:
        raise NotFound
    return row, place_of(node)


def summary(session: Session, person: Person, id: str) -> Summary:
    """Give an inspection that the person may see. Raises :class:`NotFound`, also for another unit's."""
    row, place = find(session, id)
    if not may_see(person, place):
        raise NotFound
    return summary_of(row, place, *_released(session.get(Release, id)), closed_on(session, row.parent_id))


def listed(session: Session, person: Person, *which: ColumnElement[bool]) -> tuple[Summary, ...]:
    """Give the inspections that the person may see, the latest last day first.

    ``which`` are conditions on inspections, their nodes and releases. No release is read whole.
    """
    return _summaries(session, person, _listed(person).where(*which))


def listed_page(session: Session, person: Person, number: int) -> Page[Summary]:
    """Give a page of the inspections that the person may see, the latest last day first."""
    listed = _listed(person)
    total = session.scalar(listed.with_only_columns(func.count(), maintain_column_froms=True)) or 0
    return page_of(
        number, total, lambda offset, most: _summaries(session, person, listed.offset(offset).limit(most))
    )


First = aliased(Release)
"""The release of the inspection that an extra internal review is tied to."""

Listed = tuple[Inspection, Node, date, bool, date]


def _listed(person: Person) -> Select[*Listed]:
    return (
        select(Inspection, Node, Release.closed_on, HAS_RESULT, First.closed_on)
        .join(Node, Node.id == Inspection.unit_id)
        .outerjoin(Release, Release.inspection_id == Inspection.id)
        .outerjoin(First, First.inspection_id == Inspection.parent_id)
        .where(Inspection.state != "void", scope.seen(person))
    )


def _summaries(session: Session, person: Person, listed: Select[*Listed]) -> tuple[Summary, ...]:
    rows = session.execute(listed.order_by(Inspection.closes_on.desc(), Node.name, Inspection.id))
    found = ((row, place_of(node), closed, bool(has), after) for row, node, closed, has, after in rows)
    return tuple(
        summary_of(row, place, closed, has, after)
        for row, place, closed, has, after in found
        if may_see(person, place)
    )


NO_CELLS = '"cells":[]'
HAS_RESULT = ~Release.body.contains(NO_CELLS, autoescape=True)
"""Whether anything of an inspection was published, as a condition on its release."""


def released_something(release: Release | None) -> bool:
    """Say whether anything of an inspection was published."""
    return release is not None and NO_CELLS not in release.body


def _released(release: Release | None) -> tuple[date | None, bool]:
    return release.closed_on if release else None, released_something(release)


def circle(session: Session, place: Place, opens_on: date, *, but: str = "") -> "Obstacle | None":
    """Give what "one circle at a time" has against opening at a place on a day, or ``None``.

    An inspection that is open at, above or below it; one that released anything there within 90 days; one
    above or below within 12 months.
    """
    obstacles = []
    for row, other, release in _around(session, place):
        if row.id == but:
            continue
        if row.state in ("open", "closing"):
            obstacles.append(Obstacle(other.name, None))
        elif release is not None and released_something(release):
            same = other.id == place.id
            free = release.closed_on + (SAME_NODE if same else NEIGHBOUR)
            if free > opens_on:
                obstacles.append(Obstacle(other.name, free))
    return min(obstacles, key=lambda each: (each.free_on is not None, -_days(each.free_on)), default=None)


def earlier(session: Session, place: Place, but: str) -> tuple[Earlier, ...]:
    """Give the other inspections around a place that are open or released something, for the auditor."""
    found = []
    for row, other, release in _around(session, place):
        if row.id == but:
            continue
        if row.state in ("open", "closing"):
            found.append(Earlier(path_ids(other), None))
        elif release is not None and released_something(release):
            found.append(Earlier(path_ids(other), release.closed_on))
    return tuple(found)


@dataclass(frozen=True, slots=True)
class Obstacle:
    """Another inspection that stands in the way, until ``free_on``, or until it is closed."""

    place: str
    free_on: date | None


def _days(day: date | None) -> int:
    return day.toordinal() if day else 0


def path_ids(place: Place) -> tuple[str, ...]:
    """Give the ids of a place and of all above it, from the region down."""
    return tuple(place.path.rstrip("/").split("/"))


def _around(session: Session, place: Place) -> list[tuple[Inspection, Place, Release | None]]:
    """Every inspection, open or released, at a place, above it or below it."""
    rows = session.execute(
        select(Inspection, Node, Release)
        .join(Node, Node.id == Inspection.unit_id)
        .outerjoin(Release, Release.inspection_id == Inspection.id)
        .where(
            Inspection.state.in_(("open", "closing", "closed")),
            or_(Node.id.in_(path_ids(place)), Node.path.startswith(place.path, autoescape=True)),
        )
    )
    return [(row, place_of(node), release) for row, node, release in rows]


def tied(session: Session, row: Inspection) -> Select[str] | None:
    """Give the ids of the inspection that an extra internal review is of and of all that are tied to it.

    Where it is itself an extra review, of those before it too. ``None`` for any other inspection.
    """
    before, parent = [], row.parent_id
    while parent:
        before.append(parent)
        parent = session.scalar(select(Inspection.parent_id).where(Inspection.id == parent))
    if not before:
        return None
    return select(Inspection.id).where(or_(Inspection.id.in_(before), Inspection.parent_id.in_(before)))


def closed_on(session: Session, id: str | None) -> date | None:
    """Give the day when an inspection closed, or ``None``."""
    return session.scalar(select(Release.closed_on).where(Release.inspection_id == id)) if id else None


def summary_of(
    row: Inspection,
    place: Place,
    closed: date | None,
    has_result: bool,  # noqa: FBT001 - it comes from one row with the day
    after: date | None = None,
) -> Summary:
    """Give an inspection as it stands in lists and at the head of pages.

    ``after`` is the day when the inspection that it is tied to closed, if it is tied to any.
    """
    return Summary(
        id=row.id,
        place=place,
        mode=Mode(row.mode),
        state=row.state,
        step=row.step or "",
        opens_on=row.opens_on,
        closes_on=row.closes_on,
        extended=row.extended,
        eligible=eligible_of(row),
        k=row.k,
        areas=None if row.areas is None else tuple(row.areas),
        comments=Comments(row.comments),
        facts={id: Fact(fact) for id, fact in row.facts.items()},
        closed_on=closed,
        has_result=has_result,
        parent=row.parent_id or "",
        after=after,
    )
