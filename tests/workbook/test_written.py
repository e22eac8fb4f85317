"""What the written file is: text that stays text, formulas of 2007, locked but for its inputs."""

import re
import zipfile
from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import date, datetime
from functools import cache
from io import BytesIO
from xml.etree import ElementTree

import pytest
from libreoffice import cells, sheet_parts
from openpyxl import Workbook, load_workbook

from questionnaires.model import Role
from questionnaires.read import catalogue
from scoring.documents.write import digest
from scoring.release import Release
from scoring.rules import rules
from stins.workbook import places
from stins.workbook.write import ROOM, About, Destroyed, Planned, blank, export
from tests.workbook.filling import names
from tests.workbook.inspections import SEED, releases

CAT, RULES = catalogue("2026"), rules("2026")
NUMBERS = {id: parameter.default for id, parameter in CAT.parameters.items()}
# What both programs have had since 2007, and nothing that changes by itself or reads text as numbers.
ALLOWED = {
    "IF", "AND", "OR", "IFERROR", "SUM", "COUNTIF", "COUNTIFS", "SUMIFS", "SUMPRODUCT", "INDEX", "MATCH",
    "MAX", "INT", "ABS", "EDATE",
}  # fmt: skip
PAYLOADS = (
    '=HYPERLINK("http://evil.example","klicka")',
    "+1+1",
    "-2+3",
    "@SUM(A1)",
    "=cmd|' /C calc'!A0",
    "\t=1+1",
    "\r=1+1",
    "<script>alert(1)</script>",
    "_x003D_1+1",
)
NAMESPACE = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"


@cache
def release() -> Release:
    return next(sample.release for sample in releases(12, SEED) if len(sample.release.cells) == 2)


def exported(release: Release, unit: str = "Medicinkliniken", destroyed: Destroyed | None = None) -> bytes:
    return export(release, CAT, RULES, About(unit, NUMBERS, destroyed), "sv")


@cache
def both() -> Mapping[str, bytes]:
    return {
        "blank": blank(CAT, RULES, 5, About("Medicinkliniken", NUMBERS), "sv"),
        "export": exported(release()),
    }


KINDS = pytest.mark.parametrize("kind", ["blank", "export"])


def parts(file: bytes) -> dict[str, str]:
    with zipfile.ZipFile(BytesIO(file)) as found:
        return {name: found.read(name).decode() for name in found.namelist()}


def formulas(file: bytes) -> Iterator[tuple[str, str, str]]:
    for tab, found in cells(file).items():
        for place, cell in found.items():
            if cell.formula is not None:
                yield tab, place, cell.formula


def opened(kind: str) -> Workbook:
    return load_workbook(BytesIO(both()[kind]))


@KINDS
def test_the_package_holds_sheets_charts_and_looks_and_nothing_else(kind: str) -> None:
    known = (
        r"\[Content_Types\]\.xml",
        r"(xl/)?_rels/(workbook\.xml)?\.rels",
        r"docProps/(app|core)\.xml",
        r"xl/(workbook|styles|sharedStrings|theme/theme1)\.xml",
        r"xl/worksheets/(_rels/)?sheet\d+\.xml(\.rels)?",
        r"xl/drawings/(_rels/)?drawing\d+\.xml(\.rels)?",
        r"xl/charts/chart\d+\.xml",
    )
    assert [name for name in parts(both()[kind]) if not re.fullmatch("|".join(known), name)] == []


@KINDS
def test_nothing_points_out_of_the_file(kind: str) -> None:
    related = [text for name, text in parts(both()[kind]).items() if name.endswith(".rels")]
    assert not any("TargetMode" in text for text in related)


@KINDS
def test_no_sheet_is_hidden(kind: str) -> None:
    assert {sheet.sheet_state for sheet in opened(kind)} == {"visible"}


@KINDS
def test_the_file_names_no_author_and_no_time(kind: str) -> None:
    found = parts(both()[kind])
    core = ElementTree.fromstring(found["docProps/core.xml"])  # noqa: S314 - our own
    assert [each.tag.rpartition("}")[2] for each in core] == ["title"]
    assert not re.search(r"20\d\d-\d\d-\d\dT", "".join(found.values()))
    with zipfile.ZipFile(BytesIO(both()[kind])) as package:
        assert {part.date_time for part in package.infolist()} == {(1980, 1, 1, 0, 0, 0)}


def test_the_same_release_gives_the_same_file_byte_for_byte() -> None:
    assert exported(release()) == exported(release())


@KINDS
def test_formulas_use_only_what_both_programs_have_had_since_2007(kind: str) -> None:
    used = {
        name
        for _, _, formula in formulas(both()[kind])
        for name in re.findall(r"\b([A-Z][A-Z0-9.]*)\(", formula)
    }
    assert used <= ALLOWED


@KINDS
def test_no_formula_is_an_array_or_a_table_reference(kind: str) -> None:
    sheets = [text for name, text in parts(both()[kind]).items() if name.startswith("xl/worksheets/sheet")]
    assert not any("<f t=" in text or "_xlfn" in text for text in sheets)
    assert not any("[" in re.sub(r'"[^"]*"', "", formula) for _, _, formula in formulas(both()[kind]))


@KINDS
def test_every_formula_stands_with_a_value(kind: str) -> None:
    for name, text in parts(both()[kind]).items():
        if name.startswith("xl/worksheets/sheet"):
            assert re.findall(r"<c [^>]*><f>[^<]*</f>(?!<v>)", text) == []


@KINDS
def test_every_name_that_a_formula_uses_is_defined(kind: str) -> None:
    defined = set(names(both()[kind]))
    used: set[str] = set()
    for _, _, formula in formulas(both()[kind]):
        outside = re.sub(r"\"[^\"]*\"|'[^']*'!", "", formula)
        used |= set(re.findall(r"\b([A-Za-z][a-z_][A-Za-z0-9_]*|[A-Z]+_[A-Za-z0-9_]+)\b(?!\()", outside))
    assert used - defined == set()


def test_every_input_has_a_name_and_is_unlocked_and_all_else_is_locked() -> None:
    file = both()["blank"]
    named = names(file)
    inputs = {places.UNIT, places.LAST_DAY, *(places.fact(c.id) for c in CAT.criteria.values() if c.facts)}
    inputs |= {places.answers(role) for role in Role}
    book = load_workbook(BytesIO(file))
    open_cells = {
        (sheet.title, cell.row, cell.column)
        for sheet in book
        for row in sheet.iter_rows()
        for cell in row
        if not cell.protection.locked
    }
    for name in inputs:
        area = named[name]
        assert (area.sheet, area.bottom, area.right) in open_cells, name
    assert {tab for tab, _, _ in open_cells} <= {area.sheet for area in named.values()} | {
        "Åtgärdsplan",
        "Instruktion",
    }
    k = named[places.K]
    assert (k.sheet, k.top, k.left) not in open_cells


@KINDS
def test_every_sheet_is_protected_without_a_password(kind: str) -> None:
    for sheet in opened(kind):
        assert sheet.protection.sheet
        assert sheet.protection.password is None


def test_answers_and_facts_are_chosen_from_lists_with_a_message() -> None:
    book = opened("blank")
    lists = [each for each in book["Svar ST-läkare"].data_validations.dataValidation if each.type == "list"]
    assert {each.formula1 for each in lists} == {'"3,2,1,0,V,E"'}
    assert all("Vet ej" in each.prompt and each.error for each in lists)
    facts = {
        each.formula1 for each in book["Uppgifter"].data_validations.dataValidation if each.type == "list"
    }
    assert facts == {'"Ja,Nej"', '"Ja,Delvis,Nej"'}


@KINDS
def test_the_charts_have_a_text_for_who_cannot_see_them(kind: str) -> None:
    drawings = [
        text
        for name, text in parts(both()[kind]).items()
        if "drawings/drawing" in name and "rels" not in name
    ]
    described = [found for text in drawings for found in re.findall(r'descr="([^"]{20,})"', text)]
    assert len(described) == 2


def test_a_blank_has_every_tab_in_order() -> None:
    roles = ("ST-läkare", "Handledare", "Studierektor", "Verksamhetschef")
    expected = ["Instruktion", *(f"Enkät {role}" for role in roles), *(f"Svar {role}" for role in roles)]
    expected += ["Uppgifter", "Underlag", "Bedömning", "Resultat", "Åtgärdsplan", "Regler", "Om"]
    assert opened("blank").sheetnames == expected


def test_an_export_has_every_tab_but_the_answers_and_opens_on_the_result() -> None:
    book = opened("export")
    assert book.sheetnames == [name for name in opened("blank").sheetnames if not name.startswith("Svar")]
    assert book.active is not None
    assert book.active.title == "Resultat"


def test_a_blank_has_the_columns_asked_for() -> None:
    room = {**ROOM, Role.ST_LAKARE: 60, Role.HANDLEDARE: 200}
    named = names(blank(CAT, RULES, 5, About("", NUMBERS), "sv", room))
    widths = {role: named[places.answers(role)].right - named[places.answers(role)].left + 1 for role in Role}
    assert widths == room


@pytest.mark.parametrize("payload", PAYLOADS)
def test_what_looks_like_a_formula_in_a_name_or_a_comment_stays_text(payload: str) -> None:
    told = replace(release(), comments={"B": (payload,), "best": (payload,)}, redacted=1)
    file = exported(told, payload)
    found = cells(file)
    wanted = payload.replace("\r", "\n") if "\r" in payload else payload
    texts = [
        (tab, place)
        for tab, sheet in found.items()
        for place, cell in sheet.items()
        if cell.formula is None and isinstance(cell.value, str) and payload.strip() in cell.value
    ]
    assert {tab for tab, _ in texts} >= {"Kommentarer", "Uppgifter"}, wanted
    assert not any(payload.strip() in formula for _, _, formula in formulas(file))


def test_a_text_that_looks_like_a_formula_is_marked_as_text() -> None:
    file = exported(replace(release(), comments={"best": ("=1+1", "vanlig")}), "Kliniken")
    looks = [xf.get("quotePrefix") for xf in _looks(file)]
    styles = {text: looks[style] for text, style in _styles_of(file, "Kommentarer").items()}
    assert styles["=1+1"] == "1"
    assert styles["vanlig"] is None


def _looks(file: bytes) -> list[ElementTree.Element]:
    styles = ElementTree.fromstring(parts(file)["xl/styles.xml"])  # noqa: S314 - our own
    found = styles.find(f"{NAMESPACE}cellXfs")
    assert found is not None
    return list(found)


def _styles_of(file: bytes, tab: str) -> dict[str, int]:
    with zipfile.ZipFile(BytesIO(file)) as package:
        sheet = ElementTree.fromstring(package.read(sheet_parts(package)[tab]))  # noqa: S314 - our own
    values = {place: cell.value for place, cell in cells(file)[tab].items()}
    return {
        str(values[cell.get("r", "")]): int(cell.get("s", "0"))
        for cell in sheet.iter(f"{NAMESPACE}c")
        if cell.get("r") in values
    }


def test_comments_stand_in_a_tab_of_their_own_only_where_there_are_any() -> None:
    assert "Kommentarer" not in cells(exported(release()))
    assert "Kommentarer" in cells(exported(replace(release(), comments={"best": ("Bra.",)})))


def test_om_tells_the_checksum_and_what_was_destroyed() -> None:
    told = cells(exported(release(), destroyed=Destroyed(19, 25, date(2026, 11, 22))))["Om"]
    texts = [cell.value for cell in told.values()]
    assert digest(release()) in texts
    assert "19 svar, 25 koder och nyckeln till lådan förstördes 2026-11-22." in texts


def test_what_is_planned_stands_on_its_criterions_row_as_text() -> None:
    told = release()
    planned = Planned("=1+1\nSkriv rutinen.", "Studierektor", date(2027, 3, 1), "under_way", "Ny rutin")
    about = About("Kliniken", NUMBERS, None, {"B1": planned})
    sheet = load_workbook(BytesIO(export(told, CAT, RULES, about, "sv")))["Åtgärdsplan"]
    row = next(cells[0].row for cells in sheet.iter_rows(min_col=1, max_col=1) if cells[0].value == "B1")
    found = [sheet[f"{letter}{row}"] for letter in "FGHIJ"]
    texts = ["=1+1\nSkriv rutinen.", "Studierektor", datetime(2027, 3, 1), "Pågår", "Ny rutin"]  # noqa: DTZ001
    assert [cell.value for cell in found] == texts
    assert found[0].data_type == "s"
    assert all(not cell.protection.locked for cell in found)


@pytest.mark.parametrize("odd", ["\x01", "\x0b", "\uffff", "\ud800"])
def test_what_no_xml_can_hold_does_not_break_the_file(odd: str) -> None:
    told = replace(release(), comments={"best": (f"Bra{odd}!",)})
    book = load_workbook(BytesIO(exported(told, f"Med{odd}klin")))
    assert book["Resultat"]["A1"].value is not None
    assert "\N{REPLACEMENT CHARACTER}" in str(book["Uppgifter"]["C4"].value)
