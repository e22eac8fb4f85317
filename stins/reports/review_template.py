"""The blank spreadsheet in which many external reviews are filled in at once."""

import io
from collections.abc import Sequence

import xlsxwriter

_NARROW, _WIDE = 6, 24


def blank(titles: Sequence[str], *, day: str) -> bytes:
    """Write a workbook with one tab and these titles. What is typed stays text, but under ``day`` a date."""
    file = io.BytesIO()
    book = xlsxwriter.Workbook(
        file, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    )
    head = book.add_format({"bold": True, "text_wrap": True, "bg_color": "#eef1f4", "bottom": 1})
    as_text = book.add_format({"num_format": "@", "text_wrap": True, "valign": "top"})
    as_day = book.add_format({"num_format": "yyyy-mm-dd", "align": "left", "valign": "top"})
    sheet = book.add_worksheet("Granskningar")
    for column, title in enumerate(titles):
        width = _NARROW if len(title) == 1 else _WIDE
        sheet.set_column(column, column, width, as_day if title == day else as_text)
        sheet.write_string(0, column, title, head)
    sheet.freeze_panes(1, 1)
    book.close()
    return file.getvalue()
