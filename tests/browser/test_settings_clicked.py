"""My settings, clicked through on a telephone and on a desktop."""

from dataclasses import replace

import pytest
from flask import Flask
from playwright.sync_api import expect
from sizes import DESKTOP
from world import PASSWORD, World

from stins.config import Mail, Security

MAIL = Mail("127.0.0.1", 25, Security.NONE, "", None, None, "stins@region.example")


@pytest.mark.parametrize("size", [DESKTOP], ids=["1280"])
def test_mails_are_chosen_and_a_calendar_gets_an_address_and_another(visit, world: World, app: Flask, size):
    width = size["width"]
    who = visit(size, color_scheme="dark" if size is DESKTOP else "light")
    page = who.go("/")
    page.get_by_label("E-postadress").fill("studierektor@prov.example")
    page.get_by_label("Lösenord").fill(PASSWORD)
    page.get_by_role("button", name="Logga in").click()
    page.get_by_role("link", name="Mina inställningar").click()
    expect(page.get_by_text("skickar inga mejl")).to_be_visible()
    who.look(f"{width}-settings-no-mail")

    app.installation = replace(app.installation, settings=replace(app.installation.settings, mail=MAIL))
    who.go("/installningar")
    expect(page.get_by_label("Brister som skulle ha varit åtgärdade, varje vecka")).to_be_disabled()
    page.get_by_label("Brister som ska åtgärdas, 60, 30 och 7 dagar före").uncheck()
    page.get_by_role("button", name="Spara").click()
    expect(page.get_by_text("Dina val är sparade")).to_be_visible()
    expect(page.get_by_label("Brister som ska åtgärdas, 60, 30 och 7 dagar före")).not_to_be_checked()
    page.get_by_role("button", name="Skapa en kalenderadress").click()
    first = page.get_by_label("Din kalenderadress").input_value()
    who.look(f"{width}-settings")
    page.get_by_role("button", name="Byt adress").click()
    expect(page.get_by_label("Din kalenderadress")).not_to_have_value(first)
