"""What the register says of A2, A3 and A4 (catalogue.md, "How the three register criteria are answered")."""

from collections.abc import Sequence
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from questionnaires.model import Fact
from stins.services import organisation
from stins.services.followup.values import Progress, State
from stins.services.reviews.reading import covering
from stins.services.reviews.values import next_by
from stins.store.tables import Action, Deficiency, ExternalReview, FollowUp

_UNDER_WAY = (Progress.UNDER_WAY, Progress.DONE, Progress.VERIFIED)


def facts(session: Session, node_id: str, on: date) -> dict[str, Fact]:
    """Give the facts A2–A4 of a place on a day. Without a review on record A4 is left out.

    Several reports of one day are one review here: no deficiency is forgotten for another's sake.
    """
    where = organisation.place(session, node_id)
    rows = [row for row in covering(session, where) if row.reported_on <= on]
    if not rows:
        return {"A2": Fact.NEJ, "A3": Fact.NEJ}
    last = rows[0].reported_on
    recent = Fact.JA if on <= next_by(last) else Fact.NEJ
    return {
        "A2": Fact.JA,
        "A3": recent,
        "A4": _mended(session, [row for row in rows if row.reported_on == last]),
    }


def _mended(session: Session, reviews: Sequence[ExternalReview]) -> Fact:
    still_open = set(
        session.scalars(
            select(FollowUp.id)
            .join(Deficiency, Deficiency.id == FollowUp.deficiency_id)
            .where(
                Deficiency.review_id.in_([row.id for row in reviews]),
                Deficiency.regulation,
                FollowUp.state == State.OPEN,
            )
        )
    )
    if not still_open:
        return Fact.JA
    begun = session.scalars(
        select(Action.follow_up_id).where(Action.follow_up_id.in_(still_open), Action.status.in_(_UNDER_WAY))
    )
    return Fact.DELVIS if still_open <= set(begun) else Fact.NEJ
