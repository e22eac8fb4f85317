"""A real server and Debian's Chromium, on a telephone and on a desktop."""

import logging
import threading
from collections.abc import Callable, Iterator
from pathlib import Path

import needs
import pytest
from axe_playwright_python.sync_playwright import Axe
from flask import Flask
from playwright.sync_api import Browser, BrowserContext, Page
from werkzeug.serving import make_server

SHOTS, TRACES = Path("screenshots"), Path("test-results")
FAILED = pytest.StashKey[bool]()
WCAG = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark everything here as needing a browser."""
    for item in items:
        if "browser" in Path(str(item.fspath)).parts:
            item.add_marker(pytest.mark.browser)


@pytest.fixture(scope="session")
def browser_type_launch_args() -> dict:
    """Start the Chromium of the machine, quietly."""
    names = ("chromium", "chromium-browser", "google-chrome")
    path = needs.program(names, "Chromium", "on Debian: sudo apt-get install chromium")
    quiet = ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-sync"]
    return {"executable_path": path, "args": quiet}


@pytest.fixture
def database(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """The browser does not see which database there is: SQLite is enough."""
    path = tmp_path / "stins.sqlite"
    path.write_bytes(request.getfixturevalue("sqlite_template"))
    return f"sqlite:///{path}"


@pytest.fixture
def server(app: Flask) -> Iterator[str]:
    """The address of the application, served for real."""
    logging.getLogger("werkzeug").setLevel(logging.ERROR)
    found = make_server("127.0.0.1", 0, app, threaded=True)
    thread = threading.Thread(target=found.serve_forever)
    thread.start()
    yield f"http://127.0.0.1:{found.server_port}"
    found.shutdown()
    thread.join()
    found.server_close()


class Watched:
    """A browser page on which every fault is collected: script errors, and requests that leave the origin."""

    def __init__(self, page: Page, server: str) -> None:
        self.page, self.server = page, server
        self.faults: list[str] = []
        page.on("pageerror", lambda error: self.faults.append(f"script: {error}"))
        page.on("console", lambda line: self._said(line.type, line.text))
        page.on("request", lambda request: self._asked(request.url))

    def _said(self, kind: str, text: str) -> None:
        # A page that answers 422 is also told on the console; that is no fault.
        if kind == "error" and "status of 4" not in text:
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
        found = Axe().run(self.page, options={"runOnly": WCAG}).response["violations"]
        assert not found, f"{name}: " + "; ".join(f"{v['id']} {v['nodes'][0]['html'][:120]}" for v in found)
        assert not self.faults, f"{name}: {self.faults}"


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item, call: pytest.CallInfo):
    """Let a test's fixtures know that it failed."""
    report = yield
    item.stash[FAILED] = item.stash.get(FAILED, False) or report.failed
    return report


@pytest.fixture
def visit(browser: Browser, server: str, request: pytest.FixtureRequest) -> Iterator[Callable[..., Watched]]:
    """Open a browser of its own for somebody: ``visit(TELEPHONE, color_scheme="dark")``.

    When the test fails what each did is kept in ``test-results``, for ``playwright show-trace``.
    """
    opened: list[BrowserContext] = []

    def new(size: dict, **how) -> Watched:
        context = browser.new_context(viewport=size, locale="sv-SE", **how)
        context.set_default_timeout(10_000)
        context.tracing.start(snapshots=True)
        opened.append(context)
        return Watched(context.new_page(), server)

    yield new
    for number, context in enumerate(opened, 1):
        kept = TRACES / f"{request.node.name}-{number}.zip"
        context.tracing.stop(path=kept if request.node.stash.get(FAILED, False) else None)
        context.close()
