"""The overview, the yearly report and the comparison with reviews, on a telephone and on a desktop."""

from datetime import date

import pytest
from sizes import DESKTOP
from world import World

from tests.browser.test_followup_clicked import signed_in
from tests.services.following import deficient
from tests.services.yearly_region import held, reviewed, year_2025


@pytest.mark.parametrize("size", [DESKTOP], ids=["1280"])
def test_the_region_looks_over_its_units(visit, world: World, size):
    width = size["width"]
    year_2025(world)
    deficient(world, True)
    for where in ("member", "second", "other", "unit"):
        held(world, where, date(2025, 10, 1))
        reviewed(world, where, date(2026, 6, 1), A="B", B="A", C="B", D="C")
    council = signed_in(visit, size, "region")
    council.go("/oversikt")
    council.look(f"{width}-oversight")
    council.go("/oversikt?visa=forsenade")
    council.look(f"{width}-oversight-late")
    council.go("/oversikt/ar/2025")
    council.look(f"{width}-oversight-year")
    council.go("/oversikt/kalibrering")
    council.look(f"{width}-oversight-calibration")
