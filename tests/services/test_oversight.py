"""What needs a person now, and the overview."""

from datetime import timedelta

from world import World, people

from scoring.rounds import Mode
from stins.services import oversight, void
from stins.services.oversight import Matter
from stins.services.rights import Kind


def matters(world: World, who: str) -> list[Matter]:
    with world.store.reading() as session:
        return [need.matter for need in oversight.needs(session, world.people[who], world.clock.today())]


def closed(world: World, unit: str = "unit", by: str = "studierektor", **changes) -> str:
    id, codes = world.open(unit, by, **changes)
    world.all_hand_in(codes)
    world.close(id, by)
    return id


def test_a_new_studierektor_is_told_to_plan(world: World):
    assert matters(world, "studierektor") == [Matter.PLAN]


def test_an_open_inspection_needs_who_runs_it_and_nobody_else(world: World):
    world.open()
    assert matters(world, "studierektor") == [Matter.OPEN]
    assert matters(world, "verksamhetschef") == []
    assert matters(world, "other") == [Matter.PLAN]


def test_a_fresh_result_is_news_to_the_unit_for_thirty_days(world: World):
    closed(world)
    assert matters(world, "verksamhetschef") == [Matter.RESULT]
    world.clock.forward(days=31)
    assert matters(world, "verksamhetschef") == []


def test_a_request_to_make_void_waits_for_the_other_side(world: World):
    id, _ = world.open()
    with world.store.writing() as session:
        void.ask(session, world.box, world.people["admin"], id, "Fel enhet", world.clock.now())
    assert matters(world, "studierektor") == [Matter.VOID, Matter.OPEN]
    assert matters(world, "admin") == []


def test_the_overview_shows_grades_of_the_latest_released_round(world: World):
    closed(world)
    with world.store.reading() as session:
        rows = {row.place.name: row for row in oversight.units(session, world.people["ovs"])}
    assert set(rows["Kliniken"].grades) == set("ABCDEFGH")
    assert rows["Grannkliniken"].grades == {}
    assert "Fjärrkliniken" not in rows


def test_a_dialogue_is_in_the_overview_by_its_day_alone(world: World):
    id = closed(world, mode=Mode.DIALOGUE, eligible=people(1, 2, 0, 1))
    with world.store.reading() as session:
        rows = {row.inspection: row for row in oversight.units(session, world.people["ovs"])}
    assert rows[id].mode is Mode.DIALOGUE
    assert rows[id].closed_on == world.clock.today()
    assert rows[id].grades == {}


def test_a_round_that_released_nothing_does_not_hide_the_one_before(world: World):
    first = closed(world)
    world.clock.forward(days=120)
    id, _ = world.open(closes_on=world.clock.today() + timedelta(days=10))
    world.close(id)
    with world.store.reading() as session:
        rows = {row.place.name: row for row in oversight.units(session, world.people["region"])}
    assert rows["Kliniken"].inspection == first


def test_places_are_sorted_as_swedes_sort(world: World):
    from stins.services import organisation

    for number, name in enumerate(("Ö-kliniken", "Ä-kliniken", "Å-kliniken", "Z-kliniken")):
        world.place(f"extra{number}", Kind.ENHET, name, world.places["away"])
    with world.store.reading() as session:
        names = [p.name for p in organisation.places(session) if p.parent_id == world.places["away"].id]
    assert names == ["Fjärrkliniken", "Z-kliniken", "Å-kliniken", "Ä-kliniken", "Ö-kliniken"]
