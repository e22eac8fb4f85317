"""Workbooks to read, made with openpyxl: one like our own blank, and whatever cells a test needs."""

import io
import zipfile
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

import openpyxl
from openpyxl.utils import get_column_letter
from openpyxl.workbook.defined_name import DefinedName

from questionnaires.model import Role
from questionnaires.read import catalogue
from scoring.rules import newest
from stins.workbook import places

TABS = {
    Role.ST_LAKARE: "Svar ST-läkare",
    Role.HANDLEDARE: "Svar Handledare",
    Role.STUDIEREKTOR: "Svar Studierektor",
    Role.VERKSAMHETSCHEF: "Svar Verksamhetschef",
}
FIRST_ROW, FIRST_COLUMN = 6, 4
COLUMNS = {
    Role.ST_LAKARE: 30,
    Role.HANDLEDARE: 40,
    Role.STUDIEREKTOR: 3,
    Role.VERKSAMHETSCHEF: 3,
}
CATALOGUE = catalogue("2026")
FACTS = [c.id for c in CATALOGUE.criteria.values() if c.facts]


def rows(role: Role) -> dict[str, int]:
    """Give the row of each question: a heading before each area, as in the real tab."""
    found, row, area = {}, FIRST_ROW, None
    for question in CATALOGUE.questionnaires[role].questions:
        if question.area != area:
            area, row = question.area, row + 1
        found[question.id] = row
        row += 1
    return found


@dataclass
class Blank:
    """A workbook laid out as our own; ``respondents`` are mappings of answers as typed, by role."""

    respondents: Mapping[Role, list[Mapping[str, Any]]] = field(default_factory=dict)
    stated: dict[str, Any] = field(default_factory=dict)
    change: Callable[[openpyxl.Workbook], None] | None = None

    def content(self) -> bytes:
        """Give the file."""
        workbook = openpyxl.Workbook()
        self._facts_of_the_file(workbook)
        for role, tab in TABS.items():
            self._answers(workbook.create_sheet(tab), role)
        if self.change:
            self.change(workbook)
        return saved(workbook)

    def _facts_of_the_file(self, workbook: openpyxl.Workbook) -> None:
        sheet = workbook.active
        assert sheet is not None
        sheet.title = "Uppgifter"
        values: dict[str, Any] = {
            places.KIND: places.BLANK,
            places.CATALOGUE: "2026",
            places.RULES: newest("2026").id,
            places.UNIT: "Medicinkliniken Ystad",
            places.LAST_DAY: date(2026, 5, 31),
            places.K: 5,
            **{places.parameter(id): p.default for id, p in CATALOGUE.parameters.items()},
            **{places.fact(id): None for id in FACTS},
            **self.stated,
        }
        for row, (name, value) in enumerate(values.items(), start=1):
            sheet.cell(row, 1, name)
            sheet.cell(row, 3, value)
            define(workbook, name, f"Uppgifter!$C${row}")

    def _answers(self, sheet: Any, role: Role) -> None:
        lines = rows(role)
        last_column = FIRST_COLUMN + COLUMNS[role] - 1
        sheet.cell(FIRST_ROW, 2, "Verksamheten")
        for id, row in lines.items():
            sheet.cell(row, places.ID_COLUMN, id)
            sheet.cell(row, 2, f"Fråga {id}")
        for number, answers in enumerate(self.respondents.get(role, [])):
            for id, answer in answers.items():
                sheet.cell(lines[id], FIRST_COLUMN + number, answer)
        first = f"${get_column_letter(FIRST_COLUMN)}${FIRST_ROW}"
        last = f"${get_column_letter(last_column)}${max(lines.values())}"
        define(sheet.parent, places.answers(role), f"'{sheet.title}'!{first}:{last}")


def define(workbook: openpyxl.Workbook, name: str, area: str) -> None:
    """Give cells a name."""
    workbook.defined_names[name] = DefinedName(name, attr_text=area)


def saved(workbook: openpyxl.Workbook) -> bytes:
    """Give a workbook as a file."""
    file = io.BytesIO()
    workbook.save(file)
    return file.getvalue()


def workbook_of(tabs: Mapping[str, Mapping[str, Any]]) -> bytes:
    """Make a file of tabs with cells such as ``{"Svar": {"A1": 3}}``."""
    workbook = openpyxl.Workbook()
    workbook.remove(workbook.worksheets[0])
    for tab, cells in tabs.items():
        sheet = workbook.create_sheet(tab)
        for cell, value in cells.items():
            sheet[cell] = value
    return saved(workbook)


def every(role: Role, answer: Any) -> dict[str, Any]:
    """Answer every question of a role alike."""
    return {question.id: answer for question in CATALOGUE.questionnaires[role].questions}


def repacked(content: bytes, parts: Mapping[str, bytes | None]) -> bytes:
    """Give the file with parts replaced or added, or left out where they are ``None``."""
    made = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as old, zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            if name not in parts:
                new.writestr(name, old.read(name))
        for name, part in parts.items():
            if part is not None:
                new.writestr(name, part)
    return made.getvalue()


def part(content: bytes, name: str) -> str:
    """Give a part of the file."""
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        return archive.read(name).decode()
