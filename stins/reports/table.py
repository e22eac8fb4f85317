"""The rows of a result. Screen, workbook, PDF and picture are all fed from these."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from questionnaires.model import Area, Catalogue, Criterion, Fact, Level, Role, Text
from scoring.release import CELL_ROLES, Bands, Release, Table
from scoring.verdict import Counted, CriterionVerdict, Grade, Status, Verdict

BANDS = ("agree", "partly", "disagree", "unknown")


@dataclass(frozen=True, slots=True)
class Segment:
    """A part of a bar: which band, how many, and where it lies, in per cent of the base."""

    band: str
    count: int
    start: float
    width: float


@dataclass(frozen=True, slots=True)
class Shown:
    """A table with its numbers. ``needed`` is how many more would have to agree, 0 when it is met."""

    cell: str
    roles: tuple[Role, ...]
    bands: Bands
    status: Status | None
    needed: int
    segments: tuple[Segment, ...]
    part: str = "parts/table_shown.html"


@dataclass(frozen=True, slots=True)
class Hidden:
    """A table that too few stand behind: it has a name and nothing else."""

    cell: str
    part: str = "parts/table_hidden.html"


@dataclass(frozen=True, slots=True)
class Stated:
    """What the studierektor has stated openly, or ``None`` where nothing was."""

    fact: Fact | None
    part: str = "parts/table_stated.html"


Row = Shown | Hidden | Stated


@dataclass(frozen=True, slots=True)
class CriterionRow:
    """A criterion or an outcome with its status and what stands behind it."""

    id: str
    area: str
    statement: str
    level: Level
    provisional: bool
    critical: bool
    basis: str
    status: Status | None
    tables: tuple[Row, ...]

    @property
    def short(self) -> tuple[Shown, ...]:
        """The tables that are short of met, which is where something can be done."""
        return tuple(table for table in self.tables if isinstance(table, Shown) and table.needed)


@dataclass(frozen=True, slots=True)
class AreaRow:
    """An area with its grade and the criteria that decided it, in words' order."""

    id: str
    name: str
    group: str
    grade: Grade | None
    because: tuple[CriterionRow, ...]
    counted: Counted
    criteria: tuple[CriterionRow, ...]


@dataclass(frozen=True, slots=True)
class Rows:
    """Everything that a result shows, in the order it is shown."""

    areas: tuple[AreaRow, ...]
    breaches: tuple[CriterionRow, ...]
    strengths: tuple[CriterionRow, ...]
    improve: tuple[CriterionRow, ...]
    gaps: tuple[CriterionRow, ...]
    unknown: tuple[CriterionRow, ...]
    outcomes: tuple[CriterionRow, ...]


def rows(
    release: Release, verdict: Verdict, catalogue: Catalogue, parameters: Mapping[str, int], lang: str
) -> Rows:
    """Make the rows of a result in ``lang``, with the region's numbers in the statements.

    ``improve`` holds the weaknesses that are not breaches: those stand first in a list of their own.
    """
    found = {
        c.id: _row(c, release, verdict.criteria[c.id], _text(c, parameters, lang), c.basis.plain(lang))
        for c in catalogue.within(release.areas)
    }
    areas = tuple(
        _area(area, verdict, found, lang) for area in catalogue.areas.values() if area.id in verdict.areas
    )

    def those(ids: tuple[str, ...]) -> tuple[CriterionRow, ...]:
        return tuple(found[id] for id in ids)

    return Rows(
        areas=areas,
        breaches=those(verdict.breaches),
        strengths=those(verdict.strengths),
        improve=those(tuple(id for id in verdict.weaknesses if id not in verdict.breaches)),
        gaps=those(verdict.gaps),
        unknown=those(verdict.unknown),
        outcomes=tuple(
            CriterionRow(
                id=outcome.id,
                area="",
                statement=outcome.statement.render(lang, parameters),
                level=Level.KI,
                provisional=False,
                critical=False,
                basis="",
                status=verdict.criteria[outcome.id].status,
                tables=_tables(release.results.get(outcome.id, {}), verdict.criteria[outcome.id]),
            )
            for outcome in catalogue.outcomes.values()
            if outcome.id in verdict.criteria
        ),
    )


def _text(criterion: Criterion, parameters: Mapping[str, int], lang: str) -> str:
    statement: Text = criterion.statement
    return statement.render(lang, parameters)


def _row(
    criterion: Criterion, release: Release, verdict: CriterionVerdict, statement: str, basis: str
) -> CriterionRow:
    if criterion.facts:
        tables: tuple[Row, ...] = (Stated(release.facts.get(criterion.id)),)
    else:
        tables = _tables(release.results.get(criterion.id, {}), verdict)
    return CriterionRow(
        id=criterion.id,
        area=criterion.area,
        statement=statement,
        level=criterion.level,
        provisional=criterion.provisional,
        critical=criterion.critical,
        basis=basis,
        status=verdict.status,
        tables=tables,
    )


def _area(area: Area, verdict: Verdict, found: Mapping[str, CriterionRow], lang: str) -> AreaRow:
    graded = verdict.areas[area.id]
    return AreaRow(
        id=area.id,
        name=area.name.plain(lang),
        group=area.group.plain(lang),
        grade=graded.grade,
        because=tuple(found[id] for id in graded.because),
        counted=graded.counted,
        criteria=tuple(row for row in found.values() if row.area == area.id),
    )


def _tables(tables: Mapping[str, Table], verdict: CriterionVerdict) -> tuple[Row, ...]:
    return tuple(
        Shown(
            cell=cell,
            roles=CELL_ROLES[cell],
            bands=table,
            status=verdict.cells[cell],
            needed=verdict.needed.get(cell, 0),
            segments=tuple(_segments(table)),
        )
        if isinstance(table, Bands)
        else Hidden(cell)
        for cell, table in tables.items()
    )


def _segments(bands: Bands) -> Iterator[Segment]:
    before = 0
    for band in BANDS:
        count: int = getattr(bands, band)
        if count:
            yield Segment(
                band, count, round(100 * before / bands.base, 2), round(100 * count / bands.base, 2)
            )
        before += count
