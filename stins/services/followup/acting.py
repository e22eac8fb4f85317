"""What people do about a breach: actions, decisions, and the reasons for them."""

from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from scoring.rounds import Mode
from stins.box import Box
from stins.services import staff
from stins.services.followup.comparing import met_in
from stins.services.followup.history import tell, written
from stins.services.followup.opening import start
from stins.services.followup.reading import action, followed, found, in_order, step
from stins.services.followup.values import (
    TEXT_MOST,
    WHO_MOST,
    Act,
    AlreadyFollowed,
    ChangedMeanwhile,
    NoEvidence,
    NoFinding,
    NotEnded,
    NotMet,
    NotOpen,
    NotPreliminary,
    Progress,
    ReasonMissing,
    StartsByItself,
    State,
    Step,
    TooLong,
    Wanted,
    WhatMissing,
    clean,
)
from stins.services.inspections import find
from stins.services.refusals import NotFound
from stins.services.report import Result, result_of
from stins.services.rights import Person, Place, may_act, may_decide, may_read
from stins.store.tables import Action, FollowUp


@dataclass(frozen=True, slots=True)
class Finding:
    """A criterion short of met in a result, the follow-up it has or "", and its loose actions."""

    result: Result
    place: Place
    criterion: str
    follow_up: str
    actions: tuple[Step, ...]

    @property
    def may_be_taken_up(self) -> bool:
        """Whether the unit may say that it is to be followed up: nothing else does."""
        return self.result.summary.mode is not Mode.ANONYMOUS and not self.follow_up


def finding(session: Session, person: Person, inspection_id: str, criterion: str) -> Finding:
    """Give a finding to somebody who may do something about it. Raises :class:`NotFound`.

    Raises :class:`NoFinding` when the criterion is met or was not asked for.
    """
    result, where = _finding(session, person, inspection_id, criterion)
    steps = [step(row) for row in _loose(session, inspection_id, criterion)]
    return Finding(
        result, where, criterion, followed(session, inspection_id, criterion) or "", in_order(steps)
    )


def take_up(
    session: Session, box: Box, person: Person, inspection_id: str, criterion: str, now: datetime, today: date
) -> str:
    """Let the unit follow up a finding that started no clock by itself; the six months run from today.

    The actions that were planned for it become the follow-up's. Raises :class:`NotFound`,
    :class:`NoFinding`, :class:`StartsByItself` or :class:`AlreadyFollowed`.
    """
    result, where = _finding(session, person, inspection_id, criterion, lock=True)
    if result.summary.mode is Mode.ANONYMOUS:
        raise StartsByItself
    if followed(session, inspection_id, criterion):
        raise AlreadyFollowed
    row = FollowUp(inspection_id=inspection_id, criterion=criterion, deficiency_id=None)
    row.preliminary = result.catalogue.criteria[criterion].provisional
    id = start(session, box, row, where.id, today, person.id, now)
    for planned in _loose(session, inspection_id, criterion):
        planned.follow_up_id, planned.inspection_id, planned.criterion = id, None, None
        tell(session, box, id, now, person.id, Act.ACTION, written(_as_wanted(planned)))
    return id


def add(session: Session, box: Box, person: Person, id: str, wanted: Wanted, now: datetime) -> str:
    """Add an action to an open follow-up. Raises :class:`NotOpen` and what :func:`_checked` does."""
    row, where = _acted_on(session, person, id)
    wanted = _checked(wanted)
    planned = Action(
        id=box.new_id(), node_id=where.id, follow_up_id=row.id, inspection_id=None, criterion=None
    )
    _write(planned, wanted)
    session.add(planned)
    session.flush()
    tell(session, box, id, now, person.id, Act.ACTION, written(wanted))
    return planned.id


def add_loose(
    session: Session, box: Box, person: Person, inspection_id: str, criterion: str, wanted: Wanted
) -> str:
    """Add an action for a finding that is not followed up.

    Raises :class:`NoFinding` when it is met, and :class:`AlreadyFollowed`.
    """
    _result, where = _finding(session, person, inspection_id, criterion, lock=True)
    if followed(session, inspection_id, criterion):
        raise AlreadyFollowed
    planned = Action(
        id=box.new_id(), node_id=where.id, follow_up_id=None, inspection_id=inspection_id, criterion=criterion
    )
    _write(planned, _checked(wanted))
    session.add(planned)
    session.flush()
    return planned.id


def change(
    session: Session, box: Box, person: Person, id: str, mark: str, wanted: Wanted, now: datetime
) -> None:
    """Change an action that was read with a ``mark``. Those of a follow-up only while it is open.

    Its history keeps how it was; of a loose one it is noted who changed it. Raises :class:`NotOpen`,
    :class:`ChangedMeanwhile` and what :func:`_checked` does.
    """
    row = action(session, person, id)
    wanted = _checked(wanted)
    if row.follow_up_id:
        _acted_on(session, person, row.follow_up_id)
    if wanted == _as_wanted(row):
        return
    if step(row).mark != mark:
        raise ChangedMeanwhile("what")
    if row.follow_up_id:
        tell(session, box, row.follow_up_id, now, person.id, Act.CHANGED, written(wanted))
    else:
        staff.note(session, box, now, person.id, "action_changed", id)
    _write(row, wanted)


def close(
    session: Session, box: Box, person: Person, id: str, reason: str, now: datetime, today: date
) -> None:
    """Close a breach by the written decision of an övergripande studierektor, when there is evidence.

    Raises :class:`NotFound`, :class:`NotOpen`, :class:`ReasonMissing`, :class:`TooLong` or
    :class:`NoEvidence`.
    """
    row = _decided_on(session, person, id)
    reason = _demanded(reason)
    _demand_evidence(session, id, "reason")
    row.state, row.ended_on = State.CLOSED, today
    tell(session, box, id, now, person.id, Act.CLOSED, reason)
    staff.note(session, box, now, person.id, "followup_closed", id)


def close_as_met(session: Session, box: Box, person: Person, id: str, now: datetime, today: date) -> None:
    """Close a breach that an extra internal review has found met, when there is evidence. No reason is asked.

    Raises :class:`NotFound`, :class:`NotOpen`, :class:`NotMet` or :class:`NoEvidence`.
    """
    row, where = found(session, id, lock=True)
    if not may_act(person, where) and not may_decide(person, where):
        raise NotFound
    if row.state != State.OPEN:
        raise NotOpen
    review = met_in(session, row)
    if review is None:
        raise NotMet
    _demand_evidence(session, id, "")
    row.state, row.ended_on, row.met_in_id = State.CLOSED, today, review.id
    tell(session, box, id, now, person.id, Act.MET, review.closed_on.isoformat())
    staff.note(session, box, now, person.id, "followup_met", id)


def dismiss(
    session: Session, box: Box, person: Person, id: str, reason: str, now: datetime, today: date
) -> None:
    """Dismiss a preliminary follow-up with a reason. Raises :class:`NotPreliminary` for any other."""
    row = _decided_on(session, person, id)
    reason = _demanded(reason)
    if not row.preliminary:
        raise NotPreliminary("reason")
    row.state, row.ended_on = State.DISMISSED, today
    tell(session, box, id, now, person.id, Act.DISMISSED, reason)
    staff.note(session, box, now, person.id, "followup_dismissed", id)


def reopen(session: Session, box: Box, person: Person, id: str, reason: str, now: datetime) -> None:
    """Open again what was closed or dismissed, with a reason; the day it was due stands."""
    row, where = found(session, id, lock=True)
    if not may_decide(person, where):
        raise NotFound
    if row.state == State.OPEN:
        raise NotEnded("reason")
    reason = _demanded(reason)
    row.state, row.ended_on, row.met_in_id = State.OPEN, None, None
    tell(session, box, id, now, person.id, Act.REOPENED, reason)
    staff.note(session, box, now, person.id, "followup_reopened", id)


def _finding(
    session: Session, person: Person, inspection_id: str, criterion: str, *, lock: bool = False
) -> tuple[Result, Place]:
    """Give the result in which a criterion falls short, to somebody who may do something about it."""
    row, where = find(session, inspection_id, lock=lock)
    if not may_act(person, where) or not may_read(person, where, dialogue=row.mode == Mode.DIALOGUE):
        raise NotFound
    result = result_of(session, inspection_id)
    if criterion not in result.verdict.weaknesses:
        raise NoFinding
    return result, where


def _loose(session: Session, inspection_id: str, criterion: str) -> list[Action]:
    which = select(Action).where(Action.inspection_id == inspection_id, Action.criterion == criterion)
    return list(session.scalars(which.order_by(Action.id)))


def _acted_on(session: Session, person: Person, id: str) -> tuple[FollowUp, Place]:
    row, where = found(session, id, lock=True)
    if not may_act(person, where):
        raise NotFound
    if row.state != State.OPEN:
        raise NotOpen("what")
    return row, where


def _decided_on(session: Session, person: Person, id: str) -> FollowUp:
    row, where = found(session, id, lock=True)
    if not may_decide(person, where):
        raise NotFound
    if row.state != State.OPEN:
        raise NotOpen("reason")
    return row


def _demand_evidence(session: Session, id: str, field: str) -> None:
    steps = [step(each) for each in session.scalars(select(Action).where(Action.follow_up_id == id))]
    if not any(each.is_done and each.evidence.strip() for each in steps):
        raise NoEvidence(field)


def _demanded(reason: str) -> str:
    reason = clean(reason)
    if not reason:
        raise ReasonMissing("reason")
    if len(reason) > TEXT_MOST:
        raise TooLong("reason", most=TEXT_MOST)
    return reason


def _checked(wanted: Wanted) -> Wanted:
    """Clean the texts of an action. Raises :class:`WhatMissing` or :class:`TooLong`."""
    what, who, evidence = clean(wanted.what), clean(wanted.who), clean(wanted.evidence)
    if not what:
        raise WhatMissing("what")
    for field, text, most in (
        ("what", what, TEXT_MOST),
        ("who", who, WHO_MOST),
        ("evidence", evidence, TEXT_MOST),
    ):
        if len(text) > most:
            raise TooLong(field, most=most)
    return Wanted(what, who, wanted.due_on, wanted.status, evidence)


def _as_wanted(row: Action) -> Wanted:
    return Wanted(row.what, row.who, row.due_on, Progress(row.status), row.evidence)


def _write(row: Action, wanted: Wanted) -> None:
    row.what, row.who, row.due_on = wanted.what, wanted.who, wanted.due_on
    row.status, row.evidence = wanted.status, wanted.evidence
