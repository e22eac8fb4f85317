"""What a machine may lack: named in a skip with how to install it, or a failure where all is required."""

import os
import shutil
import subprocess
from pathlib import Path
from typing import NoReturn

import pytest


def lacking(what: str, remedy: str) -> NoReturn:
    """Skip the test for want of something, or fail it when ``STINS_TEST_ALL=1``."""
    message = f"{what} is not on this machine; {remedy}"
    if os.environ.get("STINS_TEST_ALL") == "1":
        pytest.fail(message)
    pytest.skip(message)


def program(names: tuple[str, ...], what: str, remedy: str) -> str:
    """Give the path of the first program of these names that there is."""
    for name in names:
        found = shutil.which(name)
        if found:
            return found
    lacking(what, remedy)


def arial() -> None:
    """Skip the test where nothing on the machine is as wide as Arial: pages would break elsewhere."""
    listed = shutil.which("fc-list")
    fonts = subprocess.run([listed, ":", "family"], capture_output=True, check=True).stdout if listed else b""
    if not any(name in fonts for name in (b"Arial", b"Liberation Sans")):
        lacking("A font like Arial", "on Debian: sudo apt-get install fonts-liberation")


def postgresql_programs() -> Path:
    """Give the folder of PostgreSQL's own programs (initdb, pg_ctl), of the newest version there is."""
    folders = sorted(Path("/usr/lib/postgresql").glob("*/bin"), key=lambda path: int(path.parent.name))
    on_path = shutil.which("initdb")
    if folders:
        return folders[-1]
    if on_path:
        return Path(on_path).parent
    lacking("PostgreSQL", "on Debian: sudo apt-get install postgresql")
