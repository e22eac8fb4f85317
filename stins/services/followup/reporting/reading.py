"""A report as it is read: its text, its annex, who has signed, what was done with it, and what is next."""

from collections.abc import Sequence

from sqlalchemy import select
from sqlalchemy.orm import Session

from stins.services.followup.history import report_events
from stins.services.followup.reading import those
from stins.services.followup.reporting import rows
from stins.services.followup.reporting.signing import recorded_by, signed_by
from stins.services.followup.reporting.sources import annex_of, covered, in_order, source_of, unreported
from stins.services.followup.reporting.values import Version, Written
from stins.services.followup.values import Event, ReportAct, ReportState
from stins.services.refusals import NotFound
from stins.services.rights import Office, Person, may_act, may_decide, may_follow
from stins.store.tables import Account, FollowUpReport, FollowUpReportVersion


def report(session: Session, person: Person, id: str) -> Written:
    """Give a report to somebody who sees the follow-ups there. Raises :class:`NotFound`."""
    row, where = rows.found(session, id)
    if not may_follow(person, where):
        raise NotFound
    found, _where = source_of(session, row)
    state = ReportState(row.state)
    versions = _versions(session, id)
    cases = covered(session, id)
    drafted = state in (ReportState.DRAFT, ReportState.SIGNING)
    added = in_order(those(session, *unreported(found))) if drafted else ()
    all_ = rows.signings(session, where, id, versions[0].number)
    history = report_events(session, FollowUpReport.id == id)
    signing = state is ReportState.SIGNING
    return Written(
        id=id,
        place=where,
        lang=row.lang,
        source=found,
        state=state,
        since=row.since,
        handed_in_on=row.handed_in_on,
        approved_on=row.approved_on,
        current=versions[0],
        versions=versions,
        cases=cases,
        added=added,
        annex=annex_of(session, found, cases, rows.current(session, id), row.lang),
        signings=all_,
        history=history,
        comment=_comment(history) if state is ReportState.DRAFT else "",
        may_act=may_act(person, where),
        may_sign=any(person.reaches(each.unit, Office.VERKSAMHETSCHEF) for each in all_),
        may_decide=may_decide(person, where),
        signs=signed_by(person, all_) if signing else (),
        records=recorded_by(person, where, all_) if signing else (),
    )


def version(session: Session, person: Person, id: str, number: int) -> tuple[Written, Version]:
    """Give a report and one version of its text. Raises :class:`NotFound`."""
    found = report(session, person, id)
    for each in found.versions:
        if each.number == number:
            return found, each
    raise NotFound


def _versions(session: Session, id: str) -> tuple[Version, ...]:
    """Give the versions, the newest first."""
    found = session.execute(
        select(FollowUpReportVersion, Account.name)
        .outerjoin(Account, Account.id == FollowUpReportVersion.account_id)
        .where(FollowUpReportVersion.report_id == id)
        .order_by(FollowUpReportVersion.number.desc())
    )
    return tuple(Version(row.number, row.text, row.at, name or "") for row, name in found)


def _comment(history: Sequence[Event]) -> str:
    """Give why a report was returned, as long as it has not been sent to be signed since."""
    told = next((each for each in history if each.act in (ReportAct.RETURNED, ReportAct.SENT)), None)
    return told.reason if told and told.act is ReportAct.RETURNED else ""
