"""The respondents of a workbook and their answers, the same way whoever made the workbook."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import assert_never

from questionnaires.model import Role
from scoring.ballots import Answer, Ballot, check
from stins.workbook.read.collected import Collected
from stins.workbook.read.faults import N_, plain, shown
from stins.workbook.read.grid import Grid, Spot, Value, column_place
from stins.workbook.read.plan import Block, Copy, Layout, Table, Words, loose

_MOST_NAMED = 5
_REST = Answer.EJ_AKTUELLT


@dataclass(frozen=True, slots=True)
class Person:
    """One respondent's cells by question, the tab they begin in, and how their place is shown."""

    tab: str
    place: str
    cells: Mapping[str, tuple[Spot, Words]]


@dataclass(frozen=True, slots=True)
class Found:
    """A block found in a workbook: the line or cell of each question; ``double`` ones stand there again."""

    block: Block
    questions: Mapping[str, Spot]
    double: tuple[tuple[str, Spot], ...]
    people: tuple[Person, ...]


def found(block: Block, grid: Grid, layout: Layout) -> Found:
    """Find the questions and people of a block. Lines without a question of the role are passed over."""
    match block:
        case Table():
            return _table(block, grid, layout)
        case Copy():
            spots = {id: Spot(block.tab, *cell) for id, cell in block.cells.items()}
            cells = {id: (spot, block.words) for id, spot in spots.items()}
            return Found(block, spots, (), (Person(block.tab, plain(block.tab), cells),))
        case _:
            assert_never(block)


def _table(block: Table, grid: Grid, layout: Layout) -> Found:
    asked = layout.asked(block.role)
    lines: dict[str, int] = {}
    double = []
    for line, id in _lines(block, grid):
        if id in lines:
            double.append((id, block.spot(line, block.ids or 1)))
        elif id in asked:
            lines[id] = line
    people = []
    for person in block.people:
        cells = {id: (block.spot(line, person), block.words) for id, line in lines.items()}
        place = f"{plain(block.tab)}!{person}" if block.people_are_rows else column_place(block.tab, person)
        people.append(Person(block.tab, place, cells))
    spots = {id: block.spot(line, block.ids or block.people.start) for id, line in lines.items()}
    return Found(block, spots, tuple(double), tuple(people))


def _lines(block: Table, grid: Grid) -> Iterator[tuple[int, str]]:
    """Give each line with the criterion that stands on it."""
    if block.ids is None:
        yield from enumerate(block.criteria, start=block.first)
        return
    for line in range(block.first, block.last + 1):
        value = grid.at(block.spot(line, block.ids))
        if value is not None:
            # A criterion is often followed by a full stop or a colon, or spaced as "A 1".
            yield line, loose(value).upper().rstrip(".:)").replace(" ", "")


def ballots(layout: Layout, grid: Grid, faults: Collected) -> list[tuple[Role, dict[str, Answer]]]:
    """Give everybody's answers, role by role; those who left everything empty are passed over."""
    given = []
    seen: set[Spot] = set()
    for blocks in grouped(layout):
        parts = [found(block, grid, layout) for block in blocks]
        role = blocks[0].role
        question_faults(layout, role, parts, faults)
        for part in parts:
            _outside_faults(layout, part, grid, faults)
        for person in joined(parts, faults):
            _twice(person, seen, faults)
            answers = _answers(person, grid, layout, faults)
            if answers:
                given.append((role, answers))
    return given


def made(layout: Layout, given: list[tuple[Role, dict[str, Answer]]]) -> tuple[Ballot, ...]:
    """Make ballots of complete answers; what the workbook has no place for counts as not applicable."""
    ballots = []
    for role, answers in given:
        absent = dict.fromkeys(layout.not_asked.get(role, ()), _REST)
        values = {id: answer.value for id, answer in {**answers, **absent}.items()}
        ballots.append(check(layout.catalogue, None, role, values, {}))
    return tuple(ballots)


def grouped(layout: Layout) -> Iterator[tuple[Block, ...]]:
    """Give the blocks in role order, together those that hold the same people's answers."""
    groups: dict[tuple[Role, str], list[Block]] = {}
    for number, block in enumerate(layout.blocks):
        groups.setdefault((block.role, block.group or f"\0{number}"), []).append(block)
    for role in Role:
        for (of, _), blocks in groups.items():
            if of is role:
                yield tuple(blocks)


def missing(layout: Layout, role: Role, parts: list[Found]) -> tuple[str, ...]:
    """Give the questions that the workbook should have for these people but has not."""
    there = {id for part in parts for id in part.questions}
    return tuple(id for id in layout.asked(role) if id not in there)


def joined(parts: list[Found], faults: Collected) -> Iterator[Person]:
    """Put together the same person's cells in each part."""
    numbers = {len(part.people) for part in parts}
    first = parts[0]
    if len(numbers) > 1:
        message = N_(
            "blocken i gruppen '%(group)s' rymmer olika många personer; ge dem lika många kolumner "
            "eller rader"
        )
        faults.add(
            Spot(first.block.tab, 1, 1), message, plain(first.block.tab), group=plain(first.block.group)
        )
        return
    for together in zip(*(part.people for part in parts), strict=True):
        cells = {id: cell for person in together for id, cell in person.cells.items()}
        yield Person(together[0].tab, together[0].place, cells)


def _twice(person: Person, seen: set[Spot], faults: Collected) -> None:
    """Nobody may be counted twice because two blocks of a layout read the same cells."""
    spots = [spot for spot, _ in person.cells.values()]
    again = next((spot for spot in spots if spot in seen), None)
    if again:
        faults.add(again, N_("här läser två block samma svar; ändra det ena i layouten"), person.place)
    seen.update(spots)


def question_faults(layout: Layout, role: Role, parts: list[Found], faults: Collected) -> None:
    """Keep as faults the questions that stand twice for the same people, and those that stand nowhere."""
    seen: set[str] = set()
    for part in parts:
        again = [(id, spot) for id, spot in part.questions.items() if id in seen]
        for id, spot in (*part.double, *again):
            faults.add(spot, N_("frågan %(id)s står på två ställen; ta bort det ena"), id=id)
        seen |= set(part.questions)
    lacking = missing(layout, role, parts)
    if not lacking:
        return
    message = (
        N_("frågor saknas: %(ids)s. Hämta en ny arbetsbok och för över svaren till den")
        if layout.own
        else N_("frågor saknas: %(ids)s. Ta med dem i layouten, eller skriv dem under not_asked")
    )
    tab = parts[0].block.tab
    faults.add(Spot(tab, 1, 1), message, plain(tab), ids=", ".join(lacking))


def _outside_faults(layout: Layout, part: Found, grid: Grid, faults: Collected) -> None:
    """In our own workbook nothing stands to the right of the answers but answers that would be lost."""
    block = part.block
    if not layout.own or isinstance(block, Copy):
        return
    rows = {spot.row for spot in part.questions.values()}
    beyond: dict[int, int] = {}
    for row, column in sorted(grid.sheets.get(block.tab, {})):
        if row in rows and column >= block.people.stop:
            beyond.setdefault(column, row)
    for column, row in beyond.items():
        message = N_(
            "här står något till höger om svarskolumnerna, som inte läses; flytta det till en tom "
            "svarskolumn, "
            "eller be den som driver tjänsten om en arbetsbok med fler kolumner"
        )
        faults.add(Spot(block.tab, row, column), message, column_place(block.tab, column))


def _answers(person: Person, grid: Grid, layout: Layout, faults: Collected) -> dict[str, Answer]:
    """Give a person's answers, none if all cells are empty. Whatever is wrong is kept as faults."""
    values: dict[str, Value] = {}
    for id, (spot, words) in person.cells.items():
        value = grid.at(spot)
        if value is not None and not words.is_empty(value):
            values[id] = value
    answers = {}
    for id, value in values.items():
        spot, words = person.cells[id]
        answer = words.answer(value)
        if answer is None:
            faults.add(spot, _not_an_answer(layout), value=shown(value))
        else:
            answers[id] = answer
    empty = [spot for id, (spot, _) in person.cells.items() if id not in values]
    if values and empty:
        _unanswered(person, empty, layout, faults)
    return answers


def _not_an_answer(layout: Layout) -> str:
    if layout.own:
        return N_("%(value)s är inget av svaren; välj i listan")
    return N_("%(value)s är inget av svaren; rätta cellen, eller ta med ordet under answers i layouten")


def _unanswered(person: Person, empty: list[Spot], layout: Layout, faults: Collected) -> None:
    names = [spot.name.removeprefix(f"{plain(person.tab)}!") for spot in empty[:_MOST_NAMED]]
    cells = ", ".join(names) + (" …" if len(empty) > _MOST_NAMED else "")
    match layout.own, len(empty):
        case True, 1:
            message = N_("1 fråga saknar svar (%(cells)s); skriv V för vet ej, eller töm hela kolumnen")
        case True, _:
            message = N_(
                "%(count)d frågor saknar svar (%(cells)s); skriv V för vet ej, eller töm hela kolumnen"
            )
        case _, 1:
            message = N_("1 fråga saknar svar (%(cells)s); fyll i den, eller töm alla personens svar")
        case _:
            message = N_(
                "%(count)d frågor saknar svar (%(cells)s); fyll i dem, eller töm alla personens svar"
            )
    faults.add(empty[0], message, person.place, count=len(empty), cells=cells)
