"""The process that opens a foreign file: bounded in memory and time, started anew for each file.

It is run by its path and not as a module, so that it need not load the web application that ``stins`` is; the
folders of the libraries it uses are its arguments. The file comes on standard input; what is in it, or why it
is refused, goes out as JSON on standard output.
"""

import sys
import types
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from openpyxl.workbook import Workbook

MEMORY = 512 * 1024 * 1024
SECONDS = 1.8
MAX_TEXT = 2 * 1024 * 1024
"""A text that stands in thousands of cells is stored once in the file, but is written for each of them."""


def _prepare(here: str, folders: list[str]) -> None:
    """Make this program's modules importable without the packages' own start."""
    sys.path += folders
    for name in ("stins.workbook.read", "stins.workbook", "stins"):
        here = here.rpartition("/")[0]
        package = types.ModuleType(name)
        package.__path__ = [here]
        sys.modules[name] = package
    for unneeded in ("numpy", "PIL", "lxml"):
        sys.modules[unneeded] = None  # type: ignore[assignment]  # so is an import of it refused


def limit() -> None:
    """Bound what this process may use from now on; the kernel ends it when it goes beyond."""
    import resource
    import signal

    for which, most in (
        (resource.RLIMIT_AS, MEMORY),
        (resource.RLIMIT_CORE, 0),
        (resource.RLIMIT_FSIZE, 0),
        (resource.RLIMIT_CPU, 3),
    ):
        resource.setrlimit(which, (most, most))
    signal.setitimer(signal.ITIMER_PROF, SECONDS)


def opened(content: bytes) -> dict[str, Any]:
    """Give what a file holds, or why it is refused, as JSON.

    Either ``{"sheets": {tab: [[row, column, value], …]}, "names": {name: [tab, row, column, row, column]}}``,
    a date being ``{"day": "2026-05-01"}``, or ``{"fault": [place, message, about]}``.
    """
    from stins.workbook.read.faults import N_, Unreadable
    from stins.workbook.read.parts import DAMAGED

    try:
        return _contents(content)
    except Unreadable as refused:
        return {"fault": [refused.fault.place, refused.fault.message, dict(refused.fault.about)]}
    except MemoryError:
        memory = N_(
            "Filen kräver mer minne än en arbetsbok ska göra. Kopiera svaren till en ny arbetsbok "
            "och välj den."
        )
        return {"fault": ["", memory, {}]}
    except Exception:  # noqa: BLE001 - openpyxl meets a malformed file with almost any exception
        return {"fault": ["", DAMAGED, {}]}


def _contents(content: bytes) -> dict[str, Any]:
    import io
    import warnings

    import openpyxl

    from stins.workbook.read.package import look_through
    from stins.workbook.read.parts import Bounds

    bounds: Bounds = look_through(content)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        workbook = openpyxl.load_workbook(
            io.BytesIO(content), read_only=True, data_only=True, keep_links=False
        )
        sheets: dict[str, list[list[Any]]] = {}
        room = MAX_TEXT
        for sheet in workbook.worksheets:
            if sheet.title in sheets:
                raise ValueError("two tabs of one name")
            rows = sheet.iter_rows(max_row=bounds.row, max_col=bounds.column, values_only=True)
            sheets[sheet.title] = cells = list(_cells(rows))
            room -= sum(len(value) for _, _, value in cells if isinstance(value, str))
            _refuse_much(room)
        return {"sheets": sheets, "names": dict(_names(workbook))}


def _cells(rows: Any) -> Iterator[list[Any]]:
    for row, values in enumerate(rows, start=1):
        for column, value in enumerate(values, start=1):
            if value is not None:
                yield [row, column, _plain(value)]


def _plain(value: Any) -> Any:
    from datetime import date, datetime

    match value:
        case bool() | int() | float() | str():
            return value
        case datetime():
            return {"time": value.isoformat()}
        case date():
            return {"day": value.isoformat()}
        case _:
            return str(value)


def _refuse_much(room: int) -> None:
    from stins.workbook.read.faults import N_, Unreadable

    if room < 0:
        raise Unreadable(
            N_("Filen har mycket mer text än en arbetsbok. Ta bort de flikar som inte hör till den.")
        )


def _names(workbook: "Workbook") -> Iterator[tuple[str, list[Any]]]:
    """Give the names of the whole workbook that stand for one rectangle within the bounds."""
    import re

    from stins.workbook.read.cells import MAX_COLUMN, MAX_ROW, cell_of

    area = re.compile(r"(?:'((?:[^']|'')+)'|([^'!\[\]]+))!(\$?[A-Z]+\$?[0-9]+)(?::(\$?[A-Z]+\$?[0-9]+))?")
    for name, defined in workbook.defined_names.items():
        found = area.fullmatch(defined.attr_text or "")
        if not found:
            continue
        first, last = cell_of(found[3]), cell_of(found[4] or found[3])
        if first and last and first <= last and last[0] <= MAX_ROW and first[1] <= last[1] <= MAX_COLUMN:
            yield name, [(found[1] or found[2]).replace("''", "'"), *first, *last]


def main() -> None:
    """Read standard input, write standard output."""
    import gc
    import importlib
    import json

    # Loaded before the limits, which are for the foreign file alone.
    for name in ("openpyxl", "stins.workbook.read.package", "stins.workbook.read.cells"):
        importlib.import_module(name)
    gc.disable()  # the process lives a second; looking for cycles would take a tenth of it
    content = sys.stdin.buffer.read()
    limit()
    sys.stdout.write(json.dumps(opened(content)))
    sys.stdout.flush()


if __name__ == "__main__":
    _prepare(__file__, sys.argv[1:])
    main()
