"""A breach followed up, clicked through on a telephone and on a desktop."""

import pytest
from playwright.sync_api import expect
from sizes import DESKTOP
from world import PASSWORD, World

LONG = "Arbetstidsschemaläggningsansvarigauppföljningssamordnaren"


def signed_in(visit, size, who: str):
    someone = visit(size, color_scheme="dark" if who == "ovs" else "light")
    page = someone.go("/")
    page.get_by_label("E-postadress").fill(f"{who}@prov.example")
    page.get_by_label("Lösenord").fill(PASSWORD)
    page.get_by_role("button", name="Logga in").click()
    return someone


@pytest.mark.parametrize("size", [DESKTOP], ids=["1280"])
def test_a_breach_is_planned_for_closed_and_opened_again(visit, world: World, size):
    width = size["width"]
    id, codes = world.open()
    world.all_hand_in(codes, answers={"B3": 0, "E13": 0, "D7": 1})
    world.close(id)
    lead = signed_in(visit, size, "studierektor")
    page = lead.page
    page.get_by_role("link", name="Uppföljning").click()
    lead.look(f"{width}-followup-list")

    lead.go(f"/inspektioner/{id}/resultat")
    page.get_by_role("link", name="Planera en åtgärd D7").click()
    page.get_by_label("Vad ska göras?").fill("Gör en introduktionsvecka")
    page.get_by_role("button", name="Lägg till åtgärden").click()
    expect(page.get_by_text("Åtgärden är tillagd")).to_be_visible()
    lead.look(f"{width}-followup-plan")

    lead.go(f"/inspektioner/{id}/resultat")
    lead.look(f"{width}-followup-result")
    page.get_by_role("link", name="Se uppföljningen, åtgärdas senast 22 maj 2027 B3").click()
    page.get_by_label("Vem gör det?").fill(LONG)
    page.get_by_role("button", name="Lägg till åtgärden").click()
    expect(page.locator(".summary")).to_be_focused()
    lead.look(f"{width}-followup-errors")
    page.get_by_role("link", name="Skriv vad ni ska göra.").click()
    expect(page.get_by_label("Vad ska göras?")).to_be_focused()
    expect(page.get_by_label("Vem gör det?")).to_have_value(LONG)
    page.get_by_label("Vad ska göras?").fill("Anmäl alla till kursen")
    page.get_by_label("Klart senast").fill("2027-02-01")
    page.get_by_role("button", name="Lägg till åtgärden").click()
    page.get_by_role("link", name="Ändra åtgärden").click()
    page.get_by_label("Läge").select_option("Klar")
    page.get_by_label("Vad visar att det är gjort?").fill("Intyg finns\n" + LONG * 2)
    lead.look(f"{width}-followup-action")
    page.get_by_role("button", name="Spara").click()
    lead.look(f"{width}-followup")
    case = page.url.removeprefix(lead.server)

    world.clock.forward(days=183)
    decider = signed_in(visit, size, "ovs")
    page = decider.page
    expect(page.get_by_role("link", name="En brist skulle ha varit åtgärdad: Kliniken")).to_have_count(2)
    decider.look(f"{width}-followup-home")
    decider.go("/oversikt")
    decider.look(f"{width}-followup-overview")
    decider.go("/uppfoljning")
    decider.look(f"{width}-followup-late")
    decider.go(case)
    page.get_by_role("link", name="Ta ett beslut").click()
    page.get_by_role("button", name="Avsluta uppföljningen").click()
    expect(page.locator(".summary")).to_be_focused()
    decider.look(f"{width}-followup-decision-errors")
    page.get_by_label("Skäl till beslutet").fill("Intygen är sedda")
    page.get_by_role("button", name="Avsluta uppföljningen").click()
    expect(page.get_by_text("Uppföljningen är avslutad")).to_be_visible()
    decider.look(f"{width}-followup-closed")
    page.get_by_role("link", name="Öppna uppföljningen igen").click()
    page.get_by_label("Skäl till beslutet").fill("Två nya handledare saknar kursen")
    page.get_by_role("button", name="Öppna uppföljningen igen").click()
    expect(page.get_by_text("Uppföljningen är öppen igen")).to_be_visible()
