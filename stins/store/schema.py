"""The database's schema: brought up to date by Alembic, from the first table on."""

from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory

from stins.store.opening import Store

_FOLDER = Path(__file__).parent.parent / "migrations"


def upgrade(store: Store, revision: str = "head") -> None:
    """Bring the schema up to ``revision``."""
    with store.engine.begin() as connection:
        command.upgrade(_config(connection), revision)


def downgrade(store: Store, revision: str) -> None:
    """Take the schema down to ``revision``."""
    with store.engine.begin() as connection:
        command.downgrade(_config(connection), revision)


def is_current(store: Store) -> bool:
    """Say whether the schema is the newest."""
    with store.engine.connect() as connection:
        found = MigrationContext.configure(connection).get_current_revision()
    return found == ScriptDirectory(str(_FOLDER)).get_current_head()


def _config(connection: object) -> Config:
    config = Config()
    config.set_main_option("script_location", str(_FOLDER).replace("%", "%%"))
    config.set_main_option("path_separator", "os")
    config.attributes["connection"] = connection
    return config
