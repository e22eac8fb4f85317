"""Three minutes: from Home to slips in hand, counted in clicks and in fields that must be touched."""

import re

import pytest
from playwright.sync_api import Page, expect
from sizes import DESKTOP, TELEPHONE
from world import PASSWORD, World

from stins.services import reviews
from stins.services.reviews.values import Wanted

CLICKS_MOST, FIELDS_MOST = 6, 8
SIZES = pytest.mark.parametrize("size", [TELEPHONE, DESKTOP], ids=["360", "1280"])


class Counted:
    """Somebody at a page whose clicks and touched fields are counted."""

    def __init__(self, page: Page) -> None:
        self.page, self.clicks, self.fields = page, 0, 0

    def click(self, role: str, name: str) -> None:
        """Click a link or a button."""
        self.clicks += 1
        self.page.get_by_role(role, name=re.compile(name)).first.click()

    def fill(self, label: str, value: str) -> None:
        """Fill in a field."""
        self.fields += 1
        self.page.get_by_label(label, exact=True).fill(value)

    def state(self, fact: str, value: str) -> None:
        """State a fact."""
        self.fields += 1
        self.page.locator(f"input[name=fact_{fact}][value={value}]").check()


def sign_in(page: Page) -> None:
    page.get_by_label("E-postadress").fill("studierektor@prov.example")
    page.get_by_label("Lösenord").fill(PASSWORD)
    page.get_by_role("button", name="Logga in").click()


def slips_in_hand(who, counted: Counted, width: int | None = None) -> None:
    """From the filled in plan to the slips."""
    counted.click("button", "Spara utkastet")
    counted.click("link", "Öppna och skapa koder")
    counted.click("button", "Öppna och visa koderna")
    if width:
        who.look(f"{width}-codes-in-hand")
    with who.page.expect_download() as file:
        counted.click("button", "Hämta lapparna som PDF")
    assert file.value.suggested_filename == "lappar.pdf"


@SIZES
def test_a_first_inspection_is_planned_and_its_slips_are_in_hand(visit, world: World, size: dict):
    with world.store.writing() as session:
        wanted = Wanted(world.places["unit"].id, world.clock.today(), "SPUR", {}, "", ())
        reviews.register(
            session, world.box, world.people["studierektor"], wanted, world.at.now, world.at.today
        )
    who = visit(size, accept_downloads=True)
    who.go("/")
    sign_in(who.page)
    counted = Counted(who.page)
    counted.click("link", "Planera en inspektion")
    counted.fill("ST-läkare", "7")
    counted.fill("Handledare", "9")
    counted.fill("Studierektor", "1")
    counted.fill("Verksamhetschef", "1")
    for fact in ("A8", "B9", "F6"):
        counted.state(fact, "ja")
    slips_in_hand(who, counted, size["width"])
    assert counted.clicks <= CLICKS_MOST
    assert counted.fields <= FIELDS_MOST


def test_the_next_inspection_remembers_and_asks_for_nothing_but_a_look(visit, world: World):
    id, codes = world.open()
    world.all_hand_in(codes)
    world.close(id)
    world.clock.forward(days=100)
    who = visit(DESKTOP, accept_downloads=True)
    who.go("/")
    sign_in(who.page)
    counted = Counted(who.page)
    counted.click("link", "Planera en inspektion")
    expect(who.page.get_by_text("hämtade från förra gången")).to_be_visible()
    expect(who.page.get_by_label("Handledare", exact=True)).to_have_value("9")
    who.look("1280-plan-remembered")
    slips_in_hand(who, counted)
    assert (counted.clicks <= CLICKS_MOST, counted.fields) == (True, 0)


@SIZES
def test_a_draft_is_thrown_away_on_a_page_of_its_own(visit, world: World, size: dict):
    id = world.plan()
    who = visit(size)
    who.go(f"/inspektioner/{id}")
    sign_in(who.page)
    who.page.get_by_role("link", name="Ta bort utkastet").click()
    who.look(f"{size['width']}-draft-throw-away")
    who.page.get_by_role("link", name="Behåll det").click()
    who.page.get_by_role("link", name="Ta bort utkastet").click()
    who.page.get_by_role("button", name="Ta bort utkastet").click()
    expect(who.page.get_by_text("Utkastet är borttaget")).to_be_visible()


def test_the_list_is_copied_by_a_button(visit, world: World):
    id = world.plan()
    who = visit(DESKTOP, permissions=["clipboard-read", "clipboard-write"])
    who.go(f"/inspektioner/{id}/koder")
    sign_in(who.page)
    who.page.get_by_role("button", name="Öppna och visa koderna").click()
    who.page.get_by_role("button", name="Kopiera listan").first.click()
    expect(who.page.get_by_text("Listan är kopierad.").first).to_be_visible()
    copied = who.page.evaluate("navigator.clipboard.readText()")
    assert len(re.findall(r"(?:[0-9A-Z]{4}-){5}[0-9A-Z]{4}", copied)) == 7


def test_who_leads_several_units_says_which_first(visit, world: World):
    who = visit(TELEPHONE)
    who.go("/inspektioner/ny")
    who.page.get_by_label("E-postadress").fill("group@prov.example")
    who.page.get_by_label("Lösenord").fill(PASSWORD)
    who.page.get_by_role("button", name="Logga in").click()
    who.look("360-plan-choose")
    who.page.get_by_role("link", name=world.places["member"].name).click()
    link = who.page.get_by_role("link", name=f"Planera för {world.places['group'].name}")
    expect(link).to_be_visible()
    who.look("360-plan-member")
    link.click()
    expect(who.page.locator(".above")).to_contain_text(world.places["group"].name)
