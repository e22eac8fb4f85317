"""The attacker on a release: complete integer search, and linear algebra over the rationals.

What he knows: his own answers, how many of each role answered, the rules, and everything that was shown. What
he wants: an answer of one colleague.

Colleagues of one role are exchangeable to him, so a *world* (one way in which everybody may have answered a
question) is a histogram of answers for each group of people he cannot tell apart. He goes through all worlds,
keeps those that the rules would have shown exactly as they were shown, and looks at which answers a group
gives in any of them. Where only one answer is left, he has forced it upon each person of that group; where
two are left, everybody in the group may have given either.

Of the rules he uses one thing to be quick: a table counts everybody in its roles, so that agree, partly and
disagree together, unknown and not applicable are sums he can fill up person by person. (Partly and disagree
stand together because a lone "disagree" may stand as "partly".) All else is left to the rules themselves: a
world survives only if they map it to what was shown.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from functools import cache
from itertools import combinations, pairwise, product

from questionnaires.model import Role
from scoring.ballots import Answer

ANSWERS = tuple(Answer)
BAND = dict(zip(ANSWERS, ("agree", "agree", "partly", "disagree", "unknown", "not_applicable"), strict=True))
BANDS = tuple(dict.fromkeys(BAND.values()))

# How many of some people gave each of the six answers, in the order of ANSWERS.
Histogram = tuple[int, ...]
# Everybody's answers to one question.
Counts = Mapping[Role, Histogram]


@dataclass(frozen=True, slots=True)
class Table:
    """A table as it is shown: how many stand in each of BANDS, and the four steps or nothing."""

    bands: tuple[int, ...]
    scale: tuple[int, ...] | None = None

    def sums(self) -> tuple[int, ...]:
        """Give the sums that stand whether or not a lone "disagree" has been moved."""
        agree, partly, disagree, unknown, not_applicable = self.bands
        return agree, partly + disagree, unknown, not_applicable


# What is shown of one question: a table, or None where it is withheld, by the roles that stand in it.
Shown = Mapping[tuple[Role, ...], Table | None]
Rule = Callable[[Counts], Shown]


@dataclass(frozen=True, slots=True)
class Group:
    """People of one role whom the attacker cannot tell apart; ``known`` is what all of them answered."""

    name: str
    role: Role
    size: int
    known: Answer | None = None


@dataclass(frozen=True, slots=True)
class Observation:
    """What one release shows of a question, the rule it was made by, and who had not yet come by then."""

    rule: Rule
    shown: Shown
    absent: frozenset[str] = frozenset()

    def explained_by(self, world: "World") -> bool:
        """Say whether the rule shows exactly this of a world."""
        return self.rule(counted(world, self.absent)) == self.shown


World = Mapping[Group, Histogram]


@dataclass(slots=True)
class Learned:
    """What the worlds that explain the release have in common.

    ``worlds`` holds, for each group and each answer somebody in it may have given, one world where it is so.
    ``alone`` holds how many colleagues may have answered 0; it is {1} where one is displayed as the only one.
    """

    worlds: dict[str, dict[Answer, World]] = field(default_factory=dict)
    alone: set[int] = field(default_factory=set)

    def answers(self, group: str) -> set[Answer]:
        """Give the answers that people of a group may have given."""
        return set(self.worlds[group])

    def bands(self, group: str) -> set[str]:
        """Give the bands that people of a group may stand in."""
        return {BAND[answer] for answer in self.worlds[group]}

    def forced(self) -> dict[str, str]:
        """Give the one band of each group that can stand in no other."""
        return {group: self.bands(group).pop() for group in self.worlds if len(self.bands(group)) == 1}

    def kept(self) -> Iterator[World]:
        """Give the worlds kept, one for each group and answer."""
        for by_answer in self.worlds.values():
            yield from by_answer.values()

    def add(self, world: World) -> None:
        """Take in one more world that explains the release."""
        unknown = {group: histogram for group, histogram in world.items() if group.known is None}
        for group, histogram in unknown.items():
            given = self.worlds.setdefault(group.name, {})
            for answer, number in zip(ANSWERS, histogram, strict=True):
                if number:
                    given.setdefault(answer, world)
        self.alone.add(sum(histogram[ANSWERS.index(Answer.NOT_AT_ALL)] for histogram in unknown.values()))

    @property
    def is_in_vain(self) -> bool:
        """Say whether no world still to come can force anything or single anybody out."""
        return not self.forced() and bool(self.alone - {1})


# --- integer search ---


def search(groups: Sequence[Group], seen: Sequence[Observation]) -> Learned:
    """Go through every world that explains all that was seen, until there is nothing more to win."""
    learned = Learned()
    for world in _filled(groups, seen):
        if all(observation.explained_by(world) for observation in seen):
            learned.add(world)
            if learned.is_in_vain:
                break
    return learned


def worlds(groups: Sequence[Group]) -> Iterator[World]:
    """Give every world there is, 3 and 2 being one answer: the search without its one trick."""
    each = [_candidates(group, (), four_steps=False) for group in groups]
    for histograms in product(*each):
        yield dict(zip(groups, histograms, strict=True))


def counted(world: World, absent: frozenset[str] = frozenset()) -> Counts:
    """Add the groups of a world up to one histogram a role."""
    counts: dict[Role, Histogram] = {}
    for group, histogram in world.items():
        if group.name not in absent:
            so_far = counts.get(group.role, (0,) * len(ANSWERS))
            counts[group.role] = tuple(map(sum, zip(so_far, histogram, strict=True)))
    return counts


def _filled(groups: Sequence[Group], seen: Sequence[Observation]) -> Iterator[World]:
    """Fill the tables group by group, the largest last: what is left of a table is then all its own."""
    tables = [
        _Open(
            frozenset(g for g in groups if g.role in roles and g.name not in observation.absent), table.sums()
        )
        for observation in seen
        for roles, table in observation.shown.items()
        if table
    ]
    four_steps = any(table and table.scale for each in seen for table in each.shown.values())
    order = sorted(groups, key=lambda group: (group.known is None, group.size))
    return _fill(order, tables, {}, four_steps=four_steps)


@dataclass(frozen=True, slots=True)
class _Open:
    """A table that is being filled: who stands in it, and what is left of its sums."""

    members: frozenset[Group]
    left: tuple[int, ...]

    def after(self, group: Group, histogram: Histogram) -> "_Open":
        if group not in self.members:
            return self
        left = tuple(n - taken for n, taken in zip(self.left, _sums(histogram), strict=True))
        return _Open(self.members, left)


def _fill(
    order: Sequence[Group], tables: Sequence["_Open"], world: World, *, four_steps: bool
) -> Iterator[World]:
    if not order:
        yield world
        return
    group, later = order[0], order[1:]
    last = [table.left for table in tables if group in table.members and not table.members & set(later)]
    for histogram in _candidates(group, last, four_steps=four_steps):
        rest = [table.after(group, histogram) for table in tables]
        if all(n >= 0 for table in rest for n in table.left):
            yield from _fill(later, rest, {**world, group: histogram}, four_steps=four_steps)


def _candidates(group: Group, last: Sequence[tuple[int, ...]], *, four_steps: bool) -> Sequence[Histogram]:
    """Give what a group may have answered; the last one of a table takes exactly what is left of it."""
    if group.known is not None:
        return [tuple(group.size if answer is group.known else 0 for answer in ANSWERS)]
    by_sums = _histograms(group.size, four_steps=four_steps)
    if last:
        return by_sums.get(last[0], [])
    return [histogram for histograms in by_sums.values() for histogram in histograms]


@cache
def _histograms(size: int, *, four_steps: bool) -> Mapping[tuple[int, ...], list[Histogram]]:
    """Give every histogram of so many people, by its sums.

    Where no four-step distribution is shown nothing tells 3 from 2, and the attacker writes 2 for both.
    """
    found: dict[tuple[int, ...], list[Histogram]] = {}
    kinds = len(ANSWERS)
    for bars in combinations(range(size + kinds - 1), kinds - 1):
        edges = (-1, *bars, size + kinds - 1)
        histogram = tuple(after - before - 1 for before, after in pairwise(edges))
        if four_steps or histogram[0] == 0:
            found.setdefault(_sums(histogram), []).append(histogram)
    return found


def _sums(histogram: Histogram) -> tuple[int, ...]:
    fully, largely, partly, not_at_all, unknown, not_applicable = histogram
    return fully + largely, partly + not_at_all, unknown, not_applicable


# --- linear algebra ---

# One unknown: how many of a group stand in a band, at one question.
Unknown = tuple[str, str, str]
Equation = dict[Unknown, Fraction]


def isolated(release: Mapping[str, tuple[Sequence[Group], Shown]]) -> list[Unknown]:
    """Give what one person answered wherever some combination of all tables of a release amounts to it.

    ``release`` holds the groups asked and what is shown, by question. Every band of a table is a linear
    equation, and so is the size of a group. A number is determined exactly when it lies in the span of these,
    whatever stands on their other side.
    """
    reduced = _reduced(
        equation for id, (groups, shown) in release.items() for equation in _equations(id, groups, shown)
    )
    alone = [
        (id, g.name) for id, (groups, _) in release.items() for g in groups if g.size == 1 and g.known is None
    ]
    wanted = [(id, name, band) for id, name in alone for band in BANDS]
    return [unknown for unknown in wanted if not _remainder({unknown: Fraction(1)}, reduced)]


def _equations(id: str, groups: Sequence[Group], shown: Shown) -> Iterator[Equation]:
    others = [group for group in groups if group.known is None]
    for group in others:
        yield {(id, group.name, band): Fraction(1) for band in BANDS}
    for roles, table in shown.items():
        if table:
            for together in _told_apart(table):
                inside = [group.name for group in others if group.role in roles]
                yield {(id, name, band): Fraction(1) for name in inside for band in together}


def _told_apart(table: Table) -> list[tuple[str, ...]]:
    """Give the bands that can be read each for itself: "partly" may hold a lone "disagree"."""
    agree, partly, disagree, unknown, not_applicable = ((band,) for band in BANDS)
    hiding = table.bands[1] > 0 and table.bands[2] == 0
    return [agree, partly + disagree, unknown, not_applicable] + ([] if hiding else [partly, disagree])


def _reduced(equations: Iterator[Equation]) -> dict[Unknown, Equation]:
    """Eliminate: every equation kept has a leading unknown that stands in no later one."""
    rows: dict[Unknown, Equation] = {}
    for equation in equations:
        if rest := _remainder(equation, rows):
            lead = min(rest)
            rows[lead] = {unknown: value / rest[lead] for unknown, value in rest.items()}
    return rows


def _remainder(equation: Equation, rows: Mapping[Unknown, Equation]) -> Equation:
    """Take away from an equation all that the rows can express of it."""
    left = dict(equation)
    while lead := min((unknown for unknown in left if unknown in rows), default=None):
        factor = left[lead]
        for unknown, value in rows[lead].items():
            left[unknown] = left.get(unknown, Fraction(0)) - factor * value
        left = {unknown: value for unknown, value in left.items() if value}
    return left
