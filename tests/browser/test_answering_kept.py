"""The draft in the tab: nothing is lost on the way, nothing is left afterwards, and nobody else sees it."""

import json
import re

import pytest
from answering import (
    MOST,
    at,
    begin,
    chosen,
    fill,
    hand_in,
    onward,
    open_form,
    opened,
    type_code,
)
from playwright.sync_api import Error, Page, expect
from sizes import DESKTOP, TELEPHONE
from world import World, people

from questionnaires.model import Role
from scoring.rounds import Comments

SIZES = pytest.mark.parametrize("size", [TELEPHONE, DESKTOP], ids=["360", "1280"])
TELEPHONES = pytest.mark.parametrize("size", [TELEPHONE], ids=["360"])
WORDS = "Fredagarna är bäst."
WITHOUT_CRYPTO = "Object.defineProperty(Crypto.prototype, 'subtle', {get: () => undefined})"


@pytest.fixture
def codes(world: World) -> tuple[str, ...]:
    """Two codes of a short questionnaire with comment fields."""
    _, codes = world.open(comments=Comments.REVIEWED, eligible=people(7, 9, 1, 2))
    return codes[Role.VERKSAMHETSCHEF]


def half_way(page: Page) -> None:
    """Answer three questions in the first area and one in the second, with a comment there."""
    begin(page)
    for question in page.locator("fieldset.question:visible").all()[:3]:
        question.get_by_label(MOST).check()
    onward(page)
    page.locator("fieldset.question:visible").first.get_by_label("Vet ej").check()
    page.locator("textarea:visible").fill(WORDS)
    kept(page)


def kept(page: Page) -> None:
    """Wait until the draft holds what the form holds."""
    page.wait_for_function(
        """async () => {
          const { filled, openDraft } = await import("/static/js/draft.js");
          const form = document.getElementById("questions");
          const held = await (await openDraft(form.elements.code.value)).read();
          return JSON.stringify(held?.values) === JSON.stringify(filled(form));
        }"""
    )


def all_there(page: Page, step: str = "del-B") -> None:
    """See every answer of :func:`half_way`, on the step where it was left."""
    at(page, step)
    expect(page.locator("fieldset.question input:checked")).to_have_count(4)
    expect(page.locator("textarea:visible")).to_have_value(WORDS)


def back(page: Page) -> None:
    """Press Back; where the browser asks whether to send the code again, say yes."""
    try:
        page.go_back()
    except Error:  # the browser does not ask by itself again for a page that was sent for with a form
        page.wait_for_url("chrome-error://chromewebdata/")
    settle(page)


def settle(page: Page) -> None:
    """Say yes where the browser asks whether to send the code again, and wait for what comes."""
    if page.url == "about:blank":  # where the tab began
        return
    if page.evaluate("location.protocol") == "chrome-error:":
        page.reload()
    expect(page.locator(".brand")).to_be_visible()
    if page.locator("#questions").count():
        expect(page.locator("#ways")).to_be_visible()


@TELEPHONES
def test_a_reload_loses_nothing(visit, codes, size):
    page = opened(visit(size), codes[0])
    half_way(page)
    page.reload()
    all_there(page)
    expect(page.get_by_role("heading", level=2, name=re.compile("^B"))).to_be_focused()


@TELEPHONES
def test_going_back_to_the_code_and_coming_in_again_loses_nothing(visit, codes, size):
    seen = visit(size)
    page = opened(seen, codes[0])
    half_way(page)
    for step in ("del-A", "start"):
        page.go_back()
        at(page, step)
    page.go_back()
    expect(page.get_by_role("heading", level=1)).to_have_text("Skriv in din kod")
    expect(page.get_by_label("Kod", exact=True)).to_have_value("")
    type_code(page, codes[0].lower().replace("-", " "))
    at(page, "del-A")  # the last one passed on the way back
    onward(page)
    all_there(page)
    page.get_by_role("link", name="Föregående").click()
    page.get_by_role("link", name="Föregående").click()
    expect(page.locator("#kept")).to_be_visible()
    seen.look(f"{size['width']}-answering-kept")


@TELEPHONES
def test_going_elsewhere_in_the_tab_and_back_loses_nothing(visit, codes, size):
    seen = visit(size)
    page = opened(seen, codes[0])
    half_way(page)
    seen.go("/tillganglighet")
    back(page)
    all_there(page)


def test_a_link_opens_beside_the_questionnaire(visit, codes):
    page = opened(visit(TELEPHONE), codes[0])
    with page.context.expect_page() as beside:
        page.get_by_role("link", name=re.compile("Så skyddas ditt svar, och")).click()
    assert beside.value.evaluate("sessionStorage.length") == 0
    beside.value.close()
    half_way(page)
    with page.context.expect_page() as beside:
        page.locator(".foot a").first.click()
    beside.value.close()
    all_there(page)


@SIZES
def test_the_other_language_keeps_every_answer_and_the_step(visit, codes, size):
    page = opened(visit(size), codes[0])
    half_way(page)
    sent: list[str] = []
    page.on("request", lambda request: sent.append(request.post_data or ""))
    for button, lang in (("In English", "en"), ("På svenska", "sv")):
        page.get_by_role("button", name=button).click()
        expect(page.locator("html")).to_have_attribute("lang", lang)
        all_there(page)
    assert not any(word in body for body in sent for word in ("A1=", "comment", "Fredagarna"))


def test_where_nothing_can_be_kept_it_is_said_and_leaving_is_warned_of(visit, codes):
    seen = visit(TELEPHONE)
    seen.page.add_init_script(WITHOUT_CRYPTO)
    page = opened(seen, codes[0])
    expect(page.locator("#unkept")).to_be_visible()
    asked: list[str] = []
    page.on("dialog", lambda dialog: (asked.append(dialog.type), dialog.accept()))
    page.get_by_role("button", name="In English").click()
    expect(page.locator("html")).to_have_attribute("lang", "en")
    page.get_by_role("button", name="På svenska").click()
    expect(page.locator("html")).to_have_attribute("lang", "sv")
    begin(page)
    page.locator("fieldset.question").first.get_by_label(MOST).check()
    page.get_by_role("button", name="In English").click()
    expect(page.locator("html")).to_have_attribute("lang", "en")
    expect(page.locator("fieldset.question input:checked")).to_have_count(1)
    page.get_by_role("button", name="På svenska").click()
    expect(page.locator("html")).to_have_attribute("lang", "sv")
    assert asked == []
    begin(page)
    page.locator("fieldset.question").nth(1).get_by_label(MOST).check()
    seen.go("/tillganglighet")
    assert asked == ["beforeunload"]
    assert page.evaluate("sessionStorage.length") == 0


def test_handing_in_is_not_warned_of_where_nothing_can_be_kept(visit, codes):
    seen = visit(TELEPHONE)
    seen.page.add_init_script(WITHOUT_CRYPTO)
    page = opened(seen, codes[0])
    asked: list[str] = []
    page.on("dialog", lambda dialog: (asked.append(dialog.type), dialog.accept()))
    begin(page)
    fill(page)
    hand_in(page)
    seen.go("/tillganglighet")
    assert asked == []


def test_leaving_is_not_warned_of_where_everything_is_kept(visit, codes):
    seen = visit(TELEPHONE)
    page = opened(seen, codes[0])
    asked: list[str] = []
    page.on("dialog", lambda dialog: (asked.append(dialog.type), dialog.accept()))
    half_way(page)
    seen.go("/tillganglighet")
    assert asked == []


def test_the_tab_holds_no_answer_and_no_code_that_can_be_read(visit, codes):
    page = opened(visit(TELEPHONE), codes[0])
    half_way(page)
    held = page.evaluate("({...sessionStorage})")
    assert len(held) == 1
    text = json.dumps(held)
    bare = codes[0].replace("-", "")
    assert not any(word in text for word in (codes[0], bare, bare[:8], "vet_ej", "del-B", WORDS, "Fredag"))
    assert page.evaluate("[localStorage.length, document.cookie, history.state]") == [0, "", None]
    assert page.evaluate("indexedDB.databases().then(found => found.length)") == 0
    assert codes[0] not in page.url


def test_a_draft_is_as_long_whatever_was_chosen(visit, codes):
    lengths = set()
    for code, answer in zip(codes, ("Instämmer inte alls", "Ej aktuellt för mig"), strict=True):
        page = opened(visit(TELEPHONE), code)
        begin(page)
        for question in page.locator("fieldset.question:visible").all():
            question.get_by_label(answer).check()
        kept(page)
        lengths.add(page.evaluate("sessionStorage.getItem(sessionStorage.key(0)).length"))
    assert len(lengths) == 1


def test_a_new_draft_is_sealed_afresh(visit, codes):
    page = opened(visit(TELEPHONE), codes[0])
    begin(page)
    kept(page)
    first = page.evaluate("sessionStorage.getItem(sessionStorage.key(0))")
    page.locator("fieldset.question:visible").first.get_by_label(MOST).check()
    page.wait_for_function("first => sessionStorage.getItem(sessionStorage.key(0)) !== first", arg=first)
    assert page.evaluate("sessionStorage.getItem(sessionStorage.key(0))")[:16] != first[:16]


def test_a_draft_that_is_damaged_is_left_out(visit, codes):
    page = opened(visit(TELEPHONE), codes[0])
    half_way(page)
    page.evaluate("sessionStorage.setItem(sessionStorage.key(0), 'skräp')")
    page.reload()
    at(page, "del-B")
    assert chosen(page) == 0


def test_another_code_in_the_same_tab_sees_nothing(visit, codes):
    seen = visit(TELEPHONE)
    page = opened(seen, codes[0])
    half_way(page)
    seen.go("/svara")
    type_code(page, codes[1])
    at(page, "start")
    expect(page.locator("#kept")).to_be_hidden()
    assert chosen(page) == 0
    assert page.locator("textarea").evaluate_all("fields => fields.map(field => field.value).join('')") == ""


def test_another_tab_sees_nothing(visit, codes):
    page = opened(visit(TELEPHONE), codes[0])
    half_way(page)
    other = page.context.new_page()
    other.goto(page.url.split("#")[0])
    type_code(other, codes[0])
    at(other, "start")
    assert chosen(other) == 0


@SIZES
def test_after_the_receipt_neither_back_history_nor_a_new_tab_shows_an_answer(visit, codes, size):
    seen = visit(size)
    page = opened(seen, codes[0])
    half_way(page)
    for button in ("In English", "På svenska"):
        page.get_by_role("button", name=button).click()
        all_there(page)
    fill(page)
    page.locator("#lacking a").first.click()
    fill(page)
    hand_in(page)
    assert page.evaluate("sessionStorage.length") == 0
    while page.url != "about:blank":
        back(page)
        assert shown(page) == ""
    other = page.context.new_page()
    other.goto(f"{seen.server}/svara#{codes[0]}")
    open_form(other)
    assert shown(other) == ""


def test_a_receipt_that_is_loaded_again_asks_for_a_code(visit, codes):
    page = opened(visit(TELEPHONE), codes[0])
    begin(page)
    fill(page)
    hand_in(page)
    page.reload()
    expect(page.get_by_role("heading", level=1)).to_have_text("Skriv in din kod")


def test_the_receipt_removes_every_draft_of_the_tab(visit, codes):
    seen = visit(TELEPHONE)
    page = opened(seen, codes[0])
    half_way(page)
    seen.go("/svara")
    type_code(page, codes[1])
    begin(page)
    fill(page)
    assert page.evaluate("sessionStorage.length") == 2
    hand_in(page)
    assert page.evaluate("sessionStorage.length") == 0


def test_answering_sends_nothing_before_it_is_handed_in(visit, codes):
    page = opened(visit(TELEPHONE), codes[0])
    asked: list[str] = []
    page.on("request", lambda request: asked.append(f"{request.method} {request.url}"))
    half_way(page)
    page.reload()
    all_there(page)
    page.get_by_role("link", name="Föregående").click()
    at(page, "del-A")
    fill(page)
    hand_in(page)
    sent = [line.split("/", 3)[3] for line in asked if "/static/" not in line]
    assert sent == ["svara", "svara/lamna-in"]  # the reload, with the code alone, and the hand-in


def shown(page: Page) -> str:
    """Give every answer that can be read on a page: what is chosen, and what was written."""
    return page.evaluate(
        """words => [
          ...document.querySelectorAll("fieldset input:checked, textarea"),
        ].map(field => field.type === "radio" ? field.name : field.value).join("")
          + (document.body.innerText.includes(words) ? words : "")""",
        WORDS,
    )
