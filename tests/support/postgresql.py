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

    def url(self, database: str) -> str:
        """Give the SQLAlchemy address of a database."""
        return f"postgresql+psycopg://{self.user}@/{database}?host={self.socket}"

    def admin(self) -> psycopg.Connection:
        """Connect to the maintenance database."""
        return psycopg.connect(f"host={self.socket} user={self.user} dbname=postgres", autocommit=True)

    @contextmanager
    def fresh(self) -> Iterator[str]:
        """Give the address of a new database with the newest schema; drop it afterwards."""
        name = f"stins_{uuid4().hex}"
        with self.admin() as connection:
            connection.execute(f"CREATE DATABASE {name} TEMPLATE {TEMPLATE}")
        try:
            yield self.url(name)
        finally:
            with self.admin() as connection:
                connection.execute(f"DROP DATABASE {name} WITH (FORCE)")


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
        options = f"-c listen_addresses='' -c unix_socket_directories={folder}"
        run(f"{programs}/pg_ctl", "-D", str(data), "-w", "-o", options, "-l", str(folder / "log"), "start")
        try:
            yield Server(folder, user)
        finally:
            run(f"{programs}/pg_ctl", "-D", str(data), "-m", "immediate", "stop")
    finally:
        shutil.rmtree(folder, ignore_errors=True)
