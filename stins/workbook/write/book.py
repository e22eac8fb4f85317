"""XlsxWriter with the few habits of this workbook: text stays text, formulas carry their values."""

import io
import re
import textwrap
import unicodedata
from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

import xlsxwriter
from xlsxwriter.utility import xl_col_to_name
from xlsxwriter.worksheet import Worksheet

from stins.workbook.speech import Speech, speech
from stins.workbook.write.looks import LOOKS

Value = str | int | float
TEXT_MOST = 32_767
RISKY = ("=", "+", "-", "@")
UNPRINTABLE = re.compile("[^\t\n\r -\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
TITLE_HEIGHT = 27
LETTERS_PER_WIDTH = 1.04
LINE_SPACING = 1.22
CORE = (
    '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
    '<cp:coreProperties xmlns:cp="http://schemas.openxmlformats.org/package/2006/metadata/core-properties" '
    'xmlns:dc="http://purl.org/dc/elements/1.1/"><dc:title>STINS</dc:title></cp:coreProperties>'
)


class PlainSheet(Worksheet):  # type: ignore[misc]  # XlsxWriter says nothing of its types
    """A sheet that holds only functions of 2007, so that no formula is searched for later ones.

    That search, thirty patterns for each formula, is half the time it takes to write a workbook.
    """

    def _prepare_formula(self, formula: str, expand_future_functions: bool = False) -> str:  # noqa: FBT001, FBT002 - its signature
        return formula.removeprefix("=")


class Book:
    """A workbook being written in one language. ``_`` says its texts."""

    def __init__(self, lang: str) -> None:
        self.lang = lang
        self._: Speech = speech(lang)
        self._buffer = io.BytesIO()
        self._book = xlsxwriter.Workbook(
            self._buffer,
            {
                "in_memory": True,
                "strings_to_formulas": False,
                "strings_to_urls": False,
                "strings_to_numbers": False,
            },
        )
        self._book.formats[0].set_font_name("Arial")
        self._book.formats[0].set_font_size(10)
        self._looks: dict[tuple[str, bool], Any] = {}

    def tab(self, name: str) -> "Tab":
        """Add a tab."""
        return Tab(self, self._book.add_worksheet(name, PlainSheet), name)

    def name(self, name: str, tab: "Tab", area: str) -> None:
        """Define a name for an area of a tab, such as ``C4`` or ``C5:AF70``."""
        corners = area.split(":")
        absolute = ":".join("$" + c.rstrip("0123456789") + "$" + c.lstrip(LETTERS) for c in corners)
        self._book.define_name(name, f"={tab.quoted}!{absolute}")

    def chart(self, kind: Mapping[str, str]) -> Any:
        """Begin a chart."""
        return self._book.add_chart(dict(kind))

    def look(self, look: str, *, quoted: bool = False) -> Any:
        """Give the format of a look; ``quoted`` marks a text that would otherwise look like a formula."""
        key = (look, quoted)
        if key not in self._looks:
            properties: dict[str, Any] = {
                "font_name": "Arial",
                "font_size": 10,
                "valign": "top",
                **LOOKS[look],
            }
            if quoted:
                properties["quote_prefix"] = True
            self._looks[key] = self._book.add_format(properties)
        return self._looks[key]

    def fill(self, colour: str, ink: str) -> Any:
        """Give a format for a conditional colour."""
        return self._book.add_format({"bg_color": colour, "font_color": ink})

    def finish(self, first: "Tab") -> bytes:
        """Give the file, opening on the tab ``first``. It holds no author and no time."""
        first.sheet.activate()
        first.sheet.set_first_sheet()
        self._book.close()
        return _without_times(self._buffer.getvalue())


LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"


class Tab:
    """A tab being written. Cells are named as in the program: ``C5``."""

    def __init__(self, book: Book, sheet: Any, name: str) -> None:
        self.book = book
        self.sheet = sheet
        self.quoted = "'" + name.replace("'", "''") + "'"

    def title(self, text: str) -> None:
        """Write the tab's title."""
        self.text("A1", text, "title")
        self.height(1, TITLE_HEIGHT)

    def text(self, cell: str, text: str, look: str = "plain") -> None:
        """Write a text as a text, whatever it begins with; an empty one leaves the cell empty."""
        if not text:
            self.blank(cell, look)
            return
        text = printable(text)[:TEXT_MOST]
        quoted = text.startswith(RISKY) or unicodedata.category(text[0]) == "Cc"
        self.sheet.write_string(cell, text, self.book.look(look, quoted=quoted))

    def number(self, cell: str, number: int | None, look: str = "count") -> None:
        """Write a number, or an empty cell."""
        if number is None:
            self.sheet.write_blank(cell, None, self.book.look(look))
        else:
            self.sheet.write_number(cell, number, self.book.look(look))

    def day(self, cell: str, day: date | None, look: str = "date") -> None:
        """Write a day, or an empty cell."""
        if day is None:
            self.sheet.write_blank(cell, None, self.book.look(look))
        else:
            self.sheet.write_number(cell, serial(day), self.book.look(look))

    def blank(self, cell: str, look: str) -> None:
        """Write an empty cell with a look, such as an input."""
        self.sheet.write_blank(cell, None, self.book.look(look))

    def formula(self, cell: str, formula: str, value: Value, look: str = "plain") -> None:
        """Write a formula with the value it gives."""
        stored = printable(value) if isinstance(value, str) else value
        self.sheet.write_formula(cell, "=" + formula, self.book.look(look), stored)

    def across(self, area: str, text: str, look: str = "wrap") -> None:
        """Write a text over merged cells."""
        self.sheet.merge_range(area, "", self.book.look(look))
        self.text(area.split(":")[0], text, look)

    def formula_across(self, area: str, formula: str, value: Value, look: str = "wrap") -> None:
        """Write a formula over merged cells."""
        self.sheet.merge_range(area, "", self.book.look(look))
        self.formula(area.split(":")[0], formula, value, look)

    def height(self, row: int, points: float) -> None:
        """Set the height of a row."""
        self.sheet.set_row(row - 1, points)

    def widths(self, widths: Mapping[str, float]) -> None:
        """Set the widths of columns, in characters."""
        for columns, width in widths.items():
            both = columns if ":" in columns else f"{columns}:{columns}"
            self.sheet.set_column(both, width)

    def paper(self, *, landscape: bool = False, repeat: tuple[int, int] | None = None) -> None:
        """Lay the tab out on A4 with page numbers; ``repeat`` are the rows on top of every page."""
        self.sheet.set_paper(9)
        if landscape:
            self.sheet.set_landscape()
        self.sheet.set_margins(left=0.5, right=0.5, top=0.6, bottom=0.6)
        name = self.book._("STINS-bedömning, en självskattning som efterliknar SPUR")
        self.sheet.set_footer(f"&L&8{name}&R&8&A  &P (&N)")
        self.sheet.fit_to_pages(1, 0)
        if repeat:
            self.sheet.repeat_rows(repeat[0] - 1, repeat[1] - 1)

    def protect(self) -> None:
        """Lock all but the inputs, without a password; columns may still be widened and lists filtered."""
        self.sheet.protect("", {"format_columns": True, "format_rows": True, "autofilter": True})

    def choices(
        self, areas: Sequence[str], choices: Sequence[str], title: str, message: str, wrong: str
    ) -> None:
        """Let the cells of some areas hold one of a few values, explained when one of them is chosen."""
        self.sheet.data_validation(
            areas[0],
            {
                "multi_range": " ".join(areas),
                "validate": "list",
                "source": list(choices),
                "input_title": title,
                "input_message": message,
                "error_title": title,
                "error_message": wrong,
            },
        )


def column(number: int) -> str:
    """Give the letters of a column, the first being 1."""
    letters: str = xl_col_to_name(number - 1)
    return letters


def printable(text: str) -> str:
    """Give a text without what no XML can hold: control characters, half characters, non-characters."""
    return UNPRINTABLE.sub("\N{REPLACEMENT CHARACTER}", text)


def serial(day: date) -> int:
    """Give a day as the number that spreadsheets keep."""
    return (day - date(1899, 12, 30)).days


def fitting(text: str, width: float, size: float = 10) -> float:
    """Give the height in points that a wrapped text needs in a column, so that no program cuts it."""
    letters = max(1, int(width * LETTERS_PER_WIDTH * 10 / size))
    lines = sum(max(1, len(textwrap.wrap(part, letters))) for part in text.split("\n"))
    return lines * size * LINE_SPACING + 3


def literal(text: str) -> str:
    """Give a text as it is written in a formula."""
    return '"' + text.replace('"', '""') + '"'


def _without_times(content: bytes) -> bytes:
    """Write the package anew with document properties that name neither author nor time."""
    out = io.BytesIO()
    with ZipFile(io.BytesIO(content)) as old, ZipFile(out, "w", ZIP_DEFLATED) as new:
        for name in old.namelist():
            part = ZipInfo(name, (1980, 1, 1, 0, 0, 0))
            part.compress_type = ZIP_DEFLATED
            new.writestr(part, CORE.encode() if name == "docProps/core.xml" else old.read(name))
    return out.getvalue()
