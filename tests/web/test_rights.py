"""Every staff route, for every office, in the own unit and in another's: 404 tells nothing of what exists."""

import pytest
from flask import Flask
from pages import page
from world import PASSWORD, World, people

from scoring.rounds import Mode
from stins.services import reviews
from stins.services.followup import reading
from stins.services.reviews.values import Wanted
from tests.services.following import add, inspected

ANYBODY = {"studierektor", "verksamhetschef", "other", "ovs", "ovs_away", "region", "admin", "far"}
OWN = {"studierektor", "verksamhetschef", "ovs"}
RUNS = {"studierektor"}

# Route → who gets a page for an inspection of "unit"; everybody else gets 404.
OPEN_ROUTES = {
    "/inspektioner/{id}": OWN,
    "/inspektioner/{id}/koder": RUNS,
    "/inspektioner/{id}/stang": RUNS,
    "/inspektioner/{id}/ogiltig": RUNS | {"admin"},
}
CLOSED_ROUTES = {
    "/inspektioner/{id}": OWN,
    "/inspektioner/{id}/resultat": OWN,
    "/inspektioner/{id}/resultat/profil.svg": OWN,
    "/inspektioner/{id}/resultat.xlsx": OWN,
    "/inspektioner/{id}/kommentarer": {"ovs"},
}
DRAFT_ROUTES = {"/inspektioner/{id}": OWN, "/inspektioner/{id}/andra": RUNS}
FOLLOW_UP_ROUTES = {"/uppfoljning/{id}": OWN, "/uppfoljning/{id}/beslut": {"ovs"}}
ACTION_ROUTES = {"/uppfoljning/atgard/{id}": {"studierektor", "verksamhetschef"}}
REVIEW_ROUTES = {"/granskningar/{id}": OWN | {"region"}}
COMMON_ROUTES = {
    "/": ANYBODY,
    "/inspektioner": ANYBODY,
    "/inspektioner/ny": {"studierektor", "other", "far"},
    "/inspektioner/arbetsbok": {"studierektor", "other", "far"},
    "/inspektioner/arbetsbok/tom.xlsx": set(),  # of no unit; BLANKS tells who gets which
    "/granskningar": ANYBODY - {"admin"},
    "/granskningar/ny": {"studierektor", "other", "ovs", "ovs_away", "far"},
    "/granskningar/las-in": {"studierektor", "other", "ovs", "ovs_away", "far"},
    "/granskningar/mall.xlsx": {"studierektor", "other", "ovs", "ovs_away", "far"},
    "/uppfoljning": ANYBODY - {"region", "admin"},
    "/uppfoljning/ny": set(),  # of no finding; FINDINGS tells who plans for which
    "/oversikt": {"ovs", "ovs_away", "region"},
    "/admin": {"admin"},
    "/installningar": ANYBODY,
}

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


def test_an_open_inspection_is_for_its_own(world: World, app: Flask):
    id, _ = world.open()
    assert check(app, OPEN_ROUTES, id) == []


def test_a_closed_inspection_is_for_its_own(world: World, app: Flask):
    id, codes = world.open()
    world.all_hand_in(codes)
    world.close(id)
    assert check(app, CLOSED_ROUTES, id) == []


def test_a_draft_is_for_its_own(world: World, app: Flask):
    assert check(app, DRAFT_ROUTES, world.plan()) == []


def test_what_is_common_is_shown_to_those_it_concerns(world: World, app: Flask):
    assert check(app, COMMON_ROUTES, "") == []


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


def test_a_follow_up_is_for_its_own_and_is_decided_from_above(world: World, app: Flask):
    inspected(world)
    with world.store.reading() as session:
        id = reading.cases(session, world.people["studierektor"])[0].id
    assert check(app, FOLLOW_UP_ROUTES, id) == []
    assert check(app, ACTION_ROUTES, add(world, id)) == []


def test_an_action_is_planned_by_those_whose_finding_it_is(world: World, app: Flask):
    id = inspected(world)
    routes = {
        f"/uppfoljning/ny?inspektion={id}&kriterium={criterion}": allowed
        for criterion, allowed in FINDINGS.items()
    }
    assert check(app, routes, "") == []


def test_a_review_is_for_the_unit_and_those_above(world: World, app: Flask):
    person, unit = world.people["studierektor"], world.places["unit"].id
    wanted = Wanted(unit, world.clock.today(), "SPUR", {}, "", ())
    with world.store.writing() as session:
        id = reviews.register(session, world.box, person, wanted, world.at.now, world.at.today).id
    assert check(app, REVIEW_ROUTES, id) == []


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


def test_every_staff_route_stands_in_a_table(app: Flask):
    """A new route must say whom it is for."""
    known = OPEN_ROUTES | CLOSED_ROUTES | DRAFT_ROUTES | COMMON_ROUTES | REVIEW_ROUTES
    known |= FOLLOW_UP_ROUTES | ACTION_ROUTES
    posts = {
        "/logga-in",
        "/logga-ut",
        "/admin/enheter",
        "/admin/konton",
        "/admin/roller",
        "/admin/region/{id}",
    }
    posts |= {"/installningar/kalender"}
    posts |= {"/inspektioner/{id}/kasta", "/inspektioner/{id}/forlang"}
    staff = {
        rule.rule.replace("<", "{").replace(">", "}")
        for rule in app.url_map.iter_rules()
        if rule.endpoint.partition(".")[0] not in ("answer", "calendar", "machines", "static")
    }
    assert staff == set(known) | posts
