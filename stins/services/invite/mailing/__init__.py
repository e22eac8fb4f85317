"""Codes by mail: addresses kept for a draft, each mailed a code in four steps, everybody reminded."""

from stins.services.invite.mailing.keeping import Review, keep, kept, open_by_mail, review
from stins.services.invite.mailing.reading import is_mailed, mailing
from stins.services.invite.mailing.reminding import remind_on, unset
from stins.services.invite.mailing.running import send, send_all
from stins.services.invite.mailing.sparing import retry, spare
from stins.services.invite.mailing.values import (
    REMINDERS_MOST,
    DayState,
    Mailing,
    Named,
    Reminder,
    State,
    Tally,
)
from stins.services.invite.mailing.writing import EXAMPLE, About, Written, code_mail, reminder_mail

__all__ = [
    "EXAMPLE",
    "REMINDERS_MOST",
    "About",
    "DayState",
    "Mailing",
    "Named",
    "Reminder",
    "Review",
    "State",
    "Tally",
    "Written",
    "code_mail",
    "is_mailed",
    "keep",
    "kept",
    "mailing",
    "open_by_mail",
    "remind_on",
    "reminder_mail",
    "retry",
    "review",
    "send",
    "send_all",
    "spare",
    "unset",
]
