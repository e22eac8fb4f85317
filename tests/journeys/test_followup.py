"""A breach over HTTP, from the day it is found: planned, reminded of, late, shown, closed, opened again."""

from flask import Flask
from pages import Page, Staff, page, text_of
from world import World

WHERE = "/uppfoljning"


def asked(app: Flask, who: str, where: str) -> Page:
    """Sign in anew, since months have passed, and open a page."""
    return page(Staff(app, f"{who}@prov.example").client.get(where))


def waits(app: Flask, who: str) -> str:
    """Give what home says is waiting, in words."""
    return text_of(asked(app, who, "/").one("main"))


def address(found: Page) -> str:
    """Give the address of the only follow-up that a page leads to."""
    hrefs = {link.get("href") for link in found.all("a")}
    (only,) = {href for href in hrefs if href.startswith(f"{WHERE}/") and "/ny" not in href}
    return only


def test_a_breach_is_followed_from_the_result_until_it_is_mended_and_after(world: World, app: Flask):
    id, codes = world.open()
    world.all_hand_in(codes, answers={"B3": 0, "D7": 1})
    Staff(app, "studierektor@prov.example").send(f"/inspektioner/{id}/stang")

    result = asked(app, "studierektor", f"/inspektioner/{id}/resultat")
    assert "Se uppföljningen, åtgärdas senast 22 maj 2027" in result.text
    case = address(result)
    assert "handledarutbildning" in asked(app, "verksamhetschef", case).text

    lead = Staff(app, "studierektor@prov.example")
    lead.send(case, what="Anmäl alla till kursen", who="studierektorn", due_on="2027-02-01")
    lead.send(f"{WHERE}/ny?inspektion={id}&kriterium=D7", what="Gör en introduktionsvecka")
    listed = page(lead.client.get(WHERE)).text
    assert "0 av 1 åtgärd klar" in listed
    assert "Gör en introduktionsvecka" in listed

    world.clock.forward(days=120)
    for who in ("studierektor", "verksamhetschef", "ovs"):
        assert "En brist" not in waits(app, who)
    assert "Försenad" in asked(app, "studierektor", case).text  # the action is; the breach is not yet

    world.clock.forward(days=1)
    for who in ("studierektor", "verksamhetschef", "ovs"):
        assert "om 60 dagar" in waits(app, who)
    assert "En brist" not in waits(app, "region")

    world.clock.forward(days=61)
    for who in ("studierektor", "verksamhetschef", "ovs"):
        assert "Skulle ha varit åtgärdad 22 maj 2027, för en dag sedan." in waits(app, who)
    assert "Försenad 1 brist" in asked(app, "region", "/oversikt").text

    ovs = Staff(app, "ovs@prov.example")
    early = ovs.send(f"{case}/beslut", act="close", reason="De säger att det är klart")
    assert "Det går inte att avsluta ännu" in page(early, 422).text

    lead = Staff(app, "verksamhetschef@prov.example")
    (change,) = {
        link.get("href")
        for link in page(lead.client.get(case)).all("a")
        if (link.get("href") or "").startswith(f"{WHERE}/atgard/")
    }
    lead.send(change, status="done", evidence="Intyg från alla nio, i pärmen hos studierektorn")
    assert "1 av 1 åtgärd klar" in page(ovs.client.get(case)).text

    world.clock.forward(hours=1)
    ovs = Staff(app, "ovs@prov.example")
    closed = page(ovs.send(f"{case}/beslut", act="close", reason="Intygen är sedda"))
    assert "Avslutad 23 maj 2027" in closed.text
    assert "En brist" not in waits(app, "studierektor")
    assert "brist" not in text_of(asked(app, "region", "/oversikt").one("tbody"))

    world.clock.forward(days=30)
    ovs = Staff(app, "ovs@prov.example")
    ovs.send(f"{case}/beslut", act="reopen", reason="Två nya handledare har inte gått kursen")
    assert "för 31 dagar sedan" in waits(app, "studierektor")
    history = text_of(asked(app, "studierektor", case).one("section", aria_labelledby="history"))
    told = (
        "Uppföljningen öppnades igen",
        "Två nya handledare",
        "Uppföljningen avslutades",
        "Intygen är sedda",
        "En åtgärd ändrades",
        "Intyg från alla nio",
        "En åtgärd lades till",
        "Uppföljningen började",
    )
    places = [history.index(each) for each in told]
    assert places == sorted(places)
