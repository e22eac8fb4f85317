"""What a criterion's numbers say in words, as formulas and as text."""

from collections.abc import Callable

from scoring.release import ALLA, ST, UTBILDARE, Release
from scoring.rounds import Mode
from stins.workbook import places, words
from stins.workbook.speech import Speech
from stins.workbook.write.assessment.columns import TABLES
from stins.workbook.write.assessment.row import Row
from stins.workbook.write.book import literal
from stins.workbook.write.counts import VISIBLE
from stins.workbook.write.figures import Line


def said_few(release: Release, _: Speech) -> str:
    """Say that too few answered, and how many it would take."""
    if release.mode is Mode.DIALOGUE:
        return _(
            "För få har svarat för att något ska kunna visas: minst tre behövs, och minst två av dem ska "
            "vara ST-läkare eller handledare."
        )
    text = _("För få har svarat för att något ska kunna visas: minst %(k)s ST-läkare och handledare behövs.")
    return text % {"k": release.k}


def said_numbers(line: Line, _: Speech) -> str:
    """Say how many agree in each shown table, or what is stated."""
    if line.facts:
        return _("Uppgivet: ") + words.facts(_)[line.fact] if line.fact else ""
    if line.visible == 0:
        return _("för få svar")
    shown = {cell: bands for cell in (*line.sides, ALLA) if (bands := line.bands(cell)) and bands.base}
    return _joined({cell: f"{bands.agree}{_(' av ')}{bands.base}" for cell, bands in shown.items()}, _)


def said_needed(line: Line, _: Speech) -> str:
    """Say how many more would have to agree in each table that is short of met."""
    more = {cell: f"{line.needed[cell]}{_(' till')}" for cell in (*line.sides, ALLA) if cell in line.needed}
    return _joined(more, _)


def _joined(texts: dict[str, str], _: Speech) -> str:
    said = words.cells(_)
    return ", ".join(f"{said[cell]} {text}" for cell, text in texts.items())


def numbers(row: Row) -> str:
    """Give the formula of :func:`said_numbers`."""
    line, _ = row.line, row.work._
    if line.facts:
        stated = places.fact(line.id)
        return f'IF({stated}="","",{literal(_("Uppgivet: "))}&{stated})'
    visible = row.work.at("counts", f"{VISIBLE}{row.number}")
    of = literal(_(" av "))
    text = _by_cell(
        row,
        lambda cell: f"{row.count(cell, 0)}&{of}&{row.of(TABLES[cell].base)}",
        lambda cell: row.of(TABLES[cell].base),
    )
    few = literal(_("för få svar"))
    return f'IF({visible}="","",IF({visible}=0,{few},{text}))'


def needed(row: Row) -> str:
    """Give the formula of :func:`said_needed`."""
    more = literal(row.work._(" till"))
    return _by_cell(
        row,
        lambda cell: f"{row.of(TABLES[cell].needed)}&{more}",
        lambda cell: row.of(TABLES[cell].needed),
    )


def _by_cell(row: Row, text: Callable[[str], str], number: Callable[[str], str]) -> str:
    """Join a text for each cell whose number is above 0."""
    said = words.cells(row.work._)
    formulas = [
        f'IF({number(cell)}>0,{literal(said[cell] + " ")}&{text(cell)},"")'
        for cell in (*row.line.sides, ALLA)
    ]
    if len(row.line.sides) == 2:
        formulas.insert(1, f'IF(AND({number(ST)}>0,{number(UTBILDARE)}>0),", ","")')
    return "&".join(formulas)
