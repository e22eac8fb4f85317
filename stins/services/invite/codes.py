"""An inspection is opened and its codes made: anew, or more of them; its last day is moved."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlalchemy import delete, insert, select
from sqlalchemy.orm import Session

from questionnaires.model import Role
from scoring.rounds import Comments, Mode
from stins.box import Box, codes
from stins.services import staff
from stins.services.inspections import Obstacle, circle, eligible_of, find, seal_for, terms_of
from stins.services.invite.checks import DAYS_MOST, DIALOGUE_MOST, PEOPLE_MOST, wrong_day
from stins.services.invite.plans import comments_held, draft, facts_registered, own
from stins.services.invite.refused import (
    Addressed,
    AlreadyAnswered,
    CircleBroken,
    DayWrong,
    DialogueTooMany,
    LastDayPassed,
    Mailed,
    NobodyAsked,
    NoReviewer,
    NotOpen,
    NumberWrong,
)
from stins.services.organisation import lock_region, place
from stins.services.rights import Person
from stins.store.tables import Code, Inspection, Recipient


@dataclass(frozen=True, slots=True)
class Codes:
    """Fresh codes by role, to be shown once. They are stored nowhere."""

    by_role: Mapping[Role, tuple[str, ...]]


def obstacle(session: Session, id: str, today: date) -> Obstacle | None:
    """Give what stands in the way of opening an inspection today, if anything."""
    row, where = find(session, id)
    return circle(session, where, today, but=row.id)


def open_(
    session: Session,
    box: Box,
    person: Person,
    id: str,
    now: datetime,
    today: date,
    *,
    mailed: frozenset[Role] = frozenset(),
) -> Codes:
    """Open a draft: its terms are sealed and its codes made. The codes are given once, to be shown.

    A2–A4 are from here on as the register of external reviews has them now, where it does. The codes of the
    roles in ``mailed`` are not made yet. Raises :class:`NotADraft`, :class:`LastDayPassed`,
    :class:`CircleBroken`, :class:`NoReviewer`, or :class:`Addressed` where there are other addresses.
    """
    row = draft(session, person, id, lock=True)
    if _mailed(session, id) != mailed:
        raise Addressed
    where = place(session, row.unit_id)
    if row.closes_on < today:
        raise LastDayPassed(day=row.closes_on)
    if row.comments != Comments.OFF and not comments_held(session, where, Mode(row.mode)):
        raise NoReviewer("comments")
    lock_region(session, where)  # two that open beside each other must see each other
    in_the_way = circle(session, where, today, but=id)
    if in_the_way:
        raise CircleBroken(obstacle=in_the_way)
    terms = terms_of(row)
    asked = {criterion.id for criterion in terms.catalogue.within(terms.areas)}
    registered = facts_registered(session, where.id, row.closes_on)
    row.facts = {**row.facts, **{id: fact for id, fact in registered.items() if id in asked}}
    row.public_key = box.keys.make(id, box.entropy)
    row.seal = seal_for(box, row)
    row.state, row.opens_on = "open", today
    staff.note(session, box, now, person.id, "open", id)
    session.flush()
    numbers = {role: number for role, number in eligible_of(row).items() if role not in mailed}
    return make_codes(session, box, row, numbers)


def codes_anew(session: Session, box: Box, person: Person, id: str, now: datetime) -> Codes:
    """Make all codes anew; the old ones no longer hold. Those that go by mail stay as they are.

    Raises :class:`AlreadyAnswered` after a hand-in, and :class:`Mailed` where all codes go by mail.
    """
    row = opened(session, person, id)
    mailed = _mailed(session, id)
    numbers = {role: number for role, number in eligible_of(row).items() if role not in mailed}
    if not numbers:
        raise Mailed
    if session.scalar(select(Code.mac).where(Code.inspection_id == id, Code.spent).limit(1)):
        raise AlreadyAnswered
    session.execute(delete(Code).where(Code.inspection_id == id, Code.role.not_in(mailed)))
    staff.note(session, box, now, person.id, "codes_anew", id)
    return make_codes(session, box, row, numbers)


def add_codes(
    session: Session, box: Box, person: Person, id: str, more: Mapping[Role, int], now: datetime
) -> Codes:
    """Add codes for people who have joined. Codes are never removed; every respondent sees the numbers."""
    row = opened(session, person, id)
    eligible = eligible_of(row)
    terms = terms_of(row)
    more = {role: count for role, count in more.items() if count}
    total = {role: eligible.get(role, 0) + more.get(role, 0) for role in Role}
    asked = {role for role in Role if terms.catalogue.questionnaires[role].within(terms.areas)}
    wrong = [
        role for role, count in more.items() if count < 0 or total[role] > PEOPLE_MOST or role not in asked
    ]
    if wrong:
        raise NumberWrong(wrong[0], most=PEOPLE_MOST)
    if not more:
        raise NobodyAsked("st_lakare")
    if terms.mode is Mode.DIALOGUE and sum(total.values()) > DIALOGUE_MOST:
        raise DialogueTooMany(most=DIALOGUE_MOST)
    row.eligible = {role: count for role, count in total.items() if count}
    staff.note(
        session, box, now, person.id, "codes_added", id, ", ".join(f"{r} {n}" for r, n in more.items())
    )
    return make_codes(session, box, row, more)


def extend(
    session: Session, box: Box, person: Person, id: str, closes_on: date | None, now: datetime, today: date
) -> None:
    """Move an open inspection's last day forward. Raises :class:`DayWrong`, also where no day is given."""
    row = opened(session, person, id)
    first = max(today, row.closes_on + timedelta(days=1))
    if closes_on is None or wrong_day(closes_on, today, first):
        raise DayWrong("closes_on", first=first, last=today + timedelta(days=DAYS_MOST))
    row.closes_on = closes_on
    staff.note(session, box, now, person.id, "extend", id, closes_on.isoformat())


def opened(session: Session, person: Person, id: str) -> Inspection:
    """Give an open inspection's row, locked, to who runs it. Raises :class:`NotFound` or :class:`NotOpen`."""
    row = own(session, person, id, lock=True)
    if row.state != "open":
        raise NotOpen
    return row


def _mailed(session: Session, id: str) -> set[str]:
    """Give the roles that addresses are kept for."""
    return set(session.scalars(select(Recipient.role).where(Recipient.inspection_id == id)))


def make_codes(session: Session, box: Box, row: Inspection, numbers: Mapping[Role, int]) -> Codes:
    """Make codes and store their macs. The caller holds the inspection's row."""
    fresh = {role: tuple(codes.make(box.entropy) for _ in range(count)) for role, count in numbers.items()}
    macs = [(codes.mac(box.pepper, code), role, False) for role, made in fresh.items() for code in made]
    # All are written anew in order of mac, so that no order in the table tells in which order they are
    # shown, and no code that was added later stands apart.
    before = session.execute(select(Code.mac, Code.role, Code.spent).where(Code.inspection_id == row.id))
    macs += [(mac, Role(role), spent) for mac, role, spent in before]
    session.execute(delete(Code).where(Code.inspection_id == row.id))
    rows = [
        {"mac": mac, "inspection_id": row.id, "role": role, "spent": spent}
        for mac, role, spent in sorted(macs)
    ]
    if rows:
        session.execute(insert(Code), rows)
    return Codes(fresh)
