"""What the database and the key folders hold of an inspection, told for the tests of closing."""

import shutil
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import func, select, text
from world import World, people

from questionnaires.model import Fact, Role
from scoring.documents.write import frozen
from scoring.release import publish
from scoring.rounds import Comments, Round
from stins.services import close
from stins.services.inspections import find, terms_of
from stins.store.tables import Audit, Ballot, Code, Comment, Destruction, Inspection, Release

TWELVE = people(5, 5, 1, 1)
REMARK = "Den gröna pärmen är borta"


@dataclass(frozen=True, slots=True)
class Left:
    """How much there is of an inspection."""

    state: str
    step: str | None
    ballots: int
    codes: int
    spent: int
    released: int
    comments: int
    noted: int
    key: bool
    mirrored: bool


def left(world: World, id: str) -> Left:
    """Look."""
    with world.store.reading() as session:

        def count(table, *more) -> int:
            return session.scalar(
                select(func.count()).select_from(table).where(table.inspection_id == id, *more)
            )

        row = session.get(Inspection, id)
        return Left(
            state=row.state,
            step=row.step,
            ballots=count(Ballot),
            codes=count(Code),
            spent=count(Code, Code.spent),
            released=count(Release),
            comments=count(Comment),
            noted=count(Destruction),
            key=(world.box.keys.folder / f"{id}.key").exists(),
            mirrored=(world.box.keys.mirror / f"{id}.key").exists(),
        )


def mirror(world: World) -> None:
    """Copy the keys to the mirror, as ``stins backup-keys`` does."""
    for path in world.box.keys.folder.glob("*.key"):
        shutil.copy(path, world.box.keys.mirror)


def unmirror(world: World) -> Path:
    """Take the mirror away, as when a disk is not mounted; give the path that it had."""
    shutil.rmtree(world.box.keys.mirror)
    return world.box.keys.mirror


def answered(world: World, **changes) -> tuple[str, dict[Role, tuple[str, ...]]]:
    """Open an inspection with comments, let all twelve hand in; give its id and its codes."""
    id, codes = world.open(**{"eligible": TWELVE, "comments": Comments.REVIEWED} | changes)
    for number, code in enumerate(code for fresh in codes.values() for code in fresh):
        world.hand_in(code, default=number % 4, comments={"best": f"{REMARK} {number % 2}"})
    mirror(world)
    return id, codes


def body_to_come(world: World, id: str) -> str:
    """Give the release's body that closing today would write."""
    with world.store.reading() as session:
        row, _ = find(session, id)
        ballots = close.opened(session, world.box, row)
        facts = {id: Fact(fact) for id, fact in row.facts.items()}
        return frozen(publish(Round(terms_of(row), facts, ballots, world.clock.today())))


def body(world: World, id: str) -> str:
    """Give the body that was released."""
    with world.store.reading() as session:
        return session.get(Release, id).body


def acts(world: World, subject: str) -> list[str]:
    """Give the audited acts on an inspection, in order of time and then of name."""
    with world.store.reading() as session:
        rows = session.execute(select(Audit.at, Audit.act).where(Audit.subject == subject))
        return [act for _, act in sorted(tuple(row) for row in rows)]


def details(world: World, subject: str, act: str) -> list[str]:
    """Give what the audit table keeps beside an act."""
    with world.store.reading() as session:
        return list(session.scalars(select(Audit.detail).where(Audit.subject == subject, Audit.act == act)))


def change(world: World, sql: str, **values) -> None:
    """Change the database behind the program's back."""
    with world.store.writing() as session:
        session.execute(text(sql), values)
