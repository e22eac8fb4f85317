"""The questionnaire that a code opens: server time and bytes, without and with comment fields."""

import gzip
from collections.abc import Iterator
from statistics import median

from world import World

from benchmarks.figures import Baseline, Figure, Row, below, milliseconds
from benchmarks.grounds import sqlite
from benchmarks.sitting import Sitting
from questionnaires.model import Role
from scoring.rounds import Comments

REQUESTS = 100


def measure() -> Iterator[Row]:
    """Measure the ST-läkare's questionnaire."""
    with sqlite() as ground:
        world = ground.world()
        yield from _measured(world, "unit", "studierektor", "form page", Comments.OFF)
        yield from _measured(world, "other", "other", "form page with comments", Comments.REVIEWED)


def _measured(world: World, unit: str, by: str, name: str, comments: Comments) -> Iterator[Row]:
    _, codes = world.open(unit, by, comments=comments)
    code = codes[Role.ST_LAKARE][0]
    at = Sitting(world)
    page = at.post("/svara", code=code).data
    times, still = [], []
    for _ in range(REQUESTS):
        times.append(milliseconds(lambda: at.post("/svara", code=code)))
        still.append(milliseconds(lambda: at.get("/halsa")))
    took = median(times)
    yield Figure(name, took, "ms", Baseline(median(still), "a page of one word"), below(10, took, "ms"))
    yield Figure("  bytes", len(page), "B")
    yield Figure("  bytes compressed by gzip", len(gzip.compress(page)), "B")
