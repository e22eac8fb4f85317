"""How formulas of Bedömning refer to cells."""

from dataclasses import dataclass

from scoring.verdict import Status
from stins.workbook.write.figures import Line
from stins.workbook.write.rules import STATUS_NAMES
from stins.workbook.write.work import COUNTS, FIRST, Work, row_of

MET, PARTLY, NOT_MET = (STATUS_NAMES[s] for s in (Status.MET, Status.PARTLY, Status.NOT_MET))


@dataclass(frozen=True, slots=True)
class Row:
    """A criterion in Bedömning: how to refer to cells of its row and to whole columns."""

    work: Work
    line: Line

    @property
    def number(self) -> int:
        """The row."""
        return row_of(self.line)

    def of(self, letters: str) -> str:
        """Refer to a cell of this row."""
        return f"{letters}{self.number}"

    def all(self, letters: str) -> str:
        """Refer to a column, all criteria of it."""
        return f"{letters}${FIRST}:{letters}${self.work.last}"

    def count(self, cell: str, band: int) -> str:
        """Refer to a number of Underlag: 0 agree, 1 partly, 2 disagree, 3 unknown."""
        return self.work.at("counts", f"{COUNTS[cell][band]}{self.number}")
