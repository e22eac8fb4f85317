"""Reports that wait for a person, and those still to be written: found in the database, not one by one."""

from collections.abc import Iterator, Mapping
from datetime import date

from sqlalchemy import ColumnElement, and_, func, or_, select
from sqlalchemy.orm import Session

from stins.services import scope
from stins.services.followup.reporting import rows
from stins.services.followup.reporting.signing import recorded_by, signed_by
from stins.services.followup.reporting.values import Signing, Task, ToWrite, Waiting
from stins.services.followup.values import ReportState, State
from stins.services.organisation import in_swedish, place_of, swedish
from stins.services.rights import Office, Person, Place
from stins.store.tables import (
    Deficiency,
    FollowUp,
    FollowUpReport,
    FollowUpReportVersion,
    Node,
)


def waiting(session: Session, person: Person) -> tuple[Waiting, ...]:
    """Give the reports that wait for the person, those first whose follow-ups are due first.

    The number of questions to the database does not grow with that of reports or units.
    """
    found = [
        (row, place_of(node), number, due_on, returned)
        for row, node, number, due_on, returned in session.execute(
            _reports(
                or_(
                    and_(rows.is_returned(), scope.acted_on(person)),
                    and_(
                        FollowUpReport.state == ReportState.DRAFT,
                        ~rows.is_returned(),
                        scope.reached(person, Office.STUDIEREKTOR),
                    ),
                    and_(FollowUpReport.state == ReportState.SIGNING, scope.seen(person)),
                    and_(FollowUpReport.state == ReportState.HANDED_IN, scope.decided_on(person)),
                )
            )
        )
    ]
    signing = [
        (row.id, where, number) for row, where, number, *_rest in found if row.state == ReportState.SIGNING
    ]
    signings = _signings(session, signing)
    given = (
        each
        for row, where, _number, due_on, returned in found
        for each in _of(person, row, where, due_on, signings.get(row.id, ()), returned=returned)
    )
    return tuple(sorted(given, key=_by_day))


def _by_day(each: Waiting) -> tuple[date, str, date, str, str]:
    return each.due_on, swedish(each.place.name), each.since, each.report, each.task


def to_write(
    session: Session, person: Person, most: int | None = None, *which: ColumnElement[bool]
) -> tuple[ToWrite, ...]:
    """Give the sources with follow-ups that no report tells of, where the person may write one.

    ``which`` are conditions on a follow-up or its place. Those that are due first come first.
    """
    found = session.execute(
        select(Node, FollowUp.inspection_id, Deficiency.review_id, func.count(), func.min(FollowUp.due_on))
        .join(Node, Node.id == FollowUp.node_id)
        .outerjoin(Deficiency, Deficiency.id == FollowUp.deficiency_id)
        .where(FollowUp.report_id.is_(None), FollowUp.state == State.OPEN, scope.acted_on(person), *which)
        .group_by(Node.id, FollowUp.inspection_id, Deficiency.review_id)
        .order_by(func.min(FollowUp.due_on), in_swedish(Node.name), Node.id)
        .order_by(FollowUp.inspection_id, Deficiency.review_id)
        .limit(most)
    )
    return tuple(
        ToWrite(place_of(node), inspection or "", review or "", number, due_on)
        for node, inspection, review, number, due_on in found
    )


def _reports(which: ColumnElement[bool]):  # type: ignore[no-untyped-def]
    newest = (
        select(func.max(FollowUpReportVersion.number))
        .where(FollowUpReportVersion.report_id == FollowUpReport.id)
        .scalar_subquery()
    )
    due_on = (
        select(func.min(FollowUp.due_on)).where(FollowUp.report_id == FollowUpReport.id).scalar_subquery()
    )
    return (
        select(FollowUpReport, Node, newest, due_on, rows.is_returned())
        .join(Node, Node.id == FollowUpReport.node_id)
        .where(which)
    )


def _signings(session: Session, found: list[tuple[str, Place, int]]) -> Mapping[str, tuple[Signing, ...]]:
    """Give who has signed and who has not, of several reports at once."""
    if not found:
        return {}
    units = rows.signing_units(session, [where for _id, where, _number in found])
    signed = rows.signatures(session, {id: number for id, _where, number in found})
    heads = rows.headed(session, [unit for each in units.values() for unit in each])
    return {
        id: tuple(Signing(unit, signed.get((id, unit.id)), unit.id in heads) for unit in units[where.id])
        for id, where, _number in found
    }


def _of(
    person: Person,
    row: FollowUpReport,
    where: Place,
    due_on: date,
    all_: tuple[Signing, ...],
    *,
    returned: bool,
) -> Iterator[Waiting]:
    match ReportState(row.state):
        case ReportState.DRAFT:
            yield Waiting(row.id, Task.REWRITE if returned else Task.FINISH, where, row.since, due_on, ())
        case ReportState.HANDED_IN:
            yield Waiting(row.id, Task.APPROVE, where, row.since, due_on, ())
        case _:
            if units := signed_by(person, all_):
                yield Waiting(row.id, Task.SIGN, where, row.since, due_on, units)
            if units := recorded_by(person, where, all_):
                yield Waiting(row.id, Task.RECORD, where, row.since, due_on, units)
