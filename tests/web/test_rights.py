"""Rights that hang on more than the route: on a unit named in it, on a mode, on who leads a grupp's units."""

import pytest
from flask import Flask
from pages import page
from world import PASSWORD, World, people

from scoring.rounds import Mode
from tests.services.following import inspected

ANYBODY = {"studierektor", "verksamhetschef", "other", "ovs", "ovs_away", "region", "admin", "far"}

# Unit → who gets a blank workbook for it; everybody else gets 404.
BLANKS = {
    "unit": {"studierektor"},
    "other": {"other"},
    "group": {"group"},
    "member": {"group"},
    "far": {"far"},
    "part": set(),
    "region": set(),
}


# Criterion → who plans an action for it in an inspection of "unit"; everybody else gets 404.
FINDINGS = {"D7": {"studierektor", "verksamhetschef"}, "B1": set(), "X1": set(), "": set()}


def signed_in(app: Flask, who: str):
    client = app.test_client()
    form = page(client.get("/logga-in")).form("/logga-in")
    client.post("/logga-in", data=form | {"email": f"{who}@prov.example", "password": PASSWORD})
    return client


def check(app: Flask, routes: dict[str, set[str]], id: str) -> list[str]:
    """Ask for every route as everybody; tell every answer that is not as the table says."""
    wrong = []
    for who in sorted(ANYBODY):
        client = signed_in(app, who)
        for route, allowed in routes.items():
            status = client.get(route.format(id=id)).status_code
            if status != (200 if who in allowed else 404):
                wrong.append(f"{who} {route}: {status}")
    return wrong


def test_a_blank_workbook_is_for_who_holds_inspections_there(world: World, app: Flask):
    wrong = []
    for who in sorted(ANYBODY | {"group", "member"}):
        client = signed_in(app, who)
        for unit, allowed in BLANKS.items():
            where = f"/inspektioner/arbetsbok/tom.xlsx?enhet={world.places[unit].id}"
            status = client.get(where).status_code
            if status != (200 if who in allowed else 404):
                wrong.append(f"{who} {unit}: {status}")
    assert wrong == []


def test_an_action_is_planned_by_those_whose_finding_it_is(world: World, app: Flask):
    id = inspected(world)
    routes = {
        f"/uppfoljning/ny?inspektion={id}&kriterium={criterion}": allowed
        for criterion, allowed in FINDINGS.items()
    }
    assert check(app, routes, "") == []


def test_a_dialogue_is_read_by_the_unit_alone(world: World, app: Flask):
    id, codes = world.open(mode=Mode.DIALOGUE, eligible=people(1, 2, 0, 1))
    world.all_hand_in(codes)
    world.close(id)
    assert signed_in(app, "studierektor").get(f"/inspektioner/{id}/resultat").status_code == 200
    assert signed_in(app, "ovs").get(f"/inspektioner/{id}/resultat").status_code == 404


def test_the_members_of_a_group_read_its_result(world: World, app: Flask):
    id, codes = world.open("group", "group", eligible=people(6, 6))
    world.all_hand_in(codes)
    world.close(id, "group")
    member = signed_in(app, "member")
    assert member.get(f"/inspektioner/{id}/resultat").status_code == 200
    assert member.get(f"/inspektioner/{id}/stang").status_code == 404


@pytest.mark.parametrize("route", ["/", "/inspektioner", "/inspektioner/abc", "/oversikt", "/admin"])
def test_who_has_not_signed_in_is_asked_to(app: Flask, route: str):
    response = app.test_client().get(route)
    assert response.status_code == 302
    assert response.headers["Location"].startswith("/logga-in")


@pytest.mark.parametrize(
    "what", ["", "/kasta", "/forlang", "/koder", "/stang", "/ogiltig", "/kommentarer", "/andra"]
)
def test_nothing_is_done_without_the_forms_token(world: World, app: Flask, what: str):
    id = world.plan()
    response = signed_in(app, "studierektor").post(f"/inspektioner/{id}{what}", data={"act": "open"})
    assert response.status_code in (400, 405)
    with world.store.reading() as session:
        from stins.services import inspections

        assert inspections.summary(session, world.people["studierektor"], id).state == "draft"
