"""What needs a person now, and the overview."""

from datetime import date, timedelta

import pytest
from statements import counted
from world import World, people

from scoring.rounds import Mode
from stins.services import organisation, oversight, reviews, void
from stins.services.followup import reading
from stins.services.followup.reporting import Task
from stins.services.followup.values import Progress
from stins.services.oversight import Matter, Need
from stins.services.reviews.values import Due, Wanted
from stins.services.rights import Kind
from stins.store.tables import ExternalReview, Outgoing
from tests.services.following import add_loose, deficient, inspected
from tests.services.reports import approve, begin, handed_in, send


def needs(world: World, who: str) -> tuple[Need, ...]:
    with world.store.reading() as session:
        return oversight.needs(session, world.people[who], world.clock.today())


def matters(world: World, who: str) -> list[Matter]:
    """Give what home tells, beside the five-year clock: nobody has been reviewed in the small world."""
    return [need.matter for need in needs(world, who) if need.matter is not Matter.REVIEW]


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


# --- Reports, clocks and mails on home --------------------------------------------------------------------


def reviewed(world: World, days_ago: int, unit: str = "unit", by: str = "studierektor") -> None:
    wanted = Wanted(world.places[unit].id, world.clock.today() - timedelta(days=days_ago), "SPUR", {}, "", ())
    with world.store.writing() as session:
        at = world.at
        reviews.register(session, world.box, world.people[by], wanted, at.now, at.today)


def clocks(world: World, who: str) -> list[tuple[str, Due]]:
    found = [need.clock for need in needs(world, who) if need.clock]
    return [(clock.place.name, clock.state) for clock in found]


def test_a_unit_that_was_never_reviewed_is_told_to_those_it_concerns(world: World):
    for who in ("studierektor", "verksamhetschef"):
        assert clocks(world, who) == [("Kliniken", Due.NEVER)]
    assert clocks(world, "ovs_away") == [("Fjärrkliniken", Due.NEVER)]
    assert clocks(world, "admin") == []


@pytest.mark.parametrize(
    ("days_ago", "told"),
    [
        (1, None),
        (4 * 365, None),
        (4 * 365 + 2, Due.TWELVE_MONTHS),
        (1700, Due.SIX_MONTHS),
        (1900, Due.OVERDUE),
    ],
)
def test_a_clock_is_told_of_from_a_year_before_its_last_day(world: World, days_ago: int, told: Due | None):
    reviewed(world, days_ago)
    assert clocks(world, "studierektor") == ([("Kliniken", told)] if told else [])


@pytest.mark.parametrize("today", [date(2028, 2, 28), date(2028, 2, 29), date(2028, 3, 1), date(2027, 3, 1)])
def test_home_and_the_register_agree_on_which_clocks_need_somebody(world: World, today: date):
    with world.store.writing() as session:
        for day in (date(2024, 2, 28), date(2024, 2, 29), date(2024, 3, 1), date(2023, 3, 1)):
            where = organisation.add_place(session, world.box, Kind.ENHET, f"{day}", world.places["part"].id)
            session.add(
                ExternalReview(
                    id=world.box.new_id(),
                    node_id=where.id,
                    reported_on=day,
                    reviewer="S",
                    grades={},
                    report="",
                )
            )
    with world.store.reading() as session:
        first, total = reviews.due(session, world.people["ovs"], today, 99)
        all_ = reviews.clocks(session, world.people["ovs"], today)
    pressing = {clock.place.name for clock in all_ if clock.state is not Due.FINE}
    assert {clock.place.name for clock in first} == pressing
    assert total == len(pressing)


def test_never_reviewed_units_come_first_and_the_rest_are_counted(world: World):
    reviewed(world, 1900)
    assert [state for _, state in clocks(world, "region")] == [Due.NEVER] * 4 + [Due.OVERDUE]
    for number in range(3):
        world.place(f"new{number}", Kind.ENHET, f"Ny enhet {number}", world.places["part"])
    found = [need for need in needs(world, "region") if need.clock]
    assert [need.more for need in found] == [0, 0, 0, 0, 3]


def test_a_report_is_told_to_whom_it_waits_for(world: World):
    id = inspected(world)
    report = begin(world, id)
    assert Matter.REPORT not in matters(world, "verksamhetschef")
    send(world, report)
    (need,) = [need for need in needs(world, "verksamhetschef") if need.report]
    assert (need.report.report, need.report.task, need.place.name) == (report, Task.SIGN, "Kliniken")
    assert not [need for need in needs(world, "studierektor") if need.report]


def test_a_report_is_to_be_written_when_what_it_tells_of_is_due_soon(world: World):
    id = inspected(world)
    assert Matter.WRITE not in matters(world, "studierektor")
    world.clock.forward(days=125)
    (need,) = [need for need in needs(world, "studierektor") if need.to_write]
    assert (need.matter, need.inspection, need.day) == (Matter.WRITE, id, date(2027, 5, 22))
    assert Matter.WRITE not in matters(world, "ovs") + matters(world, "verksamhetschef")
    report = begin(world, id)
    (need,) = [need for need in needs(world, "studierektor") if need.report]
    assert (need.report.report, need.report.task, need.to_write) == (report, Task.FINISH, None)


def test_what_is_reported_waits_for_who_decides_and_no_longer_for_the_unit(world: World):
    id = inspected(world, {"B3": 0})
    world.clock.forward(days=190)
    assert Matter.LATE in matters(world, "studierektor")
    report = handed_in(world, id)
    for _ in range(2):
        assert Matter.LATE not in matters(world, "studierektor") + matters(world, "verksamhetschef")
        assert Matter.LATE in matters(world, "ovs")
        if _ == 0:
            approve(world, report)


def test_what_is_late_in_a_group_waits_for_the_heads_of_its_units_too(world: World):
    id, codes = world.open("group", "group", eligible=people(7, 9))
    world.all_hand_in(codes, answers={"B3": 0})
    world.close(id, "group")
    world.clock.forward(days=190)
    assert Matter.LATE in matters(world, "member")


def test_an_action_of_no_breach_waits_when_it_is_late(world: World):
    id = inspected(world)
    add_loose(world, id, "D7", due_on=world.clock.today())
    add_loose(world, id, "D7", due_on=world.clock.today(), status=Progress.DONE)
    assert Matter.ACTION not in matters(world, "studierektor")
    world.clock.forward(days=1)
    (need,) = [need for need in needs(world, "studierektor") if need.loose]
    assert (need.matter, need.loose.criterion, need.day) == (Matter.ACTION, "D7", date(2026, 11, 22))
    assert Matter.ACTION not in matters(world, "ovs") + matters(world, "other")


def test_breaches_of_a_day_stand_in_the_order_of_the_catalogue(world: World):
    inspected(world, dict.fromkeys(("E13", "B3", "D10", "D2", "B10"), 0))
    with world.store.reading() as session:
        found = [each.criterion for each in reading.cases(session, world.people["studierektor"])]
        pressing = reading.late(session, world.people["studierektor"], date(2028, 1, 1)).first
    assert len(found) > 3
    assert found == sorted(found, key=lambda id: (id[0], int(id[1:])))
    assert [each.criterion for each in pressing] == found[:5]


def test_breaches_of_a_day_stand_by_place_as_swedes_sort(world: World):
    for number, name in enumerate(("Ö-kliniken", "Å-kliniken", "Ä-kliniken", "Z-kliniken")):
        world.place(f"extra{number}", Kind.ENHET, name, world.places["part"])
        deficient(world, True, where=f"extra{number}")
    with world.store.reading() as session:
        names = [each.place.name for each in reading.cases(session, world.people["ovs"])]
    assert names == ["Z-kliniken", "Å-kliniken", "Ä-kliniken", "Ö-kliniken"]


def test_an_admin_is_told_when_mails_could_not_be_sent(world: World):
    with world.store.writing() as session:
        row = Outgoing(id=world.box.new_id(), account_id=world.people["ovs"].id, subject="s", body="b")
        row.state, row.tries, row.next_at, row.trouble = "failed", 1, world.clock.now(), "550"
        session.add(row)
    assert matters(world, "admin") == [Matter.MAIL]
    assert Matter.MAIL not in matters(world, "region")


def test_home_asks_as_much_of_the_database_however_many_units_there_are(world: World):
    few = asked(world)
    for number in range(30):
        world.place(f"new{number}", Kind.ENHET, f"Ny enhet {number}", world.places["part"])
    assert asked(world) == few


def asked(world: World) -> list[int]:
    """Count the statements of home, for one of each office."""
    found = []
    for who in ("studierektor", "verksamhetschef", "ovs", "region", "admin"):
        with counted(world.store) as sent_:
            needs(world, who)
        found.append(len(sent_))
    return found
