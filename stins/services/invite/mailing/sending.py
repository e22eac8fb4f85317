"""A code is mailed in four steps (anonymity.md, "Codes"), so that a process may die anywhere.

1. The address is on its way; commit. 2. A new code is stored; commit. 3. It is sent. 4. The mail was sent, or
the code is deleted and the address waits or is given up; commit. Which code goes where is known in memory
alone, and no code is stored in a transaction with an address. An address on its way when its process died is
uncertain: nobody sends to it again.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date

from sqlalchemy import delete, func, select
from sqlalchemy.orm import Session

from questionnaires.model import Role
from stins.box import Box, codes
from stins.config import Mail, Settings
from stins.services.close import Moment
from stins.services.inspections import eligible_of, find
from stins.services.invite.codes import make_codes
from stins.services.invite.mailing import cards, turns
from stins.services.invite.mailing.values import TRIES_MOST, Card, State, Tally
from stins.services.invite.mailing.writing import About, code_mail
from stins.services.mail import smtp
from stins.services.mail.smtp import Answer, Letter, Line, ServerAway, Unsure
from stins.services.refusals import NotFound
from stins.services.words import Mode
from stins.store.opening import Store
from stins.store.tables import Code, Inspection, Recipient

At = Callable[[], Moment]


class Over(Exception):
    """Nothing more is sent: the inspection has ended, the turn was lost, or all codes exist already."""


@dataclass(frozen=True, slots=True)
class Sender:
    """What a run of sending needs; ``holder`` names it among others."""

    store: Store
    box: Box
    settings: Settings
    mail: Mail
    id: str
    holder: str
    at: At

    def locked(self, session: Session) -> Inspection:
        """Give the inspection's row, locked, and keep the turn. Raises :class:`Over`."""
        at = self.at()
        row = open_row(session, self.id, at.today)
        if row is None or not turns.keep(session, self.id, self.holder, at.now):
            raise Over
        return row


@dataclass(frozen=True, slots=True)
class Claimed:
    """An address on its way, and what its mail says."""

    id: str
    role: Role
    card: Card
    about: About


def open_row(session: Session, id: str, today: date) -> Inspection | None:
    """Give an inspection's row, locked, or ``None`` where mail is not sent for it any more."""
    try:
        row, _ = find(session, id, lock=True)
    except NotFound:
        return None
    return row if row.state == "open" and row.closes_on >= today else None


def about(session: Session, id: str) -> About:
    """Give what every mail of an inspection says."""
    row, where = find(session, id)
    return About(where.name, Mode(row.mode), row.k, row.closes_on)


def send_codes(sender: Sender) -> Tally:
    """Mail a code to every address that waits, in random order, over one line or a few.

    A line that breaks after some mails were sent is opened again; a server that is away leaves all the rest
    waiting.
    """
    with sender.store.reading() as session:
        waiting = session.scalars(
            select(Recipient.id).where(Recipient.inspection_id == sender.id, Recipient.state == State.WAITING)
        ).all()
    order = shuffled(sender.box, list(waiting))
    done = Tally()
    while order:
        before = len(order)
        try:
            with smtp.line(sender.mail) as line:
                while order:
                    done += _send(sender, line, order[-1])
                    order.pop()
        except ServerAway as away:
            if len(order) == before:
                return done + Tally(away=str(away))
        except Unsure as unsure:
            return done + Tally(away=str(unsure))
    return done


def shuffled(box: Box, ids: list[str]) -> list[str]:
    """Give ids in a random order."""
    return [id for _, id in sorted((box.entropy(16), id) for id in ids)]


def _send(sender: Sender, line: Line, id: str) -> Tally:
    claimed = _claim(sender, id)
    if claimed is None:
        return Tally()
    code = _make(sender, claimed)
    written = code_mail(claimed.about, claimed.role, code, sender.settings)
    letter = Letter(sender.box.new_id(), "", claimed.card.address, written.subject, written.body)
    try:
        answer = line.deliver_once(letter, sender.at().now)
    except ServerAway:
        _unmake(sender, code)
        _settle(sender, claimed, State.WAITING)
        raise
    if not answer.trouble:
        _settle(sender, claimed, State.SENT)
        return Tally(sent=1)
    _unmake(sender, code)
    return _put_off(sender, claimed, answer)


def _claim(sender: Sender, id: str) -> Claimed | None:
    """Step 1: the address is on its way, unless somebody else has taken it."""
    with sender.store.writing() as session:
        sender.locked(session)
        row = session.scalar(
            select(Recipient).where(Recipient.id == id, Recipient.state == State.WAITING).with_for_update()
        )
        if row is None:
            return None
        row.state = State.SENDING
        return Claimed(id, Role(row.role), cards.opened(sender.box, row), about(session, sender.id))


def _make(sender: Sender, claimed: Claimed) -> str:
    """Step 2: a new code is stored; all codes of the inspection are written anew.

    There are never more than every respondent is told: a row that somebody has set back gets no second code.
    """
    of_role = (Code.inspection_id == sender.id) & (Code.role == claimed.role)
    with sender.store.writing() as session:
        row = sender.locked(session)
        made = session.scalar(select(func.count()).select_from(Code).where(of_role)) or 0
        if made >= eligible_of(row).get(claimed.role, 0):
            raise Over
        ((code,),) = make_codes(session, sender.box, row, {claimed.role: 1}).by_role.values()
        return code


def _unmake(sender: Sender, code: str) -> None:
    """Delete a code that did not arrive anywhere. A spent one stays: nothing here may hang on answers."""
    with sender.store.writing() as session:
        find(session, sender.id, lock=True)
        mac = codes.mac(sender.box.pepper, code)
        session.execute(delete(Code).where(Code.mac == mac, ~Code.spent))


def _put_off(sender: Sender, claimed: Claimed, answer: Answer) -> Tally:
    card = Card(claimed.card.address, answer.said or answer.trouble, claimed.card.tries + 1)
    is_final = answer.is_final or card.tries >= TRIES_MOST
    _settle(sender, claimed, State.FAILED if is_final else State.WAITING, card)
    return Tally(failed=1) if is_final else Tally(later=1)


def _settle(sender: Sender, claimed: Claimed, state: State, card: Card | None = None) -> None:
    """Step 4: write what became of the mail, unless closing has deleted the address meanwhile.

    An address waits again only while this run has its turn: later a spare code may have been made for it.
    """
    with sender.store.writing() as session:
        find(session, sender.id, lock=True)
        if state is State.WAITING and not turns.keep(session, sender.id, sender.holder, sender.at().now):
            return
        row = session.scalar(
            select(Recipient)
            .where(Recipient.id == claimed.id, Recipient.state == State.SENDING)
            .with_for_update()
        )
        if row is not None:
            row.state = state
            if card is not None:
                row.address = cards.sealed(sender.box, row, card)
