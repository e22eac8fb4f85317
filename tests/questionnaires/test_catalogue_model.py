"""What a catalogue answers about itself."""

import pytest

from questionnaires.model import Catalogue, Role, Text


def test_a_text_is_given_in_its_language_with_the_numbers_put_in() -> None:
    text = Text(sv="Minst {times} gånger.", en="At least {times} times.")
    assert text.render("sv", {"times": 9}) == "Minst 9 gånger."
    assert text.render("en", {"times": 9}) == "At least 9 times."


def test_a_text_in_an_unknown_language_is_swedish() -> None:
    assert Text(sv="Svar", en="Answer").plain("fi") == "Svar"


def test_the_roles_asked_are_known_of_criteria_and_outcomes(published: Catalogue) -> None:
    assert published.asked("B3") == (Role.HANDLEDARE, Role.STUDIEREKTOR, Role.VERKSAMHETSCHEF)
    assert published.asked("A2") == ()
    assert published.asked("U1") == (Role.ST_LAKARE,)


def test_the_roles_asked_of_an_unknown_id_are_not_guessed(published: Catalogue) -> None:
    with pytest.raises(KeyError):
        published.asked("X1")


def test_a_whole_round_has_every_criterion_and_question(published: Catalogue) -> None:
    assert published.within(None) == tuple(published.criteria.values())
    questionnaire = published.questionnaires[Role.ST_LAKARE]
    assert questionnaire.within(None) == questionnaire.questions


def test_a_round_of_chosen_areas_has_only_theirs_and_no_outcomes(published: Catalogue) -> None:
    assert {criterion.area for criterion in published.within(("C", "F"))} == {"C", "F"}
    questions = published.questionnaires[Role.ST_LAKARE].within(("C",))
    assert [question.id for question in questions] == ["C1", "C2", "C3", "C4", "C5"]


def test_comment_fields_are_the_areas_a_role_is_asked_in_and_the_two_last(published: Catalogue) -> None:
    assert published.comment_fields(Role.ST_LAKARE, None) == (*"ABCDEFGH", "best", "improve")
    assert published.comment_fields(Role.VERKSAMHETSCHEF, None) == (*"ABDEFG", "best", "improve")


def test_a_role_asked_nothing_in_the_chosen_areas_has_no_comment_field(published: Catalogue) -> None:
    assert published.comment_fields(Role.VERKSAMHETSCHEF, ("C", "H")) == ()
