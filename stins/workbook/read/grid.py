"""The cells of a workbook with what stands in them, read in a process of its own."""

import importlib.util
import json
import os
import signal
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from functools import cache
from pathlib import Path
from types import MappingProxyType
from typing import Any

from stins.workbook.read.cells import cell_name, column_name
from stins.workbook.read.faults import N_, Unreadable, plain
from stins.workbook.read.kinds import refuse_other_kinds

Value = str | int | float | bool | date | datetime
PATIENCE = 10
"""Seconds that somebody waits at most. The kernel ends a greedy file long before, by the processor's time;
this is for a machine that has so much else to do that an honest file must wait."""

_LIBRARIES = ("openpyxl", "et_xmlfile", "defusedxml")
_PASSED_ON = ("PATH", "LD_LIBRARY_PATH", "LANG")
_TIME_SIGNALS = (signal.SIGPROF, signal.SIGXCPU)

SLOW = N_(
    "Filen tog för lång tid att läsa. Försök igen; hjälper inte det, så kopiera svaren till en ny arbetsbok."
)
BUSY = N_("Filen kunde inte läsas just nu. Försök igen om en stund.")
STOPPED = N_(
    "Filen kunde inte läsas: den är skadad eller kräver mer än en arbetsbok ska göra. Kopiera svaren "
    "till en ny "
    "arbetsbok och välj den."
)


@dataclass(frozen=True, slots=True)
class Spot:
    """One cell."""

    tab: str
    row: int
    column: int

    @property
    def name(self) -> str:
        """Give the cell as it is shown, such as ``Svar Handledare!D14``."""
        return f"{plain(self.tab)}!{cell_name(self.row, self.column)}"


@dataclass(frozen=True, slots=True)
class Area:
    """A rectangle of cells; rows and columns are counted from 1 and the last ones belong to it."""

    tab: str
    first_row: int
    first_column: int
    last_row: int
    last_column: int

    @property
    def spot(self) -> Spot:
        """Give the upper left cell."""
        return Spot(self.tab, self.first_row, self.first_column)

    @property
    def name(self) -> str:
        """Give the rectangle as it is shown, such as ``Svar Handledare!D9:AF70``."""
        return f"{self.spot.name}:{cell_name(self.last_row, self.last_column)}"


@dataclass(frozen=True, slots=True)
class Grid:
    """What a workbook holds: per tab the cells with content by (row, column), and the named rectangles."""

    sheets: Mapping[str, Mapping[tuple[int, int], Value]]
    names: Mapping[str, Area]

    def at(self, spot: Spot) -> Value | None:
        """Give what stands in a cell; nothing where it is empty or its tab is missing."""
        return self.sheets.get(spot.tab, {}).get((spot.row, spot.column))


def column_place(tab: str, column: int) -> str:
    """Write a column as it is shown, such as ``Svar Handledare!F``."""
    return f"{plain(tab)}!{column_name(column)}"


def read(content: bytes, filename: str) -> Grid:
    """Read an uploaded .xlsx file. Raises :class:`Unreadable`, within two seconds whatever the file holds.

    Formulas count by their last calculated value; one that was never calculated is empty.
    """
    refuse_other_kinds(content, filename)
    found = _from_child(content)
    if "fault" in found:
        place, message, about = found["fault"]
        raise Unreadable(message, place, **about)
    return Grid(
        MappingProxyType({tab: MappingProxyType(_cells(cells)) for tab, cells in found["sheets"].items()}),
        MappingProxyType({name: Area(*area) for name, area in found["names"].items()}),
    )


def _from_child(content: bytes) -> dict[str, Any]:
    # Nothing of the environment is passed on: the settings name files with secrets.
    environment = {name: os.environ[name] for name in _PASSED_ON if name in os.environ}
    try:
        done = subprocess.run(
            [sys.executable, "-I", "-S", str(Path(__file__).with_name("child.py")), *_folders()],
            input=content,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            env=environment,
            cwd="/",
            timeout=PATIENCE,
            check=False,
        )
    except subprocess.TimeoutExpired:
        raise Unreadable(SLOW) from None
    except OSError:
        raise Unreadable(BUSY) from None
    if done.returncode:
        raise Unreadable(SLOW if -done.returncode in _TIME_SIGNALS else STOPPED)
    try:
        answer: dict[str, Any] = json.loads(done.stdout)
    except ValueError:
        raise Unreadable(STOPPED) from None
    return answer


@cache
def _folders() -> tuple[str, ...]:
    """Find the libraries without loading them; the child searches nowhere else."""
    specs = [importlib.util.find_spec(name) for name in _LIBRARIES]
    return tuple(dict.fromkeys(str(Path(str(spec.origin)).parents[1]) for spec in specs if spec))


def _cells(cells: list[list[Any]]) -> dict[tuple[int, int], Value]:
    return {(row, column): _value(raw) for row, column, raw in cells}


def _value(raw: Any) -> Value:
    match raw:
        case {"time": str(text)}:
            return datetime.fromisoformat(text)
        case {"day": str(text)}:
            return date.fromisoformat(text)
        case str() | int() | float():
            return raw
        case _:
            raise Unreadable(STOPPED)
