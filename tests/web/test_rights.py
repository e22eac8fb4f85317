"""Rights that hang on more than the route: on a unit named in it, on a mode, on who leads a grupp's units."""

import pytest
from flask import Flask
from pages import page
from world import PASSWORD, World, people

from scoring.rounds import Mode
from stins.config import Mail, Security
from stins.services.followup import reading
from stins.services.inspections import eligible_of, find
from stins.services.invite import mailing
from tests.services import reports
from tests.services.following import inspected
from tests.services.mailed import addresses, using
from tests.services.reviewing import CIRCLE, keep, reviewed, with_evidence

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


# Step of a report of "unit" → who may ever take it, and in which state it is a page of its own.
REPORT_STEPS = {
    "text": ({"studierektor", "verksamhetschef"}, ("draft", "signing")),
    "underskrift": ({"verksamhetschef", "ovs"}, ("signing",)),
    "beslut": ({"ovs"}, ("handed_in",)),
}

OWN = {"studierektor", "verksamhetschef", "ovs"}

# Route → who gets a page for an extra internal review of "unit"; everybody else gets 404.
EXTRA_DRAFT = {
    "/inspektioner/{id}": OWN,
    "/inspektioner/{id}/andra": {"ovs"},
    "/inspektioner/{id}/koder": {"ovs"},
    "/inspektioner/{id}/stang": set(),
    "/inspektioner/{id}/extra": set(),
}
EXTRA_OPEN = {
    "/inspektioner/{id}": OWN,
    "/inspektioner/{id}/andra": set(),
    "/inspektioner/{id}/koder": {"ovs"},
    "/inspektioner/{id}/stang": {"ovs"},
    "/inspektioner/{id}/ogiltig": {"ovs", "admin"},
    "/inspektioner/{id}/resultat": set(),
}
EXTRA_CLOSED = {
    "/inspektioner/{id}": OWN,
    "/inspektioner/{id}/resultat": OWN,
    "/inspektioner/{id}/resultat/profil.svg": OWN,
    "/inspektioner/{id}/resultat.xlsx": OWN,
    "/inspektioner/{id}/koder": set(),
    "/inspektioner/{id}/stang": set(),
}


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


def test_a_report_is_begun_by_those_who_act_there(world: World, app: Flask):
    new = f"/uppfoljning/rapport/ny?inspektion={inspected(world)}"
    assert check(app, {new: {"studierektor", "verksamhetschef"}}, "") == []


def test_each_step_of_a_report_is_a_page_when_its_time_has_come(world: World, app: Flask):
    """Who takes the step another time is led to the report; for everybody else there is nothing."""
    id = reports.begin(world, inspected(world))
    wrong = []
    for state, move in (
        ("draft", reports.send),
        ("signing", reports.sign),
        ("handed_in", reports.approve),
        ("approved", None),
    ):
        for who in sorted(ANYBODY):
            client = signed_in(app, who)
            for step, (allowed, states) in REPORT_STEPS.items():
                # The övergripande studierektor records paper only where no account can sign.
                now = state in states and (who, step) != ("ovs", "underskrift")
                status = client.get(f"/uppfoljning/rapport/{id}/{step}").status_code
                if status != ((200 if now else 302) if who in allowed else 404):
                    wrong.append(f"{state} {who} {step}: {status}")
        if move:
            move(world, id)
    assert wrong == []


def test_an_action_is_planned_by_those_whose_finding_it_is(world: World, app: Flask):
    id = inspected(world)
    routes = {
        f"/uppfoljning/ny?inspektion={id}&kriterium={criterion}": allowed
        for criterion, allowed in FINDINGS.items()
    }
    assert check(app, routes, "") == []


def test_an_extra_review_is_led_from_above_and_read_by_its_own(world: World, app: Flask):
    first = inspected(world)
    world.clock.forward(days=CIRCLE)
    id = keep(world, first).id
    assert check(app, EXTRA_DRAFT, id) == []
    codes = world.open_planned(id, "ovs")
    assert check(app, EXTRA_OPEN, id) == []
    world.all_hand_in(codes)
    world.close(id, "ovs")
    assert check(app, EXTRA_CLOSED, id) == []


def test_codes_of_an_extra_review_are_mailed_by_who_leads_it(world: World, app: Flask):
    mail = Mail("127.0.0.1", 1, Security.NONE, "", None, None, "stins@region.example")
    app.installation = using(world, mail).installation
    first = inspected(world)
    world.clock.forward(days=CIRCLE)
    id = keep(world, first).id
    assert check(app, {"/inspektioner/{id}/epost": {"ovs"}}, id) == []
    with world.store.writing() as session:
        eligible = eligible_of(find(session, id)[0])
        boxes = {role: "\n".join(addresses(role, number)) for role, number in eligible.items()}
        mailing.keep(session, world.box, world.people["ovs"], id, boxes)
        mailing.open_by_mail(session, world.box, world.people["ovs"], id, world.at.now, world.at.today)
    assert check(app, {"/inspektioner/{id}/epost/laget": {"ovs"}}, id) == []


@pytest.mark.parametrize("who", sorted(ANYBODY))
def test_what_is_found_met_is_closed_by_those_who_act_or_decide(world: World, app: Flask, who: str):
    case = with_evidence(world)
    with world.store.reading() as session:
        first = reading.case(session, world.people["ovs"], case)[0].inspection
    reviewed(world, first)
    client = signed_in(app, who)
    token = page(client.get("/")).form("/logga-ut")["csrf_token"]
    status = client.post(f"/uppfoljning/{case}/uppfylld", data={"csrf_token": token}).status_code
    assert status == (302 if who in OWN else 404)


@pytest.mark.parametrize("what", ["kasta", "forlang", "koder", "stang"])
def test_an_extra_review_is_not_changed_by_the_units_own(world: World, app: Flask, what: str):
    first = inspected(world)
    world.clock.forward(days=CIRCLE)
    id = keep(world, first).id
    if what != "kasta":
        world.open_planned(id, "ovs")
    for who in ("studierektor", "verksamhetschef", "ovs_away"):
        client = signed_in(app, who)
        token = page(client.get("/")).form("/logga-ut")["csrf_token"]
        data = {"csrf_token": token, "act": "anew", "closes_on": "2027-04-30"}
        assert client.post(f"/inspektioner/{id}/{what}", data=data).status_code == 404, who


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
