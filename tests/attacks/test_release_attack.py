"""Whoever answered and reads the release forces no colleague's answer out of it.

Proved on rounds as small as may be released, where a search through everything that may have been answered is
complete. Two things are excepted, and only these. Where everybody else who answered stands in one band, the
table itself says so. And "ej aktuellt" counts as not having answered, and *whether* somebody answered is not
promised: that it was said by a boss can sometimes be told (the last tests say when), by nobody else.
"""

import random
from collections.abc import Iterator, Mapping
from functools import cache

import pytest

from questionnaires.model import Role
from questionnaires.read import catalogue
from scoring import release
from scoring.ballots import Answer
from tests.attacks import release_rounds
from tests.attacks.release_attacker import (
    BAND,
    Group,
    Learned,
    Observation,
    Shown,
    counted,
    isolated,
    search,
    worlds,
)
from tests.attacks.release_rounds import ASKED, EJ_AKTUELLT, HL, SR, ST, VC, Insider



@cache
def learned(who: Insider) -> Mapping[str, Learned]:
    return release_claim.attack(who)


@cache
def shown(who: Insider) -> Mapping[str, Shown]:
    return release_claim.shown(who)


@pytest.fixture(params=[*((near_k, seed) for seed in range(30)), *((with_scale, seed) for seed in range(10))])
def insiders(request: pytest.FixtureRequest) -> list[Insider]:
    """Give ten rounds near k, or ten where a scale may be shown, each with its attacker."""
    draw, seed = request.param
    return [draw(10 * seed + n) for n in range(10)]


def test_an_insider_forces_no_answer_that_a_unanimous_table_does_not_tell(insiders: list[Insider]) -> None:
    assert [each for who in insiders for each in forced(who) if each[2] != "not_applicable"] == []


def test_everybody_could_have_answered_otherwise_and_every_byte_be_the_same(insiders: list[Insider]) -> None:
    """Publish the worlds the attacker is left with, as whole rounds: release and verdict are the very same.

    Every file is made of these two, so no file tells the worlds apart either.
    """
    for who in insiders:
        as_it_was = release_rounds.everything(who.round)
        for id, learned in learned(who).items():
            for otherwise in learned.worlds.values():
                for world in otherwise.values():
                    assert release_rounds.everything(who.answered_as(id, world)) == as_it_was


def test_no_step_of_a_four_step_distribution_is_forced_unless_all_chose_it(insiders: list[Insider]) -> None:
    for who in insiders:
        for id, learned in learned(who).items():
            for role in learned.worlds:
                if has_scale(who, id, Role(role)) and len(learned.answers(role)) == 1:
                    truth = set(behind(who, id, Role(role))) - {EJ_AKTUELLT}
                    assert learned.answers(role) in (truth, {EJ_AKTUELLT})


def has_scale(who: Insider, id: str, role: Role) -> bool:
    return any(table and table.scale for roles, table in shown(who)[id].items() if role in roles)


def test_nobody_is_displayed_as_the_only_one_who_disagrees(insiders: list[Insider]) -> None:
    """Save to one who disagreed himself: that he can take away his own answer is said beforehand."""
    for who in insiders:
        mine = who.round.ballots[who.me].answers
        alone = [id for id, learned in learned(who).items() if learned.alone == {1}]
        assert all(mine[id] is Answer.NOT_AT_ALL for id in alone)


def test_no_combination_of_tables_amounts_to_one_person(insiders: list[Insider]) -> None:
    for who in insiders:
        assert isolated({id: (who.groups(id), shown(who)[id]) for id in learned(who)}) == []


def test_the_rounds_attacked_are_of_every_kind() -> None:
    """Shown, pooled, withheld, with four steps: the attack has met them all."""
    met = set()
    for who in [*map(near_k, range(300)), *map(with_scale, range(100))]:
        two = len(release.publish(who.round).cells) == 2
        for id, tables in shown(who).items():
            pooled = two and ST in ASKED[id] and len(ASKED[id]) > 1 and len(tables) == 1
            scale = any(table and table.scale for table in tables.values())
            met.add((two, pooled, None in tables.values(), scale))
    two_cells = {(True, False, False, False), (True, False, False, True), (True, False, True, False)}
    pooled = {(True, True, False, False), (True, True, False, True)}
    one_cell = {(False, False, False, False), (False, False, False, True), (False, False, True, False)}
    assert met >= two_cells | pooled | one_cell


def test_every_kind_of_question_that_is_published_is_attacked() -> None:
    edition = catalogue("2026")
    kinds = {each.asked for each in (*edition.criteria.values(), *edition.outcomes.values()) if each.asked}
    assert kinds == set(ASKED.values())


# --- the smallest groups, whatever they answer ---

# With the lowest k a region may choose: the question, who answered, and who of them attacks.
SMALLEST = [
    ("B2", {ST: 4, HL: 4, VC: 1}, ST),
    ("B2", {ST: 4, HL: 4, VC: 1}, VC),
    ("C1", {ST: 4, HL: 4, SR: 1, VC: 1}, HL),
    ("C1", {ST: 4, HL: 4, SR: 1, VC: 1}, SR),
    ("B1", {ST: 1, HL: 3, SR: 1, VC: 1}, HL),
    ("B1", {ST: 1, HL: 3, SR: 1, VC: 1}, ST),
    ("A1", {ST: 2, HL: 2, SR: 1}, SR),
    ("A2", {ST: 4, HL: 4}, HL),
    ("D1", {ST: 4, HL: 4}, ST),
]


@pytest.mark.parametrize(("id", "turnout", "role"), SMALLEST)
def test_whatever_the_smallest_groups_answer_nothing_is_forced(
    id: str, turnout: dict[Role, int], role: Role
) -> None:
    """Sort every world there is by what is published of it, and look at each heap at once."""
    rule = release_rounds.as_published(release_rounds.terms(4), id, turnout)
    for own in Answer:
        others = [Group(str(r), r, turnout[r] - (r is role)) for r in ASKED[id] if r in turnout]
        groups = [group for group in others if group.size] + [Group("me", role, 1, own)]
        heaps: dict[tuple[object, ...], dict[str, set[str]]] = {}
        for world in worlds(groups):
            heap = heaps.setdefault(tuple(rule(counted(world)).items()), {})
            for group in groups[:-1]:
                given = (BAND[a] for a, n in zip(Answer, world[group], strict=True) if n)
                heap.setdefault(group.name, set()).update(given)
        assert all(unanimous_where_forced(tables, heap) for tables, heap in heaps.items())


def unanimous_where_forced(tables: tuple[object, ...], heap: Mapping[str, set[str]]) -> bool:
    """Say whether each role that can only have answered one thing stands among others who all did."""
    for roles, _ in tables:  # type: ignore[misc]
        together = set().union(*(heap.get(role, set()) for role in roles)) - {"not_applicable"}
        forced = [role for role in roles if len(heap.get(role, ())) == 1]
        for role in forced:
            band = heap[role]
            if band != together and not (band == {"not_applicable"} and role in (SR, VC)):
                return False
    return True


# --- the attacker himself ---


@pytest.mark.parametrize("seed", range(40))
def test_the_quick_search_learns_what_going_through_everything_learns(seed: int) -> None:
    chance = release_rounds.chance(f"quick {seed}")
    who = insider(
        chance, 4, chance.choice(({ST: 4, HL: 4}, {ST: 2, HL: 3, VC: 1}, {ST: 1, HL: 3, SR: 1, VC: 1}))
    )
    for id, quick in learned(who).items():
        rule = release_rounds.as_published(who.round.terms, id, release_rounds.turnout(who.round.ballots))
        plain = Learned()
        for world in worlds(who.groups(id)):
            if rule(counted(world)) == shown(who)[id]:
                plain.add(world)
        assert quick.forced() == plain.forced()
        assert (quick.alone == {1}) == (plain.alone == {1})


# --- what is excepted ---


def test_a_chief_is_known_to_have_said_ej_aktuellt_where_all_who_count_must_have_answered() -> None:
    """Four handledare are just enough for the table, so the one whom it did not concern is the chief.

    "Ej aktuellt" counts as not having answered, and whether somebody answered is not promised.
    """
    ballots = [
        four_handledare(answer) for answer in (Answer.FULLY, Answer.PARTLY, Answer.VET_EJ, Answer.LARGELY)
    ]
    everything_else = dict.fromkeys(ASKED, Answer.FULLY)
    ballots += [release_rounds.ballot(ST, everything_else) for _ in range(4)]
    ballots += [release_rounds.ballot(VC, everything_else | {"C1": EJ_AKTUELLT})]
    who = Insider(release_rounds.held(release_rounds.terms(4), ballots), 0)
    assert learned(who)["C1"].forced() == {str(VC): "not_applicable"}


def four_handledare(answer: Answer) -> release_rounds.Ballot:
    return release_rounds.ballot(HL, dict.fromkeys(ASKED, Answer.FULLY) | {"C1": answer})


def test_ej_aktuellt_is_forced_upon_bosses_alone_and_only_when_all_of_them_said_it(
    insiders: list[Insider],
) -> None:
    for who in insiders:
        for id, role, band in forced(who):
            assert (role in BOSSES, band) == (True, "not_applicable")
            others = [roles for roles in shown(who)[id] if role in roles]
            said = [
                answer
                for roles in others
                for answer in who.colleagues(id, [r for r in roles if r in (SR, VC)])
            ]
            assert set(said) == {EJ_AKTUELLT}
