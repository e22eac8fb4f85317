"""Resultat: what a reader wants first, on two A4 pages. It reads Bedömning and nothing else."""

from datetime import date

from scoring.rounds import Mode
from stins.reports.pictures import COLOURS
from stins.workbook import places, words
from stins.workbook.write.assessment.area_columns import GRADE, KNOWN, OF, REASONS
from stins.workbook.write.assessment.texts import said_few
from stins.workbook.write.book import Tab, Value, literal, serial
from stins.workbook.write.counts import ANSWERED, GROUPS, UNFINISHED
from stins.workbook.write.figures import SETS, AreaFigures
from stins.workbook.write.result.charts import profile, shares
from stins.workbook.write.result.lists import findings, head, listings, outcomes, unknown
from stins.workbook.write.rules import threshold
from stins.workbook.write.work import Work

SCALE = 78


def write(work: Work, closed_on: date | None) -> Tab:
    """Write the tab and give it: the file opens on it when it is an export."""
    _, tab = work._, work.tab("result")
    tab.widths({"A": 5, "B": 45, "C": 16, "D": 47})
    row = _top(work, tab, closed_on)
    row = _grades(work, tab, row)
    row = profile(work, tab, row)
    breaches, *others = listings(work)
    row = findings(work, tab, row, breaches)
    tab.sheet.set_h_pagebreaks([row])
    for listing in others:
        row = findings(work, tab, row + 1, listing)
    row = unknown(work, tab, row)
    row = outcomes(work, tab, row)
    row = shares(work, tab, row)
    tab.paper()
    tab.sheet.set_print_scale(SCALE)
    tab.sheet.print_area(f"A1:D{row}")
    tab.protect()
    return tab


def _top(work: Work, tab: Tab, closed_on: date | None) -> int:
    _ = work._
    tab.formula_across(
        "A1:C1",
        f'IF({places.UNIT}="",{literal(_("Resultat"))},{places.UNIT})',
        work.unit or _("Resultat"),
        "title",
    )
    day = serial(closed_on) if closed_on else ""
    tab.formula("D1", f'IF({places.LAST_DAY}="","",{places.LAST_DAY})', day, "date_right")
    tab.height(1, 26)
    tab.across(
        "A2:D2",
        _("STINS-bedömning, en självskattning som efterliknar SPUR. Den är inget SPUR-betyg."),
        "bold",
    )
    partial = _("Den här inspektionen gällde bara de områden som visas.")
    tab.across("A3:D3", _mode(work) + (f" {partial}" if work.figures.release.areas else ""), "meta")
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
    few = said_few(work.figures.release, _)
    answers = _(" svar")

    def counted(cell: str) -> str:
        return f"{literal(said[cell] + ': ')}&{places.people(cell)}&{literal(answers)}"

    two = f'{counted("st")}&". "&{counted("utbildare")}&"."'
    formula = f'IF({GROUPS}=2,{two},IF({GROUPS}=1,{counted("alla")}&".",{literal(few)}))'
    value = " ".join(f"{said[cell]}: {n}{answers}." for cell, n in figures.people.items()) or few
    altered = _(
        "Gränserna i Regler eller det minsta antalet är ändrade: det här är inte längre STINS bedömning."
    )
    if work.columns is None:
        return f"IF({_altered(work)},{literal(altered)},{formula})", value
    wrong = _(
        "Rätta först: i någon av flikarna Svar finns en kolumn där något saknas eller är fel. Den är märkt "
        "med !"
    )
    nothing = _("Inga svar är inskrivna än.")
    shown = f"IF({UNFINISHED}>0,{literal(wrong)},IF({ANSWERED}=0,{literal(nothing)},{formula}))"
    return f"IF({_altered(work)},{literal(altered)},{shown})", nothing


def _altered(work: Work) -> str:
    """Give the condition that a threshold or the least number is not what was written."""
    wrong = [f"{places.K}<>{work.figures.release.k}"]
    for line in work.figures.rules.printed:
        for key, value in line.values.items():
            name = threshold(line.place, key)
            numbers = value.split("/")
            names = [name] if len(numbers) == 1 else [f"{name}_n", f"{name}_d"]
            wrong += [f"{each}<>{number}" for each, number in zip(names, numbers, strict=True)]
    return f"OR({','.join(wrong)})"


def _unsure(work: Work) -> tuple[str, Value]:
    """Say what the counts cannot: with few people a grade hangs on one or two answers."""
    _, figures, said = work._, work.figures, words.cells(work._)
    begin, end = _(": avgörs av "), _(" personers svar, så att ett betyg kan hänga på ett eller två av dem. ")
    alone = _(
        "Alla är räknade tillsammans: ST-läkarna kan inte urskiljas, och de andra kan ha fler röster än de."
    )
    formulas, values = [], []
    for cell in SETS:
        people = places.people(cell)
        few = f"IF(AND({GROUPS}={1 if cell == 'alla' else 2},{people}<findings_unsure_under)"
        formulas.append(f'{few},{literal(said[cell] + begin)}&{people}&{literal(end)},"")')
        if cell in figures.verdict.unsure:
            values.append(f"{said[cell]}{begin}{figures.people[cell]}{end}")
    if "alla" in figures.people:
        values.append(alone)
    return "&".join(formulas) + f'&IF({GROUPS}=1,{literal(alone)},"")', "".join(values)


def _grades(work: Work, tab: Tab, row: int) -> int:
    _ = work._
    head(tab, row, (_("Nr"), _("Bedömning per område"), _("Betyg"), _("Varför")))
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
    work.book.name(places.SHOWN_GRADES, tab, f"C{first}:C{row}")
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
            "A: föreskrifter och allmänna råd följs, indikatorerna med enstaka undantag. B: i "
            "huvudsak. C: ingen "
            "säkerställd föreskrift är bruten, men något når inte hela vägen. D: en föreskrift är "
            "inte uppfylld. "
            "–: för få kriterier kan bedömas. I område A ger inga svar D, bara det som uppges om extern "
            "granskning; C och F innehåller ingen föreskrift."
        ),
        "meta",
    )
    tab.height(row + 1, 36)
    return row + 2


def _reason(work: Work, area: AreaFigures) -> tuple[str, Value]:
    _, row = work._, work.area_row(area.id)
    grade, ids = (work.at("assessment", f"{letters}{row}") for letters in (GRADE, REASONS))
    known, of = (work.at("assessment", f"{letters}{row}") for letters in (KNOWN, OF))
    begins = {
        "D": _("Föreskrift som inte är uppfylld: "),
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
