"""How many have answered is told coarsely and once a day, and bosses never matter."""

from datetime import timedelta

import pytest
from world import TODAY, World, people

from questionnaires.model import Role
from questionnaires.read import catalogue
from scoring.rounds import Comments, Mode, Terms
from scoring.rules import newest
from stins.services import close, participation
from stins.services.participation import Outcome, Participation, Reach, work_out

TERMS = Terms(catalogue("2026"), newest("2026"), Mode.ANONYMOUS, 5, None, Comments.OFF)
TALK = Terms(catalogue("2026"), newest("2026"), Mode.DIALOGUE, 5, None, Comments.OFF)


@pytest.mark.parametrize(
    ("answered", "reach"),
    [(0, Reach.UNDER_HALF), (3, Reach.UNDER_HALF), (4, Reach.HALF), (5, Reach.ENOUGH), (7, Reach.ENOUGH)],
)
def test_a_cell_is_under_half_at_least_half_or_enough(answered: int, reach: Reach):
    cells, _ = work_out(TERMS, people(7, 9), people(answered, 9))
    assert cells == {"st": reach, "utbildare": Reach.ENOUGH}


def test_enough_may_come_before_half():
    cells, _ = work_out(TERMS, people(20, 20), people(5, 4))
    assert cells == {"st": Reach.ENOUGH, "utbildare": Reach.UNDER_HALF}


@pytest.mark.parametrize(("st", "hl"), [(4, 9), (9, 4), (0, 9), (5, 0)])
def test_where_two_cells_cannot_be_there_is_one(st: int, hl: int):
    cells, _ = work_out(TERMS, people(st, hl), {})
    assert cells == {"alla": Reach.UNDER_HALF}


@pytest.mark.parametrize(
    ("answered", "outcome"),
    [((5, 5), Outcome.TWO), ((5, 4), Outcome.ONE), ((1, 4), Outcome.ONE), ((2, 2), Outcome.NONE)],
)
def test_the_outcome_is_what_closing_would_give(answered: tuple, outcome: Outcome):
    assert work_out(TERMS, people(7, 9), people(*answered))[1] is outcome


@pytest.mark.parametrize("bosses", [(0, 0), (1, 0), (0, 1), (9, 9)])
@pytest.mark.parametrize("answered", [(0, 0), (2, 2), (4, 4), (4, 9), (5, 5)])
def test_bosses_change_nothing(answered: tuple, bosses: tuple):
    with_bosses = work_out(TERMS, people(7, 9, 9, 9), people(*answered, *bosses))
    assert with_bosses == work_out(TERMS, people(7, 9), people(*answered))


@pytest.mark.parametrize(
    ("answered", "outcome"),
    [
        ((1, 1, 0, 1), Outcome.ONE),
        ((1, 1), Outcome.NONE),
        ((1, 0, 1, 1), Outcome.NONE),
        ((3, 3), Outcome.ONE),
    ],
)
def test_a_dialogue_tells_only_enough_or_not(answered: tuple, outcome: Outcome):
    assert work_out(TALK, people(3, 3), people(*answered)) == ({}, outcome)


def preview(world: World, id: str) -> Participation:
    with world.store.writing() as session:
        return close.preview(session, world.people["studierektor"], id, world.clock.today())


def test_it_is_worked_out_once_a_day_and_stands_that_day(world: World):
    id, codes = world.open(eligible=people(5, 5))
    morning = preview(world, id)
    world.all_hand_in(codes)
    world.clock.forward(hours=13)
    assert preview(world, id) == morning
    assert morning == Participation(
        {"st": Reach.UNDER_HALF, "utbildare": Reach.UNDER_HALF}, Outcome.NONE, TODAY
    )


def test_the_next_day_it_is_worked_out_anew(world: World):
    id, codes = world.open(eligible=people(5, 5))
    preview(world, id)
    world.all_hand_in(codes)
    world.clock.forward(days=1)
    found = preview(world, id)
    assert (found.outcome, found.on) == (Outcome.TWO, TODAY + timedelta(days=1))


def test_what_was_never_worked_out_tells_nothing(world: World):
    id, _ = world.open()
    with world.store.reading() as session:
        row, _ = close.find(session, id)
        assert participation.stored(row, TODAY) == Participation({}, Outcome.NONE, TODAY)


def test_spent_codes_are_counted_by_role(world: World):
    id, codes = world.open()
    for role in (Role.ST_LAKARE, Role.VERKSAMHETSCHEF):
        world.hand_in(codes[role][0])
    with world.store.reading() as session:
        assert participation.spent(session, id) == people(1, 0, 0, 1)
