"""From a release to a verdict: statuses, eight grades, findings (scoring.md). No float decides anything."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from fractions import Fraction
from math import lcm

from questionnaires.model import Catalogue, Criterion, Fact, Level
from scoring.release import Bands, Release, Table
from scoring.rules import AreaRule, FindingsRule, LevelRule, Rules, Share


class Status(StrEnum):
    """How well a criterion is met, the worst first."""

    NOT_MET = "not_met"
    PARTLY = "partly"
    MET = "met"


class Grade(StrEnum):
    """An area's grade, the best first. Where an area cannot be assessed there is none."""

    A = "A"
    B = "B"
    C = "C"
    D = "D"


_WORST_FIRST = tuple(Status)
Tables = Mapping[str, Bands | None]
_BY_FACT = {Fact.JA: Status.MET, Fact.DELVIS: Status.PARTLY, Fact.NEJ: Status.NOT_MET}
_LEVELS = tuple(Level)


@dataclass(frozen=True, slots=True)
class Counted:
    """What a reader needs to apply the area rule by hand: pairs are (with a status, of all)."""

    criteria: tuple[int, int]
    f: tuple[int, int]
    ki: int


@dataclass(frozen=True, slots=True)
class AreaVerdict:
    """A grade, or ``None`` where too little has a status, and the criteria that decided it."""

    grade: Grade | None
    because: tuple[str, ...]
    counted: Counted


@dataclass(frozen=True, slots=True)
class CriterionVerdict:
    """A criterion's status, its status in each table (``None`` = withheld), and what each would take.

    ``needed`` is how many more would have to agree, only for tables short of met. ``lowest`` is (agree, base)
    of the shown table where the fewest agree, or what a stated fact counts as; ``None`` without a status.
    """

    status: Status | None
    cells: Mapping[str, Status | None]
    needed: Mapping[str, int]
    lowest: tuple[int, int] | None


@dataclass(frozen=True, slots=True)
class Verdict:
    """What a release means by the rules named. Every list is ordered as scoring.md says."""

    rules: str
    areas: Mapping[str, AreaVerdict]
    criteria: Mapping[str, CriterionVerdict]
    breaches: tuple[str, ...]
    weaknesses: tuple[str, ...]
    strengths: tuple[str, ...]
    gaps: tuple[str, ...]
    unsure: tuple[str, ...]
    unknown: tuple[str, ...]


def assess(release: Release, catalogue: Catalogue, rules: Rules) -> Verdict:
    """Give the verdict of a release. The same release, catalogue and rules always give the same."""
    criteria = catalogue.within(release.areas)
    findings = rules.findings
    shown = {id: _shown(tables) for id, tables in release.results.items()}
    verdicts = {
        c.id: _stated(release.facts.get(c.id), rules.delvis)
        if c.facts
        else _tables(shown.get(c.id, {}), rules.levels[c.level])
        for c in criteria
    }
    by_area: dict[str, list[Criterion]] = {id: [] for id in release.areas or catalogue.areas}
    for criterion in criteria:
        by_area[criterion.area].append(criterion)
    areas = {id: _area(those, verdicts, rules.area) for id, those in by_area.items()}
    outcomes = {
        id: _tables(shown.get(id, {}), rules.levels[Level.KI])
        for id in catalogue.outcomes
        if release.areas is None
    }
    agreeing = _agreeing(verdicts)
    return Verdict(
        rules=rules.id,
        areas=areas,
        criteria=verdicts | outcomes,
        breaches=tuple(c.id for c in criteria if _is_breach(c, verdicts[c.id])),
        weaknesses=_weaknesses(criteria, verdicts, agreeing),
        strengths=_strengths(criteria, verdicts, agreeing, findings),
        gaps=_gaps(criteria, shown, findings.gap_from),
        unsure=tuple(cell.id for cell in release.cells if cell.n < findings.unsure_under),
        unknown=tuple(c.id for c in criteria if _is_unknown(shown.get(c.id, {}), findings.unknown_from)),
    )


def table_status(bands: Bands, rule: LevelRule) -> Status | None:
    """Give the status of one table at a level; ``None`` when the question concerned nobody."""
    base = bands.base
    if base == 0:
        return None
    if _is_not_met(bands, rule):
        return Status.NOT_MET
    if not rule.met_from.is_reached(bands.agree, base):
        return Status.PARTLY
    return Status.MET if bands.disagree <= _tolerated(base, rule) else Status.PARTLY


def needed(bands: Bands, rule: LevelRule) -> int:
    """How many more would have to agree for a table short of met to be met: at least one."""
    missing = rule.met_from.rounded_up(bands.base) - bands.agree
    return max(missing, bands.disagree - _tolerated(bands.base, rule), 1)


def _is_not_met(bands: Bands, rule: LevelRule) -> bool:
    if bands.short >= rule.short_least and rule.short_over.is_exceeded(bands.short, bands.base):
        return True
    if rule.disagree_least is None or rule.disagree_over is None:
        return False
    return bands.disagree >= rule.disagree_least and rule.disagree_over.is_exceeded(
        bands.disagree, bands.base
    )


def _tolerated(base: int, rule: LevelRule) -> int:
    """How many may disagree in a table that is met: all where the level does not look at it."""
    if rule.met_disagree_at_most is None or rule.met_disagree_share is None:
        return base
    return max(rule.met_disagree_at_most, rule.met_disagree_share.rounded_down(base))


def _shown(tables: Mapping[str, Table]) -> Tables:
    """Give a question's tables by cell, with ``None`` where one is withheld."""
    return {cell: table if isinstance(table, Bands) else None for cell, table in tables.items()}


def _stated(fact: Fact | None, delvis: Share) -> CriterionVerdict:
    if fact is None:
        return CriterionVerdict(None, {}, {}, None)
    counts_as = {Fact.JA: (1, 1), Fact.DELVIS: (delvis.numerator, delvis.denominator), Fact.NEJ: (0, 1)}
    return CriterionVerdict(_BY_FACT[fact], {}, {}, counts_as[fact])


def _tables(tables: Tables, rule: LevelRule) -> CriterionVerdict:
    """What the teachers say exists must also reach those who are taught: the worst shown table decides."""
    statuses = {c: None if bands is None else table_status(bands, rule) for c, bands in tables.items()}
    shown = [status for status in statuses.values() if status]
    return CriterionVerdict(
        status=min(shown, key=_WORST_FIRST.index) if shown else None,
        cells=statuses,
        needed={
            cell: needed(bands, rule)
            for cell, bands in tables.items()
            if bands and statuses[cell] in (Status.PARTLY, Status.NOT_MET)
        },
        lowest=_lowest([bands for bands in tables.values() if bands and bands.base]),
    )


def _lowest(tables: Sequence[Bands]) -> tuple[int, int] | None:
    if not tables:
        return None
    low = tables[0]
    for other in tables[1:]:
        if other.agree * low.base < low.agree * other.base:
            low = other
    return low.agree, low.base


def _area(
    criteria: Sequence[Criterion], verdicts: Mapping[str, CriterionVerdict], rule: AreaRule
) -> AreaVerdict:
    """Grade an area by the first line of the rule that holds for some of its criteria."""
    status = {c.id: verdicts[c.id].status for c in criteria}
    counted = Counted(
        criteria=_known(criteria, status),
        f=_known([c for c in criteria if c.level is Level.F], status),
        ki=sum(c.level is Level.KI and status[c.id] is not None for c in criteria),
    )
    lines = (
        (Grade.D, [c.id for c in criteria if _is_breach(c, verdicts[c.id]) and not c.provisional]),
        (None, [] if _assessed(counted, rule) else [id for id, known in status.items() if known is None]),
        (Grade.C, _reasons_for_c(criteria, status, rule)),
        (Grade.B, _reasons_for_b(criteria, status, rule, counted.ki)),
    )
    for grade, because in lines:
        if because:
            return AreaVerdict(grade, tuple(because), counted)
    return AreaVerdict(Grade.A, (), counted)


def _known(criteria: Sequence[Criterion], status: Mapping[str, Status | None]) -> tuple[int, int]:
    return sum(status[c.id] is not None for c in criteria), len(criteria)


def _assessed(counted: Counted, rule: AreaRule) -> bool:
    return all(rule.assessed_from.is_reached(known, of) for known, of in (counted.criteria, counted.f))


def _reasons_for_c(
    criteria: Sequence[Criterion], status: Mapping[str, Status | None], rule: AreaRule
) -> list[str]:
    partly = sum(c.level is Level.AR and status[c.id] is Status.PARTLY for c in criteria)
    several = partly > rule.c_ar_partly_over
    return [c.id for c in criteria if _holds_at_c(c, status[c.id], several_ar_partly=several)]


def _holds_at_c(criterion: Criterion, status: Status | None, *, several_ar_partly: bool) -> bool:
    match criterion.level, status:
        case (Level.F, Status.PARTLY | Status.NOT_MET) | (Level.AR, Status.NOT_MET):
            return True
        case Level.AR, Status.PARTLY:
            return several_ar_partly
        case Level.KI, Status.NOT_MET:
            return criterion.critical
        case _:
            return False


def _reasons_for_b(
    criteria: Sequence[Criterion], status: Mapping[str, Status | None], rule: AreaRule, ki: int
) -> list[str]:
    short = [c for c in criteria if status[c.id] in (Status.PARTLY, Status.NOT_MET)]
    ki_short = sum(c.level is Level.KI for c in short)
    over = ki_short > rule.b_ki_short_over.rounded_up(ki) or ki_short == ki
    return [c.id for c in short if c.level is Level.AR or (c.level is Level.KI and over)]


def _is_breach(criterion: Criterion, verdict: CriterionVerdict) -> bool:
    return criterion.level is Level.F and verdict.status is Status.NOT_MET


def _agreeing(verdicts: Mapping[str, CriterionVerdict]) -> Mapping[str, int]:
    """Give each criterion's lowest share agreeing as a whole number of one common part, to rank them by."""
    lowest = {id: verdict.lowest for id, verdict in verdicts.items() if verdict.lowest}
    parts = lcm(*(base for _, base in lowest.values()))
    return {id: agree * (parts // base) for id, (agree, base) in lowest.items()}


def _weaknesses(
    criteria: Sequence[Criterion], verdicts: Mapping[str, CriterionVerdict], agreeing: Mapping[str, int]
) -> tuple[str, ...]:
    def order(criterion: Criterion) -> tuple[int, bool, int]:
        partly = verdicts[criterion.id].status is Status.PARTLY
        return _LEVELS.index(criterion.level), partly, agreeing[criterion.id]

    short = [c for c in criteria if verdicts[c.id].status in (Status.PARTLY, Status.NOT_MET)]
    return tuple(c.id for c in sorted(short, key=order))


def _strengths(
    criteria: Sequence[Criterion],
    verdicts: Mapping[str, CriterionVerdict],
    agreeing: Mapping[str, int],
    rule: FindingsRule,
) -> tuple[str, ...]:
    def order(criterion: Criterion) -> tuple[int, int]:
        return -agreeing[criterion.id], _LEVELS.index(criterion.level)

    strong = [c for c in criteria if c.asked and _is_strength(verdicts[c.id], rule.strength_from)]
    kept: list[Criterion] = []
    for criterion in sorted(strong, key=order):
        if sum(other.area == criterion.area for other in kept) < rule.strengths_per_area:
            kept.append(criterion)
    return tuple(c.id for c in kept)


def _is_strength(verdict: CriterionVerdict, share_from: Share) -> bool:
    everywhere = verdict.status is Status.MET and all(verdict.cells.values())
    return everywhere and verdict.lowest is not None and share_from.is_reached(*verdict.lowest)


def _gaps(criteria: Sequence[Criterion], shown: Mapping[str, Tables], gap_from: Share) -> tuple[str, ...]:
    gaps: list[tuple[Fraction, str]] = []
    for criterion in criteria:
        tables = [table for table in shown.get(criterion.id, {}).values() if table and table.base]
        if len(tables) == 2:
            one, other = tables
            apart, whole = abs(one.agree * other.base - other.agree * one.base), one.base * other.base
            if gap_from.is_reached(apart, whole):
                gaps.append((Fraction(apart, whole), criterion.id))
    return tuple(id for _, id in sorted(gaps, key=lambda gap: -gap[0]))


def _is_unknown(tables: Tables, share_from: Share) -> bool:
    return any(t and t.base and share_from.is_reached(t.unknown, t.base) for t in tables.values())
