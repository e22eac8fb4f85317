"""A row for each area: counts of statuses, and the grade by the first line of the rule that holds."""

from questionnaires.model import Level
from scoring.release import ALLA, ST, UTBILDARE
from scoring.verdict import Status
from stins.workbook import places, words
from stins.workbook.write.assessment.area_columns import (
    AR_NOT_MET,
    AR_PARTLY,
    BROKEN,
    CRITICAL_NOT_MET,
    F_KNOWN,
    F_OF,
    F_SHORT,
    GRADE,
    HEIGHT,
    KI,
    KI_LIMIT,
    KI_SHORT,
    KNOWN,
    LABEL,
    OF,
    REASONS,
    SHARES,
)
from stins.workbook.write.assessment.columns import (
    AREA,
    BECAUSE_TEXT,
    CRITICAL,
    LEVEL_RANK,
    PROVISIONAL,
    STATUS,
    TABLES,
)
from stins.workbook.write.book import Tab, Value, literal
from stins.workbook.write.counts import GROUPS
from stins.workbook.write.figures import LEVELS, SETS, AreaFigures
from stins.workbook.write.rules import STATUS_NAMES
from stins.workbook.write.work import COUNTS, FIRST, Work

MET, PARTLY, NOT_MET = (STATUS_NAMES[s] for s in (Status.MET, Status.PARTLY, Status.NOT_MET))
HEIGHTS = {"A": 4, "B": 3, "C": 2, "D": 1, "–": 0}


def write(work: Work, tab: Tab) -> None:
    """Write heads and rows, below the criteria."""
    _, head = work._, work.areas_first - 1
    tab.text(f"A{head - 1}", _("Områden"), "heading")
    said = words.cells(_)
    heads = {
        "A": _("Nr"),
        "B": _("Område"),
        GRADE: _("Betyg"),
        KNOWN: _("Har status"),
        OF: _("av"),
        F_KNOWN: _("Föreskrifter med status"),
        F_OF: _("av"),
        KI: _("Indikatorer med status"),
        BROKEN: _("Föreskrifter som inte är uppfyllda"),
        F_SHORT: _("Föreskrifter delvis eller preliminärt"),
        AR_NOT_MET: _("Råd inte uppfyllda"),
        AR_PARTLY: _("Råd delvis uppfyllda"),
        CRITICAL_NOT_MET: _("Kritiska, inte uppfyllda"),
        KI_SHORT: _("Indikatorer som brister"),
        KI_LIMIT: _("Får brista"),
        HEIGHT: _("Höjd i diagrammet"),
        LABEL: _("Namn i diagrammet"),
        **{SHARES[cell]: said[cell] for cell in (ST, UTBILDARE)},
        REASONS: _("Avgörs av"),
    }
    for letters, text in heads.items():
        tab.text(f"{letters}{head}", text, "head")
    pooled = _("Alla, där grupperna är sammanslagna")
    everybody = pooled if work.figures.groups == 2 else said[ALLA]
    formula = f"IF({GROUPS}=2,{literal(pooled)},{literal(said[ALLA])})"
    tab.formula(f"{SHARES[ALLA]}{head}", formula, everybody, "head")
    tab.height(head, 64)
    for area in work.figures.areas:
        _row(work, tab, area)
    last = head + len(work.figures.areas)
    work.book.name(places.GRADES, tab, f"{GRADE}{head + 1}:{GRADE}{last}")


def _row(work: Work, tab: Tab, area: AreaFigures) -> None:
    row = work.area_row(area.id)
    tab.text(f"A{row}", area.id, "id")
    tab.text(f"B{row}", area.name, "small")
    tab.formula(f"{GRADE}{row}", _grade(row), area.grade, "grade_small")
    for letters, formula, value in _counts(work, area, row):
        tab.formula(f"{letters}{row}", formula, value, "meta_count")
    tab.formula(f"{LABEL}{row}", f'A{row}&": "&{GRADE}{row}', f"{area.id}: {area.grade}", "small")
    for cell in SETS:
        agree, base = area.agreeing[cell]
        tab.formula(f"{SHARES[cell]}{row}", _share(work, row, cell), agree / base if base else "", "share")
    last = max(line.number for line in work.figures.criteria if line.area == area.id) + FIRST - 1
    tab.formula(f"{REASONS}{row}", f"{BECAUSE_TEXT}{last}", ", ".join(area.because), "small")


def _grade(row: int) -> str:
    assessed = (
        f"OR({KNOWN}{row}*area_assessed_from_d<area_assessed_from_n*{OF}{row},"
        f"{F_KNOWN}{row}*area_assessed_from_d<area_assessed_from_n*{F_OF}{row})"
    )
    c = (
        f"OR({F_SHORT}{row}>0,{AR_NOT_MET}{row}>0,{AR_PARTLY}{row}>area_c_ar_partly_over,"
        f"{CRITICAL_NOT_MET}{row}>0)"
    )
    ki = f"OR({KI_SHORT}{row}>{KI_LIMIT}{row},{KI_SHORT}{row}={KI}{row})"
    b = f"OR({AR_PARTLY}{row}>0,AND({KI_SHORT}{row}>0,{ki}))"
    return f'IF({BROKEN}{row}>0,"D",IF({assessed},"–",IF({c},"C",IF({b},"B","A"))))'


def _counts(work: Work, area: AreaFigures, row: int) -> list[tuple[str, str, Value]]:
    f, ar, ki = Level.F, Level.AR, Level.KI
    known, of = area.criteria
    f_known, f_of = area.f

    def count(level: Level | None, *statuses: str, also: str = "") -> str:
        return "+".join(_count(work, row, level, status, also) for status in statuses)

    provisional = f",{_all(work, PROVISIONAL)},1"
    sure = f",{_all(work, PROVISIONAL)},0"
    critical = f",{_all(work, CRITICAL)},1"
    any_status = (MET, PARTLY, NOT_MET)
    limit = f"-INT(-area_b_ki_short_over_n*{KI}{row}/area_b_ki_short_over_d)"
    heights = "".join(f'IF({GRADE}{row}="{grade}",{height},' for grade, height in HEIGHTS.items() if height)
    return [
        (KNOWN, count(None, *any_status), known),
        (OF, _count(work, row, None, None, ""), of),
        (F_KNOWN, count(f, *any_status), f_known),
        (F_OF, _count(work, row, f, None, ""), f_of),
        (KI, count(ki, *any_status), area.ki),
        (BROKEN, count(f, NOT_MET, also=sure), area.broken),
        (F_SHORT, count(f, PARTLY) + "+" + count(f, NOT_MET, also=provisional), area.f_short),
        (AR_NOT_MET, count(ar, NOT_MET), area.ar_not_met),
        (AR_PARTLY, count(ar, PARTLY), area.ar_partly),
        (CRITICAL_NOT_MET, count(ki, NOT_MET, also=critical), area.critical),
        (KI_SHORT, count(ki, PARTLY, NOT_MET), area.ki_short),
        (KI_LIMIT, limit, area.ki_limit),
        (HEIGHT, heights + "0" + ")" * 4, HEIGHTS[area.grade]),
    ]


def _count(work: Work, row: int, level: Level | None, status: str | None, also: str) -> str:
    criteria = f"{_all(work, AREA)},$A{row}"
    if level is not None:
        criteria += f",{_all(work, LEVEL_RANK)},{LEVELS.index(level)}"
    if status is not None:
        criteria += f",{_all(work, STATUS)},{status}"
    return f"COUNTIFS({criteria}{also})"


def _all(work: Work, letters: str) -> str:
    return f"{letters}${FIRST}:{letters}${work.last}"


def _share(work: Work, row: int, cell: str) -> str:
    agree = work.at("counts", f"{COUNTS[cell][0]}${FIRST}:{COUNTS[cell][0]}${work.last}")
    base = f"SUMIFS({_all(work, TABLES[cell].base)},{_all(work, AREA)},$A{row})"
    return f'IF({base}=0,"",SUMIFS({agree},{_all(work, AREA)},$A{row})/{base})'
