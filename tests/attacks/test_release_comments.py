"""Comments tell nothing of who wrote them by their order, their place or their typography."""

import json
from itertools import permutations

import pytest

from questionnaires.model import Role
from scoring import release
from scoring.ballots import Answer, Ballot
from scoring.documents.write import release_document
from scoring.rounds import Comments, Round
from tests.attacks import release_rounds
from tests.attacks.release_rounds import ASKED, HL, SR, ST

TERMS = release_rounds.terms(4, comments=Comments.REVIEWED)
AGREE = dict.fromkeys(ASKED, Answer.LARGELY)


def held(ballots: list[Ballot]) -> Round:
    return release_rounds.held(TERMS, ballots)


def published(ballots: list[Ballot]) -> bytes:
    """Give release.json whole, comments with it, in the order in which it is written."""
    return json.dumps(release_document(release.publish(held(ballots)))).encode()


def commented(ballots: list[Ballot]) -> list[str]:
    """Give the published comments of the field that everybody is shown."""
    return list(release.publish(held(ballots)).comments["best"])


def writing(role: Role, text: str) -> Ballot:
    return release_rounds.ballot(role, AGREE, {"best": text})


def silent(role: Role, number: int) -> list[Ballot]:
    return [release_rounds.ballot(role, AGREE) for _ in range(number)]


WRITERS = [(ST, "Zebra"), (ST, "ärlighet"), (HL, "abc"), (HL, "Abc"), (SR, "10 kollegor"), (HL, "Östra")]


def test_the_order_of_ballots_changes_no_byte_of_what_is_published() -> None:
    ballots = [writing(role, text) for role, text in WRITERS] + silent(ST, 2) + silent(HL, 1)
    first = published(ballots)
    assert all(published([*order, *ballots[4:]]) == first for order in permutations(ballots[:4]))
    for seed in range(50):
        shuffled = list(ballots)
        release_rounds.chance(f"order {seed}").shuffle(shuffled)
        assert published(shuffled) == first


def test_comments_stand_by_code_point_whoever_wrote_them() -> None:
    ballots = [writing(role, text) for role, text in WRITERS] + silent(ST, 2) + silent(HL, 1)
    assert commented(ballots) == ["10 kollegor", "Abc", "Zebra", "abc", "Östra", "ärlighet"]


def test_who_wrote_which_comment_changes_no_byte_of_what_is_published() -> None:
    """The texts change hands between an ST-läkare, a handledare and the studierektor."""
    texts = ["Bra handledning.", "Mer tid.", "Schemat."]
    rest = silent(ST, 4) + silent(HL, 4)
    ways = {
        published([*(writing(role, text) for role, text in zip((ST, HL, SR), order, strict=True)), *rest])
        for order in permutations(texts)
    }
    assert len(ways) == 1


# The same sentence as it leaves a telephone or an office program, and a plain keyboard.
KEYBOARDS = [
    ("\u201dBra\u201d \u2013 s\u00e4ger chefen\u2026", '"Bra" - s\u00e4ger chefen...'),
    ("\u00abBra\u00bb \u2014 sa\u0308ger chefen...", '"Bra" - s\u00e4ger chefen...'),
    ("Det\u00a0g\u00e5r\u2009bra", "Det g\u00e5r bra"),
    ("Chefen\u2019s tur\r\n\r\ni dag ", "Chefen's tur i dag"),
    ("Hand\u00adled\u200bning\u2060", "Handledning"),
    ("ST\u2011l\u00e4kare", "ST-l\u00e4kare"),
]


@pytest.mark.parametrize(("telephone", "plain"), KEYBOARDS)
def test_two_keyboards_give_the_same_bytes(telephone: str, plain: str) -> None:
    rest = silent(ST, 4) + silent(HL, 4)
    assert published([writing(ST, telephone), *rest]) == published([writing(ST, plain), *rest])


@pytest.mark.parametrize(("telephone", "plain"), KEYBOARDS)
def test_what_is_published_is_what_the_plain_keyboard_wrote(telephone: str, plain: str) -> None:
    ballots = [writing(ST, telephone), *silent(ST, 3), *silent(HL, 4)]
    assert commented(ballots) == [plain]


def test_a_comment_of_nothing_but_space_leaves_no_trace() -> None:
    rest = silent(ST, 4) + silent(HL, 4)
    assert published([writing(ST, "\u00a0\t\u200b"), *rest]) == published([*silent(ST, 1), *rest])
