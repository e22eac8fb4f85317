"""The thresholds of a verdict: read from ``rules/*.toml``, where each stands with its basis."""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib import resources
from types import MappingProxyType
from typing import Any

from questionnaires.model import Level


class UnknownRules(LookupError):
    """No published rules have this name, or none are made for this catalogue."""


@dataclass(frozen=True, slots=True)
class Share:
    """A share such as 4/5, compared by multiplying whole numbers."""

    numerator: int
    denominator: int

    @classmethod
    def of(cls, text: str) -> "Share":
        """Read a share written as ``4/5``."""
        numerator, _, denominator = text.partition("/")
        return cls(int(numerator), int(denominator))

    def is_reached(self, part: int, whole: int) -> bool:
        """Say whether ``part`` of ``whole`` is at least this share."""
        return part * self.denominator >= self.numerator * whole

    def is_exceeded(self, part: int, whole: int) -> bool:
        """Say whether ``part`` of ``whole`` is more than this share."""
        return part * self.denominator > self.numerator * whole

    def rounded_up(self, whole: int) -> int:
        """Give the least whole number that reaches this share of ``whole``."""
        return -(-self.numerator * whole // self.denominator)

    def rounded_down(self, whole: int) -> int:
        """Give the largest whole number that does not exceed this share of ``whole``."""
        return self.numerator * whole // self.denominator


@dataclass(frozen=True, slots=True)
class LevelRule:
    """How a table of answers becomes a status at one legal level.

    ``short_over``, ``disagree_over`` and ``met_disagree_share`` are shares of the base; the three that
    concern ``disagree`` are ``None`` at levels which do not look at it.
    """

    short_least: int
    short_over: Share
    disagree_least: int | None
    disagree_over: Share | None
    met_from: Share
    met_disagree_at_most: int | None
    met_disagree_share: Share | None


@dataclass(frozen=True, slots=True)
class ReleaseRule:
    """How many must stand behind what is shown, beside the inspection's own k."""

    scale_from: int
    dialogue_ballots: int
    dialogue_counted: int
    dialogue_answered: int


@dataclass(frozen=True, slots=True)
class AreaRule:
    """How the statuses of an area become its grade."""

    assessed_from: Share
    c_ar_partly_over: int
    b_ki_short_over: Share


@dataclass(frozen=True, slots=True)
class FindingsRule:
    """What counts as a strength, a gap, an unsure cell or an unknown routine."""

    strength_from: Share
    strengths_per_area: int
    gap_from: Share
    unsure_under: int
    unknown_from: Share


@dataclass(frozen=True, slots=True)
class Threshold:
    """One line of the rules as printed: where it stands, its values as written, and why."""

    place: str
    values: Mapping[str, str]
    basis: str


@dataclass(frozen=True, slots=True)
class Rules:
    """One published edition of the thresholds. ``printed`` holds every one of them, in file order."""

    id: str
    catalogues: tuple[str, ...]
    release: ReleaseRule
    levels: Mapping[Level, LevelRule]
    delvis: Share
    area: AreaRule
    findings: FindingsRule
    printed: tuple[Threshold, ...]


@cache
def rules(id: str) -> Rules:
    """Read the rules named ``id``. Raises :class:`UnknownRules`, whose text names those there are."""
    if id not in editions():
        raise UnknownRules(f"there are no rules {id!r}; known: {', '.join(editions())}")
    text = (resources.files("scoring") / "rules" / f"{id}.toml").read_text(encoding="utf-8")
    return parse(text)


@cache
def editions() -> tuple[str, ...]:
    """Name the published rules, the newest first."""
    files = (resources.files("scoring") / "rules").iterdir()
    return tuple(sorted((f.name[:-5] for f in files if f.name.endswith(".toml")), reverse=True))


def newest(catalogue: str) -> Rules:
    """Give the newest rules made for a catalogue. Raises :class:`UnknownRules` where there are none."""
    for edition in editions():
        if catalogue in rules(edition).catalogues:
            return rules(edition)
    raise UnknownRules(f"there are no rules for the catalogue {catalogue!r}")


def parse(text: str) -> Rules:
    """Make rules of a rules file's text. A file that is not one fails with the key it lacks."""
    table = tomllib.loads(text)
    release, area, findings = table["release"], table["area"], table["findings"]
    return Rules(
        id=table["id"],
        catalogues=tuple(table["catalogues"]),
        release=ReleaseRule(
            scale_from=release["scale_from"]["value"],
            dialogue_ballots=release["dialogue"]["ballots"]["value"],
            dialogue_counted=release["dialogue"]["counted"]["value"],
            dialogue_answered=release["dialogue"]["answered"]["value"],
        ),
        levels=MappingProxyType({level: _level(table["level"][level]) for level in Level}),
        delvis=Share.of(table["fact"]["delvis"]["share"]),
        area=AreaRule(
            assessed_from=Share.of(area["assessed"]["from"]),
            c_ar_partly_over=area["c_ar_partly"]["over"],
            b_ki_short_over=Share.of(area["b_ki_short"]["over"]),
        ),
        findings=FindingsRule(
            strength_from=Share.of(findings["strength"]["from"]),
            strengths_per_area=findings["strengths_per_area"]["value"],
            gap_from=Share.of(findings["gap"]["from"]),
            unsure_under=findings["unsure"]["under"],
            unknown_from=Share.of(findings["unknown"]["from"]),
        ),
        printed=tuple(_printed(table, ())),
    )


def _level(table: Mapping[str, Any]) -> LevelRule:
    disagree = table.get("not_met_disagree")
    met_disagree = table.get("met_disagree")
    return LevelRule(
        short_least=table["not_met_short"]["least"],
        short_over=Share.of(table["not_met_short"]["over"]),
        disagree_least=disagree and disagree["least"],
        disagree_over=disagree and Share.of(disagree["over"]),
        met_from=Share.of(table["met"]["from"]),
        met_disagree_at_most=met_disagree and met_disagree["at_most"],
        met_disagree_share=met_disagree and Share.of(met_disagree["or_share"]),
    )


def _printed(table: Mapping[str, Any], path: tuple[str, ...]) -> list[Threshold]:
    found: list[Threshold] = []
    for key, value in table.items():
        if not isinstance(value, dict):
            continue
        if "basis" in value:
            values = {name: str(number) for name, number in value.items() if name != "basis"}
            found.append(Threshold(".".join((*path, key)), MappingProxyType(values), value["basis"]))
        else:
            found += _printed(value, (*path, key))
    return found
