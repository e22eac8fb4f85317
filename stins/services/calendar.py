"""A person's calendar: the days that matter, at a secret address that can be renewed.

The address is made from the pepper, the account and how many times it was renewed, so that the page can show
it again although only its SHA-256 is stored. Place, criterion and day stand in it, never a text that
somebody wrote: calendars are kept by others (decision 12).
"""

import hashlib
import hmac
from collections.abc import Iterator
from datetime import date, timedelta

from sqlalchemy import func, select
from sqlalchemy.orm import Session, aliased

from questionnaires.read import catalogue
from stins.box import Box
from stins.reports.calendar import Entry
from stins.services import report, scope, staff
from stins.services.followup.values import Progress, State
from stins.services.refusals import NotFound
from stins.services.reviews.values import next_by
from stins.services.rights import UNIT_OFFICES, Kind, Office, Person
from stins.store.tables import Action, CalendarFeed, Deficiency, ExternalReview, FollowUp, Inspection, Node

TOKEN_CHARACTERS = 40
"""160 bits in hexadecimal."""
DONE = (Progress.DONE, Progress.VERIFIED)


def token(session: Session, box: Box, person: Person) -> str:
    """Give the secret of the person's address, or nothing where there is none."""
    row = session.get(CalendarFeed, person.id)
    return _token(box, person.id, row.renewed) if row else ""


def renew(session: Session, box: Box, person: Person) -> None:
    """Give the person an address, or another one: the old one leads nowhere from now on."""
    row = session.scalar(select(CalendarFeed).where(CalendarFeed.account_id == person.id).with_for_update())
    if row is None:
        session.add(CalendarFeed(account_id=person.id, renewed=0, token=_hash(_token(box, person.id, 0))))
    else:
        row.renewed += 1
        row.token = _hash(_token(box, person.id, row.renewed))
    session.flush()


def owner(session: Session, secret: str) -> Person:
    """Give whose address holds the secret. Raises :class:`NotFound`, also where the account has ended."""
    row = session.scalar(select(CalendarFeed).where(CalendarFeed.token == _hash(secret)))
    if row is None:
        raise NotFound
    return staff.person(session, row.account_id)


def entries(session: Session, person: Person, url: str) -> tuple[Entry, ...]:
    """Give the days that matter to a person; links begin with ``url``."""
    return (
        *_breaches(session, person, url),
        *_actions(session, person, url),
        *_inspections(session, person, url),
        *_comments(session, person, url),
        *_reviews(session, person, url),
    )


def _breaches(session: Session, person: Person, url: str) -> Iterator[Entry]:
    rows = session.execute(
        select(FollowUp, Node.name, Inspection.catalogue, Deficiency.area)
        .join(Node, Node.id == FollowUp.node_id)
        .outerjoin(Inspection, Inspection.id == FollowUp.inspection_id)
        .outerjoin(Deficiency, Deficiency.id == FollowUp.deficiency_id)
        .where(FollowUp.state == State.OPEN, scope.acted_on(person) | scope.decided_on(person))
    )
    for row, where, version, area in rows:
        what = (
            _criterion(version, row.criterion)
            if version and row.criterion
            else f"Område {area}, från extern granskning"
        )
        yield Entry(
            f"brist-{row.id}",
            row.due_on,
            f"Brist ska vara åtgärdad: {where}",
            f"{what}\nSista dagen av de sex månaderna.",
            f"{url}/uppfoljning/{row.id}",
        )


def _actions(session: Session, person: Person, url: str) -> Iterator[Entry]:
    rows = session.execute(
        select(Action.id, Action.due_on, Node.name)
        .join(Node, Node.id == Action.node_id)
        .where(Action.due_on.is_not(None), Action.status.not_in(DONE), scope.acted_on(person))
    )
    for id, due_on, where in rows:
        yield Entry(
            f"atgard-{id}",
            due_on or date.max,
            f"Åtgärd ska vara klar: {where}",
            "Logga in för att se vad som skulle göras.",
            f"{url}/uppfoljning/atgard/{id}",
        )


def _inspections(session: Session, person: Person, url: str) -> Iterator[Entry]:
    own = Inspection.parent_id.is_(None) & scope.reached(person, Office.STUDIEREKTOR)
    extra = Inspection.parent_id.is_not(None) & scope.decided_on(person)
    rows = session.execute(
        select(Inspection.id, Inspection.closes_on, Node.name)
        .join(Node, Node.id == Inspection.unit_id)
        .where(Inspection.state == "open", own | extra)
    )
    for id, closes_on, where in rows:
        yield Entry(
            f"inspektion-{id}",
            closes_on,
            f"Sista dag att svara: {where}",
            "Sista dagen i inspektionen.",
            f"{url}/inspektioner/{id}",
        )


def _comments(session: Session, person: Person, url: str) -> Iterator[Entry]:
    for about, destroyed_on in report.reviews_waiting(session, person):
        yield Entry(
            f"kommentarer-{about.id}",
            destroyed_on - timedelta(days=1),
            f"Sista dag att läsa kommentarer: {about.place.name}",
            "Dagen efter förstörs kommentarer som ingen har läst.",
            f"{url}/inspektioner/{about.id}/kommentarer",
        )


def _reviews(session: Session, person: Person, url: str) -> Iterator[Entry]:
    own, above = aliased(ExternalReview), aliased(Node)
    counts = (own.node_id == Node.id) | ((own.node_id == above.id) & (above.kind == Kind.GRUPP))
    rows = session.execute(
        select(Node.id, Node.name, func.max(own.reported_on))
        .outerjoin(above, above.id == Node.parent_id)
        .join(own, counts)
        .where(Node.kind == Kind.ENHET, scope.reached(person, *UNIT_OFFICES, Office.OVS))
        .group_by(Node.id, Node.name)
    )
    for id, where, reported_on in rows:
        yield Entry(
            f"granskning-{id}",
            next_by(reported_on),
            f"Extern granskning senast: {where}",
            "Då har det gått fem år sedan den förra.",
            f"{url}/granskningar",
        )


def _criterion(version: str, id: str) -> str:
    found = catalogue(version)
    return f"{id}, {found.areas[found.criteria[id].area].name.plain('sv')}"


def _token(box: Box, account_id: str, renewed: int) -> str:
    said = f"stins calendar\0{account_id}\0{renewed}".encode()
    return hmac.digest(box.pepper, said, hashlib.sha256).hex()[:TOKEN_CHARACTERS]


def _hash(secret: str) -> bytes:
    return hashlib.sha256(secret.encode()).digest()
