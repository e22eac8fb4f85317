"""The kinds of reminders, whom each is for, and which of them a person has turned off."""

from collections.abc import Collection, Mapping
from enum import StrEnum

from sqlalchemy import delete, insert, select
from sqlalchemy.orm import Session

from stins.services.rights import UNIT_OFFICES, Office, Person
from stins.store.tables import TurnedOff


class Kind(StrEnum):
    """What somebody may be reminded of, the most pressing first."""

    BREACH_OVERDUE = "breach_overdue"
    REPORT_WAITING = "report_waiting"
    BREACH_DUE = "breach_due"
    REVIEW_DUE = "review_due"
    DIGEST = "digest"


FORCED = frozenset({Kind.BREACH_OVERDUE})
"""What cannot be turned off: a föreskrift is not followed, and the six months are over."""

FOR: Mapping[Kind, tuple[Office, ...]] = {
    Kind.BREACH_OVERDUE: UNIT_OFFICES,
    Kind.REPORT_WAITING: (*UNIT_OFFICES, Office.OVS),
    Kind.BREACH_DUE: UNIT_OFFICES,
    Kind.REVIEW_DUE: UNIT_OFFICES,
    Kind.DIGEST: (Office.OVS,),
}


def kinds_for(person: Person) -> tuple[Kind, ...]:
    """Give the kinds that the person may be sent, for the roles held."""
    return tuple(kind for kind in Kind if person.holds(*FOR[kind]))


def turned_off(session: Session, person: Person) -> frozenset[Kind]:
    """Give what the person has turned off."""
    found = session.scalars(select(TurnedOff.kind).where(TurnedOff.account_id == person.id)).all()
    return frozenset(Kind(kind) for kind in found if kind in set(Kind)) - FORCED


def choose(session: Session, person: Person, wanted: Collection[Kind]) -> None:
    """Turn on what is wanted of the person's kinds and off the rest, but never what is forced.

    A kind that the person's roles do not give stays as it was chosen.
    """
    own = [kind for kind in kinds_for(person) if kind not in FORCED]
    session.execute(delete(TurnedOff).where(TurnedOff.account_id == person.id, TurnedOff.kind.in_(own)))
    off = [{"account_id": person.id, "kind": kind} for kind in own if kind not in wanted]
    if off:
        session.execute(insert(TurnedOff), off)


def everybodys(session: Session) -> frozenset[tuple[str, Kind]]:
    """Give what each account has turned off, of all accounts at once."""
    rows = session.execute(select(TurnedOff.account_id, TurnedOff.kind)).all()
    return frozenset((id, Kind(kind)) for id, kind in rows if kind in set(Kind) - FORCED)
