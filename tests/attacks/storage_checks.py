"""Looking at stored answers as a thief does: at bytes, system columns and order."""

import os
import subprocess
from collections.abc import Iterable, Mapping, Sequence
from itertools import pairwise
from pathlib import Path

import needs
import psycopg
from argon2 import PasswordHasher
from sqlalchemy import select, text
from sqlalchemy.orm import Session
from world import World

from questionnaires.model import Role
from scoring.rounds import Comments
from stins.box import codes as box_codes
from stins.services import answer
from stins.services.answer import Handed
from stins.store.tables import Ballot, Code
from tests.services.evidence import TWELVE, mirror

PIECE = 48
CHEAP = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1)


# --- Bytes ----------------------------------------------------------------------------------------------


def spellings(code: str) -> dict[str, bytes]:
    """Give every way in which a code may be written."""
    groups = [code[start : start + 4] for start in range(0, 24, 4)]
    written = {separator.join(groups) for separator in ("", "-", " ")}
    written |= {each.lower() for each in written}
    encoded = {each: each.encode() for each in written}
    return {f"code {each}": raw for each, raw in encoded.items()} | {
        f"code {each} in UTF-16": each.encode("utf-16-le") for each in written
    }


def pieces(name: str, raw: bytes) -> dict[str, bytes]:
    """Give pieces of binary data, as they are and as a dump writes them."""
    last = max(0, len(raw) - PIECE)
    cut = [raw[start : start + PIECE] for start in sorted({0, last // 3, last // 2, last})]
    found = {f"{name} [{number}]": piece for number, piece in enumerate(cut)}
    return found | {f"{key} in hexadecimal": piece.hex().encode() for key, piece in found.items()}


def stored(world: World) -> dict[str, bytes]:
    """Give what binds answers to a right to answer: macs, ballot ids and ciphertext."""
    found = {}
    with world.store.reading() as session:
        for mac in session.scalars(select(Code.mac)):
            found |= pieces(f"mac {mac.hex()[:8]}", mac)
        for id, sealed in session.execute(select(Ballot.id, Ballot.sealed)):
            found |= pieces(f"ballot id {id.hex()[:8]}", id)
            found |= pieces(f"ciphertext of {id.hex()[:8]}", sealed)
    return found


def private_keys(world: World) -> dict[str, bytes]:
    """Give the private keys that are kept now."""
    found = {}
    for path in world.box.keys.folder.glob("*.key"):
        found |= pieces(f"key {path.stem[:8]}", path.read_bytes())
    return found


def holding(files: Iterable[Path], wanted: Mapping[str, bytes]) -> list[str]:
    """Name what is found in any of the files."""
    found = []
    for path in files:
        try:
            held = path.read_bytes()
        except FileNotFoundError:
            continue  # a server removes its own files as it likes
        found += [f"{name} in {path.name}" for name, raw in wanted.items() if raw in held]
    return found


class Disk:
    """The files of a world: its database, what lies beside it, a dump of it, and both key folders."""

    def __init__(self, world: World, folder: Path, data: Path | None) -> None:
        self.world, self.folder, self.data = world, folder, data
        self._unwritten: dict[Path, int] = {}
        if data is not None:
            self._unwritten = {path: path.stat().st_mtime_ns for path in self.database()}

    def database(self) -> list[Path]:
        """Give the database's files, of PostgreSQL's those written since the test began.

        Its write-ahead log is left out: nothing is promised of it.
        """
        if self.data is None:
            return [path for path in self.folder.iterdir() if path.is_file()]
        with psycopg.connect(**self._how(), autocommit=True) as connection:
            connection.execute("CHECKPOINT")
            (own,) = connection.execute(
                "SELECT oid FROM pg_database WHERE datname = current_database()"
            ).fetchone()
        others = {path for path in (self.data / "base").iterdir() if path.name != str(own)}
        left_out = others | {self.data / "pg_wal"}
        walked = [(Path(at), names) for at, _, names in os.walk(self.data)]
        found = [at / name for at, names in walked for name in names if not left_out & {at, *at.parents}]
        return [path for path in found if self._written(path)]

    def _written(self, path: Path) -> bool:
        try:
            return path.stat().st_mtime_ns != self._unwritten.get(path)
        except FileNotFoundError:  # a server removes its own files as it likes
            return False

    def dump(self) -> Path:
        """Dump the database as text, as a backup does."""
        path = self.folder / "dump.sql"
        if self.data is None:
            connection = self.world.store.engine.raw_connection()
            path.write_text("\n".join(connection.driver_connection.iterdump()), encoding="utf-8")
            connection.close()
        else:
            program = needs.postgresql_programs() / "pg_dump"
            how = self._how()
            command = [program, "-h", how["host"], "-U", how["user"], "-f", path, how["dbname"]]
            subprocess.run(command, check=True)
        return path

    def keys(self) -> list[Path]:
        """Give the files of the key folder and of its mirror."""
        folders = (self.world.box.keys.folder, self.world.box.keys.mirror)
        return [path for folder in folders if folder.exists() for path in folder.iterdir()]

    def all(self) -> list[Path]:
        """Give every file there is."""
        dump = self.dump()
        return [*dict.fromkeys([*self.database(), dump, *self.keys()])]

    def _how(self) -> dict[str, str]:
        url = self.world.store.url
        return {"host": url.query["host"], "user": url.username, "dbname": url.database}


# --- Order and system columns ---------------------------------------------------------------------------


def opened(world: World, **changes: object) -> tuple[str, dict[Role, tuple[str, ...]]]:
    """Open an inspection of twelve with comments."""
    return world.open(**{"eligible": TWELVE, "comments": Comments.REVIEWED} | changes)


def arrivals(world: World, codes: Sequence[str], **how: object) -> list[bytes]:
    """Hand in with codes in order; give the ballot ids in the order in which they came."""
    order: list[bytes] = []
    for code in codes:
        assert world.hand_in(code, **how) is Handed.RECEIVED
        with world.store.reading() as session:
            order += [id for id in session.scalars(select(Ballot.id)) if id not in order]
    mirror(world)
    return order


def paired_by_transaction(session: Session, id: str) -> list[str]:
    """Name the ballots that share a transaction with fewer codes than there are (PostgreSQL)."""
    rows = session.execute(
        text("SELECT CAST(xmin AS text), mac FROM code WHERE inspection_id = :id"), {"id": id}
    ).all()
    ballots = session.execute(
        text("SELECT CAST(xmin AS text), id FROM ballot WHERE inspection_id = :id"), {"id": id}
    ).all()
    found = []
    for transaction, ballot in ballots:
        shared = [bytes(mac) for xmin, mac in rows if xmin == transaction]
        if 0 < len(shared) < len(rows):
            found.append(f"ballot {bytes(ballot).hex()[:8]} was written with {len(shared)} code(s)")
    return found


def out_of_order(session: Session, id: str) -> list[str]:
    """Name the codes that lie in their page otherwise than in order of mac (PostgreSQL)."""
    rows = session.execute(
        text("SELECT CAST(ctid AS text), mac FROM code WHERE inspection_id = :id"), {"id": id}
    ).all()
    places = sorted((*map(int, place.strip("()").split(",")), bytes(mac)) for place, mac in rows)
    return [
        f"{after[2].hex()[:8]} lies after {before[2].hex()[:8]}"
        for before, after in pairwise(places)
        if before[0] == after[0] and before[2] > after[2]
    ]


def told_by_ids(order: Sequence[bytes]) -> list[str]:
    """Tell whether ballot ids give away the order in which the ballots came."""
    numbers = [int.from_bytes(id) for id in order]
    found = []
    if numbers in (sorted(numbers), sorted(numbers, reverse=True)):
        found.append("the ids stand in the order in which the ballots came")
    if len({after - before for before, after in pairwise(numbers)}) == 1:
        found.append("the ids are evenly spaced")
    return found


def layout(world: World, path: Path | None) -> list[tuple[object, bytes]]:
    """Give where each code lies: its place in the file (SQLite), or in the table (PostgreSQL)."""
    with world.store.reading() as session:
        if path is None:
            rows = session.execute(text("SELECT CAST(ctid AS text), mac FROM code")).all()
            return sorted((place, bytes(mac)) for place, mac in rows)
        macs = list(session.scalars(select(Code.mac)))
    held = path.read_bytes()
    return sorted((held.find(mac), mac) for mac in macs)


# --- What a form gives away -----------------------------------------------------------------------------


def told_by_the_form(world: World, spent: str, unspent: str) -> list[str]:
    """Tell in what a spent code differs from an unspent one of the same role before the form is complete."""
    found = []
    seen = [_outcome(world, code, "form") for code in (spent, unspent)]
    if seen[0] != seen[1]:
        found.append("the form is another")
    tried = [_outcome(world, code, "half") for code in (spent, unspent)]
    if tried[0] != tried[1]:
        found.append("an incomplete form is answered otherwise")
    return found


def _outcome(world: World, code: str, what: str) -> object:
    try:
        with world.store.writing() as session:
            if what == "form":
                return answer.form(session, world.box, code)
            return answer.hand_in(session, world.box, code, {"A1": 3}, {})
    except Exception as fault:  # noqa: BLE001 - which one it is, is what is looked at
        return type(fault), str(fault)


def codes_of(codes: Mapping[Role, Sequence[str]]) -> list[str]:
    """Give all codes, and make sure of their form."""
    found = [code for fresh in codes.values() for code in fresh]
    assert all(box_codes.normalise(code) == code for code in found)
    return found
