"""An uploaded spreadsheet is read; what is wrong with the file is said in words that fit reviews."""

from collections.abc import Mapping

from stins.workbook.read import kinds, package, parts
from stins.workbook.read.cells import cell_of, column_name
from stins.workbook.read.faults import N_, Unreadable
from stins.workbook.read.grid import SLOW, STOPPED, Grid, read

_ANOTHER_KIND = N_(
    "Filen är inget Excel-kalkylblad. Välj den ifyllda mallen (.xlsx). Har du granskningarna i en CSV-fil, "
    "så öppna den i Excel och spara den som Excel-arbetsbok (.xlsx)."
)
_MUCH_ELSE = N_(
    "Filen går inte att läsa: den är skadad, eller har mycket annat i sig än granskningar. Hämta mallen på "
    "nytt, kopiera granskningarna dit och välj den."
)
_SAID_OF_FILE: Mapping[str, str] = {
    **dict.fromkeys((kinds.TEXT, kinds.PDF, kinds.PICTURE, kinds.UNKNOWN), _ANOTHER_KIND),
    **dict.fromkeys((package.NOT_A_WORKBOOK, package.DOCUMENT), _ANOTHER_KIND),
    **dict.fromkeys((package.MANY_PARTS, package.LARGE, package.BOMB, package.ARCHIVE), _MUCH_ELSE),
    **dict.fromkeys((parts.MANY_CELLS, SLOW, STOPPED), _MUCH_ELSE),
    kinds.EMPTY: N_("Filen är tom. Spara kalkylbladet på nytt och välj det igen."),
    kinds.TOO_BIG: N_(
        "Filen är större än 1 MB. Ta bort bilder och flikar, eller dela upp granskningarna på flera filer."
    ),
    parts.FAR: N_(
        "Rad %(row)s, kolumn %(column)s: så långt ut läses inget, bara 2 000 rader och 300 kolumner. Dela "
        "upp granskningarna på flera filer, eller ta bort det som står där."
    ),
}
"""What is said of a file with answers, said of one with reviews."""


def read_sheet(content: bytes, filename: str) -> Grid:
    """Read an uploaded spreadsheet, before any transaction. Raises ``Unreadable``."""
    try:
        return read(content, filename)
    except Unreadable as unreadable:
        fault = unreadable.fault
        said = _SAID_OF_FILE.get(fault.message)
        if said is None:
            raise
        row, column = cell_of(fault.place.rpartition("!")[2]) or (1, 1)
        raise Unreadable(said, row=row, column=column_name(column)) from None
