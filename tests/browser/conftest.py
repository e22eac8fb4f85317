"""A real server and Debian's Chromium, on a telephone and on a desktop."""

import logging
import threading
from collections.abc import Callable, Iterator
from pathlib import Path

import needs
import pytest
from flask import Flask
from playwright.sync_api import Browser, BrowserContext
from watched import Watched
from werkzeug.serving import make_server

TRACES = Path("test-results")
FAILED = pytest.StashKey[bool]()


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark everything here as needing a browser."""
    for item in items:
        if "browser" in Path(str(item.fspath)).parts:
            item.add_marker(pytest.mark.browser)


@pytest.fixture(scope="session")
def browser_type_launch_args() -> dict:
    """Start the Chromium of the machine, quietly; the one without windows takes half the time."""
    names = ("chromium-headless-shell", "chromium", "chromium-browser", "google-chrome")
    path = needs.program(names, "Chromium", "on Debian: sudo apt-get install chromium-headless-shell")
    quiet = ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-sync"]
    return {"executable_path": path, "args": quiet}


@pytest.fixture
def database(sqlite_database: str) -> str:
    """The browser does not see which database there is: one kind is enough."""
    return sqlite_database


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


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item, call: pytest.CallInfo):
    """Let a test's fixtures know that it failed."""
    report = yield
    item.stash[FAILED] = item.stash.get(FAILED, False) or report.failed
    return report


@pytest.fixture
def visit(browser: Browser, server: str, request: pytest.FixtureRequest) -> Iterator[Callable[..., Watched]]:
    """Open a browser of its own for somebody: ``visit(TELEPHONE, color_scheme="dark")``.

    With ``--tracing retain-on-failure``, as CI tries a failed test again, what each did is kept in
    ``test-results``, for ``playwright show-trace``.
    """
    opened: list[BrowserContext] = []
    traced = request.config.getoption("--tracing") != "off"

    def new(size: dict, **how) -> Watched:
        context = browser.new_context(viewport=size, locale="sv-SE", **how)
        context.set_default_timeout(10_000)
        if traced:
            context.tracing.start(snapshots=True)
        opened.append(context)
        return Watched(context.new_page(), server)

    yield new
    for number, context in enumerate(opened, 1):
        kept = TRACES / f"{request.node.name}-{number}.zip"
        if traced:
            context.tracing.stop(path=kept if request.node.stash.get(FAILED, False) else None)
        context.close()
