"""A report is begun: one for a place and a source, with the program's own draft as its first version."""

from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from stins.box import Box
from stins.services import staff
from stins.services.followup.reading import those
from stins.services.followup.reporting import rows
from stins.services.followup.reporting.drafting import draft
from stins.services.followup.reporting.sources import (
    covered,
    in_order,
    include,
    rounds,
    source,
    source_of,
    unreported,
)
from stins.services.followup.reporting.values import NotADraft, NothingToReport, Source, swedish_day
from stins.services.followup.values import Case, ReportAct, ReportState
from stins.services.refusals import NotFound
from stins.services.rights import Person, Place, may_act
from stins.store.tables import FollowUpReport


@dataclass(frozen=True, slots=True)
class Begun:
    """What a report on a source would tell of. ``report`` is the id of the one that is begun, or empty."""

    place: Place
    source: Source
    cases: tuple[Case, ...]
    report: str


def beginning(session: Session, person: Person, *, inspection: str = "", review: str = "") -> Begun:
    """Give what a report would tell of, to somebody who may write it. Raises :class:`NotFound`.

    Raises :class:`NothingToReport` where nothing waits to be told of and no report is begun.
    """
    found, where = source(session, inspection=inspection, review=review)
    if not may_act(person, where):
        raise NotFound
    report = _begun(session, found)
    cases = in_order(those(session, *unreported(found)))
    if not (report or cases):
        raise NothingToReport
    return Begun(where, found, cases, report)


def begin(
    session: Session,
    box: Box,
    person: Person,
    lang: str,
    now: datetime,
    today: date,
    *,
    inspection: str = "",
    review: str = "",
) -> str:
    """Begin a report, in ``lang``, and give its id; two who begin at once get the same one.

    Raises :class:`NotFound` or :class:`NothingToReport`.
    """
    source(session, inspection=inspection, review=review, lock=True)
    about = beginning(session, person, inspection=inspection, review=review)
    if about.report:
        return about.report
    row = FollowUpReport(
        id=box.new_id(),
        node_id=about.place.id,
        inspection_id=inspection or None,
        review_id=review or None,
        lang=lang,
        state=ReportState.DRAFT,
        since=today,
        handed_in_on=None,
        approved_on=None,
    )
    session.add(row)
    session.flush()
    _draft(session, box, person, row, about.source, about.place, now)
    staff.note(session, box, now, person.id, "followup_report_begun", row.id)
    return row.id


def redraft(session: Session, box: Box, person: Person, id: str, lang: str, now: datetime) -> None:
    """Let the program write its draft anew, in ``lang``, as a new version. Raises :class:`NotADraft`."""
    row, where = rows.found(session, id, lock=True)
    if not may_act(person, where):
        raise NotFound
    if row.state != ReportState.DRAFT:
        raise NotADraft
    row.lang = lang
    _draft(session, box, person, row, source_of(session, row)[0], where, now)


def _draft(
    session: Session,
    box: Box,
    person: Person,
    row: FollowUpReport,
    found: Source,
    where: Place,
    now: datetime,
) -> None:
    include(session, row, found)
    shown = rounds(session, found, swedish_day(now), row.lang)
    text = draft(where, found, covered(session, row.id), shown, row.lang)
    number = rows.add_version(session, row.id, text, now, None)
    rows.tell(session, box, row.id, now, person.id, ReportAct.DRAFTED, str(number))


def _begun(session: Session, found: Source) -> str:
    """Give the report on a source that is not approved yet: there is one at most."""
    of_it = (
        FollowUpReport.inspection_id == found.inspection
        if found.inspection
        else FollowUpReport.review_id == found.review
    )
    id = session.scalar(
        select(FollowUpReport.id).where(of_it, FollowUpReport.state != ReportState.APPROVED).limit(1)
    )
    return id or ""
