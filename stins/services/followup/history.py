"""A follow-up's history: every line of it is appended, and none is ever changed."""

import json
from datetime import date, datetime

from sqlalchemy import ColumnElement, select
from sqlalchemy.orm import Session

from stins.box import Box
from stins.services.followup.values import Act, Event, Progress, ReportAct, Wanted
from stins.store.tables import Account, FollowUp, FollowUpEvent, FollowUpReport, FollowUpReportEvent

_IN_ORDER = {act.value: number for number, act in enumerate(ReportAct)}


def tell(
    session: Session, box: Box, id: str, now: datetime, by: str | None, act: Act, detail: str = ""
) -> None:
    """Append a line to a follow-up's history. ``by`` is ``None`` when the closing did it."""
    session.add(
        FollowUpEvent(id=box.new_id(), follow_up_id=id, at=now, account_id=by, act=act, detail=detail)
    )


def written(wanted: Wanted) -> str:
    """Give an action as the history keeps it: whole, since it may be changed afterwards."""
    due = wanted.due_on.isoformat() if wanted.due_on else None
    kept = {
        "what": wanted.what,
        "who": wanted.who,
        "due_on": due,
        "status": wanted.status,
        "evidence": wanted.evidence,
    }
    return json.dumps(kept, ensure_ascii=False)


def corrected(was: str, became: str, why: str) -> str:
    """Give a correction as the history keeps it: what stood there, what stands there now, and why."""
    return json.dumps({"was": was, "became": became, "why": why}, ensure_ascii=False)


def history(session: Session, id: str) -> tuple[Event, ...]:
    """Give what was done with a follow-up and with the report that tells of it, the latest first.

    What began it stands last, also within an instant.
    """
    rows = session.execute(
        select(FollowUpEvent, Account.name)
        .outerjoin(Account, Account.id == FollowUpEvent.account_id)
        .where(FollowUpEvent.follow_up_id == id)
        .order_by(FollowUpEvent.at.desc(), FollowUpEvent.act == Act.OPENED, FollowUpEvent.id)
    )
    own = tuple(_event(row, name or "") for row, name in rows)
    reported = report_events(session, FollowUp.id == id)
    if not reported:
        return own
    return tuple(sorted((*reported, *own), key=lambda event: event.at, reverse=True))


def report_events(session: Session, which: ColumnElement[bool]) -> tuple[Event, ...]:
    """Give what was done with a report, the latest first; ``which`` is a condition on it or its follow-up."""
    rows = session.execute(
        select(FollowUpReportEvent, Account.name)
        .outerjoin(Account, Account.id == FollowUpReportEvent.account_id)
        .where(
            FollowUpReportEvent.report_id.in_(
                select(FollowUpReport.id)
                .outerjoin(FollowUp, FollowUp.report_id == FollowUpReport.id)
                .where(which)
            )
        )
    )
    found = (_report_event(row, name or "") for row, name in rows)
    return tuple(sorted(found, key=lambda each: (each.at, _IN_ORDER[each.act]), reverse=True))


def _event(row: FollowUpEvent, who: str) -> Event:
    act = Act(row.act)
    if act in (Act.ACTION, Act.CHANGED):
        return Event(row.at, who, act, _read(row.detail), "")
    if act is Act.MET:
        return Event(row.at, who, act, None, "", date.fromisoformat(row.detail))
    if act in (Act.MOVED, Act.REDATED):
        was, became, why = _correction(row.detail)
        days = date.fromisoformat(was), date.fromisoformat(became)
        return Event(row.at, who, act, None, why, days=days)
    if act is Act.REWORDED:
        was, became, why = _correction(row.detail)
        return Event(row.at, who, act, None, why, words=(was, became))
    return Event(row.at, who, act, None, row.detail)


def _report_event(row: FollowUpReportEvent, who: str) -> Event:
    act, detail, signed_on = ReportAct(row.act), row.detail, None
    if act is ReportAct.SIGNED_ON_PAPER:
        detail, _comma, written_on = detail.rpartition(", ")
        signed_on = date.fromisoformat(written_on)
    return Event(row.at, who, act, None, detail, report=row.report_id, signed_on=signed_on)


def _correction(detail: str) -> tuple[str, str, str]:
    if not detail.startswith("{"):  # as it was kept before a reason was asked for
        was, _arrow, became = detail.partition(" → ")
        return was, became, ""
    kept = json.loads(detail)
    return kept["was"], kept["became"], kept["why"]


def _read(detail: str) -> Wanted:
    kept = json.loads(detail)
    due = date.fromisoformat(kept["due_on"]) if kept["due_on"] else None
    return Wanted(kept["what"], kept["who"], due, Progress(kept["status"]), kept["evidence"])
