"""A worker process: how long it takes to start, and what memory it holds before the first picture."""

import json
import subprocess
import sys
from collections.abc import Iterator
from statistics import median

from benchmarks.figures import Baseline, Figure, Row, Target, below
from benchmarks.grounds import Ground, sqlite

STARTS = 5
DRAWING = ("matplotlib", "numpy", "typst")

# Run in interpreters of their own: whatever this process has loaded must not be there.
RESIDENT = """
def resident():
    with open("/proc/self/status", encoding="ascii") as lines:
        return next(int(line.split()[1]) / 1024 for line in lines if line.startswith("VmRSS"))
"""
FRAME = """
import json, time
begun = time.perf_counter()
import alembic, babel, flask, flask_login, flask_wtf, sqlalchemy.orm
seconds = time.perf_counter() - begun
"""
WORKER = """
import json, sys, time
begun = time.perf_counter()
from stins import create_app
app = create_app()
seconds = time.perf_counter() - begun
assert app.test_client().get("/svara", base_url="http://127.0.0.1:8000").status_code == 200
"""
TELL = "import sys; print(json.dumps([seconds, resident(), sorted(sys.modules)]))"


def measure() -> Iterator[Row]:
    """Start several of each in turn and take the medians."""
    with sqlite() as ground:
        ground.world().store.dispose()
        frames, workers = [], []
        for _ in range(STARTS):
            frames.append(_started(ground, FRAME))
            workers.append(_started(ground, WORKER))
    frame, start = median(each[0] for each in frames), median(each[0] for each in workers)
    held, memory = median(each[1] for each in frames), median(each[1] for each in workers)
    loaded = [name for name in DRAWING if name in workers[0][2]]
    yield Figure(
        "start of a worker", start, "s", Baseline(frame, "importing its libraries"), below(1, start, "s")
    )
    yield Figure(
        "memory of a worker before the first picture",
        memory,
        "MB",
        Baseline(held, "its libraries"),
        below(120, memory, "MB"),
    )
    yield Figure(
        "  drawing libraries loaded by then",
        len(loaded),
        " ".join(loaded),
        None,
        Target("none of matplotlib, typst", not loaded),
    )


def _started(ground: Ground, program: str) -> tuple[float, float, list[str]]:
    environ = {"STINS_HOME": str(ground.folder / "first"), "PATH": ""}
    done = subprocess.run(
        [sys.executable, "-c", RESIDENT + program + TELL],
        env=environ,
        check=True,
        capture_output=True,
        text=True,
    )
    seconds, memory, modules = json.loads(done.stdout)
    return seconds, memory, modules
