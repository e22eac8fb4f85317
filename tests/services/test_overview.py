"""The overview a page at a time: where each area's grade comes from, who is shown, and what it asks for."""

from collections import OrderedDict
from datetime import date

import pytest
from statements import counted
from world import World

from scoring.documents.write import frozen
from stins.services import pages
from stins.services.oversight import grades
from stins.services.oversight.overview import Show, UnitRow, overview_page
from stins.services.pages import Page
from stins.services.rights import Kind, Office
from tests.services.following import deficient
from tests.services.test_calibration import OURS, RELEASE, nobody_concerned
from tests.services.yearly_region import held

DAY = date(2026, 11, 22)


def shown(world: World, who: str = "ovs", show: Show = Show.ALL, number: int = 1) -> Page[UnitRow]:
    with world.store.reading() as session:
        return overview_page(session, world.people[who], show, number, DAY)


def names(page: Page[UnitRow]) -> list[str]:
    return [row.place.name for row in page.items]


def test_an_extra_review_of_one_area_leaves_the_others_as_they_were(world: World):
    first = held(world, "unit", date(2026, 1, 10), body=frozen(RELEASE))
    again = held(world, "unit", date(2026, 6, 10), parent=first, areas=["D"], body=frozen(nobody_concerned()))
    row = next(row for row in shown(world).items if row.place.name == "Kliniken")
    assert row.asked["D"].inspection == again
    assert {area: each.closed_on for area, each in row.asked.items()} == dict.fromkeys(
        "ABCEFGH", date(2026, 1, 10)
    ) | {"D": date(2026, 6, 10)}
    assert {area: row.grades[area] for area in OURS} == OURS | {"D": None}


def test_every_page_stands_below_the_names_of_what_is_above(world: World, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(pages, "PAGE", 2)
    found = [names(shown(world, number=number)) for number in (1, 2, 3)]
    assert found == [
        ["Förvaltningen", "Grannkliniken", "Kliniken"],
        ["Förvaltningen", "Vårdcentralerna", "Norra vårdcentralen"],
        ["Förvaltningen", "Vårdcentralerna", "Södra vårdcentralen"],
    ]


def test_what_presses_a_grupp_is_shown_with_its_members(world: World):
    deficient(world, True, where="group")
    assert names(shown(world, show=Show.OPEN)) == [
        "Förvaltningen",
        "Vårdcentralerna",
        "Norra vårdcentralen",
        "Södra vårdcentralen",
    ]
    assert names(shown(world, show=Show.LATE)) == []


@pytest.mark.parametrize(
    ("where", "expected"),
    [
        ("unit", ["Kliniken"]),
        ("group", ["Vårdcentralerna", "Norra vårdcentralen", "Södra vårdcentralen"]),
    ],
)
def test_who_oversees_one_place_sees_that_and_what_lies_below(world: World, where: str, expected: list[str]):
    world.person("one", Office.OVS, where)
    assert names(shown(world, "one")) == expected


def test_the_database_is_asked_as_often_however_many_units_there_are(world: World):
    held(world, "unit", date(2026, 1, 10), body=frozen(RELEASE))
    few = asked(world)
    for number in range(20):
        world.place(f"new{number}", Kind.ENHET, f"Ny enhet {number}", world.places["part"])
        held(world, f"new{number}", date(2026, 1, 10), body=frozen(RELEASE))
    assert asked(world) == few


def asked(world: World) -> int:
    shown(world)  # what is worked out once is at hand afterwards
    with counted(world.store) as sent:
        shown(world)
    return len(sent)


def test_grades_that_are_no_longer_kept_are_worked_out_again(world: World, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(grades, "KEPT_MOST", 1)
    monkeypatch.setattr(grades, "_kept", OrderedDict())
    held(world, "unit", date(2026, 1, 10), body=frozen(RELEASE))
    held(world, "other", date(2026, 1, 10), body=frozen(nobody_concerned()))
    for _ in range(2):
        found = {row.place.name: row.grades for row in shown(world).items}
        assert found["Kliniken"]["D"] == OURS["D"]
        assert found["Grannkliniken"]["D"] is None
    assert len(grades._kept) == 1
