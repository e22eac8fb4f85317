"""A registered review is corrected, or removed where it should never have been registered.

What is being followed up follows along, and its history says why: nothing that somebody has done is lost for
a slip of the pen, and no report that was handed in comes to be judged by another day.
"""

from collections.abc import Collection, Iterable, Iterator, Mapping
from datetime import date, datetime

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from stins.box import Box
from stins.services import staff
from stins.services.followup import opening
from stins.services.followup.history import corrected, tell
from stins.services.followup.values import Act, ReasonMissing, ReportState, State
from stins.services.organisation import lock_region, place
from stins.services.refusals import NotFound, Refused, Several
from stins.services.reviews.registering import line, others_of_the_day, storable, wrong
from stins.services.reviews.values import (
    TEXT_MOST,
    AlreadyRegistered,
    BeingMended,
    ReportHandedIn,
    ReportWaits,
    ReviewBeingMended,
    Shortcoming,
    TooLong,
    Wanted,
)
from stins.services.rights import Person, Place, may_decide, may_register
from stins.store.tables import (
    Action,
    Deficiency,
    ExternalReview,
    FollowUp,
    FollowUpEvent,
    FollowUpReport,
    Reminded,
)

UNTOUCHED = (Act.OPENED, Act.MOVED, Act.REDATED, Act.REWORDED)
"""What a follow-up's history holds as long as nobody has done anything about it."""
_HANDED_IN = {ReportState.HANDED_IN, ReportState.APPROVED}


def correct(
    session: Session, box: Box, person: Person, id: str, wanted: Wanted, why: str, now: datetime, today: date
) -> None:
    """Correct a review; its shortcomings are known by their ids, those without one are new.

    ``why`` may be empty where nothing that is followed up changes. Raises :class:`NotFound`, and
    :class:`Several` with everything that is wrong; then nothing is stored.
    """
    row, where = _own(session, person, id)
    lock_region(session, where)
    refusals = _wrong(session, person, row, where, wanted, why, today)
    if refusals:
        raise Several(refusals)
    moved_from, row.reported_on = row.reported_on, wanted.reported_on or row.reported_on
    row.reviewer, row.report = line(wanted.reviewer), line(wanted.report)
    row.grades = {area: grade for area, grade in sorted(wanted.grades.items()) if grade}
    if row.reported_on != moved_from:
        _move(session, box, person, row, moved_from, why, now)
    _correct_shortcomings(session, box, person, row, wanted, why, now)
    staff.note(
        session, box, now, person.id, "review_corrected", id, f"{row.reported_on} {storable(why)}".strip()
    )


def faults(session: Session, person: Person, id: str, wanted: Wanted, why: str, today: date) -> list[Refused]:
    """Give everything that is wrong with a correction, for a form that is to be filled in again."""
    row, where = _own(session, person, id)
    return _wrong(session, person, row, where, wanted, why, today)


def remove(session: Session, box: Box, person: Person, id: str, why: str, now: datetime) -> None:
    """Remove a review that should not have been registered; ``why`` where something it found is followed up.

    Raises :class:`ReviewBeingMended`, :class:`ReasonMissing` or :class:`TooLong`.
    """
    row, where = _own(session, person, id)
    lock_region(session, where)
    followed = _followed(session, id)
    if _touched(session, followed.values()):
        raise ReviewBeingMended
    for refusal in _unreasoned(followed.values(), why):
        raise refusal
    _forget(session, followed.values())
    session.execute(delete(Deficiency).where(Deficiency.review_id == id))
    session.delete(row)
    staff.note(
        session,
        box,
        now,
        person.id,
        "review_removed",
        id,
        f"{row.node_id} {row.reported_on} {storable(why)}".strip(),
    )


def _own(session: Session, person: Person, id: str) -> tuple[ExternalReview, Place]:
    row = session.scalar(select(ExternalReview).where(ExternalReview.id == id).with_for_update())
    if row is None:
        raise NotFound
    where = place(session, row.node_id)
    if not may_register(person, where):
        raise NotFound
    return row, where


def _wrong(
    session: Session,
    person: Person,
    row: ExternalReview,
    where: Place,
    wanted: Wanted,
    why: str,
    today: date,
) -> list[Refused]:
    refusals = list(wrong(wanted, today))
    if line(wanted.reviewer).casefold() in others_of_the_day(session, wanted, but=row.id):
        refusals.append(AlreadyRegistered("reviewer"))
    reports = _reports(session, row.id)
    concerned = _concerned(session, row, wanted)
    states = {reports[each.report_id] for each in concerned if each.report_id}
    refusals += _being_mended(session, row, wanted)
    if ReportState.SIGNING in states:
        return [*refusals, ReportWaits("reason")]
    if states & _HANDED_IN and not may_decide(person, where):
        return [*refusals, ReportHandedIn("reason")]
    return [*refusals, *_unreasoned(concerned, why)]


def _concerned(session: Session, row: ExternalReview, wanted: Wanted) -> list[FollowUp]:
    """Give the follow-ups whose day or words a correction would change, or that it would let go of."""
    followed = _followed(session, row.id)
    if wanted.reported_on and wanted.reported_on != row.reported_on:
        return list(followed.values())
    stay = {each.id: _said(each.area, each.text) for each in wanted.shortcomings if each.regulation}
    rows = session.scalars(select(Deficiency).where(Deficiency.id.in_(followed)))
    return [followed[each.id] for each in rows if stay.get(each.id) != _said(each.area, each.text)]


def _unreasoned(concerned: Collection[FollowUp], why: str) -> Iterator[Refused]:
    if concerned and not storable(why):
        yield ReasonMissing("reason")
    if len(storable(why)) > TEXT_MOST:
        yield TooLong("reason", most=TEXT_MOST)


def _said(area: str, text: str) -> str:
    return f"{area}: {storable(text)}"


def _being_mended(session: Session, row: ExternalReview, wanted: Wanted) -> Iterator[Refused]:
    """Refuse to let go of what somebody is mending."""
    followed = _followed(session, row.id)
    touched = _touched(session, followed.values())
    stay = {each.id for each in wanted.shortcomings if each.regulation and not each.is_blank}
    numbers = {each.id: number for number, each in enumerate(wanted.shortcomings, 1) if each.id}
    for deficiency, follow_up in followed.items():
        if follow_up.id in touched and deficiency not in stay:
            number = numbers.get(deficiency, 0)
            yield BeingMended(f"text_{number}" if number else "reported_on", number=number)


def _correct_shortcomings(
    session: Session,
    box: Box,
    person: Person,
    review: ExternalReview,
    wanted: Wanted,
    why: str,
    now: datetime,
) -> None:
    rows = {
        row.id: row for row in session.scalars(select(Deficiency).where(Deficiency.review_id == review.id))
    }
    said = {id: _said(row.area, row.text) for id, row in rows.items()}
    followed = _followed(session, review.id)
    found = [each for each in wanted.shortcomings if not each.is_blank]
    written = [_written(session, box, review, rows, each) for each in found]
    _forget(
        session,
        [
            follow_up
            for id, follow_up in followed.items()
            if not any(row.id == id and row.regulation for row in written)
        ],
    )
    kept = {row.id for row in written}
    for id, row in rows.items():
        if id not in kept:
            session.delete(row)
    session.flush()
    for row in written:
        if row.regulation and row.id in followed and _said(row.area, row.text) != said[row.id]:
            detail = corrected(said[row.id], _said(row.area, row.text), storable(why))
            tell(session, box, followed[row.id].id, now, person.id, Act.REWORDED, detail)
    unfollowed = [row for row in written if row.id not in followed]
    opening.open_deficiencies(session, box, person.id, review, unfollowed, now)


def _written(
    session: Session,
    box: Box,
    review: ExternalReview,
    rows: Mapping[str, Deficiency],
    shortcoming: Shortcoming,
) -> Deficiency:
    row = rows.get(shortcoming.id) or Deficiency(id=box.new_id(), review_id=review.id)
    row.area, row.text = shortcoming.area, storable(shortcoming.text)
    row.regulation = shortcoming.regulation
    session.add(row)
    session.flush()
    return row


def _move(
    session: Session,
    box: Box,
    person: Person,
    review: ExternalReview,
    moved_from: date,
    why: str,
    now: datetime,
) -> None:
    """Let what is still open run from the right day; the history tells from which it did, and why.

    What a report that was handed in tells of keeps its day: the report is judged by it. Who was reminded of a
    day that is moved is reminded anew.
    """
    reports = _reports(session, review.id)
    for row in _followed(session, review.id).values():
        act, was, became = Act.REDATED, moved_from, review.reported_on
        due_on = opening.mend_by(review.reported_on)
        if row.state == State.OPEN and reports.get(row.report_id or "") not in _HANDED_IN:
            if row.due_on != due_on:
                act, was, became = Act.MOVED, row.due_on, due_on
                session.execute(delete(Reminded).where(Reminded.subject == row.id))
            row.opened_on, row.due_on = review.reported_on, due_on
        detail = corrected(was.isoformat(), became.isoformat(), storable(why))
        tell(session, box, row.id, now, person.id, act, detail)


def _reports(session: Session, review_id: str) -> Mapping[str, ReportState]:
    """Give where each report on a review stands, locked: none is sent or signed meanwhile."""
    # Before the follow-ups, as those who write a report lock them.
    rows = session.scalars(
        select(FollowUpReport).where(FollowUpReport.review_id == review_id).with_for_update()
    )
    return {row.id: ReportState(row.state) for row in rows}


def _followed(session: Session, review_id: str) -> Mapping[str, FollowUp]:
    """Give the follow-up of each deficiency that has one, locked: nobody begins with it meanwhile."""
    rows = session.scalars(
        select(FollowUp)
        .join(Deficiency, Deficiency.id == FollowUp.deficiency_id)
        .where(Deficiency.review_id == review_id)
        .with_for_update(of=FollowUp)
    )
    return {row.deficiency_id or "": row for row in rows}


def _touched(session: Session, follow_ups: Iterable[FollowUp]) -> frozenset[str]:
    """Give those about which somebody has done something: an action, a decision, a report."""
    rows = list(follow_ups)
    ids = [row.id for row in rows]
    acted = session.scalars(select(Action.follow_up_id).where(Action.follow_up_id.in_(ids)))
    told = session.scalars(
        select(FollowUpEvent.follow_up_id).where(
            FollowUpEvent.follow_up_id.in_(ids), FollowUpEvent.act.not_in(UNTOUCHED)
        )
    )
    return frozenset((*acted, *told, *(row.id for row in rows if row.report_id)))


def _forget(session: Session, follow_ups: Iterable[FollowUp]) -> None:
    for row in list(follow_ups):
        session.execute(delete(FollowUpEvent).where(FollowUpEvent.follow_up_id == row.id))
        session.delete(row)
    session.flush()
