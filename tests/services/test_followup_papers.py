"""The written report on paper: every number in it is the releases', and nothing of a dialogue's is there."""

import io
import json
import re
import zipfile

import docx
import libreoffice
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from world import TODAY, World, people

from questionnaires.model import Role
from scoring.rounds import Mode
from stins.reports.follow_up import said
from stins.reports.follow_up.rows import annex
from stins.reports.pdf import pdf
from stins.reports.written import Block, blocks
from stins.services.followup import reporting
from stins.services.followup.reporting.values import REPORT_MOST
from stins.services.followup.values import Progress
from stins.services.rights import Office
from stins.store.tables import ExternalReview, Inspection, Release
from stins.workbook.speech import speech
from tests.services.following import (
    add,
    decide,
    deficient,
    inspected,
    inspected_again,
    mended,
    of,
    take_up,
    talked,
    typed_in,
)
from tests.services.reports import approved, begin, edit, handed_in, read, redraft, send

BANDS = ("agree", "partly", "disagree", "unknown", "not_applicable")
DASHES = re.compile(r"[\u00ad\ufffe\u0002]\s?")


@pytest.fixture
def database(sqlite_database: str) -> str:
    """What is compared and printed does not see which database there is."""
    return sqlite_database


def pdf_of(world: World, id: str, who: str = "studierektor") -> bytes:
    with world.store.reading() as session:
        return reporting.as_pdf(session, world.people[who], id)


def docx_of(world: World, id: str, who: str = "studierektor") -> bytes:
    with world.store.reading() as session:
        return reporting.as_docx(session, world.people[who], id)


def text_of(made: bytes) -> str:
    """Give the text of a PDF, its lines joined and its broken words whole."""
    return " ".join(DASHES.sub("", "\n".join(libreoffice.page_texts(made))).split())


def opened(file: bytes):
    return docx.Document(io.BytesIO(file))


def docx_text(file: bytes) -> str:
    """Give everything that a Word document says, its tables row by row."""
    document = opened(file)
    rows = (cell.text for table in document.tables for row in table.rows for cell in row.cells)
    return " ".join(" ".join((*(p.text for p in document.paragraphs), *rows)).split())


def tables(world: World, inspection: str, criterion: str) -> dict:
    """Give a criterion's tables as the stored release has them."""
    with world.store.reading() as session:
        return json.loads(session.get(Release, inspection).body)["results"][criterion]


def annex_rows(file: bytes) -> list[list[str]]:
    """Give the rows of numbers in a Word document's annex, in order."""
    found = [table for table in opened(file).tables if len(table.columns) == 8]
    return [[cell.text for cell in row.cells] for table in found for row in table.rows[1:]]


def expected(world: World, rounds: list[str], criterion: str) -> list[list[str]]:
    """Give the numbers that the releases have for a criterion, table by table."""
    return [
        [str(bands[band]) for band in BANDS] if bands else ["för få svar"] * 5
        for inspection in rounds
        for bands in tables(world, inspection, criterion).values()
    ]


def both(world: World) -> tuple[str, str, str]:
    """Give a report with a re-inspection, and both inspections."""
    first = inspected(world, {"B3": 0, "B7": 1, "E13": "vet_ej"} | {"D7": 1})
    add(world, of(world, "B3").id, what="Anmäl alla", status=Progress.DONE, evidence="Intyg", who="chefen")
    again = inspected_again(world, first, {"B3": 2, "B7": 0})
    return begin(world, first), first, again


# --- Numbers ------------------------------------------------------------------------------------------


def test_every_number_in_text_and_annex_is_the_releases(world: World):
    id, first, again = both(world)
    found = read(world, id)
    criteria = [case.criterion for case in found.cases]
    rows = annex_rows(docx_of(world, id))
    assert [row[2:7] for row in rows] == [
        numbers for criterion in criteria for numbers in expected(world, [first, again], criterion)
    ]
    printed, word = text_of(pdf_of(world, id)), docx_text(docx_of(world, id))
    for criterion in criteria:
        for inspection in (first, again):
            for cell, bands in tables(world, inspection, criterion).items():
                line = f"{said.cells(speech('sv'))[cell]}: {_worded(bands)}"
                for text in (printed, word, " ".join(found.current.text.split())):
                    assert line in text, line
    for row in rows:
        assert " ".join(" ".join(row[2:]).split()) in printed


def _worded(bands: dict) -> str:
    """Say a stored table in words, by another hand than the program's."""
    base = sum(bands[band] for band in BANDS[:4])
    said_ = f"{bands['agree']} av {base} instämmer"
    for band, words in (("partly", "instämmer till viss del"), ("disagree", "instämmer inte alls")):
        said_ += f", {bands[band]} {words}" if bands[band] else ""
    return said_ + (f", {bands['unknown']} vet ej" if bands["unknown"] else "")


@settings(max_examples=6, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(answers=st.lists(st.sampled_from([0, 1, 2, 3, "vet_ej", "ej_aktuellt"]), min_size=18, max_size=18))
def test_whatever_was_answered_the_annex_has_the_releases_numbers(world_of, answers: list):
    world = world_of()
    inspection, codes = world.open()
    everyone = [code for fresh in codes.values() for code in fresh]
    for code, answer in zip(everyone, answers, strict=True):
        world.hand_in(code, answers={"B7": answer, "B3": 0})
    world.close(inspection)
    id = begin(world, inspection)
    rows = annex_rows(docx_of(world, id))
    criteria = [case.criterion for case in read(world, id).cases]
    assert "B3" in criteria
    assert [row[2:7] for row in rows] == [
        numbers for criterion in criteria for numbers in expected(world, [inspection], criterion)
    ]


@pytest.fixture
def world_of(world: World):
    """Give the same world again, so much later that a new inspection may be held."""

    def new() -> World:
        world.clock.forward(days=400)
        return world

    return new


def test_before_and_after_stand_side_by_side(world: World):
    id, _first, _again = both(world)
    text = read(world, id).current.text
    assert "# Före och efter" in text
    assert "- Före, 22 november 2026: inte uppfyllt. Handledare" in text
    assert "- Efter, 2 mars 2027: uppfyllt. Handledare" in text
    rounds = [row[0] for row in annex_rows(docx_of(world, id))]
    assert rounds[:2] == ["Före, 22 nov. 2026", "Efter, 2 mars 2027"]


def test_without_a_re_inspection_nothing_is_compared(world: World):
    text = read(world, begin(world, inspected(world))).current.text
    assert "# Före" not in text
    assert "# Det här återstår" in text


def test_what_the_re_inspection_did_not_ask_stands_as_before_alone(world: World):
    first = inspected(world)
    inspected_again(world, first, areas=["B"])
    id = begin(world, first)
    lines = {
        breach.id: [line.round_name for line in breach.lines] for breach in read(world, id).annex.breaches
    }
    assert len(lines["B3"]) == 2
    assert len(lines["E13"]) == 1
    assert "## E13" not in read(world, id).current.text.partition("# Före och efter")[2].partition("# Det")[0]


def test_what_is_withheld_in_the_re_inspection_has_no_status(world: World):
    first = inspected(world)
    inspected_again(world, first, {"B3": "ej_aktuellt", "B7": "ej_aktuellt"})
    id = begin(world, first)
    text = read(world, id).current.text
    assert "utan status" in text
    assert "för få svar" in text
    assert ["för få svar"] * 5 in [row[2:7] for row in annex_rows(docx_of(world, id))]
    assert "för få svar" in text_of(pdf_of(world, id))


def test_a_re_inspection_of_which_nothing_was_released_has_no_status(world: World):
    first = inspected(world)
    world.clock.forward(days=100)
    again = world.plan()
    with world.store.writing() as session:
        session.get(Inspection, again).parent_id = first
    codes = world.open_planned(again, "ovs")
    world.hand_in(codes[Role.ST_LAKARE][0])
    world.close(again, "ovs")
    id = begin(world, first)
    assert "- Efter, 2 mars 2027: utan status, för få svar." in read(world, id).current.text
    assert annex_rows(docx_of(world, id))[1][1:] == ["Alla", *["för få svar"] * 5, "Ingen status"]
    assert "för få svar" in text_of(pdf_of(world, id))


def test_a_criterion_that_no_round_asked_has_no_tables():
    assert annex(["B3"], (), "", "sv").breaches == ()


def test_a_re_inspection_that_ends_later_is_not_in_what_was_signed(world: World):
    first = inspected(world)
    id = handed_in(world, first)
    before = read(world, id).annex
    inspected_again(world, first)
    assert read(world, id).annex == before


def test_a_re_inspection_that_has_ended_comes_in_when_it_is_drafted_anew(world: World):
    first = inspected(world)
    id = begin(world, first)
    inspected_again(world, first)
    assert "Före och efter" not in read(world, id).current.text
    redraft(world, id)
    assert "Före och efter" in read(world, id).current.text
    assert len(read(world, id).annex.breaches[0].lines) == 2


# --- Sources that are read otherwise ------------------------------------------------------------------


def test_of_a_dialogue_no_number_is_shown_anywhere(world: World):
    inspection = talked(world)
    take_up(world, inspection, "B3")
    id = begin(world, inspection)
    found = read(world, id, "ovs")
    assert found.annex.breaches == ()
    for text in (
        found.current.text,
        text_of(pdf_of(world, id, "ovs")),
        docx_text(docx_of(world, id, "ovs")),
    ):
        assert "stannar på enheten" in text.replace("\n", " ")
        assert not re.search(r"\d+ av \d+ instämmer|Status:|ppfyllt", text)


def test_of_a_dialogue_as_re_inspection_no_number_is_shown_either(world: World):
    first = inspected(world)
    inspected_again(world, first, mode=Mode.DIALOGUE, eligible=people(1, 2, 0, 1))
    id = begin(world, first)
    text = read(world, id).current.text
    assert "En extra intern granskning som underlag för samtal avslutades 2 mars 2027." in text
    assert "Efter" not in text.replace("# Före och efter", "")
    assert {line.round_name for each in read(world, id).annex.breaches for line in each.lines} == {
        "Före, 22 nov. 2026"
    }


def test_typed_answers_are_said_to_be_typed(world: World):
    inspection = typed_in(world)
    with world.store.reading() as session:
        from stins.services import report

        breach = report.result_of(session, inspection).verdict.breaches[0]
    take_up(world, inspection, breach)
    id = begin(world, inspection)
    assert "Svaren är inskrivna för hand." in read(world, id).current.text
    assert "inskrivna för hand" in text_of(pdf_of(world, id))
    assert "(inskrivna svar)" in annex_rows(docx_of(world, id))[0][0]


def test_of_a_review_the_deficiencies_are_told(world: World):
    deficient(world, True)
    review = of(world, "").review
    with world.store.writing() as session:
        session.get(ExternalReview, review).report = "rapport.pdf"
    id = begin(world, review=review)
    text = text_of(pdf_of(world, id))
    assert "Extern granskning av SPUR, rapport från 31 augusti 2026" in text
    assert "rapport.pdf" in text
    assert "Handledare saknas" in text
    assert "självskattning" not in text
    assert "självskattning" not in docx_text(docx_of(world, id))


# --- The draft ----------------------------------------------------------------------------------------


def test_what_was_done_is_told_action_by_action(world: World):
    inspection = inspected(world)
    add(
        world,
        of(world, "B3").id,
        what="Anmäl alla\n# till kursen",
        who="chefen",
        due_on=TODAY,
        status=Progress.DONE,
        evidence="Intyg\n- i pärmen",
    )
    add(world, of(world, "B3").id, what="Boka lokal")
    text = read(world, begin(world, inspection)).current.text
    assert (
        "- Anmäl alla # till kursen. Görs av chefen. Klart senast 22 november 2026. Läge: klar. "
        "Det här visar det: Intyg - i pärmen.\n- Boka lokal. Läge: planerad." in text
    )
    assert "- B3: Boka lokal. Läge: planerad." in text.partition("# Det här återstår")[2]
    assert "Inga åtgärder är beskrivna." in text


def test_where_all_is_done_nothing_remains(world: World):
    inspection = inspected(world, {"B3": 0})
    decide(world, "closed", mended(world))
    text = read(world, begin(world, inspection)).current.text
    assert text.endswith("Inget: alla åtgärder är gjorda och alla uppföljningar är avslutade.")


def test_what_is_stated_openly_is_told_without_numbers(world: World):
    from questionnaires.model import Fact
    from tests.services.test_followup_opened import MISSING

    inspection = inspected(world, {}, facts={id: Fact(fact) for id, fact in MISSING.items()})
    assert of(world, "A4")
    id = begin(world, inspection)
    assert "Studierektorns uppgift: Nej" in read(world, id).current.text
    assert annex_rows(docx_of(world, id))[0][1:3] == ["Studierektorns uppgift", "Nej"]


def test_what_is_stated_of_an_extra_review_is_the_overgripande_studierektors(world: World):
    from questionnaires.model import Fact
    from tests.services.reviewing import reviewed
    from tests.services.test_followup_opened import MISSING

    inspection = inspected(world, {}, facts={id: Fact(fact) for id, fact in MISSING.items()})
    reviewed(world, inspection, areas=("A",))
    id = begin(world, inspection)
    text = read(world, id).current.text
    assert "Studierektorns uppgift: Nej" in text
    assert "Den övergripande studierektorns uppgift: Delvis" in text
    stated = [row[1:3] for row in annex_rows(docx_of(world, id)) if "uppgift" in row[1]]
    assert stated[:2] == [
        ["Studierektorns uppgift", "Nej"],
        ["Den övergripande studierektorns uppgift", "Delvis"],
    ]


# --- The files ----------------------------------------------------------------------------------------


def test_both_files_tell_what_it_is_of_and_who_signed(world: World):
    id = begin(world, inspected(world))
    assert "Utkast" in text_of(pdf_of(world, id))
    send(world, id)
    assert "Väntar på underskrift" in text_of(pdf_of(world, id))
    from tests.services.reports import approve, sign

    sign(world, id)
    assert "väntar på godkännande" in text_of(pdf_of(world, id))
    world.clock.forward(days=2)
    approve(world, id)
    for text in (text_of(pdf_of(world, id)), docx_text(docx_of(world, id))):
        assert "Utkast" not in text
        assert "godkännande" not in text
        for told in (
            "Skriftlig uppföljning, Kliniken",
            "Inspektion avslutad 22 november 2026",
            "22 maj 2027",
            "24 november 2026",
            "Prov verksamhetschef",
            "Underskriven i STINS 22 november 2026",
            "STINS-bedömning, en självskattning som efterliknar SPUR",
        ):
            assert told in text, told


def test_a_paper_signature_is_told_as_one(world: World):
    from tests.services.reports import record

    world.person("second", Office.VERKSAMHETSCHEF, "second")
    id, codes = world.open("group", "group", eligible=people(6, 6))
    world.all_hand_in(codes, answers={"B3": 0})
    world.close(id, "group")
    with world.store.writing() as session:
        from stins.services import staff

        person, unit = world.people["member"].id, world.places["member"].id
        staff.withdraw(session, person, unit, Office.VERKSAMHETSCHEF)
    report = begin(world, id, "group")
    send(world, report, "group")
    record(world, report, "member", day=TODAY)
    text = text_of(pdf_of(world, report, "group"))
    assert "Norra vårdcentralen Karin Ek Underskriven på papper 22 november 2026" in text
    assert "Södra vårdcentralen Väntar på underskrift" in text


def test_a_pdf_is_tagged_and_titled(world: World):
    made = pdf_of(world, begin(world, inspected(world)))
    for told in (b"/StructTreeRoot", b"/MarkInfo", b"sv-SE"):
        assert told in made or b"/ObjStm" in made
    assert libreoffice.page_sizes(made)[0] == (210, 297)
    assert b"pdfuaid" in made


def test_the_same_report_gives_the_same_files(world: World):
    id = approved(world, inspected(world))
    assert docx_of(world, id) == docx_of(world, id)
    with world.store.reading() as session:
        from stins.services.followup.reporting import papers

        assert papers.set_pdf(session, id) == pdf_of(world, id)


def test_a_word_document_has_headings_header_rows_a_language_and_no_machines_name(world: World):
    id = begin(world, inspected(world))
    edit(world, id, "# Rubrik\n\nText\ntill\n\n## Under\n\n- ett\n- två\n\n### inget\n#\n-")
    made = docx_of(world, id)
    document = opened(made)
    styles = [(p.style.name, p.text) for p in document.paragraphs if p.text]
    for told in (
        ("Heading 1", "Skriftlig uppföljning, Kliniken"),
        ("Heading 2", "Rubrik"),
        ("Heading 3", "Under"),
        ("List Bullet", "två"),
        ("Normal", "Text\ntill"),
        ("Normal", "### inget\n#\n-"),
    ):
        assert told in styles, told
    about = document.core_properties
    assert (about.author, about.last_modified_by, about.comments) == ("Kliniken", "Kliniken", "")
    assert (about.language, about.title) == ("sv-SE", "Skriftlig uppföljning, Kliniken")
    assert about.created.replace(tzinfo=None) == world.clock.now()
    with zipfile.ZipFile(io.BytesIO(made)) as parts:
        whole = b"".join(parts.read(name) for name in parts.namelist())
        assert {info.date_time[0] for info in parts.infolist()} == {1980}
        assert b'w:val="sv-SE"' in parts.read("word/styles.xml")
    assert b"python-docx" not in whole
    assert all(table.rows[0]._tr.xpath("./w:trPr/w:tblHeader") for table in document.tables)


def test_a_report_in_english_is_english_throughout(world: World):
    id = begin(world, inspected(world), lang="en")
    assert read(world, id).lang == "en"
    assert opened(docx_of(world, id)).core_properties.language == "en-GB"
    assert "22 November 2026" in text_of(pdf_of(world, id))


def test_signs_that_no_font_or_file_can_hold_do_not_stop_a_paper(world: World):
    inspection = inspected(world)
    add(world, of(world, "B3").id, what="Grattis \U0001f600 中文 \x0b\x1f\ufffe")
    id = begin(world, inspection)
    assert "Grattis □" in text_of(pdf_of(world, id))
    assert "Grattis \U0001f600 中文" in docx_text(docx_of(world, id))


@pytest.mark.parametrize("run", ["å", "å\u00a0", "\U0001f600", "\u05d0", "a" + "\u0301" * 1000])
def test_a_text_without_a_space_is_set_however_long_it_is(world: World, run: str):
    id = begin(world, inspected(world, {"B3": 0}))
    edit(world, id, (run * REPORT_MOST)[:REPORT_MOST])
    assert pdf_of(world, id).startswith(b"%PDF")


def test_where_typst_panics_an_ordinary_error_tells(monkeypatch: pytest.MonkeyPatch):
    class PanicException(BaseException):
        pass

    def panics(*_args, **_how):
        raise PanicException("not a char boundary")

    monkeypatch.setattr("typst.compile", panics)
    with pytest.raises(RuntimeError, match="typst gave up: not a char boundary"):
        pdf("follow_up_report", {})


def test_what_is_not_a_panic_goes_on(monkeypatch: pytest.MonkeyPatch):
    def interrupted(*_args, **_how):
        raise KeyboardInterrupt

    monkeypatch.setattr("typst.compile", interrupted)
    with pytest.raises(KeyboardInterrupt):
        pdf("follow_up_report", {})


def test_a_fault_in_a_template_is_not_taken_for_a_sign_that_cannot_be_set():
    with pytest.raises(RuntimeError):
        pdf("follow_up_report", {})


# --- Written text -------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("", ()),
        ("# A", (Block("heading", ("A",), 1),)),
        ("## A", (Block("heading", ("A",), 1),)),
        ("# A\n## B", (Block("heading", ("A",), 1), Block("heading", ("B",), 2))),
        ("a\nb\n\nc", (Block("paragraph", ("a", "b")), Block("paragraph", ("c",)))),
        ("- a\n- b\nc", (Block("list", ("a", "b")), Block("paragraph", ("c",)))),
        ("- a\n\n- b", (Block("list", ("a",)), Block("list", ("b",)))),
        ("#A\n*b*\n<b>", (Block("paragraph", ("#A", "*b*", "<b>")),)),
        ("# \n## \n- ", (Block("paragraph", ("#", "##", "-")),)),
    ],
)
def test_a_text_is_headings_paragraphs_and_lists_and_nothing_else(text: str, found: tuple):
    assert blocks(text) == found


@given(st.text(alphabet="#- ab\n", max_size=60))
def test_no_level_of_headings_is_left_out(text: str):
    levels = [block.level for block in blocks(text) if block.kind == "heading"]
    assert levels[:1] in ([], [1])
    assert all(block.lines for block in blocks(text))
