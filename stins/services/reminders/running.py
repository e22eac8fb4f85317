"""`stins remind`: what fell due is put in the outbox, once for each person, and what waits there is sent."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import groupby
from operator import attrgetter

from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from stins.box import Box
from stins.config import Settings
from stins.services import organisation
from stins.services.close import Moment
from stins.services.mail import outbox
from stins.services.mail.outbox import Draft, Now, Sent
from stins.services.reminders import digest, matters
from stins.services.reminders.digest import Digests
from stins.services.reminders.kinds import Kind
from stins.services.reminders.matters import Due
from stins.services.reminders.writing import write
from stins.services.rights import Person
from stins.store.opening import Store
from stins.store.tables import Reminded

MARKS_AT_ONCE = 2_000
"""Three values a mark: SQLite takes 32 766 in a statement."""


@dataclass(frozen=True, slots=True)
class Reminders:
    """What a run did: how many mails it put in the outbox, and how the sending went."""

    written: int
    sent: Sent


def remind(store: Store, box: Box, settings: Settings, at: Moment, now: Now) -> Reminders:
    """Put in the outbox what fell due, then send what waits. Done again, or at once elsewhere, once is sent.

    Without a mail server nothing is written or marked. ``at`` is when it is for, ``now`` tells the instant
    while mail is sent.
    """
    if settings.mail is None:
        return Reminders(0, Sent())
    written = enqueue(store, box, settings, at)
    sent = outbox.send(store, settings.mail, now)
    with store.writing() as session:
        outbox.tidy(session, at.now)
    return Reminders(written, sent)


def enqueue(store: Store, box: Box, settings: Settings, at: Moment) -> int:
    """Put in the outbox what fell due and was not yet told; give how many mails that is."""
    with store.reading() as session:
        found = matters.read(session, at.today)
        due = [*matters.due(found, at.today), *digest.due(found, at.today)]
        due = matters.unmarked(session, due)
        places = organisation.places(session) if any(each.kind is Kind.DIGEST for each in due) else ()
    writer = _Writer({p.id: p for p in found.people}, Digests(found, places, at.today), settings, at.today)
    written = 0
    for batch in _batches(due):
        with store.writing() as session:
            drafts = writer.drafts(_mark(session, batch, is_sqlite=store.is_sqlite))
            outbox.enqueue(session, box, drafts, at.now)
            written += len(drafts)
    return written


class _Writer:
    """Writes a mail for each person."""

    def __init__(self, people: dict[str, Person], digests: Digests, settings: Settings, today: date) -> None:
        self.people, self.digests, self.settings, self.today = people, digests, settings, today

    def drafts(self, due: Sequence[Due]) -> list[Draft]:
        """Write what is due, sorted by person; a digest with nothing to tell is not sent."""
        return [
            draft for id, own in groupby(due, attrgetter("account_id")) if (draft := self._draft(id, [*own]))
        ]

    def _draft(self, id: str, own: list[Due]) -> Draft | None:
        person = self.people[id]
        told = [each for each in own if each.kind is not Kind.DIGEST]
        parts = self.digests.of(person) if len(told) < len(own) else ()
        if not (told or parts):
            return None
        written = write(person, told, parts, self.settings, self.today)
        return Draft(id, written.subject, written.body)


def _batches(due: Sequence[Due]) -> Iterator[list[Due]]:
    """Give what is due in batches that never part a person, always in the same order: no two runs lock."""
    batch: list[Due] = []
    for _, own in groupby(sorted(due, key=attrgetter("mark")), attrgetter("account_id")):
        mine = list(own)
        if batch and len(batch) + len(mine) > MARKS_AT_ONCE:
            yield batch
            batch = []
        batch += mine
    if batch:
        yield batch


def _mark(session: Session, batch: Sequence[Due], *, is_sqlite: bool) -> list[Due]:
    """Mark what is due as told; give what nobody else had marked."""
    fresh: set[tuple[str, str, str]] = set()
    insert = sqlite.insert if is_sqlite else postgresql.insert
    for start in range(0, len(batch), MARKS_AT_ONCE):
        rows = [
            {"account_id": d.account_id, "subject": d.subject, "stage": d.stage}
            for d in batch[start : start + MARKS_AT_ONCE]
        ]
        statement = insert(Reminded).values(rows).on_conflict_do_nothing()
        given = session.execute(statement.returning(Reminded.account_id, Reminded.subject, Reminded.stage))
        fresh |= {(account, subject, stage) for account, subject, stage in given}
    return [each for each in batch if each.mark in fresh]
