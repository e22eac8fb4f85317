"""A criterion's place in each list. Ranks are exact: shares are compared by multiplying crosswise."""

from collections.abc import Mapping

from questionnaires.model import Level
from scoring.release import ALLA, ST, UTBILDARE
from stins.workbook.write.assessment.columns import (
    AREA,
    BECAUSE,
    BREACH,
    GAP,
    GAP_DEN,
    GAP_NUM,
    IS_GAP,
    KEPT,
    LEVEL_RANK,
    LOW_AGREE,
    LOW_BASE,
    NUMBER,
    STATUS,
    STRENGTH,
    STRONG,
    TABLES,
    UNKNOWN,
    UNKNOWN_TEXT,
    WEAK,
    WEIGHT,
)
from stins.workbook.write.assessment.reasons import because
from stins.workbook.write.assessment.row import MET, NOT_MET, PARTLY, Row
from stins.workbook.write.book import Value, literal
from stins.workbook.write.figures import LEVELS
from stins.workbook.write.work import FIRST


def ranks(row: Row) -> list[tuple[str, str, Value]]:
    """Give the columns, formulas and values of the steps towards each list."""
    line, of, all_ = row.line, row.of, row.all
    agree, base = line.lowest
    low_agree, low_base = _lowest(row)
    crosswise = f"{all_(LOW_AGREE)}*{of(LOW_BASE)}", f"{of(LOW_AGREE)}*{all_(LOW_BASE)}"
    earlier = f"({all_(NUMBER)}<{of(NUMBER)})"
    worse = f"(({crosswise[0]}<{crosswise[1]})+({crosswise[0]}={crosswise[1]})*{earlier})"
    heavier = f"(({all_(WEIGHT)}<{of(WEIGHT)})+({all_(WEIGHT)}={of(WEIGHT)})*{worse})"
    by_level = f"(({all_(LEVEL_RANK)}<{of(LEVEL_RANK)})+({all_(LEVEL_RANK)}={of(LEVEL_RANK)})*{earlier})"
    better = f"(({crosswise[0]}>{crosswise[1]})+({crosswise[0]}={crosswise[1]})*{by_level})"
    gaps = f"{all_(GAP_NUM)}*{of(GAP_DEN)}", f"{of(GAP_NUM)}*{all_(GAP_DEN)}"
    wider = f"(({gaps[0]}>{gaps[1]})+({gaps[0]}={gaps[1]})*{earlier})"
    kept = f"SUMPRODUCT({all_(STRONG)}*({all_(AREA)}={of(AREA)})*{better})<findings_strengths_per_area_value"
    breach = (
        f"IF({of(STATUS)}={NOT_MET},SUMPRODUCT(({LEVEL_RANK}${FIRST}:{of(LEVEL_RANK)}=0)"
        f"*({STATUS}${FIRST}:{of(STATUS)}={NOT_MET})),0)"
        if line.level is Level.F
        else "0"
    )
    return [
        (LOW_AGREE, low_agree, agree),
        (LOW_BASE, low_base, base),
        (WEIGHT, _weight(row), line.weight),
        (BREACH, breach, line.breach),
        (WEAK, f"IF({of(WEIGHT)}=0,0,1+SUMPRODUCT(({all_(WEIGHT)}>0)*{heavier}))", line.weak),
        (STRONG, _strong(row), int(line.strong)),
        (KEPT, f"IF({of(STRONG)}=1,IF({kept},1,0),0)", int(line.kept > 0)),
        (STRENGTH, f"IF({of(KEPT)}=1,1+SUMPRODUCT({all_(KEPT)}*{better}),0)", line.kept),
        (GAP_NUM, _apart(row)[0], line.apart[0]),
        (GAP_DEN, _apart(row)[1], line.apart[1]),
        (
            IS_GAP,
            f"IF(AND({of(GAP_NUM)}>0,{of(GAP_NUM)}*findings_gap_from_d>=findings_gap_from_n*{of(GAP_DEN)}),1,0)",
            int(line.gap > 0),
        ),
        (GAP, f"IF({of(IS_GAP)}=1,1+SUMPRODUCT({all_(IS_GAP)}*{wider}),0)", line.gap),
        (UNKNOWN, _unknown(row), int(line.unknown)),
        (BECAUSE, because(row.work, line), int(line.because)),
    ]


def _weight(row: Row) -> str:
    rank = LEVELS.index(row.line.level)
    status = row.of(STATUS)
    return f"IF({status}={NOT_MET},{2 * rank + 1},IF({status}={PARTLY},{2 * rank + 2},0))"


def _lowest(row: Row) -> tuple[str, str]:
    """Give formulas for agree and base of the table where the fewest agree; a fact counts as its share."""
    if row.line.facts:
        status = row.of(STATUS)
        return (
            f"IF({status}={MET},1,IF({status}={PARTLY},fact_delvis_share_n,0))",
            f'IF({status}="",0,IF({status}={PARTLY},fact_delvis_share_d,1))',
        )
    base = {cell: row.of(TABLES[cell].base) for cell in (*row.line.sides, ALLA)}
    agree = {cell: row.count(cell, 0) for cell in base}
    if len(row.line.sides) == 1:
        only = row.line.sides[0]
        return _either(base, agree, only), _either(base, base, only)
    lower = f"{agree[UTBILDARE]}*{base[ST]}<{agree[ST]}*{base[UTBILDARE]}"
    both = f"AND({base[ST]}>0,{base[UTBILDARE]}>0)"

    def pick(of: Mapping[str, str]) -> str:
        two = f"IF({lower},{of[UTBILDARE]},{of[ST]})"
        one = f"IF({base[ST]}>0,{of[ST]},IF({base[UTBILDARE]}>0,{of[UTBILDARE]},0))"
        return f"IF({base[ALLA]}>0,{of[ALLA]},IF({both},{two},{one}))"

    return pick(agree), pick(base)


def _either(base: Mapping[str, str], of: Mapping[str, str], only: str) -> str:
    return f"IF({base[ALLA]}>0,{of[ALLA]},IF({base[only]}>0,{of[only]},0))"


def _strong(row: Row) -> str:
    """Met, in every cell where it was asked or pooled, and so many agree even where they are fewest."""
    line, of = row.line, row.of
    if line.facts:
        return "0"
    everywhere = "AND(" + ",".join(f'{of(TABLES[cell].status)}<>""' for cell in line.sides) + ")"
    share = f"{of(LOW_AGREE)}*findings_strength_from_d>=findings_strength_from_n*{of(LOW_BASE)}"
    shown = f'OR({of(TABLES[ALLA].status)}<>"",{everywhere})'
    return f"IF(AND({of(STATUS)}={MET},{shown},{share}),1,0)"


def _apart(row: Row) -> tuple[str, str]:
    if len(row.line.sides) < 2:
        return "0", "1"
    base = {cell: row.of(TABLES[cell].base) for cell in (ST, UTBILDARE)}
    both = f"AND({base[ST]}>0,{base[UTBILDARE]}>0)"
    one = f"{row.count(ST, 0)}*{base[UTBILDARE]}"
    other = f"{row.count(UTBILDARE, 0)}*{base[ST]}"
    return f"IF({both},ABS({one}-{other}),0)", f"IF({both},{base[ST]}*{base[UTBILDARE]},1)"


def _unknown(row: Row) -> str:
    if row.line.facts:
        return "0"

    def many(cell: str) -> str:
        base = row.of(TABLES[cell].base)
        unknown = f"{row.count(cell, 3)}*findings_unknown_from_d>=findings_unknown_from_n*{base}"
        return f"IF({base}>0,IF({unknown},1,0),0)"

    return "MAX(" + ",".join(many(cell) for cell in (*row.line.sides, ALLA)) + ")"


def unknown_text(row: Row) -> tuple[str, Value]:
    """Give the formula that lists the routines that few know of so far, and its value."""
    lines = row.work.figures.criteria
    value = ", ".join(line.id for line in lines[: row.line.number] if line.unknown)
    before = f"{UNKNOWN_TEXT}{row.number - 1}"
    if row.line.number == 1:
        return f'IF({row.of(UNKNOWN)}=1,{literal(row.line.id)},"")', value
    return (
        f'{before}&IF({row.of(UNKNOWN)}=1,IF({before}="","",", ")&{literal(row.line.id)},"")',
        value,
    )
