"""Åtgärdsplan: a row for each criterion in catalogue order, so that typed text keeps its criterion."""

from datetime import date

from dateutil.relativedelta import relativedelta

from questionnaires.model import Level
from scoring.rounds import Mode
from scoring.verdict import Status
from stins.workbook import places, words
from stins.workbook.write.assessment.columns import NUMBERS_TEXT
from stins.workbook.write.assessment.columns import STATUS as STATUS_COLUMN
from stins.workbook.write.assessment.texts import said_numbers
from stins.workbook.write.book import Tab, fitting, serial
from stins.workbook.write.figures import Line
from stins.workbook.write.looks import HEIGHT_MOST, TWO_LINES
from stins.workbook.write.rules import STATUS_NAMES
from stins.workbook.write.work import FIRST, Planned, Work, row_of

MEND_WITHIN = 6
STATUS = "D"


def write(work: Work, closed_on: date | None) -> None:
    """Write the tab; breaches have a day to be mended by, six months after closing."""
    _, tab = work._, work.tab("plan")
    tab.widths({"A": 5, "B": 44, "C": 13, "D": 14, "E": 24, "F": 36, "G": 18, "H": 12, "I": 11, "J": 30})
    tab.title(_("Åtgärdsplan"))
    tab.formula("F1", f'IF({places.UNIT}="","",{places.UNIT})', work.unit, "bold")
    day = serial(closed_on) if closed_on else ""
    tab.formula("H1", f'IF({places.LAST_DAY}="","",{places.LAST_DAY})', day, "date")
    tab.text("A2", _explained(work))
    tab.text(
        "A3",
        _(
            "Filtrera på Status för att bara se det som brister. Det som är uppfyllt är grått. Fyll i de "
            "gula rutorna."
        ),
    )
    tab.height(FIRST - 1, 28)
    heads = (
        _("Nr"), _("Kriterium"), _("Nivå"), _("Status"), _("I siffror"), _("Vad ska göras"), _("Vem"),
        _("Klart senast"), _("Läge"), _("Hur vi vet att det är gjort"),
    )  # fmt: skip
    for letter, head in zip("ABCDEFGHIJ", heads, strict=True):
        tab.text(f"{letter}{FIRST - 1}", head, "head")
    for line in work.figures.criteria:
        _row(work, tab, line, closed_on)
    _choices(work, tab)
    tab.sheet.autofilter(f"A{FIRST - 1}:J{work.last}")
    tab.sheet.conditional_format(
        f"A{FIRST}:J{work.last}",
        {
            "type": "formula",
            "criteria": f"=${STATUS}{FIRST}={STATUS_NAMES[Status.MET]}",
            "format": work.book.fill("#f2f3f5", "#6b7580"),
        },
    )
    tab.sheet.freeze_panes(FIRST - 1, 2)
    tab.paper(landscape=True, repeat=(FIRST - 1, FIRST - 1))
    tab.protect()


def _explained(work: Work) -> str:
    _ = work._
    if work.figures.release.mode is Mode.ANONYMOUS and work.columns is None:
        return _(
            "En föreskrift som inte är uppfylld ska vara åtgärdad senast sex månader efter avslutningen. En "
            "preliminär kan avskrivas av en övergripande studierektor."
        )
    return _(
        "För en föreskrift som inte är uppfylld föreslås sex månader efter sista dagen. Ingen tidsfrist "
        "löper av sig själv."
    )


def _row(work: Work, tab: Tab, line: Line, closed_on: date | None) -> None:
    row = row_of(line)
    tab.text(f"A{row}", line.id, "id_small")
    tab.text(f"B{row}", line.statement, "small")
    tab.height(row, max(fitting(line.statement, 44, 9), TWO_LINES))
    provisional = work._(", preliminär") if line.provisional else ""
    tab.text(f"C{row}", words.levels(work._)[line.level] + provisional, "small")
    status = work.at("assessment", f"{STATUS_COLUMN}{row}")
    tab.formula(f"{STATUS}{row}", status, words.statuses(work._)[line.status], "bold_small")
    numbers = work.at("assessment", f"{NUMBERS_TEXT}{row}")
    tab.formula(f"E{row}", numbers, said_numbers(line, work._), "small")
    planned = work.plan.get(line.id)
    for letter, text in zip("FGIJ", _texts(work, planned), strict=True):
        tab.text(f"{letter}{row}", text, "input_small")
    if planned:
        tab.height(row, max(fitting(line.statement, 44, 9), _tallest(planned), TWO_LINES))
    if planned and planned.due_on:
        tab.day(f"H{row}", planned.due_on, "input_date_small")
    elif line.level is Level.F:
        due = closed_on + relativedelta(months=MEND_WITHIN) if closed_on and line.breach else None
        tab.formula(
            f"H{row}",
            f'IF(AND({STATUS}{row}={STATUS_NAMES[Status.NOT_MET]},{places.LAST_DAY}<>""),'
            f'IFERROR(EDATE({places.LAST_DAY},{MEND_WITHIN}),""),"")',
            serial(due) if due else "",
            "input_date_small",
        )
    else:
        tab.blank(f"H{row}", "input_date_small")


def _texts(work: Work, planned: Planned | None) -> tuple[str, str, str, str]:
    """Give what, who, how far and what shows it, as somebody could have typed it."""
    if planned is None:
        return "", "", "", ""
    return planned.what, planned.who, words.progress(work._)[planned.progress], planned.evidence


def _tallest(planned: Planned) -> float:
    return min(max(fitting(planned.what, 36, 9), fitting(planned.evidence, 30, 9)), HEIGHT_MOST)


def _choices(work: Work, tab: Tab) -> None:
    _ = work._
    tab.choices(
        [f"I{FIRST}:I{work.last}"],
        tuple(words.progress(_).values()),
        _("Läge"),
        _("Planerad, Pågår, Klar, eller Verifierad när någon har sett att det fungerar."),
        _("Välj ett av lägena i listan."),
    )
