"""A workbook that somebody else laid out is read as a layout file describes it."""

from datetime import date
from pathlib import Path
from typing import Any

import pytest

from questionnaires.model import Fact, Role
from scoring.ballots import Answer
from scoring.release import WITHHELD, publish
from stins.workbook.read import blocks, layout
from stins.workbook.read.cells import cell_of, column_name
from stins.workbook.read.faults import Faulty
from stins.workbook.read.filled import Filled, round_
from stins.workbook.read.grid import Grid, read
from stins.workbook.read.layout import parse_layout, read_by_layout
from tests.workbook.read.sheets import CATALOGUE, workbook_of

EXAMPLE = Path(__file__).parents[3] / "docs" / "layouts" / "exempel.toml"
ST, HL, SR, VC = Role
TOP = "last_day = 2026-05-31\n"
CHEF = [question.id for question in CATALOGUE.questionnaires[VC].questions]


def ids_of(role: Role, *absent: str) -> list[str]:
    return [q.id for q in CATALOGUE.questionnaires[role].questions if q.id not in absent]


def older_workbook() -> dict[str, dict[str, Any]]:
    """Lay out a workbook as the example in the documentation says that an older one is."""
    words = (
        "Instämmer helt",
        " instämmer i stort",
        "INSTÄMMER DELVIS",
        "Instämmer  inte",
        "Vet ej",
        "?",
        "Ej aktuellt",
    )
    tabs: dict[str, dict[str, Any]] = {
        "Framsida": {
            "A3": "Enhet", "C3": "Kirurgkliniken Norrköping", "C4": date(2025, 11, 30), "C6": 10,
            "C9": "Finns", "C10": "saknas",
        },
        "ST-läkare": {"A1": "Svar från ST-läkare"},
        "Handledare": {"A1": "Utdrag ur webbenkäten"},
        "Chef": {"A1": "Verksamhetschef", "A9": "Struktur"},
        "Diagram": {"A1": "räknas om"},
    }  # fmt: skip
    row = 5
    for id in ids_of(ST, "C5", "U1", "U2"):
        if id.endswith("1") and len(id) == 2:
            tabs["ST-läkare"][f"B{row}"] = f"Område {id[0]}"
            row += 1
        tabs["ST-läkare"] |= {f"A{row}": f"{id[0]} {id[1:]}.", f"B{row}": "Jag …"}
        for person, column in enumerate("CDEFGI"):
            tabs["ST-läkare"][f"{column}{row}"] = words[person]
        row += 1
    for number, id in enumerate(ids_of(HL, "C5")):
        column = column_name(3 + number)
        tabs["Handledare"][f"{column}2"] = id
        for row in range(3, 9):
            tabs["Handledare"][f"{column}{row}"] = (4, 3.0, 2, 1, 9, "0")[row - 3]
    for number in (1, 2):
        tabs[f"Studierektor {number}"] = {
            f"{column}{row}": value
            for row, id in enumerate(ids_of(SR, "C5"), start=4)
            for column, value in (("A", id), ("D", words[number]))
        }
    places = [f"B{row}" for row in (3, 4, 5, 6, 9, 10, 11, 12, 13)]
    places += [f"E{row}" for row in (3, 4, 5, 6, 9, 10, 11, 12)]
    tabs["Chef"] |= dict.fromkeys(places, "Instämmer helt")
    return tabs


def grid_of(tabs: dict[str, dict[str, Any]]) -> Grid:
    """Give cells without writing a file."""
    return Grid(
        {tab: {cell_of(cell): value for cell, value in cells.items()} for tab, cells in tabs.items()}, {}
    )


def chef(block: str, tabs: dict[str, dict[str, Any]], top: str = TOP) -> Filled:
    return read_by_layout(grid_of(tabs), parse_layout(f'{top}\n[[block]]\nrole = "verksamhetschef"\n{block}'))


def lines_of(block: str, tabs: dict[str, dict[str, Any]], top: str = TOP) -> list[str]:
    with pytest.raises(Faulty) as found:
        chef(block, tabs, top)
    return found.value.said(str)


def column(letter: str, values: Any, first: int = 1) -> dict[str, Any]:
    return {f"{letter}{row}": value for row, value in enumerate(values, start=first)}


def test_the_example_in_the_documentation_reads_an_older_workbook():
    grid = read(workbook_of(older_workbook()), "kopia av v4.xlsx")
    found = read_by_layout(grid, parse_layout(EXAMPLE.read_text(encoding="utf-8")))
    assert (found.kind, found.catalogue, found.rules, found.k) == ("arbetsbok", "2026", "2026", None)
    assert (found.unit, found.closed_on) == ("Kirurgkliniken Norrköping", date(2025, 11, 30))
    assert found.parameters == {"assessments": 4, "programme_months": 7, "supervision_talks": 10}
    assert found.facts == {"A2": Fact.JA, "A3": Fact.NEJ, "A4": Fact.DELVIS}
    given = [(ballot.role, ballot.answers["A1"]) for ballot in found.ballots]
    scale = [Answer.FULLY, Answer.LARGELY, Answer.PARTLY, Answer.NOT_AT_ALL, Answer.VET_EJ]
    assert given == [
        *((ST, answer) for answer in (*scale, Answer.VET_EJ)),
        *((HL, answer) for answer in (*scale, Answer.EJ_AKTUELLT)),
        (SR, Answer.LARGELY),
        (SR, Answer.PARTLY),
        (VC, Answer.FULLY),
    ]
    for ballot in found.ballots:
        assert ballot.answers.get("C5", Answer.EJ_AKTUELLT) is Answer.EJ_AKTUELLT


def test_a_question_that_was_not_asked_is_withheld_in_the_result():
    found = read_by_layout(grid_of(older_workbook()), parse_layout(EXAMPLE.read_text(encoding="utf-8")))
    released = publish(round_(found, 5))
    assert set(released.results["C5"].values()) == {WITHHELD}
    assert WITHHELD not in released.results["A1"].values()


def test_standard_words_hold_where_a_layout_names_none():
    found = chef(
        'tab = "Chef"\nids = "A"\ncolumns = "B:C"', {"Chef": column("A", CHEF) | column("B", ["v"] * 17)}
    )
    assert [set(ballot.answers.values()) for ballot in found.ballots] == [{Answer.VET_EJ}]


def test_a_cell_with_spaces_alone_is_empty():
    tabs = {"Chef": column("A", CHEF) | column("B", [3] * 17) | column("C", ["  "] * 17)}
    assert len(chef('tab = "Chef"\nids = "A"\ncolumns = "B:C"', tabs).ballots) == 1


def test_criteria_may_be_listed_in_the_order_of_the_rows():
    listed = ["A1", "", *CHEF[1:]]
    tabs = {"Chef": column("D", [3, "rubrik", *[1] * 16], first=7)}
    (ballot,) = chef(f'tab = "Chef"\ncriteria = {listed}\nfirst_row = 7\ncolumns = "D"', tabs).ballots
    assert (ballot.answers["A1"], ballot.answers["A5"]) == (Answer.FULLY, Answer.PARTLY)


def test_criteria_may_be_listed_across_the_columns():
    cells = {f"{letter}{row}": row for row in (1, 2) for letter in "CDEFGHIJKLMNOPQRS"}
    found = chef(f'tab = "Svar"\ncriteria = {CHEF}\nfirst_column = "C"\nrows = "1:2"', {"Svar": cells})
    assert [set(ballot.answers.values()) for ballot in found.ballots] == [{Answer.PARTLY}, {Answer.LARGELY}]


def test_the_same_people_may_go_on_in_another_tab():
    tabs = {
        "Del 1": column("A", CHEF[:9]) | column("B", [3] * 9) | column("C", [2] * 9),
        "Del 2": column("A", CHEF[9:]) | column("B", [1] * 8) | column("D", [0] * 8),
    }
    second = '\n[[block]]\nrole = "verksamhetschef"\ngroup = "chefer"\ntab = "Del 2"\nids = "A"\n'
    first = 'tab = "Del 1"\ngroup = "chefer"\nids = "A"\ncolumns = "B"' + second + 'columns = "B"'
    (ballot,) = chef(first, tabs).ballots
    assert (ballot.answers[CHEF[0]], ballot.answers[CHEF[-1]]) == (Answer.FULLY, Answer.PARTLY)
    wide = first.replace('columns = "B"', 'columns = "B:C"', 1)
    assert lines_of(wide, tabs) == [
        "Del 1: blocken i gruppen 'chefer' rymmer olika många personer; ge dem lika många kolumner eller "
        "rader"
    ]
    both = first.replace('columns = "B"', 'columns = "B:C"')
    assert lines_of(both, tabs) == [
        "Del 1!C: 8 frågor saknar svar (Del 2!C1, Del 2!C2, Del 2!C3, Del 2!C4, Del 2!C5 …); "
        "fyll i dem, eller töm alla personens svar"
    ]


def test_a_question_in_two_tabs_of_a_group_is_a_fault():
    tabs = {tab: column("A", CHEF) | column("B", [3] * 17) for tab in ("Ett", "Två")}
    lines = lines_of('tab = ["Ett", "Två"]\ngroup = "g"\nids = "A"\ncolumns = "B"', tabs)
    assert len(lines) == 17
    assert lines[0] == "Två!A1: frågan A1 står på två ställen; ta bort det ena"


def test_one_tab_may_hold_two_roles():
    handledare = [*ids_of(HL), "C2"]
    tabs = {"Alla": column("A", handledare) | column("B", [3] * 58) | column("C", [0] * 58)}
    described = parse_layout(
        TOP
        + '[[block]]\nrole = "verksamhetschef"\ntab = "Alla"\nids = "A"\ncolumns = "B"\n'
        + '[[block]]\nrole = "handledare"\ntab = "Alla"\nids = "A"\ncolumns = "C"\n'
    )
    found = read_by_layout(grid_of(tabs), described)
    assert [(ballot.role, set(ballot.answers.values())) for ballot in found.ballots] == [
        (HL, {Answer.NOT_AT_ALL}),
        (VC, {Answer.FULLY}),
    ]


def test_nobody_is_counted_twice():
    tabs = {"Chef": column("A", CHEF) | column("B", [3] * 17)}
    block = 'tab = "Chef"\nids = "A"\ncolumns = "B"'
    assert lines_of(f'{block}\n[[block]]\nrole = "verksamhetschef"\n{block}', tabs) == [
        "Chef!B: här läser två block samma svar; ändra det ena i layouten"
    ]


def test_what_is_stated_may_stand_in_the_layout():
    top = 'unit = "Kliniken"\nlast_day = "2026-05-31"\nnumbers = { assessments = 3 }\nfacts = { A2 = "nej" }'
    found = chef('tab = "Chef"\nids = "A"\ncolumns = "B"', {"Chef": column("A", CHEF)}, top)
    assert (found.unit, found.closed_on, found.facts) == ("Kliniken", date(2026, 5, 31), {"A2": Fact.NEJ})
    assert found.parameters["assessments"] == 3


def test_a_layout_may_say_nothing_of_the_unit():
    found = chef('tab = "Chef"\nids = "A"\ncolumns = "B"', {"Chef": column("A", CHEF)})
    assert (found.unit, found.facts, found.parameters["assessments"]) == ("", {}, 6)


def test_tabs_with_spaces_may_be_written_with_quotation_marks():
    top = """unit = { cell = "'Kalles ''blad'''!$B$2" }\nlast_day = 2026-05-31"""
    tabs = {"Chef": column("A", CHEF), "Kalles 'blad'": {"B2": "Kliniken"}}
    assert chef('tab = "Chef"\nids = "A"\ncolumns = "B"', tabs, top).unit == "Kliniken"


def test_a_missing_tab_is_told_with_those_that_there_are():
    assert lines_of('tab = "Chef "\nids = "A"\ncolumns = "B"', {"Chef": {}, "Två": {}}) == [
        "'Chef ': fliken finns inte i arbetsboken, som har 'Chef', 'Två'; rätta namnet i layouten"
    ]


def test_faults_in_the_workbook_point_to_the_layout_too():
    cells = column("A", CHEF[1:]) | column("B", ["kanske", *[3] * 14])
    assert lines_of('tab = "Chef"\nids = "A"\ncolumns = "B"', {"Chef": cells}) == [
        "Chef: frågor saknas: A1. Ta med dem i layouten, eller skriv dem under not_asked",
        "Chef!B1: 'kanske' är inget av svaren; rätta cellen, eller ta med ordet under answers i layouten",
        "Chef!B: 1 fråga saknar svar (B16); fyll i den, eller töm alla personens svar",
    ]


def test_people_on_rows_are_named_by_their_row():
    cells = {f"{letter}{row}": 3 for row in (2, 3) for letter in "ABCDEFGHIJKLMNOPQ"}
    del cells["C3"], cells["D3"]
    lines = lines_of(f'tab = "Svar"\ncriteria = {CHEF}\nrows = "2:3"', {"Svar": cells})
    assert lines == ["Svar!3: 2 frågor saknar svar (C3, D3); fyll i dem, eller töm alla personens svar"]


@pytest.mark.parametrize("key", [*layout._KEYS, *blocks._KEYS])
def test_every_key_is_in_the_documentation(key: str):
    text = (EXAMPLE.parents[1] / "layouts.md").read_text(encoding="utf-8")
    assert f"`{key}`" in text or f"`[[{key}]]`" in text


def test_the_layouts_in_the_documentation_are_without_faults():
    text = (EXAMPLE.parents[1] / "layouts.md").read_text(encoding="utf-8")
    whole, blocks_alone = (part.partition("```")[0] for part in text.split("```toml\n")[1:])
    assert parse_layout(whole).not_asked == {ST: ("C5", "U1", "U2")}
    assert [block.group for block in parse_layout(TOP + blocks_alone).blocks] == ["handledare"] * 2
