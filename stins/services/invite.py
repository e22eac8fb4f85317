"""Inviting: an inspection is planned, opened, its codes made, its last day moved."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlalchemy import delete, insert, select
from sqlalchemy.orm import Session

from questionnaires.model import Catalogue, Fact, Role
from questionnaires.read import catalogue, catalogues
from scoring.rounds import Comments, Mode
from scoring.rules import newest
from stins.box import Box, codes
from stins.services import reviews, staff
from stins.services.inspections import Obstacle, circle, eligible_of, find, seal_for, terms_of
from stins.services.organisation import lock_region, place, places, region_settings
from stins.services.refusals import NotFound, Refused, Several
from stins.services.rights import Kind, Person, Place, may_lead, may_run, reviewers
from stins.store.tables import Code, Inspection

DAYS_DEFAULT = 21
DAYS_MOST = 180
PEOPLE_MOST = 200
DIALOGUE_MOST = 6


class NobodyAsked(Refused):
    """An inspection needs people to answer."""


class NumberWrong(Refused):
    """How many may answer in a role: 0 to ``most``."""


class DayWrong(Refused):
    """The last day must lie from ``first`` to ``last``."""


class FactMissing(Refused):
    """A stated fact is missing, or not one of those allowed, or does not go with another."""


class TooFew(Refused):
    """Fewer than k ST-läkare and handledare may answer, so nothing could ever be released."""


class DialogueTooMany(Refused):
    """Dialogue mode is only for groups of at most ``most`` people."""


class DialogueTooFew(Refused):
    """Dialogue mode needs ``least`` people, two of them ST-läkare or handledare."""


class NoReviewer(Refused):
    """Comments need a reader outside the unit, and there is none."""


class CircleBroken(Refused):
    """One circle at a time: another inspection stands too near (``obstacle``)."""


class NotADraft(Refused):
    """This can only be done before the inspection is opened."""


class NotOpen(Refused):
    """This can only be done while the inspection is open."""


class AlreadyAnswered(Refused):
    """Codes cannot be made anew: somebody has already handed in."""


@dataclass(frozen=True, slots=True)
class Plan:
    """What somebody who plans an inspection states."""

    unit_id: str
    closes_on: date
    eligible: Mapping[Role, int]
    facts: Mapping[str, Fact]
    comments: Comments
    mode: Mode


@dataclass(frozen=True, slots=True)
class Codes:
    """Fresh codes by role, to be shown once. They are stored nowhere."""

    by_role: Mapping[Role, tuple[str, ...]]


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
    registered = reviews.facts(session, unit_id, on)
    stated = facts_latest(session, unit_id)
    return stated | registered if registered["A2"] is Fact.JA else stated


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
    refusals = [
        *wrong_day(wanted.closes_on, today),
        *_wrong_numbers(wanted, numbers.k),
        *wrong_facts(wanted.facts, cat),
    ]
    if wanted.comments is not Comments.OFF and not _comments_possible(session, where, wanted.mode):
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
    row.facts = dict(wanted.facts)
    row.public_key = row.seal = row.participation = row.participation_on = row.step = None
    row.extended = False
    session.add(row)
    session.flush()
    return row.id


def throw_away(session: Session, person: Person, id: str) -> None:
    """Throw a draft away."""
    row = draft(session, person, id)
    session.delete(row)


def obstacle(session: Session, id: str, today: date) -> Obstacle | None:
    """Give what stands in the way of opening an inspection today, if anything."""
    row, where = find(session, id)
    return circle(session, where, today, but=row.id)


def open_(session: Session, box: Box, person: Person, id: str, now: datetime, today: date) -> Codes:
    """Open a draft: its terms are sealed and its codes made. The codes are given once, to be shown.

    Raises :class:`NotADraft`, :class:`DayWrong`, :class:`CircleBroken` or :class:`NoReviewer`.
    """
    row = draft(session, person, id, lock=True)
    where = place(session, row.unit_id)
    if wrong := wrong_day(row.closes_on, today):
        raise wrong[0]
    if row.comments != Comments.OFF and not _comments_possible(session, where, Mode(row.mode)):
        raise NoReviewer("comments")
    lock_region(session, where)  # two that open beside each other must see each other
    in_the_way = circle(session, where, today, but=id)
    if in_the_way:
        raise CircleBroken(obstacle=in_the_way)
    row.public_key = box.keys.make(id, box.entropy)
    row.seal = seal_for(box, row)
    row.state, row.opens_on = "open", today
    staff.note(session, box, now, person.id, "open", id)
    session.flush()
    return _make_codes(session, box, row, eligible_of(row))


def codes_anew(session: Session, box: Box, person: Person, id: str, now: datetime) -> Codes:
    """Make all codes anew; the old ones no longer hold. Raises :class:`AlreadyAnswered` after a hand-in."""
    row = _open(session, person, id)
    if session.scalar(select(Code.mac).where(Code.inspection_id == id, Code.spent).limit(1)):
        raise AlreadyAnswered
    session.execute(delete(Code).where(Code.inspection_id == id))
    staff.note(session, box, now, person.id, "codes_anew", id)
    return _make_codes(session, box, row, eligible_of(row))


def add_codes(
    session: Session, box: Box, person: Person, id: str, more: Mapping[Role, int], now: datetime
) -> Codes:
    """Add codes for people who have joined. Codes are never removed; every respondent sees the numbers."""
    row = _open(session, person, id)
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
    return _make_codes(session, box, row, more)


def extend(
    session: Session, box: Box, person: Person, id: str, closes_on: date | None, now: datetime, today: date
) -> None:
    """Move an open inspection's last day forward. Raises :class:`DayWrong`, also where no day is given."""
    row = _open(session, person, id)
    first = max(today, row.closes_on + timedelta(days=1))
    if closes_on is None or wrong_day(closes_on, today, first):
        raise DayWrong("closes_on", first=first, last=today + timedelta(days=DAYS_MOST))
    row.closes_on = closes_on
    staff.note(session, box, now, person.id, "extend", id, closes_on.isoformat())


def comments_possible(session: Session, unit_id: str) -> bool:
    """Say whether there is somebody outside the unit who can read its comments first."""
    return _comments_possible(session, place(session, unit_id), Mode.ANONYMOUS)


def _comments_possible(session: Session, where: Place, mode: Mode) -> bool:
    return mode is Mode.ANONYMOUS and bool(reviewers(staff.people(session), where))


def draft(session: Session, person: Person, id: str, *, lock: bool = False) -> Inspection:
    """Give a draft's row to who runs it. Raises :class:`NotFound` or :class:`NotADraft`."""
    row = _own(session, person, id, lock=lock)
    if row.state != "draft":
        raise NotADraft
    return row


def _open(session: Session, person: Person, id: str) -> Inspection:
    row = _own(session, person, id, lock=True)
    if row.state != "open":
        raise NotOpen
    return row


def _own(session: Session, person: Person, id: str, *, lock: bool) -> Inspection:
    row, where = find(session, id, lock=lock)
    if not may_lead(person, where, extra=row.parent_id is not None):
        raise NotFound
    return row


def _make_codes(session: Session, box: Box, row: Inspection, numbers: Mapping[Role, int]) -> Codes:
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


def wrong_day(closes_on: date, today: date, first: date | None = None) -> list[Refused]:
    """The last day must lie from ``first``, else today, to some months on."""
    first, last = first or today, today + timedelta(days=DAYS_MOST)
    return [] if first <= closes_on <= last else [DayWrong("closes_on", first=first, last=last)]


def _wrong_numbers(wanted: Plan, k: int) -> list[Refused]:
    if outside := outside_numbers(wanted.eligible):
        return outside
    people = sum(wanted.eligible.values())
    counted = wanted.eligible.get(Role.ST_LAKARE, 0) + wanted.eligible.get(Role.HANDLEDARE, 0)
    if people == 0:
        return [NobodyAsked("st_lakare")]
    if wanted.mode is Mode.DIALOGUE:
        rule = newest(current_catalogue().id).release
        if people > DIALOGUE_MOST:
            return [DialogueTooMany("mode", most=DIALOGUE_MOST)]
        few = people < rule.dialogue_ballots or counted < rule.dialogue_counted
        return [DialogueTooFew("mode", least=rule.dialogue_ballots)] if few else []
    return [TooFew("st_lakare", k=k, dialogue=people <= DIALOGUE_MOST)] if counted < k else []


def outside_numbers(eligible: Mapping[Role, int]) -> list[Refused]:
    """How many may answer in a role has its bounds."""
    return [
        NumberWrong(role, most=PEOPLE_MOST)
        for role, count in eligible.items()
        if not 0 <= count <= PEOPLE_MOST
    ]


def wrong_facts(
    facts: Mapping[str, Fact], cat: Catalogue, areas: tuple[str, ...] | None = None
) -> list[Refused]:
    """Every fact must be stated, except A4 when there has been no review; then A3 cannot be ja either."""
    never = facts.get("A2") is Fact.NEJ
    refusals: list[Refused] = []
    for criterion in cat.within(areas):
        if not criterion.facts:
            continue
        fact = facts.get(criterion.id)
        if never and criterion.id in ("A3", "A4"):
            wrong = fact is not (Fact.NEJ if criterion.id == "A3" else None)
        else:
            wrong = fact not in criterion.facts
        if wrong:
            refusals.append(FactMissing(f"fact_{criterion.id}", id=criterion.id, never=never))
    return refusals
