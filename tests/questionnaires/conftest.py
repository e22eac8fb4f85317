"""A copy of the 2026 catalogue that a test may spoil."""

import importlib.resources
from dataclasses import dataclass
from pathlib import Path

import pytest

from questionnaires.model import Catalogue
from questionnaires.read import CatalogueError, Fault, catalogue, read


@dataclass(frozen=True)
class Copy:
    """The files of a catalogue, and what a reader finds wrong with them."""

    folder: Path

    def change(self, file: str, old: str, new: str) -> None:
        """Put ``new`` where ``old`` stands first in ``file``; it must stand there."""
        path = self.folder / file
        text = path.read_text(encoding="utf-8")
        assert old in text
        path.write_text(text.replace(old, new, 1), encoding="utf-8")

    def change_row(self, file: str, id: str, old: str, new: str) -> None:
        """Put ``new`` where ``old`` stands in the row of ``id``."""
        row = self.row(file, id)
        assert old in row
        self.change(file, row, row.replace(old, new, 1))

    def row(self, file: str, id: str) -> str:
        """Give the text of a row, from its heading to the blank line or end after it."""
        text = (self.folder / file).read_text(encoding="utf-8")
        rows = [f"[[{row}" for row in text.split("[[")[1:]]
        return next(row for row in rows if row.splitlines()[1].endswith(f' = "{id}"'))

    def remove_row(self, file: str, id: str) -> None:
        """Take a row out of a file."""
        self.change(file, self.row(file, id), "")

    def append(self, file: str, text: str) -> None:
        """Write ``text`` last in ``file``."""
        path = self.folder / file
        path.write_text(path.read_text(encoding="utf-8") + text, encoding="utf-8")

    def read(self) -> Catalogue:
        """Read the copy."""
        return read(self.folder)

    def faults(self) -> tuple[Fault, ...]:
        """Read the copy, which must be refused."""
        with pytest.raises(CatalogueError) as refused:
            read(self.folder)
        return refused.value.faults

    def lines(self) -> list[str]:
        """Give the faults as they are printed."""
        return [str(fault) for fault in self.faults()]


@pytest.fixture
def copy(tmp_path: Path) -> Copy:
    """Give a sound copy of the published 2026."""
    folder = tmp_path / "2026"
    folder.mkdir()
    for path in importlib.resources.files("questionnaires").joinpath("2026").iterdir():
        (folder / path.name).write_bytes(path.read_bytes())
    return Copy(folder)


@pytest.fixture
def published() -> Catalogue:
    """Give the published 2026."""
    return catalogue("2026")
