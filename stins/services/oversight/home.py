"""Home: what needs a person now."""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from sqlalchemy.orm import Session

from stins.services import inspections, report, void
from stins.services.followup.reading import pressing
from stins.services.followup.values import Case
from stins.services.rights import UNIT_OFFICES, Office, Person, Place, may_lead

RESULT_IS_NEWS = 30


class Matter(StrEnum):
    """What may need somebody."""

    STUCK = "stuck"
    VOID = "void"
    LATE = "late"
    COMMENTS = "comments"
    DUE = "due"
    DRAFT = "draft"
    OPEN = "open"
    RESULT = "result"
    PLAN = "plan"


@dataclass(frozen=True, slots=True)
class Need:
    """A thing to do: at which place, by or since which day (``None`` = now), with which inspection.

    ``case`` is the breach that is to be mended, in matters of one.
    """

    matter: Matter
    place: Place | None
    inspection: str
    day: date | None
    case: Case | None = None


def needs(session: Session, person: Person, today: date) -> tuple[Need, ...]:
    """Give what needs the person now, the most pressing first."""
    found = [Need(Matter.STUCK, place, id, None) for id, place in void.stuck(session, person)]
    found += [Need(Matter.VOID, case.place, case.id, None) for case in void.cases(session, person)]
    breaches = [_breach(case, today) for case in pressing(session, person, today)]
    found += [need for need in breaches if need.matter is Matter.LATE]
    found += [
        Need(Matter.COMMENTS, about.place, about.id, last)
        for about, last in report.reviews_waiting(session, person)
    ]
    found += [need for need in breaches if need.matter is Matter.DUE]
    seen = inspections.listed(session, person)
    runs = [about for about in seen if may_lead(person, about.place, extra=about.is_extra)]
    found += [
        Need(Matter.OPEN, about.place, about.id, about.closes_on) for about in runs if about.state == "open"
    ]
    found += [
        Need(Matter.DRAFT, about.place, about.id, about.closes_on) for about in runs if about.state == "draft"
    ]
    found += [
        Need(Matter.RESULT, about.place, about.id, about.closed_on)
        for about in seen
        if (person.reaches(about.place, *UNIT_OFFICES) or (about.is_extra and about in runs))
        and about.closed_on
        and (today - about.closed_on).days <= RESULT_IS_NEWS
    ]
    if all(about.is_extra for about in runs) and person.holds(Office.STUDIEREKTOR):
        found.append(Need(Matter.PLAN, None, "", None))
    return tuple(found)


def _breach(case: Case, today: date) -> Need:
    matter = Matter.LATE if case.is_late(today) else Matter.DUE
    return Need(matter, case.place, case.inspection, case.due_on, case)
