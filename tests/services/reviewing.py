"""Extra internal reviews, told for the tests of them."""

from datetime import timedelta

from world import World, people

from questionnaires.model import Fact
from stins.services.followup import acting, comparing, extra
from stins.services.followup.extra import Ground, Kept, Plan
from stins.services.followup.values import Progress
from tests.services.following import add, inspected, of

CIRCLE = 91
FACTS = {"A2": "ja", "A3": "ja", "A4": "delvis", "A8": "ja", "B9": "nej", "F6": "ja"}


def wanted(world: World, areas=("B",), **changes) -> Plan:
    values = {
        "closes_on": world.clock.today() + timedelta(days=CIRCLE + 21),
        "eligible": people(7, 9, 1, 1),
        "areas": areas,
        "facts": {id: Fact(fact) for id, fact in FACTS.items()},
    } | changes
    return Plan(**values)


def grounded(world: World, id: str, who: str = "ovs") -> Ground:
    with world.store.reading() as session:
        today = world.clock.today()
        return extra.ground(session, world.people[who], id, today, today)


def keep(world: World, id: str, areas=("B",), who: str = "ovs", **changes) -> Kept:
    """Plan an extra review of an inspection."""
    with world.store.writing() as session:
        person, today = world.people[who], world.clock.today()
        return extra.plan(session, world.box, person, id, wanted(world, areas, **changes), today)


def reviewed(world: World, id: str, answers=None, areas=("B",), default=3, **changes) -> str:
    """Hold an extra review of an inspection when the circle allows it, and give its id."""
    world.clock.forward(days=CIRCLE)
    kept = keep(world, id, areas, **changes).id
    codes = world.open_planned(kept, "ovs")
    world.all_hand_in(codes, answers=answers or {}, default=default)
    world.close(kept, "ovs")
    return kept


def with_evidence(world: World, criterion: str = "B3", **how) -> str:
    """Hold an inspection with a breach that something is done about; give the follow-up's id."""
    inspected(world, {criterion: 0}, **how)
    id = of(world, criterion).id
    add(world, id, status=Progress.DONE, evidence="Rutin 12 på intranätet")
    return id


def close_as_met(world: World, id: str, who: str = "studierektor") -> None:
    with world.store.writing() as session:
        at = world.at
        acting.close_as_met(session, world.box, world.people[who], id, at.now, at.today)


def compared(world: World, id: str) -> tuple[comparing.Compared, ...]:
    with world.store.reading() as session:
        return comparing.compared(session, id, "sv")
