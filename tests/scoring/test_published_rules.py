"""The published thresholds: never edited, each printed with its basis, and exact."""

import ast
import hashlib
import importlib.resources
import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

import scoring
from questionnaires.model import Level
from scoring.rules import Share, UnknownRules, editions, newest, parse, rules

FILES = importlib.resources.files("scoring") / "rules"
# A rules file is never edited once published, only superseded: verdicts name the rules they were made with.
PUBLISHED = {"2026": "0167449fe7e03c91d0183afab6fbd093815bf03129b7c405e765390a995a80d3"}
SHARES = st.builds(Share, st.integers(0, 12), st.integers(1, 12))
PARTS = st.integers(0, 300)


def text_of(id: str) -> str:
    return (FILES / f"{id}.toml").read_text(encoding="utf-8")


@pytest.mark.parametrize("id", PUBLISHED)
def test_published_rules_are_never_edited(id: str) -> None:
    assert hashlib.sha256((FILES / f"{id}.toml").read_bytes()).hexdigest() == PUBLISHED[id]


def test_every_edition_of_the_rules_is_pinned() -> None:
    assert set(editions()) == set(PUBLISHED)


def test_rules_are_named_by_their_file() -> None:
    assert [rules(id).id for id in editions()] == list(editions())


def test_rules_are_read_once() -> None:
    assert rules("2026") is rules("2026")


@pytest.mark.parametrize("id", ["2031", "", "../rules/2026", "2026.toml"])
def test_unknown_rules_are_refused_with_the_known_ones(id: str) -> None:
    with pytest.raises(UnknownRules, match=r"known: 2026$"):
        rules(id)


def test_the_newest_rules_of_a_catalogue_are_found() -> None:
    assert newest("2026") is rules("2026")


def test_a_catalogue_without_rules_is_told() -> None:
    with pytest.raises(UnknownRules, match=r"^there are no rules for the catalogue '2031'$"):
        newest("2031")


# --- what is printed ---


def leaves(table: dict[str, Any], path: tuple[str, ...] = ()) -> Iterator[tuple[str, dict[str, Any]]]:
    """Give every table that holds a number or a share, with its dotted place."""
    if any(not isinstance(value, dict) for value in table.values()) and path:
        yield ".".join(path), table
    for key, value in table.items():
        if isinstance(value, dict):
            yield from leaves(value, (*path, key))


@pytest.mark.parametrize("id", PUBLISHED)
def test_every_threshold_is_printed_in_the_order_of_the_file(id: str) -> None:
    assert [one.place for one in rules(id).printed] == [
        place for place, _ in leaves(tomllib.loads(text_of(id)))
    ]


@pytest.mark.parametrize("id", PUBLISHED)
def test_every_threshold_has_its_basis(id: str) -> None:
    for threshold in rules(id).printed:
        assert len(threshold.basis) > 20, threshold.place
        assert threshold.basis.endswith("."), threshold.place
        assert threshold.values, threshold.place


@pytest.mark.parametrize("id", PUBLISHED)
def test_every_threshold_is_printed_as_it_is_written_in_the_file(id: str) -> None:
    written = dict(leaves(tomllib.loads(text_of(id))))
    for threshold in rules(id).printed:
        values = {key: str(value) for key, value in written[threshold.place].items() if key != "basis"}
        assert threshold.values == values


def test_the_thresholds_of_2026_are_those_of_the_design() -> None:
    assert {one.place: " ".join(one.values.values()) for one in rules("2026").printed} == {
        "release.scale_from": "10",
        "release.dialogue.ballots": "3",
        "release.dialogue.counted": "2",
        "release.dialogue.answered": "2",
        "level.F.not_met_short": "2 2/5",
        "level.F.not_met_disagree": "2 1/4",
        "level.F.met": "4/5",
        "level.F.met_disagree": "1 1/10",
        "level.AR.not_met_short": "2 1/2",
        "level.AR.met": "3/4",
        "level.KI.not_met_short": "2 1/2",
        "level.KI.met": "4/5",
        "fact.delvis": "1/2",
        "area.assessed": "2/3",
        "area.c_ar_partly": "1",
        "area.b_ki_short": "1/5",
        "findings.strength": "9/10",
        "findings.strengths_per_area": "3",
        "findings.gap": "3/10",
        "findings.unsure": "8",
        "findings.unknown": "1/3",
    }


@pytest.mark.parametrize(
    ("place", "old", "new"),
    [
        (lambda read: read.levels[Level.F].short_over, 'over = "2/5"', 'over = "3/7"'),
        (lambda read: read.levels[Level.F].disagree_over, 'over = "1/4"', 'over = "3/7"'),
        (lambda read: read.levels[Level.F].met_disagree_share, 'or_share = "1/10"', 'or_share = "3/7"'),
        (lambda read: read.levels[Level.AR].met_from, 'from = "3/4"', 'from = "3/7"'),
        (lambda read: read.area.assessed_from, 'from = "2/3"', 'from = "3/7"'),
        (lambda read: read.area.b_ki_short_over, 'over = "1/5"', 'over = "3/7"'),
        (lambda read: read.delvis, 'share = "1/2"', 'share = "3/7"'),
        (lambda read: read.findings.strength_from, 'from = "9/10"', 'from = "3/7"'),
        (lambda read: read.findings.gap_from, 'from = "3/10"', 'from = "3/7"'),
        (lambda read: read.findings.unknown_from, 'from = "1/3"', 'from = "3/7"'),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_a_threshold_is_what_the_file_says_and_nothing_in_the_code(place: Any, old: str, new: str) -> None:
    text = text_of("2026")
    assert text.count(old) == 1
    assert place(parse(text.replace(old, new))) == Share(3, 7)


def test_a_file_that_lacks_a_threshold_is_no_rules() -> None:
    with pytest.raises(KeyError, match="gap"):
        parse(text_of("2026").replace("\ngap = ", "\nother = "))


# --- shares are exact ---


def test_a_share_is_read_as_a_fraction() -> None:
    assert Share.of("4/5") == Share(4, 5)


@given(SHARES, PARTS, PARTS)
def test_a_share_is_exceeded_where_it_is_reached_and_not_met_exactly(
    share: Share, part: int, whole: int
) -> None:
    exactly = part * share.denominator == share.numerator * whole
    assert share.is_exceeded(part, whole) == (share.is_reached(part, whole) and not exactly)


@given(SHARES, PARTS)
def test_a_share_rounded_up_is_the_least_number_that_reaches_it(share: Share, whole: int) -> None:
    assert share.is_reached(share.rounded_up(whole), whole)
    assert not share.is_reached(share.rounded_up(whole) - 1, whole)


@given(SHARES, PARTS)
def test_a_share_rounded_down_is_the_largest_number_that_does_not_exceed_it(share: Share, whole: int) -> None:
    assert not share.is_exceeded(share.rounded_down(whole), whole)
    assert share.is_exceeded(share.rounded_down(whole) + 1, whole)


def test_shares_stay_exact_where_a_float_would_not() -> None:
    large = 10**17
    assert Share(1, 3).is_exceeded(large + 1, 3 * large)
    assert not Share(1, 3).is_exceeded(large, 3 * large)


SOURCES = sorted(Path(scoring.__file__).parent.rglob("*.py"))


def from_math(tree: ast.Module) -> set[str]:
    """Name what a module takes from math."""
    imports = [n for n in ast.walk(tree) if isinstance(n, ast.ImportFrom) and n.module == "math"]
    whole = [n for n in ast.walk(tree) if isinstance(n, ast.Import) and n.names[0].name == "math"]
    return {alias.name for node in imports for alias in node.names} | {"*" for _ in whole}


@pytest.mark.parametrize("path", SOURCES, ids=lambda path: path.stem)
def test_no_float_clock_or_chance_is_in_the_code(path: Path) -> None:
    tree = ast.parse(path.read_text(encoding="utf-8"))
    constants = [node for node in ast.walk(tree) if isinstance(node, ast.Constant)]
    names = {node.id for node in ast.walk(tree) if isinstance(node, ast.Name)}
    modules = {node.module for node in ast.walk(tree) if isinstance(node, ast.ImportFrom)}
    modules |= {alias.name for node in ast.walk(tree) if isinstance(node, ast.Import) for alias in node.names}
    attributes = {node.attr for node in ast.walk(tree) if isinstance(node, ast.Attribute)}
    assert not [node.value for node in constants if isinstance(node.value, float)]
    assert not names & {"float", "hash", "set_seed"}
    assert not modules & {"time", "random", "secrets", "decimal", "statistics", "os"}
    assert from_math(tree) <= {"lcm"}, "of math only what gives whole numbers"
    assert not attributes & {"now", "today", "utcnow"}
