"""Reminders to respondents: to everybody who was mailed a code, whatever they did, and never more than three.

Nothing here looks at whether a code is spent. A day's reminder is sent by one process, once; one that is
broken off is not taken up again, as nobody knows whom it reached.
"""

from datetime import date, datetime, timedelta

from sqlalchemy import delete, select, update
from sqlalchemy.orm import Session

from stins.box import Box
from stins.services import staff
from stins.services.invite.codes import opened
from stins.services.invite.mailing import cards
from stins.services.invite.mailing.sending import Over, Sender, about, shuffled
from stins.services.invite.mailing.values import REMINDERS_MOST, DayState, State, Tally
from stins.services.invite.mailing.writing import reminder_mail
from stins.services.invite.refused import DayWrong, NothingSent, RemindedThatDay, RemindersUsed
from stins.services.mail import smtp
from stins.services.mail.smtp import Letter, Line, ServerAway, Unsure
from stins.services.rights import Person
from stins.store.tables import Inspection, Recipient, ReminderDay

MAILED = (State.SENT, State.SENDING)
"""Whom a code was sent to, or may have been."""


def remind_on(
    session: Session, box: Box, person: Person, id: str, day: date | None, now: datetime, today: date
) -> None:
    """Set a reminder for a day, which may be today; then it is sent at once by whoever sends.

    Raises :class:`DayWrong`, also where no day is given, :class:`NothingSent`, :class:`RemindedThatDay` or
    :class:`RemindersUsed`.
    """
    row = opened(session, person, id)
    if day is None or not today <= day <= row.closes_on:
        raise DayWrong("day", first=min(today + timedelta(days=1), row.closes_on), last=row.closes_on)
    if not session.scalar(cards.rows(id).where(Recipient.state.in_(MAILED)).limit(1)):
        raise NothingSent
    days = set(session.scalars(select(ReminderDay.day).where(ReminderDay.inspection_id == id)))
    if day in days:
        raise RemindedThatDay("day")
    if len(days) >= REMINDERS_MOST:
        raise RemindersUsed("day", most=REMINDERS_MOST)
    session.add(ReminderDay(inspection_id=id, day=day, state=DayState.SET))
    staff.note(session, box, now, person.id, "reminder_set", id, day.isoformat())


def unset(session: Session, box: Box, person: Person, id: str, day: date | None, now: datetime) -> None:
    """Take back a reminder that has not begun to be sent; any other is left as it is."""
    opened(session, person, id)
    waits = (ReminderDay.inspection_id == id) & (ReminderDay.day == day) & (ReminderDay.state == DayState.SET)
    if session.scalar(select(ReminderDay).where(waits)):
        session.execute(delete(ReminderDay).where(waits))
        staff.note(session, box, now, person.id, "reminder_unset", id, str(day))


def send_reminders(sender: Sender) -> Tally:
    """Send the reminder that fell due. Of several that were missed the latest alone is sent."""
    claimed = _claim(sender)
    if claimed is None:
        return Tally()
    day, ids = claimed
    ids = shuffled(sender.box, ids)
    reached, away = 0, ""
    while ids and not away:
        before = len(ids)
        try:
            with smtp.line(sender.mail) as line:
                while ids:
                    reached += _remind(sender, line, ids[-1])
                    ids.pop()
        except ServerAway as error:
            away = str(error) if len(ids) == before else ""
        except Unsure:
            ids.pop()
            reached += 1  # perhaps
    state = DayState.SENT if not away else DayState.BROKEN if reached else DayState.SET
    with sender.store.writing() as session:
        whose = (ReminderDay.inspection_id == sender.id) & (ReminderDay.day == day)
        session.execute(update(ReminderDay).where(whose).values(state=state))
    return Tally(reminded=reached, away=away)


def _claim(sender: Sender) -> tuple[date, list[str]] | None:
    today = sender.at().today
    due = (
        select(ReminderDay)
        .where(
            ReminderDay.inspection_id == sender.id,
            ReminderDay.state == DayState.SET,
            ReminderDay.day <= today,
        )
        .order_by(ReminderDay.day.desc())
    )
    with sender.store.writing() as session:
        sender.locked(session)
        days = session.scalars(due).all()
        if not days:
            return None
        for missed in days[1:]:
            session.delete(missed)
        days[0].state = DayState.SENDING
        mailed = select(Recipient.id).where(Recipient.inspection_id == sender.id, Recipient.state.in_(MAILED))
        return days[0].day, list(session.scalars(mailed))


def _remind(sender: Sender, line: Line, id: str) -> int:
    """Remind one address, unless the inspection has ended meanwhile; a refused one is passed by."""
    with sender.store.writing() as session:
        row: Inspection = sender.locked(session)
        to = session.get(Recipient, id)
        if to is None:
            raise Over
        card, what = cards.opened(sender.box, to), about(session, row.id)
    written = reminder_mail(what, sender.settings)
    letter = Letter(sender.box.new_id(), "", card.address, written.subject, written.body)
    return 0 if line.deliver_once(letter, sender.at().now).trouble else 1
