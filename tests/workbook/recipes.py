"""What may befall an area: each line of the area rule, from both sides, and much that is odd."""

from collections.abc import Callable, Sequence

from questionnaires.model import Criterion, Fact, Level
from scoring.verdict import Status
from tests.workbook.making import EDITION, RULES, Counts, Dealer, Making, wild

Recipe = Callable[[Dealer, Making, Sequence[Criterion]], None]


def _those(criteria: Sequence[Criterion], level: Level) -> list[Criterion]:
    return [c for c in criteria if c.level is level]


def _asked_of(criteria: Sequence[Criterion], level: Level) -> list[Criterion]:
    return [c for c in _those(criteria, level) if c.asked]


def _breachable(criteria: Sequence[Criterion]) -> list[Criterion]:
    return [c for c in _those(criteria, Level.F) if not c.provisional]


def _limit(indicators: int) -> int:
    return RULES.area.b_ki_short_over.rounded_up(indicators)


def _letting(level: Level, status: Status, number: int = 1) -> Recipe:
    """Let some criteria of a level be short of met."""

    def recipe(dealer: Dealer, making: Making, criteria: Sequence[Criterion]) -> None:
        for criterion in dealer.chance.sample(_asked_of(criteria, level), number):
            making.let(criterion, status)

    return recipe


def _indicators(beyond: int) -> Recipe:
    """Let as many indicators fall short as may, or more."""

    def recipe(dealer: Dealer, making: Making, criteria: Sequence[Criterion]) -> None:
        found = _asked_of(criteria, Level.KI)
        for criterion in dealer.chance.sample(found, _limit(len(_those(criteria, Level.KI))) + beyond):
            harsh = (
                Status.PARTLY if criterion.critical else dealer.chance.choice((Status.PARTLY, Status.NOT_MET))
            )
            making.let(criterion, harsh)

    return recipe


def _only_indicator(dealer: Dealer, making: Making, criteria: Sequence[Criterion]) -> None:
    """Let the only indicator with a status fall short."""
    one, *others = dealer.chance.sample(_those(criteria, Level.KI), len(_those(criteria, Level.KI)))
    making.let(one, Status.NOT_MET)
    for criterion in others:
        making.withhold(criterion)


def _no_indicator(_: Dealer, making: Making, criteria: Sequence[Criterion]) -> None:
    for criterion in _those(criteria, Level.KI):
        making.withhold(criterion)


def _provisional(_: Dealer, making: Making, criteria: Sequence[Criterion]) -> None:
    for criterion in criteria:
        if criterion.provisional:
            making.let(criterion, Status.NOT_MET)


def _critical(status: Status) -> Recipe:
    def recipe(_: Dealer, making: Making, criteria: Sequence[Criterion]) -> None:
        for criterion in criteria:
            if criterion.critical:
                making.let(criterion, status)

    return recipe


def _breach(dealer: Dealer, making: Making, criteria: Sequence[Criterion]) -> None:
    for criterion in dealer.chance.sample(_breachable(criteria), dealer.chance.choice((1, 1, 2))):
        making.let(criterion, Status.NOT_MET)


def _breach_in_the_dark(dealer: Dealer, making: Making, criteria: Sequence[Criterion]) -> None:
    """Let one föreskrift be breached where nothing else has a status."""
    (breached,) = dealer.chance.sample(_breachable(criteria), 1)
    for criterion in criteria:
        making.withhold(criterion)
    for cell in making.tables(breached.id):
        making.give(breached.id, cell, Counts(0, 2, len(making.asked(breached.id, cell)) - 2))
    making.facts |= {breached.id: Fact.NEJ} if breached.facts else {}


def _darkened(*, föreskrifter: bool, beyond: int) -> Recipe:
    """Leave a third without a status, or more: of the föreskrifter, or of the other criteria."""

    def recipe(dealer: Dealer, making: Making, criteria: Sequence[Criterion]) -> None:
        found = [c for c in criteria if (c.level is Level.F) is föreskrifter]
        whole = len(found) if föreskrifter else len(criteria)
        dark = whole - RULES.area.assessed_from.rounded_up(whole) + beyond
        for criterion in dealer.chance.sample(found, min(dark, len(found))):
            making.withhold(criterion)

    return recipe


def _each(act: Callable[[Dealer, Making, Criterion], None]) -> Recipe:
    """Do something to every criterion of the area that is asked."""

    def recipe(dealer: Dealer, making: Making, criteria: Sequence[Criterion]) -> None:
        for criterion in criteria:
            if criterion.facts:
                dealer.state(making, criterion)
            else:
                act(dealer, making, criterion)

    return recipe


def _both(*recipes: Recipe) -> Recipe:
    def recipe(dealer: Dealer, making: Making, criteria: Sequence[Criterion]) -> None:
        for each in recipes:
            each(dealer, making, criteria)

    return recipe


_LIMITS: Recipe = _each(lambda dealer, making, c: dealer.case(making, c.id, c.level))
_ODD: Recipe = _each(lambda dealer, making, c: dealer.dab(making, c))
_UNLIKE: Recipe = _each(lambda dealer, making, c: dealer.pair(making, c))
_ANYTHING: Recipe = _each(lambda _, making, c: wild(making, c))


def possible(area: str) -> list[tuple[str, Recipe]]:
    """Give what may befall an area, by name: some things take criteria that not every area has."""
    criteria = [c for c in EDITION.criteria.values() if c.area == area]
    ar, ki = _asked_of(criteria, Level.AR), _asked_of(criteria, Level.KI)
    many = len(ki) > _limit(len(_those(criteria, Level.KI)))
    ar_partly, f_partly = _letting(Level.AR, Status.PARTLY), _letting(Level.F, Status.PARTLY)
    has_f = bool(_asked_of(criteria, Level.F))
    known: list[tuple[str, Recipe, bool]] = [
        ("all well", _both(), True),
        ("one AR partly", ar_partly, bool(ar)),
        ("as many KI short as may", _indicators(0), bool(ki)),
        ("more KI short than may", _indicators(1), many),
        ("one AR partly and too many KI short", _both(ar_partly, _indicators(1)), bool(ar) and many),
        ("its only KI short", _only_indicator, bool(ki)),
        ("no KI with a status", _no_indicator, bool(ki)),
        ("an F partly", f_partly, has_f),
        ("provisional F not met", _provisional, any(c.provisional for c in criteria)),
        ("an AR not met", _letting(Level.AR, Status.NOT_MET), bool(ar)),
        ("several AR partly", _letting(Level.AR, Status.PARTLY, 2), len(ar) > 1),
        ("much amiss", _both(f_partly, _letting(Level.AR, Status.PARTLY, 2)), has_f and len(ar) > 1),
        ("the critical not met", _critical(Status.NOT_MET), any(c.critical for c in criteria)),
        ("the critical partly", _critical(Status.PARTLY), any(c.critical for c in criteria)),
        ("a breach", _breach, bool(_breachable(criteria))),
        ("a breach in the dark", _breach_in_the_dark, bool(_breachable(criteria))),
        ("just light enough", _darkened(föreskrifter=False, beyond=0), True),
        ("too dark", _darkened(föreskrifter=False, beyond=1), True),
        ("F just light enough", _darkened(föreskrifter=True, beyond=0), has_f),
        ("F too dark", _darkened(föreskrifter=True, beyond=1), has_f),
        *[("at the limits", _LIMITS, True)] * 4,
        *[("groups unlike", _UNLIKE, True)] * 2,
        *[("odd", _ODD, True)] * 3,
        *[("anything", _ANYTHING, True)] * 2,
    ]
    return [(name, recipe) for name, recipe, fits in known if fits]
