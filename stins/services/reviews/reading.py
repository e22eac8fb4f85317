"""The register as it is read: by those whom a unit concerns, and as a five-year clock by those above."""

from collections.abc import Mapping, Sequence
from datetime import date, timedelta

from dateutil.relativedelta import relativedelta
from sqlalchemy import Select, func, select, true
from sqlalchemy.orm import Session, aliased

from scoring.verdict import Grade
from stins.services import organisation, scope
from stins.services.organisation import place_of
from stins.services.pages import Page, page_of
from stins.services.refusals import NotFound
from stins.services.reviews.values import AT_MOST, Clock, Due, Review, Shortcoming, due_state, next_by
from stins.services.rights import (
    UNIT_OFFICES,
    Kind,
    Office,
    Person,
    Place,
    may_follow,
    may_know_reviews,
)
from stins.store.tables import Deficiency, ExternalReview, FollowUp, Node

_NEWEST_FIRST = (ExternalReview.reported_on.desc(), ExternalReview.id)


def reviews(session: Session, person: Person, number: int = 1) -> Page[Review]:
    """Give a page of the reviews that the person may know of, the newest first."""
    known = (
        select(ExternalReview, Node)
        .join(Node, Node.id == ExternalReview.node_id)
        .where(scope.reviews_known(person))
    )
    total = session.scalar(known.with_only_columns(func.count(), maintain_column_froms=True)) or 0
    order = (ExternalReview.reported_on.desc(), Node.name, ExternalReview.id)

    def some(offset: int, most: int) -> tuple[Review, ...]:
        rows = session.execute(known.order_by(*order).offset(offset).limit(most))
        seen = [(row, place_of(node)) for row, node in rows]
        seen = [(row, where) for row, where in seen if may_know_reviews(person, where)]
        found = _shortcomings(session, [row.id for row, where in seen if may_follow(person, where)])
        return tuple(
            _review(row, where, found.get(row.id, ()), whole=may_follow(person, where)) for row, where in seen
        )

    return page_of(number, total, some)


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


def clock_page(session: Session, person: Person, today: date, number: int) -> Page[Clock]:
    """Give a page of the five-year clocks that the person oversees."""
    found = clocks(session, person, today)
    return page_of(number, len(found), lambda offset, most: found[offset : offset + most])


def clocks(session: Session, person: Person, today: date) -> tuple[Clock, ...]:
    """Give the five-year clock of every unit that the person oversees.

    Those never reviewed come first; then by the last day for the next review, and by name.
    """
    return _clocks(session, scope.reached(person, Office.OVS, Office.REGION), today)


def every_clock(session: Session, today: date) -> tuple[Clock, ...]:
    """Give the five-year clock of every unit there is, whoever asks, in the same order."""
    return _clocks(session, true(), today)


def due(session: Session, person: Person, today: date, most: int) -> tuple[tuple[Clock, ...], int]:
    """Give the first clocks that need somebody now, and how many do.

    They are those of units never reviewed, overdue, or due within twelve months, where the person leads or
    oversees the unit.
    """
    latest = func.max(ExternalReview.reported_on)
    rows = session.execute(
        _reviewed(scope.reached(person, *UNIT_OFFICES, Office.OVS, Office.REGION))
        .add_columns(func.count().over())
        .having(latest.is_(None) | (latest <= _last_day_not_fine(today)))
        .order_by(latest.nulls_first(), Node.name, Node.id)
        .limit(most)
    ).all()
    first = tuple(_clock(place_of(node), reviewed_on, today) for node, reviewed_on, _total in rows)
    return first, rows[0][2] if rows else 0


def _last_day_not_fine(today: date) -> date:
    """Give the latest day of a report that needs somebody today."""
    day = today - AT_MOST + relativedelta(months=12, days=3)  # leap days move it by a day or two
    while due_state(next_by(day), today) is Due.FINE:
        day -= timedelta(days=1)
    return day


def _reviewed(which: scope.Condition) -> Select[Node, date]:
    """Give units, each with the day of its latest review, its own or its grupp's."""
    above = aliased(Node)
    return (
        select(Node, func.max(ExternalReview.reported_on))
        .outerjoin(above, (above.id == Node.parent_id) & (above.kind == Kind.GRUPP))
        .outerjoin(ExternalReview, ExternalReview.node_id.in_((Node.id, above.id)))
        .where(Node.kind == Kind.ENHET, which)
        .group_by(Node.id)
    )


def _clocks(session: Session, which: scope.Condition, today: date) -> tuple[Clock, ...]:
    rows = session.execute(_reviewed(which))
    found = [_clock(place_of(node), reviewed_on, today) for node, reviewed_on in rows]
    return tuple(
        sorted(found, key=lambda clock: (clock.due_on or date.min, organisation.swedish(clock.place.name)))
    )


def _clock(unit: Place, reviewed_on: date | None, today: date) -> Clock:
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
        shortcoming = Shortcoming(row.area, row.text, row.regulation, follow_up or "", row.id)
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
