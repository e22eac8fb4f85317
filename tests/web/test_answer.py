"""What somebody who answers meets when something is not as it should."""

import random
from contextlib import contextmanager

import pytest
from flask.testing import FlaskClient
from pages import page
from sqlalchemy import update
from world import World, people, question_ids

from questionnaires.model import Role
from scoring.rounds import Comments, Mode
from stins.store.opening import Unreachable
from stins.store.tables import Inspection


def everything(role: Role, answer: str = "3") -> dict[str, str]:
    return dict.fromkeys(question_ids(role), answer)


def test_every_code_that_opens_nothing_reads_the_same(client: FlaskClient, world: World):
    id, codes = world.open()
    used = codes[Role.ST_LAKARE][0]
    texts = {
        page(client.post("/svara", data={"code": code}), 422).by_id("code-error").itertext().__next__()
        for code in ("", "hej", "0" * 24, "å" * 24, used[:-1])
    }
    world.close(id)
    texts.add(page(client.post("/svara", data={"code": used}), 422).by_id("code-error").itertext().__next__())
    assert len(texts) == 1


def test_a_code_may_be_typed_carelessly(client: FlaskClient, world: World):
    _, codes = world.open()
    code = codes[Role.HANDLEDARE][0]
    careless = " ".join(code.lower().replace("0", "o").replace("1", "l"))
    assert "Handledare" in page(client.post("/svara", data={"code": careless})).text


def test_a_spent_and_an_unspent_code_open_the_same_form(client: FlaskClient, world: World):
    _, codes = world.open()
    fresh, spent = codes[Role.ST_LAKARE][:2]
    world.hand_in(spent)
    shown = [client.post("/svara", data={"code": code}).get_data(as_text=True) for code in (fresh, spent)]
    assert shown[0].replace(fresh, "") == shown[1].replace(spent, "")


def test_an_incomplete_form_with_a_spent_code_is_told_only_what_is_missing(client: FlaskClient, world: World):
    _, codes = world.open()
    code = codes[Role.ST_LAKARE][0]
    world.hand_in(code)
    assert "redan mottaget" not in page(client.post("/svara/lamna-in", data={"code": code}), 422).text


def test_a_complete_form_with_a_spent_code_is_told_kindly(client: FlaskClient, world: World):
    _, codes = world.open()
    code = codes[Role.ST_LAKARE][0]
    world.hand_in(code)
    data = everything(Role.ST_LAKARE) | {"code": code}
    text = page(client.post("/svara/lamna-in", data=data)).text
    assert "Svaret är redan mottaget" in text
    assert "Har du inte svarat? Då har någon använt din kod: säg till." in text


@pytest.mark.parametrize("value", ["4", "-1", "ja", "3 ", "³", "on"])
def test_an_answer_that_is_none_of_the_six_is_refused(client: FlaskClient, world: World, value: str):
    _, codes = world.open()
    data = everything(Role.ST_LAKARE) | {"code": codes[Role.ST_LAKARE][0], "B1": value}
    shown = page(client.post("/svara/lamna-in", data=data), 422)
    assert [link.get("href") for link in shown.all("a") if "#q-" in (link.get("href") or "")] == ["#q-B1"]


def test_a_comment_that_is_too_long_comes_back_whole_with_its_error(client: FlaskClient, world: World):
    _, codes = world.open(comments=Comments.REVIEWED)
    long = "å" * 2001
    data = everything(Role.ST_LAKARE) | {"code": codes[Role.ST_LAKARE][0], "comment_B": long}
    shown = page(client.post("/svara/lamna-in", data=data), 422)
    assert shown.form("/svara/lamna-in")["comment_B"] == long
    assert "2 000 tecken" in shown.text


def test_a_comment_of_just_two_thousand_characters_on_many_lines_is_taken(client: FlaskClient, world: World):
    _, codes = world.open(comments=Comments.REVIEWED)
    lines = "\r\n".join(["x"] * 1000)  # 1 999 characters as a browser counts them
    data = everything(Role.ST_LAKARE) | {"code": codes[Role.ST_LAKARE][0], "comment_B": lines}
    assert "mottaget" in page(client.post("/svara/lamna-in", data=data)).text


def test_comments_that_are_too_long_together_are_refused(client: FlaskClient, world: World):
    _, codes = world.open(comments=Comments.REVIEWED)
    wide = {f"comment_{field}": "€" * 2000 for field in "ABCDEFGH"}
    data = everything(Role.ST_LAKARE) | {"code": codes[Role.ST_LAKARE][0]} | wide
    assert "tillsammans" in page(client.post("/svara/lamna-in", data=data), 422).text


def test_markup_in_a_comment_comes_back_as_text(client: FlaskClient, world: World):
    _, codes = world.open(comments=Comments.REVIEWED)
    data = {"code": codes[Role.ST_LAKARE][0], "comment_best": '</textarea><script>alert("x")</script>'}
    response = client.post("/svara/lamna-in", data=data)
    assert "<script>alert" not in response.get_data(as_text=True)
    assert page(response, 422).form("/svara/lamna-in")["comment_best"] == data["comment_best"]


def test_a_changed_promise_stops_the_form(client: FlaskClient, world: World):
    id, codes = world.open()
    with world.store.writing() as session:
        session.execute(update(Inspection).where(Inspection.id == id).values(k=4))
    shown = page(client.post("/svara", data={"code": codes[Role.ST_LAKARE][0]}), 503)
    assert "inte" in shown.text


def test_nothing_is_lost_when_the_database_does_not_answer(
    client: FlaskClient, world: World, monkeypatch: pytest.MonkeyPatch
):
    _, codes = world.open(comments=Comments.REVIEWED)

    @contextmanager
    def locked():
        raise Unreachable("OperationalError")
        yield

    data = everything(Role.ST_LAKARE) | {"code": codes[Role.ST_LAKARE][0], "comment_best": "En\nrad till"}
    with monkeypatch.context() as patch:
        patch.setattr(world.store, "writing", locked)
        again = page(client.post("/svara/lamna-in", data=data), 503)
    kept = again.form("/svara/lamna-in")
    assert kept == data
    assert "mottaget" in page(client.post("/svara/lamna-in", data=kept)).text


def test_the_numbers_of_codes_are_shown_as_they_now_are(client: FlaskClient, world: World):
    from stins.services import invite

    id, codes = world.open()
    with world.store.writing() as session:
        more = {Role.ST_LAKARE: 2}
        invite.add_codes(session, world.box, world.people["studierektor"], id, more, world.clock.now())
    text = page(client.post("/svara", data={"code": codes[Role.HANDLEDARE][0]})).text
    assert "ST-läkare: 9 koder" in text
    assert "Handledare: 9 koder" in text


def test_the_page_on_protection_tells_the_inspections_own_numbers(client: FlaskClient, world: World):
    id, _ = world.open(eligible=people(8, 9, 1))
    text = page(client.get("/sa-skyddas-ditt-svar", query_string={"inspektion": id})).text
    assert "Kliniken" in text
    assert "8 koder" in text or "ST-läkare: 8" in text


def test_a_dialogue_is_nowhere_called_anonymous(client: FlaskClient, world: World):
    _, codes = world.open(mode=Mode.DIALOGUE, eligible=people(1, 2, 0, 1))
    text = page(client.post("/svara", data={"code": codes[Role.HANDLEDARE][0]})).text
    assert "inte anonym" in text
    assert "anonym" not in text.replace("inte anonym", "")


def test_the_whole_form_is_in_english_when_asked_for(client: FlaskClient, world: World):
    _, codes = world.open()
    shown = page(client.post("/svara", data={"code": codes[Role.ST_LAKARE][0], "lang": "en"}))
    assert shown.root.get("lang") == "en"
    assert "I have a named principal supervisor." in shown.text


def test_random_bodies_never_break_a_respondents_page(client: FlaskClient, world: World):
    _, codes = world.open()
    draw = random.Random(7)
    for _ in range(40):
        junk = bytes(draw.randrange(256) for _ in range(draw.randrange(200)))
        body = b"code=" + codes[Role.ST_LAKARE][0].encode() + b"&" + junk
        for path in ("/svara", "/svara/lamna-in"):
            kind = "application/x-www-form-urlencoded"
            assert client.post(path, data=body, content_type=kind).status_code < 500
