"""The questionnaire by keyboard, touch and in other looks: Enter hands nothing in, and everything is seen."""

import pytest
from answering import MOST, at, begin, chosen, fill, opened, received, to_review
from playwright.sync_api import Page, expect
from sizes import DESKTOP, TELEPHONE
from sqlalchemy import select
from world import World

from questionnaires.model import Role
from scoring.rounds import Comments
from stins.store.tables import Ballot

NARROW_ZOOMED = {"width": 320, "height": 256}  # 1280 by 1024 at 400 %


@pytest.fixture
def code(world: World) -> str:
    """A code of a short questionnaire with comment fields."""
    _, codes = world.open(comments=Comments.REVIEWED)
    return codes[Role.VERKSAMHETSCHEF][0]


def focused(page: Page) -> tuple[str, str]:
    """Give what has the focus: its kind, and its words or name."""
    kind, words = page.evaluate(
        """() => {
          const on = document.activeElement;
          return [on.type || on.localName, on.type === "radio" ? on.name : on.innerText.trim()];
        }"""
    )
    return kind, words


def tab_to(page: Page, words: str) -> None:
    """Press Tab until something with these words has the focus."""
    for _ in range(40):
        if focused(page)[1] == words:
            return
        page.keyboard.press("Tab")
    raise AssertionError(f"Tab never came to {words}")


@pytest.mark.parametrize("size", [TELEPHONE, DESKTOP], ids=["360", "1280"])
def test_everything_is_done_by_keyboard_from_code_to_receipt(visit, code: str, size):
    page = visit(size).go("/svara")
    while page.evaluate("document.activeElement.id") != "code":
        page.keyboard.press("Tab")
    page.keyboard.type(code)
    page.keyboard.press("Enter")
    expect(page.locator("#ways")).to_be_visible()
    tab_to(page, "Börja svara")
    page.keyboard.press("Enter")
    met: list[str] = []
    for step in ("del-A", "del-B", "del-D", "del-E", "del-F", "del-G", "del-ord"):
        at(page, step)
        expect(page.locator("h2:focus")).to_be_visible()
        while focused(page) not in (("a", "Nästa"), ("a", "Granska")):
            page.keyboard.press("Tab")
            match focused(page):
                case "radio", name:
                    met.append(name)
                    page.keyboard.press("Space")
                    page.keyboard.press("ArrowDown")
                case "textarea", _:
                    page.keyboard.type("Bra")
        page.keyboard.press("Enter")
    at(page, "granska")
    assert len(met) == len(set(met)) == 17
    assert page.locator(f"fieldset.question label:has(:checked):text-is('{MOST}')").count() == 17
    tab_to(page, "Lämna in")
    page.keyboard.press("Enter")
    received(page)
    expect(page.locator("h1")).to_be_focused()


def test_tab_goes_through_an_area_from_top_to_bottom_and_back(visit, code: str):
    page = opened(visit(DESKTOP), code)
    begin(page)
    forward = []
    while focused(page)[1] != "Nästa":
        page.keyboard.press("Tab")
        forward.append(focused(page))
    assert [kind for kind, _ in forward] == ["radio"] * 4 + ["textarea", "a", "a"]
    backward = [focused(page)]
    for _ in forward[1:]:
        page.keyboard.press("Shift+Tab")
        backward.append(focused(page))
    assert backward[::-1] == forward


@pytest.mark.parametrize("scripts", [True, False], ids=["scripts", "no-scripts"])
def test_enter_in_a_field_never_hands_in(visit, world: World, code: str, scripts: bool):
    seen = visit(DESKTOP, java_script_enabled=scripts)
    page = seen.go("/svara")
    page.get_by_role("textbox").fill(code)
    page.get_by_role("button", name="Öppna enkäten").click()
    if scripts:
        begin(page)
        fill(page)
        page.get_by_role("link", name="Ändra: A").click()
    else:
        for question in page.locator("fieldset.question").all():
            question.get_by_label(MOST).check()
    page.locator("fieldset.question:visible input:checked").first.focus()
    page.keyboard.press("Enter")
    page.wait_for_load_state()
    expect(page.get_by_role("heading", level=1)).to_have_text("Kliniken")
    expect(page.locator("fieldset.question input:checked")).to_have_count(17)
    page.locator("textarea:visible").first.press("Enter")
    expect(page.locator("textarea:visible").first).to_have_value("\n")
    with world.store.reading() as session:
        assert session.scalars(select(Ballot)).all() == []


def test_what_is_touched_is_large_enough(visit, code: str):
    page = opened(visit(TELEPHONE), code)
    small = """selector => [...document.querySelectorAll(selector)].filter(each => each.offsetParent)
      .map(each => [each.innerText, each.getBoundingClientRect()])
      .filter(([, box]) => box.height < 44 || box.width < 44).map(([text]) => text)"""
    assert page.evaluate(small, "#ways a, .end button") == []
    begin(page)
    assert page.evaluate(small, "#ways a, .end button, .options label, #left a, textarea") == []
    fill(page, but=2)
    assert page.evaluate(small, "#ways a, .end button, #hand-in, .review .row a, summary") == []
    assert page.evaluate("document.querySelector('#lacking a').getBoundingClientRect().height") >= 44
    heights = "links => new Set(links.map(link => link.getBoundingClientRect().height)).size"
    assert page.locator(".review .row a:visible").evaluate_all(heights) == 1  # each is one word, on one line


def test_in_forced_colours_choice_focus_and_progress_are_seen(visit, code: str):
    seen = visit(TELEPHONE, forced_colors="active")
    page = opened(seen, code)
    begin(page)
    first = page.locator("fieldset.question").first
    first.get_by_label(MOST).check()
    first.get_by_label("Vet ej").focus()
    outline = "label => getComputedStyle(label).outlineStyle + getComputedStyle(label).outlineWidth"
    assert first.locator("label:has(:checked)").evaluate(outline) == "solid3px"
    assert first.locator("label").first.evaluate(outline).startswith("none")
    page.locator("fieldset.question").nth(1).locator("input").first.focus()
    page.keyboard.press("Tab")
    expect(page.locator("#left progress")).to_have_js_property("value", 1)
    seen.look("360-answering-forced-colours")


def test_nothing_moves_for_who_has_asked_for_no_motion(visit, code: str):
    page = opened(visit(TELEPHONE, reduced_motion="reduce"), code)
    begin(page)
    moving = """() => [...document.querySelectorAll("*")].map(each => getComputedStyle(each))
      .filter(style => style.transitionDuration !== "0s" || style.animationName !== "none"
        || style.scrollBehavior === "smooth").length"""
    assert page.evaluate(moving) == 0
    assert page.evaluate("document.getAnimations().length") == 0


def test_at_four_hundred_percent_nothing_is_hidden_behind_the_progress_mark(visit, code: str):
    seen = visit(NARROW_ZOOMED)
    page = opened(seen, code)
    begin(page)
    seen.look("400-percent-answering-area")
    page.locator("#left a").click()
    page.keyboard.press("Tab")
    on = "document.activeElement.closest('label').getBoundingClientRect()"
    assert page.evaluate(f"{on}.top >= 0 && {on}.bottom <= innerHeight")
    to_review(page)
    seen.look("400-percent-answering-review")


def test_focus_is_never_hidden_behind_the_progress_mark(visit, code: str):
    page = opened(visit(TELEPHONE), code)
    begin(page)
    for _ in range(4):
        page.locator("#left a").click()
        question = page.locator("fieldset.question:focus")
        top = question.evaluate("each => each.querySelector('legend').getBoundingClientRect().top")
        assert top >= page.evaluate("document.getElementById('left').getBoundingClientRect().bottom") - 1
        page.keyboard.press("Tab")
        page.keyboard.press("Space")


def test_on_paper_the_whole_questionnaire_stands_with_what_was_chosen(visit, code: str):
    page = opened(visit(DESKTOP), code)
    begin(page)
    page.locator("fieldset.question").first.get_by_label(MOST).check()
    page.emulate_media(media="print")
    assert page.locator("fieldset.question:visible").count() == 17
    expect(page.locator("#left")).to_be_hidden()
    expect(page.locator("#ways")).to_be_hidden()
    page.screenshot(path="screenshots/print-answering.png", full_page=True)
    page.emulate_media(media="screen")
    assert chosen(page) == 1
    at(page, "del-A")
