"""Closing: the box is opened in memory, the release written, everything else destroyed (anonymity.md).

Each step is a transaction of its own or can be done again without harm, so that closing may be interrupted
anywhere and taken up by the button, the command or the timer.
"""

from collections import Counter
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlalchemy import delete, func, insert, select
from sqlalchemy.orm import Session

from questionnaires.model import Fact, Role
from scoring.audit import Numbers, Refused, audit
from scoring.ballots import Ballot, BallotFault, check
from scoring.documents.write import digest, frozen, release_document
from scoring.release import Release, answered, count, publish
from scoring.rounds import Round
from scoring.verdict import assess
from stins.box import Box
from stins.box.keys import KeyMissing
from stins.box.sealing import Forged, open_ballot
from stins.services import participation, staff
from stins.services.followup import opening
from stins.services.inspections import check_seal, earlier, find, path_ids, terms_of
from stins.services.participation import Outcome
from stins.services.refusals import NotFound
from stins.services.rights import Person, Place, may_lead
from stins.store.opening import Store
from stins.store.tables import (
    Audit,
    Code,
    Comment,
    Destruction,
    Inspection,
    MailTurn,
    Recipient,
    ReminderDay,
    VoidRequest,
)
from stins.store.tables import Ballot as BallotRow
from stins.store.tables import Release as ReleaseRow

EXTENSION = timedelta(days=14)
STUCK = timedelta(days=30)
COMMENTS_UNREAD = timedelta(days=60)
FORGOTTEN = timedelta(days=30)
STOPPED = "stopped"
DESTROYING = ("close", "void", "comments_read", "comments_unread")


class Stopped(Exception):
    """Closing found something wrong and deleted nothing. The text says what, without any answer."""


@dataclass(frozen=True, slots=True)
class Moment:
    """When something is done: the instant for the audit table, the day for everything that is counted."""

    now: datetime
    today: date


def close(store: Store, box: Box, id: str, at: Moment, by: Person | None = None) -> None:
    """Close an inspection, or take up a closing that was interrupted. Done again it does nothing.

    ``by`` is ``None`` for the timer. Raises :class:`NotFound` where it is not the person's, and
    :class:`Stopped`, having marked the inspection, when a ballot, the promise or the auditor objects.
    """
    with store.writing() as session:
        begin(session, box, id, at, by)
    try:
        with store.writing() as session:
            release(session, box, id, at)
    except Stopped:
        with store.writing() as session:
            row = find(session, id, lock=True)[0]
            if row.state == "closing":  # it may have been closed or made void meanwhile
                row.step = STOPPED
        raise
    destroy(store, box, id, at.today)


def begin(session: Session, box: Box, id: str, at: Moment, by: Person | None) -> None:
    """Step 1: open → closing. It waits for hand-ins under way, and none can begin after it."""
    row, place = find(session, id, lock=True)
    if by is not None and not may_lead(by, place, extra=row.parent_id is not None):
        raise NotFound
    if row.state == "open":
        row.state, row.step = "closing", "begun"
        staff.note(session, box, at.now, by.id if by else None, "close", id)


def release(session: Session, box: Box, id: str, at: "Moment") -> None:
    """Steps 2–5: open every ballot, count, let the auditor check, write the release, delete the rest.

    Breaches of an anonymous inspection are followed up from this day.
    """
    row, place = find(session, id, lock=True)
    if row.state != "closing":
        return
    ballots = opened(session, box, row)
    if Counter(ballot.role for ballot in ballots) != Counter(_spent(session, id)):
        raise Stopped("the ballots are not as many as the spent codes, in all and in each role")
    facts = {fact: Fact(value) for fact, value in row.facts.items()}
    result = publish(Round(terms_of(row), facts, ballots, at.today))
    audited(session, row, place, result, ballots)
    store_release(session, box, row, result)
    terms = terms_of(row)
    opening.open_breaches(session, box, row, assess(result, terms.catalogue, terms.rules), at.today, at.now)
    codes = session.scalar(select(func.count()).select_from(Code).where(Code.inspection_id == id))
    _delete_answers(session, id)
    row.state, row.step = "closed", f"released {len(ballots)} {codes}"


def destroy(store: Store, box: Box, id: str, today: date) -> None:
    """Step 6: destroy the key, here and in the mirror, and only then write what was destroyed."""
    with store.reading() as session:
        row = find(session, id)[0]
        step = row.step or ""
    if row.state != "closed" or not step.startswith("released "):
        return
    box.keys.destroy(id)
    ballots, codes = map(int, step.split()[1:])
    with store.writing() as session:
        row = find(session, id, lock=True)[0]
        if row.step == step:
            session.add(
                Destruction(inspection_id=id, what={"ballots": ballots, "codes": codes, "key": 1}, on=today)
            )
            row.step = "done"


def opened(session: Session, box: Box, row: Inspection) -> tuple[Ballot, ...]:
    """Step 2: decrypt and check every ballot of an inspection. Raises :class:`Stopped` at the first fault."""
    try:
        seal = check_seal(box, row)
        terms = terms_of(row)
        key = box.keys.read(row.id)
        rows = session.execute(
            select(BallotRow.id, BallotRow.sealed)
            .where(BallotRow.inspection_id == row.id)
            .order_by(BallotRow.id)
        )
        contents = [open_ballot(box.pepper, key, id, seal, sealed) for id, sealed in rows]
        return tuple(
            check(terms.catalogue, terms.areas, Role(held.role), held.answers, held.comments)
            for held in contents
        )
    except BallotFault:
        # Its text may quote an answer, which no log and no page may.
        raise Stopped("a ballot does not answer the questions of its role") from None
    except (Forged, KeyMissing) as error:
        raise Stopped(str(error)) from None


def close_due(store: Store, box: Box, at: Moment) -> tuple[str, ...]:
    """Do everything that time asks for, and tell in lines what could not be done.

    Inspections past their last day close, or extend themselves once when nothing could be released;
    interrupted closings are taken up; those stuck for 30 days become void; comments unread for 60 days are
    destroyed, and so are the addresses of drafts whose last day passed 30 days ago. Safe to run twice or on
    two hosts at once.
    """
    with store.reading() as session:
        rows = session.execute(
            select(Inspection.id, Inspection.state, Inspection.closes_on, Inspection.step).where(
                Inspection.state.in_(("open", "closing", "closed"))
            )
        ).all()
    troubles = []
    for id, state, closes_on, step in rows:
        if state == "closed" and step == "done":
            continue
        if state == "open" and closes_on >= at.today:
            continue
        try:
            troubles += _close_due(store, box, id, at)
        except OSError as error:
            # One key that cannot be destroyed must not keep the other inspections open.
            troubles.append(f"inspection {id}: its key is not destroyed: {error}")
    with store.writing() as session:
        _destroy_unread_comments(session, box, at)
        _forget_addresses(session, at.today)
        staff.forget_old_sessions(session, at.now)
    return tuple(troubles)


def _close_due(store: Store, box: Box, id: str, at: Moment) -> list[str]:
    if _extended(store, box, id, at.today):
        return []
    try:
        close(store, box, id, at)
    except Stopped as stopped:
        if not _void_when_stuck(store, box, id, at):
            return [f"inspection {id}: closing has stopped: {stopped}"]
    return []


def sweep(store: Store, now: datetime) -> None:
    """Rewrite the tables of answers and addresses when something of them was destroyed in the last two days.

    What a database keeps of deleted rows until then is gone after it. Meant for the night.
    """
    with store.reading() as session:
        latest = session.scalar(select(func.max(Audit.at)).where(Audit.act.in_(DESTROYING)))
        # A closing that had stopped is begun long before it destroys anything.
        noted = session.scalar(select(func.max(Destruction.on)))
    since = now - timedelta(days=2)
    if (latest and latest >= since) or (noted and noted >= since.date()):
        store.vacuum(*(table.__tablename__ for table in (Code, BallotRow, Comment, Recipient)))


def preview(session: Session, person: Person, id: str, today: date) -> participation.Participation:
    """Give the day's coarse participation, with what closing would give, to who runs the inspection."""
    row, place = find(session, id, lock=True)
    if not may_lead(person, place, extra=row.parent_id is not None) or row.state != "open":
        raise NotFound
    return participation.today(session, row, today)


def make_void(session: Session, box: Box, id: str, reason: str, now: datetime, by: str | None) -> None:
    """Destroy everything of an inspection, release nothing, and keep the reason in the audit table.

    The key is destroyed before the transaction ends: should that fail, the rest stays as it was.
    """
    row, _ = find(session, id, lock=True)
    _delete_answers(session, id)
    session.execute(delete(VoidRequest).where(VoidRequest.inspection_id == id))
    row.state, row.step, row.participation, row.participation_on = "void", "done", None, None
    staff.note(session, box, now, by, "void", id, reason)
    session.flush()
    box.keys.destroy(id)


def audited(
    session: Session, row: Inspection, place: Place, result: Release, ballots: tuple[Ballot, ...]
) -> None:
    """Let the auditor check a release before it is stored. Raises :class:`Stopped` with its reasons."""
    terms = terms_of(row)
    numbers = Numbers(
        mode=str(terms.mode),
        k=terms.k,
        areas=terms.areas,
        comments=str(terms.comments),
        ballots=Counter(ballot.role for ballot in ballots),
        answered={
            id: {role: answered(counts, role) for role in counts} for id, counts in count(ballots).items()
        },
        node=path_ids(place),
        opens_on=row.opens_on,
        earlier=earlier(session, place, row.id),
    )
    try:
        audit(release_document(result), numbers, terms.catalogue)
    except Refused as refused:
        raise Stopped(f"the auditor refuses the release: {refused}") from None


def store_release(session: Session, box: Box, row: Inspection, result: Release) -> None:
    """Store a release that the auditor has passed, and its comments to be read first, in random order."""
    body, sha256 = frozen(result), digest(result)
    session.add(ReleaseRow(inspection_id=row.id, body=body, sha256=sha256, closed_on=result.closed_on))
    comments = [
        {"id": box.new_id(), "inspection_id": row.id, "field": field, "text": text, "state": "waiting"}
        for field, texts in result.comments.items()
        for text in texts
    ]
    if comments:
        session.execute(insert(Comment), sorted(comments, key=lambda each: each["id"]))
    session.flush()


def _delete_answers(session: Session, id: str) -> None:
    """Delete what ties anybody to an inspection: ballots, codes, addresses, and when they are mailed."""
    session.execute(delete(BallotRow).where(BallotRow.inspection_id == id))
    session.execute(delete(Code).where(Code.inspection_id == id))
    for table in (Recipient, ReminderDay, MailTurn):
        session.execute(delete(table).where(table.inspection_id == id))


def _spent(session: Session, id: str) -> dict[Role, int]:
    try:
        return participation.spent(session, id)
    except ValueError:
        raise Stopped("a code is of a role that there is not") from None


def _extended(store: Store, box: Box, id: str, today: date) -> bool:
    """Extend an inspection whose time is out, once, when closing it would release nothing."""
    with store.writing() as session:
        row, _ = find(session, id, lock=True)
        if row.state != "open" or row.closes_on >= today:
            return row.state == "open"
        if row.extended or _gives_something(session, box, row):
            return False
        later = row.closes_on + EXTENSION
        row.closes_on = later if later >= today else today + EXTENSION
        row.extended = True
        return True


def _gives_something(session: Session, box: Box, row: Inspection) -> bool:
    """Say whether closing now would release anything, or would stop: then it must be begun and seen."""
    try:
        check_seal(box, row)
        return participation.outcome(terms_of(row), _spent(session, row.id)) is not Outcome.NONE
    except (Forged, Stopped):
        return True


def _void_when_stuck(store: Store, box: Box, id: str, at: Moment) -> bool:
    with store.writing() as session:
        if find(session, id, lock=True)[0].state != "closing":
            return False
        since = session.scalar(select(func.min(Audit.at)).where(Audit.subject == id, Audit.act == "close"))
        if since is None or at.now - since < STUCK:
            return False
        make_void(session, box, id, "closing was stuck for 30 days", at.now, None)
        return True


def _forget_addresses(session: Session, today: date) -> None:
    """Delete the addresses of drafts that were never opened."""
    old = select(Inspection.id).where(Inspection.state == "draft", Inspection.closes_on < today - FORGOTTEN)
    session.execute(delete(Recipient).where(Recipient.inspection_id.in_(old)))


def _destroy_unread_comments(session: Session, box: Box, at: Moment) -> None:
    """Empty comments that nobody has read in 60 days; they stay waiting, so that the result can say so."""
    old = select(ReleaseRow.inspection_id).where(ReleaseRow.closed_on < at.today - COMMENTS_UNREAD)
    waiting = select(Comment).where(
        Comment.state == "waiting", Comment.text != "", Comment.inspection_id.in_(old)
    )
    comments = session.scalars(waiting).all()
    for comment in comments:
        comment.text = ""
    for id in sorted({comment.inspection_id for comment in comments}):
        staff.note(session, box, at.now, None, "comments_unread", id)
