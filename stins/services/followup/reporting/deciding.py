"""The övergripande studierektor approves a report, which is then kept as it is, or returns it."""

from datetime import date, datetime

from sqlalchemy.orm import Session

from stins.box import Box
from stins.services import staff
from stins.services.followup.reporting import papers, rows
from stins.services.followup.reporting.values import CommentMissing, NotHandedIn, SignedByYou, VersionChanged
from stins.services.followup.values import TEXT_MOST, ReportAct, ReportState, TooLong, clean
from stins.services.refusals import NotFound
from stins.services.rights import Person, may_decide
from stins.store.tables import FollowUpReport, FollowUpReportFile


def approve(
    session: Session, box: Box, person: Person, id: str, number: int, comment: str, now: datetime, today: date
) -> None:
    """Approve a report that was handed in, and keep it as PDF. Its history keeps a comment, if there is one.

    Raises :class:`NotFound`, :class:`NotHandedIn`, :class:`VersionChanged`, :class:`SignedByYou` or
    :class:`TooLong`.
    """
    row = _decided_on(session, person, id, number)
    signed = rows.signatures(session, {id: number}).values()
    if any(each.account == person.id and not each.on_paper for each in signed):
        raise SignedByYou
    comment = _checked(comment)
    row.state, row.since, row.approved_on = ReportState.APPROVED, today, today
    rows.tell(session, box, id, now, person.id, ReportAct.APPROVED, comment)
    session.flush()
    session.add(FollowUpReportFile(report_id=id, pdf=papers.set_pdf(session, id)))
    staff.note(session, box, now, person.id, "followup_report_approved", id)


def return_(
    session: Session, box: Box, person: Person, id: str, number: int, comment: str, now: datetime, today: date
) -> None:
    """Return a report with a comment: it is a draft again, and its signatures stay with the old version.

    Raises :class:`NotFound`, :class:`NotHandedIn`, :class:`VersionChanged`, :class:`CommentMissing` or
    :class:`TooLong`.
    """
    row = _decided_on(session, person, id, number)
    comment = _checked(comment)
    if not comment:
        raise CommentMissing("comment")
    row.state, row.since, row.handed_in_on = ReportState.DRAFT, today, None
    rows.tell(session, box, id, now, person.id, ReportAct.RETURNED, comment)
    staff.note(session, box, now, person.id, "followup_report_returned", id)


def _checked(comment: str) -> str:
    comment = clean(comment)
    if len(comment) > TEXT_MOST:
        raise TooLong("comment", most=TEXT_MOST)
    return comment


def _decided_on(session: Session, person: Person, id: str, number: int) -> FollowUpReport:
    row, where = rows.found(session, id, lock=True)
    if not may_decide(person, where):
        raise NotFound
    if row.state != ReportState.HANDED_IN:
        raise NotHandedIn
    if rows.current(session, id).number != number:
        raise VersionChanged
    return row
