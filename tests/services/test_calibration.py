"""STINS beside later external reviews: counts over three units or more."""

from datetime import date

import pytest
from world import World

from stins.services.oversight import calibration as module
from stins.services.oversight.calibration import Agreement, calibration
from stins.services.refusals import NotFound
from stins.services.words import Grade
from tests.services.yearly_region import held, reviewed

OURS = {"A": Grade.B, "B": Grade.C, "C": None, "D": Grade.A}


@pytest.fixture(autouse=True)
def known_grades(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let every inspection have the same grades, so that the counts can be worked out by hand."""
    monkeypatch.setattr(module, "grades_of", lambda _session, digests: dict.fromkeys(digests, OURS))


def of(world: World, who: str = "region"):
    with world.store.reading() as session:
        return calibration(session, world.people[who])


def test_each_area_is_counted_by_how_many_steps_we_were_stricter(world: World):
    for where, b in (("unit", "A"), ("other", "C"), ("member", "D")):
        held(world, where, date(2025, 1, 1))
        reviewed(world, where, date(2025, 6, 1), A="B", B=b, C="A")
    found = of(world)
    assert found["A"] == Agreement("A", 3, {0: 3}, 0)
    assert found["B"] == Agreement("B", 3, {2: 1, 0: 1, -1: 1}, 0)
    assert (found["B"].stricter, found["B"].same, found["B"].milder, found["B"].pairs) == (1, 1, 1, 3)
    assert found["C"] is None, "nobody was graded by both"
    assert of(world, "ovs") == found


def test_two_units_are_too_few_however_many_reviews(world: World):
    for where in ("unit", "other"):
        held(world, where, date(2024, 1, 1))
        reviewed(world, where, date(2024, 6, 1), A="B")
        reviewed(world, where, date(2025, 6, 1), A="B")
    assert of(world) == {"A": None}


def test_only_what_closed_before_within_five_years_and_asked_the_area_is_paired(world: World):
    held(world, "unit", date(2025, 1, 1), areas=["A"])
    held(world, "other", date(2019, 1, 1))
    held(world, "member", date(2025, 6, 1))
    held(world, "second", date(2025, 1, 1), "dialogue")
    held(world, "far", date(2025, 1, 1), "typed")
    for where in ("unit", "other", "member", "second", "far"):
        reviewed(world, where, date(2025, 6, 1), B="B")
    assert of(world) == {}


def test_who_oversees_nothing_does_not_find_it(world: World):
    with pytest.raises(NotFound):
        of(world, "studierektor")
