"""Filling in the questionnaire in a browser: area by area where scripts run, else in the one long form."""

import re

from playwright.sync_api import Page, expect

MOST = "Instämmer till stor del"
CHOOSE = """([words, but]) => {
  for (const question of document.querySelectorAll("fieldset.question")) {
    if (!question.offsetParent || parseInt(question.querySelector(".id").innerText) <= but) continue;
    [...question.querySelectorAll("label")].find(label => label.innerText.trim() === words).control.click();
  }
}"""


def opened(seen, code: str) -> Page:
    """Come in by the slip's address, up to the promise."""
    page = seen.go(f"/svara#{code}")
    open_form(page)
    return page


def open_form(page: Page) -> None:
    """Press the button of the page that asks for the code, and see the promise or where one was."""
    page.get_by_role("button", name="Öppna enkäten").click()
    expect(page.locator("#ways")).to_be_visible()


def type_code(page: Page, code: str) -> None:
    """Type a code and open its form."""
    page.get_by_label("Kod", exact=True).fill(code)
    open_form(page)


def begin(page: Page) -> None:
    """Go from the promise to the first area."""
    page.get_by_role("link", name="Börja svara").click()
    at(page, "del-A")


def at(page: Page, step: str) -> None:
    """See that a step is the one shown."""
    expect(page.locator(".step:visible")).to_have_attribute("data-step", step)


def onward(page: Page) -> bool:
    """Go to the next area or to the review; say whether there was one."""
    way = page.locator("#ways a").last
    if not way.is_visible():
        return False
    step = (way.get_attribute("href") or "").lstrip("#")
    way.click()
    at(page, step)
    return True


def fill(page: Page, but: int = 0) -> None:
    """Choose "Instämmer till stor del" everywhere but in the first ``but`` questions, up to the review."""
    page.evaluate(CHOOSE, [MOST, but])
    while onward(page):
        page.evaluate(CHOOSE, [MOST, but])


def to_review(page: Page) -> None:
    """Go from wherever one is to the review, answering nothing."""
    while onward(page):
        pass
    expect(page.get_by_role("heading", name="Granska och lämna in")).to_be_focused()


def hand_in(page: Page) -> None:
    """Press the button, and see the receipt."""
    page.get_by_role("button", name="Lämna in").click()
    received(page)


def received(page: Page) -> None:
    """See the receipt."""
    expect(page.get_by_role("heading", level=1)).to_have_text("Ditt svar är mottaget")


def told(page: Page) -> str:
    """Give what the progress mark says."""
    return re.sub(r"\s+", " ", page.locator("#left p").inner_text()).strip()


def chosen(page: Page) -> int:
    """Give the number of questions that have an answer."""
    return page.locator("fieldset.question input:checked").count()
