"""The attacker works: he breaks releases made without thinking, and what he forces is true.

Each naive release bends the published rules in one way, and the attacker knows in which. What is published of
the same people he does not break.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cache

import pytest

from questionnaires.model import Role
from scoring.ballots import Answer
from tests.attacks import release_claim, release_naive, release_rounds
from tests.attacks.release_attacker import BAND, Learned, Observation, Rule, Shown, isolated, search
from tests.attacks.release_rounds import ASKED, HL, ST, VC, Insider, near_k, with_scale

Naive = Callable[[int, str, Mapping[Role, int]], Rule]

FULLY, LARGELY, PARTLY, NOT_AT_ALL, VET_EJ, EJ_AKTUELLT = Answer
ROUNDS = [*map(near_k, range(120)), *map(with_scale, range(60))]


def shown(who: Insider, naive: Naive) -> Mapping[str, Shown]:
    """Give what a naive release of the insider's round shows."""
    ballots, k = who.round.ballots, who.round.terms.k
    number = release_rounds.turnout(ballots)
    return {id: naive(k, id, number)(release_rounds.counts(ballots, id)) for id in ASKED if who.groups(id)}


@cache
def attack(who: Insider, naive: Naive) -> Mapping[str, Learned]:
    """Give what the insider learns from a naive release."""
    number = release_rounds.turnout(who.round.ballots)
    return {
        id: search(who.groups(id), [Observation(naive(who.round.terms.k, id, number), tables)])
        for id, tables in shown(who, naive).items()
    }


def combined(who: Insider, naive: Naive) -> list[tuple[str, str, str]]:
    """Give what the insider has from linear algebra alone."""
    return isolated({id: (who.groups(id), tables) for id, tables in shown(who, naive).items()})


# --- one round each, to follow by hand ---


@dataclass(frozen=True)
class Example:
    """Everybody's answers to one question (all else they agree to), and what the first of them forces."""

    naive: Naive
    id: str
    k: int
    said: Mapping[Role, tuple[Answer, ...]]
    forced: Mapping[Role, str]

    def insider(self, attacker: Role = HL) -> Insider:
        """Give the round as the first of a role sees it."""
        agree = dict.fromkeys(ASKED, LARGELY)
        ballots = [
            release_rounds.ballot(role, agree | {self.id: answer})
            for role, answers in self.said.items()
            for answer in answers
        ]
        me = next(place for place, each in enumerate(ballots) if each.role is attacker)
        return Insider(release_rounds.held(release_rounds.terms(self.k), ballots), me)


FOUR = (LARGELY, PARTLY, LARGELY, VET_EJ)
TEN = (FULLY,) * 10
EXAMPLES = {
    # One chief: his table is his answer.
    "each role by itself": Example(
        release_naive.each_role_by_itself, "B2", 4, {ST: FOUR, HL: FOUR, VC: (FULLY,)}, {VC: "agree"}
    ),
    # The total less the ST-läkare less the handledare is the chief, though his own table is withheld.
    "totals beside parts": Example(
        release_naive.totals_beside_parts, "B2", 4, {ST: FOUR, HL: FOUR, VC: (VET_EJ,)}, {VC: "unknown"}
    ),
    # Ten handledare rated, so the one "vet ej" in the table is the chief's.
    "a scale by who rated, shown": Example(
        release_naive.scale_by_who_rated,
        "C1",
        5,
        {ST: FOUR + FOUR, HL: (*TEN[1:], PARTLY), VC: (VET_EJ,)},
        {VC: "unknown"},
    ),
    # Nine handledare rated, so the one "vet ej" is a handledare's and the chief agrees.
    "a scale by who rated, hidden": Example(
        release_naive.scale_by_who_rated,
        "C1",
        5,
        {ST: FOUR + FOUR, HL: (*TEN[1:], VET_EJ), VC: (FULLY,)},
        {VC: "agree"},
    ),
    # "Vet ej" taken for no answer: the table stands, so all four handledare rated, and it is the chief's.
    "cells chosen by value": Example(
        release_naive.cells_chosen_by_value,
        "C1",
        4,
        {ST: FOUR, HL: (LARGELY, PARTLY, LARGELY, NOT_AT_ALL), VC: (VET_EJ,)},
        {VC: "unknown"},
    ),
}
each_example = pytest.mark.parametrize("example", EXAMPLES.values(), ids=EXAMPLES.keys())


@each_example
def test_a_naive_release_forces_an_answer(example: Example) -> None:
    learned = attack(example.insider(), example.naive)[example.id]
    assert learned.forced() == example.forced


@each_example
def test_what_is_published_of_the_same_people_forces_none(example: Example) -> None:
    who = example.insider()
    learned = release_claim.attack(who)
    assert learned[example.id].forced() == {}
    assert release_claim.breaches(who, learned) == []


LONE = Example(
    release_naive.lone_disagree_kept, "A2", 4, {ST: FOUR, HL: (LARGELY, NOT_AT_ALL, PARTLY, LARGELY)}, {}
)


def test_a_lone_disagree_that_is_kept_displays_somebody_as_the_only_one() -> None:
    """It forces nobody's answer: the three others remain as likely. But one of them stands there alone."""
    learned = attack(LONE.insider(), LONE.naive)["A2"]
    assert (learned.alone, learned.forced()) == ({1}, {})


def test_a_lone_disagree_as_it_is_published_displays_nobody() -> None:
    who = LONE.insider()
    assert release_claim.displayed_alone(who, release_claim.attack(who)) == []


# --- linear algebra alone ---


@pytest.mark.parametrize("name", ["each role by itself", "totals beside parts"])
def test_tables_that_overlap_or_hold_one_person_are_combined_into_his_answer(name: str) -> None:
    example = EXAMPLES[name]
    found = combined(example.insider(), example.naive)
    assert (example.id, VC, example.forced[VC]) in found


@pytest.mark.parametrize("name", ["a scale by who rated, shown", "cells chosen by value"])
def test_what_a_rule_gives_away_by_showing_takes_more_than_linear_algebra(name: str) -> None:
    example = EXAMPLES[name]
    assert combined(example.insider(), example.naive) == []


# --- many rounds ---


def test_without_its_naive_part_the_rule_shows_what_is_published() -> None:
    for who in ROUNDS:
        published = release_claim.shown(who)
        assert all(published[id] == tables for id, tables in shown(who, release_naive.tables).items())


# How many of the rounds each naive release must break for the attacker to be worth his name.
BROKEN = [
    (release_naive.each_role_by_itself, 100),
    (release_naive.totals_beside_parts, 60),
    (release_naive.scale_by_who_rated, 3),
    (release_naive.cells_chosen_by_value, 3),
]
NAMES = ["each role by itself", "totals beside parts", "a scale by who rated", "cells chosen by value"]


@pytest.mark.parametrize(("naive", "least"), BROKEN, ids=NAMES)
def test_a_naive_release_of_people_drawn_by_chance_is_broken_too(naive: Naive, least: int) -> None:
    broken = [who for who in ROUNDS if release_claim.breaches(who, attack(who, naive))]
    assert len(broken) >= least


def test_a_lone_disagree_is_kept_in_many_rounds_drawn_by_chance() -> None:
    learned = ((who, attack(who, release_naive.lone_disagree_kept)) for who in ROUNDS)
    assert sum(bool(release_claim.displayed_alone(who, each)) for who, each in learned) >= 50


@pytest.mark.parametrize("naive", [naive for naive, _ in BROKEN], ids=NAMES)
def test_what_the_attacker_forces_is_true(naive: Naive) -> None:
    for who in ROUNDS:
        for id, learned in attack(who, naive).items():
            for role, band in learned.forced().items():
                assert {BAND[answer] for answer in who.colleagues(id, [Role(role)])} == {band}
