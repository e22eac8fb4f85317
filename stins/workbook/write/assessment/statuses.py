"""Statuses: of one table at a legal level, and of a criterion."""

from collections.abc import Sequence

from questionnaires.model import Level
from scoring.release import ALLA
from stins.workbook import places
from stins.workbook.write.assessment.columns import TABLES
from stins.workbook.write.assessment.row import MET, NOT_MET, PARTLY, Row
from stins.workbook.write.figures import SETS
from stins.workbook.write.rules import FACT_NAMES, STATUS_NAMES


def table_status(level: Level, base: str, agree: str, partly: str, disagree: str) -> str:
    """Compare whole numbers only: a share such as 4/5 is reached when 5·agree >= 4·base."""
    short = f"({partly}+{disagree})"
    not_met = (
        f"AND({short}>={level}_not_met_short_least,"
        f"{short}*{level}_not_met_short_over_d>{level}_not_met_short_over_n*{base})"
    )
    met = f"{agree}*{level}_met_from_d>={level}_met_from_n*{base}"
    if level is Level.F:
        not_met = (
            f"OR({not_met},AND({disagree}>=F_not_met_disagree_least,"
            f"{disagree}*F_not_met_disagree_over_d>F_not_met_disagree_over_n*{base}))"
        )
        met = (
            f"AND({met},OR({disagree}<=F_met_disagree_at_most,"
            f"{disagree}*F_met_disagree_or_share_d<=F_met_disagree_or_share_n*{base}))"
        )
    return f'IF({base}=0,"",IF({not_met},{NOT_MET},IF({met},{MET},{PARTLY})))'


def needed(level: Level, base: str, agree: str, disagree: str) -> str:
    """How many more would have to agree; -INT(-x) is x rounded up."""
    missing = f"-INT(-{level}_met_from_n*{base}/{level}_met_from_d)-{agree}"
    if level is not Level.F:
        return f"MAX({missing},1)"
    tolerated = f"INT(F_met_disagree_or_share_n*{base}/F_met_disagree_or_share_d)"
    return f"MAX({missing},{disagree}-MAX(F_met_disagree_at_most,{tolerated}),1)"


def status(row: Row) -> str:
    """Take the worst among the shown tables, or what is stated."""
    if row.line.facts:
        stated = places.fact(row.line.id)
        return _first(
            [
                (f"{stated}={FACT_NAMES[fact]}", word)
                for fact, word in zip(FACT_NAMES, STATUS_NAMES.values(), strict=True)
            ]
        )
    shown = [row.of(TABLES[cell].status) for cell in SETS if cell == ALLA or cell in row.line.sides]
    return _first([(_any(shown, status), status) for status in (NOT_MET, PARTLY, MET)])


def _any(cells: Sequence[str], word: str) -> str:
    return "OR(" + ",".join(f"{cell}={word}" for cell in cells) + ")"


def _first(cases: Sequence[tuple[str, str]]) -> str:
    """Nest IFs: the value of the first case that holds, else an empty text."""
    formula = '""'
    for condition, value in reversed(cases):
        formula = f"IF({condition},{value},{formula})"
    return formula
