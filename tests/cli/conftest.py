"""Commands do not see which database there is: one kind is enough here, the journeys run on both."""

import pytest


@pytest.fixture
def database(sqlite_database: str) -> str:
    """The address of a fresh database."""
    return sqlite_database
