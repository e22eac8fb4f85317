"""The questionnaire area by area: the promise, the areas, the review, and handing in."""

import re
from contextlib import contextmanager

import pytest
from answering import MOST, at, begin, fill, hand_in, opened, received, to_review, told
from playwright.sync_api import expect
from sizes import DESKTOP, NARROW, TELEPHONE
from world import World, people

from questionnaires.model import Role
from scoring.rounds import Comments, Mode
from stins.store.opening import Unreachable

SIZES = pytest.mark.parametrize("size", [TELEPHONE, DESKTOP], ids=["360", "1280"])


@SIZES
def test_the_questionnaire_is_answered_area_by_area_and_reviewed(visit, world: World, size):
    _, codes = world.open(comments=Comments.REVIEWED)
    width, seen = size["width"], visit(size)
    page = opened(seen, codes[Role.ST_LAKARE][0])
    seen.look(f"{width}-answering-promise")
    begin(page)
    expect(page.get_by_role("heading", level=2)).to_be_focused()
    assert told(page) == "Område 1 av 8 58 kvar ungefär 7 minuter kvar"
    seen.look(f"{width}-answering-area")
    page.go_back()
    expect(page.get_by_role("heading", level=1)).to_be_focused()
    begin(page)
    fill(page, but=6)
    page.get_by_role("link", name="Föregående").click()
    page.get_by_label("Vad fungerar bäst?").fill("Handledarna tar sig tid.")
    to_review(page)
    assert told(page) == "6 kvar ungefär en minut kvar"
    expect(page.locator("#review")).to_contain_text("Handledarna tar sig tid.")
    seen.look(f"{width}-answering-review-missing")
    page.get_by_role("button", name="Lämna in").click()
    expect(page.locator("#lacking")).to_be_focused()
    for _ in range(6):
        link = page.locator("#lacking a").first
        question = page.locator(link.get_attribute("href") or "")
        link.click()
        expect(question).to_be_focused()
        question.get_by_label("Vet ej").check()
        to_review(page)
    assert told(page) == "Alla frågor är besvarade"
    page.locator("#review summary").first.click()
    expect(page.locator("#review details").first).to_contain_text("Vet ej")
    seen.look(f"{width}-answering-review")
    hand_in(page)
    expect(page.get_by_role("heading", level=1)).to_be_focused()
    seen.look(f"{width}-answering-receipt")
    assert page.context.cookies() == []


def test_what_is_left_leads_to_the_next_question_without_an_answer(visit, world: World):
    _, codes = world.open()
    page = opened(visit(TELEPHONE), codes[Role.VERKSAMHETSCHEF][0])
    begin(page)
    page.locator("fieldset.question").first.get_by_label(MOST).check()
    page.locator("#left a").click()
    expect(page.locator("fieldset.question").nth(1)).to_be_focused()
    to_review(page)
    page.get_by_role("link", name="Ändra: B").click()
    at(page, "del-B")
    expect(page.get_by_role("heading", level=2)).to_be_focused()
    assert told(page).startswith("Område 2 av")


def test_an_area_is_changed_from_the_review(visit, world: World):
    id, codes = world.open()
    page = opened(visit(TELEPHONE), codes[Role.VERKSAMHETSCHEF][0])
    begin(page)
    fill(page)
    page.get_by_role("link", name="Ändra: A").click()
    page.locator("fieldset.question").first.get_by_label("Instämmer inte alls").check()
    to_review(page)
    page.locator("#review summary").first.click()
    expect(page.locator("#review details li").first).to_contain_text("Instämmer inte alls")
    hand_in(page)
    assert id


def test_what_the_server_finds_wrong_leads_to_its_place_and_loses_nothing(visit, world: World):
    _, codes = world.open(comments=Comments.REVIEWED)
    seen = visit(TELEPHONE)
    page = opened(seen, codes[Role.VERKSAMHETSCHEF][0])
    begin(page)
    fill(page)
    fields = page.locator("textarea")
    for field in fields.all():
        field.evaluate(
            "field => { field.value = '€'.repeat(2000);"
            " field.dispatchEvent(new Event('input', {bubbles: true})) }"
        )
    page.get_by_role("button", name="Lämna in").click()
    summary = page.locator("#problems")
    expect(summary).to_be_focused()
    seen.look("360-answering-refused")
    assert page.locator("fieldset.question input:checked").count() == 17
    summary.get_by_role("link").first.click()
    expect(page.locator("textarea:focus")).to_have_value("€" * 2000)
    for field in page.locator("textarea").all():
        field.evaluate(
            "field => { field.value = ''; field.dispatchEvent(new Event('input', {bubbles: true})) }"
        )
    to_review(page)
    hand_in(page)


def test_who_is_told_that_answers_can_be_worked_out_must_tick_it_first(visit, world: World):
    _, codes = world.open(mode=Mode.DIALOGUE, eligible=people(1, 2, 0, 1))
    page = opened(visit(TELEPHONE), codes[Role.VERKSAMHETSCHEF][0])
    begin(page)
    fill(page)
    page.locator("#lacking a").click()
    expect(page.get_by_label(re.compile("Jag har förstått"))).to_be_focused()
    page.keyboard.press("Space")
    to_review(page)
    hand_in(page)


def test_a_telephone_that_loses_its_net_loses_no_answer(visit, world: World):
    _, codes = world.open()
    seen = visit(TELEPHONE)
    page = opened(seen, codes[Role.VERKSAMHETSCHEF][0])
    begin(page)
    fill(page)
    page.context.set_offline(True)
    page.get_by_role("button", name="Lämna in").click()
    expect(page.locator("#refused")).to_be_focused()
    expect(page.locator("#refused")).to_contain_text("Allt du har fyllt i finns kvar här")
    page.context.set_offline(False)
    seen.faults.clear()  # the console tells of the net that was lost
    seen.look("360-answering-no-net")
    hand_in(page)


def test_a_database_that_does_not_answer_loses_no_answer(
    visit, world: World, monkeypatch: pytest.MonkeyPatch
):
    _, codes = world.open()

    @contextmanager
    def locked():
        raise Unreachable("OperationalError")
        yield

    page = opened(visit(TELEPHONE), codes[Role.VERKSAMHETSCHEF][0])
    begin(page)
    fill(page)
    with monkeypatch.context() as patch:
        patch.setattr(world.store, "writing", locked)
        page.get_by_role("button", name="Lämna in").click()
        expect(page.locator("#refused")).to_contain_text("Svaret är inte mottaget än")
    hand_in(page)


def test_an_answer_that_came_too_late_may_be_read_once_more(visit, world: World):
    id, codes = world.open(comments=Comments.REVIEWED)
    seen = visit(TELEPHONE)
    page = opened(seen, codes[Role.VERKSAMHETSCHEF][0])
    begin(page)
    fill(page)
    page.get_by_role("link", name="Föregående").click()
    page.get_by_label("Vad fungerar bäst?").fill("Fredagarna.")
    to_review(page)
    world.close(id)
    page.get_by_role("button", name="Lämna in").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("Svaret är inte mottaget")
    page.get_by_text("Visa det du hade fyllt i").click()
    expect(page.get_by_text("Fredagarna.")).to_be_visible()
    seen.look("360-answering-too-late")
    assert page.evaluate("sessionStorage.length") == 0
    page.reload()
    expect(page.get_by_role("heading", level=1)).to_have_text("Skriv in din kod")


def test_an_answer_that_was_received_before_leaves_nothing_either(visit, world: World):
    _, codes = world.open()
    code = codes[Role.VERKSAMHETSCHEF][0]
    world.hand_in(code)
    page = opened(visit(TELEPHONE), code)
    begin(page)
    fill(page)
    page.get_by_role("button", name="Lämna in").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Svaret är redan mottaget.")
    assert page.evaluate("sessionStorage.length") == 0
    assert page.locator("fieldset").count() == 0


@pytest.mark.parametrize("dark", [False, True], ids=["light", "dark"])
def test_every_step_fits_320_pixels_in_both_languages(visit, world: World, dark):
    _, codes = world.open(comments=Comments.REVIEWED)
    seen, tone = visit(NARROW, color_scheme="dark" if dark else "light"), "dark" if dark else "light"
    page = opened(seen, codes[Role.VERKSAMHETSCHEF][0])
    page.get_by_role("button", name="In English").click()
    expect(page.locator("html")).to_have_attribute("lang", "en")
    seen.look(f"320-answering-promise-{tone}")
    page.get_by_role("button", name="På svenska").click()
    begin(page)
    seen.look(f"320-answering-area-{tone}")
    fill(page, but=2)
    seen.look(f"320-answering-review-{tone}")


def test_without_scripts_it_is_one_long_form(visit, world: World):
    _, codes = world.open(comments=Comments.REVIEWED)
    page = visit(TELEPHONE, java_script_enabled=False).go("/svara")
    page.get_by_role("textbox").fill(codes[Role.VERKSAMHETSCHEF][0])
    page.get_by_role("button", name="Öppna enkäten").click()
    assert page.locator(".step:visible").count() == page.locator(".step").count()
    expect(page.locator("#ways")).to_be_hidden()
    assert "Använd inte bakåtknappen" in (page.locator("noscript").text_content() or "")
    first = page.locator("fieldset.question").first
    first.get_by_label(MOST).check()
    page.keyboard.press("Enter")
    page.get_by_label("Vad fungerar bäst?").fill("Fredagarna.")
    page.get_by_role("button", name="In English").click()
    expect(page.locator("html")).to_have_attribute("lang", "en")
    expect(page.locator("fieldset.question input:checked")).to_have_count(1)
    page.get_by_role("button", name="På svenska").click()
    page.get_by_role("button", name="Lämna in").click()
    expect(page.locator("#problems a")).to_have_count(16)
    for question in page.locator("fieldset.question").all():
        question.get_by_label(MOST).check()
    expect(page.get_by_label("Vad fungerar bäst?")).to_have_value("Fredagarna.")
    page.get_by_role("button", name="Lämna in").click()
    received(page)
