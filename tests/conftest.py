"""What every test may ask for: an installation on either database, a world in it, a browser's client."""

import re
import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pages
import postgresql
import pytest
import sqlalchemy
from argon2 import PasswordHasher
from flask import Flask
from flask.testing import FlaskClient
from jinja2 import BytecodeCache, FileSystemBytecodeCache
from sqlalchemy import Engine
from sqlalchemy.dialects.postgresql.psycopg import PGDialect_psycopg
from sqlalchemy.dialects.sqlite.pysqlite import SQLiteDialect_pysqlite
from werkzeug.routing import Rule
from world import PASSWORD, LaidWorld, StillClock, World

from stins import create_app
from stins.box import Box
from stins.box.keys import KeyFolder
from stins.config import settings
from stins.services import staff
from stins.services.installation import Installation
from stins.store import opening, schema
from stins.store.opening import Store

UNLIKE = re.compile(rb'value="[\w.-]{60,}"|[0-9a-f]{16,}')
"""Tokens and ids, by which pages that are otherwise the same differ."""
VALID: set[int] = set()


class AtHome(FlaskClient):
    """A client that asks by the installation's own name, and to whom faulty HTML is an error."""

    def open(self, *args, **how):
        """Send a request. Raises :class:`html5lib.html5parser.ParseError` for a page that is not valid."""
        if args and isinstance(args[0], str):
            how.setdefault("base_url", "http://127.0.0.1:8000")
        response = super().open(*args, **how)
        if response.mimetype == "text/html" and "Location" not in response.headers:
            page = hash(UNLIKE.sub(b"", response.data))
            if page not in VALID:
                pages.parsed(response)
                VALID.add(page)
        return response


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Begin with what takes long: with two at a time, none of it is left to one of them at the end."""
    long = ("slow", "browser")
    items.sort(key=lambda item: not any(item.get_closest_marker(name) for name in long))


@pytest.fixture(scope="session", autouse=True)
def quick_passwords() -> Iterator[None]:
    """Hash passwords cheaply: a world has ten accounts, and each test its own world."""
    quick = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(staff, "_hasher", lambda: quick)
        yield


@pytest.fixture(scope="session", autouse=True)
def statements_compiled_once() -> Iterator[None]:
    """Share what SQLAlchemy has compiled between the engines of tests, each on its own database."""

    def create_engine(url: str, **how: Any) -> Engine:
        return sqlalchemy.create_engine(url, execution_options={"compiled_cache": compiled}, **how)

    compiled: dict[Any, Any] = {}
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(opening, "create_engine", create_engine)
        for dialect in (SQLiteDialect_pysqlite, PGDialect_psycopg):
            patch.setattr(dialect, "__eq__", lambda self, other: type(self) is type(other))
            patch.setattr(dialect, "__hash__", lambda self: hash(type(self)))
        yield


@pytest.fixture(scope="session", autouse=True)
def routes_compiled_once() -> Iterator[None]:
    """Share what Werkzeug has compiled of the routes, which takes most of making an application."""

    def compile_builder(rule: Rule, append_unknown: bool = True) -> Any:
        key = rule.rule, str(rule.defaults), tuple(rule._trace), append_unknown
        if key not in compiled:
            compiled[key] = compiling(rule, append_unknown)
        return compiled[key]

    compiled: dict[Any, Any] = {}
    compiling = Rule._compile_builder
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Rule, "_compile_builder", compile_builder)
        yield


@pytest.fixture(autouse=True)
def no_waiting_for_the_disk(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """Let SQLite not wait for the disk, as PostgreSQL does not here, except where that is what is tested."""
    if request.node.get_closest_marker("slow") is None and not {"store", "cli"} & set(request.path.parts):
        monkeypatch.setitem(opening.PRAGMAS, "synchronous", "off")


@pytest.fixture(scope="session")
def postgresql_server() -> Iterator[postgresql.Server]:
    """A PostgreSQL server with a template database of the newest schema."""
    with postgresql.server() as server:
        with server.admin() as connection:
            connection.execute(f"CREATE DATABASE {postgresql.TEMPLATE}")
        store = Store(server.url(postgresql.TEMPLATE))
        schema.upgrade(store)
        store.dispose()
        yield server


@pytest.fixture(scope="session")
def sqlite_template(tmp_path_factory: pytest.TempPathFactory) -> bytes:
    """An SQLite file of the newest schema."""
    path = tmp_path_factory.mktemp("template") / "stins.sqlite"
    store = Store(f"sqlite:///{path}")
    schema.upgrade(store)
    store.dispose()
    return path.read_bytes()


@pytest.fixture
def sqlite_database(sqlite_template: bytes, tmp_path: Path) -> str:
    """The address of a fresh SQLite database, for tests to which one kind is enough."""
    path = tmp_path / "stins.sqlite"
    path.write_bytes(sqlite_template)
    return f"sqlite:///{path}"


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.postgresql)])
def database(request: pytest.FixtureRequest) -> Iterator[str]:
    """The address of a fresh database: the test runs once on each kind."""
    if request.param == "sqlite":
        yield request.getfixturevalue("sqlite_database")
        return
    looked_into = "attacks" in request.path.parts
    with request.getfixturevalue("postgresql_server").fresh(untouched=looked_into) as url:
        yield url


@pytest.fixture
def clock() -> StillClock:
    """A clock that the test sets."""
    return StillClock()


@pytest.fixture
def installation(database: str, tmp_path: Path) -> Iterator[Installation]:
    """An installation on the database."""
    with made(database, tmp_path) as installation:
        yield installation


@contextmanager
def made(database: str, home: Path) -> Iterator[Installation]:
    """Make an installation on a database, with its keys in a folder."""
    using = settings({"STINS_HOME": str(home), "STINS_DATABASE": database})
    box = Box(secrets.token_bytes(32), KeyFolder(home / "keys", home / "mirror"), secrets.token_bytes)
    (home / "mirror").mkdir(mode=0o700)
    store = Store(database)
    yield Installation(using, secrets.token_bytes(32), store, box)
    store.dispose()


@pytest.fixture(scope="session")
def laid_world(sqlite_template: bytes, tmp_path_factory: pytest.TempPathFactory) -> LaidWorld:
    """The small world, built once by the services."""
    home = tmp_path_factory.mktemp("world")
    (home / "stins.sqlite").write_bytes(sqlite_template)
    with made(f"sqlite:///{home / 'stins.sqlite'}", home) as built:
        return World(built, StillClock()).build().laid()


@pytest.fixture
def world(installation: Installation, clock: StillClock, laid_world: LaidWorld) -> World:
    """A region with units and people, on both databases."""
    return World(installation, clock).lay(laid_world)


@pytest.fixture(scope="session")
def compiled_templates(tmp_path_factory: pytest.TempPathFactory) -> BytecodeCache:
    """What Jinja has compiled: each test has an application of its own."""
    return FileSystemBytecodeCache(str(tmp_path_factory.mktemp("templates")))


@pytest.fixture
def app(world: World, compiled_templates: BytecodeCache) -> Flask:
    """The web application of the world."""
    made = create_app(installation=world.installation, clock=world.clock)
    made.jinja_env.bytecode_cache = compiled_templates
    made.test_client_class = AtHome
    return made


@pytest.fixture
def client(app: Flask) -> FlaskClient:
    """A browser that has not signed in."""
    return app.test_client()


@pytest.fixture
def password() -> str:
    """Everybody's password."""
    return PASSWORD
