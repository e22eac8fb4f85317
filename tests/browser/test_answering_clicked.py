"""The questionnaire area by area: the promise, the areas, the review, and handing in."""

import pytest
from answering import begin, fill, hand_in, left, onward, to_review
from playwright.sync_api import Page, expect
from sizes import DESKTOP, TELEPHONE
from world import World

from questionnaires.model import Role
from scoring.rounds import Comments

SIZES = pytest.mark.parametrize("size", [TELEPHONE, DESKTOP], ids=["360", "1280"])


def opened(seen, code: str) -> Page:
    """Come in by the slip's address."""
    page = seen.go(f"/svara#{code}")
    page.get_by_role("button", name="Öppna enkäten").click()
    expect(page.get_by_role("link", name="Börja svara")).to_be_visible()
    return page


@SIZES
def test_the_questionnaire_is_answered_area_by_area_and_reviewed(visit, world: World, size):
    _, codes = world.open(comments=Comments.REVIEWED)
    width, seen = size["width"], visit(size)
    page = opened(seen, codes[Role.ST_LAKARE][0])
    seen.look(f"{width}-answering-promise")
    begin(page)
    expect(page.get_by_role("heading", level=2)).to_be_focused()
    seen.look(f"{width}-answering-area")
    assert left(page) == 58
    page.go_back()
    expect(page.get_by_role("heading", level=1)).to_be_focused()
    begin(page)
    fill(page, but=6)
    seen.look(f"{width}-answering-review-missing")
    for _ in range(6):
        link = page.locator("#lacking a").first
        question = page.locator(link.get_attribute("href") or "")
        link.click()
        expect(question).to_be_focused()
        question.get_by_label("Vet ej").check()
        to_review(page)
    seen.look(f"{width}-answering-review")
    hand_in(page)
    seen.look(f"{width}-answering-receipt")
