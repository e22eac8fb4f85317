"""Made quick for tests of services: passwords are hashed cheaply, and SQLite does not wait for the disk."""

import pytest
from argon2 import PasswordHasher

from stins.services import staff
from stins.store import opening


@pytest.fixture(autouse=True)
def _cheap_hashing(monkeypatch: pytest.MonkeyPatch) -> None:
    cheap = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1)
    monkeypatch.setattr(staff, "_hasher", lambda: cheap)


@pytest.fixture(autouse=True)
def _no_waiting_for_the_disk(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    if request.node.get_closest_marker("slow") is None:
        monkeypatch.setitem(opening.PRAGMAS, "synchronous", "off")
