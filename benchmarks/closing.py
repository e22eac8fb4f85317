"""Closing an inspection of 40 ballots, without the night's VACUUM, against bare durable commits."""

from collections.abc import Iterator
from statistics import median

from world import people

from benchmarks.figures import Baseline, Figure, Row, below, milliseconds
from benchmarks.grounds import Bare, Ground, on_both
from stins.services import close
from stins.services.close import Moment

ELIGIBLE = people(18, 20, 1, 1)
TIMES = 7


def measure() -> Iterator[Row]:
    """Measure on both kinds of database."""
    yield from on_both("closing", _measured)


def _measured(ground: Ground) -> Iterator[Row]:
    world = ground.world()
    id, codes = world.open(eligible=ELIGIBLE)
    world.all_hand_in(codes)
    world.store.dispose()
    took, bare = [], []
    for number in range(TIMES):
        took.append(_closing(ground, f"close{number}", id, world.at))
        bare.append(_commit(ground, f"bare{number}", id))
    middle = median(took)
    yield Figure(
        f"closing 40 ballots, {ground.kind}",
        middle,
        "ms",
        Baseline(median(bare), "one bare commit"),
        below(300, middle, "ms"),
    )
    yield Figure("  the slowest of them", max(took), "ms", Baseline(max(bare), "one bare commit"))


def _closing(ground: Ground, name: str, id: str, at: Moment) -> float:
    found = ground.copy("first", name)
    took = milliseconds(lambda: close.close(found.store, found.box, id, at))
    found.store.dispose()
    return took


def _commit(ground: Ground, name: str, id: str) -> float:
    """Delete what closing deletes and write as much as it writes, in one commit by the driver alone."""
    found = ground.copy("first", name)
    bare = Bare(found)
    body = "x" * 12_000
    bare.rows("SELECT sealed FROM ballot WHERE inspection_id = ?", id)

    def commit() -> None:
        with bare.writing():
            bare.run("DELETE FROM ballot WHERE inspection_id = ?", id)
            bare.run("DELETE FROM code WHERE inspection_id = ?", id)
            bare.run(
                "INSERT INTO release (inspection_id, body, sha256, closed_on) VALUES (?, ?, ?, ?)",
                id,
                body,
                "0" * 64,
                "2026-11-22",
            )

    took = milliseconds(commit)
    bare.close()
    return took
