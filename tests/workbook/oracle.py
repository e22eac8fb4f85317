"""Compare every formula's stored value in a written workbook with what the second program makes of it."""

import math
from collections.abc import Callable, Container, Iterator
from typing import TypeGuard

from libreoffice import Fault, Value, Workbook, cells

CLOSE = 1e-9


def differences(
    written: bytes, recalculated: Workbook, look: Callable[[Value], Value] = lambda value: value
) -> list[str]:
    """Tell each formula cell whose stored value is not the one computed: place, formula, both values.

    ``look`` is what was made of each value that was computed, if anything.

    Whole numbers must be equal, others within 1e-9; an empty text and nothing are the same; a number is
    never a text, nor a truth; a fault such as ``#DIV/0!`` is never right.
    """
    return [
        f"{sheet}!{place}: ={formula} stored as {_shown(stored)}, computed as {_shown(computed)}"
        for sheet, place, formula, stored, computed in _formulas(written, recalculated)
        if not same(look(stored), computed)
    ]


def unlike(
    expected: Workbook, computed: Workbook, sheet: str, columns: Container[str] | None = None
) -> list[str]:
    """Tell each cell of a sheet, or of some columns, that is not as in another workbook.

    For a filled-in blank beside the export of the same answers: their tabs have the same criterion in the
    same row.
    """
    one, other = expected.get(sheet, {}), computed.get(sheet, {})
    return [
        f"{sheet}!{place}: {_shown(one.get(place))} expected, {_shown(other.get(place))} computed"
        for place in {**one, **other}
        if (columns is None or place.rstrip("0123456789") in columns)
        and not same(one.get(place), other.get(place))
    ]


def formulas(written: bytes) -> int:
    """Count the formulas, so that a proof can tell that it looked at some."""
    return sum(cell.formula is not None for sheet in cells(written).values() for cell in sheet.values())


def same(stored: Value, computed: Value) -> bool:
    """Say whether two values are the same to a reader of the cell.

    A truth may be computed as 1 or 0: LibreOffice writes it so where the cell has a number's look.
    """
    if isinstance(stored, Fault) or isinstance(computed, Fault):
        return False
    if stored in (None, "") or computed in (None, ""):
        return stored in (None, "") and computed in (None, "")
    if isinstance(stored, bool):
        return isinstance(computed, int) and stored == computed
    if isinstance(stored, float) or isinstance(computed, float):
        return _is_number(stored) and _is_number(computed) and _is_close(stored, computed)
    return type(stored) is type(computed) and stored == computed


def _is_close(one: float, other: float) -> bool:
    return math.isclose(one, other, rel_tol=CLOSE, abs_tol=CLOSE)


def _is_number(value: Value) -> TypeGuard[float]:
    return isinstance(value, int | float) and not isinstance(value, bool)


def _formulas(written: bytes, recalculated: Workbook) -> Iterator[tuple[str, str, str, Value, Value]]:
    for sheet, found in cells(written).items():
        computed = recalculated.get(sheet, {})
        for place, cell in found.items():
            if cell.formula is not None:
                yield sheet, place, cell.formula, cell.value, computed.get(place)


def _shown(value: Value) -> str:
    return "nothing" if value in (None, "") else repr(value)
