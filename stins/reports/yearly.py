"""The yearly report's rows. Page, spreadsheet and PDF are all fed from these."""

import io
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, fields
from datetime import date
from typing import Any

import xlsxwriter
from xlsxwriter.worksheet import Worksheet

from stins.reports.pdf import pdf

NAME_WIDE, NUMBER_WIDE, DAY_WIDE = 34, 11, 13


@dataclass(frozen=True, slots=True)
class Numbers:
    """What a year came to at a place, or in all.

    ``recent``, ``overdue`` and ``never`` count units on the year's last day: reviewed within five years,
    longer ago, never. ``left`` are breaches still open on that day, ``left_late`` those of them whose day had
    passed. ``extra`` are among the inspections held.
    """

    reviews: int = 0
    recent: int = 0
    overdue: int = 0
    never: int = 0
    opened: int = 0
    in_time: int = 0
    too_late: int = 0
    left: int = 0
    left_late: int = 0
    reported: int = 0
    reported_late: int = 0
    anonymous: int = 0
    dialogue: int = 0
    typed: int = 0
    extra: int = 0

    def __add__(self, other: "Numbers") -> "Numbers":
        return Numbers(*(a + b for a, b in zip(self.row, other.row, strict=True)))

    @property
    def row(self) -> tuple[int, ...]:
        """The numbers in order."""
        return tuple(getattr(self, name) for name in MEASURES)


MEASURES = tuple(field.name for field in fields(Numbers))
GROUPS: Mapping[str, int] = {"reviews": 4, "breaches": 5, "reports": 2, "inspections": 4}
"""How many of the measures, in order, belong under each heading."""


@dataclass(frozen=True, slots=True)
class Line:
    """A place's year. A unit also has its latest review by the year's last day, and the day for the next."""

    name: str
    above: str
    numbers: Numbers
    reviewed_on: date | None = None
    next_by: date | None = None


@dataclass(frozen=True, slots=True)
class Yearly:
    """A year in numbers: per förvaltning, in all, and per unit. It is told up to and with ``until``."""

    year: int
    until: date
    parts: tuple[Line, ...]
    total: Numbers
    units: tuple[Line, ...]


@dataclass(frozen=True, slots=True)
class Words:
    """What is printed around the numbers. ``measures`` and ``groups`` are by their names."""

    lang: str
    title: str
    lead: str
    notes: Sequence[str]
    parts: str
    part: str
    total: str
    units: str
    unit: str
    above: str
    reviewed_on: str
    next_by: str
    groups: Mapping[str, str]
    measures: Mapping[str, str]
    long: Mapping[str, str]


def as_xlsx(report: Yearly, words: Words) -> bytes:
    """Write the report as a workbook with two tabs, whose numbers are numbers and days are dates."""
    file = io.BytesIO()
    book = xlsxwriter.Workbook(
        file, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    )
    made = {
        "head": book.add_format(
            {"bold": True, "text_wrap": True, "valign": "top", "bg_color": "#eef1f4", "bottom": 1}
        ),
        "day": book.add_format({"num_format": "yyyy-mm-dd", "align": "left"}),
        "total": book.add_format({"bold": True, "top": 1}),
    }
    titles = [words.long[name] for name in MEASURES]
    parts = _sheet(book, words, words.parts, [words.part, *titles], made["head"], names=1)
    rows: list[Sequence[str | int]] = [[part.name, *part.numbers.row] for part in report.parts]
    for row, cells in enumerate(rows, 1):
        _write(parts, row, cells)
    _write(parts, len(rows) + 1, [words.total, *report.total.row], made["total"])
    heads = [words.unit, words.above, words.reviewed_on, words.next_by, *titles]
    units = _sheet(book, words, words.units, heads, made["head"], names=2)
    units.set_column(2, 3, DAY_WIDE)
    for row, unit in enumerate(report.units, 1):
        _write(units, row, [unit.name, unit.above])
        for column, day in ((2, unit.reviewed_on), (3, unit.next_by)):
            if day is not None:
                units.write_datetime(row, column, day, made["day"])
        _write(units, row, unit.numbers.row, first=4)
    units.autofilter(0, 0, max(1, len(report.units)), len(heads) - 1)
    book.close()
    return file.getvalue()


def _sheet(book: Any, words: Words, name: str, heads: Sequence[str], head: Any, *, names: int) -> Worksheet:
    sheet: Worksheet = book.add_worksheet(name)
    sheet.set_column(0, names - 1, NAME_WIDE)
    sheet.set_column(names, len(heads) - 1, NUMBER_WIDE)
    for column, title in enumerate(heads):
        sheet.write_string(0, column, title, head)
    sheet.freeze_panes(1, 1)
    sheet.set_landscape()
    sheet.set_paper(9)  # A4
    sheet.fit_to_pages(1, 0)
    sheet.repeat_rows(0)
    sheet.set_header(f"&L{words.title.replace('&', '&&')}")
    sheet.set_footer("&R&P (&N)")
    return sheet


def _write(
    sheet: Worksheet, row: int, cells: Iterable[str | int], how: Any = None, *, first: int = 0
) -> None:
    for column, cell in enumerate(cells, first):
        if isinstance(cell, str):
            sheet.write_string(row, column, cell, how)
        else:
            sheet.write_number(row, column, cell, how)


def as_pdf(report: Yearly, words: Words) -> bytes:
    """Set the report as a PDF on A4, lying down."""
    return pdf(
        "yearly",
        {
            "lang": words.lang,
            "title": words.title,
            "lead": words.lead,
            "notes": list(words.notes),
            "groups": [[words.groups[name], count] for name, count in GROUPS.items()],
            "measures": [words.measures[name] for name in MEASURES],
            "explained": [[words.measures[name], words.long[name]] for name in MEASURES],
            "parts": {
                "title": words.parts,
                "first": words.part,
                "rows": [[part.name, *map(str, part.numbers.row)] for part in report.parts],
                "total": [words.total, *map(str, report.total.row)],
            },
            "units": {
                "title": words.units,
                "first": words.unit,
                "above": words.above,
                "rows": [
                    [unit.name, unit.above, _day(unit.reviewed_on), *map(str, unit.numbers.row)]
                    for unit in report.units
                ],
                "reviewed": words.reviewed_on,
            },
        },
    )


def _day(day: date | None) -> str:
    return day.isoformat() if day else "–"
