"""The main job clicked through in a browser: on a telephone by who answers, on a desktop by who leads."""

import re

import pytest
from answering import fill, to_review
from playwright.sync_api import Page, expect
from sizes import DESKTOP, NARROW, TELEPHONE
from world import PASSWORD, World

from questionnaires.model import Role
from scoring.rounds import Comments


def sign_in(page: Page, email: str = "studierektor@prov.example") -> None:
    page.get_by_label("E-postadress").fill(email)
    page.get_by_label("Lösenord").fill(PASSWORD)
    page.get_by_role("button", name="Logga in").click()


def plan(page: Page) -> None:
    page.get_by_label("ST-läkare", exact=True).fill("7")
    page.get_by_label("Handledare", exact=True).fill("9")
    page.get_by_label("Studierektor", exact=True).fill("1")
    page.get_by_label("Verksamhetschef", exact=True).fill("1")
    for id in ("A2", "A3", "A4", "A8", "B9", "F6"):
        page.locator(f"input[name=fact_{id}][value=ja]").check()


@pytest.mark.parametrize("size", [DESKTOP], ids=["1280"])
def test_an_inspection_is_planned_opened_answered_closed_and_read(visit, world: World, size):
    width = size["width"]
    lead = visit(size)
    page = lead.go("/")
    lead.look(f"{width}-sign-in")
    sign_in(page)
    lead.look(f"{width}-home-empty")
    lead.go("/inspektioner/ny")
    lead.look(f"{width}-plan")
    page.get_by_role("button", name=re.compile("Spara")).click()
    lead.look(f"{width}-plan-with-errors")
    plan(page)
    page.get_by_role("button", name=re.compile("Spara")).click()
    lead.look(f"{width}-draft")
    address = page.url.removeprefix(lead.server)
    lead.go(f"{address}/koder")
    lead.look(f"{width}-codes-before")
    page.get_by_role("button", name=re.compile("Öppna")).click()
    lead.look(f"{width}-codes")
    codes = re.findall(r"\b(?:[0-9A-Z]{4}-){5}[0-9A-Z]{4}\b", page.inner_text("main"))
    assert len(codes) == 18
    lead.go(address)
    lead.look(f"{width}-open")

    who = visit(size)
    answering = who.go(f"/svara#{codes[0]}")
    expect(answering.get_by_label("Kod", exact=False).first).to_have_value(re.compile(codes[0][:4]))
    who.look(f"{width}-code")
    answering.get_by_role("button", name="Öppna enkäten").click()
    who.look(f"{width}-questionnaire")
    fill(answering, but=1)
    answering.get_by_role("button", name="Lämna in").click()
    who.look(f"{width}-one-missing")
    lacking = answering.locator("#lacking")
    expect(lacking).to_be_focused()
    lacking.get_by_role("link").first.click()
    answering.locator("fieldset.question").first.get_by_label("Vet ej").check()
    to_review(answering)
    answering.get_by_role("button", name="Lämna in").click()
    expect(answering.get_by_role("heading", level=1)).to_contain_text("mottaget")
    who.look(f"{width}-receipt")
    assert answering.context.cookies() == []

    for code in codes[1:]:
        world.hand_in(code, answers={"D1": 1, "E3": 0, "C1": 2}, default=3)
    lead.go(f"{address}/stang")
    lead.look(f"{width}-close")
    page.locator("main form button").first.click()
    expect(page.get_by_role("heading", name="Bedömning per område")).to_be_visible()
    for details in page.locator("main details").all():
        details.evaluate("element => element.open = true")
    lead.look(f"{width}-result")
    lead.go("/")
    lead.look(f"{width}-home")


@pytest.mark.parametrize("dark", [False, True], ids=["light", "dark"])
def test_the_questionnaire_is_accessible_at_320_pixels_without_scripts(visit, world: World, dark):
    _, codes = world.open(comments=Comments.REVIEWED)
    seen = visit(NARROW, color_scheme="dark" if dark else "light", java_script_enabled=False)
    page = seen.go("/svara")
    page.get_by_role("textbox").fill(codes[Role.VERKSAMHETSCHEF][0])
    page.get_by_role("button").first.click()
    page.screenshot(path=f"screenshots/320-questionnaire-{'dark' if dark else 'light'}.png", full_page=True)
    fill(page)
    page.get_by_role("button", name="Lämna in").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("mottaget")


def test_somebody_in_a_small_group_must_have_understood(visit, world: World):
    from world import people

    from scoring.rounds import Mode

    _, codes = world.open(mode=Mode.DIALOGUE, eligible=people(1, 2, 0, 1))
    seen = visit(TELEPHONE)
    page = seen.go(f"/svara#{codes[Role.HANDLEDARE][0]}")
    page.get_by_role("button", name="Öppna enkäten").click()
    seen.look("360-dialogue")
    fill(page)
    page.get_by_role("button", name="Lämna in").click()
    page.locator("#lacking").get_by_role("link", name=re.compile("förstått")).click()
    page.get_by_label(re.compile("Jag har förstått")).check()
    to_review(page)
    page.get_by_role("button", name="Lämna in").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("mottaget")
