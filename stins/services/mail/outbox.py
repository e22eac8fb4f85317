"""The outbox: mail waits in the database until the server has taken it. Many hosts may empty it at once.

Whoever tries a mail first moves its ``next_at`` forward and commits: until then nobody else tries it, and if
the host dies in the middle it is tried again afterwards.
"""

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from sqlalchemy import Select, delete, func, insert, select, update
from sqlalchemy.orm import Session

from stins.box import Box
from stins.config import Mail
from stins.services.mail import smtp
from stins.services.mail.smtp import Answer, Letter, Line, ServerAway
from stins.store.opening import Store
from stins.store.tables import Account, Outgoing

SUBJECT_MOST = 200
AT_ONCE = 20
LEASE = timedelta(minutes=15)
"""Longer than a batch can take: 20 mails to a server that answers at the last second."""
DELAYS = (
    timedelta(minutes=5),
    timedelta(minutes=30),
    timedelta(hours=2),
    timedelta(hours=8),
    timedelta(hours=24),
)
KEPT = timedelta(days=30)

Now = Callable[[], datetime]


class Outcome(StrEnum):
    """What became of a mail that was tried: taken by the server, put off, or given up."""

    TAKEN = "taken"
    LATER = "later"
    FAILED = "failed"


@dataclass(frozen=True, slots=True)
class Draft:
    """A mail to be put in the outbox."""

    account_id: str
    subject: str
    body: str


@dataclass(frozen=True, slots=True)
class Sent:
    """How a sending went: mails taken, put off and given up; ``away`` is why the server could not be used."""

    taken: int = 0
    later: int = 0
    failed: int = 0
    away: str = ""


@dataclass(frozen=True, slots=True)
class Failure:
    """Somebody whose mails could not be sent: the name, how many, and the server's last answer."""

    name: str
    number: int
    trouble: str


def enqueue(session: Session, box: Box, drafts: Sequence[Draft], now: datetime) -> None:
    """Put mails in the outbox, to be sent from now on."""
    rows = [
        {
            "id": box.new_id(),
            "account_id": draft.account_id,
            "subject": _cut(draft.subject),
            "body": draft.body,
            "state": "waiting",
            "tries": 0,
            "next_at": now,
            "trouble": "",
        }
        for draft in drafts
    ]
    if rows:
        session.execute(insert(Outgoing), rows)


def send(store: Store, mail: Mail, now: Now) -> Sent:
    """Send what is due, over one line. When the server is away all of it stays."""
    with store.reading() as session:
        if session.scalar(_due(now()).limit(1)) is None:
            return Sent()
    counts: Counter[Outcome] = Counter()
    away = ""
    try:
        with smtp.line(mail) as line:
            while letters := _claimed(store, now()):
                _send(store, line, letters, now, counts)
    except ServerAway as error:
        away = str(error)
    return Sent(counts[Outcome.TAKEN], counts[Outcome.LATER], counts[Outcome.FAILED], away)


def tidy(session: Session, now: datetime) -> None:
    """Delete mails that were sent or given up 30 days ago, and those to accounts that have ended."""
    old = (Outgoing.state != "waiting") & (Outgoing.next_at < now - KEPT)
    ended = select(Account.id).where(~Account.active)
    session.execute(delete(Outgoing).where(old | Outgoing.account_id.in_(ended)))


def failures(session: Session) -> tuple[Failure, ...]:
    """Give those whose mails could not be sent, by name."""
    rows = session.execute(
        select(Account.name, func.count(), func.max(Outgoing.trouble))
        .join(Outgoing, Outgoing.account_id == Account.id)
        .where(Outgoing.state == "failed")
        .group_by(Account.id, Account.name)
        .order_by(Account.name, Account.id)
    )
    return tuple(Failure(name, number, trouble) for name, number, trouble in rows)


def _due(now: datetime) -> Select[Outgoing, Account]:
    return (
        select(Outgoing, Account)
        .join(Account, Account.id == Outgoing.account_id)
        .where(Outgoing.state == "waiting", Outgoing.next_at <= now, Account.active)
        .order_by(Outgoing.next_at, Outgoing.id)
    )


def _claimed(store: Store, now: datetime) -> list[Letter]:
    """Take some mails that nobody else has taken, and commit that before any of them is sent."""
    with store.writing() as session:
        rows = session.execute(_due(now).limit(AT_ONCE).with_for_update(of=Outgoing, skip_locked=True)).all()
        for row, _ in rows:
            row.next_at, row.tries = now + LEASE, row.tries + 1
        return [Letter(row.id, who.name, who.email, row.subject, row.body) for row, who in rows]


def _send(store: Store, line: Line, letters: list[Letter], now: Now, counts: Counter[Outcome]) -> None:
    for number, letter in enumerate(letters):
        try:
            answer = line.deliver(letter, now())
        except ServerAway:
            with store.writing() as session:
                _give_back(session, [each.id for each in letters[number:]], now())
                # Not the first in the queue next time, or a mail that breaks the line would hold all others.
                _update(session, letter.id, next_at=now() + DELAYS[0])
            raise
        with store.writing() as session:
            counts[_settled(session, letter.id, answer, now())] += 1


def _settled(session: Session, id: str, answer: Answer, now: datetime) -> Outcome:
    """Write what became of a mail; give how it is counted."""
    if not answer.trouble:
        _update(session, id, state="sent", next_at=now, trouble="")
        return Outcome.TAKEN
    tries = session.scalar(select(Outgoing.tries).where(Outgoing.id == id)) or 0
    if answer.is_final or tries > len(DELAYS):
        _update(session, id, state="failed", next_at=now, trouble=answer.trouble)
        return Outcome.FAILED
    _update(session, id, next_at=now + DELAYS[max(tries, 1) - 1], trouble=answer.trouble)
    return Outcome.LATER


def _give_back(session: Session, ids: Sequence[str], now: datetime) -> None:
    session.execute(
        update(Outgoing).where(Outgoing.id.in_(ids)).values(next_at=now, tries=Outgoing.tries - 1)
    )


def _update(session: Session, id: str, **values: str | datetime) -> None:
    session.execute(update(Outgoing).where(Outgoing.id == id, Outgoing.state == "waiting").values(**values))


def _cut(subject: str) -> str:
    subject = " ".join(subject.split())
    return subject if len(subject) <= SUBJECT_MOST else subject[: SUBJECT_MOST - 1] + "…"
