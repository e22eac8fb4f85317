"""How far an inspection's mail has come: of each address whether the mail left, and nothing of any answer."""

from collections import Counter
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from questionnaires.model import Role
from stins.box import Box
from stins.services.inspections import eligible_of
from stins.services.invite.mailing import cards, turns
from stins.services.invite.mailing.values import DayState, Mailing, Named, Reminder, State
from stins.services.invite.plans import own
from stins.services.rights import Person
from stins.store.tables import Code, Inspection, Recipient, ReminderDay


def mailing(session: Session, box: Box, person: Person, id: str, now: datetime) -> Mailing | None:
    """Give how far an open inspection's mail has come to who runs it, or ``None`` where none is sent.

    Raises :class:`stins.services.refusals.NotFound` for anybody else.
    """
    row = own(session, person, id, lock=False)
    is_sending = turns.is_taken(session, id, now)
    counts: dict[Role, Counter[State]] = {}
    named: list[tuple[State, Named]] = []
    for each in session.scalars(cards.rows(id)):
        role, state = Role(each.role), _shown(each.state, is_sending=is_sending)
        counts.setdefault(role, Counter())[state] += 1
        if state in (State.FAILED, State.UNCERTAIN):
            card = cards.opened(box, each)
            named.append((state, Named(role, card.address, card.said)))
    if row.state != "open" or not counts:
        return None
    return Mailing(
        counts={role: counts[role] for role in Role if role in counts},
        failed=_in_order(named, State.FAILED),
        uncertain=_in_order(named, State.UNCERTAIN),
        left=left(session, row),
        is_sending=is_sending,
        reminders=reminders(session, id, is_sending=is_sending),
    )


def is_mailed(session: Session, id: str) -> bool:
    """Say whether addresses are kept for an inspection."""
    return session.scalar(cards.rows(id).limit(1)) is not None


def left(session: Session, row: Inspection) -> dict[Role, int]:
    """Give how many codes of each role are declared that neither exist nor wait to be mailed.

    Every respondent sees the declared numbers; a spare code takes one of these before any is added.
    """
    coming = select(Recipient.role, func.count()).where(
        Recipient.inspection_id == row.id, Recipient.state == State.WAITING
    )
    made = select(Code.role, func.count()).where(Code.inspection_id == row.id)
    taken: Counter[str] = Counter()
    for statement in (coming.group_by(Recipient.role), made.group_by(Code.role)):
        for role, number in session.execute(statement):
            taken[role] += number
    return {role: n - taken[role] for role, n in eligible_of(row).items() if n > taken[role]}


def reminders(session: Session, id: str, *, is_sending: bool) -> tuple[Reminder, ...]:
    """Give an inspection's reminders in order of day."""
    rows = session.scalars(
        select(ReminderDay).where(ReminderDay.inspection_id == id).order_by(ReminderDay.day)
    )
    return tuple(Reminder(each.day, _day_shown(each.state, is_sending=is_sending)) for each in rows)


def _shown(state: str, *, is_sending: bool) -> State:
    """Tell what is on its way from what nobody sends any more."""
    return State.UNCERTAIN if state == State.SENDING and not is_sending else State(state)


def _day_shown(state: str, *, is_sending: bool) -> DayState:
    return DayState.BROKEN if state == DayState.SENDING and not is_sending else DayState(state)


def _in_order(named: list[tuple[State, Named]], state: State) -> tuple[Named, ...]:
    order = list(Role)
    found = (each for of, each in named if of is state)
    return tuple(sorted(found, key=lambda each: (order.index(each.role), each.address)))
