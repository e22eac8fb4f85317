"""Whose turn it is to send an inspection's mail: one process at a time, so at most one mail is uncertain.

A process that dies keeps its turn until it runs out; one that has lost it makes no more codes.
"""

from datetime import datetime, timedelta

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from stins.store.tables import MailTurn

TURN = timedelta(minutes=5)
"""Longer than one mail can take: five answers of 30 seconds each, and the database."""


def take(session: Session, id: str, holder: str, now: datetime) -> bool:
    """Take the turn, unless somebody has it. The caller holds the inspection's row."""
    if is_taken(session, id, now):
        return False
    leave(session, id)
    session.add(MailTurn(inspection_id=id, holder=holder, until=now + TURN))
    session.flush()
    return True


def keep(session: Session, id: str, holder: str, now: datetime) -> bool:
    """Go on with a turn, unless it ran out meanwhile. The caller holds the inspection's row."""
    turn = session.get(MailTurn, id)
    if turn is None or turn.holder != holder or turn.until <= now:
        return False
    turn.until = now + TURN
    return True


def leave(session: Session, id: str, holder: str | None = None) -> None:
    """Leave one's turn, or clear away whoever's it was."""
    whose = MailTurn.inspection_id == id
    session.execute(delete(MailTurn).where(whose if holder is None else whose & (MailTurn.holder == holder)))
    session.expire_all()


def is_taken(session: Session, id: str, now: datetime) -> bool:
    """Say whether somebody is sending just now."""
    until = session.scalar(select(MailTurn.until).where(MailTurn.inspection_id == id))
    return until is not None and until > now
