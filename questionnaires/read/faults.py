"""What is wrong in a catalogue's files, said so that its writer can mend it."""

from collections.abc import Iterable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Fault:
    """What is wrong, in which file, under which key, and what to do about it.

    ``key`` is empty when the fault is the whole file's.
    """

    file: str
    key: str
    problem: str
    remedy: str

    def __str__(self) -> str:
        """Give the fault as one line, whatever the file holds."""
        line = ": ".join(part for part in (self.file, self.key, f"{self.problem}; {self.remedy}") if part)
        return "".join(char if char.isprintable() else " " for char in line)


class CatalogueError(ValueError):
    """A catalogue cannot be used: ``faults`` holds all that is wrong in its files, file by file."""

    def __init__(self, faults: Iterable[Fault]) -> None:
        """Keep the faults; as text they are a line each."""
        self.faults = tuple(faults)
        super().__init__("\n".join(str(fault) for fault in self.faults))
