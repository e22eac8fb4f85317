"""The two pictures: grades, and how many agree. They must be read in black and white too."""

from typing import Any

from stins.workbook.write.assessment.area_columns import HEIGHT, LABEL, SHARES
from stins.workbook.write.book import Tab
from stins.workbook.write.figures import SETS
from stins.workbook.write.work import Work

PATTERNS = {
    "st": ("#1c4e80", None),
    "utbildare": ("#c7d7e8", "wide_upward_diagonal"),
    "alla": ("#7d8a97", None),
}
CHART_ROWS, CHART_ROW_HEIGHT = 10, 15


def profile(work: Work, tab: Tab, row: int) -> int:
    """Draw the grade profile and give the row after it."""
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


def shares(work: Work, tab: Tab, row: int) -> int:
    """Draw how many agree in each area and cell, and give its last row."""
    _ = work._
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
                "name": f"='{sheet}'!${SHARES[cell]}${first - 1}",
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


def _place(work: Work, tab: Tab, chart: Any, row: int, description: str) -> None:
    for number in range(CHART_ROWS):
        tab.height(row + number, CHART_ROW_HEIGHT)
    chart.set_size({"width": 830, "height": CHART_ROWS * CHART_ROW_HEIGHT * 4 // 3})
    chart.set_chartarea({"border": {"none": True}})
    tab.sheet.insert_chart(f"A{row}", chart, {"description": description, "object_position": 2})
