"""Reading a result, and reading comments first."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from enum import StrEnum

from sqlalchemy import Select, select
from sqlalchemy.orm import Session

from questionnaires.model import Catalogue
from questionnaires.read import catalogue
from scoring.documents.objects import parse
from scoring.documents.read import read_release
from scoring.release import Release
from scoring.rules import Rules, rules
from scoring.verdict import Verdict, assess
from stins.box import Box
from stins.reports import pictures, table
from stins.services import scope, staff
from stins.services.close import COMMENTS_UNREAD
from stins.services.followup.opening import mend_by
from stins.services.inspections import (
    HAS_RESULT,
    Summary,
    closed_on,
    find,
    released_something,
    summary,
    summary_of,
)
from stins.services.organisation import place_of
from stins.services.refusals import NotFound, Refused
from stins.services.rights import Person, may_read, may_review
from stins.store.tables import Comment, Destruction, Inspection, Node
from stins.store.tables import Release as ReleaseRow

CUT = "[…]"


class CommentState(StrEnum):
    """What has become of a comment."""

    WAITING = "waiting"
    SHOWN = "shown"
    REDACTED = "redacted"
    WITHHELD = "withheld"


class NotAPassage(Refused):
    """A redacted comment may only lack words of the original, with […] in their place."""


class Undecided(Refused):
    """Each comment must be decided on."""


@dataclass(frozen=True, slots=True)
class Destroyed:
    """The destruction note: how many ballots and codes, and on which day."""

    ballots: int
    codes: int
    on: date


@dataclass(frozen=True, slots=True)
class CommentCount:
    """How many comments wait to be read, were changed or withheld, or were destroyed unread."""

    waiting: int
    redacted: int
    withheld: int
    unread: int


@dataclass(frozen=True, slots=True)
class Result:
    """A result as it is read: what was released, what it means, and how it was made.

    ``mend_by`` is the day six calendar months after closing. ``release.comments`` are those that have been
    read first and shown.
    """

    summary: Summary
    release: Release
    verdict: Verdict
    catalogue: Catalogue
    rules: Rules
    parameters: Mapping[str, int]
    sha256: str
    mend_by: date
    comments: CommentCount
    destroyed: Destroyed | None

    def rows(self, lang: str) -> table.Rows:
        """Give the rows to show in ``lang``."""
        return table.rows(self.release, self.verdict, self.catalogue, self.parameters, lang)

    def profile(self, lang: str, title: str, description: str) -> bytes:
        """Draw the grade profile as SVG."""
        return pictures.profile(self.rows(lang).areas, title, description)


@dataclass(frozen=True, slots=True)
class Unread:
    """A comment that waits for its first reader."""

    id: str
    field: str
    text: str


@dataclass(frozen=True, slots=True)
class Decision:
    """What the first reader decides of a comment. ``text`` matters only when it is redacted."""

    id: str
    state: CommentState
    text: str = ""


def result(session: Session, person: Person, id: str) -> Result:
    """Give the result of a closed inspection to somebody who may read it. Raises :class:`NotFound`."""
    row, place = find(session, id)
    if not may_read(person, place, dialogue=row.mode == "dialogue"):
        raise NotFound
    return result_of(session, id)


def result_of(session: Session, id: str) -> Result:
    """Give the result of a closed inspection, whoever asks. Raises :class:`NotFound`."""
    row, place = find(session, id)
    stored = session.get(ReleaseRow, id)
    if stored is None:
        raise NotFound
    comments = session.scalars(select(Comment).where(Comment.inspection_id == id)).all()
    counted = _counted(comments)
    release = replace(
        read_release(parse(stored.body)),
        comments=_shown(comments),
        redacted=counted.redacted + counted.withheld,
    )
    cat, used = catalogue(release.catalogue), rules(release.rules)
    return Result(
        summary=summary_of(
            row, place, stored.closed_on, released_something(stored), closed_on(session, row.parent_id)
        ),
        release=release,
        verdict=assess(release, cat, used),
        catalogue=cat,
        rules=used,
        parameters=row.parameters,
        sha256=stored.sha256,
        mend_by=mend_by(stored.closed_on),
        comments=counted,
        destroyed=_destroyed(session.get(Destruction, id)),
    )


def unread(session: Session, person: Person, id: str) -> tuple[Summary, tuple[Unread, ...]]:
    """Give the comments that wait, to the one who reads them first. Raises :class:`NotFound`."""
    row, place = find(session, id)
    if not may_review(person, place) or row.state != "closed":
        raise NotFound
    waiting = session.scalars(_waiting(id)).all()
    order = (*catalogue(row.catalogue).areas, "best", "improve")
    found = sorted(
        (Unread(c.id, c.field, c.text) for c in waiting), key=lambda c: (order.index(c.field), c.text)
    )
    return summary(session, person, id), tuple(found)


def decide(
    session: Session, box: Box, person: Person, id: str, decisions: Mapping[str, Decision], now: datetime
) -> None:
    """Decide on every waiting comment at once. What is redacted or withheld is overwritten.

    Raises :class:`Undecided` or :class:`NotAPassage` naming the comment in ``field``; nothing is stored then.
    """
    row, place = find(session, id, lock=True)
    if not may_review(person, place) or row.state != "closed":
        raise NotFound
    for comment in session.scalars(_waiting(id)):
        decision = decisions.get(comment.id)
        if decision is None or decision.state is CommentState.WAITING:
            raise Undecided(comment.id)
        comment.state = decision.state
        if decision.state is CommentState.WITHHELD:
            comment.text = ""
        elif decision.state is CommentState.REDACTED:
            comment.text = _redacted(comment, decision.text)
    staff.note(session, box, now, person.id, "comments_read", id)


def reviews_waiting(session: Session, person: Person) -> tuple[tuple[Summary, date], ...]:
    """Give the inspections whose comments wait for this person, with the day they are destroyed unread."""
    waiting = select(Comment.inspection_id).where(Comment.state == "waiting", Comment.text != "")
    rows = session.execute(
        select(Inspection, Node, ReleaseRow.closed_on, HAS_RESULT)
        .join(Node, Node.id == Inspection.unit_id)
        .join(ReleaseRow, ReleaseRow.inspection_id == Inspection.id)
        .where(Inspection.id.in_(waiting), scope.decided_on(person))
        .order_by(ReleaseRow.closed_on, Inspection.id)
    )
    found = ((row, place_of(node), closed_on, bool(has)) for row, node, closed_on, has in rows)
    return tuple(
        (summary_of(row, place, closed_on, has), closed_on + COMMENTS_UNREAD + timedelta(days=1))
        for row, place, closed_on, has in found
        if may_review(person, place)
    )


def _waiting(id: str) -> Select[Comment]:
    return select(Comment).where(Comment.inspection_id == id, Comment.state == "waiting", Comment.text != "")


def _redacted(comment: Comment, text: str) -> str:
    """Check that a redacted text is the original with passages replaced by […]."""
    text = text.strip().replace("[...]", CUT)
    place = 0
    pieces = text.split(CUT)
    for number, piece in enumerate(pieces):
        piece = piece.strip()
        found = comment.text.find(piece, place)
        anchored = (number > 0 or found == 0) and (
            number < len(pieces) - 1 or not piece or comment.text.endswith(piece)
        )
        if found < 0 or not anchored:
            raise NotAPassage(comment.id)
        place = found + len(piece)
    if CUT not in text:
        raise NotAPassage(comment.id)
    return text


def _shown(comments: Sequence[Comment]) -> dict[str, tuple[str, ...]]:
    """Nothing is shown until everything is decided: an order in time could tell who wrote."""
    found: dict[str, list[str]] = {}
    for comment in comments:
        if comment.state in (CommentState.SHOWN, CommentState.REDACTED):
            found.setdefault(comment.field, []).append(comment.text)
    return {field: tuple(sorted(texts)) for field, texts in found.items()}


def _counted(comments: Sequence[Comment]) -> CommentCount:
    states = Counter(comment.state for comment in comments)
    unread = sum(comment.state == CommentState.WAITING and not comment.text for comment in comments)
    return CommentCount(
        waiting=states[CommentState.WAITING] - unread,
        redacted=states[CommentState.REDACTED],
        withheld=states[CommentState.WITHHELD],
        unread=unread,
    )


def _destroyed(row: Destruction | None) -> Destroyed | None:
    return Destroyed(row.what["ballots"], row.what["codes"], row.on) if row else None
