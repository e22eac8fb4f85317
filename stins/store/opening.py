"""Opening the store: engines set up as running.md says, and transactions to read or to write in."""

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Engine, create_engine, event, make_url
from sqlalchemy.exc import DBAPIError, OperationalError
from sqlalchemy.orm import Session

# A rollback journal keeps no history as a write-ahead log does; deleted rows are overwritten.
PRAGMAS = {
    "journal_mode": "delete",
    "synchronous": "extra",
    "secure_delete": "on",
    "foreign_keys": "on",
    "busy_timeout": "20000",
}

__all__ = ["PRAGMAS", "Session", "Store", "Unreachable"]


class Unreachable(Exception):
    """The database did not answer, was locked too long or is full. Nothing was stored."""


class Store:
    """A database that can be read and written in transactions. One for each process."""

    def __init__(self, url: str) -> None:
        self.url = make_url(url)
        self.is_sqlite = self.url.get_backend_name() == "sqlite"
        self.engine = _sqlite(url) if self.is_sqlite else create_engine(url, pool_pre_ping=True, pool_size=8)

    @contextmanager
    def reading(self) -> Iterator[Session]:
        """Open a transaction that only reads; whatever is changed in it is rolled back."""
        with self._reachable(), Session(self.engine) as session:
            yield session

    @contextmanager
    def writing(self) -> Iterator[Session]:
        """Open a transaction that writes, committed at the end unless an error was raised.

        On SQLite it takes the write lock at once. Raises :class:`Unreachable` when nothing was stored
        because of the database.
        """
        engine = self.engine.execution_options(stins_writes=True)
        with self._reachable(), Session(engine, expire_on_commit=False) as session, session.begin():
            session.connection()  # else the transaction would begin with the first statement
            yield session

    @contextmanager
    def _reachable(self) -> Iterator[None]:
        try:
            yield
        except OperationalError as error:
            raise Unreachable(type(error.orig).__name__) from None
        except sqlite3.OperationalError as error:
            raise Unreachable(type(error).__name__) from None
        except DBAPIError as error:
            if error.connection_invalidated:
                raise Unreachable(type(error.orig).__name__) from None
            raise

    def vacuum(self, *tables: str) -> None:
        """Write tables anew without what was deleted: all of an SQLite file, those named on PostgreSQL."""
        with self._reachable(), self.engine.connect() as connection:
            if self.is_sqlite:
                # Asked of the driver: no transaction may be begun, and SQLAlchemy would begin one.
                connection.connection.cursor().execute("VACUUM")
                return
            at_once = connection.execution_options(isolation_level="AUTOCOMMIT")
            for table in tables:
                at_once.exec_driver_sql(f"VACUUM FULL {table}")

    def dispose(self) -> None:
        """Close every connection."""
        self.engine.dispose()


def _sqlite(url: str) -> Engine:
    file = make_url(url).database
    if file:
        Path(file).parent.mkdir(parents=True, exist_ok=True)
    engine = create_engine(url, connect_args={"timeout": 20})

    @event.listens_for(engine, "connect")
    def set_up(connection: Any, _record: Any) -> None:
        connection.isolation_level = None  # transactions are begun below, not by the driver
        for name, value in PRAGMAS.items():
            connection.execute(f"PRAGMA {name} = {value}")

    @event.listens_for(engine, "begin")
    def begin(connection: Connection) -> None:
        writes = connection.get_execution_options().get("stins_writes", False)
        connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")

    return engine
