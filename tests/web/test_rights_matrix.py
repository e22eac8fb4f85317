"""Every staff route, by every office, on things of the own unit and of others': generated from the routes.

A route that is not in the table fails, and so does one that answers anybody else. What is refused is a 404,
which tells nothing of what exists, and changes nothing.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

import pytest
from flask import Flask
from pages import Staff, page
from sqlalchemy import select
from world import World

from stins.config import Mail, Security
from stins.services import reviews
from stins.services.followup import reading
from stins.services.reviews.values import Wanted
from stins.store.tables import StaffSession, Table
from tests.services import reports
from tests.services.following import add, inspected
from tests.services.mailed import using

STUDIEREKTOR, CHEF, OVS, MEMBER, REGION, ADMIN = "studierektor", "chef", "ovs", "member", "region", "admin"

WHO: Mapping[str, Mapping[str, str]] = {
    "unit": {STUDIEREKTOR: "studierektor", CHEF: "verksamhetschef", OVS: "ovs"},
    "group": {STUDIEREKTOR: "group", MEMBER: "member", OVS: "ovs"},
    "far": {STUDIEREKTOR: "far", OVS: "ovs_away"},
}
"""For things of each place: who is what to it. The region's council and the admin are the same everywhere."""

NOBODY: frozenset[str] = frozenset()
UNIT = frozenset({STUDIEREKTOR, CHEF})
READS = UNIT | {OVS, MEMBER}
RUNS = frozenset({STUDIEREKTOR})
DECIDES = frozenset({OVS})
OVERSEES = frozenset({OVS, REGION})
SIGNS = frozenset({CHEF, MEMBER})
ANYBODY = frozenset({STUDIEREKTOR, CHEF, OVS, MEMBER, REGION, ADMIN})


@dataclass(frozen=True)
class For:
    """Whom a route is for: of which thing, who may look and who may do, pressing which button.

    ``common`` ones are of no thing.
    """

    thing: str
    look: frozenset[str] = NOBODY
    do: frozenset[str] = NOBODY
    button: str = ""


ROUTES: Mapping[str, For] = {
    "/": For("common", ANYBODY),
    "/logga-in": For("common", ANYBODY, ANYBODY),
    "/logga-ut": For("common", do=ANYBODY),
    "/inspektioner": For("common", ANYBODY),
    "/inspektioner/ny": For("common", RUNS, RUNS),
    "/inspektioner/arbetsbok": For("common", RUNS, RUNS),
    "/inspektioner/arbetsbok/tom.xlsx": For("common"),  # of no unit; test_rights tells who gets which
    "/inspektioner/<id>": For("open", READS),
    "/inspektioner/<id>/andra": For("draft", RUNS, RUNS),
    "/inspektioner/<id>/kasta": For("draft", RUNS, RUNS),
    "/inspektioner/<id>/forlang": For("open", do=RUNS),
    "/inspektioner/<id>/koder": For("open", RUNS, RUNS, "anew"),
    "/inspektioner/<id>/epost": For("draft", RUNS, RUNS),
    "/inspektioner/<id>/epost/granska": For("draft", RUNS, RUNS),
    "/inspektioner/<id>/epost/laget": For("open", RUNS, RUNS, "send"),
    "/inspektioner/<id>/koder/lappar.pdf": For("open", do=RUNS),
    "/inspektioner/<id>/stang": For("open", RUNS, RUNS),
    "/inspektioner/<id>/ogiltig": For("open", RUNS | {ADMIN}, RUNS | {ADMIN}),
    "/inspektioner/<id>/resultat": For("closed", READS),
    "/inspektioner/<id>/resultat.xlsx": For("closed", READS),
    "/inspektioner/<id>/resultat/profil.svg": For("closed", READS),
    "/inspektioner/<id>/kommentarer": For("closed", DECIDES, DECIDES),
    "/inspektioner/<id>/extra": For("closed", DECIDES, DECIDES),
    "/uppfoljning": For("common", READS),
    "/uppfoljning/ny": For("common"),  # of no finding; test_rights tells who plans for which
    "/uppfoljning/rapport/ny": For("common"),  # of no source; test_rights tells who begins one
    "/uppfoljning/rapport/<id>": For("report", READS, UNIT, "redraft"),
    "/uppfoljning/rapport/<id>.pdf": For("report", READS),
    "/uppfoljning/rapport/<id>.docx": For("report", READS),
    "/uppfoljning/rapport/<id>/version/<int:number>": For("report", READS),
    "/uppfoljning/rapport/<id>/text": For("report", UNIT, UNIT),
    "/uppfoljning/rapport/<id>/underskrift": For("report", SIGNS | DECIDES, SIGNS | DECIDES, "sign"),
    "/uppfoljning/rapport/<id>/beslut": For("report", DECIDES, DECIDES, "return"),
    "/uppfoljning/<id>": For("follow_up", READS, UNIT),
    "/uppfoljning/<id>/beslut": For("follow_up", DECIDES, DECIDES),
    "/uppfoljning/<id>/uppfylld": For("follow_up", do=UNIT | DECIDES),
    "/uppfoljning/atgard/<id>": For("action", UNIT, UNIT),
    "/granskningar": For("common", ANYBODY - {ADMIN}),
    "/granskningar/ny": For("common", RUNS | DECIDES, RUNS | DECIDES),
    "/granskningar/las-in": For("common", RUNS | DECIDES, RUNS | DECIDES),
    "/granskningar/mall.xlsx": For("common", RUNS | DECIDES),
    "/granskningar/<id>": For("review", READS | {REGION}),
    "/oversikt": For("common", OVERSEES),
    "/oversikt/ar/<int:year>": For("common", OVERSEES),
    "/oversikt/ar/<int:year>.xlsx": For("common", OVERSEES),
    "/oversikt/ar/<int:year>.pdf": For("common", OVERSEES),
    "/oversikt/kalibrering": For("common", OVERSEES),
    "/granskningar/<id>/andra": For("review", RUNS | DECIDES, RUNS | DECIDES),
    "/granskningar/<id>/ta-bort": For("review", RUNS | DECIDES, RUNS | DECIDES),
    "/installningar": For("common", ANYBODY, ANYBODY),
    "/installningar/kalender": For("common", do=ANYBODY),
    "/admin": For("common", frozenset({ADMIN})),
    "/admin/enheter": For("common", do=frozenset({ADMIN})),
    "/admin/konton": For("common", do=frozenset({ADMIN})),
    "/admin/roller": For("common", do=frozenset({ADMIN})),
    "/admin/region/<id>": For("region", do=frozenset({ADMIN})),
}

OFFICES: Mapping[str, frozenset[str]] = {
    "studierektor": frozenset({STUDIEREKTOR}),
    "verksamhetschef": frozenset({CHEF}),
    "ovs": DECIDES,
    "ovs_away": DECIDES,
    "region": frozenset({REGION}),
    "admin": frozenset({ADMIN}),
    "other": frozenset({STUDIEREKTOR}),
    "group": frozenset({STUDIEREKTOR}),
    "member": frozenset({CHEF}),
    "far": frozenset({STUDIEREKTOR}),
}
"""What everybody is, wherever: it decides what is common."""


def staff_routes(app: Flask) -> Iterator[tuple[str, str]]:
    """Give every route that knows who asks, with each method; that which ends the asking comes last."""
    for rule in sorted(app.url_map.iter_rules(), key=lambda rule: rule.endpoint == "sign_in.sign_out"):
        if rule.endpoint.partition(".")[0] not in ("answer", "calendar", "machines", "static"):
            for method in sorted((rule.methods or set()) & {"GET", "POST"}):
                yield rule.rule, method


def allowed(route: str, method: str, who: str, place: str) -> bool:
    """Say what the table says of somebody and a thing of a place."""
    of = ROUTES[route]
    wanted = of.look if method == "GET" else of.do
    if of.thing == "common":
        return bool(OFFICES[who] & wanted)
    named = {relation for relation, person in WHO[place].items() if person == who}
    return bool((named | (OFFICES[who] & {REGION, ADMIN})) & wanted)


def things(world: World, place: str) -> dict[str, str]:
    """Make one of each thing at a place, and give their ids."""
    runner = WHO[place][STUDIEREKTOR]
    closed = inspected(world, unit=place, by=runner)
    world.clock.forward(days=91)
    open_, _codes = world.open(place, runner)
    draft = world.plan(place, runner)
    with world.store.writing() as session:
        wanted = Wanted(world.places[place].id, world.clock.today(), "SPUR", {}, "", ())
        review = reviews.register(
            session, world.box, world.people[runner], wanted, world.at.now, world.at.today
        )
        follow_up = reading.cases(session, world.people[runner])[0].id
    report = reports.begin(world, closed, runner)
    reports.send(world, report, runner)
    return {
        "open": open_,
        "closed": closed,
        "draft": draft,
        "review": review.id,
        "follow_up": follow_up,
        "action": add(world, follow_up, runner),
        "report": report,
        "region": world.places["region"].id,
    }


def address(route: str, ids: Mapping[str, str]) -> str:
    filled = route.replace("<id>", ids.get(ROUTES[route].thing, "")).replace("<int:number>", "1")
    return filled.replace("<int:year>", "2026")


@pytest.fixture
def world(world: World) -> World:
    """A world that could send mail, so that what belongs to it is shown."""
    return using(world, Mail("127.0.0.1", 1, Security.NONE, "", None, None, "stins@region.example"))


class Kept:
    """The database and the keys as they were, to be put back."""

    def __init__(self, world: World, home: Path) -> None:
        self.world, self.file = world, home / "stins.sqlite"
        self.world.store.dispose()
        self.before = self.file.read_bytes()
        self.keys = {path: path.read_bytes() for path in home.rglob("*.key")}

    def put_back(self) -> None:
        self.world.store.dispose()
        self.file.write_bytes(self.before)
        for path, content in self.keys.items():
            path.write_bytes(content)


def stored(world: World) -> dict[str, list[tuple]]:
    """Give all that is stored, sessions left out: to ask is to be seen."""
    with world.store.reading() as session:
        return {
            table.name: sorted(map(repr, session.execute(select(table))))
            for table in Table.metadata.sorted_tables
            if table.name != StaffSession.__tablename__
        }


def test_every_staff_route_is_in_the_table_and_no_other(app: Flask):
    """A new route must say whom it is for."""
    assert {route for route, _method in staff_routes(app)} == set(ROUTES)


@pytest.mark.parametrize("route", sorted(ROUTES))
def test_who_has_not_signed_in_is_asked_to(app: Flask, route: str):
    response = app.test_client().get(address(route, {}).replace("//", "/x/"))
    if route == "/logga-in":
        assert response.status_code == 200
    else:
        assert response.status_code in (302, 404, 405)
        assert response.status_code != 302 or response.headers["Location"].startswith("/logga-in")


@pytest.mark.parametrize("place", WHO)
def test_every_route_answers_those_it_is_for_and_nobody_else(
    world: World, app: Flask, tmp_path: Path, place: str
):
    ids = things(world, place)
    sitting = {who: Staff(app, f"{who}@prov.example") for who in OFFICES}
    tokens = {
        who: page(each.client.get("/")).form("/logga-ut")["csrf_token"] for who, each in sitting.items()
    }
    asked = [
        (who, method, route, allowed(route, method, who, place))
        for route, method in staff_routes(app)
        for who in sitting
    ]

    def answer(who: str, method: str, route: str) -> int:
        data = {"csrf_token": tokens[who], "act": ROUTES[route].button} if method == "POST" else None
        return sitting[who].client.open(address(route, ids), method=method, data=data).status_code

    before = stored(world)
    let_in = [each for *each, may in asked if not may and answer(*each) != 404]
    assert let_in == []
    assert stored(world) == before, "something that was refused was done all the same"
    kept, kept_out = Kept(world, tmp_path), []
    for *each, may in asked:
        if may:
            if answer(*each) not in (200, 302, 422):
                kept_out.append(each)
            kept.put_back()
    assert kept_out == []
