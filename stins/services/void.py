"""Making an inspection void: one who runs it and one admin must both ask."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from sqlalchemy import select
from sqlalchemy.orm import Session

from stins.box import Box
from stins.services import scope, staff
from stins.services.close import make_void
from stins.services.inspections import find
from stins.services.organisation import place_of
from stins.services.refusals import NotFound
from stins.services.rights import Office, Person, Place, may_lead
from stins.store.tables import Inspection, Node, VoidRequest


class Side(StrEnum):
    """The two who must agree."""

    UNIT = "unit"
    ADMIN = "admin"


@dataclass(frozen=True, slots=True)
class Case:
    """An inspection that may be made void: whether the other side has asked, and why."""

    id: str
    place: Place
    side: Side
    has_asked: bool
    other_reason: str | None


def case(session: Session, person: Person, id: str) -> Case:
    """Give the case to one of the two sides. Raises :class:`NotFound` for anybody else."""
    row, place = find(session, id)
    side = _side(person, row, place)
    if side is None or row.state not in ("open", "closing"):
        raise NotFound
    asked = session.scalars(select(VoidRequest).where(VoidRequest.inspection_id == id)).all()
    return Case(
        id=id,
        place=place,
        side=side,
        has_asked=any(request.side == side for request in asked),
        other_reason=next((request.reason for request in asked if request.side != side), None),
    )


def ask(session: Session, box: Box, person: Person, id: str, reason: str, now: datetime) -> bool:
    """Ask that an inspection be made void. When both sides have asked it is done, and ``True`` is given."""
    find(session, id, lock=True)
    found = case(session, person, id)
    staff.note(session, box, now, person.id, "void_asked", id, reason)
    if found.other_reason is not None:
        make_void(session, box, id, f"{found.other_reason} / {reason}", now, person.id)
        return True
    request = session.get(VoidRequest, (id, person.id))
    if request is None:
        session.add(VoidRequest(inspection_id=id, account_id=person.id, side=found.side, reason=reason))
    else:
        request.reason = reason
    return False


def cases(session: Session, person: Person) -> tuple[Case, ...]:
    """Give the cases where the other side has asked and waits for this person's."""
    asked = select(VoidRequest.inspection_id)
    ids = session.scalars(
        select(Inspection.id)
        .join(Node, Node.id == Inspection.unit_id)
        .where(Inspection.id.in_(asked), _known_to(person))
        .order_by(Inspection.id)
    ).all()
    found = []
    for id in ids:
        try:
            found.append(case(session, person, id))
        except NotFound:
            continue
    return tuple(each for each in found if each.other_reason is not None and not each.has_asked)


def stuck(session: Session, person: Person) -> tuple[tuple[str, Place], ...]:
    """Give the inspections whose closing has stopped, to who runs them and to admin."""
    rows = session.execute(
        select(Inspection, Node)
        .join(Node, Node.id == Inspection.unit_id)
        .where(Inspection.state == "closing", _known_to(person))
        .order_by(Inspection.id)
    )
    found = [(row, place_of(node)) for row, node in rows]
    return tuple((row.id, place) for row, place in found if _side(person, row, place) is not None)


def _known_to(person: Person) -> scope.Condition:
    return scope.reached(person, Office.STUDIEREKTOR, Office.OVS, Office.ADMIN)


def _side(person: Person, row: Inspection, place: Place) -> Side | None:
    if may_lead(person, place, extra=row.parent_id is not None):
        return Side.UNIT
    return Side.ADMIN if person.reaches(place, Office.ADMIN) else None
