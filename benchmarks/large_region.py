"""A region of 2 000 units with ten years of follow-ups: what a page takes there, against one of 20 units."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from statistics import median

from mail_server import Postbox, serving
from world import World

from benchmarks.figures import Baseline, Figure, Row, Target, below, milliseconds
from benchmarks.grounds import Ground, on_both
from benchmarks.region import Region
from benchmarks.sitting import Looked
from stins.config import Settings
from stins.services.reminders import running

FEW, MANY = 20, 2_000
REQUESTS = 25
WHO = {
    "sr_0_0": "studierektor",
    "vc_0_0": "verksamhetschef",
    "ovs_0": "of a förvaltning",
    "ovs_all": "of every unit",
    "rad": "the region's council",
}
PAGES = {"/uppfoljning": "ovs_0", "/inspektioner": "ovs_0", "/granskningar": "ovs_0", "/oversikt": "ovs_0"}


def measure() -> Iterator[Row]:
    """Measure on both kinds of database."""
    yield from on_both("a large region", _measured)


def _measured(ground: Ground) -> Iterator[Row]:
    few, many = _lived_in(ground, "few", FEW), _lived_in(ground, "many", MANY)
    for who, word in WHO.items():
        yield from _compared(few, many, who, "/", f"home, {word}, {ground.kind}", 30)
    for path, who in PAGES.items():
        yield from _compared(few, many, who, path, f"{path}, {WHO[who]}, {ground.kind}", None)
    yield from _reminded(few, many, ground.kind)


def _reminded(few: World, many: World, kind: str) -> Iterator[Row]:
    """Let both be reminded: what is written, what a mail server on this machine takes, and nothing new."""
    postbox = Postbox()
    with serving(postbox) as mail:

        def took(act: Callable[[World, Settings], object]) -> tuple[float, float]:
            both = ((world, replace(world.installation.settings, mail=mail)) for world in (few, many))
            small, large = [milliseconds(lambda w=w, s=s: act(w, s)) for w, s in both]
            return small, large

        def write(world: World, settings: Settings) -> None:
            running.enqueue(world.store, world.box, settings, world.at)

        def run(world: World, settings: Settings) -> None:
            running.remind(world.store, world.box, settings, world.at, world.clock.now)

        for name, act, most in (
            ("stins remind, what it writes", write, 5_000),
            ("  what it then sends, mail by mail", run, None),
            ("  once more, with nothing new", run, 5_000),
        ):
            small, large = took(act)
            base = Baseline(small, f"with {FEW} units")
            target = below(most, large, "ms") if most else None
            yield Figure(f"{name}, {kind}", large, "ms", base, target)
    yield Figure("  mails that the server took", len(postbox.taken), "")


def _lived_in(ground: Ground, name: str, units: int) -> World:
    world = ground.world(name)
    Region(world, units).build()
    return world


def _compared(few: World, many: World, who: str, path: str, name: str, limit: int | None) -> Iterator[Row]:
    small, large = Looked(few, who, path), Looked(many, who, path)
    for _ in range(REQUESTS):
        small.look()
        large.look()
    took = median(large.times)
    yield Figure(
        name,
        took,
        "ms",
        Baseline(median(small.times), f"with {FEW} units"),
        below(limit, took, "ms") if limit else None,
    )
    asked, alike = small.statements(), large.statements()
    yield Figure(
        "  SQL statements",
        alike,
        "",
        Baseline(asked, f"with {FEW} units"),
        Target("no more", alike <= asked),
    )
