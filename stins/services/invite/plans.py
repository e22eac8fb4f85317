"""An inspection is planned: kept as a draft, changed, thrown away."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from questionnaires.model import Catalogue, Fact, Role
from questionnaires.read import catalogue, catalogues
from scoring.rounds import Comments, Mode
from scoring.rules import newest
from stins.box import Box
from stins.services import reviews, staff
from stins.services.inspections import find
from stins.services.invite.checks import wrong_day, wrong_facts, wrong_numbers
from stins.services.invite.refused import NoReviewer, NotADraft
from stins.services.organisation import place, places, region_settings
from stins.services.refusals import NotFound, Several
from stins.services.rights import Kind, Person, Place, may_lead, may_run, reviewers
from stins.store.tables import Inspection, Recipient


@dataclass(frozen=True, slots=True)
class Plan:
    """What somebody who plans an inspection states."""

    unit_id: str
    closes_on: date
    eligible: Mapping[Role, int]
    facts: Mapping[str, Fact]
    comments: Comments
    mode: Mode


def units_for(session: Session, person: Person) -> tuple[Place, ...]:
    """Give the places where the person may hold inspections."""
    return tuple(p for p in places(session) if may_run(person, p) and p.kind in (Kind.ENHET, Kind.GRUPP))


def current_catalogue() -> Catalogue:
    """Give the catalogue that new inspections are held on: the newest."""
    return catalogue(catalogues()[-1])


def facts_latest(session: Session, unit_id: str) -> dict[str, Fact]:
    """Give the facts stated at the unit's latest inspection, to be confirmed at the next.

    An extra internal review of some areas restates those of its areas alone.
    """
    rows = session.execute(
        select(Inspection.catalogue, Inspection.areas, Inspection.facts)
        .where(Inspection.unit_id == unit_id, Inspection.state != "void")
        .order_by(Inspection.closes_on.desc(), Inspection.id)
    )
    found: dict[str, Fact] = {}
    settled: set[str] = set()
    for named, areas, facts in rows:
        criteria = catalogue(named).criteria
        found |= {id: Fact(fact) for id, fact in facts.items() if criteria[id].area not in settled}
        if areas is None:
            break
        settled.update(areas)
    return found


def facts_known(session: Session, unit_id: str, on: date) -> dict[str, Fact]:
    """Give the facts to be confirmed at an inspection that closes on a day.

    A2–A4 come from the register of external reviews where it has any of the unit or its grupp; the rest, or
    all, from the latest inspection.
    """
    return facts_latest(session, unit_id) | facts_registered(session, unit_id, on)


def facts_registered(session: Session, unit_id: str, on: date) -> dict[str, Fact]:
    """Give A2–A4 on a day as the register of external reviews has them; nothing where it has no review.

    Until an inspection is opened they follow the register, whatever its draft was kept with.
    """
    registered = reviews.facts(session, unit_id, on)
    return registered if registered["A2"] is Fact.JA else {}


def people_latest(session: Session, unit_id: str) -> dict[Role, int]:
    """Give how many could answer in each role at the unit's latest inspection, to be confirmed now."""
    eligible = session.scalar(
        select(Inspection.eligible)
        .where(Inspection.unit_id == unit_id, Inspection.state != "void", Inspection.parent_id.is_(None))
        .order_by(Inspection.closes_on.desc(), Inspection.id)
        .limit(1)
    )
    return {Role(role): count for role, count in (eligible or {}).items()}


def group_of(session: Session, unit: Place) -> Place | None:
    """Give the grupp that a unit can be inspected together with, if it belongs to one."""
    above = place(session, unit.parent_id) if unit.parent_id else None
    return above if above and above.kind is Kind.GRUPP else None


def plan(
    session: Session, box: Box, person: Person, wanted: Plan, today: date, *, draft_id: str | None = None
) -> str:
    """Keep a plan as a draft, new or instead of ``draft_id``, and give its id.

    Raises :class:`NotFound` for a unit that is not the person's, and :class:`Several` with everything else
    that is wrong.
    """
    where = place(session, wanted.unit_id)
    if not may_run(person, where):
        raise NotFound
    cat = current_catalogue()
    numbers = region_settings(session, where, cat)
    facts = {**wanted.facts, **facts_registered(session, where.id, wanted.closes_on)}
    refusals = [
        *wrong_day(wanted.closes_on, today),
        *wrong_numbers(wanted.eligible, wanted.mode, numbers.k, newest(cat.id).release),
        *wrong_facts(facts, cat),
    ]
    if wanted.comments is not Comments.OFF and not comments_held(session, where, wanted.mode):
        refusals.append(NoReviewer("comments"))
    if refusals:
        raise Several(refusals)
    row = draft(session, person, draft_id) if draft_id else Inspection(id=box.new_id(), state="draft")
    if row.parent_id:
        raise NotFound
    row.unit_id = where.id
    row.catalogue, row.rules = cat.id, newest(cat.id).id
    row.parameters, row.k = dict(numbers.parameters), numbers.k
    row.areas, row.parent_id = None, None
    row.mode, row.comments = wanted.mode, wanted.comments
    row.opens_on, row.closes_on = None, wanted.closes_on
    row.eligible = {role: count for role, count in wanted.eligible.items() if count}
    row.facts = dict(facts)
    row.public_key = row.seal = row.participation = row.participation_on = row.step = None
    row.extended = False
    session.add(row)
    session.flush()
    return row.id


def throw_away(session: Session, person: Person, id: str) -> None:
    """Throw a draft away, and the addresses that were kept for it."""
    row = draft(session, person, id, lock=True)
    session.execute(delete(Recipient).where(Recipient.inspection_id == id))
    session.delete(row)


def comments_possible(session: Session, unit_id: str) -> bool:
    """Say whether there is somebody outside the unit who can read its comments first."""
    return comments_held(session, place(session, unit_id), Mode.ANONYMOUS)


def comments_held(session: Session, where: Place, mode: Mode) -> bool:
    """Say whether comments can be written: in an anonymous inspection with a reader outside the unit."""
    return mode is Mode.ANONYMOUS and bool(reviewers(staff.people(session), where))


def draft(session: Session, person: Person, id: str, *, lock: bool = False) -> Inspection:
    """Give a draft's row to who runs it. Raises :class:`NotFound` or :class:`NotADraft`."""
    row = own(session, person, id, lock=lock)
    if row.state != "draft":
        raise NotADraft
    return row


def own(session: Session, person: Person, id: str, *, lock: bool) -> Inspection:
    """Give an inspection's row to who runs it. Raises :class:`NotFound`."""
    row, where = find(session, id, lock=lock)
    if not may_lead(person, where, extra=row.parent_id is not None):
        raise NotFound
    return row
