"""A row for each criterion: status in each table, status, place in each list."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from questionnaires.model import Level
from scoring.release import ALLA, ST, UTBILDARE
from scoring.verdict import Status
from stins.workbook import places
from stins.workbook.write import words
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
    TableColumns,
)
from stins.workbook.write.assessment.reasons import because, because_text
from stins.workbook.write.book import Tab, Value, fitting, literal
from stins.workbook.write.counts import VISIBLE
from stins.workbook.write.figures import LEVELS, SETS, Line
from stins.workbook.write.rules import FACT_NAMES, STATUS_NAMES
from stins.workbook.write.work import COUNTS, FIRST, Work, row_of

TWO_LINES = 25
MET, PARTLY, NOT_MET = (STATUS_NAMES[s] for s in (Status.MET, Status.PARTLY, Status.NOT_MET))


@dataclass(frozen=True, slots=True)
class Row:
    """The row of a criterion being written, and how to refer to cells of it and of whole columns."""

    work: Work
    line: Line

    @property
    def number(self) -> int:
        """The row."""
        return row_of(self.line)

    def of(self, letters: str) -> str:
        """Refer to a cell of this row."""
        return f"{letters}{self.number}"

    def all(self, letters: str) -> str:
        """Refer to a column, all criteria of it."""
        return f"{letters}${FIRST}:{letters}${self.work.last}"

    def count(self, cell: str, band: int) -> str:
        """Refer to a number of Underlag: 0 agree, 1 partly, 2 disagree, 3 unknown."""
        return self.work.at("counts", f"{COUNTS[cell][band]}{self.number}")


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
        tab.formula(row.of(STATUS), _status(row), words.statuses(work._)[line.status], "bold_small")
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
            columns.all, (_("Svar"), _("Andel som instämmer"), _("Status"), _("Fler")), strict=True
        ):
            tab.text(f"{letters}{head}", text, "head")
    tab.height(head, 40)
    tab.widths({"A": 5, "B": 40, AREA: 7, LEVEL: 12, PROVISIONAL: 6.5, CRITICAL: 6.5, STATUS: 13})
    for columns in TABLES.values():
        tab.widths({columns.base: 5, columns.share: 8, columns.status: 12, columns.needed: 5})
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
    tab.formula(status, _table_status(line.level, base, agree, partly, disagree), said, "small")
    tab.formula(
        row.of(columns.needed),
        f'IF(OR({status}="",{status}={MET}),0,{_needed(line.level, base, agree, disagree)})',
        line.needed.get(cell, 0),
        "count_or_none",
    )


def _table_status(level: Level, base: str, agree: str, partly: str, disagree: str) -> str:
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


def _needed(level: Level, base: str, agree: str, disagree: str) -> str:
    """How many more would have to agree; -INT(-x) is x rounded up."""
    missing = f"-INT(-{level}_met_from_n*{base}/{level}_met_from_d)-{agree}"
    if level is not Level.F:
        return f"MAX({missing},1)"
    tolerated = f"INT(F_met_disagree_or_share_n*{base}/F_met_disagree_or_share_d)"
    return f"MAX({missing},{disagree}-MAX(F_met_disagree_at_most,{tolerated}),1)"


def _status(row: Row) -> str:
    if row.line.facts:
        stated = places.fact(row.line.id)
        return _first(
            [
                (f"{stated}={FACT_NAMES[fact]}", status)
                for fact, status in zip(FACT_NAMES, STATUS_NAMES.values(), strict=True)
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


def _texts(row: Row, tab: Tab) -> None:
    formula, value = numbers_text(row)
    tab.formula(row.of(NUMBERS_TEXT), formula, value, "small")
    if not row.line.facts:
        formula, value = needed_text(row)
        tab.formula(row.of(NEEDED_TEXT), formula, value, "small")


def numbers_text(row: Row) -> tuple[str, Value]:
    """Say how many agree in each shown table, or what is stated."""
    line, _ = row.line, row.work._
    if line.facts:
        stated, said = places.fact(line.id), words.facts(_)[line.fact]
        begin = _("Uppgivet: ")
        return f'IF({stated}="","",{literal(begin)}&{stated})', begin + said if said else ""
    few = _("för få svar")
    nothing = f'IF({row.work.at("counts", VISIBLE + str(row.number))}=0,{literal(few)},"")'
    empty = f'{row.work.at("counts", VISIBLE + str(row.number))}=""'
    of = _(" av ")

    def formula(cell: str) -> str:
        return f"{row.count(cell, 0)}&{literal(of)}&{row.of(TABLES[cell].base)}"

    def value(cell: str) -> str:
        bands = line.bands(cell)
        return f"{bands.agree}{of}{bands.base}" if bands else ""

    text, said = _by_cell(row, formula, value, lambda cell: row.of(TABLES[cell].base))
    hidden = few if line.visible == 0 else ""
    return f'IF({empty},"",IF({text}="",{nothing},{text}))', said or hidden


def needed_text(row: Row) -> tuple[str, Value]:
    """Say how many more would have to agree in each table that is short of met."""
    more = row.work._(" till")

    def formula(cell: str) -> str:
        return f"{row.of(TABLES[cell].needed)}&{literal(more)}"

    def value(cell: str) -> str:
        return f"{row.line.needed[cell]}{more}" if cell in row.line.needed else ""

    return _by_cell(row, formula, value, lambda cell: row.of(TABLES[cell].needed))


def _by_cell(
    row: Row, formula: Callable[[str], str], value: Callable[[str], str], number: Callable[[str], str]
) -> tuple[str, str]:
    """Join a text for each cell whose number is above 0."""
    said = words.cells(row.work._)
    formulas, values = [], []
    for cell in (*row.line.sides, ALLA):
        formulas.append(f'IF({number(cell)}>0,{literal(said[cell] + " ")}&{formula(cell)},"")')
        if value(cell):
            values.append(f"{said[cell]} {value(cell)}")
    if len(row.line.sides) == 2:
        comma = f'IF(AND({number(ST)}>0,{number(UTBILDARE)}>0),", ","")'
        formulas.insert(1, comma)
    return "&".join(formulas), ", ".join(values)


def _ranks(row: Row, tab: Tab) -> None:
    """Write the row's place in each list; ranks are exact, by multiplying whole numbers crosswise."""
    line = row.line
    tab.number(row.of(NUMBER), line.number, "meta_count")
    tab.number(row.of(LEVEL_RANK), LEVELS.index(line.level), "meta_count")
    for letters, formula, value in _computed(row):
        tab.formula(row.of(letters), formula, value, "meta_count")
    for letters, (text, said) in (
        (BECAUSE_TEXT, because_text(row.work, line)),
        (UNKNOWN_TEXT, _unknown_text(row)),
    ):
        tab.formula(row.of(letters), text, said, "meta_small")


def _computed(row: Row) -> list[tuple[str, str, Value]]:
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


def _unknown_text(row: Row) -> tuple[str, Value]:
    lines = row.work.figures.criteria
    value = ", ".join(line.id for line in lines[: row.line.number] if line.unknown)
    before = f"{UNKNOWN_TEXT}{row.number - 1}"
    if row.line.number == 1:
        return f'IF({row.of(UNKNOWN)}=1,{literal(row.line.id)},"")', value
    return (
        f'{before}&IF({row.of(UNKNOWN)}=1,IF({before}="","",", ")&{literal(row.line.id)},"")',
        value,
    )


__all__ = ["Row", "TableColumns", "write"]
