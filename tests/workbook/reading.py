"""A verdict as a workbook's own cells say it, in the form of verdict.json."""

from collections.abc import Mapping
from typing import Any

from libreoffice import Value, Workbook
from openpyxl.utils import get_column_letter

from scoring.release import ALLA, ST, UTBILDARE
from scoring.verdict import Verdict
from stins.workbook import words
from stins.workbook.speech import speech
from stins.workbook.write.assessment.area_columns import GRADE, REASONS
from stins.workbook.write.assessment.columns import BREACH, GAP, STATUS, STRENGTH, TABLES, UNKNOWN, WEAK
from stins.workbook.write.work import COUNTS, FIRST

BANDS = ("agree", "partly", "disagree", "unknown", "not_applicable")
LISTS = {"breaches": BREACH, "weaknesses": WEAK, "strengths": STRENGTH, "gaps": GAP}


def tab(book: Workbook, key: str, lang: str) -> Mapping[str, Value]:
    """Give the cells of a tab."""
    return book[words.tabs(speech(lang))[key]]


def verdict_of(book: Workbook, lang: str) -> dict[str, Any]:
    """Read statuses, needed, grades with their reasons, and every list in its order."""
    cells = tab(book, "assessment", lang)
    rows = _rows(cells, FIRST)
    last = max(rows.values())
    areas = {id: row for id, row in _rows(cells, last + 1).items() if len(id) == 1}
    found: dict[str, Any] = {
        "criteria": {id: _criterion(cells, row, lang) for id, row in rows.items()},
        "areas": {id: _area(cells, row) for id, row in areas.items()},
        "unknown": [id for id, row in rows.items() if cells.get(f"{UNKNOWN}{row}") == 1],
    }
    for name, letters in LISTS.items():
        ranked = {
            cells.get(f"{letters}{row}"): id for id, row in rows.items() if cells.get(f"{letters}{row}")
        }
        found[name] = [ranked[rank] for rank in range(1, len(ranked) + 1)]
    return found


def expected(verdict: Verdict) -> dict[str, Any]:
    """Give the same of a verdict."""
    return {
        "criteria": {
            id: {
                "status": each.status,
                "cells": {cell: status for cell, status in each.cells.items() if status},
                "needed": dict(each.needed),
            }
            for id, each in verdict.criteria.items()
        },
        "areas": {
            id: {"grade": area.grade, "because": list(area.because)} for id, area in verdict.areas.items()
        },
        "unknown": list(verdict.unknown),
        "breaches": list(verdict.breaches),
        "weaknesses": list(verdict.weaknesses),
        "strengths": list(verdict.strengths),
        "gaps": list(verdict.gaps),
    }


def counts_of(book: Workbook, lang: str) -> dict[str, dict[str, Any]]:
    """Read every table of Underlag: five numbers, or ``None`` where it is withheld."""
    cells = tab(book, "counts", lang)
    found: dict[str, dict[str, Any]] = {}
    for id, row in _rows(cells, FIRST).items():
        for cell, letters in COUNTS.items():
            numbers = [cells.get(f"{letter}{row}") for letter in letters]
            if isinstance(numbers[0], str) and numbers[0]:
                found.setdefault(id, {})[cell] = None
            elif numbers[0] not in (None, ""):
                found.setdefault(id, {})[cell] = dict(zip(BANDS, numbers, strict=True))
    return found


def shown(book: Workbook, key: str, lang: str) -> list[str]:
    """Give every text of a tab, row by row."""
    cells = tab(book, key, lang)
    rows = range(1, 200)
    columns = [get_column_letter(number) for number in range(1, 12)]
    texts = [cells.get(f"{letters}{row}") for row in rows for letters in columns]
    return [text for text in texts if isinstance(text, str) and text]


def _rows(cells: Mapping[str, Value], first: int) -> dict[str, int]:
    """Give the rows with an id in the first column, up to the first without."""
    found: dict[str, int] = {}
    for row in range(first, first + 100):
        id = cells.get(f"A{row}")
        if isinstance(id, str) and (len(id) == 1 or id[1:].isdecimal()):
            found[id] = row
        elif found:
            break
    return found


def _criterion(cells: Mapping[str, Value], row: int, lang: str) -> dict[str, Any]:
    said = {word: status for status, word in words.statuses(speech(lang)).items()}
    statuses = {
        cell: said[str(cells.get(f"{TABLES[cell].status}{row}") or "")] for cell in (ST, UTBILDARE, ALLA)
    }
    needed = {cell: cells.get(f"{TABLES[cell].needed}{row}") for cell in statuses}
    return {
        "status": said[str(cells.get(f"{STATUS}{row}") or "")],
        "cells": {cell: status for cell, status in statuses.items() if status},
        "needed": {cell: number for cell, number in needed.items() if number},
    }


def _area(cells: Mapping[str, Value], row: int) -> dict[str, Any]:
    grade = cells[f"{GRADE}{row}"]
    because = str(cells.get(f"{REASONS}{row}") or "")
    return {
        "grade": None if grade == "–" else grade,
        "because": because.split(", ") if because else [],
    }
