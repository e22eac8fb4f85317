"""A whole inspection over HTTP: planned, opened, answered by 25 people, closed, read."""

import json
import random
import re

import pytest
from click.testing import CliRunner
from flask import Flask
from flask.testing import FlaskClient
from pages import Page, Staff, page, text_of
from world import World, question_ids

from questionnaires.model import Role
from stins.cli import main

ELIGIBLE = {"st_lakare": 9, "handledare": 14, "studierektor": 1, "verksamhetschef": 1}
LABELS = {
    "ST-läkare": Role.ST_LAKARE,
    "Handledare": Role.HANDLEDARE,
    "Studierektor": Role.STUDIEREKTOR,
    "Verksamhetschef": Role.VERKSAMHETSCHEF,
}
CODE = re.compile(r"\b(?:[0-9A-Z]{4}-){5}[0-9A-Z]{4}\b")


def respondents(numbers: random.Random, role: Role) -> dict[str, str]:
    """Draw one person's answers as the form sends them."""
    choices = ["3", "3", "3", "2", "2", "1", "0", "vet_ej", "ej_aktuellt"]
    return {id: numbers.choice(choices) for id in question_ids(role)}


def answered(client: FlaskClient, code: str, answers: dict[str, str]) -> Page:
    """Type a code, fill the form in and hand it in, and give the receipt."""
    form = page(client.post("/svara", data={"code": code})).form("/svara/lamna-in")
    return page(client.post("/svara/lamna-in", data=form | answers))


@pytest.fixture
def opened(world: World, app: Flask) -> tuple[Staff, str, dict[Role, list[str]]]:
    """A studierektor who has planned and opened an inspection, its address and its codes by role."""
    staff = Staff(app, "studierektor@prov.example")
    shown = staff.send(
        "/inspektioner/ny",
        **{f"people-{role}": str(number) for role, number in ELIGIBLE.items()},
        fact_A2="ja",
        fact_A3="ja",
        fact_A4="delvis",
        fact_A8="ja",
        fact_B9="nej",
        fact_F6="ja",
        comments="y",
    )
    address = shown.request.path
    assert "Utkast" in page(shown).text
    form = page(staff.client.get(f"{address}/koder")).form(f"{address}/koder")
    codes_page = page(staff.client.post(f"{address}/koder", data=form | {"act": "open"}))
    return staff, address, codes_by_role(codes_page)


def codes_by_role(shown: Page) -> dict[Role, list[str]]:
    """Read the codes off the page, by the heading that they stand under."""
    found: dict[Role, dict[str, None]] = {}
    role = None
    for element in shown.root.iter():
        if element.tag in ("h2", "h3"):
            role = next((r for label, r in LABELS.items() if text_of(element).startswith(label)), role)
        elif role and element.tag in ("li", "td", "code") and CODE.fullmatch(text_of(element)):
            found.setdefault(role, {})[text_of(element)] = None
    return {role: list(codes) for role, codes in found.items()}


def test_the_numbers_on_the_page_are_those_of_publish_and_assess(world: World, app: Flask, opened):
    staff, address, codes = opened
    assert {role: len(fresh) for role, fresh in codes.items()} == {Role(r): n for r, n in ELIGIBLE.items()}
    numbers = random.Random(25)
    ballots = []
    for role, fresh in codes.items():
        for order, code in enumerate(fresh):
            answers = respondents(numbers, role)
            if order % 5 == 0:
                one_left_out(app.test_client(), code, answers)
            receipt = answered(app.test_client(), code, answers | {"comment_best": f"Bra nummer {order}"})
            assert "mottaget" in receipt.text
            ballots.append(ballot(role, answers, f"Bra nummer {order}"))
    staff.send(f"{address}/stang")
    result = page(staff.client.get(f"{address}/resultat"))

    release = run("publish", document(ballots, world))
    verdict = json.loads(run("assess", release))
    assert grades(result) == {id: area["grade"] or "–" for id, area in verdict["areas"].items()}
    assert criteria(result, "breaches") == verdict["breaches"]
    improve = [id for id in verdict["weaknesses"] if id not in verdict["breaches"]]
    assert criteria(result, "improve") == improve
    rows = {row_id(item): text_of(item) for item in items(result, "criteria")}
    for id, tables in json.loads(release)["results"].items():
        for table in tables.values():
            assert in_words(table) in rows[id]


def in_words(table: dict | None) -> str:
    """Say what a table of release.json is called on the page."""
    if table is None:
        return "för få svar"
    base = sum(table[band] for band in ("agree", "partly", "disagree", "unknown"))
    return f"{table['agree']} av {base} instämmer"


def grades(result: Page) -> dict[str, str]:
    """Read the grades off the cards."""
    cards = result.one("ul", class_="cards")
    heads = [element for element in cards.iter("div") if element.get("class") == "head"]
    return {text_of(head.find("h3/span")): text_of(head.find("span/span")) for head in heads}


def items(result: Page, section: str) -> list:
    """Give the criteria listed in a section."""
    found = result.one("section", aria_labelledby=section)
    return [item for item in found.iter("li") if item.find("h3/span") is not None]


def row_id(item) -> str:
    """Give the criterion's id."""
    return text_of(item.find("h3/span"))


def criteria(result: Page, section: str) -> list[str]:
    """Give the ids listed in a section, in order."""
    return [row_id(item) for item in items(result, section)]


def one_left_out(client: FlaskClient, code: str, answers: dict[str, str]) -> None:
    """Hand in with one question missing: everything else comes back and the missing one is named."""
    missing = list(answers)[3]
    form = page(client.post("/svara", data={"code": code})).form("/svara/lamna-in")
    left = {id: value for id, value in answers.items() if id != missing}
    again = page(client.post("/svara/lamna-in", data=form | left), 422)
    kept = again.form("/svara/lamna-in")
    assert {id: kept.get(id) for id in left} == left
    assert missing not in kept
    assert f"#q-{missing}" in [link.get("href") for link in again.all("a")]


def ballot(role: Role, answers: dict[str, str], best: str) -> dict:
    values = {id: int(value) if value.isdigit() else value for id, value in answers.items()}
    return {"role": role, "answers": values, "comments": {"best": best}}


def document(ballots: list[dict], world: World) -> str:
    return json.dumps(
        {
            "catalogue": "2026", "rules": "2026", "k": 5, "mode": "anonymous", "comments": "reviewed",
            "closes_on": world.clock.today().isoformat(), "areas": None,
            "facts": {"A2": "ja", "A3": "ja", "A4": "delvis", "A8": "ja", "B9": "nej", "F6": "ja"},
            "ballots": ballots,
        }
    )  # fmt: skip


def run(command: str, text: str) -> str:
    result = CliRunner().invoke(main, [command, "-"], input=text)
    assert result.exit_code == 0, result.stderr
    return result.stdout


def test_no_cookie_is_set_on_any_of_the_respondents_pages(app: Flask, opened):
    _, _, codes = opened
    client = app.test_client()
    code = codes[Role.ST_LAKARE][0]
    answers = respondents(random.Random(1), Role.ST_LAKARE)
    responses = [
        client.get("/svara"),
        client.post("/svara", data={"code": "fel"}),
        client.post("/svara", data={"code": code}),
        client.post("/svara/lamna-in", data={"code": code}),
        client.post("/svara/lamna-in", data={"code": code, **answers}),
        client.post("/svara/lamna-in", data={"code": code, **answers}),
        client.get("/sa-skyddas-ditt-svar"),
        client.get("/tillganglighet"),
        client.get("/finns-inte"),
    ]
    assert [r.status_code for r in responses] == [200, 422, 200, 422, 200, 200, 200, 200, 404]
    assert all("Set-Cookie" not in r.headers for r in responses)
    assert all("cookie" not in r.headers.get("Vary", "").lower() for r in responses)


def test_the_receipt_clears_the_browser(app: Flask, opened):
    _, _, codes = opened
    answers = respondents(random.Random(1), Role.HANDLEDARE)
    data = {"code": codes[Role.HANDLEDARE][0], **answers}
    response = app.test_client().post("/svara/lamna-in", data=data)
    assert response.headers["Clear-Site-Data"] == '"cache", "storage"'
    assert response.headers["Cache-Control"] == "no-store"


def test_the_language_is_switched_with_every_answer_kept_and_nothing_stored(app: Flask, world: World, opened):
    _, _, codes = opened
    code = codes[Role.ST_LAKARE][0]
    answers = respondents(random.Random(2), Role.ST_LAKARE)
    data = {"code": code, "lang": "sv", "byt_sprak": "en", "comment_best": "Allt\r\noch lite till", **answers}
    page_in_english = page(app.test_client().post("/svara/lamna-in", data=data))
    kept = page_in_english.form("/svara/lamna-in")
    assert page_in_english.root.get("lang") == "en"
    assert {id: kept[id] for id in answers} == answers
    assert kept["comment_best"] == "Allt\noch lite till"
    assert kept["lang"] == "en"
    assert answered(app.test_client(), code, answers)


def test_an_answer_after_closing_is_not_received_and_says_so(app: Flask, world: World, opened):
    staff, address, codes = opened
    staff.send(f"{address}/stang")
    data = {"code": codes[Role.ST_LAKARE][0], **respondents(random.Random(1), Role.ST_LAKARE)}
    gone = page(app.test_client().post("/svara/lamna-in", data=data), 410)
    assert "Inspektionen är avslutad eller koden gäller inte längre. Svaret är inte mottaget." in gone.text


def test_a_result_with_nothing_releasable_says_why_and_what_can_be_done(app: Flask, opened):
    staff, address, codes = opened
    answered(app.test_client(), codes[Role.ST_LAKARE][0], respondents(random.Random(1), Role.ST_LAKARE))
    staff.send(f"{address}/stang")
    text = page(staff.client.get(f"{address}/resultat")).text
    assert "för få" in text.lower()
    assert "grannenheter" in text


def test_a_second_inspection_beside_an_open_one_is_refused_in_words(app: Flask, world: World, opened):
    staff, _, _ = opened
    draft = world.plan()
    form = page(staff.client.get(f"/inspektioner/{draft}/koder")).form(f"/inspektioner/{draft}/koder")
    refused = page(staff.client.post(f"/inspektioner/{draft}/koder", data=form | {"act": "open"}), 422)
    assert "En inspektion i taget" in refused.text
