"""Long lists are shown a page at a time; whatever number is asked for, a page is given."""

import pytest
from flask import Flask
from pages import Staff, page
from world import World

from stins.services import pages
from tests.services.following import add_loose, everyone, inspected


@pytest.fixture(autouse=True)
def short_pages(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(pages, "PAGE", 2)


@pytest.mark.parametrize(
    ("asked", "shown", "said"),
    [("", 2, "Sida 1 av 2"), ("2", 1, "Sida 2 av 2"), ("99", 1, "Sida 2 av 2"), ("-1", 2, "Sida 1 av 2")],
)
def test_inspections_stand_a_page_at_a_time(world: World, app: Flask, asked: str, shown: int, said: str):
    for _ in range(3):
        world.plan()
    who = Staff(app, "studierektor@prov.example")
    found = page(who.client.get(f"/inspektioner?visa=alla&sida={asked}"))
    assert len(found.all("h2", class_="title")) == shown
    assert said in found.text


def test_a_page_that_is_no_number_is_the_first(world: World, app: Flask):
    for _ in range(3):
        world.plan()
    who = Staff(app, "studierektor@prov.example")
    assert "Sida 1 av 2" in page(who.client.get("/inspektioner?visa=alla&sida=sista")).text


def test_a_list_of_one_page_has_no_links_to_others(world: World, app: Flask):
    world.plan()
    who = Staff(app, "studierektor@prov.example")
    assert "Sida" not in page(who.client.get("/inspektioner")).text


def test_each_list_of_followed_up_things_turns_its_own_pages(world: World, app: Flask):
    id = inspected(world, {"B1": 0, "B3": 0, "B7": 0, "D1": 0, "D7": 1})
    add_loose(world, id, "D7")
    who = Staff(app, "studierektor@prov.example")
    first = page(who.client.get("/uppfoljning"))
    assert "Sida 1 av 2" in first.text
    second = page(who.client.get("/uppfoljning?visa=aktuella&sida=2"))
    assert "Sida 2 av 2" in second.text
    assert "Andra åtgärder" in second.text
    shown = [{link.get("href") for link in each.all("a")} & addresses(world) for each in (first, second)]
    assert (len(shown[0]), len(shown[1]), shown[0] & shown[1]) == (2, 2, set())


def addresses(world: World) -> set[str]:
    return {f"/uppfoljning/{case.id}" for case in everyone(world, "studierektor")}
