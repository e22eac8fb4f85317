"""A text that took longer to write than the session lasts, clicked through on a desktop."""

import pytest
from playwright.sync_api import expect
from sizes import DESKTOP
from world import PASSWORD, World

from tests.browser.test_followup_clicked import signed_in
from tests.services.following import inspected
from tests.services.reports import begin, read

TEXT = '# Det här har vi gjort\n\nAlla handledare har gått kursen.\n\n- Intyg finns\n- "Rutinen" är känd'


@pytest.mark.parametrize("size", [DESKTOP], ids=["1280"])
def test_a_text_that_took_too_long_is_saved_after_signing_in(visit, world: World, size):
    width = size["width"]
    report = begin(world, inspected(world))
    lead = signed_in(visit, size, "studierektor")
    page = lead.go(f"/uppfoljning/rapport/{report}/text")
    page.get_by_label("Rapportens text").fill(TEXT)
    world.clock.forward(minutes=31)
    page.get_by_role("button", name="Spara som ny version").click()
    expect(page.get_by_text("väntar tills du har loggat in")).to_be_visible()
    lead.look(f"{width}-kept-sign-in")

    page.get_by_label("E-postadress").fill("studierektor@prov.example")
    page.get_by_label("Lösenord").fill(PASSWORD)
    page.get_by_role("button", name="Logga in").click()
    expect(page.get_by_text("Alla handledare har gått kursen.")).to_be_visible()
    lead.look(f"{width}-kept")
    page.get_by_role("button", name="Spara det du skrev").click()
    expect(page.get_by_text("Texten är sparad som en ny version")).to_be_visible()
    assert read(world, report).current.text == TEXT
