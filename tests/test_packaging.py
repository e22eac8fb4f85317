"""What is installed from the wheel is all that the checkout runs on."""

import shutil
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
OWNED = ("questionnaires", "scoring", "stins", "templates")
NEEDED = {".py", ".txt", ".toml", ".html", ".css", ".js", ".svg", ".mako", ".mo", ".po"}


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> zipfile.ZipFile:
    """A wheel built from a clean copy of what git knows."""
    copy = tmp_path_factory.mktemp("wheel")
    listed = subprocess.run(
        ["git", "ls-files", "--cached", "--others", "--exclude-standard"],
        cwd=ROOT, check=True, capture_output=True, text=True,
    )  # fmt: skip
    for name in listed.stdout.splitlines():
        source = ROOT / name
        if source.is_file() and not name.startswith("tests/"):
            (copy / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy(source, copy / name)
    subprocess.run(
        [sys.executable, "-m", "pip", "wheel", "--quiet", "--no-deps", "--wheel-dir", "dist", "."],
        cwd=copy, check=True, capture_output=True,
    )  # fmt: skip
    return zipfile.ZipFile(next((copy / "dist").glob("*.whl")))


def test_the_wheel_holds_every_file_that_the_checkout_runs_on(wheel: zipfile.ZipFile):
    wanted = {
        path.relative_to(ROOT).as_posix()
        for folder in OWNED
        for path in (ROOT / folder).rglob("*")
        if path.suffix in NEEDED and "__pycache__" not in path.parts
    }
    assert wanted - set(wheel.namelist()) == set()


def test_the_wheel_owns_four_names_and_no_more(wheel: zipfile.ZipFile):
    tops = {name.partition("/")[0] for name in wheel.namelist()}
    assert {top for top in tops if not top.endswith(".dist-info")} == set(OWNED)


def test_the_repository_names_no_machine_and_no_registry():
    listed = subprocess.run(["git", "ls-files"], cwd=ROOT, check=True, capture_output=True, text=True)
    words = ("/" + "work/", "/" + "root/", "pypi" + ".org", "files.python" + "hosted")
    named = [
        name
        for name in listed.stdout.splitlines()
        if (ROOT / name).is_file() and any(word in (ROOT / name).read_text(errors="ignore") for word in words)
    ]
    assert named == []
