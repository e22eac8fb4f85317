"""A written report, clicked through from draft to approved, on a telephone and on a desktop."""

import pytest
from playwright.sync_api import expect
from sizes import DESKTOP
from world import World

from stins.services.followup.values import Progress
from tests.browser.test_followup_clicked import signed_in
from tests.services.following import add, inspected, of


@pytest.mark.parametrize("size", [DESKTOP], ids=["1280"])
def test_a_report_is_written_signed_returned_and_approved(visit, world: World, size):
    width = size["width"]
    inspected(world)
    add(
        world,
        of(world, "B3").id,
        what="Anmäl alla handledare till kursen",
        who="studierektorn",
        due_on=world.clock.today(),
        status=Progress.DONE,
        evidence="Intyg i pärmen",
    )
    add(world, of(world, "B7").id, what="Skriv en rutin för bedömningar")
    lead = signed_in(visit, size, "studierektor")
    page = lead.page
    lead.go("/uppfoljning")
    lead.look(f"{width}-report-list")
    page.get_by_role("link", name="Skriv rapporten").click()
    lead.look(f"{width}-report-new")
    page.get_by_role("button", name="Skriv ett utkast").click()
    expect(page.get_by_text("Utkastet är skrivet")).to_be_visible()
    lead.look(f"{width}-report-draft")
    where = page.url.removeprefix(lead.server)

    page.get_by_role("link", name="Ändra texten").click()
    page.get_by_label("Rapportens text").fill("")
    page.get_by_role("button", name="Spara som ny version").click()
    expect(page.locator(".summary")).to_be_focused()
    lead.look(f"{width}-report-text-errors")
    page.get_by_role("link", name="Skriv rapportens text.").click()
    expect(page.get_by_label("Rapportens text")).to_be_focused()
    page.get_by_label("Rapportens text").fill(
        "# Det här har vi gjort\n\nAlla handledare har gått kursen.\n\n- Intyg finns\n- Rutinen är känd"
    )
    page.get_by_role("button", name="Spara som ny version").click()
    expect(page.get_by_text("Texten är sparad som en ny version")).to_be_visible()
    page.get_by_role("button", name="Skicka för underskrift").click()
    expect(page.get_by_text("Rapporten väntar nu på underskrift")).to_be_visible()
    lead.look(f"{width}-report-signing")

    head = signed_in(visit, size, "verksamhetschef")
    head.go("/uppfoljning")
    head.page.get_by_role("link", name="En rapport väntar på din underskrift").click()
    head.page.get_by_role("link", name="Läs och skriv under").click()
    head.look(f"{width}-report-sign")
    head.page.get_by_role("button", name="Skriv under").click()
    expect(head.page.get_by_text("Rapporten är nu inlämnad")).to_be_visible()

    decider = signed_in(visit, size, "ovs")
    decider.go(where)
    decider.page.get_by_role("link", name="Läs och ta ett beslut").click()
    decider.page.get_by_role("button", name="Lämna tillbaka").click()
    expect(decider.page.locator(".summary")).to_be_focused()
    decider.look(f"{width}-report-decide-errors")
    decider.page.get_by_label("Kommentar till enheten").fill("Skriv vem som följer upp rutinen.")
    decider.page.get_by_role("button", name="Lämna tillbaka").click()
    expect(decider.page.get_by_text("Rapporten är tillbaka hos enheten")).to_be_visible()

    lead.go(where)
    lead.look(f"{width}-report-returned")
    page.get_by_role("link", name="Ändra texten").click()
    lead.look(f"{width}-report-text")
    page.get_by_label("Rapportens text").fill("# Det här har vi gjort\n\nStudierektorn följer upp rutinen.")
    page.get_by_role("button", name="Spara som ny version").click()
    page.get_by_role("button", name="Skicka för underskrift").click()
    head.go(where)
    head.page.get_by_role("link", name="Läs och skriv under").click()
    head.page.get_by_role("button", name="Skriv under").click()
    world.clock.forward(days=2)
    decider = signed_in(visit, size, "ovs")
    decider.go(where)
    decider.page.get_by_role("link", name="Läs och ta ett beslut").click()
    decider.page.get_by_role("button", name="Godkänn rapporten").click()
    expect(decider.page.get_by_text("Rapporten är godkänd.", exact=True)).to_be_visible()
    decider.look(f"{width}-report-approved")
    decider.go(f"/uppfoljning/{of(world, 'B3').id}")
    expect(decider.page.get_by_text("Rapporterad 22 november 2026, i tid.")).to_be_visible()
    decider.look(f"{width}-report-case")


@pytest.mark.parametrize("size", [DESKTOP], ids=["1280"])
def test_a_paper_is_recorded(visit, world: World, size):
    from tests.services.reports import begin, send

    id, codes = world.open("group", "group")
    world.all_hand_in(codes, answers={"B3": 0})
    world.close(id, "group")
    report = begin(world, id, "group")
    send(world, report, "group")
    decider = signed_in(visit, size, "ovs")
    page = decider.go(f"/uppfoljning/rapport/{report}")
    page.get_by_role("link", name="Registrera en underskrift på papper").click()
    page.get_by_label("Dagen på papperet").fill("2026-11-22")
    page.get_by_role("button", name="Spara underskriften").click()
    expect(page.locator(".summary")).to_be_focused()
    decider.look(f"{size['width']}-report-paper-errors")
    page.get_by_role("link", name="Skriv namnet").click()
    expect(page.get_by_label("Vem har skrivit under?")).to_be_focused()
    page.get_by_label("Vem har skrivit under?").fill("Karin Ek")
    page.get_by_role("button", name="Spara underskriften").click()
    expect(page.get_by_text("Underskriften är sparad.")).to_be_visible()
    decider.look(f"{size['width']}-report-paper")
