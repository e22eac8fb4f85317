"""Faults found in a workbook's cells, kept until everything has been looked at."""

from stins.workbook.read.faults import Fault, Faulty
from stins.workbook.read.grid import Grid, Spot


class Collected:
    """Everything wrong so far; told in the order in which somebody leafs through the workbook."""

    def __init__(self, grid: Grid) -> None:
        self._tabs = {tab: number for number, tab in enumerate(grid.sheets)}
        self._found: list[tuple[tuple[int, int, int], Fault]] = []

    def add(self, spot: Spot | None, message: str, place: str | None = None, **about: str | int) -> None:
        """Keep a fault of a cell or of the whole file; ``place``, if given, is shown instead of the cell."""
        if spot is None:
            self._found.append(((-1, 0, 0), Fault(place or "", message, about)))
            return
        order = (self._tabs.get(spot.tab, -1), spot.row, spot.column)
        self._found.append((order, Fault(spot.name if place is None else place, message, about)))

    def raise_if_any(self) -> None:
        """Raise :class:`stins.workbook.read.faults.Faulty` with all that was found."""
        if self._found:
            raise Faulty(self.ordered())

    def ordered(self) -> tuple[Fault, ...]:
        """Give what was found in order."""
        return tuple(fault for _, fault in sorted(self._found, key=lambda found: found[0]))
