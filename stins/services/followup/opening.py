"""A follow-up is opened: by a closing, by a review, or by the unit itself."""

from collections.abc import Iterable
from datetime import date, datetime

from dateutil.relativedelta import relativedelta
from sqlalchemy import select
from sqlalchemy.orm import Session

from questionnaires.model import Evidence
from questionnaires.read import catalogue
from scoring.rounds import Mode
from scoring.verdict import Verdict
from stins.box import Box
from stins.services.followup.history import tell
from stins.services.followup.values import Act, State
from stins.services.inspections import tied
from stins.services.rights import Kind
from stins.store.tables import Deficiency, ExternalReview, FollowUp, Inspection, Node

MEND_WITHIN = relativedelta(months=6)


def mend_by(day: date) -> date:
    """Give the day six calendar months on; from 31 August it is the last of February."""
    return day + MEND_WITHIN


def open_breaches(
    session: Session, box: Box, row: Inspection, verdict: Verdict, closed_on: date, now: datetime
) -> None:
    """Open a follow-up for each breach of an anonymous inspection. In other modes no clock starts by itself.

    A2–A4 open none of their own while a deficiency of an external review is being followed up. What an extra
    internal review finds not met again goes on being followed up where it was, and closes nothing by itself.
    """
    if row.mode != Mode.ANONYMOUS:
        return
    criteria = catalogue(row.catalogue).criteria
    behind = _deficiency_is_followed(session, row.unit_id)
    known = _followed_since_the_first(session, row)
    for id in verdict.breaches:
        if id in known:
            continue
        if criteria[id].evidence is Evidence.REGISTER and behind:
            continue
        opened = FollowUp(inspection_id=row.id, criterion=id, deficiency_id=None)
        opened.preliminary = criteria[id].provisional
        start(session, box, opened, row.unit_id, closed_on, None, now)


def open_deficiencies(
    session: Session, box: Box, by: str, review: ExternalReview, found: Iterable[Deficiency], now: datetime
) -> None:
    """Open a follow-up for each deficiency against a föreskrift, six months from the day of the report."""
    for deficiency in found:
        if deficiency.regulation:
            opened = FollowUp(inspection_id=None, criterion=None, deficiency_id=deficiency.id)
            opened.preliminary = False
            start(session, box, opened, review.node_id, review.reported_on, by, now)


def start(
    session: Session, box: Box, row: FollowUp, node_id: str, opened_on: date, by: str | None, now: datetime
) -> str:
    """Start the six months of a follow-up and the first line of its history; give its id."""
    row.id, row.node_id = box.new_id(), node_id
    row.opened_on, row.due_on = opened_on, mend_by(opened_on)
    row.state, row.ended_on = State.OPEN, None
    session.add(row)
    session.flush()
    tell(session, box, row.id, now, by, Act.OPENED)
    return row.id


def _followed_since_the_first(session: Session, row: Inspection) -> frozenset[str | None]:
    """Give the criteria that are followed up from the inspection an extra review is of, or from one like it.

    They are locked: what is decided of one at the same moment is known here.
    """
    others = tied(session, row)
    if others is None:
        return frozenset()
    open_ones = select(FollowUp).where(FollowUp.inspection_id.in_(others), FollowUp.state == State.OPEN)
    return frozenset(each.criterion for each in session.scalars(open_ones.with_for_update()))


def _deficiency_is_followed(session: Session, node_id: str) -> bool:
    """Whether a deficiency is followed up there, or at the grupp, whose reviews count for its units."""
    grupp = select(Node.parent_id).where(Node.id == node_id).scalar_subquery()
    open_ones = (
        select(FollowUp.id)
        .join(Node, Node.id == FollowUp.node_id)
        .where(
            (Node.id == node_id) | ((Node.id == grupp) & (Node.kind == Kind.GRUPP)),
            FollowUp.deficiency_id.is_not(None),
            FollowUp.state == State.OPEN,
        )
    )
    return session.scalar(open_ones.limit(1)) is not None
