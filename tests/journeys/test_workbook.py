"""The workbook's whole way over HTTP: fetched blank, filled in, handed in, read, and taken home again."""

import io
import json

import pytest
from flask import Flask
from pages import Page, Staff, page, text_of
from typed_rounds import round_of
from werkzeug.datastructures import FileStorage
from world import TODAY, World, people

from scoring.documents.write import digest, release_document, verdict_document
from scoring.release import publish
from stins.services import workbooks
from tests.workbook.filling import fill

WHERE = "/inspektioner/arbetsbok"


@pytest.fixture
def database(sqlite_database: str) -> str:
    """One kind is enough: what is told and written does not see which database there is."""
    return sqlite_database


def grades(result: Page) -> dict[str, str]:
    """Read the grades off the cards."""
    heads = [each for each in result.one("ul", class_="cards").iter("div") if each.get("class") == "head"]
    return {text_of(head.find("h3/span")): text_of(head.find("span/span")) for head in heads}


def handed_in(staff: Staff, file: bytes) -> str:
    """Send a filled-in workbook as the form does; give the address of the result."""
    form = page(staff.client.get(WHERE)).form(WHERE)
    sent = {
        "file": FileStorage(io.BytesIO(file), "Min ifyllda arbetsbok.xlsx"),
        "layout": FileStorage(filename=""),
    }
    response = staff.client.post(WHERE, data=form | sent)
    assert response.status_code == 302, page(response, 422).text
    return response.headers["Location"]


def test_what_was_typed_into_a_blank_gives_one_verdict_wherever_it_is_read(world: World, app: Flask):
    lead = Staff(app, "studierektor@prov.example")
    links = [a.get("href") for a in page(lead.client.get(WHERE)).all("a") if "tom.xlsx" in a.get("href", "")]
    blank = lead.client.get(links[0]).data
    round_ = round_of(people(9, 14, 1, 1), seed=25)
    file = fill(blank, round_, unit="Kliniken")
    before = workbooks.scored(file, "arbetsbok.xlsx", None)

    address = handed_in(lead, file)
    result = page(lead.client.get(address))
    taken_home = lead.client.get(f"{address}.xlsx").data
    after = workbooks.scored(taken_home, "resultat.xlsx", None)

    assert before.release == publish(round_)
    assert after.release == before.release
    assert after.document() == before.document() == verdict_document(before.verdict)
    assert grades(result) == {id: str(area.grade or "–") for id, area in after.verdict.areas.items()}
    assert text_of(result.one("dd", class_="digest")) == digest(after.release)
    assert after.unit == before.unit == "Kliniken"


def test_the_verdict_is_the_same_in_english_and_with_digits_typed_as_text(world: World, app: Flask):
    lead = Staff(app, "studierektor@prov.example")
    unit = world.places["unit"].id
    blank = lead.client.get(f"{WHERE}/tom.xlsx?enhet={unit}&lang=en").data
    round_ = round_of(people(6, 7, 1, 1), seed=3)
    words = dict(zip(("ja", "delvis", "nej"), ("Yes", "Partly", "No"), strict=True))
    address = handed_in(lead, fill(blank, round_, unit="Kliniken", facts=words, digits=str))
    for lang in ("sv", "en"):
        taken_home = lead.client.get(f"{address}.xlsx?lang={lang}").data
        found = workbooks.scored(taken_home, "result.xlsx", None)
        assert found.release == publish(round_)


def test_what_was_taken_home_cannot_be_handed_in_and_nothing_of_the_file_is_kept(world: World, app: Flask):
    lead = Staff(app, "studierektor@prov.example")
    unit = world.places["unit"].id
    blank = lead.client.get(f"{WHERE}/tom.xlsx?enhet={unit}").data
    round_ = round_of(people(6, 7), closed_on=TODAY)
    address = handed_in(lead, fill(blank, round_, unit="Kliniken"))
    form = page(lead.client.get(WHERE)).form(WHERE)
    export = FileStorage(io.BytesIO(lead.client.get(f"{address}.xlsx").data), "resultat.xlsx")
    refused = page(lead.client.post(WHERE, data=form | {"file": export}), 422)
    assert "exporterat resultat" in refused.text
    home = world.installation.settings.key_dir.parent
    kept = [path.name for path in home.rglob("*") if path.is_file()]
    assert not any(name.endswith(".xlsx") for name in kept)
    assert b"Min ifyllda arbetsbok" not in b"".join(p.read_bytes() for p in home.rglob("*") if p.is_file())


def test_the_release_of_a_stored_round_makes_the_same_workbook_without_the_database(world: World, app: Flask):
    lead = Staff(app, "studierektor@prov.example")
    round_ = round_of(people(6, 7))
    file = fill(workbooks.blank("Kliniken", "sv"), round_, unit="Kliniken")
    id = handed_in(lead, file).split("/")[2]
    with world.store.reading() as session:
        stored = workbooks.export_stored(session, id, "sv")
    alone = workbooks.export_file(json.dumps(release_document(publish(round_))).encode(), "Kliniken", "sv")
    found = [workbooks.scored(each, "resultat.xlsx", None) for each in (stored, alone)]
    assert found[0].document() == found[1].document()
