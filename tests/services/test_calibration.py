"""STINS beside later external reviews: counts over three units or more."""

from datetime import date

import pytest
from statements import counted
from world import World

from questionnaires.model import Role
from questionnaires.read import catalogue
from scoring.ballots import Ballot, check
from scoring.documents.write import frozen
from scoring.release import COUNTED, publish
from scoring.rounds import Comments, Mode, Round, Terms
from scoring.rules import newest
from scoring.verdict import assess
from stins.services.oversight.calibration import Agreement, calibration
from stins.services.refusals import NotFound
from stins.services.rights import Kind
from stins.services.words import Grade
from tests.services.yearly_region import held, reviewed

EACH = 6


def answered(role: Role, number: int) -> Ballot:
    """Let a third say of B5 that it holds only partly, all say no to C1, and nobody be concerned by G."""
    asked = CAT.questionnaires[role].questions
    said = {q.id: "ej_aktuellt" if q.area == "G" else 3 for q in asked}
    said |= {"B5": 1 if number % 3 == 0 else 3, "C1": 0}
    return check(
        CAT, None, role, {id: answer for id, answer in said.items() if id in {q.id for q in asked}}, {}
    )


CAT = catalogue("2026")
TERMS = Terms(CAT, newest(CAT.id), Mode.ANONYMOUS, 5, None, Comments.OFF)
BALLOTS = tuple(answered(role, number) for role in COUNTED for number in range(EACH))
RELEASE = publish(Round(TERMS, {}, BALLOTS, date(2025, 1, 1)))
OURS = {"B": Grade.B, "C": Grade.C, "D": Grade.A, "G": None}
"""What those answers give: an allmänt råd partly met, a critical indicator not met, all well, unknown."""


def inspected(world: World, where: str, day: date, *how: str, **more) -> None:
    held(world, where, day, *how, body=frozen(RELEASE), **more)


def test_the_answers_give_the_grades_that_are_counted_on():
    found = assess(RELEASE, CAT, TERMS.rules).areas
    assert {area: found[area].grade for area in OURS} == OURS


def of(world: World, who: str = "region"):
    with world.store.reading() as session:
        return calibration(session, world.people[who])


def test_each_area_is_counted_by_how_many_steps_we_were_stricter(world: World):
    for where, theirs in (("unit", "A"), ("other", "C"), ("member", "D")):
        inspected(world, where, date(2025, 1, 1))
        reviewed(world, where, date(2025, 6, 1), B="B", C=theirs, G="A")
    found = of(world)
    assert found["B"] == Agreement("B", 3, {0: 3}, 0)
    assert found["C"] == Agreement("C", 3, {2: 1, 0: 1, -1: 1}, 0)
    assert (found["C"].stricter, found["C"].same, found["C"].milder, found["C"].pairs) == (1, 1, 1, 3)
    assert found["G"] is None, "nobody was graded by both"
    assert of(world, "ovs") == found


def test_the_comparison_is_asked_for_in_the_same_number_of_queries_however_much_there_is(world: World):
    def asked() -> int:
        of(world)  # what is worked out once is at hand afterwards
        with counted(world.store) as sent:
            of(world)
        return len(sent)

    for where in ("unit", "other", "member"):
        inspected(world, where, date(2025, 1, 1))
        reviewed(world, where, date(2025, 6, 1), B="B")
    few = asked()
    for number in range(12):
        world.place(f"new{number}", Kind.ENHET, f"Enhet {number}", world.places["part"])
        inspected(world, f"new{number}", date(2025, 1, 1))
        reviewed(world, f"new{number}", date(2025, 6, 1), B="C")
    assert of(world)["B"].pairs == 15
    assert asked() == few


def test_two_units_are_too_few_however_many_reviews(world: World):
    for where in ("unit", "other"):
        inspected(world, where, date(2024, 1, 1))
        reviewed(world, where, date(2024, 6, 1), D="B")
        reviewed(world, where, date(2025, 6, 1), D="B")
    assert of(world) == {"D": None}


def test_where_stins_gave_no_grade_is_counted_apart(world: World):
    for where in ("unit", "other", "member"):
        inspected(world, where, date(2025, 1, 1))
        reviewed(world, where, date(2025, 6, 1), D="A")
    held(world, "second", date(2025, 1, 1), body=frozen(nobody_concerned()))
    reviewed(world, "second", date(2025, 6, 1), D="A")
    assert of(world) == {"D": Agreement("D", 3, {0: 3}, 1)}


def nobody_concerned():
    """Give the release of a round in which area D concerns nobody."""
    ballots = tuple(
        check(CAT, None, ballot.role, answers, {})
        for ballot in BALLOTS
        for answers in [{id: "ej_aktuellt" if id[0] == "D" else 3 for id in ballot.answers}]
    )
    return publish(Round(TERMS, {}, ballots, date(2025, 1, 1)))


def test_only_what_closed_before_within_five_years_and_asked_the_area_is_paired(world: World):
    inspected(world, "unit", date(2025, 1, 1), areas=["A"])
    inspected(world, "other", date(2019, 1, 1))
    inspected(world, "member", date(2025, 6, 1))
    inspected(world, "second", date(2025, 1, 1), "dialogue")
    inspected(world, "far", date(2025, 1, 1), "typed")
    for where in ("unit", "other", "member", "second", "far"):
        reviewed(world, where, date(2025, 6, 1), B="B")
    assert of(world) == {}


def test_who_oversees_nothing_does_not_find_it(world: World):
    with pytest.raises(NotFound):
        of(world, "studierektor")
