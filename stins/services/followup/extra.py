"""An extra internal review: a re-inspection of breaches, planned and led from above the unit."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from questionnaires.model import Catalogue, Fact, Role
from questionnaires.read import catalogue
from scoring.rounds import Comments, Mode
from stins.box import Box
from stins.services import invite
from stins.services.followup.values import NoArea, State, TooFewForReview
from stins.services.inspections import Obstacle, Summary, circle, find, released_something, summary
from stins.services.invite import NobodyAsked
from stins.services.organisation import region_settings
from stins.services.refusals import NotFound, Refused, Several
from stins.services.rights import Person, may_decide
from stins.store.tables import FollowUp, Inspection, Release


@dataclass(frozen=True, slots=True)
class Ground:
    """What an extra internal review of an inspection stands on.

    ``breaches`` are the criteria of it that are followed up and ``areas`` theirs, in catalogue order.
    ``facts`` are what is known of every fact, ``registered`` those of them that the register of external
    reviews has, ``obstacle`` what stands in the way of opening it today.
    """

    first: Summary
    catalogue: Catalogue
    breaches: tuple[str, ...]
    areas: tuple[str, ...]
    facts: Mapping[str, Fact]
    registered: Mapping[str, Fact]
    k: int
    obstacle: Obstacle | None

    @property
    def is_too_small(self) -> bool:
        """Whether fewer than k could be counted when it was held."""
        return _counted(self.first.eligible) < self.k


@dataclass(frozen=True, slots=True)
class Plan:
    """What an övergripande studierektor states. ``areas`` is ``None`` for the whole questionnaire."""

    closes_on: date
    eligible: Mapping[Role, int]
    areas: tuple[str, ...] | None
    facts: Mapping[str, Fact]


@dataclass(frozen=True, slots=True)
class Kept:
    """A draft that was kept, and the roles that are asked nothing and so get no code."""

    id: str
    left_out: tuple[Role, ...]


def ground(session: Session, person: Person, id: str, closes_on: date, today: date) -> Ground:
    """Give what a review of an inspection stands on, to who decides. Raises :class:`NotFound`.

    The inspection is anonymous, closed, shows something, and has a breach that is still followed up.
    """
    found = _ground(session, person, id, closes_on, today)
    if not found.breaches:
        raise NotFound
    return found


def ground_of(session: Session, person: Person, draft_id: str, closes_on: date, today: date) -> Ground:
    """Give what a review that is a draft stands on, also when its breaches have been closed since."""
    row = invite.draft(session, person, draft_id)
    return _ground(session, person, row.parent_id or "", closes_on, today)


def plan(session: Session, box: Box, person: Person, parent_id: str, wanted: Plan, today: date) -> Kept:
    """Keep a plan for a review of an inspection as a draft. Raises :class:`NotFound` or :class:`Several`."""
    found = ground(session, person, parent_id, wanted.closes_on, today)
    row = Inspection(id=box.new_id(), state="draft", parent_id=parent_id, unit_id=found.first.place.id)
    return _keep(session, row, found, wanted, today)


def change(session: Session, person: Person, id: str, wanted: Plan, today: date) -> Kept:
    """Keep another plan instead of a draft's. Raises :class:`NotFound`, ``NotADraft`` or :class:`Several`."""
    row = invite.draft(session, person, id, lock=True)
    return _keep(session, row, ground_of(session, person, id, wanted.closes_on, today), wanted, today)


def _ground(session: Session, person: Person, id: str, closes_on: date, today: date) -> Ground:
    row, where = find(session, id)
    reviewable = row.mode == Mode.ANONYMOUS and released_something(session.get(Release, id))
    if not may_decide(person, where) or not reviewable:
        raise NotFound
    cat = catalogue(row.catalogue)
    open_ones = select(FollowUp.criterion).where(FollowUp.inspection_id == id, FollowUp.state == State.OPEN)
    followed = set(session.scalars(open_ones))
    breaches = tuple(c for c in cat.criteria if c in followed)
    concerned = {cat.criteria[c].area for c in breaches}
    return Ground(
        first=summary(session, person, id),
        catalogue=cat,
        breaches=breaches,
        areas=tuple(area for area in cat.areas if area in concerned),
        facts=invite.facts_known(session, where.id, closes_on),
        registered=invite.facts_registered(session, where.id, closes_on),
        k=region_settings(session, where, cat).k,
        obstacle=circle(session, where, today),
    )


def _keep(session: Session, row: Inspection, found: Ground, wanted: Plan, today: date) -> Kept:
    """Keep a draft. It asks and judges as the first inspection did; k is the region's of today."""
    cat = found.catalogue
    areas, wrong = _areas(wanted.areas, cat)
    asked = {role for role in Role if wrong or cat.questionnaires[role].within(areas)}
    eligible: dict[str, int] = {
        role: count for role, count in wanted.eligible.items() if count and role in asked
    }
    facts = {**wanted.facts, **found.registered}
    free_on = found.obstacle.free_on if found.obstacle else None
    refusals = [
        *invite.wrong_day(wanted.closes_on, today, free_on),
        *wrong,
        *_wrong_numbers(wanted.eligible, eligible, found.k),
        *invite.wrong_facts(facts, cat, areas),
    ]
    if refusals:
        raise Several(refusals)
    first = session.get_one(Inspection, found.first.id)
    stated = {c.id for c in cat.within(areas)}
    row.catalogue, row.rules, row.parameters = first.catalogue, first.rules, dict(first.parameters)
    row.areas = list(areas) if areas else None
    row.mode, row.comments, row.k = Mode.ANONYMOUS, Comments.OFF, found.k
    row.opens_on, row.closes_on = None, wanted.closes_on
    row.eligible = dict(eligible)
    row.facts = {id: fact for id, fact in facts.items() if id in stated}
    row.public_key = row.seal = row.participation = row.participation_on = row.step = None
    row.extended = False
    session.add(row)
    session.flush()
    left_out = tuple(role for role in Role if wanted.eligible.get(role) and role not in asked)
    return Kept(row.id, left_out)


def _areas(wanted: tuple[str, ...] | None, cat: Catalogue) -> tuple[tuple[str, ...] | None, list[Refused]]:
    """Put areas in catalogue order; all of them are the whole questionnaire."""
    if wanted is None or set(wanted) == set(cat.areas):
        return None, []
    if not wanted or not set(wanted) <= set(cat.areas):
        return (), [NoArea("areas")]
    return tuple(area for area in cat.areas if area in wanted), []


def _wrong_numbers(stated: Mapping[Role, int], eligible: Mapping[str, int], k: int) -> list[Refused]:
    if outside := invite.outside_numbers(stated):
        return outside
    if not sum(stated.values()):
        return [NobodyAsked("st_lakare")]
    return [TooFewForReview("st_lakare", k=k)] if _counted(eligible) < k else []


def _counted(eligible: Mapping[Role, int] | Mapping[str, int]) -> int:
    return eligible.get(Role.ST_LAKARE, 0) + eligible.get(Role.HANDLEDARE, 0)
