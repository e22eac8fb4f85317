"""A report is signed: by each unit's verksamhetschef, or on paper where none has an account."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy.orm import Session

from stins.box import Box
from stins.services import staff
from stins.services.followup.reporting import rows
from stins.services.followup.reporting.values import (
    NAME_MOST,
    NameMissing,
    NotSigning,
    PaperDayWrong,
    Signing,
    UnitMissing,
    VersionChanged,
    swedish_day,
)
from stins.services.followup.values import ReportAct, ReportState, TooLong
from stins.services.refusals import NotFound
from stins.services.rights import Office, Person, Place, may_decide
from stins.store.tables import FollowUpReport, FollowUpReportSignature


@dataclass(frozen=True, slots=True)
class Paper:
    """What stands on a signed paper: for which unit, by whom, on which day."""

    unit: str
    name: str
    signed_on: date | None


def signed_by(person: Person, all_: Collection[Signing]) -> tuple[Place, ...]:
    """Give the units for which a signature is waited for and that the person may sign for."""
    return tuple(
        each.unit
        for each in all_
        if each.signature is None and person.reaches(each.unit, Office.VERKSAMHETSCHEF)
    )


def recorded_by(person: Person, where: Place, all_: Collection[Signing]) -> tuple[Place, ...]:
    """Give the units whose paper the person may record: no account can sign for them."""
    if not may_decide(person, where):
        return ()
    return tuple(each.unit for each in all_ if each.signature is None and not each.has_account)


def sign(
    session: Session,
    box: Box,
    person: Person,
    id: str,
    number: int,
    units: Collection[str],
    now: datetime,
    today: date,
) -> bool:
    """Sign a version for units, and say whether that was the last signature: the report is then handed in.

    Raises :class:`NotFound`, :class:`NotSigning`, :class:`VersionChanged` or :class:`UnitMissing`.
    """
    row, where = rows.found(session, id, lock=True)
    all_ = rows.signings(session, where, id, number)
    if not any(person.reaches(each.unit, Office.VERKSAMHETSCHEF) for each in all_):
        raise NotFound
    _check(session, row, number)
    mine = {unit.id: unit for unit in signed_by(person, all_)}
    if not units or not mine.keys() >= set(units):
        raise UnitMissing("units")
    for unit in sorted(units):
        _keep(session, row, number, unit, person.name, today, person, on_paper=False)
        rows.tell(session, box, id, now, person.id, ReportAct.SIGNED, mine[unit].name)
    return _hand_in(session, box, person, row, where, number, now, today)


def record(
    session: Session, box: Box, person: Person, id: str, number: int, paper: Paper, now: datetime, today: date
) -> bool:
    """Record a signature on paper, for a unit that no account can sign for; say whether it was the last.

    Raises :class:`NotFound`, :class:`NotSigning`, :class:`VersionChanged`, :class:`UnitMissing`,
    :class:`NameMissing`, :class:`TooLong` or :class:`PaperDayWrong`.
    """
    row, where = rows.found(session, id, lock=True)
    if not may_decide(person, where):
        raise NotFound
    _check(session, row, number)
    all_ = rows.signings(session, where, id, number)
    units = {unit.id: unit for unit in recorded_by(person, where, all_)}
    if paper.unit not in units:
        raise UnitMissing("unit")
    name = " ".join(paper.name.replace("\0", "").split())
    if not name:
        raise NameMissing("name")
    if len(name) > NAME_MOST:
        raise TooLong("name", most=NAME_MOST)
    first = swedish_day(rows.current(session, id).at)
    if paper.signed_on is None or not first <= paper.signed_on <= today:
        raise PaperDayWrong("signed_on", first=first, last=today)
    _keep(session, row, number, paper.unit, name, paper.signed_on, person, on_paper=True)
    detail = f"{units[paper.unit].name}: {name}, {paper.signed_on}"
    rows.tell(session, box, id, now, person.id, ReportAct.SIGNED_ON_PAPER, detail)
    return _hand_in(session, box, person, row, where, number, now, today)


def _check(session: Session, row: FollowUpReport, number: int) -> None:
    if row.state != ReportState.SIGNING:
        raise NotSigning
    if rows.current(session, row.id).number != number:
        raise VersionChanged


def _keep(
    session: Session,
    row: FollowUpReport,
    number: int,
    unit: str,
    name: str,
    day: date,
    by: Person,
    *,
    on_paper: bool,
) -> None:
    session.add(
        FollowUpReportSignature(
            report_id=row.id,
            number=number,
            node_id=unit,
            name=name,
            signed_on=day,
            on_paper=on_paper,
            account_id=by.id,
        )
    )
    session.flush()


def _hand_in(
    session: Session,
    box: Box,
    person: Person,
    row: FollowUpReport,
    where: Place,
    number: int,
    now: datetime,
    today: date,
) -> bool:
    """Hand a report in when no signature is missing; the day is that of the last one."""
    all_ = rows.signings(session, where, row.id, number)
    days = [each.signature.signed_on for each in all_ if each.signature]
    if len(days) < len(all_):
        return False
    row.state, row.since, row.handed_in_on = ReportState.HANDED_IN, today, max(days)
    rows.tell(session, box, row.id, now, person.id, ReportAct.HANDED_IN, max(days).isoformat())
    staff.note(session, box, now, person.id, "followup_report_handed_in", row.id)
    return True
