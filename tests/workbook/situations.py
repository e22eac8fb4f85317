"""The situations that a proof of the workbook must have met, each told by a sentence.

They are read off the release, the verdict and the ballots, never off how an inspection was made, so that a
set of inspections which happens to miss one is found out.
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import combinations

from questionnaires.model import Criterion, Level, Role
from scoring.ballots import Answer
from scoring.release import ALLA, CELL_ROLES, ST, UTBILDARE, WITHHELD, Bands
from scoring.rounds import Mode
from scoring.rules import Share
from scoring.verdict import AreaVerdict, CriterionVerdict, Grade, Status
from tests.workbook.inspections import Sample
from tests.workbook.making import EDITION, RULES

WAYS = ("just under", "exactly at", "just over")


_STATUSES = ("met", "partly", "not_met")
_ASKED_THRESHOLDS = ("met_from", "short_over", "strength_from", "unknown_from", "gap_from")

IMPOSSIBLE = ("a shown table with base 0", "a table with one who disagrees", "area C gets D", "area F gets D")
"""What the rules of release and the catalogue rule out: a proof need not look for it."""

NEVER_TYPED = (
    *(f"{groups} groups in mode {mode}" for groups in range(3) for mode in (Mode.ANONYMOUS, Mode.DIALOGUE)),
    "some areas only",
    "F: one person alone would have been over",
)
"""What a typed round never meets: it is whole, and never a talk between few."""

EVERYDAY = (
    "2 groups in mode anonymous",
    "1 groups in mode anonymous",
    "0 groups in mode anonymous",
    "2 groups in mode typed",
    "1 groups in mode dialogue",
    "0 groups in mode dialogue",
    "some areas only",
    "two groups, one exactly large enough",
    "one group as the other is one too few",
    "one group exactly large enough",
    "nothing released for want of one",
    "pooled among two groups",
    *(f"pooled and {status}" for status in _STATUSES),
    *(f"withheld among {groups} groups, asked of {sides}" for groups in (1, 2) for sides in (1, 2)),
    "a lone disagree",
    "mostly not relevant",
    "most do not know",
    "nobody knows",
    "a four-step distribution on just enough",
    "four steps are shown",
    "four steps are not shown",
    "A",
    "B by AR",
    "B by KI",
    "B by AR and KI",
    "C by F partly",
    "C by a provisional F not met",
    "C by AR not met",
    "C by several AR",
    "C by the critical not met",
    "C of several kinds",
    "D by an answer",
    "D by a stated fact",
    "D though too little has a status",
    "– by criteria",
    "– by F",
    "– by criteria and F",
    "as many KI short as may, grade A",
    "one more KI short than may, grade B",
    "all KI short, not over the limit, grade B",
    "no KI with a status, grade A",
    *(f"assessed_from by {what} {way}" for what in ("criteria", "F") for way in WAYS),
    *(f"{level} by answers {status}" for level in Level for status in (*_STATUSES, "without status")),
    *(f"{level} {name} {way}" for level in Level for name in _ASKED_THRESHOLDS for way in WAYS),
    *(f"F disagree_over {way}" for way in WAYS),
    *(f"F met_disagree {way}" for way in WAYS[1:]),
    *(f"ST-läkare say {one}, utbildare {other}" for one in _STATUSES for other in _STATUSES),
    *(f"the critical {status}" for status in (*_STATUSES, "without status")),
    *(f"an outcome {status}" for status in ("met", "partly", "without status")),
    "a breach",
    "a provisional breach",
    "F: one person alone would have been over",
    "needed for the agreeing",
    "needed for the disagreeing",
    *(
        f"{criterion.id} stated {fact}"
        for criterion in EDITION.criteria.values()
        if criterion.facts
        for fact in (*criterion.facts, "nothing")
    ),
    *(f"{name}: none" for name in ("breaches", "strengths", "gaps", "unsure", "unknown")),
    *(f"{name}: several" for name in ("breaches", "weaknesses", "strengths", "gaps", "unknown")),
    "more strengths in an area than are kept",
    "weaknesses: a stated fact and a table as low",
    "weaknesses: equal shares of unlike bases, same level and status",
    "gaps: as large, of unlike bases",
)
"""What some two dozen inspections must already meet."""

SITUATIONS = (
    *EVERYDAY,
    "0 groups in mode typed",
    "no studierektor or verksamhetschef answered",
    "a fifth of the KI is a whole number",
    *(f"unsure_under {way}" for way in WAYS),
    "F met_disagree just under",
    "weaknesses: none",
    "an outcome not_met",
    "unsure: several",
    "weaknesses: equal shares of unlike bases, same level, unlike status",
    "weaknesses: equal shares of unlike bases, unlike level",
    "strengths: equal shares of unlike bases, same level and status",
    "strengths: equal shares of unlike bases, unlike level",
    *(
        f"area {area} gets {grade}"
        for area in EDITION.areas
        for grade in "ABCD–"
        if f"area {area} gets {grade}" not in IMPOSSIBLE
    ),
)
"""What a large set of inspections must meet."""


def coverage(samples: Iterable[Sample]) -> Counter[str]:
    """Count the inspections in which each situation occurs, those that never occur included as 0."""
    found = Counter(dict.fromkeys(SITUATIONS, 0))
    for sample in samples:
        found.update(set(situations(sample)))
    return found


def missing(samples: Iterable[Sample], wanted: Iterable[str] | None = None) -> list[str]:
    """Name the situations (all, or those wanted) that do not occur."""
    found = coverage(samples)
    return [situation for situation in (SITUATIONS if wanted is None else wanted) if not found[situation]]


def situations(sample: Sample) -> Iterator[str]:
    """Name the situations of one inspection, some of them more than once."""
    for tell in (_groups, _areas, _statuses, _facts, _shown, _limits, _findings, _order):
        yield from tell(sample)


# --- who answered, and what is shown at all ---


def _groups(sample: Sample) -> Iterator[str]:
    release, people = sample.release, Counter(ballot.role for ballot in sample.round_.ballots)
    yield f"{len(release.cells)} groups in mode {release.mode}"
    if release.areas:
        yield "some areas only"
    if people[Role.STUDIEREKTOR] + people[Role.VERKSAMHETSCHEF] == 0 and release.cells:
        yield "no studierektor or verksamhetschef answered"
    if release.mode is not Mode.DIALOGUE:
        yield from _sizes(len(release.cells), release.k, people[Role.ST_LAKARE], people[Role.HANDLEDARE])
    for cell in release.cells:
        for way, beside in zip(WAYS, (-1, 0, 1), strict=True):
            if cell.n == RULES.findings.unsure_under + beside:
                yield f"unsure_under {way}"


def _sizes(cells: int, k: int, st: int, handledare: int) -> Iterator[str]:
    told = {
        "two groups, one exactly large enough": cells == 2 and k in (st, handledare),
        "one group as the other is one too few": cells == 1 and k - 1 in (st, handledare),
        "one group exactly large enough": cells == 1 and st + handledare == k,
        "nothing released for want of one": cells == 0 and st + handledare == k - 1,
    }
    yield from (situation for situation, holds in told.items() if holds)


def _shown(sample: Sample) -> Iterator[str]:
    release = sample.release
    for id, tables in release.results.items():
        sides = len([cell for cell in (ST, UTBILDARE) if set(CELL_ROLES[cell]) & set(EDITION.asked(id))])
        if WITHHELD in tables.values():
            yield f"withheld among {len(release.cells)} groups, asked of {sides}"
        if len(release.cells) == 2 and ALLA in tables:
            yield "pooled among two groups"
            yield f"pooled and {sample.verdict.criteria[id].status}"
        for cell, bands in tables.items():
            if isinstance(bands, Bands):
                yield from _table(sample, id, cell, bands)


def _table(sample: Sample, id: str, cell: str, bands: Bands) -> Iterator[str]:
    answers = Counter(
        ballot.answers[id]
        for ballot in sample.round_.ballots
        if ballot.role in CELL_ROLES[cell] and id in ballot.answers
    )
    if answers[Answer.NOT_AT_ALL] == 1:
        yield "a lone disagree"
    if bands.not_applicable > bands.base:
        yield "mostly not relevant"
    if bands.unknown == bands.base:
        yield "nobody knows"
    elif 2 * bands.unknown > bands.base:
        yield "most do not know"
    if bands.disagree == 1:
        yield "a table with one who disagrees"
    if bands.base == 0:
        yield "a shown table with base 0"
    if bands.scale and sum(bands.scale) == RULES.release.scale_from:
        yield "a four-step distribution on just enough"
    yield f"four steps are {'shown' if bands.scale else 'not shown'}"


# --- thresholds ---


def _beside(share: Share, part: int, whole: int) -> str | None:
    """Say where a part is when it is exactly at a share, or one answer from reaching or leaving it."""
    apart = part * share.denominator - share.numerator * whole
    if apart == 0:
        return "exactly at"
    if -share.denominator <= apart < 0:
        return "just under"
    return "just over" if 0 < apart <= share.denominator else None


def _limits(sample: Sample) -> Iterator[str]:
    for level, tables in _tables(sample):
        rule, findings = RULES.levels[level], RULES.findings
        for bands in tables:
            measured = {
                "met_from": (rule.met_from, bands.agree),
                "short_over": (rule.short_over, bands.short),
                "disagree_over": (rule.disagree_over, bands.disagree if bands.disagree > 1 else None),
                "met_disagree": (rule.met_disagree_share, bands.disagree if _agrees(bands, level) else None),
                "strength_from": (findings.strength_from, bands.agree),
                "unknown_from": (findings.unknown_from, bands.unknown),
            }
            for name, (share, part) in measured.items():
                way = _beside(share, part, bands.base) if share and part is not None else None
                if way:
                    yield f"{level} {name} {way}"
            if bands.short == 1 and rule.short_over.is_exceeded(1, bands.base):
                yield f"{level}: one person alone would have been over"
        if len(tables) == 2:
            yield from _gap(level, *tables)


def _agrees(bands: Bands, level: Level) -> bool:
    """Say whether enough agree and more disagree than always may, so that the share of them decides."""
    rule = RULES.levels[level]
    return rule.met_from.is_reached(bands.agree, bands.base) and bands.disagree > (
        rule.met_disagree_at_most or 0
    )


def _gap(level: Level, one: Bands, other: Bands) -> Iterator[str]:
    apart, whole = abs(one.agree * other.base - other.agree * one.base), one.base * other.base
    over = 20 * (apart * 10 - 3 * whole)
    if over == 0:
        yield f"{level} gap_from exactly at"
    elif abs(over) <= 10 * whole:
        yield f"{level} gap_from {'just over' if over > 0 else 'just under'}"


def _tables(sample: Sample) -> Iterator[tuple[Level, Sequence[Bands]]]:
    for id, tables in sample.release.results.items():
        level = EDITION.criteria[id].level if id in EDITION.criteria else Level.KI
        yield level, [bands for bands in tables.values() if isinstance(bands, Bands) and bands.base]


# --- statuses and facts ---


def _statuses(sample: Sample) -> Iterator[str]:
    for id, verdict in sample.verdict.criteria.items():
        criterion = EDITION.criteria.get(id)
        if criterion is None:
            yield f"an outcome {_said(verdict.status)}"
            continue
        if verdict.cells:
            yield f"{criterion.level} by answers {_said(verdict.status)}"
            yield from _two(verdict)
        if criterion.critical:
            yield f"the critical {_said(verdict.status)}"
        if criterion.level is Level.F and verdict.status is Status.NOT_MET:
            yield "a provisional breach" if criterion.provisional else "a breach"
        if verdict.needed and criterion.level is Level.F:
            yield from _needed(sample, id, verdict)


def _two(verdict: CriterionVerdict) -> Iterator[str]:
    if len(verdict.cells) == 2 and all(verdict.cells.values()):
        st, utbildare = verdict.cells[ST], verdict.cells[UTBILDARE]
        yield f"ST-läkare say {_said(st)}, utbildare {_said(utbildare)}"


def _needed(sample: Sample, id: str, verdict: CriterionVerdict) -> Iterator[str]:
    for cell, number in verdict.needed.items():
        bands = sample.release.results[id][cell]
        if isinstance(bands, Bands):
            missing_ = RULES.levels[Level.F].met_from.rounded_up(bands.base) - bands.agree
            yield "needed for the disagreeing" if number > missing_ else "needed for the agreeing"


def _facts(sample: Sample) -> Iterator[str]:
    for criterion in EDITION.within(sample.release.areas):
        if criterion.facts:
            yield f"{criterion.id} stated {sample.release.facts.get(criterion.id, 'nothing')}"


def _said(status: Status | None) -> str:
    return str(status) if status else "without status"


# --- areas ---


def _areas(sample: Sample) -> Iterator[str]:
    for id, area in sample.verdict.areas.items():
        criteria = [c for c in EDITION.criteria.values() if c.area == id]
        yield f"area {id} gets {area.grade or '–'}"
        yield from _reasons(sample, area)
        yield from _dark(area)
        yield from _indicators(sample, criteria, area)


def _reasons(sample: Sample, area: AreaVerdict) -> Iterator[str]:
    because = [EDITION.criteria[id] for id in area.because]
    kinds = {_kind(criterion, sample.verdict.criteria[criterion.id].status) for criterion in because}
    match area.grade:
        case Grade.D:
            yield "D by an answer" if any(c.asked for c in because) else "D by a stated fact"
            if not _assessed(area):
                yield "D though too little has a status"
        case Grade.C:
            yield from (f"C by {kind}" for kind in kinds)
            if len(kinds) > 1:
                yield "C of several kinds"
            if sum(kind == "AR partly" for kind in (_kind(c, Status.PARTLY) for c in because)) > 1:
                yield "C by several AR"
        case Grade.B:
            yield "B by " + " and ".join(sorted({str(criterion.level) for criterion in because}))
        case Grade.A:
            yield "A"


def _kind(criterion: Criterion, status: Status | None) -> str:
    word = "not met" if status is Status.NOT_MET else "partly"
    if criterion.level is Level.F and criterion.provisional:
        return f"a provisional F {word}"
    return f"{criterion.level} {word}" if criterion.level is not Level.KI else "the critical not met"


def _assessed(area: AreaVerdict) -> bool:
    share = RULES.area.assessed_from
    return share.is_reached(*area.counted.criteria) and share.is_reached(*area.counted.f)


def _dark(area: AreaVerdict) -> Iterator[str]:
    share, (known, of), (f_known, f_of) = RULES.area.assessed_from, area.counted.criteria, area.counted.f
    enough, f_enough = share.is_reached(known, of), share.is_reached(f_known, f_of)
    if area.grade is None:
        lacking = [name for name, known_ in (("criteria", enough), ("F", f_enough)) if not known_]
        yield "– by " + " and ".join(lacking)
    for name, part, whole in (("criteria", known, of), ("F", f_known, f_of)):
        way = _beside(share, part, whole) if whole else None
        if way:
            yield f"assessed_from by {name} {way}"


def _indicators(sample: Sample, criteria: Sequence[Criterion], area: AreaVerdict) -> Iterator[str]:
    statuses = [sample.verdict.criteria[c.id].status for c in criteria if c.level is Level.KI]
    known = [status for status in statuses if status]
    short, limit = (
        sum(status is not Status.MET for status in known),
        RULES.area.b_ki_short_over.rounded_up(len(known)),
    )
    if area.grade is None:
        return
    if not known:
        yield f"no KI with a status, grade {area.grade}"
    elif short == len(known) and short <= limit:
        yield f"all KI short, not over the limit, grade {area.grade}"
    elif short == limit:
        yield f"as many KI short as may, grade {area.grade}"
    elif short == limit + 1:
        yield f"one more KI short than may, grade {area.grade}"
    if 5 * limit == len(known):
        yield "a fifth of the KI is a whole number"


# --- findings and their order ---


def _findings(sample: Sample) -> Iterator[str]:
    verdict = sample.verdict
    lists = {
        "breaches": verdict.breaches,
        "weaknesses": verdict.weaknesses,
        "strengths": verdict.strengths,
        "gaps": verdict.gaps,
        "unsure": verdict.unsure,
        "unknown": verdict.unknown,
    }
    for name, found in lists.items():
        yield f"{name}: {'none' if not found else 'one' if len(found) == 1 else 'several'}"
    for area in verdict.areas:
        strong = [id for id in _strong(sample) if EDITION.criteria[id].area == area]
        if len(strong) > RULES.findings.strengths_per_area:
            yield "more strengths in an area than are kept"


def _strong(sample: Sample) -> list[str]:
    share, criteria = RULES.findings.strength_from, EDITION.within(sample.release.areas)
    found = [(c.id, sample.verdict.criteria[c.id]) for c in criteria if c.asked]
    return [id for id, v in found if v.status is Status.MET and v.lowest and share.is_reached(*v.lowest)]


def _order(sample: Sample) -> Iterator[str]:
    verdict = sample.verdict
    for name, ids in (("weaknesses", verdict.weaknesses), ("strengths", _strong(sample))):
        for one, other in combinations(ids, 2):
            if _ties(verdict.criteria[one], verdict.criteria[other]):
                yield f"{name}: equal shares of unlike bases, {_likeness(sample, one, other)}"
            if name == "weaknesses" and _ties_with_fact(one, other, verdict.criteria):
                yield "weaknesses: a stated fact and a table as low"
    for one, other in combinations(verdict.gaps, 2):
        (first, base), (second, other_base) = (_apart(sample, id) for id in (one, other))
        if base != other_base and first * other_base == second * base:
            yield "gaps: as large, of unlike bases"


def _ties(one: CriterionVerdict, other: CriterionVerdict) -> bool:
    if not (one.lowest and other.lowest and one.cells and other.cells):
        return False
    (agree, base), (other_agree, other_base) = one.lowest, other.lowest
    return base != other_base and 0 < agree < base and agree * other_base == other_agree * base


def _ties_with_fact(one: str, other: str, verdicts: Mapping[str, CriterionVerdict]) -> bool:
    criteria, found = [EDITION.criteria[id] for id in (one, other)], [verdicts[id] for id in (one, other)]
    alike = criteria[0].level is criteria[1].level and found[0].status is found[1].status
    if not alike or bool(criteria[0].facts) == bool(criteria[1].facts):
        return False
    (agree, base), (other_agree, other_base) = found[0].lowest or (0, 1), found[1].lowest or (0, 1)
    return agree * other_base == other_agree * base


def _likeness(sample: Sample, one: str, other: str) -> str:
    first, second = EDITION.criteria[one], EDITION.criteria[other]
    if first.level is not second.level:
        return "unlike level"
    alike = sample.verdict.criteria[one].status is sample.verdict.criteria[other].status
    return "same level and status" if alike else "same level, unlike status"


def _apart(sample: Sample, id: str) -> tuple[int, int]:
    one, other = (bands for bands in sample.release.results[id].values() if isinstance(bands, Bands))
    return abs(one.agree * other.base - other.agree * one.base), one.base * other.base
