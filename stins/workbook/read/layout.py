"""A layout file says where the answers stand in a workbook that somebody else has laid out.

Every key is described in ``docs/layouts.md``.
"""

import re
import tomllib
from datetime import date
from typing import Any

from questionnaires.model import Catalogue, Fact
from questionnaires.read import catalogue, catalogues
from scoring.rules import Rules, editions, newest, rules
from stins.workbook.read import blocks as block_keys
from stins.workbook.read.collected import Collected
from stins.workbook.read.faults import N_, Fault, Faulty, Unreadable, plain
from stins.workbook.read.filled import FACT_WORDS, Filled, filled
from stins.workbook.read.grid import Grid, Spot
from stins.workbook.read.keys import Keys
from stins.workbook.read.plan import Layout, Source, Stated, loose
from stins.workbook.read.stated import as_day

MAX_CHARACTERS = 64 * 1024
_KEYS = (
    "catalogue", "rules", "unit", "last_day", "numbers", "facts", "fact_words",
    "answers", "not_asked", "block",
)  # fmt: skip


def parse_layout(text: str) -> Layout:
    """Read a layout file. Raises :class:`Unreadable` when it is no TOML, :class:`Faulty` with its faults."""
    faults: list[Fault] = []
    keys = Keys(_toml(text), "", _KEYS, faults)
    cat = _catalogue(keys)
    common = block_keys.words(keys, "answers")
    layout = Layout(
        catalogue=cat,
        rules=_rules(keys, cat),
        own=False,
        unit=_unit(keys),
        last_day=_last_day(keys),
        numbers=_numbers(keys, cat),
        facts=_facts(keys, cat),
        fact_words=_fact_words(keys),
        blocks=block_keys.blocks(keys, common, cat),
        not_asked=block_keys.not_asked(keys, cat),
    )
    if faults:
        raise Faulty(faults)
    return layout


def read_by_layout(grid: Grid, layout: Layout) -> Filled:
    """Read a workbook as a layout describes it. Raises :class:`Faulty` with everything that is wrong.

    ``k`` is then ``None``: what was promised is for whoever imports it to say.
    """
    faults = Collected(grid)
    missing_tabs(grid, layout, faults)
    faults.raise_if_any()
    return filled(layout, grid, faults, None)


def missing_tabs(grid: Grid, layout: Layout, faults: Collected) -> None:
    """Keep as faults the tabs that a layout names and the workbook has not."""
    there = ", ".join(f"'{plain(tab)}'" for tab in grid.sheets)
    for tab in tabs(layout):
        if tab not in grid.sheets:
            message = N_("fliken finns inte i arbetsboken, som har %(tabs)s; rätta namnet i layouten")
            faults.add(None, message, f"'{plain(tab)}'", tabs=there)


def tabs(layout: Layout) -> tuple[str, ...]:
    """Name the tabs that a layout reads, each once."""
    sources = (layout.unit, layout.last_day, *layout.numbers.values(), *layout.facts.values())
    named = [block.tab for block in layout.blocks]
    return tuple(dict.fromkeys(named + [source.tab for source in sources if isinstance(source, Spot)]))


def _toml(text: str) -> dict[str, Any]:
    if len(text) > MAX_CHARACTERS:
        raise Unreadable(N_("Layoutfilen är längre än 64 KiB. Ta bort det som inte hör till den."))
    try:
        return tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        found = re.search(r"line (\d+)", str(error))
        line = found[1] if found else str(len(text.splitlines()))
    except RecursionError:
        line = "1"
    raise Unreadable(N_("Layoutfilen är inte skriven som TOML. Rätta rad %(line)s."), line=line)


def _catalogue(keys: Keys) -> Catalogue:
    """Give the catalogue named, or the newest so that the rest can be read too."""
    known = catalogues()
    id = keys.one_of("catalogue", known) if "catalogue" in keys.raw else ""
    return catalogue(id or known[-1])


def _rules(keys: Keys, cat: Catalogue) -> Rules:
    fitting = [edition for edition in editions() if cat.id in rules(edition).catalogues]
    id = keys.one_of("rules", fitting) if "rules" in keys.raw else ""
    return rules(id) if id else newest(cat.id)


def _unit(keys: Keys) -> Source:
    if isinstance(keys.raw.get("unit"), dict):
        return keys.spot("unit")
    text = keys.text("unit")
    return Stated(text) if text else None


def _last_day(keys: Keys) -> Source:
    raw = keys.raw.get("last_day")
    if raw is None:
        keys.add("last_day", N_("saknas; skriv last_day = 2026-05-31, eller i vilken cell den står"))
        return None
    if isinstance(raw, dict):
        return keys.spot("last_day")
    day = as_day(raw) if isinstance(raw, date | str) else None
    if day is None:
        keys.wrong("last_day", '2026-05-31, { cell = "Framsida!C6" }')
        return None
    return Stated(day)


def _numbers(keys: Keys, cat: Catalogue) -> dict[str, Source]:
    table = Keys(keys.raw.get("numbers", {}), "numbers", tuple(cat.parameters), keys.faults)
    found: dict[str, Source] = {}
    for id, parameter in cat.parameters.items():
        if isinstance(table.raw.get(id), dict):
            found[id] = table.spot(id)
        elif id in table.raw:
            found[id] = Stated(table.within(id, parameter.least, parameter.most, parameter.default))
    return found


def _facts(keys: Keys, cat: Catalogue) -> dict[str, Source]:
    stated = {c.id: c.facts for c in cat.criteria.values() if c.facts}
    table = Keys(keys.raw.get("facts", {}), "facts", tuple(stated), keys.faults)
    found: dict[str, Source] = {}
    for id, allowed in stated.items():
        if isinstance(table.raw.get(id), dict):
            found[id] = table.spot(id)
        elif id in table.raw:
            word = table.one_of(id, allowed)
            found[id] = Stated(Fact(word)) if word else None
    return found


def _fact_words(keys: Keys) -> dict[str, Fact]:
    table = Keys(keys.raw.get("fact_words", {}), "fact_words", None, keys.faults)
    own = {loose(word): table.one_of(word, Fact) for word in table.raw}
    return {**FACT_WORDS, **{word: Fact(meant) for word, meant in own.items() if meant}}
