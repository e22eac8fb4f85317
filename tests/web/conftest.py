"""Pages do not see which database there is: one kind is enough here, the journeys run on both."""

from pathlib import Path

import pytest


@pytest.fixture
def database(sqlite_template: bytes, tmp_path: Path) -> str:
    """The address of a fresh SQLite database."""
    path = tmp_path / "stins.sqlite"
    path.write_bytes(sqlite_template)
    return f"sqlite:///{path}"
