"""How cells are named, and how far out one may stand."""

import re

MAX_ROW = 2_000
MAX_COLUMN = 300
"""A full answer tab has some 80 rows and 205 columns; beyond these bounds nothing is looked at."""

_CELL = re.compile(r"\$?([A-Z]{1,3})\$?([1-9][0-9]{0,6})", re.ASCII)


def column_name(number: int) -> str:
    """Name a column: 1 is A, 27 is AA."""
    name = ""
    while number > 0:
        number, letter = divmod(number - 1, 26)
        name = chr(ord("A") + letter) + name
    return name


def column_number(name: str) -> int:
    """Give the number of a column named with capital letters."""
    number = 0
    for letter in name:
        number = number * 26 + ord(letter) - ord("A") + 1
    return number


def cell_of(name: str) -> tuple[int, int] | None:
    """Give the row and column of a cell such as ``D14`` or ``$D$14``; nothing if it is not one."""
    found = _CELL.fullmatch(name)
    return (int(found[2]), column_number(found[1])) if found else None


def cell_name(row: int, column: int) -> str:
    """Name a cell: row 14 in column 4 is D14."""
    return f"{column_name(column)}{row}"
