"""Pictures of a result, as SVG files. Matplotlib is loaded only when one is drawn."""

import io
from collections.abc import Sequence

from stins.reports.table import AreaRow

COLOURS = {"A": "#1d6b45", "B": "#5a7016", "C": "#955400", "D": "#a3222c"}
ORDER = "DCBA"


def profile(areas: Sequence[AreaRow], title: str, description: str) -> bytes:
    """Draw the grade profile: an area a column, A at the top. Gives SVG with a title and a description.

    The same rows always give the same bytes.
    """
    from matplotlib import rc_context
    from matplotlib.backends.backend_svg import FigureCanvasSVG
    from matplotlib.figure import Figure

    with rc_context({"svg.hashsalt": "stins", "svg.fonttype": "none", "font.family": "sans-serif"}):
        figure = Figure(figsize=(6.4, 2.6), layout="constrained")
        axes = figure.subplots()
        for column, area in enumerate(areas):
            if area.grade is None:
                axes.text(column, -0.35, "–", ha="center", va="bottom", fontsize=15, color="#5b6570")
                continue
            height = ORDER.index(area.grade) + 1
            axes.bar(column, height, width=0.62, color=COLOURS[area.grade])
            axes.text(
                column,
                height - 0.14,
                area.grade,
                ha="center",
                va="top",
                color="white",
                weight="bold",
                size=15,
            )
        axes.set_xticks(range(len(areas)), [area.id for area in areas], fontsize=13)
        axes.set_yticks([])
        axes.set_ylim(-0.4, 4)
        axes.set_xlim(-0.6, len(areas) - 0.4)
        axes.spines[["left", "top", "right"]].set_visible(False)
        axes.tick_params(length=0)
        figure.patch.set_alpha(0)
        axes.patch.set_alpha(0)
        buffer = io.BytesIO()
        metadata = {"Date": None, "Title": title, "Description": description, "Creator": None}
        FigureCanvasSVG(figure).print_figure(buffer, format="svg", metadata=metadata)
    return buffer.getvalue()
