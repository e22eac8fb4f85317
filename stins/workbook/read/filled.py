"""A filled-in workbook of our own becomes what an inspection is made from."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from types import MappingProxyType

from questionnaires.model import Catalogue, Fact, Role
from questionnaires.read import UnknownCatalogue, catalogue
from scoring.ballots import Answer, Ballot
from scoring.rounds import Comments, Mode, Round, Terms
from scoring.rules import Rules, UnknownRules, rules
from stins.workbook import places
from stins.workbook.read import people, stated
from stins.workbook.read.collected import Collected
from stins.workbook.read.faults import N_, Unreadable, shown
from stins.workbook.read.grid import Area, Grid, Spot
from stins.workbook.read.plan import Layout, Table, Words, exact

LEAST_K, MOST_K = 4, 10
FACT_WORDS: Mapping[str, Fact] = MappingProxyType(
    {
        "ja": Fact.JA,
        "delvis": Fact.DELVIS,
        "nej": Fact.NEJ,
        "yes": Fact.JA,
        "partly": Fact.DELVIS,
        "no": Fact.NEJ,
    }
)


@dataclass(frozen=True, slots=True)
class Filled:
    """What a workbook holds. ``k`` is ``None`` where it says nothing of it; ``unit`` is then often empty.

    ``facts`` are in catalogue order, ``ballots`` role by role as they stand in the workbook.
    """

    kind: str
    catalogue: str
    rules: str
    unit: str
    closed_on: date
    k: int | None
    parameters: Mapping[str, int]
    facts: Mapping[str, Fact]
    ballots: tuple[Ballot, ...]


def round_(filled: Filled, k: int) -> Round:
    """Make the round that a release is made from: typed answers, no comments, the whole catalogue."""
    terms = Terms(catalogue(filled.catalogue), rules(filled.rules), Mode.TYPED, k, None, Comments.OFF)
    return Round(terms, filled.facts, filled.ballots, filled.closed_on)


def read_filled(grid: Grid) -> Filled:
    """Read a workbook that this program made, by its defined names.

    Raises :class:`Unreadable` when it is none, or an export, or of a catalogue or rules that are not known,
    and :class:`stins.workbook.read.faults.Faulty` with everything that is wrong in it.
    """
    _refuse_others(grid)
    faults = Collected(grid)
    layout = own_layout(grid, faults)
    k = _spot(places.K, grid, faults)
    held = stated.whole(k, LEAST_K, MOST_K, grid, faults) if k else None
    return filled(layout, grid, faults, held)


def filled(layout: Layout, grid: Grid, faults: Collected, k: int | None) -> Filled:
    """Read everything that a layout describes. Raises :class:`stins.workbook.read.faults.Faulty`."""
    unit = stated.unit(layout.unit, grid, faults)
    closed_on = stated.day(layout.last_day, grid, faults)
    numbers = {
        id: stated.number(parameter, layout.numbers.get(id), grid, faults)
        for id, parameter in layout.catalogue.parameters.items()
    }
    facts = stated.facts(layout, grid, faults)
    given = people.ballots(layout, grid, faults)
    faults.raise_if_any()
    return Filled(
        kind=places.BLANK,
        catalogue=layout.catalogue.id,
        rules=layout.rules.id,
        unit=unit,
        closed_on=closed_on,
        k=k,
        parameters=MappingProxyType(numbers),
        facts=MappingProxyType(facts),
        ballots=people.made(layout, given),
    )


def own_layout(grid: Grid, faults: Collected) -> Layout:
    """Describe a workbook of our own by its names; those that are gone are faults.

    Raises :class:`Unreadable`.
    """
    cat = _known_catalogue(grid)
    return Layout(
        catalogue=cat,
        rules=_known_rules(grid, cat.id),
        own=True,
        unit=_spot(places.UNIT, grid, faults),
        last_day=_spot(places.LAST_DAY, grid, faults),
        numbers={id: _spot(places.parameter(id), grid, faults) for id in cat.parameters},
        facts={c.id: _spot(places.fact(c.id), grid, faults) for c in cat.criteria.values() if c.facts},
        fact_words=FACT_WORDS,
        blocks=tuple(table for role in Role if (table := _table(role, grid, faults))),
        not_asked={},
    )


def _own_words() -> Words:
    written = {places.ANSWERS[answer.value]: answer for answer in Answer}
    return Words({**written, **{word.lower(): answer for word, answer in written.items()}}, exact=True)


def _table(role: Role, grid: Grid, faults: Collected) -> Table | None:
    area = _area(places.answers(role), grid, faults)
    if not area:
        return None
    return Table(
        role=role,
        tab=area.tab,
        group="",
        words=_own_words(),
        people=range(area.first_column, area.last_column + 1),
        people_are_rows=False,
        first=area.first_row,
        last=area.last_row,
        ids=places.ID_COLUMN,
        criteria=(),
    )


def _area(name: str, grid: Grid, faults: Collected) -> Area | None:
    area = grid.names.get(name)
    if area and area.tab in grid.sheets:
        return area
    message = N_(
        "namnet %(name)s är borta ur arbetsboken; hämta en ny arbetsbok och för över svaren till den"
    )
    faults.add(None, message, name=name)
    return None


def _spot(name: str, grid: Grid, faults: Collected) -> Spot | None:
    area = _area(name, grid, faults)
    return area.spot if area else None


def _refuse_others(grid: Grid) -> None:
    kind = _marked(places.KIND, grid)
    if kind == places.EXPORT:
        raise Unreadable(
            N_(
                "Det här är ett exporterat resultat, inte en arbetsbok med svar. Välj den arbetsbok "
                "som svaren "
                "skrevs in i."
            )
        )
    if kind != places.BLANK:
        raise Unreadable(
            N_(
                "Det här är inte en STINS-arbetsbok. Välj den arbetsbok som svaren skrevs in i; för "
                "en arbetsbok som "
                "är upplagd på annat sätt behövs en layoutfil."
            )
        )


def _known_catalogue(grid: Grid) -> Catalogue:
    id = _marked(places.CATALOGUE, grid)
    try:
        return catalogue(id)
    except UnknownCatalogue:
        message = N_(
            "Arbetsboken är gjord för frågorna %(id)s, som inte finns här. Hämta en ny arbetsbok och "
            "för över svaren."
        )
        raise Unreadable(message, id=shown(id)) from None


def _known_rules(grid: Grid, cat: str) -> Rules:
    id = _marked(places.RULES, grid)
    try:
        found = rules(id)
    except UnknownRules:
        message = N_(
            "Arbetsboken är gjord för reglerna %(id)s, som inte finns här. Hämta en ny arbetsbok och "
            "för över svaren."
        )
        raise Unreadable(message, id=shown(id)) from None
    if cat not in found.catalogues:
        message = N_(
            "Arbetsbokens regler, %(id)s, är inte gjorda för dess frågor. Hämta en ny arbetsbok och "
            "för över svaren."
        )
        raise Unreadable(message, id=shown(id))
    return found


def _marked(name: str, grid: Grid) -> str:
    area = grid.names.get(name)
    value = grid.at(area.spot) if area else None
    return "" if value is None else exact(value).strip()
