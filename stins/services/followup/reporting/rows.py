"""A report's rows: found, locked, its versions, its signatures, its history."""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime

from sqlalchemy import ColumnElement, false, func, select
from sqlalchemy.orm import Session

from stins.box import Box
from stins.services.followup.reporting.values import Signature, Signing
from stins.services.followup.values import ReportAct, ReportState
from stins.services.organisation import place, place_of, swedish
from stins.services.refusals import NotFound
from stins.services.rights import Kind, Office, Place
from stins.store.tables import (
    Account,
    Assignment,
    FollowUpReport,
    FollowUpReportEvent,
    FollowUpReportSignature,
    FollowUpReportVersion,
    Node,
)


def found(session: Session, id: str, *, lock: bool = False) -> tuple[FollowUpReport, Place]:
    """Give a report's row and place. With ``lock`` no other transaction may change it meanwhile."""
    statement = select(FollowUpReport).where(FollowUpReport.id == id)
    row = session.scalar(statement.with_for_update() if lock else statement)
    if row is None:
        raise NotFound
    return row, place(session, row.node_id)


def current(session: Session, id: str) -> FollowUpReportVersion:
    """Give the newest version of a report: there always is one."""
    newest = select(FollowUpReportVersion).where(FollowUpReportVersion.report_id == id)
    return session.scalars(newest.order_by(FollowUpReportVersion.number.desc()).limit(1)).one()


def is_returned() -> ColumnElement[bool]:
    """Give the condition that a report is back to be written anew, and no other text has been saved since."""
    returned = select(func.max(FollowUpReportEvent.at)).where(
        FollowUpReportEvent.report_id == FollowUpReport.id, FollowUpReportEvent.act == ReportAct.RETURNED
    )
    written = select(func.max(FollowUpReportVersion.at)).where(
        FollowUpReportVersion.report_id == FollowUpReport.id
    )
    is_draft = FollowUpReport.state == ReportState.DRAFT
    return is_draft & func.coalesce(returned.scalar_subquery() >= written.scalar_subquery(), false())


def add_version(session: Session, id: str, text: str, now: datetime, by: str | None) -> int:
    """Keep a text as the newest version and give its number."""
    newest = select(func.max(FollowUpReportVersion.number)).where(FollowUpReportVersion.report_id == id)
    number = (session.scalar(newest) or 0) + 1
    session.add(FollowUpReportVersion(report_id=id, number=number, text=text, at=now, account_id=by))
    session.flush()
    return number


def tell(
    session: Session, box: Box, id: str, now: datetime, by: str, act: ReportAct, detail: str = ""
) -> None:
    """Append a line to a report's history."""
    session.add(
        FollowUpReportEvent(id=box.new_id(), report_id=id, at=now, account_id=by, act=act, detail=detail)
    )


def signings(session: Session, where: Place, id: str, number: int) -> tuple[Signing, ...]:
    """Give every unit whose verksamhetschef signs a version, with the signature that is there."""
    units = signing_units(session, (where,))[where.id]
    signed = signatures(session, {id: number})
    heads = headed(session, units)
    return tuple(Signing(unit, signed.get((id, unit.id)), unit.id in heads) for unit in units)


def signing_units(session: Session, places: Sequence[Place]) -> Mapping[str, tuple[Place, ...]]:
    """Give for each place the units whose verksamhetschef signs there: of a grupp each unit, else itself."""
    groups = [where.id for where in places if where.kind is Kind.GRUPP]
    members: dict[str, tuple[Place, ...]] = {}
    rows = session.scalars(select(Node).where(Node.parent_id.in_(groups), Node.kind == Kind.ENHET))
    for node in sorted(rows, key=lambda node: (swedish(node.name), node.id)):
        members[node.parent_id or ""] = (*members.get(node.parent_id or "", ()), place_of(node))
    return {where.id: members.get(where.id, (where,)) for where in places}


def signatures(session: Session, numbers: Mapping[str, int]) -> Mapping[tuple[str, str], Signature]:
    """Give the signatures under a version of each report, by report and unit."""
    rows = session.scalars(
        select(FollowUpReportSignature).where(FollowUpReportSignature.report_id.in_(numbers))
    )
    return {
        (row.report_id, row.node_id): Signature(row.name, row.signed_on, row.on_paper, row.account_id)
        for row in rows
        if row.number == numbers[row.report_id]
    }


def headed(session: Session, units: Collection[Place]) -> frozenset[str]:
    """Give those of the units that an active account is verksamhetschef of, there or above."""
    ids = {id for unit in units for id in unit.path.rstrip("/").split("/")}
    rows = session.scalars(
        select(Assignment.node_id)
        .join(Account, Account.id == Assignment.account_id)
        .where(Assignment.role == Office.VERKSAMHETSCHEF, Assignment.node_id.in_(ids), Account.active)
        .distinct()
    )
    heads = set(rows)
    return frozenset(unit.id for unit in units if heads & set(unit.path.rstrip("/").split("/")))
