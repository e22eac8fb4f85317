"""Whoever answered and reads the release forces no colleague's answer out of it.

Proved on rounds as small as may be released, where a search through everything that may have been answered is
complete. Two things are excepted, and only these. Where everybody else who answered stands in one band, the
table itself says so. And "ej aktuellt" counts as not having answered, and *whether* somebody answered is not
promised: that it was said by a boss can sometimes be told (the last tests say when), by nobody else.
"""

from collections.abc import Mapping
from functools import cache

import pytest

from questionnaires.model import Role
from questionnaires.read import catalogue
from scoring import release
from scoring.ballots import Answer
from tests.attacks import release_claim, release_rounds
from tests.attacks.release_attacker import BAND, Group, Learned, Shown, Table, counted, isolated, worlds
from tests.attacks.release_claim import BOSSES
from tests.attacks.release_rounds import (
    ASKED,
    EJ_AKTUELLT,
    HL,
    SR,
    ST,
    VC,
    Insider,
    near_k,
    with_scale,
)


@cache
def shown(who: Insider) -> Mapping[str, Shown]:
    return release_claim.shown(who)


@cache
def learned(who: Insider) -> Mapping[str, Learned]:
    return release_claim.attack(who)


TENS = [(near_k, ten) for ten in range(16)] + [(with_scale, ten) for ten in range(8)]


@pytest.fixture(params=TENS, ids=[f"{draw.__name__}-{10 * ten}-{10 * ten + 9}" for draw, ten in TENS])
def insiders(request: pytest.FixtureRequest) -> list[Insider]:
    """Give ten rounds near k, or ten where a scale may be shown, each with its attacker."""
    draw, ten = request.param
    return [draw(10 * ten + n) for n in range(10)]


def test_an_insider_forces_no_answer_that_a_unanimous_table_does_not_tell(insiders: list[Insider]) -> None:
    assert [breach for who in insiders for breach in release_claim.breaches(who, learned(who))] == []


def test_everybody_could_have_answered_otherwise_and_every_byte_be_the_same(insiders: list[Insider]) -> None:
    """Publish the worlds the attacker is left with, as whole rounds: release and verdict are the very same.

    Every file is made of these two, so no file tells the worlds apart either.
    """
    for who in insiders:
        as_it_was = release_rounds.everything(who.round)
        for id, each in learned(who).items():
            for world in each.kept():
                assert release_rounds.everything(who.answered_as(id, world)) == as_it_was


def test_no_step_of_a_four_step_distribution_is_forced_unless_all_chose_it(insiders: list[Insider]) -> None:
    for who in insiders:
        for id, each in learned(who).items():
            for role in each.worlds:
                if has_scale(who, id, Role(role)) and len(each.answers(role)) == 1:
                    truth = set(release_claim.beside(who, id, Role(role)))
                    assert each.answers(role) in (truth, {EJ_AKTUELLT})


def has_scale(who: Insider, id: str, role: Role) -> bool:
    return any(table and table.scale for roles, table in shown(who)[id].items() if role in roles)


def test_nobody_is_displayed_as_the_only_one_who_disagrees(insiders: list[Insider]) -> None:
    assert [id for who in insiders for id in release_claim.displayed_alone(who, learned(who))] == []


def test_no_combination_of_tables_amounts_to_one_person(insiders: list[Insider]) -> None:
    for who in insiders:
        assert isolated({id: (who.groups(id), shown(who)[id]) for id in learned(who)}) == []


def test_the_rounds_attacked_are_of_every_kind() -> None:
    """Shown, pooled, withheld, with four steps: the attack has met them all."""
    met = set()
    for who in [*map(near_k, range(160)), *map(with_scale, range(80))]:
        two = len(release.publish(who.round).cells) == 2
        for id, tables in shown(who).items():
            is_pooled = two and ST in ASKED[id] and len(ASKED[id]) > 1 and len(tables) == 1
            scale = any(table and table.scale for table in tables.values())
            met.add((two, is_pooled, None in tables.values(), scale))
    two_cells = {(True, False, False, False), (True, False, False, True), (True, False, True, False)}
    pooled = {(True, True, False, False), (True, True, False, True)}
    one_cell = {(False, False, False, False), (False, False, False, True), (False, False, True, False)}
    assert met >= two_cells | pooled | one_cell


def test_every_kind_of_question_that_is_published_is_attacked() -> None:
    edition = catalogue("2026")
    kinds = {each.asked for each in edition.criteria.values() if each.asked}
    kinds |= {each.asked for each in edition.outcomes.values()}
    assert kinds == set(ASKED.values())


# --- the smallest groups, whatever they answer ---

# What is published of a question: its tables by the roles in them.
Heap = tuple[tuple[tuple[Role, ...], Table | None], ...]

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
    published = cache(lambda counts: tuple(rule(dict(counts)).items()))
    others = [Group(str(each), each, turnout[each] - (each is role)) for each in ASKED[id] if each in turnout]
    others = [group for group in others if group.size]
    for own in tuple(Answer)[1:]:  # with so few no scale is shown, and 3 is told from 2 by nothing
        heaps: dict[Heap, dict[Role, set[str]]] = {}
        for world in worlds([*others, Group("me", role, 1, own)]):
            heap = heaps.setdefault(published(tuple(counted(world).items())), {})
            for group in others:
                given = {BAND[answer] for answer, n in zip(Answer, world[group], strict=True) if n}
                heap.setdefault(group.role, set()).update(given)
        assert [bands for tables, bands in heaps.items() if forces(tables, bands)] == []


def forces(tables: Heap, bands: Mapping[Role, set[str]]) -> bool:
    """Say whether a role can have answered one thing alone, though others in its table can have another."""
    for roles, _ in tables:
        together = set().union(*(bands.get(role, set()) for role in roles)) - {"not_applicable"}
        for role in roles:
            band = bands.get(role, set())
            excepted = band == {"not_applicable"} and role in BOSSES
            if len(band) == 1 and band != together and not excepted:
                return True
    return False


# --- the attacker himself ---


SMALL = ({ST: 4, HL: 4}, {ST: 2, HL: 3, VC: 1}, {ST: 1, HL: 3, SR: 1, VC: 1})


@pytest.mark.parametrize("seed", range(30))
def test_the_quick_search_learns_what_going_through_everything_learns(seed: int) -> None:
    draw = release_rounds.chance(f"quick {seed}")
    who = release_rounds.insider(draw, 4, draw.choice(SMALL))
    for id, quick in learned(who).items():
        turnout = release_rounds.turnout(who.round.ballots)
        rule = release_rounds.as_published(who.round.terms, id, turnout)
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
    agree = dict.fromkeys(ASKED, Answer.FULLY)
    said = [Answer.FULLY, Answer.PARTLY, Answer.VET_EJ, Answer.LARGELY]
    ballots = [release_rounds.ballot(HL, agree | {"C1": answer}) for answer in said]
    ballots += [release_rounds.ballot(ST, agree) for _ in range(4)]
    ballots += [release_rounds.ballot(VC, agree | {"C1": EJ_AKTUELLT})]
    who = Insider(release_rounds.held(release_rounds.terms(4), ballots), 0)
    assert learned(who)["C1"].forced() == {VC: "not_applicable"}


def test_ej_aktuellt_is_forced_upon_all_bosses_of_a_table_or_upon_none(insiders: list[Insider]) -> None:
    for who in insiders:
        for id, role, _ in release_claim.forced(who, learned(who)):
            roles = next(roles for roles in shown(who)[id] if role in roles)
            bosses = [each for each in roles if each in BOSSES]
            assert set(who.colleagues(id, bosses)) == {EJ_AKTUELLT}
