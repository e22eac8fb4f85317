"""The workbook on the pages: a blank one fetched, a filled-in one handed in, a result taken home."""

import io
import zipfile
from collections.abc import Mapping
from dataclasses import replace
from urllib.parse import unquote

import libreoffice
import pytest
from flask import Flask
from openpyxl import load_workbook
from pages import Page, Staff, page, text_of
from sqlalchemy import func, select
from typed_rounds import STATED, USUAL, changed, filled, round_of, shown
from werkzeug.datastructures import FileStorage
from werkzeug.test import encode_multipart
from world import TODAY, World, people

from questionnaires.model import Fact, Role
from scoring.rounds import Comments, Mode
from stins.services import organisation, report, staff, typed
from stins.services.organisation import RegionSettings
from stins.services.report import CommentState, Decision
from stins.services.rights import Kind, Office
from stins.store.tables import Audit, Inspection, Release
from stins.workbook import places
from tests.workbook.filling import answer_place, names, put

WHERE = "/inspektioner/arbetsbok"
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@pytest.fixture
def lead(app: Flask, world: World) -> Staff:
    return Staff(app, "studierektor@prov.example")


def blank_of(who: Staff, world: World, unit: str = "unit", **query: str):
    return who.client.get(f"{WHERE}/tom.xlsx", query_string={"enhet": world.places[unit].id, **query})


def upload(who: Staff, file: bytes, name: str = "arbetsbok.xlsx", **values):
    """Choose a file and send it, without following where it leads."""
    form = page(who.client.get(WHERE)).form(WHERE) | {"layout": FileStorage(filename="")}
    # Made here, as the test client would put a large body in a file that it leaves open.
    boundary, body = encode_multipart(form | {"file": FileStorage(io.BytesIO(file), name)} | values)
    return who.client.post(WHERE, data=body, content_type=f'multipart/form-data; boundary="{boundary}"')


def layout_of(text: str | bytes) -> FileStorage:
    """Give a layout as it is sent."""
    return FileStorage(io.BytesIO(text.encode() if isinstance(text, str) else text), "layout.toml")


def rows(world: World) -> list[int]:
    with world.store.reading() as session:
        return [session.scalar(select(func.count()).select_from(t)) for t in (Inspection, Release, Audit)]


def refused(who: Staff, world: World, file: bytes, name: str = "arbetsbok.xlsx", **values) -> Page:
    """Send a file that is not taken; give the page that says why. Nothing may then be stored."""
    before = rows(world)
    found = page(upload(who, file, name, **values), 422)
    assert rows(world) == before
    return found


def listed(found: Page) -> list[str]:
    """Give every fault that the page names."""
    summary = found.one("div", class_="summary")
    return [text_of(item) for item in summary.iter("li")]


def sheets(file: bytes) -> Mapping[str, list[str]]:
    """Give each tab of a workbook with the texts in it."""
    book = load_workbook(io.BytesIO(file), read_only=True, data_only=True)
    found = {
        sheet.title: [
            str(value) for row in sheet.iter_rows(values_only=True) for value in row if value is not None
        ]
        for sheet in book.worksheets
    }
    book.close()
    return found


def named(file: bytes, name: str) -> object:
    """Give what stands in a named cell."""
    sheet, cell = names(file)[name].corner
    return libreoffice.values(file)[sheet].get(cell)


# --- The page -------------------------------------------------------------------------------------------


def test_the_page_offers_a_blank_for_each_of_ones_units(world: World, app: Flask):
    found = page(Staff(app, "group@prov.example").client.get(WHERE))
    links = [link for link in found.all("a") if "tom.xlsx" in link.get("href", "")]
    assert [text_of(link) for link in links] == [
        "Arbetsbok för Vårdcentralerna (.xlsx)",
        "Arbetsbok för Norra vårdcentralen (.xlsx)",
        "Arbetsbok för Södra vårdcentralen (.xlsx)",
    ]
    options = [text_of(option) for option in found.by_id("unit_id").iter("option")]
    assert options == ["Vårdcentralerna", "Norra vårdcentralen", "Södra vårdcentralen"]


def test_the_page_says_that_typed_answers_are_not_called_anonymous(lead: Staff):
    found = page(lead.client.get(WHERE))
    assert "kallas därför inte anonymt" in found.text
    assert "Arbetsboken sparas inte" in found.text


def test_the_page_is_found_from_the_list_of_inspections(lead: Staff):
    links = [link.get("href") for link in page(lead.client.get("/inspektioner")).all("a")]
    assert WHERE in links


@pytest.mark.parametrize("who", ["admin", "verksamhetschef", "ovs", "ovs_away", "region"])
def test_for_who_holds_no_inspections_there_is_no_page(world: World, app: Flask, who: str):
    who = Staff(app, f"{who}@prov.example")
    assert who.client.get(WHERE).status_code == 404
    assert blank_of(who, world).status_code == 404


def test_who_has_not_signed_in_is_asked_to(world: World, app: Flask):
    for address in (WHERE, f"{WHERE}/tom.xlsx"):
        response = app.test_client().get(address)
        assert response.status_code == 302
        assert response.headers["Location"].startswith("/logga-in")


# --- The blank ------------------------------------------------------------------------------------------


def test_a_blank_is_a_workbook_with_the_units_name(world: World, lead: Staff):
    response = blank_of(lead, world)
    assert response.status_code == 200
    assert response.content_type == XLSX
    assert saved_as(response) == "STINS-arbetsbok Kliniken.xlsx"
    assert {"Enkät ST-läkare", "Svar Handledare", "Resultat"} <= set(sheets(response.data))
    assert named(response.data, places.UNIT) == "Kliniken"


def saved_as(response) -> str:
    """Give the name under which a browser saves a file."""
    value = response.headers["Content-Disposition"]
    assert value.startswith("attachment; filename")
    kind, _, name = value.removeprefix("attachment; ").partition("=")
    return unquote(name.removeprefix("UTF-8''")) if kind == "filename*" else name.strip('"')


@pytest.mark.parametrize(
    ("name", "kept"),
    [
        ("Öron-, näsa- och halskliniken Ängelholm/Åstorp", "Öron- näsa- och halskliniken ÄngelholmÅstorp"),
        ('Kliniken "A"; x=\\..\\', "Kliniken A x"),
        ("../../etc/passwd", "etcpasswd"),
    ],
)
def test_any_name_of_a_unit_makes_a_sane_name_of_a_file(world: World, lead: Staff, name: str, kept: str):
    world.place("odd", Kind.ENHET, name, world.places["part"])
    with world.store.writing() as session:
        staff.assign(session, world.people["studierektor"].id, world.places["odd"].id, Office.STUDIEREKTOR)
    response = blank_of(lead, world, "odd")
    assert saved_as(response) == f"STINS-arbetsbok {kept}.xlsx"
    assert named(response.data, places.UNIT) == name


def test_a_blank_holds_the_regions_own_numbers(world: World, lead: Staff):
    cat = USUAL.terms.catalogue
    own = {id: each.least for id, each in cat.parameters.items()}
    assert own != {id: each.default for id, each in cat.parameters.items()}
    with world.store.writing() as session:
        organisation.set_region(session, world.places["region"].id, RegionSettings(7, own), cat)
    file = blank_of(lead, world).data
    assert named(file, places.K) == 7
    assert {id: named(file, places.parameter(id)) for id in own} == own


@pytest.mark.parametrize("unit", ["other", "group", "part", "region", "far"])
def test_a_blank_for_anothers_unit_is_not_found(world: World, lead: Staff, unit: str):
    assert blank_of(lead, world, unit).status_code == 404


@pytest.mark.parametrize("query", ["", "?enhet=", "?enhet=finns-inte"])
def test_a_blank_for_no_unit_is_not_found(lead: Staff, query: str):
    assert lead.client.get(f"{WHERE}/tom.xlsx{query}").status_code == 404


def test_a_blank_is_in_english_when_asked_for(world: World, lead: Staff):
    cat = USUAL.terms.catalogue
    question = cat.questionnaires[Role.ST_LAKARE].questions[0].text
    texts = {lang: sheets(blank_of(lead, world, lang=lang).data) for lang in ("sv", "en")}
    assert any(question.plain("en") in line for tab in texts["en"].values() for line in tab)
    assert not any(question.plain("sv") in line for tab in texts["en"].values() for line in tab)
    assert any(question.plain("sv") in line for tab in texts["sv"].values() for line in tab)


# --- A filled-in one ------------------------------------------------------------------------------------


def test_a_filled_in_workbook_becomes_a_result_that_says_how_it_was_made(world: World, lead: Staff):
    response = upload(lead, filled())
    assert response.status_code == 302
    found = page(lead.client.get(response.headers["Location"]))
    assert "Svaren är inlästa. Arbetsboken har inte sparats." in found.text
    assert "Inskrivna svar" in found.text
    assert "Svaren är inskrivna för hand och har lästs av den som skrev in dem" in found.text
    assert "kallas därför inte anonym" in found.text
    assert "nyckeln till lådan" not in found.text.lower()
    assert "sex månader efter avslutningen" not in found.text
    assert "ST-läkare: 7 svar." in found.text


def test_a_typed_inspection_is_listed_and_has_its_page(world: World, lead: Staff, app: Flask):
    upload(lead, filled())
    assert "Inskrivna svar" in page(lead.client.get("/inspektioner")).text
    (link,) = [
        a.get("href") for a in page(lead.client.get("/inspektioner")).all("a") if "Kliniken" in text_of(a)
    ]
    assert "Inskrivna svar" in page(lead.client.get(link.removesuffix("/resultat"))).text
    assert "inskriven" in page(Staff(app, "ovs@prov.example").client.get("/oversikt")).text


def test_the_unit_may_be_chosen_in_the_address_and_in_the_form(world: World, app: Flask):
    who = Staff(app, "group@prov.example")
    second = world.places["second"].id
    assert page(who.client.get(f"{WHERE}?enhet={second}")).form(WHERE)["unit_id"] == second
    response = upload(who, filled(unit=""), unit_id=second)
    assert "Södra vårdcentralen" in page(who.client.get(response.headers["Location"])).text


def test_a_workbook_of_another_layout_is_read_by_its_layout_file(world: World, lead: Staff):
    facts = "\n".join(f'{id} = "{fact}"' for id, fact in STATED.items())
    response = upload(lead, filled(), layout=layout_of(layout_for_blank(filled(), facts)))
    assert response.status_code == 302
    assert "Inskrivna svar" in page(lead.client.get(response.headers["Location"])).text


def layout_for_blank(file: bytes, facts: str) -> str:
    """Describe our own blank as though it were somebody else's."""
    blocks = []
    for role in Role:
        area = names(file)[places.answers(role)]
        first, last = (area.at(column, 1)[1].rstrip("1") for column in (area.left, area.right))
        blocks.append(
            f'[[block]]\nrole = "{role}"\ntab = "{area.sheet}"\nids = "A"\n'
            f'columns = "{first}:{last}"\nfirst_row = {area.top}\nlast_row = {area.bottom}\n'
        )
    answers = '3 = 3\n2 = 2\n1 = 1\n0 = 0\nV = "vet_ej"\nE = "ej_aktuellt"'
    return f'catalogue = "2026"\nlast_day = {TODAY}\n[facts]\n{facts}\n[answers]\n{answers}\n' + "\n".join(
        blocks
    )


# --- What is wrong --------------------------------------------------------------------------------------


def test_every_fault_is_on_the_page_at_once_and_nothing_is_stored(world: World, lead: Staff):
    wrong = filled(round_of(people(2, 1), facts={"A2": Fact.JA}), unit="Fjärrkliniken")
    found = refused(lead, world, changed(wrong, **{places.K: 6}))
    lines = listed(found)
    assert "arbetsboken gäller Fjärrkliniken, men du har valt Kliniken" in lines[0]
    assert "ST-läkare och handledare är inskrivna" in lines[2]
    assert [line.partition(": ")[0] for line in (*lines[:2], *lines[3:])] == [
        *[shown(name) for name in (places.UNIT, places.K)],
        *[shown(places.fact(id)) for id in STATED if id != "A2"],
    ]
    assert f"{len(lines)} saker behöver rättas" in found.text
    assert "Inget är sparat." in found.text
    assert found.root.find("head/title").text.startswith("Fel: arbetsboken lästes inte in")


def test_a_wrong_answer_is_named_by_its_cell_with_what_to_do(world: World, lead: Staff):
    sheet, cell = place = answer_place(filled(), Role.HANDLEDARE, "A1", 3)
    (line,) = listed(refused(lead, world, put(filled(), {place: "kanske"})))
    assert line == f"{sheet}!{cell}: 'kanske' är inget av svaren; välj i listan"


def test_what_stands_in_the_file_is_text_on_the_page_and_nothing_else(world: World, lead: Staff):
    response = upload(lead, filled(unit="<script>alert(1)</script>"))
    assert b"<script>alert" not in response.data
    found = page(response, 422)
    assert "arbetsboken gäller <script>alert(1)</script>, men du har valt Kliniken" in found.text
    assert all(script.get("src") for script in found.all("script"))


def test_what_was_chosen_is_kept(world: World, app: Flask):
    who = Staff(app, "group@prov.example")
    second = world.places["second"].id
    found = refused(who, world, b"ingen arbetsbok", unit_id=second)
    assert found.form(WHERE)["unit_id"] == second


def test_faults_are_in_english_where_the_page_is(world: World, lead: Staff):
    lead.client.get(f"{WHERE}?lang=en")
    found = refused(lead, world, b"ingen arbetsbok")
    assert found.root.get("lang") == "en"
    assert len(listed(found)) == 1


@pytest.mark.parametrize(
    ("file", "name", "sentence"),
    [
        (b"", "arbetsbok.xlsx", "Filen är tom"),
        (b"a;b;c", "svar.csv", "Filen är en textfil"),
        (b"%PDF-1.7", "arbetsbok.pdf", "Filen är en PDF"),
        (b"PK\x03\x04" + bytes(1_572_864), "arbetsbok.xlsx", "Filen är större än 1 MB"),
        (b"PK\x03\x04 och sedan inget", "arbetsbok.xlsx", "Filen"),
    ],
)
def test_what_is_no_workbook_is_told_in_a_sentence_of_its_own(
    world: World, lead: Staff, file: bytes, name: str, sentence: str
):
    (line,) = listed(refused(lead, world, file, name))
    assert line.startswith(sentence)


def test_a_file_of_five_megabytes_is_not_even_read(world: World, lead: Staff):
    before = rows(world)
    found = page(upload(lead, bytes(5_000_000)), 413)
    assert "för stort" in found.text
    assert rows(world) == before


def test_other_pages_take_no_more_than_before(world: World, lead: Staff):
    id = world.plan()
    response = lead.client.post(f"/inspektioner/{id}/andra", data={"facts": "x" * 600_000})
    assert response.status_code == 413


def test_an_exported_result_is_refused_with_that_reason(world: World, lead: Staff):
    address = upload(lead, filled()).headers["Location"]
    export = lead.client.get(f"{address}.xlsx").data
    (line,) = listed(refused(lead, world, export))
    assert line.startswith("Det här är ett exporterat resultat, inte en arbetsbok med svar")


def test_the_same_answers_twice_are_refused(world: World, lead: Staff):
    upload(lead, filled())
    (line,) = listed(refused(lead, world, filled()))
    assert line.startswith("De här svaren är redan inlästa för Kliniken")


def test_a_missing_file_is_said_beside_its_field_and_in_the_summary(world: World, lead: Staff):
    form = page(lead.client.get(WHERE)).form(WHERE)
    found = page(lead.client.post(WHERE, data=form), 422)
    assert text_of(found.by_id("file-error")) == "Välj arbetsboken."
    assert found.by_id("file").get("aria-describedby") == "file-error"
    assert found.by_id("file").get("aria-invalid") == "true"
    assert [a.get("href") for a in found.one("div", class_="summary").iter("a")] == ["#file"]


def test_anothers_unit_cannot_be_chosen(world: World, lead: Staff):
    for unit in (world.places["other"].id, "finns-inte", ""):
        found = refused(lead, world, filled(unit=""), unit_id=unit)
        assert text_of(found.by_id("unit_id-error"))


@pytest.mark.parametrize(
    ("layout", "sentence"),
    [
        (b"catalogue = ", "Layoutfilen är inte skriven som TOML. Rätta rad 1."),
        ("catalogue = 'Ä'".encode("latin-1"), "Layoutfilen är inte text i UTF-8"),
        (b"#" * 70_000, "Layoutfilen är längre än 64 KiB"),
        ("# å".encode() * 40_000, "Layoutfilen är längre än 64 KiB"),
    ],
)
def test_a_layout_file_that_cannot_be_used_is_told_so(
    world: World, lead: Staff, layout: bytes, sentence: str
):
    (line,) = listed(refused(lead, world, filled(), layout=layout_of(layout)))
    assert line.startswith(sentence)


def test_where_the_auditor_refuses_the_page_says_that_it_cannot_be_mended_in_the_file(
    world: World, lead: Staff, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
):
    publishing = typed.publish
    monkeypatch.setattr(typed, "publish", lambda round_: replace(publishing(round_), k=4))
    (line,) = listed(refused(lead, world, filled()))
    assert line.startswith("Kontrollen av resultatet stoppade inläsningen.")
    assert "k is not what was promised" in caplog.text


def test_nothing_is_read_without_the_forms_token(world: World, lead: Staff):
    before = rows(world)
    form = page(lead.client.get(WHERE)).form(WHERE) | {"file": (io.BytesIO(filled()), "arbetsbok.xlsx")}
    for token in ("", "x"):
        response = lead.client.post(WHERE, data=form | {"csrf_token": token})
        assert response.status_code == 400
        form["file"] = (io.BytesIO(filled()), "arbetsbok.xlsx")
    assert rows(world) == before


# --- The result taken home ------------------------------------------------------------------------------


def closed(world: World, **changes) -> str:
    id, codes = world.open(**changes)
    world.all_hand_in(codes, **({"comments": {"best": "=Vi hjälps åt"}} if "comments" in changes else {}))
    world.close(id)
    return id


def test_a_result_is_taken_home_as_a_workbook_with_the_checksum_of_the_page(world: World, lead: Staff):
    id = closed(world)
    response = lead.client.get(f"/inspektioner/{id}/resultat.xlsx")
    assert response.content_type == XLSX
    assert saved_as(response) == "STINS Kliniken 2026-11-22.xlsx"
    shown_page = page(lead.client.get(f"/inspektioner/{id}/resultat"))
    digest = text_of(shown_page.one("dd", class_="digest"))
    assert named(response.data, places.SHA256) == digest
    assert f"/inspektioner/{id}/resultat.xlsx" in [a.get("href") for a in shown_page.all("a")]


def test_it_is_in_the_readers_language(world: World, lead: Staff):
    id = closed(world)
    tabs = {
        lang: sheets(lead.client.get(f"/inspektioner/{id}/resultat.xlsx?lang={lang}").data)
        for lang in ("sv", "en")
    }
    statement = USUAL.terms.catalogue.criteria["A1"].statement
    for lang, found in tabs.items():
        assert any(statement.plain(lang) in line for tab in found.values() for line in tab)


def test_comments_are_in_it_only_once_they_have_been_read_first(world: World, lead: Staff):
    id = closed(world, comments=Comments.REVIEWED)
    address = f"/inspektioner/{id}/resultat.xlsx"
    assert "Vi hjälps åt" not in everything(lead.client.get(address).data)
    with world.store.writing() as session:
        _, waiting = report.unread(session, world.people["ovs"], id)
        decisions = {each.id: Decision(each.id, CommentState.SHOWN) for each in waiting}
        report.decide(session, world.box, world.people["ovs"], id, decisions, world.clock.now())
    file = lead.client.get(address).data
    assert "Vi hjälps åt" in everything(file)
    assert not any("Vi hjälps åt" in formula for formula in formulas(file))


def everything(file: bytes) -> str:
    """Give every part of a workbook as one text."""
    with zipfile.ZipFile(io.BytesIO(file)) as parts:
        return "".join(parts.read(name).decode("utf-8", "replace") for name in parts.namelist())


def formulas(file: bytes) -> list[str]:
    """Give every formula of a workbook."""
    cells = [cell for sheet in libreoffice.cells(file).values() for cell in sheet.values()]
    return [cell.formula for cell in cells if cell.formula is not None]


def test_a_dialogue_is_taken_home_by_the_unit_alone(world: World, lead: Staff, app: Flask):
    id = closed(world, mode=Mode.DIALOGUE, eligible=people(1, 2, 0, 1))
    address = f"/inspektioner/{id}/resultat.xlsx"
    assert lead.client.get(address).status_code == 200
    assert Staff(app, "ovs@prov.example").client.get(address).status_code == 404


@pytest.mark.parametrize("state", ["draft", "open"])
def test_before_closing_there_is_nothing_to_take_home(world: World, lead: Staff, state: str):
    id = world.plan() if state == "draft" else world.open()[0]
    assert lead.client.get(f"/inspektioner/{id}/resultat.xlsx").status_code == 404


def test_a_result_without_any_table_is_a_workbook_all_the_same(world: World, lead: Staff):
    id, _ = world.open()
    world.close(id)
    assert "Uppgifter" in sheets(lead.client.get(f"/inspektioner/{id}/resultat.xlsx").data)
