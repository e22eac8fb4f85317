"""A report is edited, every text of it kept, and sent to be signed."""

from datetime import date, datetime

from sqlalchemy.orm import Session

from stins.box import Box
from stins.services import staff
from stins.services.followup.reporting import rows
from stins.services.followup.reporting.sources import include, source_of
from stins.services.followup.reporting.values import (
    REPORT_MOST,
    EditedMeanwhile,
    NotADraft,
    NotEditable,
    ReturnedUnchanged,
    TextMissing,
    VersionChanged,
)
from stins.services.followup.values import ReportAct, ReportState, TooLong, clean
from stins.services.refusals import NotFound
from stins.services.rights import Person, may_act
from stins.store.tables import FollowUpReport


def edit(
    session: Session, box: Box, person: Person, id: str, text: str, number: int, now: datetime, today: date
) -> None:
    """Keep a text as a new version; the report is a draft again, and signatures stay with the old version.

    ``number`` is the version that was edited. A text that is as it was changes nothing. Raises
    :class:`NotFound`, :class:`NotEditable`, :class:`EditedMeanwhile`, :class:`TextMissing` or
    :class:`TooLong`.
    """
    row = _written(session, person, id)
    if row.state not in (ReportState.DRAFT, ReportState.SIGNING):
        raise NotEditable("text")
    text = clean(text)
    if not text:
        raise TextMissing("text")
    if len(text) > REPORT_MOST:
        raise TooLong("text", most=REPORT_MOST)
    newest = rows.current(session, id)
    if newest.number != number:
        raise EditedMeanwhile("text", number=newest.number)
    if newest.text == text:
        return
    kept = rows.add_version(session, id, text, now, person.id)
    rows.tell(session, box, id, now, person.id, ReportAct.EDITED, str(kept))
    if row.state == ReportState.SIGNING:
        row.state, row.since = ReportState.DRAFT, today
    include(session, row, source_of(session, row)[0])


def send(
    session: Session, box: Box, person: Person, id: str, number: int, now: datetime, today: date
) -> None:
    """Send a draft to be signed. It tells of every follow-up of its source that has come until now.

    Raises :class:`NotFound`, :class:`NotADraft`, :class:`VersionChanged`, or :class:`ReturnedUnchanged` when
    the version was signed and returned.
    """
    row = _written(session, person, id)
    if row.state != ReportState.DRAFT:
        raise NotADraft
    if rows.current(session, id).number != number:
        raise VersionChanged
    if rows.signatures(session, {id: number}):
        raise ReturnedUnchanged
    include(session, row, source_of(session, row)[0])
    row.state, row.since = ReportState.SIGNING, today
    rows.tell(session, box, id, now, person.id, ReportAct.SENT, str(number))
    staff.note(session, box, now, person.id, "followup_report_sent", id)


def _written(session: Session, person: Person, id: str) -> FollowUpReport:
    row, where = rows.found(session, id, lock=True)
    if not may_act(person, where):
        raise NotFound
    return row
