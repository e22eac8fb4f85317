"""`python -m benchmarks`: every measure, or those named."""

import os
import platform
import sqlite3
import sys
import tempfile
from pathlib import Path

from benchmarks import assess, closing, form_page, hand_ins, large_region, result_page, workbook, worker
from benchmarks.figures import heading, line
from benchmarks.grounds import file_system

MEASURES = {
    "hand_ins": hand_ins.measure,
    "assess": assess.measure,
    "result_page": result_page.measure,
    "form_page": form_page.measure,
    "closing": closing.measure,
    "workbook": workbook.measure,
    "large_region": large_region.measure,
    "worker": worker.measure,
}


def main(names: list[str]) -> int:
    """Make the measures and print each figure as it comes. Gives 2 for a name that is not a measure."""
    unknown = [name for name in names if name not in MEASURES]
    if unknown:
        print(f"no measure is called {', '.join(unknown)}; there are {', '.join(MEASURES)}", file=sys.stderr)
        return 2
    print(_machine())
    print(heading())
    for name in names or MEASURES:
        for row in MEASURES[name]():
            print(line(row), flush=True)
    return 0


def _machine() -> str:
    kind = file_system(Path(tempfile.gettempdir()))
    free = ": a durable commit costs nothing there, read the ratios so" if kind in ("tmpfs", "ramfs") else ""
    load = ", ".join(f"{each:.1f}" for each in os.getloadavg())
    return (
        f"Python {platform.python_version()}, SQLite {sqlite3.sqlite_version}, {os.cpu_count()} cores, "
        f"load before {load}, files on {kind}{free}"
    )


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
