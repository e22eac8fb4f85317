"""The columns of Bedömning. Those to the right of the texts are steps on the way, outside the print."""

from collections.abc import Mapping
from dataclasses import dataclass

from scoring.release import ALLA, ST, UTBILDARE


@dataclass(frozen=True, slots=True)
class TableColumns:
    """The columns of one cell's table."""

    base: str
    share: str
    status: str
    needed: str

    @property
    def all(self) -> tuple[str, str, str, str]:
        """The columns in order."""
        return self.base, self.share, self.status, self.needed


AREA, LEVEL, PROVISIONAL, CRITICAL = "C", "D", "E", "F"
TABLES: Mapping[str, TableColumns] = {
    ST: TableColumns("G", "H", "I", "J"),
    UTBILDARE: TableColumns("K", "L", "M", "N"),
    ALLA: TableColumns("O", "P", "Q", "R"),
}
STATUS, NUMBERS_TEXT, NEEDED_TEXT = "S", "T", "U"
LOW_AGREE, LOW_BASE, NUMBER, LEVEL_RANK, WEIGHT = "W", "X", "Y", "Z", "AA"
BREACH, WEAK = "AB", "AC"
STRONG, KEPT, STRENGTH = "AD", "AE", "AF"
GAP_NUM, GAP_DEN, IS_GAP, GAP = "AG", "AH", "AI", "AJ"
UNKNOWN, UNKNOWN_TEXT = "AK", "AL"
BECAUSE, BECAUSE_TEXT = "AM", "AN"
