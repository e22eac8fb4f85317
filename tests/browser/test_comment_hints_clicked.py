"""Beside a comment, a gentle word where it seems to name somebody. It hinders nothing and sends nothing."""

import pytest
from answering import at, begin, fill, opened
from playwright.sync_api import expect
from sizes import TELEPHONE
from world import World

from questionnaires.model import Role
from scoring.rounds import Comments

SEEN = [
    ("Anna Berg är aldrig på plats", "name"),
    ("Jag frågade dr Berg", "name"),
    ("Dr. Åberg sade nej", "name"),
    ("doktor Öman hjälper till", "name"),
    ("Anna-Karin Ek", "name"),
    ("det hände 2026-03-14", "date"),
    ("det hände 14/3", "date"),
    ("det hände 14.3.2026", "date"),
    ("den 3 mars fick vi veta", "date"),
    ("on 3 March we heard", "date"),
    ("on March 14 we heard", "date"),
    ("skriv till a.b@c.example", "email"),
    ("ring 070-123 45 67", "phone"),
    ("ring +46 70 123 45 67", "phone"),
    ("ring 08-123 456 78", "phone"),
    ("850709-9805", "number"),
    ("19850709 9805", "number"),
    ("en patient dog", "patient"),
    ("patientens dotter", "patient"),
    ("pat. ville hem", "patient"),
    ("the patient was sent home", "patient"),
]
UNSEEN = [
    "Handledningen fungerar bra varje vecka.",
    "Vi har för få patienter och för lite patientsäkerhet i tanken.",
    "Jour 24/7 är tungt. Schemat görs 3 veckor i förväg.",
    "Minst 2 timmar i månaden, hellre 3,5 eller 10.",
    "HSLF-FS 2021:8 följs, liksom D1 och E3.",
    "ST-läkare i mars 2026 var fler än i dag",
    "Bra. Fortsätt så. Mer tid.",
    "Under 1,5 år har 12 av 17 slutat.",
    "",
]


def test_what_seems_to_name_somebody_is_seen_and_plain_words_are_not(visit):
    page = visit(TELEPHONE).go("/svara")
    seen = "written => import('/static/js/comments.js').then(module => module.seen(written))"
    assert [(text, page.evaluate(seen, text)) for text, _ in SEEN] == [(text, [kind]) for text, kind in SEEN]
    assert [(text, page.evaluate(seen, text)) for text in UNSEEN] == [(text, []) for text in UNSEEN]


@pytest.fixture
def writing(visit, world: World):
    """The page where one writes in one's own words."""
    _, codes = world.open(comments=Comments.REVIEWED)
    seen = visit(TELEPHONE)
    page = opened(seen, codes[Role.VERKSAMHETSCHEF][0])
    begin(page)
    fill(page)
    page.get_by_role("link", name="Föregående").click()
    at(page, "del-ord")
    return seen


def test_a_hint_stands_beside_the_field_and_goes_with_what_it_was_about(writing):
    page = writing.page
    field, note = page.get_by_label("Vad fungerar bäst?"), page.locator("#comment_best-note")
    assert note.get_attribute("role") == "status"
    field.press_sequentially("Mötet 14/3 med Anna Berg")
    expect(note).to_have_text("Det ser ut som ett namn. Behövs det?\nDet ser ut som ett datum. Behövs det?")
    writing.look("360-answering-hint")
    field.fill("Mötet var bra")
    expect(note).to_be_hidden()


def test_a_hint_is_not_told_at_every_key(writing):
    page = writing.page
    told = """() => {
      window.told = [];
      const note = document.getElementById("comment_best-note");
      new MutationObserver(() => told.push(1)).observe(note, {childList: true});
    }"""
    page.evaluate(told)
    page.get_by_label("Vad fungerar bäst?").press_sequentially(
        "Anna Berg och Anna Berg och Anna Berg och 14/3"
    )
    expect(page.locator("#comment_best-note")).to_contain_text("datum")
    assert page.evaluate("told.length") <= 2


def test_what_is_left_is_told_near_the_end_and_no_more_is_taken(writing):
    page = writing.page
    field, note = page.get_by_label("Vad fungerar bäst?"), page.locator("#comment_best-note")
    field.fill("å" * 1799)
    field.blur()
    expect(note).to_be_hidden()
    field.fill("å" * 1990)
    expect(note).to_have_text("10 tecken kvar.")
    field.press_sequentially("å" * 12)
    expect(note).to_have_text("0 tecken kvar.")
    expect(field).to_have_value("å" * 2000)
    page.get_by_role("link", name="Granska").click()
    page.get_by_role("button", name="Lämna in").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("mottaget")
