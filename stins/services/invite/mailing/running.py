"""A run of sending: by the child that a page starts, and by `stins remind` for whatever still waits."""

from sqlalchemy import select

from stins.box import Box
from stins.config import Settings
from stins.services.invite.mailing import turns
from stins.services.invite.mailing.reminding import send_reminders
from stins.services.invite.mailing.sending import At, Over, Sender, open_row, send_codes
from stins.services.invite.mailing.values import DayState, State, Tally
from stins.store.opening import Store
from stins.store.tables import Inspection, Recipient, ReminderDay


def send(store: Store, box: Box, settings: Settings, id: str, at: At) -> Tally:
    """Send what waits in an inspection: codes first, then a reminder that fell due.

    One process does it at a time; another that comes meanwhile does nothing. Without a mail server nothing is
    sent.
    """
    if settings.mail is None:
        return Tally()
    sender = Sender(store, box, settings, settings.mail, id, box.new_id(), at)
    if not _begun(sender):
        return Tally()
    done = Tally()
    try:
        done += send_codes(sender)
        if not done.away:
            done += send_reminders(sender)
    except Over:
        pass
    finally:
        with store.writing() as session:
            turns.leave(session, id, sender.holder)
    return done


def send_all(store: Store, box: Box, settings: Settings, at: At) -> Tally:
    """Send what waits in every open inspection."""
    today = at().today
    waiting = select(Recipient.inspection_id).where(Recipient.state == State.WAITING)
    due = select(ReminderDay.inspection_id).where(ReminderDay.state == DayState.SET, ReminderDay.day <= today)
    with store.reading() as session:
        ids = session.scalars(
            select(Inspection.id)
            .where(Inspection.state == "open", Inspection.id.in_(waiting.union(due)))
            .order_by(Inspection.id)
        ).all()
    done = Tally()
    for id in ids:
        done += send(store, box, settings, id, at)
        if done.away:
            break
    return done


def _begun(sender: Sender) -> bool:
    at = sender.at()
    with sender.store.writing() as session:
        if open_row(session, sender.id, at.today) is None:
            return False
        return turns.take(session, sender.id, sender.holder, at.now)
