"""Releases as one might make them without thinking: each breaks the published rules in one way.

:func:`tables` is the rules of what may be shown, written once more and with their joints open; a naive rule
bends one joint. Unbent, it shows what the program shows, and a test says so.
"""

from collections.abc import Callable, Mapping, Sequence
from functools import partial

from questionnaires.model import Role
from tests.attacks.release_attacker import Counts, Histogram, Rule, Shown, Table
from tests.attacks.release_rounds import ASKED, HL, SR, ST, VC

SCALE_FROM = 10

# How many of a histogram count as having answered; and how a table is made of the counts of some roles.
Answered = Callable[[Histogram], int]
Make = Callable[[Counts, Sequence[Role]], Table]


def concerned(histogram: Histogram) -> int:
    """Count all who answered otherwise than "ej aktuellt"."""
    return sum(histogram[:5])


def rated(histogram: Histogram) -> int:
    """Count all who answered 3, 2, 1 or 0."""
    return sum(histogram[:4])


def masked(counts: Counts, roles: Sequence[Role]) -> Table:
    """Make a table where nobody stands alone, with its four steps where enough rated whatever a boss said."""
    steps = _together(counts, roles)[:4]
    bosses = sum(sum(counts.get(role, ())) for role in roles if role in (SR, VC))
    return _table(counts, roles, mask=True, scale=sum(steps) - bosses >= SCALE_FROM)


def unmasked(counts: Counts, roles: Sequence[Role]) -> Table:
    """Make a table where a lone "disagree" is left."""
    return _table(counts, roles, mask=False, scale=masked(counts, roles).scale is not None)


def telling_scale(counts: Counts, roles: Sequence[Role]) -> Table:
    """Make a table with its four steps where ten ST-läkare and handledare rated: a boss's "vet ej" shows."""
    cover = sum(rated(counts[role]) for role in roles if role in (ST, HL) and role in counts)
    return _table(counts, roles, mask=True, scale=cover >= SCALE_FROM)


def _table(counts: Counts, roles: Sequence[Role], *, mask: bool, scale: bool) -> Table:
    fully, largely, partly, not_at_all, unknown, not_applicable = _together(counts, roles)
    if mask and not_at_all == 1:
        partly, not_at_all = partly + 1, 0
    steps = (fully, largely, partly, not_at_all) if scale else None
    return Table((fully + largely, partly, not_at_all, unknown, not_applicable), steps)


def _together(counts: Counts, roles: Sequence[Role]) -> Histogram:
    return tuple(map(sum, zip(*(counts.get(role, (0,) * 6) for role in roles), strict=True)))


def tables(
    k: int,
    id: str,
    turnout: Mapping[Role, int],
    *,
    answered: Answered = concerned,
    make: Make = masked,
) -> Rule:
    """Give the rule of a round's question: two tables, one pooled of them, or nothing."""
    two = min(turnout.get(ST, 0), turnout.get(HL, 0)) >= k
    if not two and turnout.get(ST, 0) + turnout.get(HL, 0) < k:
        return lambda counts: {}
    sides = [(ST,), (HL, SR, VC)] if two else [(ST, HL, SR, VC)]
    asked = [tuple(role for role in side if role in ASKED[id]) for side in sides]
    asked = [side for side in asked if side]

    def rule(counts: Counts) -> Shown:
        behind = [sum(answered(counts[r]) for r in side if r in (ST, HL) and r in counts) for side in asked]
        if min(behind) >= k:
            return {side: make(counts, side) for side in asked}
        if len(asked) > 1 and sum(behind) >= k:
            return {ASKED[id]: make(counts, ASKED[id])}
        return dict.fromkeys(asked)

    return rule


def each_role_by_itself(k: int, id: str, turnout: Mapping[Role, int]) -> Rule:
    """Show a table for every role, however few."""
    return lambda counts: {(role,): masked(counts, (role,)) for role in ASKED[id] if turnout.get(role)}


def totals_beside_parts(k: int, id: str, turnout: Mapping[Role, int]) -> Rule:
    """Show a table for each group of at least k, withhold that of the bosses, and show the total of all."""
    parts = [tuple(role for role in part if role in ASKED[id]) for part in ((ST,), (HL,), (SR, VC))]
    total: Mapping[tuple[Role, ...], None] = {ASKED[id]: None}

    def rule(counts: Counts) -> Shown:
        size = {
            part: sum(concerned(counts[role]) for role in part if role in counts)
            for part in (*parts, *total)
            if part
        }
        return {part: masked(counts, part) if n >= k else None for part, n in size.items()}

    return rule


lone_disagree_kept = partial(tables, make=unmasked)
scale_by_who_rated = partial(tables, make=telling_scale)
cells_chosen_by_value = partial(tables, answered=rated)
