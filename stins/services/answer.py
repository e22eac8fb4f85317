"""Answering: a code opens a form, and a complete form is handed in. Nothing here knows who."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from enum import Enum

from sqlalchemy import insert, or_, select, update
from sqlalchemy.orm import Session

from questionnaires.model import Question, Role
from scoring.ballots import Ballot, BallotFault, check
from scoring.rounds import Comments, Mode, Terms
from stins.box import Box, codes
from stins.box.sealing import ID_BYTES, Contents, seal_ballot
from stins.services.inspections import check_seal, closed_on, eligible_of, find, terms_of
from stins.services.refusals import NotFound
from stins.services.rights import Place
from stins.store.tables import Ballot as BallotRow
from stins.store.tables import Code, Inspection


class NoSuchCode(Exception):
    """The code opens nothing: unknown, mistyped or no longer valid. The three are not told apart."""


class Ended(Exception):
    """The inspection is closed or the code holds no longer: the answer was not received."""


class Handed(Enum):
    """What became of a complete form."""

    RECEIVED = "received"
    ALREADY = "already"


@dataclass(frozen=True, slots=True)
class Form:
    """What a respondent is shown: the promise's own numbers and the questions of the role.

    ``after`` is the day when the earlier inspection closed, in an extra internal review of it.
    """

    inspection: str
    place: Place
    role: Role
    terms: Terms
    parameters: Mapping[str, int]
    closes_on: date
    codes: Mapping[Role, int]
    after: date | None
    questions: tuple[Question, ...]
    comment_fields: tuple[str, ...]

    @property
    def is_dialogue(self) -> bool:
        """Say whether answers may be worked out, which the respondent must have understood."""
        return self.terms.mode is Mode.DIALOGUE


def form(session: Session, box: Box, typed: str) -> Form:
    """Give the form that a code opens, spent or not. Raises :class:`NoSuchCode`.

    Raises :class:`stins.box.sealing.Forged` when the inspection is not what was promised.
    """
    row = _code(session, box, typed)
    if row is None:
        raise NoSuchCode
    inspection, place = find(session, row.inspection_id)
    if inspection.state != "open":
        raise NoSuchCode
    check_seal(box, inspection)
    return _form(session, inspection, place, Role(row.role))


def hand_in(
    session: Session, box: Box, typed: str, answers: Mapping[str, object], comments: Mapping[str, str]
) -> Handed:
    """Take one person's answers, in the caller's one writing transaction.

    Raises :class:`Ended` when the code opens nothing any more, :class:`scoring.ballots.BallotFault` when
    something is missing or too much, :class:`stins.box.sealing.Forged` when the promise is broken.
    """
    row = _code(session, box, typed)
    if row is None:
        raise Ended
    # Locked whole: closing waits for this hand-in, and hand-ins write the codes one after the other.
    inspection, place = _locked(session, row.inspection_id)
    seal = check_seal(box, inspection)
    shown = _form(session, inspection, place, Role(row.role))
    if comments and not shown.comment_fields:
        raise BallotFault("there are comments, but none are asked for; leave them out")
    ballot = check(shown.terms.catalogue, shown.terms.areas, shown.role, answers, comments)
    if not _spend(session, inspection.id, row.mac):
        return Handed.ALREADY
    id = box.entropy(ID_BYTES)
    sealed = seal_ballot(
        box.pepper,
        inspection.public_key or b"",
        id,
        seal,
        _contents(ballot),
        with_comments=shown.terms.comments is not Comments.OFF,
    )
    session.execute(insert(BallotRow), [{"id": id, "inspection_id": inspection.id, "sealed": sealed}])
    return Handed.RECEIVED


def _code(session: Session, box: Box, typed: str) -> Code | None:
    code = codes.normalise(typed)
    return session.get(Code, codes.mac(box.pepper, code)) if code else None


def _locked(session: Session, id: str) -> tuple[Inspection, Place]:
    try:
        inspection, place = find(session, id, lock=True)
    except NotFound:
        raise Ended from None
    if inspection.state != "open":
        raise Ended
    return inspection, place


def _spend(session: Session, inspection: str, mac: bytes) -> bool:
    """Mark a code spent, writing all codes of the inspection anew in one statement.

    A code written alone would share its transaction id, and its place in the table, with one ballot.
    """
    spent = session.scalar(select(Code.spent).where(Code.mac == mac, Code.inspection_id == inspection))
    if spent is None:
        raise Ended  # made anew since it was looked up
    if spent:
        return False
    session.execute(
        update(Code)
        .where(Code.inspection_id == inspection)
        .values(spent=or_(Code.spent, Code.mac == mac))
        .execution_options(synchronize_session=False)
    )
    return True


def _form(session: Session, inspection: Inspection, place: Place, role: Role) -> Form:
    terms = terms_of(inspection)
    return Form(
        inspection=inspection.id,
        place=place,
        role=role,
        terms=terms,
        parameters=inspection.parameters,
        closes_on=inspection.closes_on,
        codes=eligible_of(inspection),
        after=closed_on(session, inspection.parent_id),
        questions=terms.catalogue.questionnaires[role].within(terms.areas),
        comment_fields=(
            terms.catalogue.comment_fields(role, terms.areas) if terms.comments is not Comments.OFF else ()
        ),
    )


def _contents(ballot: Ballot) -> Contents:
    answers = {id: answer.value for id, answer in ballot.answers.items()}
    return Contents(ballot.role, answers, ballot.comments)
