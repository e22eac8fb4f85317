"""When a mail did not arrive: a spare code on paper, or another try."""

from collections import Counter
from datetime import datetime

from sqlalchemy.orm import Session

from questionnaires.model import Role
from stins.box import Box
from stins.services import staff
from stins.services.invite.codes import Codes, add_codes, make_codes, opened
from stins.services.invite.mailing import cards, turns
from stins.services.invite.mailing.reading import left
from stins.services.invite.mailing.values import Card, State
from stins.services.invite.refused import NothingToRetry, StillSending
from stins.services.rights import Person
from stins.store.tables import Inspection, Recipient


def spare(session: Session, box: Box, person: Person, id: str, role: Role, now: datetime) -> Codes:
    """Make one more code of a role, to be shown once and handed over on paper.

    It takes the place of a code that was refused at once, where there is such a place; else the number that
    every respondent sees becomes one higher. Raises as :func:`add_codes` does, and :class:`StillSending`.
    """
    row = _at_rest(session, person, id, now)
    if not left(session, row).get(role):
        return add_codes(session, box, person, id, {role: 1}, now)
    staff.note(session, box, now, person.id, "code_spare", id, str(role))
    return make_codes(session, box, row, {role: 1})


def retry(session: Session, box: Box, person: Person, id: str, now: datetime) -> None:
    """Let the refused addresses wait again; their codes were deleted, so nobody gets two.

    Raises :class:`NothingToRetry` where there are none, or spare codes were made instead of theirs.
    """
    row = _at_rest(session, person, id, now)
    refused = session.scalars(cards.rows(id).where(Recipient.state == State.FAILED)).all()
    room, wanted = left(session, row), Counter(each.role for each in refused)
    if not refused or any(room.get(Role(role), 0) < number for role, number in wanted.items()):
        raise NothingToRetry
    for each in refused:
        each.address = cards.sealed(box, each, Card(cards.opened(box, each).address))
        each.state = State.WAITING
    staff.note(session, box, now, person.id, "codes_retried", id)


def _at_rest(session: Session, person: Person, id: str, now: datetime) -> Inspection:
    """Give an open inspection that nobody sends mail for just now: a code may be on its way to be made."""
    row = opened(session, person, id)
    if turns.is_taken(session, id, now):
        raise StillSending
    return row
