"""A layout held against a workbook tells what it finds there and what it does not."""

from collections.abc import Callable
from typing import Any

import pytest

from stins.workbook.read.check import check_layout
from stins.workbook.read.layout import parse_layout
from tests.workbook.read.test_layouts import CHEF, EXAMPLE, column, grid_of, older_workbook

LAYOUT = EXAMPLE.read_text(encoding="utf-8")
Tabs = dict[str, dict[str, Any]]


def said(tabs: Tabs, layout: str = LAYOUT) -> list[str]:
    return check_layout(grid_of(tabs), parse_layout(layout)).said(str)


def chef(tabs: Tabs, layout: str) -> list[str]:
    """Give what does not fit, of a layout with one block for verksamhetschefer."""
    text = f'last_day = 2026-05-31\n[[block]]\nrole = "verksamhetschef"\n{layout}'
    return [fault.said(str) for fault in check_layout(grid_of(tabs), parse_layout(text)).unmatched]


def test_what_was_found_is_told_block_by_block():
    assert said(older_workbook()) == [
        "ST-läkare!C6:V67: st_lakare, 55 frågor, svar från 6 av 20 platser",
        "Handledare!C3:BG42: handledare, 57 frågor, svar från 6 av 40 platser",
        "Studierektor 1!D4:D42: studierektor, 39 frågor, svar från 1 av 1 platser",
        "Studierektor 2!D4:D42: studierektor, 39 frågor, svar från 1 av 1 platser",
        "Chef!B3:E13: verksamhetschef, 17 frågor, svar från 1 av 1 platser",
        "Diagram: fliken läses inte av layouten",
    ]


def test_when_nothing_is_left_over_that_is_said():
    tabs = older_workbook()
    del tabs["Diagram"]
    assert said(tabs)[-1] == "Allt i layouten stämmer med arbetsboken."


def without_a_tab(tabs: Tabs) -> None:
    del tabs["Studierektor 2"]


def with_other_words(tabs: Tabs) -> None:
    tabs["ST-läkare"] |= {"C6": "Toppen", "D7": "Toppen", "E8": "Så där"}


def with_a_question_gone(tabs: Tabs) -> None:
    tabs["Studierektor 1"]["A4"] = "Fråga 1"


def with_a_question_twice(tabs: Tabs) -> None:
    tabs["Studierektor 1"]["A60"] = "A1"


def with_a_wrong_date(tabs: Tabs) -> None:
    tabs["Framsida"]["C4"] = "november"


def with_people_beyond_the_block(tabs: Tabs) -> None:
    tabs["Handledare"] |= {
        f"{cell[:-1]}50": value for cell, value in tabs["Handledare"].items() if cell.endswith("3")
    }


def with_one_answer_beyond_the_block(tabs: Tabs) -> None:
    tabs["Handledare"]["C50"] = 4


@pytest.mark.parametrize(
    ("change", "lines"),
    [
        (without_a_tab, [
            "'Studierektor 2': fliken finns inte i arbetsboken, som har 'Framsida', 'ST-läkare', "
            "'Handledare', "
            "'Chef', 'Studierektor 1'; rätta namnet i layouten",
        ]),
        (with_other_words, [
            "ST-läkare!C6: 'Toppen' är inget av svaren (2 gånger, först här); ta med ordet under answers",
            "ST-läkare!E8: 'Så där' är inget av svaren; ta med ordet under answers",
        ]),
        (with_a_question_gone, [
            "Studierektor 1: frågor saknas: A1. Ta med dem i layouten, eller skriv dem under not_asked",
            "Studierektor 1!4: här står svar men ingen fråga; "
            "ge raden dess fråga i layouten, om den ska läsas",
        ]),
        (with_a_question_twice, ["Studierektor 1!A60: frågan A1 står på två ställen; ta bort det ena"]),
        (with_a_wrong_date, ["Framsida!C4: 'november' är inget datum; skriv sista dagen som 2026-05-31"]),
        (with_people_beyond_the_block, [
            "Handledare!50: här ser det ut att stå svar utanför blocket; utöka det, om de ska läsas",
        ]),
        (with_one_answer_beyond_the_block, []),
    ],
)  # fmt: skip
def test_what_does_not_fit_is_told(change: Callable[[Tabs], None], lines: list[str]):
    tabs = older_workbook()
    del tabs["Diagram"]
    change(tabs)
    found = check_layout(grid_of(tabs), parse_layout(LAYOUT)).unmatched
    assert [fault.said(str) for fault in found] == lines


def test_columns_are_named_by_letters_whichever_way_people_stand():
    tabs = {"Chef": column("A", CHEF) | column("B", [3] * 17) | column("C", [3] * 17)}
    assert chef(tabs, 'tab = "Chef"\nids = "A"\ncolumns = "B"') == [
        "Chef!C: här ser det ut att stå svar utanför blocket; utöka det, om de ska läsas"
    ]
    across = {f"{letter}{row}": 3 for row in (2, 3) for letter in "ABCDEFGHIJKLMNOPQR"}
    assert chef({"Chef": across}, f'tab = "Chef"\ncriteria = {CHEF}\nrows = "2:3"') == [
        "Chef!R: här står svar men ingen fråga; ge raden dess fråga i layouten, om den ska läsas"
    ]


def test_lines_above_the_first_are_not_asked_for_a_question():
    tabs = {"Chef": {"B1": 3} | column("A", CHEF, first=2) | column("B", [3] * 17, first=2)}
    assert chef(tabs, 'tab = "Chef"\nids = "A"\ncolumns = "B"\nfirst_row = 2') == []


def test_a_block_that_finds_no_question_is_told_so():
    block = '[[block]]\nrole = "verksamhetschef"\ntab = "Chef"\nids = "A"\ncolumns = "B"'
    report = check_layout(grid_of({"Chef": {"B1": "hej"}}), parse_layout(f"last_day = 2026-05-31\n{block}"))
    assert report.said(str)[0] == "Chef: verksamhetschef, 0 frågor, svar från 0 av 1 platser"
    assert report.unmatched[0].said(str).startswith("Chef: frågor saknas: A1, A5, A6")
