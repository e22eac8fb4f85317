"""Which criteria decide an area's grade: those that make the first line of the area rule hold."""

from questionnaires.model import Level
from scoring.verdict import Status
from stins.workbook.write.assessment.area_columns import AR_PARTLY, GRADE, KI, KI_LIMIT, KI_SHORT
from stins.workbook.write.assessment.columns import BECAUSE, BECAUSE_TEXT, CRITICAL, PROVISIONAL, STATUS
from stins.workbook.write.book import Value, literal
from stins.workbook.write.figures import Line
from stins.workbook.write.rules import STATUS_NAMES
from stins.workbook.write.work import Work, row_of

PARTLY, NOT_MET = STATUS_NAMES[Status.PARTLY], STATUS_NAMES[Status.NOT_MET]


def because(work: Work, line: Line) -> str:
    """Give the formula that is 1 where a criterion is a reason for its area's grade."""
    row, area = row_of(line), work.area_row(line.area)
    status = f"{STATUS}{row}"
    grade = f"{GRADE}{area}"
    cases = {"–": f'{status}=""', **_reasons(line, status, row, area)}
    formula = "0"
    for letter, holds in cases.items():
        formula = f"IF({grade}={literal(letter)},IF({holds},1,0),{formula})"
    return formula


def _reasons(line: Line, status: str, row: int, area: int) -> dict[str, str]:
    not_met, partly = f"{status}={NOT_MET}", f"{status}={PARTLY}"
    short = f"OR({not_met},{partly})"
    match line.level:
        case Level.F:
            return {"D": f"AND({not_met},{PROVISIONAL}{row}=0)", "C": short}
        case Level.AR:
            several = f"{AR_PARTLY}{area}>area_c_ar_partly_over"
            return {"C": f"OR({not_met},AND({partly},{several}))", "B": short}
        case Level.KI:
            over = f"OR({KI_SHORT}{area}>{KI_LIMIT}{area},{KI_SHORT}{area}={KI}{area})"
            return {"C": f"AND({not_met},{CRITICAL}{row}=1)", "B": f"AND({short},{over})"}


def because_text(work: Work, line: Line) -> tuple[str, Value]:
    """Give the formula that lists an area's reasons so far, and its value."""
    row = row_of(line)
    same = [each for each in work.figures.criteria if each.area == line.area]
    value = ", ".join(each.id for each in same if each.because and each.number <= line.number)
    if line is same[0]:
        return f'IF({BECAUSE}{row}=1,{literal(line.id)},"")', value
    before = f"{BECAUSE_TEXT}{row - 1}"
    return f'{before}&IF({BECAUSE}{row}=1,IF({before}="","",", ")&{literal(line.id)},"")', value
