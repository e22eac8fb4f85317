"""Where things stand in a workbook: the one description that the writer and the reader share.

The reader finds everything through defined names, which follow their cells when somebody moves them or saves
the file with another program; tabs are named in the file's language, names never are.
"""

from questionnaires.model import Role

KIND = "stins_sort"  # one of the two words below
BLANK = "arbetsbok"
EXPORT = "resultat"
CATALOGUE = "stins_katalog"
RULES = "stins_regler"

SHA256 = "stins_kontrollsumma"
MODE = "stins_lage"
AREAS = "stins_omraden"

GRADES = "betyg"
"""The areas' grades, a row each; an area's id stands in the first column."""
SHOWN_GRADES = "betyg_i_resultat"
"""The same grades as a reader sees them, in Resultat."""
STATUSES = "statusar"
"""The criteria's statuses, a row each."""

UNIT = "enhet"
LAST_DAY = "sista_dag"
K = "minst_svar"

ANSWERS = {3: "3", 2: "2", 1: "1", 0: "0", "vet_ej": "V", "ej_aktuellt": "E"}
"""How each answer is written in an answer tab, the same in both languages."""

ID_COLUMN = 1
"""In the tabs that have a row for each criterion its id stands in the first column; other rows have none."""


def parameter(id: str) -> str:
    """Name the cell with one of the region's numbers."""
    return f"tal_{id}"


def fact(criterion: str) -> str:
    """Name the cell where a fact is stated."""
    return f"uppgift_{criterion}"


def answers(role: Role) -> str:
    """Name the rectangle of a role's answers: a row for each row of its tab, a column for each respondent."""
    return f"svar_{role}"


def counts(cell: str) -> str:
    """Name the rectangle of a cell's released numbers: a row for each row of its tab, five bands wide."""
    return f"underlag_{cell}"


def scale(cell: str) -> str:
    """Name the rectangle of a cell's four-step distributions, beside :func:`counts`; only in an export."""
    return f"skala_{cell}"


def people(cell: str) -> str:
    """Name the cell with the number of ballots behind a cell."""
    return f"antal_{cell}"
