"""The codes are mailed by clicking: pasted, mended, previewed, sent by a real process, reminded."""

import re
from datetime import UTC, datetime

import mail_server
import pytest
from mail_server import Postbox
from playwright.sync_api import Page, expect
from sizes import DESKTOP, NARROW, TELEPHONE
from world import World, people

from questionnaires.model import Role
from stins.services.invite import mailing
from tests.services.mailed import (
    HL,
    ST,
    addresses,
    code_in,
    looked,
    open_planned,
    opened,
    send,
    states,
    using,
)

EVERYBODY = people(6, 5, 1, 1)


@pytest.fixture
def postbox() -> Postbox:
    return Postbox()


@pytest.fixture
def world(world: World, postbox: Postbox):
    """A world with a mail server, whose secrets another process can read, on the real day."""
    found = world.installation.settings
    found.pepper_file.write_text(world.box.pepper.hex())
    found.secret_key_file.write_text(world.installation.secret_key.hex())
    world.clock.instant = datetime.now(UTC).replace(tzinfo=None)
    with mail_server.serving(postbox) as server:
        yield using(world, server)


def sign_in(page: Page, password: str) -> None:
    page.get_by_label("E-postadress").fill("studierektor@prov.example")
    page.get_by_label("Lösenord").fill(password)
    page.get_by_role("button", name="Logga in").click()


def wait_until_told(page: Page, sent: str) -> None:
    """Update the page until it tells that all is sent, as somebody who waits would."""
    for _ in range(100):
        if re.search(sent, page.locator("main").inner_text()):
            return
        page.wait_for_timeout(200)
        page.get_by_role("link", name="Uppdatera sidan").click()
    raise AssertionError("the mail never left")


@pytest.mark.parametrize(("size", "width"), [(TELEPHONE, "360"), (DESKTOP, "1280")], ids=["360", "1280"])
def test_codes_are_mailed(visit, world: World, postbox: Postbox, password: str, size: dict, width: str):
    wrong = addresses(HL, 2)[1]
    postbox.refuses[wrong] = f"550 5.1.1 <{wrong}>: Recipient address rejected"
    id = world.plan(eligible=EVERYBODY)
    lead = visit(size)
    page = lead.go(f"/inspektioner/{id}")
    sign_in(page, password)
    page.get_by_role("link", name="Skicka koderna med e-post").click()
    lead.look(f"{width}-mail-boxes")

    given = addresses(ST, 6)
    page.get_by_label("ST-läkare").fill("; ".join(f'"Ek, Prov" <{each}>' for each in given[:5]))
    page.get_by_label("Handledare").fill("\n".join([*addresses(HL, 4), "eva.sjukhus.example", given[0]]))
    page.get_by_role("button", name="Granska utskicket").click()
    expect(page.locator(".summary")).to_be_focused()
    lead.look(f"{width}-mail-odd")

    page.get_by_label("ST-läkare").fill("\n".join([*given[:5], "eva@sjukuhs.example"]))
    page.get_by_label("Handledare").fill("\n".join(addresses(HL, 4)))
    page.get_by_role("button", name="Granska utskicket").click()
    lead.look(f"{width}-mail-number")
    page.get_by_label("Ändra planen till lika många som adresserna").check()
    page.get_by_role("button", name="Granska utskicket").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Granska utskicket")
    lead.look(f"{width}-mail-review")

    page.get_by_role("link", name="Ändra adresserna").click()
    page.get_by_label("ST-läkare").fill("\n".join(given))
    page.get_by_role("button", name="Granska utskicket").click()
    page.get_by_role("button", name="Öppna och skicka").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Koder att dela ut")
    page.get_by_role("link", name=re.compile("Jag har tagit hand om koderna")).click()
    lead.look(f"{width}-mail-inspection")
    page.get_by_role("link", name="E-post och påminnelser").click()
    wait_until_told(page, "Utskicket är klart.")
    lead.look(f"{width}-mail-sent")
    assert len(postbox.taken) == 9

    page.get_by_role("button", name="Påminn alla nu").click()
    wait_until_told(page, r"20\d\d\s+Skickad\s")
    page.get_by_role("button", name="Lägg in påminnelsen").click()
    lead.look(f"{width}-mail-reminded")
    assert len(postbox.taken) == 18

    page.get_by_role("button", name="Skapa en reservkod: Handledare").click()
    expect(page.get_by_role("heading", name="Reservkod")).to_be_visible()
    lead.look(f"{width}-mail-spare")
    assert sorted(states(world, id).values()) == ["failed"] + ["sent"] * 9


def test_the_link_in_a_mail_opens_the_questionnaire(visit, world: World, postbox: Postbox):
    id = world.plan(eligible=EVERYBODY)
    with world.store.writing() as session:
        boxes = {Role.VERKSAMHETSCHEF: addresses(Role.VERKSAMHETSCHEF, 1)[0]}
        mailing.keep(session, world.box, world.people["studierektor"], id, boxes)
    open_planned(world, id)
    send(world, id)
    ((_, message),) = postbox.taken
    link = re.search(r"http://127\.0\.0\.1:8000(/svara#\w+)", message.get_content())[1]
    seen = visit(TELEPHONE)
    page = seen.go(link)
    expect(page.get_by_label("Kod", exact=False).first).to_have_value(re.compile(code_in(message)[:4]))
    page.get_by_role("button").first.click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Kliniken")


def test_an_uncertain_address_at_320_pixels_in_the_dark(visit, world: World, postbox: Postbox, password: str):
    postbox.dies_at["DATA"] = 3
    id, _ = opened(world)
    send(world, id)
    assert len(looked(world, id).uncertain) == 1
    seen = visit(NARROW, color_scheme="dark", java_script_enabled=False)
    page = seen.go(f"/inspektioner/{id}/epost/laget")
    sign_in(page, password)
    expect(page.get_by_text("För en adress vet vi inte om mejlet kom fram")).to_be_visible()
    page.screenshot(path="screenshots/320-mail-uncertain.png", full_page=True)
