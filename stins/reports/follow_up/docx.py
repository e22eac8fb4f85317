"""A written report as a Word document, for those who paste it into a template of their own."""

import io
import re
import zipfile
from collections.abc import Sequence
from typing import Any

import docx
from docx.document import Document
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Mm, Pt, RGBColor

from stins.reports.follow_up.rows import Line, Paper

_LANGUAGES = {"sv": "sv-SE", "en": "en-GB"}
_INK = RGBColor(0x16, 0x28, 0x2E)
_WIDTHS = (23, 36, 22, 16, 13, 13, 18, 19)
"""Of the annex's columns, in millimetres: an A4 page between its margins."""
_NOT_IN_XML = re.compile("[\x00-\x08\x0b-\x1f\ud800-\udfff\ufffe\uffff]")
_STILL = (1980, 1, 1, 0, 0, 0)
"""When every part of the file is said to be from: the same paper gives the same bytes."""


def docx_file(paper: Paper) -> bytes:
    """Write a report with real headings, real tables with header rows, and its language set."""
    document = docx.Document()
    _dress(document, paper)
    document.add_heading(_kept(paper.title), level=1)
    if paper.mark:
        document.add_paragraph().add_run(_kept(paper.mark)).bold = True
    _table(document, paper.facts_columns, paper.facts, (45, 115))
    if paper.note:
        note = document.add_paragraph()
        note.paragraph_format.space_before = Pt(10)
        note.add_run(_kept(paper.note)).italic = True
    for block in paper.blocks:
        match block.kind:
            case "heading":
                document.add_heading(_kept(block.text), level=block.level + 1)
            case "list":
                for line in block.lines:
                    document.add_paragraph(_kept(line), style="List Bullet")
            case _:
                document.add_paragraph(_kept(block.text))
    document.add_heading(_kept(paper.signatures_title), level=2)
    signed = [(each.unit, each.name, each.how) for each in paper.signatures]
    _table(document, paper.signatures_columns, signed, (55, 50, 55))
    _annex(document, paper)
    return _bytes(document)


def _annex(document: Document, paper: Paper) -> None:
    annex = paper.annex
    document.add_page_break()  # type: ignore[no-untyped-call]
    document.add_heading(_kept(annex.title), level=2)
    document.add_paragraph(_kept(annex.why_none or annex.lede))
    for breach in annex.breaches:
        document.add_heading(_kept(f"{breach.id} {breach.statement}"), level=3)
        document.add_paragraph(_kept(breach.about))
        table = _table(document, annex.columns, [_cells(line) for line in breach.lines], _WIDTHS)
        for row, line in zip(table.rows[1:], breach.lines, strict=True):
            if not line.numbers:
                row.cells[2].merge(row.cells[6]).text = _kept(line.instead)


def _cells(line: Line) -> tuple[str, ...]:
    numbers = tuple(str(number) for number in line.numbers) or ("",) * 5
    return (line.round_name, line.group, *numbers, line.status)


def _table(
    document: Document, columns: Sequence[str], rows: Sequence[Sequence[str]], widths: Sequence[int]
) -> Any:
    """Add a table with a header row; ``widths`` are in millimetres."""
    table = document.add_table(rows=0, cols=len(columns), style="Table Grid")
    table.autofit = False
    for column, width in zip(table.columns, widths, strict=True):
        column.width = Mm(width)
    for number, values in enumerate((columns, *rows)):
        row = table.add_row()
        for cell, value, width in zip(row.cells, values, widths, strict=True):
            cell.width = Mm(width)
            run = cell.paragraphs[0].add_run(_kept(value))
            run.bold = number == 0 or None
            run.font.size = Pt(9)
    header = table.rows[0]._tr.get_or_add_trPr()
    header.append(OxmlElement("w:tblHeader"))
    return table


def _dress(document: Document, paper: Paper) -> None:
    """Set the language, the hand, and whose document it is."""
    page = document.sections[0]
    page.page_width, page.page_height = Mm(210), Mm(297)
    page.left_margin = page.right_margin = page.top_margin = page.bottom_margin = Mm(25)
    styles: Any = document.styles
    for lang in styles.element.iter(qn("w:lang")):
        lang.set(qn("w:val"), _LANGUAGES[paper.lang])
    styles["Normal"].font.name, styles["Normal"].font.size = "Calibri", Pt(11)
    for level in (1, 2, 3):
        styles[f"Heading {level}"].font.color.rgb = _INK
    about = document.core_properties
    about.title, about.language = _kept(paper.title)[:255], _LANGUAGES[paper.lang]
    about.author = about.last_modified_by = _kept(paper.place)[:255]
    about.comments = about.keywords = about.subject = ""
    about.created = about.modified = paper.written_at
    about.revision = 1


def _bytes(document: Document) -> bytes:
    made, still = io.BytesIO(), io.BytesIO()
    document.save(made)
    with zipfile.ZipFile(made) as read, zipfile.ZipFile(still, "w", zipfile.ZIP_DEFLATED) as written:
        for name in read.namelist():
            written.writestr(zipfile.ZipInfo(name, _STILL), read.read(name), zipfile.ZIP_DEFLATED)
    return still.getvalue()


def _kept(text: str) -> str:
    """Give a text without what XML cannot hold."""
    return _NOT_IN_XML.sub("", text)
