"""The register of external reviews on the pages: registered, read, and behind A2–A4 of a plan."""

import io
from datetime import date, timedelta

import pytest
from flask import Flask
from openpyxl import load_workbook
from pages import Page, Staff, page, text_of
from sqlalchemy import func, select
from werkzeug.datastructures import FileStorage
from werkzeug.test import encode_multipart
from world import TODAY, World

from stins.services import reviews
from stins.services.reviews.values import Shortcoming, Wanted
from stins.store.tables import Deficiency, ExternalReview, FollowUp
from tests.services.following import add, everyone

WHERE = "/granskningar"
NEW = "/granskningar/ny"
IMPORT = "/granskningar/las-in"
USUAL = {"reported_on": "2026-05-13", "reviewer": "SPUR", "grade_A": "B", "grade_D": "D"}
REGULATION = {"area_1": "D", "text_1": "Utbildningsprogram saknas", "regulation_1": "y"}


@pytest.fixture
def lead(app: Flask, world: World) -> Staff:
    return Staff(app, "studierektor@prov.example")


def register(world: World, unit: str = "unit", by: str = "studierektor", **changes) -> str:
    """Register a review and give its id."""
    stated = {
        "unit_id": world.places[unit].id,
        "reported_on": date(2026, 5, 13),
        "reviewer": "SPUR",
        "grades": {"A": "B", "D": "D"},
        "report": "SPUR 2026.pdf",
        "shortcomings": (Shortcoming("D", "Utbildningsprogram saknas", regulation=True),),
    }
    with world.store.writing() as session:
        person, at = world.people[by], world.at
        wanted = Wanted(**stated | changes)
        return reviews.register(session, world.box, person, wanted, at.now, at.today).id


def rows(world: World) -> list[int]:
    with world.store.reading() as session:
        tables = (ExternalReview, Deficiency, FollowUp)
        return [session.scalar(select(func.count()).select_from(table)) for table in tables]


def refused(who: Staff, world: World, **values: str) -> Page:
    """Send a review that is not taken; give the page that says why. Nothing may then be stored."""
    before = rows(world)
    found = page(who.send(NEW, **values), 422)
    assert rows(world) == before
    return found


def summary(found: Page) -> list[tuple[str, str]]:
    """Give each line of the error summary with the input it leads to."""
    links = found.one("div", class_="summary").iter("a")
    return [(link.get("href", "").removeprefix("#"), text_of(link)) for link in links]


def starting_facts(who: Staff, where: str = "/inspektioner/ny") -> dict[str, str]:
    form = page(who.client.get(where)).form("/inspektioner/ny")
    return {name.removeprefix("fact_"): value for name, value in form.items() if name.startswith("fact_A")}


def registered(found: Page) -> dict[str, str]:
    """Give the facts that a page says come from the register."""
    stated = [text_of(each) for each in (*found.all("p"), *found.all("li"))]
    marked = [text.partition(" Från registret") for text in stated]
    return {text[:2]: text.rpartition(" ")[2] for text, mark, _rest in marked if mark}


# --- Registering ----------------------------------------------------------------------------------------


def test_a_review_is_registered_and_shown(lead: Staff, world: World):
    found = page(lead.send(NEW, **USUAL, **REGULATION, report="https://lipus.example/r/1"))
    assert "Granskningen är registrerad." in found.text
    assert "En brist mot en föreskrift följs nu upp." in found.text
    assert "13 maj 2026" in found.text
    assert "Utbildningsprogram saknas" in found.text
    assert found.one("a", href="https://lipus.example/r/1").get("rel") == "noreferrer"
    assert rows(world) == [1, 1, 1]


def test_a_review_without_deficiencies_follows_nothing_up(lead: Staff, world: World):
    found = page(lead.send(NEW, **USUAL))
    assert "följs nu upp" not in found.text
    assert "Inga brister är registrerade." in found.text
    assert rows(world) == [1, 0, 0]


def test_the_deficiency_leads_to_its_follow_up(lead: Staff, world: World):
    found = page(lead.send(NEW, **USUAL, **REGULATION, area_5="E", text_5="Bara ett råd"))
    with world.store.reading() as session:
        id = session.scalar(select(FollowUp.id))
    assert text_of(found.one("a", href=f"/uppfoljning/{id}")) == "Så följs brist 1 upp"
    assert found.text.count("Strider mot en föreskrift.") == 1


def test_everything_that_is_wrong_is_said_at_its_input(lead: Staff, world: World):
    found = refused(
        lead,
        world,
        reported_on="2027-01-01",
        reviewer="",
        report="C:\\rapport.pdf",
        area_2="B",
        text_7="Utan område",
    )
    assert summary(found) == [
        ("reported_on", "Välj rapportens dag, från 1 januari 1990 till 22 november 2026."),
        ("reviewer", "Skriv vem som granskade, till exempel SPUR."),
        (
            "report",
            "Skriv filens namn utan mapp och kolon, eller en hel länk som börjar med https:// eller http://.",
        ),
        ("text_2", "Brist 2: skriv vad som brister."),
        ("area_7", "Brist 7: välj område."),
    ]
    for id, sentence in summary(found):
        assert found.by_id(id).get("aria-invalid") == "true"
        assert text_of(found.by_id(f"{id}-error")) == sentence
    assert text_of(found.root.find("head/title")).startswith("Fel: ")


def test_what_was_typed_is_not_lost_when_something_is_wrong(lead: Staff, world: World):
    typed = USUAL | REGULATION | {"reviewer": "", "report": "<b>&", "text_9": "Sist", "area_9": "H"}
    found = refused(lead, world, **typed)
    kept = found.form(NEW)
    assert {name: kept[name] for name in typed} == typed
    assert found.one("details").get("open") is not None


def test_the_rest_of_the_deficiencies_is_folded_until_it_is_used(lead: Staff):
    assert page(lead.client.get(NEW)).one("details").get("open") is None


def test_a_day_that_cannot_be_read_is_said_with_everything_else(lead: Staff, world: World):
    found = refused(lead, world, reported_on="13 maj", reviewer="")
    assert summary(found) == [
        ("reported_on", "Skriv dagen som år-månad-dag, till exempel 2026-05-13."),
        ("reviewer", "Skriv vem som granskade, till exempel SPUR."),
    ]


def test_the_same_review_is_told_at_the_reviewer(lead: Staff, world: World):
    register(world)
    ((field, sentence),) = summary(refused(lead, world, **USUAL))
    assert field == "reviewer"
    assert sentence.startswith("Den här granskningen är redan registrerad")


def test_a_unit_that_is_not_ones_own_is_no_choice(lead: Staff, world: World):
    found = refused(lead, world, **USUAL, unit_id=world.places["other"].id)
    assert [field for field, _ in summary(found)] == ["unit_id"]


def test_a_grade_that_does_not_exist_is_no_choice(lead: Staff, world: World):
    assert [field for field, _ in summary(refused(lead, world, **USUAL | {"grade_A": "E"}))] == ["grade_A"]


def test_one_may_choose_among_ones_units(app: Flask):
    found = page(Staff(app, "group@prov.example").client.get(NEW))
    options = [text_of(option) for option in found.by_id("unit_id").iter("option")]
    assert options == ["Vårdcentralerna", "Norra vårdcentralen", "Södra vårdcentralen"]


def test_the_unit_can_be_chosen_by_a_link(app: Flask, world: World):
    found = page(Staff(app, "ovs@prov.example").client.get(f"{NEW}?enhet={world.places['unit'].id}"))
    assert found.form(NEW)["unit_id"] == world.places["unit"].id


# --- Reading --------------------------------------------------------------------------------------------


def test_the_list_leads_to_each_review(lead: Staff, world: World):
    id = register(world)
    found = page(lead.client.get(WHERE))
    assert text_of(found.one("a", href=f"{WHERE}/{id}")) == "Kliniken, 13 maj 2026"
    assert "Granskad av SPUR · Betyg A: B, D: D · en brist" in found.text
    assert "Registrera en granskning" in found.text
    assert found.all("table") == []


def test_an_empty_list_says_so(lead: Staff):
    assert "Ingen granskning är registrerad ännu." in page(lead.client.get(WHERE)).text


def test_who_may_not_register_is_not_asked_to(app: Flask, world: World):
    for who in ("verksamhetschef", "region"):
        assert (
            "Registrera en granskning" not in page(Staff(app, f"{who}@prov.example").client.get(WHERE)).text
        )


def test_the_region_sees_grades_but_no_deficiency_and_no_report(app: Flask, world: World):
    id = register(world)
    found = page(Staff(app, "region@prov.example").client.get(f"{WHERE}/{id}"))
    assert "SPUR" in found.text
    assert "Vad som brister visas för enheten" in found.text
    assert "Utbildningsprogram saknas" not in found.text
    assert "SPUR 2026.pdf" not in found.text


def test_a_report_that_is_a_file_is_named_but_no_link(lead: Staff, world: World):
    found = page(lead.client.get(f"{WHERE}/{register(world)}"))
    assert "SPUR 2026.pdf" in found.text


def test_a_review_without_grades_says_so(lead: Staff, world: World):
    found = page(lead.client.get(f"{WHERE}/{register(world, grades={})}"))
    assert "Inga betyg är registrerade." in found.text


def test_what_was_written_is_shown_as_text(lead: Staff, world: World):
    worst = "<script>alert(1)</script>"
    found_wanting = (Shortcoming("A", worst, regulation=False),)
    id = register(world, reviewer=worst, shortcomings=found_wanting)
    found = page(lead.client.get(f"{WHERE}/{id}"))
    assert found.all("script") == []
    assert found.text.count(worst) == 2


def test_the_five_year_clock_is_shown_to_those_who_oversee(app: Flask, world: World):
    register(world, reported_on=date(2021, 11, 21))
    register(world, "group", "group", reported_on=TODAY - timedelta(days=1))
    register(world, "other", "other", reported_on=date(2022, 5, 22))
    found = page(Staff(app, "ovs@prov.example").client.get(WHERE))
    lines = [text_of(row) for row in found.one("table").iter("tr")][1:]
    assert lines == [
        "Kliniken Mer än fem år sedan 21 november 2021 21 november 2026",
        "Grannkliniken Dags inom sex månader 22 maj 2022 22 maj 2027",
        "Norra vårdcentralen Mer än ett år kvar 21 november 2026 21 november 2031",
        "Södra vårdcentralen Mer än ett år kvar 21 november 2026 21 november 2031",
    ]


def test_a_unit_never_reviewed_is_due_at_once(app: Flask, world: World):
    found = page(Staff(app, "ovs_away@prov.example").client.get(WHERE))
    lines = [text_of(row) for row in found.one("table").iter("tr")][1:]
    assert lines == ["Fjärrkliniken Aldrig granskad –Aldrig Snarast"]


def test_the_menu_leads_there_for_those_it_concerns(app: Flask):
    for who, shown in (("studierektor", 1), ("ovs", 1), ("region", 1), ("admin", 0)):
        found = page(Staff(app, f"{who}@prov.example").client.get("/"))
        assert len(found.one("nav", class_="nav").findall(f".//a[@href='{WHERE}']")) == shown, who


# --- Behind a plan's A2–A4 ------------------------------------------------------------------------------


def test_a_plan_begins_with_what_the_register_says_and_tells_so(lead: Staff, world: World):
    world.plan()
    id = register(world)
    assert starting_facts(lead) == {"A8": "ja"}
    found = page(lead.client.get("/inspektioner/ny"))
    assert registered(found) == {"A2": "Ja", "A3": "Ja", "A4": "Nej"}
    assert "A2–A4 kommer från registret över externa granskningar" in found.text
    assert "Kliniken granskades senast den 13 maj 2026" in found.text
    assert text_of(found.one("a", href=f"{WHERE}/{id}")) == "Se granskningen"


def test_without_a_review_it_begins_with_what_was_stated_last(lead: Staff, world: World):
    world.plan()
    assert starting_facts(lead) == {"A2": "ja", "A3": "ja", "A4": "delvis", "A8": "ja"}
    assert "från registret" not in page(lead.client.get("/inspektioner/ny")).text


def test_a3_is_as_it_will_be_on_the_usual_last_day(lead: Staff, world: World):
    register(world, reported_on=TODAY + timedelta(days=20) - timedelta(days=5 * 365 + 1))
    assert registered(page(lead.client.get("/inspektioner/ny")))["A3"] == "Nej"


def test_a_draft_follows_the_register_until_it_is_opened(lead: Staff, world: World):
    id = world.plan()
    where = f"/inspektioner/{id}"
    assert "Från registret" not in page(lead.client.get(where)).text
    register(world, reported_on=date(2021, 11, 22))
    for shown in (where, f"{where}/andra"):
        assert registered(page(lead.client.get(shown))) == {"A2": "Ja", "A3": "Nej", "A4": "Nej"}
    page(lead.send(f"{where}/andra"))
    assert registered(page(lead.client.get(where)))["A4"] == "Nej"
    world.open_planned(id)
    opened = page(lead.client.get(where)).text
    assert "Från registret" not in opened
    assert opened.count("Nej") == 4


def test_a_members_plan_begins_with_its_groups_review(app: Flask, world: World):
    register(world, "group", "group")
    where = f"/inspektioner/ny?unit_id={world.places['member'].id}"
    lead = Staff(app, "group@prov.example")
    assert registered(page(lead.client.get(where)))["A2"] == "Ja"
    assert "Vårdcentralerna granskades senast" in page(lead.client.get(where)).text


def test_a_plan_tells_nothing_of_another_unit(lead: Staff, world: World):
    register(world, "other", "other")
    world.plan("other", "other")
    where = f"/inspektioner/ny?unit_id={world.places['other'].id}"
    assert starting_facts(lead, where) == {}
    assert "Grannkliniken" not in page(lead.client.get(where)).text


# --- Many at once ---------------------------------------------------------------------------------------


def upload(who: Staff, file: bytes, name: str = "granskningar.xlsx"):
    """Choose a spreadsheet and send it, without following where it leads."""
    form = page(who.client.get(IMPORT)).form(IMPORT)
    boundary, body = encode_multipart(form | {"file": FileStorage(io.BytesIO(file), name)})
    return who.client.post(IMPORT, data=body, content_type=f'multipart/form-data; boundary="{boundary}"')


def filled(who: Staff, **cells: object) -> bytes:
    """Fill in a row of the template as it is downloaded."""
    book = load_workbook(io.BytesIO(who.client.get("/granskningar/mall.xlsx").data))
    column = {cell.value: cell.column for cell in book.active[1]}
    for title, value in cells.items():
        book.active.cell(2, column[title], value)
    file = io.BytesIO()
    book.save(file)
    return file.getvalue()


def test_the_template_is_filled_in_and_read(lead: Staff, world: World):
    assert "Hämta mallen" in page(lead.client.get(IMPORT)).text
    response = upload(lead, filled(lead, Enhet="Kliniken", Datum="2026-05-13", Granskare="SPUR", B="C"))
    assert (response.status_code, response.headers["Location"]) == (302, WHERE)
    found = page(lead.client.get(WHERE))
    assert "En granskning är inläst." in found.text
    assert "Granskad av SPUR · Betyg B: C" in found.text


def test_what_is_wrong_in_a_spreadsheet_is_listed_and_nothing_stored(lead: Staff, world: World):
    found = page(upload(lead, filled(lead, Enhet="Okänd", Datum="2026-05-13", A="X")), 422)
    lines = [text_of(item) for item in found.one("div", class_="summary").iter("li")]
    assert [line.partition(":")[0] for line in lines] == [
        "Granskningar!A2",
        "Granskningar!C2",
        "Granskningar!D2",
    ]
    assert "Inget är sparat." in found.text
    assert rows(world) == [0, 0, 0]


def test_a_file_of_another_kind_is_told_so(lead: Staff):
    assert "Filen är inget Excel-kalkylblad." in page(upload(lead, b"%PDF-1.7", "rapport.pdf"), 422).text


def test_no_file_is_told_at_its_input(lead: Staff):
    found = page(upload(lead, b"", ""), 422)
    assert summary(found) == [("file", "Välj kalkylbladet.")]


def test_a_file_larger_than_a_form_may_be_is_told_so(lead: Staff):
    assert "större än 1 MB" in page(upload(lead, b"PK\3\4" + bytes(1_100_000)), 422).text


# --- Correcting and removing ------------------------------------------------------------------------------


def test_a_review_is_corrected_on_the_page_it_was_registered_with(world: World, lead: Staff):
    id = register(world)
    shown = page(lead.client.get(f"/granskningar/{id}/andra"))
    assert text_of(shown.one("h1")) == "Rätta granskningen av Kliniken"
    assert shown.form(f"/granskningar/{id}/andra")["text_1"] == "Utbildningsprogram saknas"
    typed = {"reported_on": "2026-08-31", "reviewer": "Lipus", "text_1": "Program saknas för två"}
    refused = page(lead.send(f"/granskningar/{id}/andra", **typed), 422)
    assert summary(refused) == [("reason", "Skriv varför. Skälet sparas i historiken.")]
    done = page(lead.send(f"/granskningar/{id}/andra", **typed, reason="Vi skrev fel"))
    assert "Granskningen är rättad." in done.text
    assert "31 augusti 2026" in done.text
    (case,) = everyone(world, "studierektor")
    assert case.due_on == date(2027, 2, 28)
    history = page(lead.client.get(f"/uppfoljning/{case.id}")).text
    assert "Granskningens dag rättades, och fristen med den" in history
    assert "Från 13 november 2026 till 28 februari 2027. Vi skrev fel" in history
    assert "Före D: Utbildningsprogram saknas Efter D: Program saknas för två" in history


def test_a_review_that_nothing_is_followed_up_from_is_corrected_and_removed_without_a_reason(
    world: World, lead: Staff
):
    id = register(world, shortcomings=())
    assert "Varför" not in page(lead.client.get(f"{WHERE}/{id}/andra")).text
    page(lead.send(f"{WHERE}/{id}/andra", reported_on="2026-08-31"))
    assert "Granskningen är borttagen." in page(lead.send(f"{WHERE}/{id}/ta-bort")).text


def test_what_cannot_be_corrected_is_told_beside_its_input_and_nothing_typed_is_lost(
    world: World, lead: Staff
):
    id = register(world)
    (case,) = everyone(world, "studierektor")
    add(world, case.id)
    where = f"/granskningar/{id}/andra"
    refused = page(lead.send(where, reviewer="Lipus", text_1="", area_1="", reported_on="i går"), 422)
    assert "Skriv dagen som år-månad-dag" in refused.text
    assert refused.form(where)["reviewer"] == "Lipus"
    refused = page(lead.send(where, reviewer="", text_1="Annat", reported_on="x", area_2="E"), 422)
    assert [field for field, _ in summary(refused)] == ["reported_on", "reviewer", "reason", "text_2"]
    refused = page(lead.send(where, reviewer="", text_1="Annat"), 422)
    assert "Skriv vem som granskade" in refused.text
    form = page(lead.client.get(where)).form(where)
    form.pop("regulation_1")
    refused = page(lead.client.post(where, data=form), 422)
    assert "Brist 1 håller på att åtgärdas" in refused.text


def test_a_review_is_removed_once_it_is_asked_for_again(world: World, lead: Staff):
    id = register(world)
    where = f"/granskningar/{id}/ta-bort"
    assert "Ta bort granskningen av Kliniken" in page(lead.client.get(where)).text
    assert summary(page(lead.send(where), 422)) == [("reason", "Skriv varför. Skälet sparas i historiken.")]
    assert "Granskningen är borttagen." in page(lead.send(where, reason="Fel enhet")).text
    assert lead.client.get(f"/granskningar/{id}").status_code == 404


def test_a_review_whose_deficiency_is_being_mended_stays(world: World, lead: Staff):
    id = register(world)
    add(world, everyone(world, "studierektor")[0].id)
    refused = page(lead.send(f"/granskningar/{id}/ta-bort", reason="Fel enhet"), 422)
    assert "håller på att åtgärdas" in refused.text
    assert lead.client.get(f"/granskningar/{id}").status_code == 200
