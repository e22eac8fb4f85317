"""LibreOffice as the second program: it computes a workbook anew, and prints it.

Each run has a profile of its own that makes it compute everything on opening; left to itself LibreOffice
trusts the values that stand in a file unless it knows the program that wrote it, and a test by it proves
nothing. Values are read from the workbook that it writes, not from CSV: there a text that looks like an error
cannot be told from one, and numbers follow the locale.
"""

import io
import os
import re
import signal
import subprocess
import tempfile
import zipfile
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import closing, contextmanager, suppress
from dataclasses import dataclass
from datetime import date
from enum import IntEnum
from functools import cache, lru_cache
from pathlib import Path, PurePosixPath
from xml.etree import ElementTree
from xml.sax.saxutils import escape

import needs
import pypdfium2
from openpyxl.utils import get_column_letter

SWEDISH, ENGLISH = "sv-SE", "en-US"
XLSX = "xlsx:Calc MS Excel 2007 XML"
CSV = "csv:Text - txt - csv (StarCalc):44,34,76,1,,1033,true,false,false,false,false,-1"
"""Commas, quotes, UTF-8; everything in quotes and unrounded; every sheet in a file of its own."""


class Recalculation(IntEnum):
    """Whether formulas are computed on opening, as LibreOffice numbers it."""

    ALWAYS = 0
    NEVER = 1


@dataclass(frozen=True, slots=True)
class Fault:
    """What stands in a cell whose formula cannot be computed, such as ``#DIV/0!``."""

    code: str


Value = bool | int | float | str | Fault | None
"""A whole number is an ``int`` however it was written; a cell without anything in it is ``None``."""

Workbook = Mapping[str, Mapping[str, Value]]
"""Values by the sheet's name and the cell's reference (``C5``), of the cells that hold something."""


@dataclass(frozen=True, slots=True)
class Cell:
    """A cell as it stands in a file: its formula, without the equals sign, and its stored value."""

    formula: str | None
    value: Value


class Failed(Exception):
    """LibreOffice did not do what it was asked; the text holds what it said."""


def libreoffice() -> str:
    """Give the path of LibreOffice, or skip the test for want of it."""
    return needs.program(
        ("soffice", "libreoffice"), "LibreOffice Calc", "on Debian: sudo apt-get install libreoffice-calc"
    )


def recalculated(
    files: Mapping[str, bytes],
    locale: str,
    folder: Path,
    *,
    how: Recalculation = Recalculation.ALWAYS,
) -> Mapping[str, Workbook]:
    """Give every value of each file as LibreOffice computes it, in one run for all of them.

    ``files`` are .xlsx by any name; ``locale`` is ``sv-SE`` or ``en-US``. Raises :class:`Failed`. Numbers
    come back with fifteen digits, which is what LibreOffice writes.
    """
    made = _converted(files, XLSX, locale, folder, how)
    return {name: values(file) for name, file in made.items()}


def seen(files: Mapping[str, bytes], locale: str, folder: Path) -> Mapping[str, Workbook]:
    """Give every cell of each file as it looks when computed, in a third of the time of :func:`recalculated`.

    What looks like a number or a fault is one, whatever it is: compare it with what :func:`look` makes of a
    value. Raises :class:`Failed`.
    """
    with _run(files, CSV, locale, folder, Recalculation.ALWAYS) as made:
        return {
            name: {
                path.stem.removeprefix(f"{stem.name}-"): _sheet_seen(path.read_text(encoding="utf-8"))
                for path in sorted(stem.parent.glob(f"{stem.name}-*.csv"))
            }
            for name, stem in made.items()
        }


def look(value: Value) -> Value:
    """Give what a text looks like: a number, a fault, or itself. Any other value is what it is."""
    if not isinstance(value, str):
        return value
    if _NUMBER.fullmatch(value):
        return _number(float(value.replace(",", ".")))
    if _PERCENT.fullmatch(value):
        return float(value[:-1].replace(",", ".")) / 100
    if _DAY.fullmatch(value):
        return (date.fromisoformat(value) - date(1899, 12, 30)).days
    return Fault(value) if _FAULT.fullmatch(value) else _TRUTHS.get(value, value)


def resaved(files: Mapping[str, bytes], folder: Path, *, locale: str = SWEDISH) -> Mapping[str, bytes]:
    """Give each file as LibreOffice saves it after computing it anew, in one run for all of them."""
    return _converted(files, XLSX, locale, folder, Recalculation.ALWAYS)


def as_pdf(files: Mapping[str, bytes], folder: Path, *, locale: str = SWEDISH) -> Mapping[str, bytes]:
    """Give what comes out of the printer: every sheet of each file, computed anew."""
    return _converted(files, "pdf:calc_pdf_Export", locale, folder, Recalculation.ALWAYS)


def pages(pdf: bytes) -> int:
    """Count the pages."""
    with closing(pypdfium2.PdfDocument(pdf)) as document:
        return len(document)


def page_texts(pdf: bytes) -> Sequence[str]:
    """Give the text of each page."""
    with closing(pypdfium2.PdfDocument(pdf)) as document:
        return [_page_text(document, number) for number in range(len(document))]


def _page_text(document: pypdfium2.PdfDocument, number: int) -> str:
    with closing(document[number]) as page, closing(page.get_textpage()) as text:
        return text.get_text_bounded()


def page_sizes(pdf: bytes) -> Sequence[tuple[int, int]]:
    """Give the width and height of each page in millimetres: (210, 297) is A4 upright."""
    with closing(pypdfium2.PdfDocument(pdf)) as document:
        sizes = [document.get_page_size(number) for number in range(len(document))]
        return [(round(width / 72 * 25.4), round(height / 72 * 25.4)) for width, height in sizes]


def page_picture(pdf: bytes, number: int) -> bytes:
    """Give a page, counted from 0, as a PNG for somebody to look at."""
    with closing(pypdfium2.PdfDocument(pdf)) as document, closing(document[number]) as page:
        drawn = io.BytesIO()
        page.render(scale=1.5).to_pil().save(drawn, "PNG")
        return drawn.getvalue()


def values(file: bytes) -> Workbook:
    """Give what an .xlsx file says its cells hold, computed or not."""
    return {
        name: {reference: cell.value for reference, cell in sheet.items() if cell.value is not None}
        for name, sheet in cells(file).items()
    }


@lru_cache(maxsize=2)  # a file is often looked at twice
def cells(file: bytes) -> Mapping[str, Mapping[str, Cell]]:
    """Give the cells of an .xlsx file that hold something, by sheet and reference.

    Ten times as fast as openpyxl, which would have to read the file twice.
    """
    with zipfile.ZipFile(io.BytesIO(file)) as parts:
        texts = _shared_texts(parts)
        return {name: dict(_cells(_root(parts, part), texts)) for name, part in sheet_parts(parts).items()}


def sheet_parts(parts: zipfile.ZipFile) -> Mapping[str, str]:
    """Give the part of each sheet by its name, in order."""
    related = {
        relation.get("Id"): str(PurePosixPath("xl", relation.get("Target", ""))).removeprefix("/")
        for relation in _root(parts, "xl/_rels/workbook.xml.rels").iter(f"{_IN_PACKAGE}Relationship")
    }
    sheets = _root(parts, "xl/workbook.xml").iter(f"{_MAIN}sheet")
    return {sheet.get("name", ""): related[sheet.get(f"{_IN_OFFICE}id")] for sheet in sheets}


# --- the run ------------------------------------------------------------------------------------------------


def _converted(
    files: Mapping[str, bytes], kind: str, locale: str, folder: Path, how: Recalculation
) -> Mapping[str, bytes]:
    """Let LibreOffice save every file as another kind."""
    with _run(files, kind, locale, folder, how) as made:
        return {name: stem.with_suffix(f".{kind.split(':')[0]}").read_bytes() for name, stem in made.items()}


@contextmanager
def _run(
    files: Mapping[str, bytes], kind: str, locale: str, folder: Path, how: Recalculation
) -> Iterator[Mapping[str, Path]]:
    """Let LibreOffice save every file as another kind; give the path of each, without what follows its stem.

    On disk their names are numbers.
    """
    program = libreoffice()
    with tempfile.TemporaryDirectory(dir=folder, prefix="office-", ignore_cleanup_errors=True) as place:
        given, made = Path(place, "given"), Path(place, "made")
        profile = _profile(Path(place, "profile"), locale, how)
        given.mkdir()
        names = {f"{number:04}": name for number, name in enumerate(files)}
        for stem, name in names.items():
            (given / f"{stem}.xlsx").write_bytes(files[name])
        said = said_by(
            [program, f"-env:UserInstallation={profile.as_uri()}", "--headless", "--norestore", "--nologo"]
            + ["--nolockcheck", "--convert-to", kind, "--outdir", str(made)]
            + [str(given / f"{stem}.xlsx") for stem in names],
            seconds=60 + 5 * len(files),
        )
        lost = [name for stem, name in names.items() if not any(made.glob(f"{stem}*"))]
        if lost:
            more = f" and {len(lost) - 3} more" if len(lost) > 3 else ""
            named = ", ".join(map(repr, lost[:3])) + more
            raise Failed(f"LibreOffice made nothing of {named}; it said:\n{said}")
        yield {name: made / stem for stem, name in names.items()}


def said_by(command: Sequence[str], *, seconds: int) -> str:
    """Run a program in a group of its own, which ends as one; give what it said."""
    with subprocess.Popen(
        command,
        env=os.environ | {"LC_ALL": "C.UTF-8", "SAL_USE_VCLPLUGIN": "svp"},
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        encoding="utf-8",
        errors="replace",
        start_new_session=True,
    ) as run:
        try:
            said, _ = run.communicate(timeout=seconds)
        except subprocess.TimeoutExpired:
            _end(run)
            said, _ = run.communicate()
            raise Failed(f"LibreOffice was not done in {seconds} s; it said:\n{said}") from None
        finally:
            _end(run)
    if run.returncode != 0:
        raise Failed(f"LibreOffice ended with {run.returncode}; it said:\n{said}")
    return said


def _end(run: subprocess.Popen[str]) -> None:
    """End a program and what it has started, where it has not ended by itself."""
    if run.poll() is None:
        with suppress(ProcessLookupError):
            os.killpg(run.pid, signal.SIGKILL)


def _profile(place: Path, locale: str, how: Recalculation) -> Path:
    """Write a profile that computes as it is told and speaks the locale."""
    loading = "/org.openoffice.Office.Calc/Formula/Load"
    speaking = "/org.openoffice.Setup/L10N"
    settings = (
        (loading, "OOXMLRecalcMode", str(int(how))),
        (loading, "ODFRecalcMode", str(int(how))),
        (speaking, "ooSetupSystemLocale", locale),
        (speaking, "ooLocale", locale),
    )
    items = "".join(
        f'<item oor:path="{path}"><prop oor:name="{name}" oor:op="fuse">'
        f"<value>{escape(value)}</value></prop></item>"
        for path, name, value in settings
    )
    (place / "user").mkdir(parents=True)
    (place / "user" / "registrymodifications.xcu").write_text(
        '<?xml version="1.0" encoding="UTF-8"?>\n'
        '<oor:items xmlns:oor="http://openoffice.org/2001/registry"'
        ' xmlns:xs="http://www.w3.org/2001/XMLSchema"'
        f' xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance">{items}</oor:items>\n',
        encoding="utf-8",
    )
    return place


# --- reading .xlsx ------------------------------------------------------------------------------------------

_MAIN = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
_IN_OFFICE = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}"
_IN_PACKAGE = "{http://schemas.openxmlformats.org/package/2006/relationships}"
_ESCAPED = re.compile(r"_x([0-9A-Fa-f]{4})_")


def _root(parts: zipfile.ZipFile, part: str) -> ElementTree.Element:
    return ElementTree.fromstring(parts.read(part))  # noqa: S314 - the file is ours


def _shared_texts(parts: zipfile.ZipFile) -> Sequence[str]:
    if "xl/sharedStrings.xml" not in parts.namelist():
        return ()
    return [_text(item) for item in _root(parts, "xl/sharedStrings.xml").iter(f"{_MAIN}si")]


def _text(item: ElementTree.Element) -> str:
    return _plain("".join(part.text or "" for part in item.iter(f"{_MAIN}t")))


@cache
def _plain(text: str) -> str:
    """Give a text with what the format escapes (``_x000D_``) as it was."""
    return _ESCAPED.sub(lambda found: chr(int(found[1], 16)), text) if "_x" in text else text


def _cells(sheet: ElementTree.Element, texts: Sequence[str]) -> Iterable[tuple[str, Cell]]:
    for cell in sheet.iter(f"{_MAIN}c"):
        formula = cell.find(f"{_MAIN}f")
        value = _value(cell, texts)
        if formula is not None or value is not None:
            yield cell.get("r", ""), Cell(None if formula is None else formula.text or "", value)


def _value(cell: ElementTree.Element, texts: Sequence[str]) -> Value:
    if cell.get("t") == "inlineStr":
        return _text(cell)
    stored = cell.find(f"{_MAIN}v")
    if stored is None:
        return None
    written = stored.text or ""
    match cell.get("t", "n"):
        case "s":
            return texts[int(written)]
        case "str":
            return _plain(written)
        case "b":
            return written == "1"
        case "e":
            return Fault(written)
        case _ if not written:
            return None
        case _:
            return _number(float(written))


def _number(number: float) -> int | float:
    return int(number) if number.is_integer() else number


# --- reading .csv -------------------------------------------------------------------------------------------

_FIELD = re.compile(r'(?:"((?:[^"]|"")*)")?(,|\n|\Z)')
_NUMBER = re.compile(r"-?\d+([.,]\d+)?(E[+-]\d+)?")
_PERCENT = re.compile(r"-?\d+([.,]\d+)?%")
_DAY = re.compile(r"\d{4}-\d\d-\d\d")
_FAULT = re.compile(r"#(N/A|[A-Z0-9/]+[!?])|Err:\d+")
_TRUTHS = {"SANT": True, "FALSKT": False, "TRUE": True, "FALSE": False}


def _sheet_seen(text: str) -> Mapping[str, Value]:
    cells: dict[str, Value] = {}
    row = column = 1
    place = 0
    while place < len(text):
        field = _FIELD.match(text, place)
        if field is None:
            raise Failed(f"LibreOffice wrote no CSV in row {row}: {text[place : place + 40]!r}")
        place = field.end()
        if field[1]:
            cells[f"{get_column_letter(column)}{row}"] = look(field[1].replace('""', '"'))
        column, row = (column + 1, row) if field[2] == "," else (1, row + 1)
    return cells
