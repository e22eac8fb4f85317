"""A row for each criterion: status in each table, status, place in each list."""

from scoring.release import ALLA
from stins.workbook import words
from stins.workbook.write.assessment import ranks, statuses, texts
from stins.workbook.write.assessment.columns import (
    AREA,
    BECAUSE,
    BECAUSE_TEXT,
    BREACH,
    CRITICAL,
    GAP,
    GAP_DEN,
    GAP_NUM,
    IS_GAP,
    KEPT,
    LEVEL,
    LEVEL_RANK,
    LOW_AGREE,
    LOW_BASE,
    NEEDED_TEXT,
    NUMBER,
    NUMBERS_TEXT,
    PROVISIONAL,
    STATUS,
    STRENGTH,
    STRONG,
    TABLES,
    UNKNOWN,
    UNKNOWN_TEXT,
    WEAK,
    WEIGHT,
)
from stins.workbook.write.assessment.reasons import because_text
from stins.workbook.write.assessment.row import MET, Row
from stins.workbook.write.book import Tab, fitting
from stins.workbook.write.figures import LEVELS, SETS
from stins.workbook.write.looks import TWO_LINES
from stins.workbook.write.work import FIRST, Work


def write(work: Work, tab: Tab) -> None:
    """Write heads and rows."""
    _heads(work, tab)
    said = words.levels(work._)
    for line in work.figures.lines:
        row = Row(work, line)
        tab.text(row.of("A"), line.id, "id")
        tab.text(row.of("B"), line.statement, "small")
        tab.height(row.number, max(fitting(line.statement, 40, 9), TWO_LINES))
        tab.text(row.of(AREA), line.area, "middle")
        tab.text(row.of(LEVEL), said[line.level] if line.area else "", "small")
        tab.number(row.of(PROVISIONAL), int(line.provisional), "flag")
        tab.number(row.of(CRITICAL), int(line.critical), "flag")
        if not line.facts:
            for cell in SETS:
                _table(row, tab, cell)
        tab.formula(row.of(STATUS), statuses.status(row), words.statuses(work._)[line.status], "bold_small")
        _texts(row, tab)
        if line.area:
            _ranks(row, tab)


def _heads(work: Work, tab: Tab) -> None:
    _, said = work._, words.cells(work._)
    head = FIRST - 1
    plain = {
        "A": _("Nr"),
        "B": _("Kriterium"),
        AREA: _("Område"),
        LEVEL: _("Nivå"),
        PROVISIONAL: _("Prelim."),
        CRITICAL: _("Kritisk"),
        STATUS: _("Status"),
        NUMBERS_TEXT: _("I siffror"),
        NEEDED_TEXT: _("Så många till behöver instämma"),
        LOW_AGREE: _("Lägst: instämmer"),
        LOW_BASE: _("Lägst: av"),
        NUMBER: _("Ordning"),
        LEVEL_RANK: _("Nivåns ordning"),
        WEIGHT: _("Tyngd"),
        BREACH: _("Brist nr"),
        WEAK: _("Förbättra nr"),
        STRONG: _("Stark"),
        KEPT: _("Stark, bland områdets första"),
        STRENGTH: _("Styrka nr"),
        GAP_NUM: _("Skillnad: täljare"),
        GAP_DEN: _("Skillnad: nämnare"),
        IS_GAP: _("Skillnad"),
        GAP: _("Skillnad nr"),
        UNKNOWN: _("Okänd rutin"),
        UNKNOWN_TEXT: _("Okända rutiner hittills"),
        BECAUSE: _("Avgör området"),
        BECAUSE_TEXT: _("Avgör området, hittills"),
    }
    for letters, text in plain.items():
        tab.text(f"{letters}{head}", text, "head")
    for cell, columns in TABLES.items():
        tab.across(f"{columns.base}{head - 1}:{columns.needed}{head - 1}", said[cell], "head_middle")
        for letters, text in zip(
            columns.all, (_("Svar"), _("Andel som instämmer"), _("Status"), _("Behövs")), strict=True
        ):
            tab.text(f"{letters}{head}", text, "head")
    tab.height(head, 40)
    tab.widths({"A": 5, "B": 40, AREA: 7, LEVEL: 12, PROVISIONAL: 6.5, CRITICAL: 6.5, STATUS: 13})
    for columns in TABLES.values():
        tab.widths({columns.base: 7.5, columns.share: 9, columns.status: 12, columns.needed: 8})
    tab.widths({f"{NUMBERS_TEXT}:{NEEDED_TEXT}": 32, f"{LOW_AGREE}:{BECAUSE}": 9, BECAUSE_TEXT: 24})


def _table(row: Row, tab: Tab, cell: str) -> None:
    """Write base, share, status and needed of one table."""
    line, columns = row.line, TABLES[cell]
    if cell != ALLA and cell not in line.sides:
        return
    bands = line.bands(cell)
    base, status = row.of(columns.base), row.of(columns.status)
    agree, partly, disagree, unknown = (row.count(cell, band) for band in range(4))
    tab.formula(
        base, f"SUM({agree},{partly},{disagree},{unknown})", bands.base if bands else 0, "count_or_none"
    )
    share = bands.agree / bands.base if bands and bands.base else ""
    tab.formula(row.of(columns.share), f'IF({base}=0,"",{agree}/{base})', share, "share")
    said = words.statuses(row.work._)[line.statuses.get(cell)]
    tab.formula(status, statuses.table_status(line.level, base, agree, partly, disagree), said, "small")
    tab.formula(
        row.of(columns.needed),
        f'IF(OR({status}="",{status}={MET}),0,{statuses.needed(line.level, base, agree, disagree)})',
        line.needed.get(cell, 0),
        "count_or_none",
    )


def _texts(row: Row, tab: Tab) -> None:
    line, _ = row.line, row.work._
    tab.formula(row.of(NUMBERS_TEXT), texts.numbers(row), texts.said_numbers(line, _), "small")
    if not line.facts:
        tab.formula(row.of(NEEDED_TEXT), texts.needed(row), texts.said_needed(line, _), "small")


def _ranks(row: Row, tab: Tab) -> None:
    tab.number(row.of(NUMBER), row.line.number, "meta_count")
    tab.number(row.of(LEVEL_RANK), LEVELS.index(row.line.level), "meta_count")
    for letters, formula, value in ranks.ranks(row):
        tab.formula(row.of(letters), formula, value, "meta_count")
    running = {BECAUSE_TEXT: because_text(row.work, row.line), UNKNOWN_TEXT: ranks.unknown_text(row)}
    for letters, (formula, value) in running.items():
        tab.formula(row.of(letters), formula, value, "meta_small")
