"""Underlag: what may be shown of each criterion, counted from the answer tabs or as it was released.

In a blank the formulas follow "What may be shown" (anonymity.md): which tables there are depends on how many
answered, a lone "disagree" stands as "partly", and a criterion is pooled where one side is too small.
"""

from collections.abc import Sequence

from questionnaires.model import Role
from scoring.documents.read import BANDS
from scoring.release import ALLA, CELL_ROLES, ST, UTBILDARE, Bands
from stins.workbook import places, words
from stins.workbook.write.answers import STATE
from stins.workbook.write.book import Tab, Value, column, fitting, literal
from stins.workbook.write.figures import SETS, Line
from stins.workbook.write.work import ANSWERS_COLUMN, COUNTS, FIRST, Work, row_of

VISIBLE = "C"
RAW_COLUMNS = {ST: ("T", "U", "V", "W", "X"), UTBILDARE: ("Y", "Z", "AA", "AB", "AC")}
HANDLEDARE = "AD"
SCALES = {
    ST: ("T", "U", "V", "W"),
    UTBILDARE: ("X", "Y", "Z", "AA"),
    ALLA: ("AB", "AC", "AD", "AE"),
}
GROUPS = "grupper"
UNFINISHED = "kolumner_att_ratta"
ANSWERED_ST, ANSWERED_HANDLEDARE = "svar_antal_st", "svar_antal_handledare"
ANSWERED = "svar_antal"
ANSWER_WORDS = {
    "agree": ("3", "2"),
    "partly": ("1",),
    "disagree": ("0",),
    "unknown": ("V",),
    "not_applicable": ("E",),
}


def write(work: Work) -> None:
    """Write the tab."""
    _, tab = work._, work.tab("counts")
    tab.widths({"A": 5, "B": 46, "C": 9, "D:R": 6.6, "S": 3, "T:AE": 6.2})
    tab.title(_("Underlag"))
    tab.text(
        "A2",
        _(
            "Så många svarade vad, i de grupper som får visas. Ett ensamt Inte alls räknas som Till viss "
            "del. Ej aktuellt räknas inte."
        ),
    )
    _heads(work, tab)
    if work.columns is None:
        _released(work, tab)
    else:
        _typed(work, tab)
    for cell, letters in COUNTS.items():
        work.book.name(places.counts(cell), tab, f"{letters[0]}{FIRST}:{letters[-1]}{work.end}")
    tab.sheet.freeze_panes(FIRST - 1, 2)
    tab.paper(landscape=True, repeat=(FIRST - 2, FIRST - 1))
    tab.sheet.print_area(f"A1:R{work.end}")
    tab.protect()


def _heads(work: Work, tab: Tab) -> None:
    _, said, figures = work._, words.cells(work._), work.figures
    tab.text(f"A{FIRST - 1}", _("Nr"), "head")
    tab.text(f"B{FIRST - 1}", _("Kriterium"), "head")
    tab.text(f"C{FIRST - 1}", _("Visas"), "head_middle")
    for cell, letters in COUNTS.items():
        tab.across(f"{letters[0]}{FIRST - 2}:{letters[-1]}{FIRST - 2}", said[cell], "head_middle")
        for letter, band in zip(letters, words.bands(_).values(), strict=True):
            tab.text(f"{letter}{FIRST - 1}", band, "head_small")
        tab.text(f"{letters[3]}{FIRST - 3}", _("Antal svar"), "meta_right")
        work.book.name(places.people(cell), tab, f"{letters[4]}{FIRST - 3}")
    tab.height(FIRST - 1, 26)
    tab.text(f"B{FIRST - 3}", _("Grupper: 2 var för sig, 1 alla tillsammans, 0 för få svar"), "meta")
    work.book.name(GROUPS, tab, f"C{FIRST - 3}")
    for line in figures.lines:
        tab.text(f"A{row_of(line)}", line.id, "id")
        tab.text(f"B{row_of(line)}", line.statement, "small")
        tab.height(row_of(line), fitting(line.statement, 46, 9))


def _released(work: Work, tab: Tab) -> None:
    """Write the released numbers; the four-step distributions stand to the right of the printed part."""
    _, figures, few = work._, work.figures, work._("för få svar")
    tab.number(f"C{FIRST - 3}", figures.groups, "count")
    for cell, letters in COUNTS.items():
        tab.number(f"{letters[4]}{FIRST - 3}", figures.people.get(cell), "count")
        scale = SCALES[cell]
        tab.across(
            f"{scale[0]}{FIRST - 2}:{scale[-1]}{FIRST - 2}",
            _("Fyra steg, %(cell)s") % {"cell": words.cells(_)[cell]},
            "head_middle",
        )
        for letter, step in zip(scale, "3210", strict=True):
            tab.text(f"{letter}{FIRST - 1}", step, "head_middle")
        work.book.name(places.scale(cell), tab, f"{scale[0]}{FIRST}:{scale[-1]}{work.end}")
    for line in figures.lines:
        row = row_of(line)
        tab.number(f"{VISIBLE}{row}", line.visible, "visible")
        for cell in line.tables:
            bands = line.bands(cell)
            if bands is None:
                tab.text(f"{COUNTS[cell][0]}{row}", few, "few")
                continue
            for letter, band in zip(COUNTS[cell], BANDS, strict=True):
                tab.number(f"{letter}{row}", getattr(bands, band), "count")
            for letter, number in zip(SCALES[cell], bands.scale or (), strict=False):
                tab.number(f"{letter}{row}", number, "count")


def _typed(work: Work, tab: Tab) -> None:
    _typed_heads(work, tab)
    for line in work.figures.lines:
        if line.facts:
            continue
        row = row_of(line)
        for cell in (ST, UTBILDARE):
            for letter, band in zip(RAW_COLUMNS[cell], BANDS, strict=True):
                tab.formula(
                    f"{letter}{row}",
                    _counted(work, line, CELL_ROLES[cell], ANSWER_WORDS[band]),
                    0,
                    "meta_count",
                )
        answered = _counted(work, line, (Role.HANDLEDARE,), ("3", "2", "1", "0", "V"))
        tab.formula(f"{HANDLEDARE}{row}", answered, 0, "meta_count")
        tab.formula(f"{VISIBLE}{row}", _visible(line, row), _or_empty(line.visible), "visible")
        for cell in SETS:
            _table(work, tab, line, cell)


def _typed_heads(work: Work, tab: Tab) -> None:
    _, k = work._, places.K
    tab.across(f"T{FIRST - 2}:AD{FIRST - 2}", _("Mellanled: så många har skrivits in"), "head_middle")
    for cell, letters in RAW_COLUMNS.items():
        for letter, band in zip(letters, words.bands(_).values(), strict=True):
            tab.text(f"{letter}{FIRST - 1}", f"{words.cells(_)[cell]}: {band}", "head_middle")
    tab.text(f"{HANDLEDARE}{FIRST - 1}", _("Handledare som svarat"), "head_middle")
    tab.height(FIRST - 1, 50)
    states = {role: _states(work, role) for role in Role}
    ready = {role: f"COUNTIF({area},1)" for role, area in states.items()}
    wrong = "+".join(f"COUNTIF({area},2)" for area in states.values())
    heads = (
        ("T", _("Kolumner att rätta"), UNFINISHED, wrong),
        ("W", _("Svar från ST-läkare"), ANSWERED_ST, ready[Role.ST_LAKARE]),
        ("AA", _("Svar från handledare"), ANSWERED_HANDLEDARE, ready[Role.HANDLEDARE]),
        ("AD", _("Svar från alla"), ANSWERED, "+".join(ready.values())),
    )
    for letter, text, name, formula in heads:
        tab.text(f"{letter}{FIRST - 4}", text, "meta")
        tab.formula(f"{letter}{FIRST - 3}", formula, 0, "count")
        work.book.name(name, tab, f"{letter}{FIRST - 3}")
    enough = f"{ANSWERED_ST}+{ANSWERED_HANDLEDARE}>={k}"
    both = f"AND({ANSWERED_ST}>={k},{ANSWERED_HANDLEDARE}>={k})"
    tab.formula(f"C{FIRST - 3}", f"IF({UNFINISHED}>0,0,IF({both},2,IF({enough},1,0)))", 0, "count")
    people = {cell: "+".join(ready[role] for role in CELL_ROLES[cell]) for cell in SETS}
    for cell, counted in COUNTS.items():
        groups = 1 if cell == ALLA else 2
        tab.formula(f"{counted[4]}{FIRST - 3}", f'IF({GROUPS}={groups},{people[cell]},"")', "", "count")


def _states(work: Work, role: Role) -> str:
    width = (work.columns or {})[role]
    left, right = column(ANSWERS_COLUMN), column(ANSWERS_COLUMN + width - 1)
    return work.at(f"answers_{role}", f"${left}${STATE}:${right}${STATE}")


def _counted(work: Work, line: Line, roles: Sequence[Role], answers: Sequence[str]) -> str:
    """Count answers to a question in some roles; a criterion in quotes matches numbers and texts alike."""
    asked = [role for role in roles if role in line.roles]
    rows = {role: work.questions[role][line.id] for role in asked}
    parts = [
        f'COUNTIF({work.answers(role, row, row)},"{answer}")'
        for role, row in rows.items()
        for answer in answers
    ]
    return "+".join(parts) or "0"


def _visible(line: Line, row: int) -> str:
    """Decide 2 in its cells, 1 in {alla}, 0 withheld or "" as there are no cells."""
    st = f"SUM(T{row}:W{row})" if ST in line.sides else ""
    handledare = f"{HANDLEDARE}{row}" if UTBILDARE in line.sides else ""
    behind = [side for side in (st, handledare) if side]
    each = "AND(" + ",".join(f"{side}>={places.K}" for side in behind) + ")"
    together = f"{'+'.join(behind)}>={places.K}"
    pooled = f"IF({together},1,0)" if len(behind) == 2 else "0"
    return f'IF({GROUPS}=2,IF({each},2,{pooled}),IF({GROUPS}=1,IF({together},1,0),""))'


def _table(work: Work, tab: Tab, line: Line, cell: str) -> None:
    row = row_of(line)
    if cell != ALLA and cell not in line.sides:
        return
    shown, groups = (1, 1) if cell == ALLA else (2, 2)
    sides = line.sides if cell == ALLA else (cell,)
    for place, (letter, band) in enumerate(zip(COUNTS[cell], BANDS, strict=True)):
        number = _banded(sides, row, place)
        hidden = '""'
        if band == "agree":
            few = literal(work._("för få svar"))
            hidden = f'IF(AND({VISIBLE}{row}=0,{GROUPS}={groups}),{few},"")'
        tab.formula(
            f"{letter}{row}",
            f"IF({VISIBLE}{row}={shown},{number},{hidden})",
            _value(work, line, cell, band),
            "count",
        )


def _banded(sides: Sequence[str], row: int, place: int) -> str:
    """Give the formula of a band, a lone "disagree" (the third) moved to "partly" (the second)."""

    def raw(of: int) -> str:
        return "+".join(f"{RAW_COLUMNS[side][of]}{row}" for side in sides)

    if place == 1:
        return f"{raw(1)}+IF({raw(2)}=1,1,0)"
    if place == 2:
        return f"IF({raw(2)}=1,0,{raw(2)})"
    return raw(place)


def _value(work: Work, line: Line, cell: str, band: str) -> Value:
    table = line.tables.get(cell, "")
    if isinstance(table, Bands):
        number: int = getattr(table, band)
        return number
    return work._("för få svar") if table and band == "agree" else ""


def _or_empty(number: int | None) -> Value:
    return "" if number is None else number
