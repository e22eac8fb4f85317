"""Home: what needs a person now."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import date, timedelta
from enum import StrEnum

from sqlalchemy import select
from sqlalchemy.orm import Session

from stins.services import inspections, report, reviews, scope, void
from stins.services.followup import reporting
from stins.services.followup.reading import DUE_SOON, due_soon, late, late_actions
from stins.services.followup.reporting import ToWrite, Waiting
from stins.services.followup.values import Case, Loose, Pressing
from stins.services.mail import outbox
from stins.services.reviews.values import Clock
from stins.services.rights import UNIT_OFFICES, Office, Person, Place, may_lead
from stins.store.tables import FollowUp, Inspection, Node, Release

RESULT_IS_NEWS = 30
FEW = 5
"""How many of one matter are told one by one; the rest are counted and stand in their own list."""


class Matter(StrEnum):
    """What may need somebody."""

    STUCK = "stuck"
    VOID = "void"
    LATE = "late"
    COMMENTS = "comments"
    REPORT = "report"
    WRITE = "write"
    DUE = "due"
    ACTION = "action"
    REVIEW = "review"
    MAIL = "mail"
    DRAFT = "draft"
    OPEN = "open"
    RESULT = "result"
    PLAN = "plan"


@dataclass(frozen=True, slots=True)
class Need:
    """A thing to do: at which place, by or since which day (``None`` = now), with which inspection.

    ``case`` is the breach that is to be mended, ``report`` the written report that waits, ``to_write`` what
    none is begun on, ``loose`` an action of no breach and ``clock`` the unit's five-year clock, each in
    matters of its kind. ``more`` is how many of the same matter there are
    beside those that are told one by one.
    """

    matter: Matter
    place: Place | None
    inspection: str
    day: date | None
    case: Case | None = None
    report: Waiting | None = None
    to_write: ToWrite | None = None
    loose: Loose | None = None
    clock: Clock | None = None
    more: int = 0


def needs(session: Session, person: Person, today: date) -> tuple[Need, ...]:
    """Give what needs the person now, the most pressing first, a few of each matter."""
    first = [
        *(Need(Matter.STUCK, place, id, None) for id, place in void.stuck(session, person)),
        *(Need(Matter.VOID, case.place, case.id, None) for case in void.cases(session, person)),
        *_breaches(Matter.LATE, late(session, person, today)),
        *_few(
            Need(Matter.COMMENTS, about.place, about.id, last)
            for about, last in report.reviews_waiting(session, person)
        ),
        *_few(
            Need(Matter.REPORT, each.place, "", each.due_on, report=each)
            for each in reporting.waiting(session, person)
        ),
        *_few(
            Need(Matter.WRITE, each.place, each.inspection, each.due_on, to_write=each)
            for each in _to_write(session, person, today)
        ),
        *_breaches(Matter.DUE, due_soon(session, person, today)),
        *_actions(session, person, today),
    ]
    rest = (*_inspections(session, person, today), *_reviews(session, person, today))
    return (*first, *rest, *_unsent(session, person))


def _unsent(session: Session, person: Person) -> tuple[Need, ...]:
    """Tell an admin of mails that could not be sent, so that nobody waits for a reminder in vain."""
    if person.holds(Office.ADMIN) and outbox.failures(session):
        return (Need(Matter.MAIL, None, "", None),)
    return ()


def _reviews(session: Session, person: Person, today: date) -> tuple[Need, ...]:
    clocks, total = reviews.due(session, person, today, FEW)
    return _cut([Need(Matter.REVIEW, each.place, "", each.due_on, clock=each) for each in clocks], total)


def _to_write(session: Session, person: Person, today: date) -> tuple[ToWrite, ...]:
    """Give what the studierektor is to write a report on, when it is due as soon as a breach is told of."""
    if not person.holds(Office.STUDIEREKTOR):
        return ()
    soon = FollowUp.due_on <= today + DUE_SOON
    return reporting.to_write(session, person, None, scope.reached(person, Office.STUDIEREKTOR), soon)


def _actions(session: Session, person: Person, today: date) -> tuple[Need, ...]:
    if not person.holds(*UNIT_OFFICES):
        return ()
    late_ones, total = late_actions(session, person, today, FEW)
    found = [
        Need(Matter.ACTION, each.place, each.inspection, each.actions[0].due_on, loose=each)
        for each in late_ones
    ]
    return _cut(found, total)


def _breaches(matter: Matter, pressing: Pressing) -> tuple[Need, ...]:
    found = [Need(matter, case.place, case.inspection, case.due_on, case) for case in pressing.first]
    return _cut(found, pressing.total)


def _inspections(session: Session, person: Person, today: date) -> Iterator[Need]:
    fresh = select(Release.inspection_id).where(Release.closed_on >= today - timedelta(days=RESULT_IS_NEWS))
    current = Inspection.state.in_(("open", "draft")) | Inspection.id.in_(fresh)
    extra = Inspection.parent_id.is_not(None) & scope.decided_on(person)
    mine = scope.reached(person, *UNIT_OFFICES) | extra
    seen = inspections.listed(session, person, current, mine)
    runs = [about for about in seen if may_lead(person, about.place, extra=about.is_extra)]
    for matter, state in ((Matter.OPEN, "open"), (Matter.DRAFT, "draft")):
        yield from _few(
            Need(matter, about.place, about.id, about.closes_on) for about in runs if about.state == state
        )
    yield from _few(
        Need(Matter.RESULT, about.place, about.id, about.closed_on)
        for about in seen
        if (person.reaches(about.place, *UNIT_OFFICES) or (about.is_extra and about in runs))
        and about.closed_on
    )
    own = any(not about.is_extra for about in runs)
    if not own and person.holds(Office.STUDIEREKTOR) and not _has_run(session, person):
        yield Need(Matter.PLAN, None, "", None)


def _has_run(session: Session, person: Person) -> bool:
    """Whether any inspection was ever held, or is planned, where the person runs them."""
    any_of_them = (
        select(Inspection.id)
        .join(Node, Node.id == Inspection.unit_id)
        .where(Inspection.state != "void", scope.reached(person, Office.STUDIEREKTOR))
    )
    return session.scalar(any_of_them.limit(1)) is not None


def _few(all_of_it: Iterable[Need]) -> tuple[Need, ...]:
    found = list(all_of_it)
    return _cut(found[:FEW], len(found))


def _cut(first: list[Need], total: int) -> tuple[Need, ...]:
    """Let the last that is told say how many more there are."""
    if total > len(first):
        first[-1] = replace(first[-1], more=total - len(first))
    return tuple(first)
