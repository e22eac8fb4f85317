"""A review is checked, everything at once, and registered with what it found."""

import re
import unicodedata
from collections.abc import Iterator
from datetime import date, datetime
from urllib.parse import urlsplit

from sqlalchemy import select
from sqlalchemy.orm import Session

from questionnaires.read import catalogue, catalogues
from scoring.verdict import Grade
from stins.box import Box
from stins.services import staff
from stins.services.followup.opening import open_deficiencies
from stins.services.organisation import lock_region, place, places
from stins.services.refusals import NotFound, Refused, Several
from stins.services.reviews.values import (
    FIRST_DAY,
    REPORT_MOST,
    REVIEWER_MOST,
    SHORTCOMINGS_MOST,
    TEXT_MOST,
    AlreadyRegistered,
    AreaMissing,
    DayOutside,
    GradeWrong,
    ReportWrong,
    ReviewerMissing,
    Shortcoming,
    TextMissing,
    TooLong,
    TooMany,
    Wanted,
)
from stins.services.rights import Person, Place, may_register
from stins.store.tables import Deficiency, ExternalReview

_SCHEME = re.compile(r"[a-z][a-z0-9+.-]*:", re.IGNORECASE)

Key = tuple[str, date | None, str]


def units_for(session: Session, person: Person) -> tuple[Place, ...]:
    """Give the places whose reviews the person may register."""
    return tuple(place for place in places(session) if may_register(person, place))


def register(
    session: Session, box: Box, person: Person, wanted: Wanted, now: datetime, today: date
) -> ExternalReview:
    """Register a review; a follow-up is opened for each deficiency against a föreskrift. Gives its row.

    Raises :class:`NotFound` for a unit that is not the person's, and :class:`Several` with everything that is
    wrong.
    """
    where = _mine(session, person, wanted.unit_id)
    lock_region(session, where)  # two who register the same review must see each other
    refusals = _wrong(session, wanted, today)
    if refusals:
        raise Several(refusals)
    return keep(session, box, person, wanted, now)


def faults(session: Session, person: Person, wanted: Wanted, today: date) -> list[Refused]:
    """Give everything that is wrong with a review, for a form that is to be filled in again."""
    _mine(session, person, wanted.unit_id)
    return _wrong(session, wanted, today)


def keep(session: Session, box: Box, person: Person, wanted: Wanted, now: datetime) -> ExternalReview:
    """Store a review that has been checked."""
    if wanted.reported_on is None:
        raise ValueError("a review without a day is refused before it is stored")
    review = ExternalReview(
        id=box.new_id(),
        node_id=wanted.unit_id,
        reported_on=wanted.reported_on,
        reviewer=line(wanted.reviewer),
        grades={area: grade for area, grade in sorted(wanted.grades.items()) if grade},
        report=line(wanted.report),
    )
    session.add(review)
    session.flush()
    found = [
        Deficiency(
            id=box.new_id(),
            review_id=review.id,
            area=each.area,
            text=storable(each.text),
            regulation=each.regulation,
        )
        for each in wanted.shortcomings
        if not each.is_blank
    ]
    session.add_all(found)
    session.flush()
    open_deficiencies(session, box, person.id, review, found, now)
    staff.note(session, box, now, person.id, "review", review.id, wanted.reported_on.isoformat())
    session.flush()
    return review


def wrong(wanted: Wanted, today: date) -> Iterator[Refused]:
    """Give everything that is wrong with a review in itself. Shortcomings are numbered from 1."""
    day = wanted.reported_on
    if day is None or not FIRST_DAY <= day <= today:
        yield DayOutside("reported_on", first=FIRST_DAY, last=today)
    if not line(wanted.reviewer):
        yield ReviewerMissing("reviewer")
    elif len(line(wanted.reviewer)) > REVIEWER_MOST:
        yield TooLong("reviewer", most=REVIEWER_MOST)
    areas = _areas()
    for area, grade in wanted.grades.items():
        if area not in areas or (grade and grade not in set(Grade)):
            yield GradeWrong(f"grade_{area}")
    yield from _wrong_report(line(wanted.report))
    if len(wanted.shortcomings) > SHORTCOMINGS_MOST:
        yield TooMany("", most=SHORTCOMINGS_MOST)
    for number, shortcoming in enumerate(wanted.shortcomings[:SHORTCOMINGS_MOST], 1):
        yield from _wrong_shortcoming(shortcoming, number, areas)


def key(wanted: Wanted) -> Key:
    """Give what makes two reviews the same: unit, day and reviewer, however the name is capitalised."""
    return wanted.unit_id, wanted.reported_on, line(wanted.reviewer).casefold()


def registered(session: Session) -> set[Key]:
    """Give what has been registered already."""
    rows = session.execute(
        select(ExternalReview.node_id, ExternalReview.reported_on, ExternalReview.reviewer)
    )
    return {(node_id, day, line(reviewer).casefold()) for node_id, day, reviewer in rows}


def others_of_the_day(session: Session, wanted: Wanted, but: str = "") -> set[str]:
    """Give who has reported on the unit on the same day, ``but`` for one review, names folded."""
    same = select(ExternalReview.reviewer).where(
        ExternalReview.node_id == wanted.unit_id,
        ExternalReview.reported_on == wanted.reported_on,
        ExternalReview.id != but,
    )
    return {line(reviewer).casefold() for reviewer in session.scalars(same)}


def line(text: str) -> str:
    """Give a text as one line, its letters written in one way."""
    return " ".join(storable(text).split())


def storable(text: str) -> str:
    """Give a text as it can be stored on both kinds of database, its lines ended alike."""
    # PostgreSQL stores no null character, and nobody means one.
    return unicodedata.normalize("NFC", text).replace("\0", "").replace("\r\n", "\n").strip()


def _mine(session: Session, person: Person, unit_id: str) -> Place:
    where = place(session, unit_id)
    if not may_register(person, where):
        raise NotFound
    return where


def _wrong(session: Session, wanted: Wanted, today: date) -> list[Refused]:
    refusals = list(wrong(wanted, today))
    if key(wanted)[2] in others_of_the_day(session, wanted):
        refusals.append(AlreadyRegistered("reviewer"))
    return refusals


def _wrong_report(report: str) -> Iterator[Refused]:
    if len(report) > REPORT_MOST:
        yield TooLong("report", most=REPORT_MOST)
    elif not _is_link(report) and (_SCHEME.match(report) or "/" in report or "\\" in report):
        yield ReportWrong("report")


def _is_link(report: str) -> bool:
    try:
        parts = urlsplit(report)
        return parts.scheme in ("http", "https") and bool(parts.hostname) and " " not in report
    except ValueError:
        return False


def _wrong_shortcoming(shortcoming: Shortcoming, number: int, areas: frozenset[str]) -> Iterator[Refused]:
    if shortcoming.is_blank:
        return
    if shortcoming.area not in areas:
        yield AreaMissing(f"area_{number}", number=number)
    if not storable(shortcoming.text):
        yield TextMissing(f"text_{number}", number=number)
    elif len(storable(shortcoming.text)) > TEXT_MOST:
        yield TooLong(f"text_{number}", most=TEXT_MOST)


def _areas() -> frozenset[str]:
    return frozenset(catalogue(catalogues()[-1]).areas)
