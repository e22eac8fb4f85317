"""What is promised to whoever answers, told from an inspection's real settings."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from sqlalchemy.orm import Session

from questionnaires.model import Role
from scoring.ballots import COMMENT_BYTES, COMMENT_CHARACTERS
from scoring.rounds import Comments, Mode
from stins.box.sealing import Forged as Broken
from stins.services.inspections import closed_on, eligible_of, find
from stins.services.invite import mailing
from stins.services.organisation import K_DEFAULT, K_LEAST, K_MOST
from stins.services.refusals import NotFound

__all__ = ["COMMENT_BYTES", "COMMENT_CHARACTERS", "Broken", "Told", "told"]


@dataclass(frozen=True, slots=True)
class Told:
    """The numbers that the promise names. Without an inspection only ``k`` holds, as the default.

    ``by_mail`` where codes of the inspection were sent by mail.
    ``after`` is the day when the earlier inspection closed, in an extra internal review of it.
    """

    place: str
    k: int
    k_least: int
    k_most: int
    is_dialogue: bool
    has_comments: bool
    codes: Mapping[Role, int]
    closes_on: date | None
    after: date | None = None
    by_mail: bool = False


def told(session: Session, inspection: str) -> Told:
    """Tell the settings of an open inspection, or the installation's where none is named or found."""
    try:
        row, place = find(session, inspection)
    except NotFound:
        return Told("", K_DEFAULT, K_LEAST, K_MOST, False, True, {}, None)  # noqa: FBT003
    if row.state != "open":
        return Told("", row.k, K_LEAST, K_MOST, False, True, {}, None)  # noqa: FBT003
    return Told(
        place=place.name,
        k=row.k,
        k_least=K_LEAST,
        k_most=K_MOST,
        is_dialogue=row.mode == Mode.DIALOGUE,
        has_comments=row.comments != Comments.OFF,
        codes=eligible_of(row),
        closes_on=row.closes_on,
        after=closed_on(session, row.parent_id),
        by_mail=mailing.is_mailed(session, row.id),
    )
