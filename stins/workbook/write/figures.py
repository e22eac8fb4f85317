"""The values that the formulas give, as scoring gives them: each is written beside its formula."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property

from questionnaires.model import Catalogue, Criterion, Fact, Level, Outcome, Role
from scoring.release import ALLA, CELL_ROLES, ST, UTBILDARE, Bands, Release, Table
from scoring.rules import Rules
from scoring.verdict import Status, Verdict

SETS = (ST, UTBILDARE, ALLA)
LEVELS = tuple(Level)


@dataclass(frozen=True, slots=True)
class Line:
    """A criterion or an outcome, with what stands behind it and what follows.

    ``sides`` are the cells that are asked it, when there are two. ``lowest`` is (agree, base) of the table
    where the fewest agree, (0, 0) without one. Ranks are 0 for what does not stand in that list.
    """

    number: int
    id: str
    area: str
    statement: str
    level: Level
    provisional: bool
    critical: bool
    roles: tuple[Role, ...]
    sides: tuple[str, ...]
    facts: tuple[Fact, ...]
    fact: Fact | None
    tables: Mapping[str, Table]
    status: Status | None
    statuses: Mapping[str, Status | None]
    needed: Mapping[str, int]
    lowest: tuple[int, int]
    breach: int
    weak: int
    strong: bool
    kept: int
    gap: int
    unknown: bool
    because: bool

    def bands(self, cell: str) -> Bands | None:
        """Give the shown table of a cell."""
        table = self.tables.get(cell)
        return table if isinstance(table, Bands) else None

    @property
    def visible(self) -> int | None:
        """How it is shown: 2 in its cells, 1 in {alla}, 0 withheld, ``None`` where there are no cells."""
        if not self.tables:
            return None
        if not any(self.bands(cell) for cell in self.tables):
            return 0
        return 1 if ALLA in self.tables else 2

    @property
    def weight(self) -> int:
        """What weaknesses are first ordered by, 1 to 6; 0 for what is no weakness."""
        if not self.area or self.status not in (Status.NOT_MET, Status.PARTLY):
            return 0
        return 2 * LEVELS.index(self.level) + (2 if self.status is Status.PARTLY else 1)

    @property
    def apart(self) -> tuple[int, int]:
        """How far the two tables are from each other: (difference, whole), (0, 1) where there are not two."""
        one, other = self.bands(ST), self.bands(UTBILDARE)
        if not (one and other and one.base and other.base):
            return 0, 1
        return abs(one.agree * other.base - other.agree * one.base), one.base * other.base


@dataclass(frozen=True, slots=True)
class AreaFigures:
    """An area's counts, as the area rule asks for them, and its grade as printed."""

    id: str
    name: str
    grade: str
    criteria: tuple[int, int]
    f: tuple[int, int]
    ki: int
    broken: int
    f_short: int
    ar_not_met: int
    ar_partly: int
    critical: int
    ki_short: int
    ki_limit: int
    because: tuple[str, ...]
    agreeing: Mapping[str, tuple[int, int]]


@dataclass(frozen=True)
class Figures:
    """A release, its verdict, and all that is computed between them."""

    release: Release
    verdict: Verdict
    catalogue: Catalogue
    rules: Rules
    parameters: Mapping[str, int]
    lang: str

    @cached_property
    def lines(self) -> tuple[Line, ...]:
        """Every criterion of the round in catalogue order, then the outcomes."""
        asked: list[Criterion | Outcome] = [*self.catalogue.within(self.release.areas)]
        if self.release.areas is None:
            asked += self.catalogue.outcomes.values()
        return tuple(self._line(number, each) for number, each in enumerate(asked, 1))

    @cached_property
    def criteria(self) -> tuple[Line, ...]:
        """The lines that stand in an area."""
        return tuple(line for line in self.lines if line.area)

    @cached_property
    def areas(self) -> tuple[AreaFigures, ...]:
        """The areas of the round."""
        return tuple(self._area(id) for id in self.verdict.areas)

    @property
    def groups(self) -> int:
        """How many cells there are."""
        return len(self.release.cells)

    @property
    def people(self) -> Mapping[str, int]:
        """The number of ballots behind each cell that there is."""
        return {cell.id: cell.n for cell in self.release.cells}

    def _line(self, number: int, of: Criterion | Outcome) -> Line:
        verdict, id = self.verdict, of.id
        judged = verdict.criteria[id]
        is_criterion = isinstance(of, Criterion)
        area = of.area if isinstance(of, Criterion) else ""
        return Line(
            number=number,
            id=id,
            area=area,
            statement=of.statement.render(self.lang, self.parameters),
            level=of.level if isinstance(of, Criterion) else Level.KI,
            provisional=isinstance(of, Criterion) and of.provisional,
            critical=isinstance(of, Criterion) and of.critical,
            roles=of.asked,
            sides=tuple(cell for cell in (ST, UTBILDARE) if set(CELL_ROLES[cell]) & set(of.asked)),
            facts=of.facts if isinstance(of, Criterion) else (),
            fact=self.release.facts.get(id),
            tables=self.release.results.get(id, {}),
            status=judged.status,
            statuses=judged.cells,
            needed=judged.needed,
            lowest=judged.lowest or (0, 0),
            breach=_rank(verdict.breaches, id),
            weak=_rank(verdict.weaknesses, id),
            strong=is_criterion
            and judged.status is Status.MET
            and bool(judged.cells)
            and all(judged.cells.values())
            and self.rules.findings.strength_from.is_reached(*(judged.lowest or (0, 1))),
            kept=_rank(verdict.strengths, id),
            gap=_rank(verdict.gaps, id),
            unknown=id in verdict.unknown,
            because=is_criterion and id in verdict.areas[area].because,
        )

    def _area(self, id: str) -> AreaFigures:
        area, lines = self.verdict.areas[id], [line for line in self.criteria if line.area == id]
        found = Counter((line.level, line.status) for line in lines)
        provisional = sum(line.provisional and line.status is Status.NOT_MET for line in lines)
        not_met = found[Level.F, Status.NOT_MET]
        return AreaFigures(
            id=id,
            name=self.catalogue.areas[id].name.plain(self.lang),
            grade=str(area.grade or "–"),
            criteria=area.counted.criteria,
            f=area.counted.f,
            ki=area.counted.ki,
            broken=not_met - provisional,
            f_short=found[Level.F, Status.PARTLY] + provisional,
            ar_not_met=found[Level.AR, Status.NOT_MET],
            ar_partly=found[Level.AR, Status.PARTLY],
            critical=sum(
                line.critical and line.level is Level.KI and line.status is Status.NOT_MET for line in lines
            ),
            ki_short=found[Level.KI, Status.PARTLY] + found[Level.KI, Status.NOT_MET],
            ki_limit=self.rules.area.b_ki_short_over.rounded_up(area.counted.ki),
            because=area.because,
            agreeing={cell: _sum(lines, cell) for cell in SETS},
        )


def _rank(ids: tuple[str, ...], id: str) -> int:
    return ids.index(id) + 1 if id in ids else 0


def _sum(lines: list[Line], cell: str) -> tuple[int, int]:
    shown = [bands for line in lines if (bands := line.bands(cell))]
    return sum(bands.agree for bands in shown), sum(bands.base for bands in shown)
