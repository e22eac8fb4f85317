"""What a workbook states beside the answers: the unit, the last day, the region's numbers, the facts."""

from datetime import date, datetime

from questionnaires.model import Criterion, Fact, Parameter
from stins.workbook.read.collected import Collected
from stins.workbook.read.faults import N_, shown
from stins.workbook.read.grid import Grid, Spot, Value
from stins.workbook.read.plan import Layout, Source, Stated, exact, loose

MOST_CHARACTERS = 200


def unit(source: Source, grid: Grid, faults: Collected) -> str:
    """Give the unit's name, empty where there is none."""
    if not isinstance(source, Spot):
        return str(source.value) if source else ""
    name = " ".join(_text(grid.at(source)).split())
    if len(name) > MOST_CHARACTERS:
        faults.add(source, N_("enhetens namn är längre än 200 tecken; korta det"))
    return name


def day(source: Source, grid: Grid, faults: Collected) -> date:
    """Give the last day to answer; whether it can be so is not asked here."""
    if not isinstance(source, Spot):
        return source.value if source and isinstance(source.value, date) else date.min
    value = grid.at(source)
    found = as_day(value)
    if value is None or loose(value) == "":
        faults.add(source, N_("sista dagen saknas; skriv den som 2026-05-31"))
    elif found is None:
        faults.add(
            source, N_("%(value)s är inget datum; skriv sista dagen som 2026-05-31"), value=shown(value)
        )
    return found or date.min


def as_day(value: Value | None) -> date | None:
    """Give a date cell's day, or that of a text such as 2026-05-31."""
    match value:
        case datetime():
            return value.date()
        case date():
            return value
        case str():
            try:
                found = date.fromisoformat(value.strip())
            except ValueError:
                return None
            return found if found.isoformat() == value.strip() else None
        case _:
            return None


def number(parameter: Parameter, source: Source, grid: Grid, faults: Collected) -> int:
    """Give one of the region's numbers; the catalogue's own where the workbook has no place for it."""
    if source is None:
        return parameter.default
    if isinstance(source, Stated):
        return int(str(source.value))
    return whole(source, parameter.least, parameter.most, grid, faults) or parameter.default


def whole(spot: Spot, least: int, most: int, grid: Grid, faults: Collected) -> int:
    """Give the whole number in a cell, 0 when it is wrong."""
    value = grid.at(spot)
    text = "" if value is None or isinstance(value, bool) else exact(value).strip()
    if text.isascii() and text.isdigit() and len(text) < 10 and least <= int(text) <= most:
        return int(text)
    if value is None:
        faults.add(spot, N_("här saknas ett heltal, %(least)d till %(most)d"), least=least, most=most)
    else:
        message = N_("%(value)s kan inte stå här; skriv ett heltal, %(least)d till %(most)d")
        faults.add(spot, message, value=shown(value), least=least, most=most)
    return 0


def facts(layout: Layout, grid: Grid, faults: Collected) -> dict[str, Fact]:
    """Give the stated facts in catalogue order; an empty cell states nothing."""
    stated = {}
    for id, source in layout.facts.items():
        fact = _fact(layout.catalogue.criteria[id], source, layout, grid, faults)
        if fact:
            stated[id] = fact
    return {id: stated[id] for id in layout.catalogue.criteria if id in stated}


def _fact(criterion: Criterion, source: Source, layout: Layout, grid: Grid, faults: Collected) -> Fact | None:
    if not isinstance(source, Spot):
        return Fact(str(source.value)) if source else None
    value = grid.at(source)
    if value is None or loose(value) == "":
        return None
    fact = layout.fact_words.get(loose(value))
    if fact not in criterion.facts:
        words = [word for word, meant in layout.fact_words.items() if meant in criterion.facts]
        message = N_("%(value)s kan inte stå här; skriv något av %(words)s, eller lämna tomt")
        faults.add(source, message, value=shown(value), words=", ".join(words))
    return fact


def _text(value: Value | None) -> str:
    return "" if value is None else exact(value)
