"""A store is opened as running.md says, writes at once or not at all, and forgets what was deleted."""

import sqlite3
from pathlib import Path

import psycopg
import pytest
from sqlalchemy import event, insert, select, text
from sqlalchemy.exc import IntegrityError

from stins.services.installation import Installation
from stins.store.opening import PRAGMAS, Store, Unreachable
from stins.store.tables import Node


@pytest.fixture
def store(installation: Installation) -> Store:
    return installation.store


@pytest.fixture
def impatient(store: Store) -> Store:
    """The same store, which does not wait for a lock."""
    if store.is_sqlite:
        event.listen(store.engine, "connect", lambda raw, _: raw.execute("PRAGMA busy_timeout = 0"))
    else:
        event.listen(store.engine, "connect", lambda raw, _: _hurry(raw))
    return store


def _hurry(connection: psycopg.Connection) -> None:
    connection.execute("SET lock_timeout = '1ms'")
    connection.commit()


def write_and_fail(store: Store) -> None:
    with store.writing() as session:
        session.execute(insert(Node), [place("a")])
        raise ZeroDivisionError


def write_and_lose_the_connection(store: Store) -> None:
    with store.writing() as session:
        session.execute(insert(Node), [place("a")])
        mine = session.scalar(text("SELECT pg_backend_pid()"))
        with store.engine.connect() as other:
            other.execute(text("SELECT pg_terminate_backend(:pid)"), {"pid": mine})
        session.execute(insert(Node), [place("b")])


def place(id: str) -> dict:
    return {"id": id, "parent_id": None, "kind": "region", "name": "R", "path": f"{id}/", "settings": None}


def names(store: Store) -> list[str]:
    with store.reading() as session:
        return list(session.scalars(select(Node.id).order_by(Node.id)))


@pytest.mark.parametrize(
    ("pragma", "value"),
    [
        ("journal_mode", "delete"),
        ("synchronous", 3),
        ("secure_delete", 1),
        ("foreign_keys", 1),
        ("busy_timeout", 20_000),
    ],
)
def test_sqlite_is_set_up_as_promised(tmp_path: Path, pragma: str, value: object):
    store = Store(f"sqlite:///{tmp_path / 'new' / 'stins.sqlite'}")
    with store.reading() as session:
        assert session.scalar(text(f"PRAGMA {pragma}")) == value
    store.dispose()


def test_every_pragma_that_is_set_is_tested_here():
    assert PRAGMAS.keys() == {
        "journal_mode",
        "synchronous",
        "secure_delete",
        "foreign_keys",
        "busy_timeout",
    }


def test_no_write_ahead_log_is_kept(store: Store, tmp_path: Path):
    with store.writing() as session:
        session.execute(insert(Node), [place("a")])
    assert list(tmp_path.glob("*-wal")) == list(tmp_path.glob("*-journal")) == []


def test_a_database_in_memory_needs_no_folder():
    store = Store("sqlite://")
    with store.reading() as session:
        assert session.scalar(text("SELECT 1")) == 1
    store.dispose()


def test_what_is_written_is_there_afterwards(store: Store):
    with store.writing() as session:
        session.execute(insert(Node), [place("a")])
    assert names(store) == ["a"]


def test_an_error_stores_nothing(store: Store):
    with pytest.raises(ZeroDivisionError):
        write_and_fail(store)
    assert names(store) == []


def test_what_is_changed_while_reading_is_rolled_back(store: Store):
    with store.reading() as session:
        session.execute(insert(Node), [place("a")])
    assert names(store) == []


def test_a_fault_of_the_program_is_not_taken_for_an_unreachable_database(store: Store):
    with pytest.raises(IntegrityError), store.writing() as session:
        session.execute(insert(Node), [place("a"), place("a")])
    assert names(store) == []


def test_writing_takes_the_lock_at_once(impatient: Store, tmp_path: Path):
    if not impatient.is_sqlite:
        with impatient.writing() as session:
            assert session.scalar(text("SHOW transaction_isolation")) == "read committed"
        return
    other = sqlite3.connect(tmp_path / "stins.sqlite", timeout=0, isolation_level=None)
    with impatient.writing(), pytest.raises(sqlite3.OperationalError, match="locked"):
        other.execute("BEGIN IMMEDIATE")
    other.execute("BEGIN IMMEDIATE")
    other.close()


def test_readers_read_beside_each_other_and_beside_a_writer(impatient: Store):
    with impatient.writing() as writing:
        writing.execute(insert(Node), [place("a")])
        with impatient.reading() as one, impatient.reading() as other:
            assert one.scalars(select(Node)).all() == other.scalars(select(Node)).all() == []
    assert names(impatient) == ["a"]


def test_a_locked_database_is_unreachable_and_stores_nothing(impatient: Store):
    lock = "SELECT 1" if impatient.is_sqlite else "LOCK TABLE node IN ACCESS EXCLUSIVE MODE"
    with impatient.writing() as first:
        first.execute(text(lock))
        with pytest.raises(Unreachable), impatient.writing() as second:
            second.execute(insert(Node), [place("a")])
    assert names(impatient) == []


def test_a_lost_connection_is_unreachable_and_stores_nothing(store: Store, tmp_path: Path):
    if store.is_sqlite:
        with pytest.raises(Unreachable), Store(f"sqlite:///{tmp_path}").reading() as session:
            session.execute(text("SELECT 1"))
        return
    with pytest.raises(Unreachable):
        write_and_lose_the_connection(store)
    assert names(store) == []


def test_a_connection_that_breaks_in_any_other_way_is_unreachable(store: Store):
    broken = IntegrityError("INSERT", {}, Exception("the line is dead"), connection_invalidated=True)
    with pytest.raises(Unreachable), store.reading():
        raise broken


def test_a_full_disk_is_unreachable_and_stores_nothing(store: Store):
    if not store.is_sqlite:
        with pytest.raises(Unreachable), store.writing() as session:
            session.execute(text("DO $$ BEGIN RAISE EXCEPTION 'full' USING ERRCODE = 'disk_full'; END $$"))
        return
    pages = []
    event.listen(store.engine, "connect", lambda raw, _: pages.append(raw))
    with store.reading() as session:
        count = session.scalar(text("PRAGMA page_count"))
    pages[0].execute(f"PRAGMA max_page_count = {count}")
    with pytest.raises(Unreachable), store.writing() as session:
        session.execute(insert(Node), [place(f"{n:03}") | {"name": "x" * 200} for n in range(400)])
    assert names(store) == []


def test_an_unreachable_database_tells_no_value(impatient: Store):
    with impatient.writing() as first:
        first.execute(text("SELECT 1" if impatient.is_sqlite else "LOCK TABLE node"))
        with pytest.raises(Unreachable) as caught, impatient.writing() as second:
            second.execute(insert(Node), [place("secret")])
    assert "secret" not in f"{caught.value} {caught.value.__cause__}"


def test_vacuum_leaves_nothing_of_what_was_deleted(store: Store, tmp_path: Path):
    with store.writing() as session:
        session.execute(insert(Node), [place(f"{n:03}") | {"name": "distinctive"} for n in range(200)])
    with store.writing() as session:
        session.execute(text("DELETE FROM node WHERE id > '001'"))
    store.vacuum("node")
    assert names(store) == ["000", "001"]
    if store.is_sqlite:
        assert (tmp_path / "stins.sqlite").read_bytes().count(b"distinctive") == 2
    else:
        with store.reading() as session:
            assert session.scalar(text("SELECT pg_relation_size('node')")) == 8192


def test_a_vacuum_that_finds_the_database_locked_is_unreachable(impatient: Store):
    with impatient.writing() as session:
        session.execute(insert(Node), [place("a")])
        with pytest.raises(Unreachable):
            impatient.vacuum("node")
