"""A foreign file is opened by a process of its own, which is told nothing and stopped in time."""

import gc
import io
import json
import resource
import runpy
import signal
import stat
import subprocess
import sys
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from stins.workbook.read import child, grid, kinds, package, parts
from stins.workbook.read.faults import Unreadable
from stins.workbook.read.grid import Area, Grid
from tests.workbook.read.sheets import define, part, repacked, saved, workbook_of

SHEET = "xl/worksheets/sheet1.xml"


def read(content: bytes, filename: str) -> Grid:
    """Read a file, and see that this process finds the same in it as that other one does."""
    here = json.dumps(child.opened(content))
    found = grid.read(content, filename)
    assert json.loads(here) == grid._from_child(content)
    return found


def refused(content: bytes, filename: str) -> None:
    """Read a file that is refused, there and here."""
    assert child.opened(content)["fault"][1] == parts.DAMAGED
    grid.read(content, filename)


def test_every_kind_of_value_comes_through():
    values: dict[str, Any] = {
        "A1": "text",
        "A2": 3,
        "A3": 2.5,
        "A4": True,
        "A5": datetime.fromisoformat("2026-05-31T12:30"),
        "A6": date(2026, 5, 31),
        "A7": timedelta(hours=3),
        "A8": "#N/A",
        "C9": "å\n<ä>",
    }
    found = read(workbook_of({"Åäö, två": values, "Tom": {}}), "a.xlsx").sheets
    assert dict(found["Tom"]) == {}
    assert dict(found["Åäö, två"]) == {
        (1, 1): "text",
        (2, 1): 3,
        (3, 1): 2.5,
        (4, 1): True,
        (5, 1): datetime.fromisoformat("2026-05-31T12:30"),
        (6, 1): datetime.fromisoformat("2026-05-31"),
        (7, 1): "3:00:00",
        (8, 1): "#N/A",
        (9, 3): "å\n<ä>",
    }


def test_a_day_written_as_iso_comes_through():
    content = workbook_of({"Blad": {"A1": 1}})
    sheet = part(content, SHEET).replace('t="n"', 't="d"').replace("<v>1</v>", "<v>2026-05-31</v>")
    found = read(repacked(content, {SHEET: sheet.encode()}), "a.xlsx").sheets["Blad"]
    assert found[1, 1] == date(2026, 5, 31)


def test_a_formula_counts_by_its_last_value_or_is_empty():
    content = workbook_of({"Blad": {"A1": "=1+2", "A2": "=1+2"}})
    sheet = part(content, SHEET)
    assert sheet.count("<v/>") + sheet.count("<v />") + sheet.count("<v></v>") == 2
    for empty in ("<v/>", "<v />", "<v></v>"):
        sheet = sheet.replace(empty, "<v>3</v>", 1)
    assert dict(read(repacked(content, {SHEET: sheet.encode()}), "a.xlsx").sheets["Blad"]) == {(1, 1): 3}


def test_names_of_one_rectangle_are_kept_and_others_passed_over():
    workbook = openpyxl.Workbook()
    workbook.worksheets[0].title = "Kalles 'blad'"
    for name, area in {
        "en_cell": "'Kalles ''blad'''!$C$4",
        "yta": "'Kalles ''blad'''!$C$4:$AF$70",
        "bakvand": "'Kalles ''blad'''!$F$4:$C$9",
        "kolumn": "'Kalles ''blad'''!$A:$A",
        "tva": "Blad!$A$1,Blad!$B$2",
        "langt_bort": "Blad!$A$1:$A$9999",
        "bred": "Blad!$A$1:$XFD$9",
        "konstant": "5",
        "borta": "#REF!",
        "utan_tecken": "Blad!$A$1",
    }.items():
        define(workbook, name, area)
    assert dict(read(saved(workbook), "a.xlsx").names) == {
        "en_cell": Area("Kalles 'blad'", 4, 3, 4, 3),
        "yta": Area("Kalles 'blad'", 4, 3, 70, 32),
        "utan_tecken": Area("Blad", 1, 1, 1, 1),
    }


def test_two_tabs_of_one_name_are_a_damaged_file():
    content = workbook_of({"Ett": {"A1": 1}, "Två": {"A1": 2}})
    listed = part(content, "xl/workbook.xml").replace('"Två"', '"Ett"')
    with pytest.raises(Unreadable, match="skadad eller inte hel"):
        refused(repacked(content, {"xl/workbook.xml": listed.encode()}), "a.xlsx")


def test_what_openpyxl_cannot_make_sense_of_is_a_damaged_file():
    content = workbook_of({"Ett": {"A1": 1}})
    sheet = part(content, SHEET).replace("<v>1</v>", "<v>ett</v>")
    with pytest.raises(Unreadable, match="skadad eller inte hel"):
        refused(repacked(content, {SHEET: sheet.encode()}), "a.xlsx")


def test_memory_that_runs_out_is_a_refusal(monkeypatch: pytest.MonkeyPatch):
    def runs_out(content: bytes) -> None:
        raise MemoryError

    monkeypatch.setattr(package, "look_through", runs_out)
    place, message, about = child.opened(b"")["fault"]
    assert (place, about) == ("", {})
    assert message.startswith("Filen kräver mer minne")


def program(path: Path, lines: str) -> str:
    """Make something to run in place of Python."""
    path.write_text(f"#!/bin/sh\n{lines}\n", encoding="utf-8")
    path.chmod(path.stat().st_mode | stat.S_IXUSR)
    return str(path)


@pytest.mark.parametrize(
    ("lines", "said"),
    [
        ("exit 1", "kunde inte läsas: den är skadad"),
        ("kill -SEGV $$", "kunde inte läsas: den är skadad"),
        ("kill -PROF $$", "för lång tid"),
        ("kill -XCPU $$", "för lång tid"),
        ("exec sleep 30", "för lång tid"),
        ("cat > /dev/null; echo nonsense", "kunde inte läsas: den är skadad"),
        (
            """cat > /dev/null; echo '{"sheets": {"A": [[1, 1, null]]}, "names": {}}'""",
            "kunde inte läsas: den",
        ),
    ],
)
def test_whatever_becomes_of_the_process_is_said(
    lines: str, said: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(grid, "PATIENCE", 0.3 if "sleep" in lines else 5)
    monkeypatch.setattr(sys, "executable", program(tmp_path / "python", lines))
    with pytest.raises(Unreadable, match=said):
        grid.read(workbook_of({"Ett": {"A1": 1}}), "a.xlsx")


def test_a_process_that_cannot_start_is_said(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(sys, "executable", str(tmp_path / "nowhere"))
    with pytest.raises(Unreadable, match="Försök igen om en stund"):
        grid.read(workbook_of({"Ett": {"A1": 1}}), "a.xlsx")


def test_the_process_is_told_no_setting_and_finds_no_modules_of_the_users(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setenv("STINS_PEPPER_FILE", "/secret")
    monkeypatch.setenv("PYTHONPATH", str(tmp_path))
    answer = '{"sheets": {"A": [[1, 1, "%s"]]}, "names": {}}'
    lines = f"cat > /dev/null; printf '{answer}' \"$(env | tr '\\n' ' ')\""
    with monkeypatch.context() as changed:
        changed.setattr(sys, "executable", program(tmp_path / "python", lines))
        told = str(grid.read(workbook_of({"Ett": {"A1": 1}}), "a.xlsx").sheets["A"][1, 1])
    assert "STINS" not in told
    assert "PYTHONPATH" not in told
    (tmp_path / "openpyxl.py").write_text("raise SystemExit(1)", encoding="utf-8")
    grid._folders.cache_clear()
    assert grid.read(workbook_of({"Ett": {"A1": 1}}), "a.xlsx").sheets["Ett"][1, 1] == 1


def test_the_process_sets_its_limits_before_it_opens_the_file(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
):
    limits: dict[int, tuple[int, int]] = {}
    timers: list[tuple[int, float]] = []
    monkeypatch.setattr(resource, "setrlimit", lambda which, most: limits.update({which: most}))
    monkeypatch.setattr(signal, "setitimer", lambda which, seconds: timers.append((which, seconds)))
    monkeypatch.setattr(gc, "disable", lambda: None)
    monkeypatch.setattr(sys, "argv", ["child.py", *grid._folders()])
    monkeypatch.setattr(sys, "path", list(sys.path))
    for name in ("stins", "stins.workbook", "stins.workbook.read", "numpy", "PIL", "lxml"):
        monkeypatch.setitem(sys.modules, name, sys.modules.get(name))
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(workbook_of({"Ett": {"A1": 1}}))))
    runpy.run_path(child.__file__, run_name="__main__")
    assert json.loads(capsys.readouterr().out) == {"sheets": {"Ett": [[1, 1, 1]]}, "names": {}}
    assert limits[resource.RLIMIT_AS] == (512 * 1024 * 1024,) * 2
    assert limits[resource.RLIMIT_FSIZE] == limits[resource.RLIMIT_CORE] == (0, 0)
    assert resource.RLIMIT_CPU in limits
    assert timers == [(signal.ITIMER_PROF, child.SECONDS)]


def test_the_process_does_not_load_the_web_application():
    code = f"""
import runpy, sys
found = runpy.run_path({child.__file__!r})
found["_prepare"]({child.__file__!r}, {list(grid._folders())!r})
found["opened"](b"")
print(*(name for name in ("flask", "sqlalchemy", "numpy", "pydantic", "babel") if sys.modules.get(name)))
"""
    done = subprocess.run([sys.executable, "-I", "-S", "-c", code], stdout=subprocess.PIPE, check=True)
    assert done.stdout.strip() == b""


def test_what_the_file_is_refused_for_is_handed_over():
    fault = child.opened(repacked(workbook_of({"Ett": {"A1": 1}}), {"xl/vbaProject.bin": b"x"}))["fault"]
    assert fault == ["xl/vbaProject.bin", kinds.MACROS, {}]


def test_more_text_than_there_is_room_for_is_refused_in_this_process_too(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(child, "MAX_TEXT", 10)
    assert "mycket mer text" in child.opened(workbook_of({"Ett": {"A1": "elva tecken"}}))["fault"][1]
