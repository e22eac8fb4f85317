"""Uppgifter: whose unit, until when, the region's numbers and what is stated openly."""

from datetime import date

from stins.workbook import places, words
from stins.workbook.write.book import Tab, fitting
from stins.workbook.write.work import Work


def write(work: Work, closed_on: date | None, *, from_file: bool) -> None:
    """Write the tab: with inputs in a blank, with what was stated in an export."""
    _, tab, is_blank = work._, work.tab("details"), work.columns is not None
    tab.widths({"A": 6, "B": 74, "C": 26})
    tab.title(_("Uppgifter"))
    if is_blank:
        tab.text("A2", _("Studierektorn fyller i de gula rutorna."))
    tab.text("B4", _("Enhet"), "bold")
    tab.text("C4", work.unit, "input" if is_blank else "wrap")
    work.book.name(places.UNIT, tab, "C4")
    tab.text("B5", _("Sista dag för svar") if is_blank else _("Avslutad"), "bold")
    tab.day("C5", closed_on, "input_date" if is_blank else "date")
    work.book.name(places.LAST_DAY, tab, "C5")
    if is_blank:
        tab.sheet.data_validation(
            "C5",
            {
                "validate": "date",
                "criteria": ">=",
                "value": date(2020, 1, 1),
                "input_title": _("Sista dag"),
                "input_message": _("Skriv dagen så här: 2026-11-22."),
                "error_title": _("Sista dag"),
                "error_message": _("Skriv dagen så här: 2026-11-22."),
            },
        )
    row = _numbers(work, tab, 7, from_file=from_file)
    _facts(work, tab, row + 1, is_blank=is_blank)
    tab.paper()
    tab.protect()


def _numbers(work: Work, tab: Tab, row: int, *, from_file: bool) -> int:
    _, figures = work._, work.figures
    region = _("Tal som gäller i regionen (låsta: frågorna är skrivna med dem)")
    tab.text(
        f"B{row}", _("Katalogens egna tal (regionens kan vara andra)") if from_file else region, "heading"
    )
    row += 1
    tab.text(f"B{row}", _("Minsta antal ST-läkare och handledare bakom varje siffra"), "wrap")
    tab.number(f"C{row}", figures.release.k, "number")
    work.book.name(places.K, tab, f"C{row}")
    for parameter in figures.catalogue.parameters.values():
        row += 1
        tab.text(f"B{row}", parameter.name.plain(figures.lang), "wrap")
        tab.number(f"C{row}", figures.parameters[parameter.id], "number")
        work.book.name(places.parameter(parameter.id), tab, f"C{row}")
    return row + 1


def _facts(work: Work, tab: Tab, row: int, *, is_blank: bool) -> None:
    _, said = work._, words.facts(work._)
    tab.text(f"B{row}", _("Det som studierektorn uppger öppet"), "heading")
    registered = _(
        "A2 till A4 gäller den externa granskningen. Har ingen granskning gjorts: A2 och A3 Nej, A4 lämnas "
        "tom."
    )
    if is_blank:
        row += 1
        tab.text(f"B{row}", registered, "meta")
        tab.height(row, fitting(registered, 74, 9))
    for line in work.figures.criteria:
        if not line.facts:
            continue
        row += 1
        tab.text(f"A{row}", line.id, "id")
        tab.text(f"B{row}", line.statement, "wrap")
        tab.height(row, fitting(line.statement, 74) + 3)
        if is_blank:
            tab.blank(f"C{row}", "input")
            allowed = [said[fact] for fact in line.facts]
            tab.choices([f"C{row}"], allowed, line.id, _("Välj i listan."), _("Välj ett av svaren i listan."))
        else:
            tab.text(f"C{row}", said[line.fact])
        work.book.name(places.fact(line.id), tab, f"C{row}")
