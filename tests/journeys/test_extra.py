"""A breach re-inspected over HTTP: planned from above, answered by half the people, compared, closed."""

import json

from flask import Flask
from pages import Page, Staff, page, text_of
from world import World, question_ids

from questionnaires.model import Role
from questionnaires.read import catalogue
from stins.store.tables import Release
from tests.journeys.test_whole_inspection import answered, codes_by_role, in_words

ASKED = {c.id for c in catalogue("2026").within(("D", "E"))}
BREACHES = {"D1": 0, "E1": 0, "E2": 0}


def asked(app: Flask, who: str, where: str) -> Page:
    """Sign in anew, since months have passed, and open a page."""
    return page(Staff(app, f"{who}@prov.example").client.get(where))


def cases(found: Page) -> dict[str, str]:
    """Give the address of each follow-up that a result leads to, by criterion."""
    links = [a for a in found.all("a") if (a.get("href") or "").startswith("/uppfoljning/")]
    return {text_of(a).split()[-1]: a.get("href") for a in links if "/ny" not in a.get("href")}


def results(world: World, id: str) -> dict:
    with world.store.reading() as session:
        return json.loads(session.get_one(Release, id).body)["results"]


def half(app: Flask, codes: dict[Role, list[str]], answers: dict[str, str]) -> None:
    """Let every other person with a code answer over HTTP, what is asked and nothing else."""
    for role, fresh in codes.items():
        for code in fresh[::2]:
            form = page(app.test_client().post("/svara", data={"code": code}))
            questions = {field.get("name") for field in form.all("input", type="radio")}
            assert questions == set(question_ids(role)) & ASKED
            assert not form.all("textarea")
            filled = {id: answers.get(id, "3") for id in questions}
            assert "mottaget" in answered(app.test_client(), code, filled).text


def test_a_breach_is_reviewed_again_and_closed_by_it_or_by_decision(world: World, app: Flask):
    first, codes = world.open()
    world.all_hand_in(codes, answers=BREACHES)
    Staff(app, "studierektor@prov.example").send(f"/inspektioner/{first}/stang")
    found = cases(asked(app, "studierektor", f"/inspektioner/{first}/resultat"))
    assert set(found) == set(BREACHES)

    lead = Staff(app, "studierektor@prov.example")
    for where in found.values():
        lead.send(where, what="Skriv en rutin", status="done", evidence="Rutin 12 på intranätet")

    # The övergripande studierektor plans it at once; the page tells from which day it can be opened.
    ovs = Staff(app, "ovs@prov.example")
    link = f"/inspektioner/{first}/extra"
    assert link in [a.get("href") for a in page(ovs.client.get(found["D1"])).all("a")]
    planning = page(ovs.client.get(link))
    assert "Granskningen kan öppnas från och med 20 februari 2027" in planning.text
    assert planning.form(link)["people-st_lakare"] == "7"
    assert planning.form(link)["closes_on"] == "2027-03-13"
    kept = ovs.send(link, areas=["D", "E"])
    address = kept.request.path
    told = "Extra intern granskning av områdena D och E, efter inspektionen som avslutades 22 november 2026"
    assert told in page(kept).text
    for who in ("studierektor", "ovs"):
        assert told in asked(app, who, "/inspektioner").text
    draft = page(lead.client.get(address)).text
    assert "Planerad men inte öppnad" in draft
    assert "leds av en övergripande studierektor" in draft

    world.clock.forward(days=90)
    ovs = Staff(app, "ovs@prov.example")
    form = page(ovs.client.get(f"{address}/koder")).form(f"{address}/koder")
    fresh = codes_by_role(page(ovs.client.post(f"{address}/koder", data=form | {"act": "open"})))
    assert {role: len(made) for role, made in fresh.items()} == {
        "st_lakare": 7,
        "handledare": 9,
        "studierektor": 1,
        "verksamhetschef": 1,
    }
    shown = page(app.test_client().post("/svara", data={"code": fresh[Role.ST_LAKARE][0]})).text
    assert (
        "Det här är en extra intern granskning efter inspektionen på Kliniken som avslutades 22 november "
        "2026. Den leds av en övergripande studierektor utanför enheten." in shown
    )
    id = address.rsplit("/", 1)[1]
    promise = page(app.test_client().get(f"/sa-skyddas-ditt-svar?inspektion={id}")).text
    assert "extra intern granskning efter inspektionen på Kliniken" in promise

    # E1 is withheld: too few of the ST-läkare found that it concerns them, and too few handledare.
    half(app, fresh, {"E1": "ej_aktuellt", "E2": "1"})
    assert "Så långt har det kommit" in page(ovs.client.get(address)).text
    watching = page(Staff(app, "studierektor@prov.example").client.get(address)).text
    assert "Sista dag att svara" in watching
    assert "Om inspektionen avslutades nu" not in watching
    ovs.send(f"{address}/stang")

    result = asked(app, "studierektor", f"{address}/resultat")
    compared = result.one("section", aria_labelledby="before-after")
    rows = {
        text_of(li.find("h3/span")): text_of(li) for li in compared.iter("li") if li.find("h3") is not None
    }
    assert set(rows) == set(BREACHES)
    for criterion, row in rows.items():
        for name in (first, id):
            for table in results(world, name)[criterion].values():
                assert in_words(table) in row
    letters = [text_of(card) for card in result.all("span", class_="letter")]
    assert set(letters) == {"D", "E"}
    assert Staff(app, "studierektor@prov.example").client.get(f"{address}/resultat.xlsx").status_code == 200

    # One more has found it met, and anybody who acts may close it; the others take a decision.
    lead = Staff(app, "verksamhetschef@prov.example")
    met = page(lead.client.get(found["D1"]))
    assert "visar att kravet är uppfyllt" in met.text
    closed = page(lead.send(found["D1"], f"{found['D1']}/uppfylld"))
    assert "Uppfyllt i den extra interna granskningen som avslutades 20 februari 2027" in closed.text
    for criterion, why in (("E1", "ingen status i granskningen"), ("E2", "inte är helt uppfyllt")):
        told = page(lead.client.get(found[criterion]))
        assert why in told.text
        assert not [f for f in told.all("form") if (f.get("action") or "").endswith("/uppfylld")]
        token = told.form("/logga-ut")["csrf_token"]
        data = {"csrf_token": token}
        refused = lead.client.post(f"{found[criterion]}/uppfylld", data=data, follow_redirects=True)
        assert "skriftligt beslut" in page(refused).text
        ovs = Staff(app, "ovs@prov.example")
        decided = ovs.send(f"{found[criterion]}/beslut", act="close", reason="Intygen är sedda")
        assert "Uppföljningen är avslutad" in page(decided).text
    assert "Inget behöver åtgärdas just nu" in asked(app, "studierektor", "/uppfoljning").text
