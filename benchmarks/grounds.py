"""Where a measure is made: installations in a folder on disk, on either kind of database, that can be copied.

A baseline works on a copy of the very database that the program works on, through the driver alone.
"""

import os
import shutil
import sqlite3
import subprocess
import tempfile
from collections.abc import Callable, Iterable, Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import needs
import postgresql
import psycopg
import pytest
from sqlalchemy import make_url
from world import StillClock, World

from benchmarks.figures import LeftOut, Row
from stins.config import settings
from stins.services import installation
from stins.services.installation import Installation
from stins.store import schema
from stins.store.opening import PRAGMAS

NOWHERE = "http://127.0.0.1:8000"


@dataclass(frozen=True, slots=True)
class Ground:
    """A folder for installations, each in a home of its own."""

    folder: Path
    server: postgresql.Server | None = None

    @property
    def kind(self) -> str:
        """Name the database."""
        return "PostgreSQL" if self.server else "SQLite"

    def world(self, name: str = "first") -> World:
        """Make an installation with the tests' small world in it."""
        home = self.folder / name
        home.mkdir()
        if self.server:
            self._run(f"CREATE DATABASE {name}")
        made = self._installation(name)
        schema.upgrade(made.store)
        return World(made, StillClock()).build()

    def copy(self, name: str, to: str, public_url: str = NOWHERE) -> Installation:
        """Copy an installation whose store is disposed: its secrets, its keys and its database."""
        shutil.copytree(self.folder / name, self.folder / to)
        if self.server:
            self._run(f"CREATE DATABASE {to} TEMPLATE {name}")
        return self._installation(to, public_url)

    def _installation(self, name: str, public_url: str = NOWHERE) -> Installation:
        environ = {"STINS_HOME": str(self.folder / name), "STINS_PUBLIC_URL": public_url}
        if self.server:
            environ["STINS_DATABASE"] = self.server.url(name)
        using = settings(environ)
        installation.make_secrets(using)
        return installation.opened(using)

    def _run(self, statement: str) -> None:
        assert self.server
        with self.server.admin() as connection:
            connection.execute(statement)


class Bare:
    """A database through its driver alone, as durable as the program opens it."""

    def __init__(self, found: Installation) -> None:
        self.is_sqlite = found.store.is_sqlite
        self.connection: Any = _connected(found)
        self.cursor = self.connection.cursor()
        if self.is_sqlite:
            for pragma, value in PRAGMAS.items():
                self.run(f"PRAGMA {pragma} = {value}")

    def run(self, sql: str, *values: object) -> None:
        """Run one statement; values stand as ``?``."""
        self.cursor.execute(self._own(sql), values)

    def run_many(self, sql: str, rows: Iterable[tuple[object, ...]]) -> None:
        """Run a statement for each row."""
        self.cursor.executemany(self._own(sql), rows)

    def rows(self, sql: str, *values: object) -> list[tuple[Any, ...]]:
        """Give what a statement finds."""
        return list(self.cursor.execute(self._own(sql), values).fetchall())

    @contextmanager
    def writing(self) -> Iterator[None]:
        """Open a transaction that writes, and commit it durably."""
        self.run("BEGIN IMMEDIATE" if self.is_sqlite else "BEGIN")
        yield
        self.run("COMMIT")

    def close(self) -> None:
        """Close the connection."""
        self.connection.close()

    def _own(self, sql: str) -> str:
        return sql if self.is_sqlite else sql.replace("?", "%s")


def _connected(found: Installation) -> Any:
    url = make_url(found.settings.database)
    if found.store.is_sqlite:
        return sqlite3.connect(str(url.database), isolation_level=None)
    where = f"host={url.query['host']} user={url.username} dbname={url.database}"
    return psycopg.connect(where, autocommit=True)


@contextmanager
def sqlite() -> Iterator[Ground]:
    """Give a ground with SQLite files on disk, and remove it afterwards."""
    folder = Path(tempfile.mkdtemp(prefix="stins-bench-"))
    try:
        yield Ground(folder)
    finally:
        shutil.rmtree(folder)


@contextmanager
def on_postgresql() -> Iterator[Ground]:
    """Give a ground with a PostgreSQL server of its own; lacking one, it skips as a test does."""
    with postgresql.server() as server, sqlite() as ground:
        _make_durable(server)
        yield Ground(ground.folder, server)


def _make_durable(server: postgresql.Server) -> None:
    """Start the server anew so that a commit waits for the disk: the tests' own need not, and does not."""
    options = f"-c listen_addresses='' -c unix_socket_directories={server.socket} -c fsync=on"
    pg_ctl = needs.postgresql_programs() / "pg_ctl"
    subprocess.run(
        [pg_ctl, "-D", server.socket / "data", "-w", "-o", options, "-l", server.socket / "log", "restart"],
        check=True,
        stdout=subprocess.DEVNULL,
        cwd=server.socket,
        user=server.user if os.geteuid() == 0 else None,
    )
    with server.admin() as connection:
        for setting in ("fsync", "synchronous_commit"):
            assert connection.execute(f"SHOW {setting}").fetchone() == ("on",)


def on_both(name: str, measure: Callable[[Ground], Iterable[Row]]) -> Iterator[Row]:
    """Make a measure on each kind of database; what this machine lacks is left out by name."""
    grounds: tuple[Callable[[], AbstractContextManager[Ground]], ...] = (sqlite, on_postgresql)
    for opened in grounds:
        try:
            with opened() as ground:
                yield from measure(ground)
        except pytest.skip.Exception as lacking:
            yield LeftOut(f"{name}, PostgreSQL", str(lacking))


def file_system(folder: Path) -> str:
    """Name the type of the file system that a folder lies on, where the machine tells it."""
    mounts = Path("/proc/mounts")
    if not mounts.exists():
        return "unknown"
    kinds = {line.split()[1]: line.split()[2] for line in mounts.read_text(encoding="utf-8").splitlines()}
    above = [place for place in kinds if folder.resolve().is_relative_to(place)]
    return kinds[max(above, key=len)]
