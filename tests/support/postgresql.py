"""A PostgreSQL server of the test run's own, and a fresh database for each test."""

import os
import pwd
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from uuid import uuid4

import needs
import psycopg

TEMPLATE = "stins_template"


class Server:
    """A server that listens on a socket in its own folder."""

    def __init__(self, socket: Path, user: str) -> None:
        self.socket, self.user = socket, user
        self._emptied: list[str] = []
        self._shape: str | None = None

    def url(self, database: str) -> str:
        """Give the SQLAlchemy address of a database."""
        return f"postgresql+psycopg://{self.user}@/{database}?host={self.socket}"

    def admin(self) -> psycopg.Connection:
        """Connect to the maintenance database."""
        return psycopg.connect(f"host={self.socket} user={self.user} dbname=postgres", autocommit=True)

    @contextmanager
    def fresh(self, *, untouched: bool = False) -> Iterator[str]:
        """Give the address of an empty database with the newest schema; it is emptied again afterwards.

        ``untouched``: its files have never held anything else, for those who look into them.
        """
        name = self._emptied.pop() if self._emptied and not untouched else self._made()
        try:
            yield self.url(name)
        finally:
            if not untouched and self._is_emptied(name):
                self._emptied.append(name)
            else:
                with self.admin() as connection:
                    connection.execute(f"DROP DATABASE {name} WITH (FORCE)")

    def _made(self) -> str:
        name = f"stins_{uuid4().hex}"
        with self.admin() as connection:
            connection.execute(f"CREATE DATABASE {name} TEMPLATE {TEMPLATE}")
        if self._shape is None:
            with self._connected(name) as connection:
                self._shape = _shape(connection)
        return name

    def _is_emptied(self, name: str) -> bool:
        """Empty a database whose schema is still the newest; say whether it was."""
        with self._connected(name) as connection:
            if _shape(connection) != self._shape:
                return False
            connection.execute(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity "
                "WHERE datname = current_database() AND pid <> pg_backend_pid()"
            )
            # A tenth of the time of TRUNCATE, which makes new files; as a replica it need not mind the order.
            (deletions,) = connection.execute(
                "SELECT string_agg(format('DELETE FROM %I', tablename), '; ') FROM pg_tables "
                "WHERE schemaname = 'public' AND tablename <> 'alembic_version'"
            ).fetchone()
            connection.execute("SET session_replication_role = replica")
            connection.execute(deletions)
        return True

    def _connected(self, name: str) -> psycopg.Connection:
        return psycopg.connect(f"host={self.socket} user={self.user} dbname={name}", autocommit=True)


def _shape(connection: psycopg.Connection) -> str:
    """Give everything that the schema is made of, as one text."""
    columns = connection.execute(
        "SELECT attrelid::regclass::text, attname, atttypid, attnotnull, attstattarget FROM pg_attribute "
        "JOIN pg_class ON pg_class.oid = attrelid WHERE relnamespace = 'public'::regnamespace ORDER BY 1, 2"
    ).fetchall()
    rules = connection.execute(
        "SELECT conname, pg_get_constraintdef(oid) FROM pg_constraint "
        "WHERE connamespace = 'public'::regnamespace ORDER BY 1, 2"
    ).fetchall()
    return repr((columns, rules))


@contextmanager
def server() -> Iterator[Server]:
    """Run a server for as long as the block lasts. Root may not run one, so then ``postgres`` does."""
    programs = needs.postgresql_programs()
    folder = Path(tempfile.mkdtemp(prefix="stins-pg-"))
    user = "postgres" if os.geteuid() == 0 else pwd.getpwuid(os.geteuid()).pw_name
    if os.geteuid() == 0:
        shutil.chown(folder, user)
    data = folder / "data"

    def run(*command: str) -> None:
        as_user = {"user": user} if os.geteuid() == 0 else {}
        subprocess.run(command, check=True, stdout=subprocess.DEVNULL, cwd=folder, **as_user)

    try:
        run(f"{programs}/initdb", "-D", str(data), "-A", "trust", "-U", user, "-E", "UTF8", "--no-sync")
        # Tests kill clients, never the server or the machine, so it need not wait for the disk. Nothing is
        # vacuumed by itself, so that where rows lie can be compared.
        options = f"-c listen_addresses='' -c unix_socket_directories={folder} -c fsync=off -c autovacuum=off"
        run(f"{programs}/pg_ctl", "-D", str(data), "-w", "-o", options, "-l", str(folder / "log"), "start")
        try:
            yield Server(folder, user)
        finally:
            run(f"{programs}/pg_ctl", "-D", str(data), "-m", "immediate", "stop")
    finally:
        shutil.rmtree(folder, ignore_errors=True)
