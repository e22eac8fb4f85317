"""What a layout finds in a workbook and what it does not, for whoever writes the layout."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from questionnaires.model import Role
from stins.workbook.read import people, stated
from stins.workbook.read.cells import cell_name
from stins.workbook.read.collected import Collected
from stins.workbook.read.faults import N_, Fault, plain, shown
from stins.workbook.read.grid import Grid, Spot, column_place
from stins.workbook.read.layout import missing_tabs, tabs
from stins.workbook.read.people import Found
from stins.workbook.read.plan import Layout, Table

if TYPE_CHECKING:
    from stins.workbook.speech import Speech


@dataclass(frozen=True, slots=True)
class Match:
    """What was found for a block. ``cells`` is such as ``C5:AF62``; ``filled`` people answered something."""

    tab: str
    role: Role
    cells: str
    people: int
    filled: int
    questions: int

    def said(self, _: "Speech") -> str:
        """Give the match as one line."""
        line = _(N_("%(place)s: %(role)s, %(questions)d frågor, svar från %(filled)d av %(people)d platser"))
        place = f"{plain(self.tab)}!{self.cells}" if self.cells else plain(self.tab)
        return line % {
            "place": place,
            "role": self.role,
            "questions": self.questions,
            "filled": self.filled,
            "people": self.people,
        }


@dataclass(frozen=True, slots=True)
class Report:
    """What a layout matched, block by block, and what does not fit; both empty lists are possible."""

    matched: tuple[Match, ...]
    unmatched: tuple[Fault, ...]

    def said(self, _: "Speech") -> list[str]:
        """Give the report as lines: what was found, then what was not, or that all is well."""
        lines = [match.said(_) for match in self.matched]
        lines += [fault.said(_) for fault in self.unmatched]
        if not self.unmatched:
            lines.append(_(N_("Allt i layouten stämmer med arbetsboken.")))
        return lines


def check_layout(grid: Grid, layout: Layout) -> Report:
    """Hold a layout against a workbook. Nothing is raised: everything found is in the report."""
    faults = Collected(grid)
    missing_tabs(grid, layout, faults)
    _state(grid, layout, faults)
    parts: list[Found] = []
    for blocks in people.grouped(layout):
        group = [people.found(block, grid, layout) for block in blocks if block.tab in grid.sheets]
        if len(group) == len(blocks):
            people.question_faults(layout, blocks[0].role, group, faults)
        parts += group
    used = {spot for part in parts for person in part.people for spot, _ in person.cells.values()}
    for part in parts:
        _word_faults(part, grid, faults)
        _stray_faults(part, grid, used, faults)
    _unused_tabs(grid, layout, faults)
    return Report(tuple(_match(part, grid) for part in parts), faults.ordered())


def _state(grid: Grid, layout: Layout, faults: Collected) -> None:
    """Look at what is stated beside the answers, in tabs that there are."""
    if all(tab in grid.sheets for tab in tabs(layout)):
        stated.unit(layout.unit, grid, faults)
        stated.day(layout.last_day, grid, faults)
        for id, source in layout.numbers.items():
            stated.number(layout.catalogue.parameters[id], source, grid, faults)
        stated.facts(layout, grid, faults)


def _match(part: Found, grid: Grid) -> Match:
    spots = [spot for person in part.people for spot, _ in person.cells.values()]
    cells = ""
    if spots:
        first = cell_name(min(spot.row for spot in spots), min(spot.column for spot in spots))
        last = cell_name(max(spot.row for spot in spots), max(spot.column for spot in spots))
        cells = f"{first}:{last}"
    filled = sum(any(True for _ in _filled(part, person, grid)) for person in part.people)
    return Match(part.block.tab, part.block.role, cells, len(part.people), filled, len(part.questions))


def _filled(part: Found, person: people.Person, grid: Grid) -> Iterator[tuple[Spot, str, bool]]:
    """Give a person's filled cells with what stands there and whether that is an answer."""
    for spot, words in person.cells.values():
        value = grid.at(spot)
        if value is not None and not words.is_empty(value):
            yield spot, shown(value), words.answer(value) is not None


def _word_faults(part: Found, grid: Grid, faults: Collected) -> None:
    """Keep each word that is no answer once, with how often it stands there."""
    times: Counter[str] = Counter()
    first: dict[str, Spot] = {}
    for person in part.people:
        for spot, word, known in _filled(part, person, grid):
            if not known:
                times[word] += 1
                first.setdefault(word, spot)
    for word, count in times.items():
        message = (
            N_("%(value)s är inget av svaren; ta med ordet under answers")
            if count == 1
            else N_("%(value)s är inget av svaren (%(count)d gånger, först här); ta med ordet under answers")
        )
        faults.add(first[word], message, value=word, count=count)


def _stray_faults(part: Found, grid: Grid, used: set[Spot], faults: Collected) -> None:
    """Keep the lines and the people with answers that no block reads."""
    block = part.block
    if not isinstance(block, Table):
        return
    lines = {spot.column if block.people_are_rows else spot.row for spot in part.questions.values()}
    between, beside = _strays(block, lines, grid, used)
    for line in sorted(between):
        message = N_("här står svar men ingen fråga; ge raden dess fråga i layouten, om den ska läsas")
        spot = block.spot(line, block.people.start)
        faults.add(spot, message, _line_place(block, line, is_person=False))
    for person in sorted(beside):
        message = N_("här ser det ut att stå svar utanför blocket; utöka det, om de ska läsas")
        faults.add(block.spot(min(lines), person), message, _line_place(block, person, is_person=True))


def _strays(block: Table, lines: set[int], grid: Grid, used: set[Spot]) -> tuple[set[int], set[int]]:
    """Give the lines that hold an answer but no question, and who outside the block has answers to most."""
    between: set[int] = set()
    beside: Counter[int] = Counter()
    for (row, column), value in grid.sheets[block.tab].items():
        line, person = (column, row) if block.people_are_rows else (row, column)
        if Spot(block.tab, row, column) in used or block.words.answer(value) is None:
            continue
        if person in block.people and block.first <= line <= block.last:
            between.add(line)
        elif line in lines and person != block.ids:
            beside[person] += 1
    return between, {person for person, times in beside.items() if 2 * times > len(lines)}


def _line_place(block: Table, number: int, *, is_person: bool) -> str:
    if block.people_are_rows is is_person:
        return f"{plain(block.tab)}!{number}"
    return column_place(block.tab, number)


def _unused_tabs(grid: Grid, layout: Layout, faults: Collected) -> None:
    used = tabs(layout)
    for tab in grid.sheets:
        if tab not in used:
            faults.add(Spot(tab, 1, 1), N_("fliken läses inte av layouten"), plain(tab))
