"""Looking over it all: what needs a person now, how every unit stands, and what a year came to."""

from stins.services.oversight.home import Matter, Need, needs
from stins.services.oversight.overview import Round, Show, UnitRow, overview_page, units

__all__ = ["Matter", "Need", "Round", "Show", "UnitRow", "needs", "overview_page", "units"]
