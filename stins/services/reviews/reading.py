"""The register as it is read: by those whom a unit concerns, and as a five-year clock by those above."""

from collections.abc import Collection, Mapping, Sequence
from datetime import date

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from scoring.verdict import Grade
from stins.services import organisation
from stins.services.organisation import place_of
from stins.services.refusals import NotFound
from stins.services.reviews.values import Clock, Review, Shortcoming, due_state, next_by
from stins.services.rights import Kind, Office, Person, Place, may_follow, may_know_reviews
from stins.store.tables import Deficiency, ExternalReview, FollowUp, Node

_NEWEST_FIRST = (ExternalReview.reported_on.desc(), ExternalReview.id)


def reviews(session: Session, person: Person) -> tuple[Review, ...]:
    """Give every review that the person may know of, the newest first."""
    rows = session.execute(
        select(ExternalReview, Node)
        .join(Node, Node.id == ExternalReview.node_id)
        .order_by(ExternalReview.reported_on.desc(), Node.name, ExternalReview.id)
    )
    seen = [(row, place_of(node)) for row, node in rows]
    seen = [(row, where) for row, where in seen if may_know_reviews(person, where)]
    found = _shortcomings(session, [row.id for row, where in seen if may_follow(person, where)])
    return tuple(
        _review(row, where, found.get(row.id, ()), whole=may_follow(person, where)) for row, where in seen
    )


def review(session: Session, person: Person, id: str) -> Review:
    """Give a review that the person may know of. Raises :class:`NotFound`, also for another unit's."""
    row = session.get(ExternalReview, id)
    if row is None:
        raise NotFound
    where = organisation.place(session, row.node_id)
    if not may_know_reviews(person, where):
        raise NotFound
    whole = may_follow(person, where)
    found = _shortcomings(session, [id]) if whole else {}
    return _review(row, where, found.get(id, ()), whole=whole)


def latest(session: Session, node_id: str) -> Review | None:
    """Give the latest review of a place, or of the grupp it belongs to, whoever asks."""
    rows = covering(session, organisation.place(session, node_id))
    if not rows:
        return None
    row = rows[0]
    where = organisation.place(session, row.node_id)
    return _review(row, where, _shortcomings(session, [row.id]).get(row.id, ()), whole=True)


def covering(session: Session, where: Place) -> Sequence[ExternalReview]:
    """Give the reviews that count for a place, the newest first: its own, and its grupp's."""
    statement = select(ExternalReview).join(Node, Node.id == ExternalReview.node_id)
    counts = (Node.id == where.id) | ((Node.id == (where.parent_id or "")) & (Node.kind == Kind.GRUPP))
    return session.scalars(statement.where(counts).order_by(*_NEWEST_FIRST)).all()


def clocks(session: Session, person: Person, today: date) -> tuple[Clock, ...]:
    """Give the five-year clock of every unit that the person oversees.

    Those never reviewed come first, in the order of the tree; then by the last day for the next review.
    """
    paths = person.paths(Office.OVS, Office.REGION)
    return tuple(
        clock for clock in every_clock(session, today) if any(clock.place.is_within(path) for path in paths)
    )


def every_clock(session: Session, today: date) -> tuple[Clock, ...]:
    """Give the five-year clock of every unit there is, whoever asks, in the same order."""
    rows = session.execute(
        select(ExternalReview.node_id, func.max(ExternalReview.reported_on)).group_by(ExternalReview.node_id)
    )
    latest_days: dict[str, date] = {row[0]: row[1] for row in rows}
    places = organisation.places(session)
    groups = {place.id for place in places if place.kind is Kind.GRUPP}
    units = [place for place in places if place.kind is Kind.ENHET]
    found = (_clock(unit, latest_days, groups, today) for unit in units)
    return tuple(sorted(found, key=lambda clock: clock.due_on or date.min))


def _clock(unit: Place, latest_days: Mapping[str, date], groups: Collection[str], today: date) -> Clock:
    above = unit.parent_id or ""
    counting = (unit.id, above) if above in groups else (unit.id,)
    reviewed_on = max((latest_days[id] for id in counting if id in latest_days), default=None)
    due_on = next_by(reviewed_on) if reviewed_on else None
    return Clock(unit, reviewed_on, due_on, due_state(due_on, today))


def _shortcomings(session: Session, ids: Sequence[str]) -> Mapping[str, tuple[Shortcoming, ...]]:
    rows = session.execute(
        select(Deficiency, FollowUp.id)
        .outerjoin(FollowUp, FollowUp.deficiency_id == Deficiency.id)
        .where(Deficiency.review_id.in_(ids))
        .order_by(Deficiency.area, Deficiency.regulation.desc(), Deficiency.text, Deficiency.id)
    )
    found: dict[str, tuple[Shortcoming, ...]] = {}
    for row, follow_up in rows:
        shortcoming = Shortcoming(row.area, row.text, row.regulation, follow_up or "")
        found[row.review_id] = (*found.get(row.review_id, ()), shortcoming)
    return found


def _review(
    row: ExternalReview, where: Place, shortcomings: tuple[Shortcoming, ...], *, whole: bool
) -> Review:
    return Review(
        id=row.id,
        place=where,
        reported_on=row.reported_on,
        reviewer=row.reviewer,
        grades={area: Grade(grade) for area, grade in row.grades.items()},
        report=row.report if whole else "",
        shortcomings=shortcomings,
        whole=whole,
    )
