"""A member of staff or a respondent at the pages of an installation, without a network between."""

import re

from flask import Flask
from flask.testing import FlaskClient
from statements import counted
from werkzeug.test import TestResponse
from world import PASSWORD, World

from benchmarks.figures import milliseconds
from benchmarks.grounds import NOWHERE
from stins import create_app

TOKEN = re.compile(r'name="csrf_token"[^>]*value="([^"]+)"')


class Sitting:
    """Somebody at the pages of a world."""

    def __init__(self, world: World) -> None:
        self.app: Flask = create_app(installation=world.installation, clock=world.clock)
        self.client: FlaskClient = self.app.test_client()

    def sign_in(self, who: str) -> None:
        """Sign in as one of the world's people."""
        token = TOKEN.search(self.get("/logga-in").get_data(as_text=True))
        assert token
        fields = {"csrf_token": token[1], "email": f"{who}@prov.example", "password": PASSWORD}
        assert self.client.post("/logga-in", data=fields, base_url=NOWHERE).status_code == 302

    def get(self, path: str) -> TestResponse:
        """Get a page."""
        return _whole(self.client.get(path, base_url=NOWHERE))

    def post(self, path: str, **fields: str) -> TestResponse:
        """Send a form."""
        return _whole(self.client.post(path, base_url=NOWHERE, data=fields))


class Looked:
    """A page that somebody looks at again and again."""

    def __init__(self, world: World, who: str, path: str) -> None:
        self.world, self.path = world, path
        self.at = Sitting(world)
        self.at.sign_in(who)
        self.times: list[float] = []
        self.bytes = len(self.at.get(path).data)

    def look(self) -> None:
        """Get the page once more and keep the time."""
        self.times.append(milliseconds(lambda: self.at.get(self.path)))

    def statements(self) -> int:
        """Count the statements that one page takes."""
        with counted(self.world.store) as found:
            self.at.get(self.path)
        return len(found)


def _whole(response: TestResponse) -> TestResponse:
    assert response.status_code == 200, response.status
    return response
