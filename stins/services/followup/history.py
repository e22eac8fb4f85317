"""A follow-up's history: every line of it is appended, and none is ever changed."""

import json
from datetime import date, datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from stins.box import Box
from stins.services.followup.values import Act, Event, Progress, Wanted
from stins.store.tables import Account, FollowUpEvent


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


def history(session: Session, id: str) -> tuple[Event, ...]:
    """Give what was done with a follow-up, the latest first; what began it last, also within an instant."""
    rows = session.execute(
        select(FollowUpEvent, Account.name)
        .outerjoin(Account, Account.id == FollowUpEvent.account_id)
        .where(FollowUpEvent.follow_up_id == id)
        .order_by(FollowUpEvent.at.desc(), FollowUpEvent.act == Act.OPENED, FollowUpEvent.id)
    )
    return tuple(_event(row, name or "") for row, name in rows)


def _event(row: FollowUpEvent, who: str) -> Event:
    act = Act(row.act)
    if act in (Act.ACTION, Act.CHANGED):
        return Event(row.at, who, act, _read(row.detail), "")
    if act is Act.MET:
        return Event(row.at, who, act, None, "", date.fromisoformat(row.detail))
    return Event(row.at, who, act, None, row.detail)


def _read(detail: str) -> Wanted:
    kept = json.loads(detail)
    due = date.fromisoformat(kept["due_on"]) if kept["due_on"] else None
    return Wanted(kept["what"], kept["who"], due, Progress(kept["status"]), kept["evidence"])
