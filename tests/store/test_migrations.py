"""The migrations make the very schema of the models, and each step can be taken down and up again."""

from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import MetaData, inspect
from world import World

from stins.services.followup import reading
from stins.services.installation import Installation
from stins.store import schema
from stins.store.opening import Store
from stins.store.tables import Table
from tests.services.following import inspected

STEPS = [
    step.revision
    for step in reversed(
        list(ScriptDirectory(str(Path(schema.__file__).parent.parent / "migrations")).walk_revisions())
    )
]


@pytest.fixture
def store(installation: Installation) -> Store:
    return installation.store


def shape(store: Store) -> dict[str, object]:
    """Give every table as the database itself describes it."""
    found = MetaData()
    found.reflect(store.engine)
    looked_at = inspect(store.engine)
    return {
        name: (
            sorted((column.name, str(column.type), column.nullable) for column in table.columns),
            sorted(str(constraint.name) for constraint in table.constraints),
            sorted(str(index["name"]) for index in looked_at.get_indexes(name)),
        )
        for name, table in found.tables.items()
    }


def test_the_newest_schema_equals_the_models(store: Store):
    with store.engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        assert compare_metadata(context, Table.metadata) == []


def test_the_newest_schema_is_current(store: Store):
    assert schema.is_current(store)


def test_upgrading_again_changes_nothing(store: Store):
    before = shape(store)
    schema.upgrade(store)
    assert shape(store) == before


@pytest.mark.parametrize("step", range(len(STEPS)), ids=STEPS)
def test_a_step_can_be_taken_down_and_up_again(store: Store, step: int):
    newest = shape(store)
    below = STEPS[step - 1] if step else "base"
    schema.downgrade(store, below)
    assert not schema.is_current(store)
    schema.upgrade(store, STEPS[step])
    schema.upgrade(store)
    assert shape(store) == newest


def test_taken_down_to_the_ground_nothing_is_left(store: Store):
    schema.downgrade(store, "base")
    assert inspect(store.engine).get_table_names() == ["alembic_version"]


def test_there_is_one_line_of_steps_without_branches():
    assert len(ScriptDirectory(str(Path(schema.__file__).parent.parent / "migrations")).get_heads()) == 1


def test_what_is_followed_up_outlives_the_steps(world: World):
    """A table is never laid anew under the rows that refer to it."""
    id = inspected(world)
    with world.store.reading() as session:
        before = reading.of_inspection(session, id)
    schema.downgrade(world.store, "0002")
    schema.upgrade(world.store)
    with world.store.reading() as session:
        assert reading.of_inspection(session, id) == before
