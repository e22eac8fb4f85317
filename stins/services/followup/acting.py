"""What people do about a breach: actions, decisions, and the reasons for them."""

from datetime import date, datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from scoring.rounds import Mode
from stins.box import Box
from stins.services import staff
from stins.services.followup.opening import start, tell
from stins.services.followup.reading import found
from stins.services.followup.values import (
    TEXT_MOST,
    WHO_MOST,
    Act,
    AlreadyFollowed,
    NoEvidence,
    NoFinding,
    NotEnded,
    NotOpen,
    NotPreliminary,
    Progress,
    ReasonMissing,
    State,
    TooLong,
    Wanted,
    WhatMissing,
)
from stins.services.inspections import find
from stins.services.organisation import place
from stins.services.refusals import NotFound
from stins.services.report import Result, result_of
from stins.services.rights import Person, Place, may_act, may_decide, may_read
from stins.store.tables import Action, FollowUp


def take_up(
    session: Session, box: Box, person: Person, inspection_id: str, criterion: str, now: datetime, today: date
) -> str:
    """Let the unit follow up a finding that started no clock by itself; the six months run from today.

    Raises :class:`NotFound`, :class:`NoFinding` or :class:`AlreadyFollowed`.
    """
    result, where = _finding(session, person, inspection_id, criterion)
    followed = select(FollowUp.id).where(
        FollowUp.inspection_id == inspection_id, FollowUp.criterion == criterion
    )
    if session.scalar(followed):
        raise AlreadyFollowed
    row = FollowUp(inspection_id=inspection_id, criterion=criterion, deficiency_id=None)
    row.preliminary = result.catalogue.criteria[criterion].provisional
    return start(session, box, row, where.id, today, person.id, now)


def add(session: Session, box: Box, person: Person, id: str, wanted: Wanted, now: datetime) -> str:
    """Add an action to an open follow-up. Raises :class:`NotOpen` and what :func:`_checked` does."""
    row, where = _acted_on(session, person, id)
    action = Action(
        id=box.new_id(), node_id=where.id, follow_up_id=row.id, inspection_id=None, criterion=None
    )
    _write(action, _checked(wanted))
    session.add(action)
    session.flush()
    tell(session, box, id, now, person.id, Act.ACTION, wanted.what)
    return action.id


def add_loose(
    session: Session, box: Box, person: Person, inspection_id: str, criterion: str, wanted: Wanted
) -> str:
    """Add an action for a criterion that is no breach. Raises :class:`NoFinding` when it is met."""
    _result, where = _finding(session, person, inspection_id, criterion)
    action = Action(
        id=box.new_id(), node_id=where.id, follow_up_id=None, inspection_id=inspection_id, criterion=criterion
    )
    _write(action, _checked(wanted))
    session.add(action)
    session.flush()
    return action.id


def change(session: Session, box: Box, person: Person, id: str, wanted: Wanted, now: datetime) -> None:
    """Change an action. Those of a follow-up only while it is open."""
    action = session.get(Action, id)
    if action is None or not may_act(person, place(session, action.node_id)):
        raise NotFound
    wanted = _checked(wanted)
    if action.follow_up_id:
        row, _where = _acted_on(session, person, action.follow_up_id)
        tell(session, box, row.id, now, person.id, Act.CHANGED, f"{wanted.what} ({wanted.status})")
    _write(action, wanted)


def close(
    session: Session, box: Box, person: Person, id: str, reason: str, now: datetime, today: date
) -> None:
    """Close a breach by the written decision of an övergripande studierektor, when there is evidence.

    Raises :class:`NotFound`, :class:`NotOpen`, :class:`ReasonMissing` or :class:`NoEvidence`.
    """
    row = _decided_on(session, person, id, reason)
    shown = session.scalars(
        select(Action.evidence).where(
            Action.follow_up_id == id, Action.status.in_((Progress.DONE, Progress.VERIFIED))
        )
    )
    if not any(evidence.strip() for evidence in shown):
        raise NoEvidence
    row.state, row.ended_on = State.CLOSED, today
    tell(session, box, id, now, person.id, Act.CLOSED, reason)
    staff.note(session, box, now, person.id, "followup_closed", id)


def dismiss(
    session: Session, box: Box, person: Person, id: str, reason: str, now: datetime, today: date
) -> None:
    """Dismiss a preliminary follow-up with a reason. Raises :class:`NotPreliminary` for any other."""
    row = _decided_on(session, person, id, reason)
    if not row.preliminary:
        raise NotPreliminary
    row.state, row.ended_on = State.DISMISSED, today
    tell(session, box, id, now, person.id, Act.DISMISSED, reason)
    staff.note(session, box, now, person.id, "followup_dismissed", id)


def reopen(session: Session, box: Box, person: Person, id: str, reason: str, now: datetime) -> None:
    """Open again what was closed or dismissed, with a reason; the day it was due stands."""
    row, where = found(session, id, lock=True)
    if not may_decide(person, where):
        raise NotFound
    if row.state == State.OPEN:
        raise NotEnded
    _demand_reason(reason)
    row.state, row.ended_on = State.OPEN, None
    tell(session, box, id, now, person.id, Act.REOPENED, reason)
    staff.note(session, box, now, person.id, "followup_reopened", id)


def _finding(session: Session, person: Person, inspection_id: str, criterion: str) -> tuple[Result, Place]:
    """Give the result in which a criterion falls short, to somebody who may do something about it."""
    row, where = find(session, inspection_id, lock=True)
    if not may_act(person, where) or not may_read(person, where, dialogue=row.mode == Mode.DIALOGUE):
        raise NotFound
    result = result_of(session, inspection_id)
    if criterion not in result.verdict.weaknesses:
        raise NoFinding
    return result, where


def _acted_on(session: Session, person: Person, id: str) -> tuple[FollowUp, Place]:
    row, where = found(session, id, lock=True)
    if not may_act(person, where):
        raise NotFound
    if row.state != State.OPEN:
        raise NotOpen
    return row, where


def _decided_on(session: Session, person: Person, id: str, reason: str) -> FollowUp:
    row, where = found(session, id, lock=True)
    if not may_decide(person, where):
        raise NotFound
    if row.state != State.OPEN:
        raise NotOpen
    _demand_reason(reason)
    return row


def _demand_reason(reason: str) -> None:
    if not reason.strip():
        raise ReasonMissing("reason")
    if len(reason) > TEXT_MOST:
        raise TooLong("reason", most=TEXT_MOST)


def _checked(wanted: Wanted) -> Wanted:
    what, who, evidence = wanted.what.strip(), wanted.who.strip(), wanted.evidence.strip()
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


def _write(action: Action, wanted: Wanted) -> None:
    action.what, action.who, action.due_on = wanted.what, wanted.who, wanted.due_on
    action.status, action.evidence = wanted.status, wanted.evidence
