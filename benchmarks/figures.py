"""What a measure gives, and the table it is printed in."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from statistics import quantiles
from time import perf_counter

COLUMNS = (47, 12, 34, 7, 25)


@dataclass(frozen=True, slots=True)
class Baseline:
    """What a figure is read against: a value of the same unit, from the same run, and what it is of."""

    value: float
    what: str


@dataclass(frozen=True, slots=True)
class Target:
    """What must be borne, in words, and whether it was."""

    words: str
    met: bool


@dataclass(frozen=True, slots=True)
class Figure:
    """One measured value. Without a target it is only told."""

    name: str
    value: float
    unit: str
    baseline: Baseline | None = None
    target: Target | None = None

    @property
    def ratio(self) -> float | None:
        """Give the value as times the baseline, where there is one that is not nothing."""
        return self.value / self.baseline.value if self.baseline and self.baseline.value else None


@dataclass(frozen=True, slots=True)
class LeftOut:
    """Stands where a measure could not be made, and says why."""

    name: str
    why: str


Row = Figure | LeftOut


def heading() -> str:
    """Give the table's head."""
    return _line("measure", "figure", "baseline", "ratio", "target") + "  met"


def line(row: Row) -> str:
    """Give a figure's line."""
    match row:
        case LeftOut(name, why):
            return f"{name:<{COLUMNS[0]}}  left out: {why}"
        case Figure(name, value, unit, baseline, target):
            told = _line(
                name,
                _value(value, unit),
                f"{_value(baseline.value, unit)} {baseline.what}" if baseline else "–",
                "–" if row.ratio is None else f"{row.ratio:.2f}",
                target.words if target else "–",
            )
            return f"{told}  {_met(target)}".rstrip()


def below(limit: float, value: float, unit: str) -> Target:
    """Give the target of being under a limit of the value's own unit."""
    return Target(f"< {limit:g} {unit}", value < limit)


def milliseconds(act: Callable[[], object]) -> float:
    """Give how long an act takes."""
    begun = perf_counter()
    act()
    return 1000 * (perf_counter() - begun)


def percentile(values: Sequence[float], percent: int) -> float:
    """Give the value that ``percent`` of the values do not exceed."""
    return quantiles(values, n=100, method="inclusive")[percent - 1]


def _line(name: str, figure: str, baseline: str, ratio: str, target: str) -> str:
    a, b, c, d, e = COLUMNS
    return f"{name:<{a}}  {figure:>{b}}  {baseline:<{c}}  {ratio:>{d}}  {target:<{e}}"


def _value(value: float, unit: str) -> str:
    number = f"{value:,.0f}".replace(",", " ") if abs(value) >= 100 or value == int(value) else f"{value:.3g}"
    return f"{number} {unit}".rstrip()


def _met(target: Target | None) -> str:
    if target is None:
        return ""
    return "met" if target.met else "NOT MET"
