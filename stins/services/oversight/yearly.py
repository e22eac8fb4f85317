"""What a year came to: for the ATBTST-råd, from what stands in the register and the follow-ups."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from datetime import date

from sqlalchemy import func, select, true
from sqlalchemy.orm import Session

from scoring.rounds import Mode
from stins.reports.yearly import Line, Numbers, Yearly
from stins.services import organisation, scope
from stins.services.followup.values import State
from stins.services.inspections import HAS_RESULT
from stins.services.oversight.overview import overseen
from stins.services.refusals import NotFound
from stins.services.reviews.values import FIRST_DAY, next_by
from stins.services.rights import Kind, Office, Person, Place
from stins.store.tables import ExternalReview, FollowUp, FollowUpReport, Inspection, Node, Release

Counts = Mapping[str, Counter[str]]
"""By place, how many of each measure."""


def yearly(session: Session, person: Person, year: int, today: date) -> Yearly:
    """Give the year of the places that the person oversees.

    Raises :class:`NotFound` for who oversees none, a year to come, and one before the register's first day.
    """
    if not person.holds(Office.OVS, Office.REGION):
        raise NotFound
    seen = overseen(session, person)
    return _yearly(session, seen, scope.reached(person, Office.OVS, Office.REGION), year, today)


def whole(session: Session, year: int, today: date) -> Yearly:
    """Give the year of every place of the installation. Raises :class:`NotFound` as :func:`yearly`."""
    return _yearly(session, organisation.places(session), true(), year, today)


def years(session: Session, person: Person, today: date) -> Sequence[int]:
    """Give the years that there is anything to report of where the person oversees, the latest first."""
    where = scope.reached(person, Office.OVS, Office.REGION)
    firsts = session.execute(
        select(
            select(func.min(ExternalReview.reported_on))
            .join(Node, Node.id == ExternalReview.node_id)
            .where(where)
            .scalar_subquery(),
            select(func.min(FollowUp.opened_on))
            .join(Node, Node.id == FollowUp.node_id)
            .where(where)
            .scalar_subquery(),
            select(func.min(Release.closed_on))
            .join(Inspection, Inspection.id == Release.inspection_id)
            .join(Node, Node.id == Inspection.unit_id)
            .where(where)
            .scalar_subquery(),
        )
    ).one()
    first = min((day.year for day in firsts if day), default=today.year + 1)
    return range(today.year, max(first, FIRST_DAY.year) - 1, -1)


def _yearly(
    session: Session, seen: Sequence[Place], where: scope.Condition, year: int, today: date
) -> Yearly:
    if not FIRST_DAY.year <= year <= today.year:
        raise NotFound
    first, until = date(year, 1, 1), min(date(year, 12, 31), today)
    counted: dict[str, Counter[str]] = {}
    reviewed = _latest_reviews(session, where, until)
    for found in (
        _reviews(session, where, first, until),
        _breaches(session, where, first, until),
        _reports(session, where, first, until),
        _inspections(session, where, first, until),
        _clocks(seen, reviewed, until),
    ):
        for id, measure in found:
            counted.setdefault(id, Counter())[measure] += 1
    numbers = {id: Numbers(**counts) for id, counts in counted.items()}
    parts = [place for place in seen if place.kind is Kind.FORVALTNING]
    upper = [place for place in seen if place.kind is Kind.REGION and place.id in numbers]
    names = _names(seen)
    return Yearly(
        year=year,
        until=until,
        parts=tuple(
            [Line(names[top.id], "", numbers[top.id]) for top in upper]
            + [Line(names[part.id], "", _sum(part, seen, numbers)) for part in parts]
            + [Line(place.name, "", _sum(place, seen, numbers)) for place in _alone(seen)]
        ),
        total=sum(numbers.values(), Numbers()),
        units=tuple(
            _line(place, seen, names, numbers.get(place.id, Numbers()), reviewed)
            for place in seen
            if place.kind is Kind.ENHET or place.id in numbers
        ),
    )


def _alone(seen: Sequence[Place]) -> Sequence[Place]:
    """Give the places seen whose förvaltning is not: somebody oversees a single grupp or unit."""
    ids = {place.id for place in seen}
    below = (Kind.GRUPP, Kind.ENHET)
    return [place for place in seen if place.kind in below and place.parent_id not in ids]


def _sum(above: Place, seen: Sequence[Place], numbers: Mapping[str, Numbers]) -> Numbers:
    within = (numbers[p.id] for p in seen if p.id in numbers and p.is_within(above.path))
    return sum(within, Numbers())


def _names(seen: Sequence[Place]) -> Mapping[str, str]:
    """Give each place's name; where there are several regions, a förvaltning's says of which it is."""
    regions = {place.id: place.name for place in seen if place.kind is Kind.REGION}
    many = len(regions) > 1
    return {
        place.id: f"{regions[place.parent_id]}: {place.name}"
        if many and place.parent_id in regions
        else place.name
        for place in seen
    }


def _line(
    place: Place,
    seen: Sequence[Place],
    names: Mapping[str, str],
    numbers: Numbers,
    reviewed: Mapping[str, date],
) -> Line:
    above = names.get(place.parent_id or "", "")
    latest = _reviewed_on(place, reviewed) if place.kind is Kind.ENHET else None
    return Line(place.name, above, numbers, latest, next_by(latest) if latest else None)


# --- What is counted, each as a place and a measure -------------------------------------------------------

Found = Iterator[tuple[str, str]]


def _reviews(session: Session, where: scope.Condition, first: date, until: date) -> Found:
    rows = session.scalars(
        select(ExternalReview.node_id)
        .join(Node, Node.id == ExternalReview.node_id)
        .where(where, ExternalReview.reported_on.between(first, until))
    )
    return ((id, "reviews") for id in rows)


def _clocks(seen: Sequence[Place], reviewed: Mapping[str, date], until: date) -> Found:
    for place in seen:
        if place.kind is Kind.ENHET:
            latest = _reviewed_on(place, reviewed)
            if latest is None:
                yield place.id, "never"
            else:
                yield place.id, "overdue" if until > next_by(latest) else "recent"


def _reviewed_on(unit: Place, reviewed: Mapping[str, date]) -> date | None:
    counting = (unit.id, unit.parent_id or "")  # no unit lies below a unit, and no review is of a förvaltning
    return max((reviewed[id] for id in counting if id in reviewed), default=None)


def _latest_reviews(session: Session, where: scope.Condition, until: date) -> Mapping[str, date]:
    """Give the latest review of each place, also of a grupp above the only unit that somebody oversees."""
    rows = session.execute(
        select(ExternalReview.node_id, func.max(ExternalReview.reported_on))
        .join(Node, Node.id == ExternalReview.node_id)
        .where(where | (Node.kind == Kind.GRUPP), ExternalReview.reported_on <= until)
        .where(Node.kind.in_((Kind.GRUPP, Kind.ENHET)))
        .group_by(ExternalReview.node_id)
    )
    return {id: day for id, day in rows}  # noqa: C416 - rows are no pairs to mypy


def _breaches(session: Session, where: scope.Condition, first: date, until: date) -> Found:
    """Tell of breaches; a preliminary one that was dismissed turned out to be none."""
    rows = session.execute(
        select(FollowUp.node_id, FollowUp.opened_on, FollowUp.due_on, FollowUp.ended_on)
        .join(Node, Node.id == FollowUp.node_id)
        .where(where, FollowUp.state != State.DISMISSED, FollowUp.opened_on <= until)
        .where(FollowUp.ended_on.is_(None) | (FollowUp.ended_on >= first))
    )
    for id, opened_on, due_on, ended_on in rows:
        if opened_on >= first:
            yield id, "opened"
        if ended_on is None or ended_on > until:
            yield id, "left"
            if due_on < until:
                yield id, "left_late"
        else:
            yield id, "in_time" if ended_on <= due_on else "too_late"


def _reports(session: Session, where: scope.Condition, first: date, until: date) -> Found:
    """Tell of approved reports. Those that a report covers are of one source, and so due on one day."""
    rows = session.execute(
        select(FollowUpReport.node_id, FollowUpReport.handed_in_on, func.min(FollowUp.due_on))
        .join(Node, Node.id == FollowUpReport.node_id)
        .join(FollowUp, FollowUp.report_id == FollowUpReport.id)
        .where(where, FollowUpReport.state == "approved", FollowUpReport.handed_in_on.between(first, until))
        .group_by(FollowUpReport.id, FollowUpReport.node_id, FollowUpReport.handed_in_on)
    )
    for id, handed_in_on, due_on in rows:
        if handed_in_on is not None:
            yield id, "reported" if handed_in_on <= due_on else "reported_late"


def _inspections(session: Session, where: scope.Condition, first: date, until: date) -> Found:
    rows = session.execute(
        select(Inspection.unit_id, Inspection.mode, Inspection.parent_id)
        .join(Release, Release.inspection_id == Inspection.id)
        .join(Node, Node.id == Inspection.unit_id)
        .where(where, Release.closed_on.between(first, until), HAS_RESULT)
    )
    for id, mode, parent_id in rows:
        yield id, str(Mode(mode))
        if parent_id is not None:
            yield id, "extra"
