"""The scripts are small, are plain files of the origin, and ask nothing more of the server."""

from pathlib import Path

import pytest
import statements
from flask.testing import FlaskClient
from pages import page
from world import World

from questionnaires.model import Role
from scoring.rounds import Comments

STATIC = Path(__file__).parents[2] / "stins" / "static"


def test_all_scripts_together_are_under_twenty_kilobytes():
    assert sum(path.stat().st_size for path in STATIC.rglob("*.js")) < 20_000


def test_the_style_is_under_twenty_kilobytes():
    assert sum(path.stat().st_size for path in STATIC.rglob("*.css")) < 20_000


@pytest.mark.parametrize(
    "word", ["localStorage", "indexedDB", "document.cookie", "eval(", "innerHTML", "http:"]
)
def test_no_script_uses(word: str):
    assert not [path.name for path in STATIC.rglob("*.js") if word in path.read_text(encoding="utf-8")]


def test_every_script_of_the_questionnaire_is_a_file_of_its_own_origin(client: FlaskClient, world: World):
    _, codes = world.open(comments=Comments.REVIEWED)
    shown = page(client.post("/svara", data={"code": codes[Role.ST_LAKARE][0]}))
    addresses = [script.get("src") or "" for script in shown.all("script")]
    addresses += [link.get("href") or "" for link in shown.all("link", rel="modulepreload")]
    assert len(addresses) == len(list((STATIC / "js").glob("*.js"))) - 2  # two other pages have their own
    for address in addresses:
        with client.get(address) as found:
            assert found.status_code == 200
    assert not any(element.get("style") or element.get("onclick") for element in shown.root.iter())


def test_a_long_questionnaire_asks_no_more_of_the_database_than_a_short_one(
    client: FlaskClient, world: World
):
    _, codes = world.open(comments=Comments.REVIEWED)
    asked = []
    for role in (Role.ST_LAKARE, Role.VERKSAMHETSCHEF):
        with statements.counted(world.store) as seen:
            client.post("/svara", data={"code": codes[role][0]})
        asked.append(len(seen))
    assert asked[0] == asked[1]
