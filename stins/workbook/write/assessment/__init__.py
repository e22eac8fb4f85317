"""Bedömning: from numbers to statuses, grades and findings, in formulas that follow scoring.md."""

from stins.workbook import places
from stins.workbook.write.assessment import areas, criteria
from stins.workbook.write.assessment.columns import STATUS
from stins.workbook.write.work import FIRST, Work


def write(work: Work) -> None:
    """Write the tab: a row for each criterion, and below them a row for each area."""
    _, tab = work._, work.tab("assessment")
    tab.title(_("Bedömning"))
    tab.text(
        "A2",
        _(
            "Räknas ut av sig själv ur Underlag och Uppgifter, med gränserna i Regler. "
            "Ett kriterium får den sämsta statusen bland sina grupper."
        ),
    )
    criteria.write(work, tab)
    work.book.name(places.STATUSES, tab, f"{STATUS}{FIRST}:{STATUS}{work.end}")
    areas.write(work, tab)
    tab.sheet.freeze_panes(FIRST - 1, 2)
    tab.paper(landscape=True, repeat=(FIRST - 2, FIRST - 1))
    tab.sheet.print_area(f"A1:U{work.areas_first + len(work.figures.areas) - 1}")
    tab.protect()
