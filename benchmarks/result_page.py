"""The result page: server time, bytes and statements with 20 respondents and with 200 who answer alike."""

from collections.abc import Iterator
from statistics import median

from world import World, people

from benchmarks.figures import Baseline, Figure, Row, Target, below, milliseconds
from benchmarks.grounds import Ground, sqlite
from benchmarks.sitting import Looked

FEW, MANY = 20, 200
REQUESTS = 100


def _reader(ground: Ground, respondents: int) -> Looked:
    """Let a studierektor look at the result of a unit where everybody agrees."""
    world: World = ground.world(f"of{respondents}")
    # Ten of each side at least, so that the scale is printed in both.
    id, codes = world.open(eligible=people(respondents // 2, respondents // 2))
    world.all_hand_in(codes)
    world.close(id)
    return Looked(world, "studierektor", f"/inspektioner/{id}/resultat")


def measure() -> Iterator[Row]:
    """Measure both in turn, so that what else the machine does weighs on both."""
    with sqlite() as ground:
        few, many = _reader(ground, FEW), _reader(ground, MANY)
        still = [milliseconds(lambda: few.at.get("/halsa")) for _ in range(REQUESTS)]
        for _ in range(REQUESTS):
            few.look()
            many.look()
        yield from _figures(few, many, median(still))


def _figures(few: Looked, many: Looked, still: float) -> Iterator[Row]:
    small, large = median(few.times), median(many.times)
    bare = Baseline(still, "a page of one word")
    yield Figure(f"result page, {FEW} respondents", small, "ms", bare, below(30, small, "ms"))
    yield Figure(f"result page, {MANY} respondents", large, "ms", bare, below(30, large, "ms"))
    yield Figure(
        f"  {MANY} against {FEW}",
        large,
        "ms",
        Baseline(small, f"with {FEW}"),
        Target("within 1.2 of it", max(small, large) <= 1.2 * min(small, large)),
    )
    yield Figure(
        "  bytes",
        many.bytes,
        "B",
        Baseline(few.bytes, f"with {FEW}"),
        Target("within 1 %", abs(many.bytes - few.bytes) <= few.bytes / 100),
    )
    asked, alike = few.statements(), many.statements()
    yield Figure(
        "  SQL statements", alike, "", Baseline(asked, f"with {FEW}"), Target("equal", asked == alike)
    )
