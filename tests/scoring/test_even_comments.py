"""Comments are made even, rule by rule, and their order tells nothing."""

import sys
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scoring.ballots import BallotFault, check
from scoring.comments import clean, pool
from scoring.release import publish
from scoring.rounds import Comments, Mode, Round, Terms
from tests.scoring.scoring_samples import CLOSED_ON, EDITION, HL, RULES, SMALL, SR, ST, VC, ballot, terms

# Unicode's White_Space, from PropList.txt; not U+001C-U+001F, which are control characters.
WHITE_SPACE = [
    *range(0x09, 0x0E), 0x20, 0x85, 0xA0, 0x1680,
    *range(0x2000, 0x200B), 0x2028, 0x2029, 0x202F, 0x205F, 0x3000,
]  # fmt: skip
REMOVED = [
    chr(code)
    for code in range(sys.maxunicode + 1)
    if unicodedata.category(chr(code)) in ("Cc", "Cf") and code not in WHITE_SPACE
]
# What the rules look at, so that they meet one another.
AWKWARD = "".join(map(chr, WHITE_SPACE)) + "‘’‚‛“”„‟«»‐‑‒–—―…'\".-aåe"
AWKWARD += "\u0301\u0308\u0327\u00ad\u200b\u200d\ufeff\x00"
TEXTS = st.text(st.sampled_from(AWKWARD) | st.characters(exclude_categories=["Cs"]), max_size=30)

# --- rule by rule ---


@pytest.mark.parametrize("code", WHITE_SPACE, ids=[f"U+{code:04X}" for code in WHITE_SPACE])
def test_every_white_space_character_becomes_a_space(code: int) -> None:
    assert clean(f"a{chr(code)}b") == "a b"


def test_every_other_character_of_category_cc_and_cf_is_removed() -> None:
    assert len(REMOVED) > 150
    assert clean("a" + "".join(REMOVED) + "b") == "ab"


@pytest.mark.parametrize(
    "character",
    [
        "\x00",
        "\x1c",
        "\x1f",
        "\x7f",
        "\u00ad",
        "\u061c",
        "\u180e",
        "\u200b",
        "\u200d",
        "\u202e",
        "\u2060",
        "\ufeff",
    ],
    ids=["NUL", "FS", "US", "DEL", "SHY", "ALM", "MVS", "ZWSP", "ZWJ", "RLO", "WJ", "BOM"],
)
def test_a_hidden_character_is_removed(character: str) -> None:
    assert clean(f"a{character}b") == "ab"


def test_composed_and_decomposed_letters_are_one() -> None:
    assert clean("A\u030angest e\u0301") == clean("Ångest é") == "Ångest é"


def test_what_only_looks_alike_is_left_as_it_is() -> None:
    """NFC, not NFKC: nothing but what is said in the rules is changed."""
    assert clean("ﬁ ² Ⅳ ½ µ") == "ﬁ ² Ⅳ ½ µ"


@pytest.mark.parametrize("character", "‘’‚‛")
def test_every_single_quotation_mark_is_straight(character: str) -> None:
    assert clean(f"it{character}s") == "it's"


@pytest.mark.parametrize("character", "“”„‟«»")
def test_every_double_quotation_mark_is_straight(character: str) -> None:
    assert clean(f"{character}bra{character}") == '"bra"'


@pytest.mark.parametrize("code", range(0x2010, 0x2016), ids="U+{:04X}".format)
def test_every_dash_is_a_hyphen(code: int) -> None:
    assert clean(f"a {chr(code)} b") == "a - b"


def test_an_ellipsis_is_three_points() -> None:
    assert clean("nja…") == "nja..."


@pytest.mark.parametrize("character", "′″−‹›`´")
def test_a_character_that_is_not_in_the_rules_stays(character: str) -> None:
    assert clean(f"a{character}b") == f"a{character}b"


def test_runs_of_spaces_become_one_and_the_ends_are_trimmed() -> None:
    assert clean("   a  b \t\n c ") == "a b c"


@pytest.mark.parametrize("text", ["", "   ", "\n\t", "\u200b", " \u00ad \u2003"])
def test_a_comment_of_nothing_is_empty(text: str) -> None:
    assert clean(text) == ""


def test_capitals_digits_and_punctuation_stay() -> None:
    assert clean("Mer TID, 2 h/vecka (minst)!") == "Mer TID, 2 h/vecka (minst)!"


# --- in that order ---


def test_white_space_is_made_space_before_control_characters_are_removed() -> None:
    """A line break is a control character too, but keeps two words apart."""
    assert clean("mer\ntid\tnu\x85då") == "mer tid nu då"


def test_hidden_characters_are_removed_before_letters_are_composed() -> None:
    assert clean("e\u200b\u0301") == "é"


def test_hidden_characters_are_removed_before_spaces_are_counted() -> None:
    assert clean("a \u200b b \u200b") == "a b"


def test_letters_are_composed_before_typography_is_made_even() -> None:
    assert clean("\u1fef\u2026e\u0301\u2013") == "`...é-"


# --- always ---


@given(TEXTS)
def test_cleaning_twice_is_cleaning_once(text: str) -> None:
    assert clean(clean(text)) == clean(text)


@given(TEXTS)
def test_a_clean_comment_holds_nothing_that_the_rules_remove(text: str) -> None:
    found = clean(text)
    assert not set(found) & set("‘’‚‛“”„‟«»‐‑‒–—―…")
    assert not any(unicodedata.category(character) in ("Cc", "Cf", "Zl", "Zp") for character in found)
    assert not any(ord(character) in WHITE_SPACE and character != " " for character in found)
    assert "  " not in found
    assert found == found.strip(" ")
    assert unicodedata.is_normalized("NFC", found)


# --- pooled ---


def written(*comments: tuple[str, str]) -> list[tuple[str, ...]]:
    """Pool comments by ST-läkare and handledare in turn, and give the fields with their texts."""
    ballots = [ballot((ST, HL)[place % 2], {}, {field: text}) for place, (field, text) in enumerate(comments)]
    return [(field, *texts) for field, texts in pool(EDITION, ballots).items()]


def test_the_comments_of_all_roles_stand_in_one_list_by_code_point() -> None:
    found = written(("A", "b"), ("A", "Ö"), ("A", "B"), ("A", "a"), ("A", "Å"), ("A", "10"), ("A", "9"))
    assert found == [("A", "10", "9", "B", "a", "b", "Å", "Ö")]


def test_the_order_is_by_code_point_and_not_as_utf_16() -> None:
    assert written(("A", "\U0001f600"), ("A", "\uffee")) == [("A", "\uffee", "\U0001f600")]


def test_comments_are_sorted_as_they_are_when_clean() -> None:
    assert written(("A", "b"), ("A", "\u200b\u200bc"), ("A", "  a")) == [("A", "a", "b", "c")]


def test_the_same_comment_twice_stands_twice() -> None:
    assert written(("A", "Bra."), ("A", "Bra. ")) == [("A", "Bra.", "Bra.")]


def test_an_empty_comment_is_dropped_and_an_empty_field_with_it() -> None:
    assert written(("A", " "), ("B", "\u200b"), ("B", "Bra.")) == [("B", "Bra.")]


def test_the_fields_stand_in_the_order_of_the_form() -> None:
    found = written(("improve", "x"), ("H", "x"), ("best", "x"), ("A", "x"))
    assert [field for field, *_ in found] == ["A", "H", "best", "improve"]


# --- released ---


def released(mode: Mode, comments: Comments, *, st: int, handledare: int, bosses: int = 0) -> dict[str, int]:
    """Publish a round where everybody wrote a comment in every field shown, and count them by field."""
    held = terms(mode=mode, comments=comments)
    people = [ST] * st + [HL] * handledare + [SR, VC] * bosses
    ballots = []
    for role in people:
        answers = {question.id: 3 for question in SMALL.questionnaires[role].questions}
        fields = dict.fromkeys(SMALL.comment_fields(role, None), "Bra.")
        ballots.append(check(SMALL, None, role, answers, fields))
    release = publish(Round(held, {}, tuple(ballots), CLOSED_ON))
    return {field: len(texts) for field, texts in release.comments.items()}


def test_comments_are_released_in_every_field_that_k_who_count_were_shown() -> None:
    assert released(Mode.ANONYMOUS, Comments.REVIEWED, st=5, handledare=5, bosses=1) == {
        "A": 12,
        "B": 12,
        "C": 12,
        "D": 6,
        "best": 12,
        "improve": 12,
    }


def test_a_field_that_fewer_than_k_who_count_were_shown_is_not_released() -> None:
    """Area D asks only handledare and studierektor."""
    found = released(Mode.ANONYMOUS, Comments.REVIEWED, st=5, handledare=4, bosses=1)
    assert list(found) == ["A", "B", "C", "best", "improve"]


def test_no_comment_is_released_where_they_are_off() -> None:
    assert released(Mode.ANONYMOUS, Comments.OFF, st=5, handledare=5) == {}


def test_no_comment_is_released_without_a_cell() -> None:
    assert released(Mode.ANONYMOUS, Comments.REVIEWED, st=2, handledare=2, bosses=1) == {}


def test_released_comments_are_clean() -> None:
    answers = {question.id: 3 for question in SMALL.questionnaires[ST].questions}
    ballots = tuple(check(SMALL, None, ST, answers, {"best": "  ”Nja”…\n"}) for _ in range(5))
    release = publish(Round(terms(comments=Comments.REVIEWED), {}, ballots, CLOSED_ON))
    assert release.comments == {"best": ('"Nja"...',) * 5}


# --- checked where they are handed in ---


def test_a_comment_is_measured_as_it_was_written() -> None:
    """Before cleaning, as the form measured it."""
    answers = {question.id: 3 for question in SMALL.questionnaires[ST].questions}
    with pytest.raises(BallotFault, match=r"^the comment in best is 2001 characters; at most 2000$"):
        check(SMALL, None, ST, answers, {"best": "\u200b" * 2001})


def test_a_partial_round_pools_the_two_last_fields_of_all_who_were_asked() -> None:
    held = Terms(SMALL, RULES, Mode.ANONYMOUS, 5, ("D",), Comments.REVIEWED)
    ballots = tuple(check(SMALL, ("D",), HL, {"D1": 3}, {"D": "d", "best": "b"}) for _ in range(5))
    release = publish(Round(held, {}, ballots, CLOSED_ON))
    assert release.comments == {"D": ("d",) * 5, "best": ("b",) * 5}
