"""Resultat: what a reader wants first, on two A4 pages. It reads Bedömning and nothing else."""

from collections.abc import Sequence
from dataclasses import dataclass

from scoring.rounds import Mode
from stins.reports.pictures import COLOURS
from stins.workbook import places, words
from stins.workbook.write.assessment.area_columns import GRADE, HEIGHT, KNOWN, LABEL, OF, REASONS, SHARES
from stins.workbook.write.assessment.columns import (
    BREACH,
    GAP,
    LEVEL,
    NEEDED_TEXT,
    NUMBERS_TEXT,
    PROVISIONAL,
    STATUS,
    STRENGTH,
    UNKNOWN_TEXT,
    WEAK,
)
from stins.workbook.write.assessment.texts import said_needed, said_numbers
from stins.workbook.write.book import Tab, Value, literal
from stins.workbook.write.counts import ANSWERED_HANDLEDARE, ANSWERED_ST, GROUPS, UNFINISHED
from stins.workbook.write.figures import SETS, AreaFigures, Line
from stins.workbook.write.work import FIRST, Work, row_of

BREACHES, STRENGTHS, IMPROVE, GAPS = 12, 6, 10, 5
PATTERNS = {
    "st": ("#1c4e80", None),
    "utbildare": ("#c7d7e8", "wide_upward_diagonal"),
    "alla": ("#7d8a97", None),
}


@dataclass(frozen=True, slots=True)
class Listing:
    """A list of findings: its heading, how many rows it has, and which rank in Bedömning it follows.

    ``skip`` is added to the rank: what improves begins after the breaches, which are the heaviest.
    """

    heading: str
    none: str
    rows: int
    rank: str
    lines: tuple[Line, ...]
    skip: str = ""


def write(work: Work) -> Tab:
    """Write the tab and give it: the file opens on it when it is an export."""
    _, tab = work._, work.tab("result")
    tab.widths({"A": 5, "B": 45, "C": 16, "D": 47})
    row = _top(work, tab)
    row = _grades(work, tab, row)
    row = _profile(work, tab, row)
    breaches, *others = _listings(work)
    row = _list(work, tab, row, breaches)
    tab.sheet.set_h_pagebreaks([row])
    for listing in others:
        row = _list(work, tab, row + 1, listing)
    row = _unknown(work, tab, row)
    row = _outcomes(work, tab, row)
    row = _shares(work, tab, row)
    tab.paper()
    tab.sheet.set_print_scale(SCALE)
    tab.sheet.print_area(f"A1:D{row}")
    tab.protect()
    return tab


SCALE = 78


def _top(work: Work, tab: Tab) -> int:
    _ = work._
    tab.formula_across(
        "A1:D1",
        f'IF({places.UNIT}="",{literal(_("Resultat"))},{places.UNIT})',
        work.unit or _("Resultat"),
        "title",
    )
    tab.height(1, 26)
    tab.across(
        "A2:D2",
        _("STINS-bedömning, en självskattning som efterliknar SPUR. Den är inget SPUR-betyg."),
        "bold",
    )
    tab.across("A3:D3", _mode(work), "meta")
    tab.height(3, 26)
    formula, value = _state(work)
    tab.formula_across("A4:D4", formula, value, "bold_wrap")
    tab.height(4, 30)
    formula, value = _unsure(work)
    tab.formula_across("A5:D5", formula, value, "meta")
    tab.height(5, 26)
    return 6


def _mode(work: Work) -> str:
    _ = work._
    if work.columns is not None or work.figures.release.mode is Mode.TYPED:
        return _(
            "Svaren är inskrivna för hand och har lästs av den som skrev in dem. Resultatet kallas därför "
            "inte anonymt."
        )
    if work.figures.release.mode is Mode.DIALOGUE:
        return _(
            "Underlag för samtal, inte en anonym enkät: i en så liten grupp kan svaren gå att räkna ut. "
            "Leta inte efter vem som har svarat vad."
        )
    return _("Anonym enkät. Leta inte efter vem som har svarat vad.")


def _state(work: Work) -> tuple[str, Value]:
    """Say how many answered, or why nothing can be shown yet."""
    _, figures, said = work._, work.figures, words.cells(work._)
    few = _(
        "För få har svarat för att något ska kunna visas: minst %(k)s ST-läkare och handledare behövs."
    ) % {"k": figures.release.k}
    answers = _(" svar")

    def counted(cell: str) -> str:
        return f"{literal(said[cell] + ': ')}&{places.people(cell)}&{literal(answers)}"

    two = f'{counted("st")}&". "&{counted("utbildare")}&"."'
    formula = f'IF({GROUPS}=2,{two},IF({GROUPS}=1,{counted("alla")}&".",{literal(few)}))'
    value = " ".join(f"{said[cell]}: {n}{answers}." for cell, n in figures.people.items()) or few
    if work.columns is None:
        return formula, value
    wrong = _(
        "Rätta först: i någon av flikarna Svar finns en kolumn där något fattas eller är fel. Den är märkt "
        "med !"
    )
    nothing = _("Inga svar är inskrivna än.")
    empty = f"{ANSWERED_ST}+{ANSWERED_HANDLEDARE}=0"
    return f"IF({UNFINISHED}>0,{literal(wrong)},IF({empty},{literal(nothing)},{formula}))", nothing


def _unsure(work: Work) -> tuple[str, Value]:
    """Say what the counts cannot: with few people a grade hangs on one or two answers."""
    _, figures, said = work._, work.figures, words.cells(work._)
    text = _(": avgörs av så få svar att ett betyg kan hänga på ett eller två av dem.")
    alone = _(
        "Alla är räknade tillsammans: ST-läkarna kan inte urskiljas, och de andra kan ha fler röster än de."
    )
    formulas, values = [], []
    for cell in SETS:
        people = places.people(cell)
        few = f"IF(AND({GROUPS}={1 if cell == 'alla' else 2},{people}<findings_unsure_under)"
        formulas.append(f'{few},{literal(said[cell] + text + " ")},"")')
        if cell in figures.verdict.unsure:
            values.append(said[cell] + text + " ")
    if "alla" in figures.people:
        values.append(alone)
    return "&".join(formulas) + f'&IF({GROUPS}=1,{literal(alone)},"")', "".join(values)


def _grades(work: Work, tab: Tab, row: int) -> int:
    _ = work._
    _head(tab, row, (_("Nr"), _("Bedömning per område"), _("Betyg"), _("Varför")))
    for area in work.figures.areas:
        row += 1
        source = work.area_row(area.id)
        tab.text(f"A{row}", area.id, "id_middle")
        tab.text(f"B{row}", area.name, "middle_left")
        tab.formula(f"C{row}", work.at("assessment", f"{GRADE}{source}"), area.grade, "grade")
        formula, value = _reason(work, area)
        tab.formula(f"D{row}", formula, value, "reason")
        tab.height(row, 28)
    first = row - len(work.figures.areas) + 1
    for grade, colour in COLOURS.items():
        tab.sheet.conditional_format(
            f"C{first}:C{row}",
            {
                "type": "cell",
                "criteria": "==",
                "value": f'"{grade}"',
                "format": work.book.fill(colour, "#ffffff"),
            },
        )
    tab.across(
        f"A{row + 1}:D{row + 1}",
        _(
            "A: föreskrifter och allmänna råd följs. B: i huvudsak. C: något som ska eller bör finnas når "
            "inte hela vägen. D: en föreskrift är inte uppfylld. –: för få kriterier kan bedömas."
        ),
        "meta",
    )
    tab.height(row + 1, 25)
    return row + 2


def _reason(work: Work, area: AreaFigures) -> tuple[str, Value]:
    _, row = work._, work.area_row(area.id)
    grade, ids = (work.at("assessment", f"{letters}{row}") for letters in (GRADE, REASONS))
    known, of = (work.at("assessment", f"{letters}{row}") for letters in (KNOWN, OF))
    begins = {
        "D": _("En föreskrift är inte uppfylld: "),
        "C": _("Når inte hela vägen: "),
        "B": _("Allmänna råd eller indikatorer brister: "),
    }
    best = _("Föreskrifter och allmänna råd är uppfyllda, indikatorerna med högst enstaka undantag.")
    lacking, has = _("Kan inte bedömas: status saknas för "), _(". Har status: ")
    between = _(" av ")
    counted = f'{literal(has)}&{known}&{literal(between)}&{of}&"."'
    formula = f'IF({grade}="A",{literal(best)},{literal(lacking)}&{ids}&{counted})'
    for letter, begin in begins.items():
        formula = f'IF({grade}="{letter}",{literal(begin)}&{ids}&".",{formula})'
    because = ", ".join(area.because)
    if area.grade == "A":
        return formula, best
    if area.grade in begins:
        return formula, f"{begins[area.grade]}{because}."
    return formula, f"{lacking}{because}{has}{area.criteria[0]}{between}{area.criteria[1]}."


def _profile(work: Work, tab: Tab, row: int) -> int:
    _, chart = work._, work.book.chart({"type": "column"})
    first, last = work.areas_first, work.areas_first + len(work.figures.areas) - 1
    sheet = work.tabs["assessment"]
    chart.add_series(
        {
            "name": _("Betyg"),
            "categories": f"='{sheet}'!${LABEL}${first}:${LABEL}${last}",
            "values": f"='{sheet}'!${HEIGHT}${first}:${HEIGHT}${last}",
            "fill": {"color": "#1c4e80"},
            "gap": 60,
        }
    )
    chart.set_title(
        {"name": _("Betyg per område"), "name_font": {"name": "Arial", "size": 11}, "overlay": False}
    )
    chart.set_legend({"none": True})
    chart.set_y_axis(
        {
            "min": 0,
            "max": 4,
            "major_unit": 1,
            "visible": False,
            "major_gridlines": {"visible": True, "line": {"color": "#d0d6dc"}},
        }
    )
    chart.set_x_axis({"num_font": {"name": "Arial", "size": 11, "bold": True}})
    _place(work, tab, chart, row, _("Stapelbild av betygen. Samma betyg står i listan ovanför."))
    return row + CHART_ROWS + 1


CHART_ROWS, CHART_ROW_HEIGHT = 10, 15


def _place(work: Work, tab: Tab, chart: object, row: int, description: str) -> None:
    for number in range(CHART_ROWS):
        tab.height(row + number, CHART_ROW_HEIGHT)
    chart.set_size({"width": 830, "height": CHART_ROWS * CHART_ROW_HEIGHT * 4 // 3})  # type: ignore[attr-defined]
    chart.set_chartarea({"border": {"none": True}})  # type: ignore[attr-defined]
    tab.sheet.insert_chart(f"A{row}", chart, {"description": description, "object_position": 2})


def _listings(work: Work) -> tuple[Listing, ...]:
    _, figures = work._, work.figures
    by_id = {line.id: line for line in figures.lines}
    verdict = figures.verdict

    def those(ids: Sequence[str]) -> tuple[Line, ...]:
        return tuple(by_id[id] for id in ids)

    worst = work.at("assessment", f"{BREACH}${FIRST}:{BREACH}${work.last}")
    improve = those([id for id in verdict.weaknesses if id not in verdict.breaches])
    return (
        Listing(
            _("Det här måste åtgärdas"),
            _("Ingen föreskrift som har kunnat bedömas är ouppfylld."),
            BREACHES,
            BREACH,
            those(verdict.breaches),
        ),
        Listing(
            _("Det här är starkt"),
            _("Inget som nio av tio instämmer i."),
            STRENGTHS,
            STRENGTH,
            those(verdict.strengths),
        ),
        Listing(
            _("Det här kan bli bättre"),
            _("Inget som har kunnat bedömas brister."),
            IMPROVE,
            WEAK,
            improve,
            f"MAX({worst})+",
        ),
        Listing(
            _("Här ser vi olika saker"),
            _("Grupperna ser i stort sett samma saker, eller kan inte jämföras."),
            GAPS,
            GAP,
            those(verdict.gaps),
        ),
    )


def _list(work: Work, tab: Tab, row: int, listing: Listing) -> int:
    """Write a list and give the row after it. Its last line tells how many more there are."""
    _ = work._
    _head(
        tab,
        row,
        (_("Nr"), listing.heading, _("Nivå"), _("I siffror, och hur många till som behöver instämma")),
    )
    room = listing.rows if work.columns else min(max(1, len(listing.lines)), listing.rows)
    for number in range(1, room + 1):
        line = listing.lines[number - 1] if number <= len(listing.lines) else None
        _finding(work, tab, row + number, number, listing, line)
    row += room + 1
    ranks = work.at("assessment", f"{listing.rank}${FIRST}:{listing.rank}${work.last}")
    skipped = f"-{listing.skip[:-1]}" if listing.skip else ""
    more, rest = f"MAX({ranks}){skipped}-{room}", len(listing.lines) - room
    begin, end = _("… och "), _(" till, se fliken Åtgärdsplan eller Bedömning.")
    value = f"{begin}{rest}{end}" if rest > 0 else ""
    tab.formula_across(
        f"A{row}:D{row}", f'IF({more}>0,{literal(begin)}&({more})&{literal(end)},"")', value, "meta"
    )
    return row + 1


def _finding(work: Work, tab: Tab, row: int, number: int, listing: Listing, line: Line | None) -> None:
    def column(letters: str) -> str:
        return work.at("assessment", f"{letters}${FIRST}:{letters}${work.last}")

    def found(letters: str) -> str:
        return f"INDEX({column(letters)},MATCH($A{row},{column('A')},0))"

    shown = _Shown(work, line)
    rank = f"MATCH({listing.skip}{number},{column(listing.rank)},0)"
    tab.formula(f"A{row}", f'IFERROR(INDEX({column("A")},{rank}),"")', line.id if line else "", "id_small")
    nothing = literal(listing.none) if number == 1 else '""'
    none = listing.none if number == 1 else ""
    tab.formula(
        f"B{row}", f'IF($A{row}="",{nothing},{found("B")})', line.statement if line else none, "small"
    )
    level = found(LEVEL)
    provisional = literal(work._(", preliminär"))
    tab.formula(
        f"C{row}",
        f'IF($A{row}="","",{level}&IF({found(PROVISIONAL)}=1,{provisional},""))',
        shown.level,
        "small",
    )
    needed = found(NEEDED_TEXT)
    more = literal(work._(". Behövs: "))
    tab.formula(
        f"D{row}",
        f'IF($A{row}="","",{found(NUMBERS_TEXT)}&IF({needed}="","",{more}&{needed}))',
        shown.numbers,
        "small",
    )
    tab.height(row, 25)


@dataclass(frozen=True, slots=True)
class _Shown:
    """What a list says of a criterion."""

    work: Work
    line: Line | None

    @property
    def level(self) -> str:
        if self.line is None:
            return ""
        provisional = self.work._(", preliminär") if self.line.provisional else ""
        return words.levels(self.work._)[self.line.level] + provisional

    @property
    def numbers(self) -> str:
        if self.line is None:
            return ""
        needed = said_needed(self.line, self.work._)
        more = f"{self.work._('. Behövs: ')}{needed}" if needed else ""
        return f"{said_numbers(self.line, self.work._)}{more}"


def _unknown(work: Work, tab: Tab, row: int) -> int:
    _ = work._
    row += 1
    _head(
        tab, row, ("", _("Rutiner som få känner till"), "", _("Minst var tredje svarar Vet ej i någon grupp"))
    )
    source = work.at("assessment", f"{UNKNOWN_TEXT}{work.last}")
    ids = ", ".join(line.id for line in work.figures.criteria if line.unknown)
    none = _("Inga.")
    tab.formula_across(
        f"A{row + 1}:D{row + 1}", f'IF({source}="",{literal(none)},{source})', ids or none, "small"
    )
    tab.height(row + 1, 25)
    return row + 2


def _outcomes(work: Work, tab: Tab, row: int) -> int:
    _ = work._
    outcomes = [line for line in work.figures.lines if not line.area]
    if not outcomes:
        return row
    row += 1
    _head(
        tab,
        row,
        (
            _("Nr"),
            _("Vad ST-läkarna själva säger"),
            _("Status"),
            _("I siffror, och hur många till som behöver instämma"),
        ),
    )
    for line in outcomes:
        row += 1
        source, shown = row_of(line), _Shown(work, line)
        tab.text(f"A{row}", line.id, "id_small")
        tab.text(f"B{row}", line.statement, "small")
        status = work.at("assessment", f"{STATUS}{source}")
        tab.formula(f"C{row}", status, words.statuses(_)[line.status], "small")
        numbers, needed = (
            work.at("assessment", f"{letters}{source}") for letters in (NUMBERS_TEXT, NEEDED_TEXT)
        )
        more = literal(_(". Behövs: "))
        tab.formula(f"D{row}", f'{numbers}&IF({needed}="","",{more}&{needed})', shown.numbers, "small")
        tab.height(row, 25)
    return row + 1


def _shares(work: Work, tab: Tab, row: int) -> int:
    _, said = work._, words.cells(work._)
    chart = work.book.chart({"type": "column"})
    sheet, first = work.tabs["assessment"], work.areas_first
    last = first + len(work.figures.areas) - 1
    for cell in SETS:
        colour, pattern = PATTERNS[cell]
        fill = (
            {"pattern": {"pattern": pattern, "fg_color": "#1c4e80", "bg_color": colour}}
            if pattern
            else {"fill": {"color": colour}}
        )
        chart.add_series(
            {
                "name": said[cell],
                "categories": f"='{sheet}'!$A${first}:$A${last}",
                "values": f"='{sheet}'!${SHARES[cell]}${first}:${SHARES[cell]}${last}",
                "border": {"color": "#1c2733", "width": 0.5},
                "gap": 60,
                **fill,
            }
        )
    chart.set_title(
        {"name": _("Andel som instämmer, per område och grupp"), "name_font": {"name": "Arial", "size": 11}}
    )
    chart.set_legend({"position": "bottom", "font": {"name": "Arial", "size": 9}})
    chart.set_y_axis(
        {
            "min": 0,
            "max": 1,
            "major_unit": 0.25,
            "num_format": "0%",
            "num_font": {"name": "Arial", "size": 9},
            "major_gridlines": {"visible": True, "line": {"color": "#d0d6dc"}},
        }
    )
    chart.set_x_axis({"num_font": {"name": "Arial", "size": 11, "bold": True}})
    row += 1
    _place(
        work,
        tab,
        chart,
        row,
        _(
            "Stapelbild av hur stor andel som instämmer i varje område, grupp för grupp. Siffrorna står i "
            "fliken Bedömning."
        ),
    )
    return row + CHART_ROWS


def _head(tab: Tab, row: int, texts: Sequence[str]) -> None:
    for letter, text in zip("ABCD", texts, strict=True):
        tab.text(f"{letter}{row}", text, "list_head" if letter == "B" else "head")
    tab.height(row, 20)
