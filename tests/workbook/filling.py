"""Fill in a blank workbook, as a person would in a program, or quickly for the many that a proof needs.

Everything is found through the defined names of :mod:`stins.workbook.places`, so it works on any blank.
"""

import io
import re
import zipfile
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from html import unescape
from xml.sax.saxutils import escape

from libreoffice import Cell, cells, sheet_parts
from openpyxl import load_workbook
from openpyxl.utils import column_index_from_string, get_column_letter

from questionnaires.model import Fact, Role
from scoring.ballots import Answer
from scoring.rounds import Round
from stins.workbook import places

Typed = str | int | date
Place = tuple[str, str]
"""A sheet's name and a cell's reference."""

Putting = Callable[[bytes, Mapping[Place, Typed]], bytes]

FACTS = {Fact.JA: "Ja", Fact.DELVIS: "Delvis", Fact.NEJ: "Nej"}
DAY_ZERO = date(1899, 12, 30)


@dataclass(frozen=True, slots=True)
class Area:
    """The rectangle that a defined name stands for; columns and rows count from 1, and the last is in it."""

    sheet: str
    left: int
    top: int
    right: int
    bottom: int

    def at(self, column: int, row: int) -> Place:
        """Give a cell by its column and row in the sheet."""
        return self.sheet, f"{get_column_letter(column)}{row}"

    @property
    def corner(self) -> Place:
        """The first cell, which is the only one of a name for one cell."""
        return self.at(self.left, self.top)


class NoRoom(Exception):
    """More people have answered than the blank has columns for."""


def fill(
    blank: bytes,
    round_: Round,
    *,
    unit: str = "Medicinkliniken",
    facts: Mapping[Fact, str] = FACTS,
    digits: type[int] | type[str] = int,
    how: Putting | None = None,
) -> bytes:
    """Fill in a whole round: 3 … 0 as numbers, or with ``digits=str`` as texts.

    ``how`` is :func:`put`, which is quick, or :func:`put_by_hand`.
    """
    return (how or put)(blank, entries(blank, round_, unit, facts, digits))


def entries(
    blank: bytes,
    round_: Round,
    unit: str,
    facts: Mapping[Fact, str],
    digits: type[int] | type[str],
) -> Mapping[Place, Typed]:
    """Give what a person would type where: a column for each ballot, in their order."""
    named = names(blank)
    typed: dict[Place, Typed] = {
        named[places.UNIT].corner: unit,
        named[places.LAST_DAY].corner: round_.closed_on,
    }
    typed |= {named[places.fact(id)].corner: facts[fact] for id, fact in round_.facts.items()}
    for role in Role:
        ballots = [ballot for ballot in round_.ballots if ballot.role is role]
        area = named[places.answers(role)]
        rows = answer_rows(blank, role)
        if len(ballots) > area.right - area.left + 1:
            raise NoRoom(f"{len(ballots)} {role}, but only {area.right - area.left + 1} columns")
        for column, ballot in enumerate(ballots, area.left):
            typed |= {
                area.at(column, rows[id]): _typed(answer, digits) for id, answer in ballot.answers.items()
            }
    return typed


def answer_place(blank: bytes, role: Role, criterion: str, person: int) -> Place:
    """Give the cell of one answer; the first person is 0."""
    area = names(blank)[places.answers(role)]
    return area.at(area.left + person, answer_rows(blank, role)[criterion])


@lru_cache(maxsize=8)
def names(file: bytes) -> Mapping[str, Area]:
    """Give the rectangle of each defined name that stands for one."""
    with zipfile.ZipFile(io.BytesIO(file)) as parts:
        book = parts.read("xl/workbook.xml").decode()
    found = re.findall(r'<definedName name="([^"]+)"[^>]*>([^<]*)</definedName>', book)
    areas = {unescape(name): _area(unescape(formula)) for name, formula in found}
    return {name: area for name, area in areas.items() if area}


@lru_cache(maxsize=32)
def answer_rows(blank: bytes, role: Role) -> Mapping[str, int]:
    """Give the row of each criterion in a role's answer tab."""
    area = names(blank)[places.answers(role)]
    sheet = _cells(blank)[area.sheet]
    ids = {
        row: sheet.get(f"{get_column_letter(places.ID_COLUMN)}{row}")
        for row in range(area.top, area.bottom + 1)
    }
    return {str(cell.value): row for row, cell in ids.items() if cell}


def put_by_hand(file: bytes, typed: Mapping[Place, Typed]) -> bytes:
    """Type into any cells with openpyxl, which forgets every stored value of a formula."""
    book = load_workbook(io.BytesIO(file))
    for (sheet, reference), value in typed.items():
        book[sheet][reference].value = value
    saved = io.BytesIO()
    book.save(saved)
    book.close()
    return saved.getvalue()


def put(file: bytes, typed: Mapping[Place, Typed]) -> bytes:
    """Type into cells that the file holds, empty ones with a look included, and leave all else as it is.

    Formulas keep their stored values, which then belong to other answers. Raises :class:`LookupError` where
    the file has no such cell.
    """
    by_sheet: dict[str, dict[str, Typed]] = {}
    for (sheet, reference), value in typed.items():
        by_sheet.setdefault(sheet, {})[reference] = value
    saved = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(file)) as parts,
        zipfile.ZipFile(saved, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as made,
    ):
        changed = {part: by_sheet.pop(name) for name, part in sheet_parts(parts).items() if name in by_sheet}
        if by_sheet:
            raise LookupError(f"there is no sheet {', '.join(by_sheet)}")
        for part in parts.infolist():
            data = parts.read(part)
            if part.filename in changed:
                data = _changed(data.decode(), changed[part.filename]).encode()
            made.writestr(part, data, zipfile.ZIP_DEFLATED)
    return saved.getvalue()


_CELL = re.compile(r'<c r="([A-Z]+[0-9]+)"([^>]*?)(?:/>|>.*?</c>)', re.DOTALL)
_KIND = re.compile(r' t="[^"]*"')
_AREA = re.compile(r"(?:'((?:[^']|'')+)'|([^'!]+))!\$([A-Z]+)\$([0-9]+)(?::\$([A-Z]+)\$([0-9]+))?")


def _changed(sheet: str, typed: Mapping[str, Typed]) -> str:
    left = dict(typed)

    def written(cell: re.Match[str]) -> str:
        reference = cell[1]
        if reference not in left:
            return cell[0]
        return _written(reference, _KIND.sub("", cell[2]), left.pop(reference))

    made = _CELL.sub(written, sheet)
    if left:
        raise LookupError(f"there is no cell {', '.join(left)}")
    return made


def _written(reference: str, look: str, value: Typed) -> str:
    start = f'<c r="{reference}"{look}'
    match value:
        case str():
            return f'{start} t="inlineStr"><is><t xml:space="preserve">{escape(value)}</t></is></c>'
        case date():
            return f"{start}><v>{(value - DAY_ZERO).days}</v></c>"
        case _:
            return f"{start}><v>{value}</v></c>"


def _typed(answer: Answer, digits: type[int] | type[str]) -> Typed:
    word = places.ANSWERS[answer.value]
    return digits(word) if word.isdigit() else word


def _area(formula: str) -> Area | None:
    found = _AREA.fullmatch(formula)
    if not found:
        return None
    quoted, plain, left, top, right, bottom = found.groups()
    sheet = quoted.replace("''", "'") if quoted else plain
    first, last = column_index_from_string(left), column_index_from_string(right or left)
    return Area(sheet, first, int(top), last, int(bottom or top))


@lru_cache(maxsize=4)
def _cells(file: bytes) -> Mapping[str, Mapping[str, Cell]]:
    return cells(file)
