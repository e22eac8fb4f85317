"""The demo region served for real, with ways to find things in it."""

import logging
import re
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path

from flask import Flask
from playwright.sync_api import Browser, BrowserContext
from sqlalchemy import Select, select, update
from werkzeug.serving import make_server
from world import PASSWORD, StillClock

from questionnaires.model import Role
from scoring.rounds import Comments, Mode
from stins import create_app
from stins.config import settings
from stins.services import demo, installation, invite, setting_up, staff
from stins.services.close import Moment
from stins.services.installation import Installation
from stins.services.rights import Person
from stins.store.tables import Account, Action, ExternalReview, FollowUp, FollowUpReport, Inspection, Node

OF = {
    Inspection: Inspection.unit_id,
    FollowUp: FollowUp.node_id,
    FollowUpReport: FollowUpReport.node_id,
    ExternalReview: ExternalReview.node_id,
    Action: Action.node_id,
}


@dataclass
class Region:
    """The demo region. ``own`` holds what was made because the demo lacks it: ids and codes by name."""

    app: Flask
    found: Installation
    clock: StillClock
    address: str
    own: dict[str, str] = field(default_factory=dict)

    def one(self, table, place: str, *which, order=()) -> str:
        """Give the first thing of a table at a place."""
        named = select(table.id).join(Node, Node.id == OF[table]).where(Node.name.startswith(place), *which)
        return self.first(named.order_by(*order, table.id))

    def first(self, statement: Select[tuple[str]]) -> str:
        """Give the first id that a statement finds."""
        with self.found.store.reading() as session:
            found = session.scalar(statement.limit(1))
        assert found, "the demo lacks what is asked for"
        return found

    def closed(self, place: str) -> str:
        """Give the latest closed inspection of a place."""
        return self.one(Inspection, place, Inspection.state == "closed", order=[Inspection.closes_on.desc()])

    def person(self, who: str) -> Person:
        """Give one of the demo's people."""
        with self.found.store.reading() as session:
            account = session.scalar(select(Account.id).where(Account.email == f"{who}@demo.example"))
            return staff.person(session, account)

    def sign_in(self, browser: Browser, who: str, **how) -> BrowserContext:
        """Sign in as one of the demo's people in a browser of its own."""
        context = browser.new_context(locale="sv-SE", **how)
        address = f"{self.address}/logga-in"
        token = re.search(r'name="csrf_token"[^>]*value="([^"]+)"', context.request.get(address).text())
        assert token, "the page to sign in on has no form"
        sent = {"csrf_token": token[1], "email": f"{who}@demo.example", "password": PASSWORD}
        assert not context.request.post(address, form=sent).url.startswith(address), "not signed in"
        return context

    def draft(self, who: str, **changes) -> str:
        """Plan an inspection like the last of the unit that somebody leads, and give its id."""
        person = self.person(who)
        today = self.clock.today()
        with self.found.store.writing() as session:
            (unit,) = invite.units_for(session, person)[:1]
            facts = invite.facts_known(session, unit.id, today)
            usual = dict.fromkeys(Role, 7)
            how = {"eligible": usual, "comments": Comments.OFF, "mode": Mode.ANONYMOUS} | changes
            wanted = invite.Plan(unit.id, today + timedelta(days=21), facts=facts, **how)
            return invite.plan(session, self.found.box, person, wanted, today)

    def opened(self, who: str, id: str) -> dict[Role, tuple[str, ...]]:
        """Open a draft and give its codes."""
        with self.found.store.writing() as session:
            now, today = self.clock.now(), self.clock.today()
            return dict(invite.open_(session, self.found.box, self.person(who), id, now, today).by_role)

    def spoil(self, id: str) -> None:
        """Change an inspection's terms behind the program's back."""
        with self.found.store.writing() as session:
            session.execute(update(Inspection).where(Inspection.id == id).values(k=4))


@contextmanager
def region(home: Path, clock: StillClock) -> Iterator[Region]:
    """Build the demo region in a folder and serve it."""
    using = settings({"STINS_HOME": str(home), "STINS_OPERATOR": "Demoregionen (påhittad)"})
    installation.make_secrets(using)
    found = installation.opened(using)
    setting_up.bring_up_to_date(found.store)
    demo.build(found, Moment(clock.now(), clock.today()), PASSWORD)
    app = create_app(installation=found, clock=clock)
    logging.getLogger("werkzeug").setLevel(logging.ERROR)
    server = make_server("127.0.0.1", 0, app, threaded=True)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    try:
        yield Region(app, found, clock, f"http://127.0.0.1:{server.server_port}")
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
        found.store.dispose()
