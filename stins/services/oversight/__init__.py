"""Looking over it all: what needs a person now, and how every unit stands."""

from stins.services.oversight.home import Matter, Need, needs
from stins.services.oversight.overview import UnitRow, units

__all__ = ["Matter", "Need", "UnitRow", "needs", "units"]
