"""Filling in the questionnaire in a browser: area by area where scripts run, else in the one long form."""

import re

from playwright.sync_api import Page, expect

MOST = "Instämmer till stor del"


def begin(page: Page) -> None:
    """Go from the promise to the first area."""
    page.get_by_role("link", name="Börja svara").click()


def onward(page: Page) -> bool:
    """Go to the next area or to the review; say whether there was one."""
    way = page.locator("#ways a").last
    if not way.is_visible():
        return False
    step = (way.get_attribute("href") or "").lstrip("#")
    way.click()
    expect(page.locator(f"[data-step={step}]")).to_be_visible()
    return True


def fill(page: Page, but: int = 0) -> None:
    """Choose "Instämmer till stor del" everywhere but in the first ``but`` questions, up to the review."""
    page.wait_for_load_state("networkidle")
    going = True
    while going:
        for question in page.locator("fieldset.question:visible").all():
            if int(question.locator(".id").inner_text().rstrip(".")) > but:
                question.get_by_label(MOST).check()
        going = onward(page)


def to_review(page: Page) -> None:
    """Go from wherever one is to the review, answering nothing."""
    while onward(page):
        pass
    expect(page.get_by_role("heading", name="Granska och lämna in")).to_be_focused()


def hand_in(page: Page) -> None:
    """Press the button, and see the receipt."""
    page.get_by_role("button", name="Lämna in").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Ditt svar är mottaget")


def left(page: Page) -> int:
    """Give the number of questions that are said to be left."""
    found = re.search(r"(\d+) kvar", page.locator("#left p").inner_text())
    return int(found.group(1)) if found else 0
