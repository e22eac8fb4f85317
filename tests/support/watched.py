"""A browser page that is watched: what goes wrong on it is collected, and it can be looked at."""

from pathlib import Path

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page

SHOTS = Path("screenshots")
WCAG = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
QUICK = {"resultTypes": ["violations"]}
"""Axe would else find a selector for every element that is right, which takes most of its time."""


class Watched:
    """A browser page on which every fault is collected: script errors, and requests that leave the origin."""

    def __init__(self, page: Page, server: str) -> None:
        self.page, self.server = page, server
        self.faults: list[str] = []
        page.on("pageerror", lambda error: self.faults.append(f"script: {error}"))
        page.on("console", lambda line: self._said(line.type, line.text))
        page.on("request", lambda request: self._asked(request.url))

    def _said(self, kind: str, text: str) -> None:
        # A page that answers 422, or 503 where it must, is also told on the console; that is no fault.
        if kind == "error" and not ("status of 4" in text or "status of 503" in text):
            self.faults.append(f"console: {text}")

    def _asked(self, url: str) -> None:
        if not url.startswith(self.server):
            self.faults.append(f"left the origin: {url}")

    def go(self, path: str) -> Page:
        """Open a path of the server."""
        self.page.goto(self.server + path)
        return self.page

    def look(self, name: str) -> None:
        """Keep a screenshot, and hold the page to WCAG 2.2 AA and to its width."""
        SHOTS.mkdir(parents=True, exist_ok=True)
        self.page.screenshot(path=SHOTS / f"{name}.png", full_page=True)
        wide = self.page.evaluate(
            "document.documentElement.scrollWidth - document.documentElement.clientWidth"
        )
        assert wide <= 0, f"{name} scrolls sideways by {wide} px"
        found = Axe().run(self.page, options={"runOnly": WCAG} | QUICK).response["violations"]
        assert not found, f"{name}: " + "; ".join(f"{v['id']} {v['nodes'][0]['html'][:120]}" for v in found)
        assert not self.faults, f"{name}: {self.faults}"
