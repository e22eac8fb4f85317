"""A written report as tagged PDF, set by typst."""

from typing import Any

from stins.reports.follow_up.rows import Annex, Line, Paper
from stins.reports.pdf import pdf as set_pdf
from stins.reports.written import Block


def pdf(paper: Paper) -> bytes:
    """Set a report. The same paper always gives the same bytes."""
    return set_pdf(
        "follow_up_report",
        {
            "lang": paper.lang,
            "title": paper.title,
            "running": ", ".join(part for part in (paper.title, paper.mark) if part),
            "mark": paper.mark,
            "facts": [list(pair) for pair in paper.facts],
            "note": paper.note,
            "blocks": [_block(block) for block in paper.blocks],
            "signatures": {
                "title": paper.signatures_title,
                "columns": list(paper.signatures_columns),
                "rows": [[each.unit, each.name, each.how] for each in paper.signatures],
            },
            "annex": _annex(paper.annex),
        },
    )


def _block(block: Block) -> dict[str, Any]:
    return {"kind": block.kind, "level": block.level, "lines": list(block.lines)}


def _annex(annex: Annex) -> dict[str, Any]:
    return {
        "title": annex.title,
        "lede": annex.why_none or annex.lede,
        "columns": list(annex.columns),
        "breaches": [
            {
                "title": f"{breach.id} {breach.statement}",
                "about": breach.about,
                "rows": [_row(line) for line in breach.lines],
            }
            for breach in annex.breaches
        ],
    }


def _row(line: Line) -> dict[str, Any]:
    return {
        "round": line.round_name,
        "group": line.group,
        "numbers": [str(number) for number in line.numbers],
        "instead": line.instead,
        "status": line.status,
    }
