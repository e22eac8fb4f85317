"""An extra internal review, planned, read and used to close a breach, on a telephone and on a desktop."""

import pytest
from playwright.sync_api import expect
from sizes import DESKTOP
from world import World

from stins.services.followup.values import Progress
from tests.browser.test_followup_clicked import signed_in
from tests.services.following import add, inspected, of


@pytest.mark.parametrize("size", [DESKTOP], ids=["1280"])
def test_a_breach_is_reviewed_again_and_closed(visit, world: World, size):
    width = size["width"]
    inspected(world, {"B3": 0, "D1": 0, "E1": 0, "D7": 1})
    add(world, of(world, "D1").id, status=Progress.DONE, evidence="Rutin 12 på intranätet")
    ovs = signed_in(visit, size, "ovs")
    page = ovs.page
    ovs.go(f"/uppfoljning/{of(world, 'D1').id}")
    ovs.look(f"{width}-extra-offered")
    page.get_by_role("link", name="Planera en extra intern granskning").click()
    ovs.look(f"{width}-extra-plan")
    for area in ("B", "D", "E"):
        page.locator(f"input[name=areas][value={area}]").uncheck()
    page.get_by_role("button", name="Spara utkastet").click()
    expect(page.locator(".summary")).to_be_focused()
    ovs.look(f"{width}-extra-errors")
    page.get_by_role("link", name="Välj minst ett område").click()
    for area in ("D", "E"):
        page.locator(f"input[name=areas][value={area}]").check()
    page.get_by_role("button", name="Spara utkastet").click()
    ovs.look(f"{width}-extra-draft")
    kept = page.url.rsplit("/", 1)[1].removesuffix("#areas")

    world.clock.forward(days=90)
    codes = world.open_planned(kept, "ovs")
    ovs = signed_in(visit, size, "ovs")
    ovs.go(f"/inspektioner/{kept}")
    ovs.look(f"{width}-extra-open")
    lead = signed_in(visit, size, "studierektor")
    lead.go(f"/inspektioner/{kept}")
    lead.look(f"{width}-extra-open-seen")
    lead.go("/inspektioner")
    lead.look(f"{width}-extra-list")
    someone = visit(size)
    page = someone.go("/svara")
    page.get_by_label("Kod").fill(next(iter(codes.values()))[0])
    page.get_by_role("button", name="Öppna enkäten").click()
    expect(page.get_by_text("Det här är en extra intern granskning")).to_be_visible()
    someone.page.screenshot(path=f"screenshots/{width}-extra-answer.png")

    world.all_hand_in(codes, answers={"E1": 0})
    world.close(kept, "ovs")
    lead.go(f"/inspektioner/{kept}/resultat")
    lead.look(f"{width}-extra-result")
    lead.go(f"/uppfoljning/{of(world, 'E1').id}")
    lead.look(f"{width}-extra-not-met")
    page = lead.go(f"/uppfoljning/{of(world, 'D1').id}")
    lead.look(f"{width}-extra-met")
    page.get_by_role("button", name="Avsluta som uppfylld").click()
    expect(page.get_by_text("Uppföljningen är avslutad.")).to_be_visible()
    lead.look(f"{width}-extra-closed")
