"""Passwords are hashed cheaply here, save where hashing itself is tested."""

import pytest
from argon2 import PasswordHasher

from stins.services import staff


@pytest.fixture(autouse=True)
def _cheap_hashing(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    cheap = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1)
    monkeypatch.setattr(staff, "_hasher", lambda: cheap)
