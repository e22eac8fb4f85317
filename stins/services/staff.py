"""Accounts of staff: signing in, sessions, and the roles they hold. Respondents have none of this."""

import hashlib
import hmac
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cache

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError
from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from stins.box import Box
from stins.services.organisation import NameMissing, place, place_of
from stins.services.refusals import NotFound, Refused
from stins.services.rights import Held, Office, Person
from stins.store.tables import Account, Assignment, Audit, Node, StaffSession, Throttle

IDLE = timedelta(minutes=30)
ABSOLUTE = timedelta(hours=10)
SEEN_EVERY = timedelta(minutes=1)
PASSWORD_LEAST, PASSWORD_MOST = 12, 200
FAILURES_FREE = {"account": 5, "source": 50}  # a whole hospital may share one address
BLOCK_LONGEST = timedelta(minutes=15)

_HELD_ORDER = (Node.name, Node.id, Assignment.role)
_COMMON = ("password", "lösenord", "losenord", "qwerty", "123456", "abcdef", "välkommen", "sommar", "stins")


class EmailWrong(Refused):
    """This is no e-mail address, or another account has it."""


class PasswordWeak(Refused):
    """The password is too short, too long or too easily guessed."""


class SignInFailed(Refused):
    """The address and the password do not go together. Which of them is wrong is not told."""


class SignInBlocked(Refused):
    """Too many attempts have failed lately."""


class RolesClash(Refused):
    """Who runs the installation is never studierektor or verksamhetschef, so never has both."""


class LastAdmin(Refused):
    """An installation always has an admin."""


@dataclass(frozen=True, slots=True)
class SignedIn:
    """A fresh session: the secret for the cookie, and whose it is."""

    token: str
    person: Person


def add_account(session: Session, box: Box, name: str, email: str, password: str) -> str:
    """Make an account and give its id. Raises the named refusals above."""
    name, email = " ".join(name.split()), email.strip().lower()
    if not name:
        raise NameMissing("name")
    if "@" not in email.strip("@") or any(c.isspace() for c in email) or len(email) > 254:
        raise EmailWrong("email")
    if session.scalar(select(Account.id).where(Account.email == email)):
        raise EmailWrong("email")
    _check_password(password, name, email)
    id = box.new_id()
    session.add(
        Account(id=id, email=email, name=name[:200], password_hash=_hasher().hash(password), active=True)
    )
    session.flush()
    return id


def assign(session: Session, account_id: str, node_id: str, office: Office) -> None:
    """Give an account a role at a place. Raises :class:`RolesClash` or :class:`NotFound`."""
    who, where = person(session, account_id), place(session, node_id)
    unit_offices = (Office.STUDIEREKTOR, Office.VERKSAMHETSCHEF)
    if (office is Office.ADMIN and who.holds(*unit_offices)) or (
        office in unit_offices and who.holds(Office.ADMIN)
    ):
        raise RolesClash("office")
    if not any(held.office is office and held.place.id == where.id for held in who.held):
        session.add(Assignment(account_id=account_id, node_id=node_id, role=office))
        session.flush()


def withdraw(session: Session, account_id: str, node_id: str, office: Office) -> None:
    """Take a role from an account. Raises :class:`LastAdmin`."""
    if office is Office.ADMIN:
        admins = session.execute(select(Assignment).where(Assignment.role == office)).all()
        if [(row[0].account_id, row[0].node_id) for row in admins] == [(account_id, node_id)]:
            raise LastAdmin("office")
    session.execute(
        delete(Assignment).where(
            Assignment.account_id == account_id, Assignment.node_id == node_id, Assignment.role == office
        )
    )


def person(session: Session, account_id: str) -> Person:
    """Give an account and the roles it holds. Raises :class:`NotFound` also where it is not active."""
    account = session.get(Account, account_id)
    if account is None or not account.active:
        raise NotFound
    return _people(session, [account])[0]


def people(session: Session) -> tuple[Person, ...]:
    """Give every active account by name, with its roles."""
    accounts = session.scalars(select(Account).where(Account.active).order_by(Account.name, Account.id))
    return tuple(_people(session, list(accounts)))


def sign_in(
    session: Session, box: Box, email: str, password: str, source: str, now: datetime
) -> SignedIn | Refused:
    """Try a password and begin a session.

    What is refused is returned, not raised: the count of failures must be kept. ``source`` is the address
    asked from; only its mac is stored, and only while attempts fail.
    """
    subjects = {
        _subject(box, "account", email.strip().lower()): FAILURES_FREE["account"],
        _subject(box, "source", source): FAILURES_FREE["source"],
    }
    until = session.scalar(
        select(Throttle.blocked_until)
        .where(Throttle.subject.in_(subjects))
        .order_by(Throttle.blocked_until.desc())
        .limit(1)
    )
    if until and until > now:
        return SignInBlocked()
    account = session.scalar(select(Account).where(Account.email == email.strip().lower(), Account.active))
    if not _verify(account.password_hash if account else _nobody(), password) or account is None:
        for subject, free in subjects.items():
            _fail(session, subject, free, now)
        return SignInFailed()
    session.execute(delete(Throttle).where(Throttle.subject.in_(subjects)))
    if _hasher().check_needs_rehash(account.password_hash):
        account.password_hash = _hasher().hash(password)
    token = box.entropy(32).hex()
    session.add(StaffSession(token=_hash(token), account_id=account.id, started_at=now, seen_at=now))
    note(session, box, now, account.id, "sign_in", account.id)
    return SignedIn(token, person(session, account.id))


def signed_in(session: Session, token: str, now: datetime) -> tuple[Person, bool] | None:
    """Give whose session a cookie's token is, if it still holds, and whether it is time to mark it seen."""
    # Asked for each page: one statement.
    rows = session.execute(
        select(StaffSession, Account, Assignment.role, Node)
        .join(Account, Account.id == StaffSession.account_id)
        .outerjoin(Assignment, Assignment.account_id == Account.id)
        .outerjoin(Node, Node.id == Assignment.node_id)
        .where(StaffSession.token == _hash(token), Account.active)
        .order_by(*_HELD_ORDER)
    ).all()
    if not rows:
        return None
    row, account = rows[0][:2]
    if now - row.seen_at > IDLE or now - row.started_at > ABSOLUTE:
        return None
    held = tuple(Held(Office(role), place_of(node)) for _row, _account, role, node in rows if role)
    return Person(account.id, account.name, account.email, held), now - row.seen_at > SEEN_EVERY


def seen(session: Session, token: str, now: datetime) -> None:
    """Mark a session as used now."""
    row = session.get(StaffSession, _hash(token))
    if row is not None:
        row.seen_at = now


def sign_out(session: Session, token: str) -> None:
    """End a session."""
    session.execute(delete(StaffSession).where(StaffSession.token == _hash(token)))


def forget_old_sessions(session: Session, now: datetime) -> None:
    """Delete sessions and throttles that no longer hold."""
    session.execute(
        delete(StaffSession).where(
            (StaffSession.seen_at < now - IDLE) | (StaffSession.started_at < now - ABSOLUTE)
        )
    )
    session.execute(delete(Throttle).where(Throttle.blocked_until < now - BLOCK_LONGEST))


def note(
    session: Session,
    box: Box,
    now: datetime,
    account_id: str | None,
    act: str,
    subject: str,
    detail: str = "",
) -> None:
    """Append a line to the audit table. ``account_id`` is ``None`` when the timer did it."""
    session.add(
        Audit(id=box.new_id(), at=now, account_id=account_id, act=act, subject=subject, detail=detail)
    )


def _people(session: Session, accounts: list[Account]) -> list[Person]:
    held: dict[str, list[Held]] = {account.id: [] for account in accounts}
    rows = session.execute(
        select(Assignment, Node)
        .join(Node, Node.id == Assignment.node_id)
        .where(Assignment.account_id.in_(held))
        .order_by(*_HELD_ORDER)
    )
    for assignment, node in rows:
        held[assignment.account_id].append(Held(Office(assignment.role), place_of(node)))
    return [Person(a.id, a.name, a.email, tuple(held[a.id])) for a in accounts]


def _check_password(password: str, name: str, email: str) -> None:
    """NIST SP 800-63B, 5.1.1: length above all, no composition rules, the obvious refused."""
    if len(password) < PASSWORD_LEAST:
        raise PasswordWeak("password", least=PASSWORD_LEAST)
    low = password.lower()
    own = [part for part in (*name.lower().split(), email.split("@")[0]) if len(part) > 3]
    rest = low
    for known in (*_COMMON, *own):
        rest = rest.replace(known, "")
    if len(password) > PASSWORD_MOST or len(set(low)) < 5 or len(rest) < PASSWORD_LEAST // 2:
        raise PasswordWeak("password", least=PASSWORD_LEAST)


def _fail(session: Session, subject: bytes, free: int, now: datetime) -> None:
    row = session.get(Throttle, subject)
    if row is None:
        row = Throttle(subject=subject, failures=0, blocked_until=now)
        session.add(row)
    row.failures += 1
    if row.failures >= free:
        wait = timedelta(seconds=2 ** min(row.failures - free + 5, 20))
        row.blocked_until = now + min(wait, BLOCK_LONGEST)
    session.flush()


def _subject(box: Box, kind: str, value: str) -> bytes:
    return hmac.digest(box.pepper, f"stins throttle\0{kind}\0{value}".encode(), hashlib.sha256)


def _hash(token: str) -> bytes:
    return hashlib.sha256(token.encode()).digest()


@cache
def _hasher() -> PasswordHasher:
    return PasswordHasher()


@cache
def _nobody() -> str:
    """A hash for an unknown address, so that it takes as long as a known one to refuse."""
    return _hasher().hash("nobody has this password")


def _verify(password_hash: str, password: str) -> bool:
    try:
        return _hasher().verify(password_hash, password)
    except (VerificationError, InvalidHashError):
        return False
