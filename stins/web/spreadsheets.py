"""Spreadsheets handed in and given out."""

from collections.abc import Sequence
from dataclasses import dataclass

from flask import Response

# More than a workbook may be, so that one that is too large is told so in its own words.
UPLOAD_MOST = 4 * 1024 * 1024
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@dataclass(frozen=True, slots=True)
class Wrong:
    """What is wrong in an uploaded file, a line each."""

    lines: Sequence[str]


def spreadsheet(content: bytes, name: str) -> Response:
    """Answer with a workbook to be saved under a name."""
    response = Response(content, content_type=XLSX)
    kept = "".join(letter for letter in name if letter.isalnum() or letter in " -_")
    response.headers.set("Content-Disposition", "attachment", filename=f"{kept}.xlsx")
    return response
