"""A sealed ballot tells nothing by its size, opens for the key alone, and is not made without the pepper."""

import secrets
import struct

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from nacl.bindings import sodium_pad
from nacl.public import PrivateKey, PublicKey, SealedBox

from questionnaires.model import Role
from questionnaires.read import catalogue
from scoring.ballots import COMMENT_BYTES
from stins.box import sealing
from stins.box.sealing import SIZE, SIZE_WITH_COMMENTS, Contents, Forged, open_ballot, seal_ballot, seal_of

PEPPER, KEY, ID, SEAL = bytes(range(32)), PrivateKey(b"k" * 32), b"i" * 16, b"s" * 32
PUBLIC = bytes(KEY.public_key)
OVERHEAD = 48  # what libsodium's sealed box adds: an ephemeral public key and an authenticator
FIELDS = (*catalogue("2026").areas, "best", "improve")

values = st.sampled_from([3, 2, 1, 0, "vet_ej", "ej_aktuellt"])
roles = st.sampled_from(list(Role))
nasty = st.text(
    st.one_of(st.characters(codec="utf-8"), st.sampled_from("\0\x1f\"'\\\n\u2028🩺é")), max_size=300
)
comments = st.dictionaries(st.sampled_from(FIELDS), nasty, max_size=len(FIELDS))


@st.composite
def contents(draw: st.DrawFn, texts: st.SearchStrategy | None = None) -> Contents:
    role = draw(roles)
    asked = [question.id for question in catalogue("2026").questionnaires[role].questions]
    chosen = draw(st.lists(values, min_size=len(asked), max_size=len(asked)))
    return Contents(role, dict(zip(asked, chosen, strict=True)), {} if texts is None else draw(texts))


def sealed(held: Contents, *, with_comments: bool = False, **other) -> bytes:
    how = {"pepper": PEPPER, "public_key": PUBLIC, "id": ID, "seal": SEAL} | other
    return seal_ballot(**how, contents=held, with_comments=with_comments)


def opened(ballot: bytes, **other) -> Contents:
    how = {"pepper": PEPPER, "key": KEY, "id": ID, "seal": SEAL} | other
    return open_ballot(**how, sealed=ballot)


def longest(role: Role, *, with_comments: bool) -> Contents:
    """The longest answers there are, and 24 000 bytes of what grows most when escaped."""
    answers = {q.id: "ej_aktuellt" for q in catalogue("2026").questionnaires[role].questions}
    pieces = ("\0" * 2000, '"' * 2000, "\\" * 2000, "🩺" * 500, "\u2028" * 600, "\x1f" * 2000)
    texts = {field: pieces[number % len(pieces)] for number, field in enumerate(FIELDS)}
    room = COMMENT_BYTES - sum(len(text.encode()) for text in texts.values())
    texts[FIELDS[-1]] += "x" * room
    assert sum(len(text.encode()) for text in texts.values()) == COMMENT_BYTES
    return Contents(role, answers, texts if with_comments else {})


HELD = Contents(Role.ST_LAKARE, {"A1": 3, "B1": "vet_ej"}, {})


@given(contents())
@settings(suppress_health_check=[HealthCheck.too_slow], deadline=None)
def test_answers_come_back_as_they_were(held: Contents):
    assert opened(sealed(held)) == held


@given(contents(comments))
@settings(suppress_health_check=[HealthCheck.too_slow], deadline=None)
def test_answers_and_comments_come_back_as_they_were(held: Contents):
    assert opened(sealed(held, with_comments=True)) == held


@pytest.mark.parametrize("role", Role)
@pytest.mark.parametrize("with_comments", [False, True])
def test_the_longest_ballot_there_can_be_fits_and_comes_back(role: Role, with_comments: bool):
    held = longest(role, with_comments=with_comments)
    assert opened(sealed(held, with_comments=with_comments)) == held


@given(contents())
@settings(suppress_health_check=[HealthCheck.too_slow], deadline=None)
def test_every_ballot_without_comments_has_one_size(held: Contents):
    assert len(sealed(held)) == SIZE + OVERHEAD


@given(contents(comments))
@settings(suppress_health_check=[HealthCheck.too_slow], deadline=None)
def test_every_ballot_of_an_inspection_with_comments_has_one_size(held: Contents):
    assert len(sealed(held, with_comments=True)) == SIZE_WITH_COMMENTS + OVERHEAD


def test_a_ballot_that_outgrows_its_size_is_not_made():
    with pytest.raises(ValueError, match="larger than its form allows"):
        sealed(Contents(Role.ST_LAKARE, {}, {"best": "x" * SIZE}))


def test_the_same_answers_are_never_sealed_alike():
    assert sealed(HELD) != sealed(HELD)


def test_no_answer_stands_in_the_sealed_bytes():
    held = Contents(Role.ST_LAKARE, {"A1": "ej_aktuellt"}, {"best": "röd ekorre"})
    ballot = sealed(held, with_comments=True)
    assert not any(
        plain in ballot for plain in (b"ej_aktuellt", b"st_lakare", "röd ekorre".encode(), ID, SEAL)
    )


@pytest.mark.parametrize("place", [0, 16, 31, 32, 48, 60, 1000, SIZE, SIZE + OVERHEAD - 1])
def test_a_changed_byte_is_caught(place: int):
    ballot = bytearray(sealed(HELD))
    ballot[place] ^= 1
    with pytest.raises(Forged):
        opened(bytes(ballot))


@pytest.mark.parametrize("length", [0, 1, 47, 48, 49, 100, SIZE + OVERHEAD - 1])
def test_a_shortened_ballot_is_caught(length: int):
    with pytest.raises(Forged):
        opened(sealed(HELD)[:length])


def test_a_lengthened_ballot_is_caught():
    with pytest.raises(Forged):
        opened(sealed(HELD) + b"\0")


def test_a_ballot_under_another_id_is_caught():
    with pytest.raises(Forged, match="another inspection or another promise"):
        opened(sealed(HELD), id=b"j" * 16)


def test_a_ballot_of_another_promise_is_caught():
    with pytest.raises(Forged, match="another inspection or another promise"):
        opened(sealed(HELD), seal=b"t" * 32)


def test_a_ballot_of_another_inspections_key_is_caught():
    with pytest.raises(Forged, match="not sealed to this inspection's key"):
        opened(sealed(HELD), key=PrivateKey(b"o" * 32))


def test_a_ballot_under_another_pepper_is_caught():
    with pytest.raises(Forged, match="not handed in through the program"):
        opened(sealed(HELD), pepper=b"p" * 32)


def forged(plain: bytes, size: int = SIZE) -> bytes:
    """Make what anybody can make who has the public key, which lies in the database."""
    return bytes(SealedBox(PublicKey(PUBLIC)).encrypt(sodium_pad(plain, size)))


def test_a_ballot_made_with_the_public_key_and_the_seal_but_no_pepper_is_caught():
    body = sealing._pack(HELD)
    for tag in (bytes(32), secrets.token_bytes(32), sealing._tag(b"", ID, SEAL, body)):
        with pytest.raises(Forged, match="not handed in through the program"):
            opened(forged(ID + SEAL + tag + body))


def test_a_real_tag_on_other_answers_is_caught():
    tag = sealing._tag(PEPPER, ID, SEAL, sealing._pack(HELD))
    changed = sealing._pack(Contents(HELD.role, {**HELD.answers, "A1": 0}, {}))
    with pytest.raises(Forged, match="not handed in through the program"):
        opened(forged(ID + SEAL + tag + changed))


@pytest.mark.parametrize(
    "plain", [b"", b"x", ID, ID + SEAL, ID + SEAL + bytes(31), struct.pack(">I", 2**32 - 1)]
)
def test_a_stub_under_the_public_key_is_caught(plain: bytes):
    with pytest.raises(Forged):
        opened(forged(plain))


def test_bytes_that_were_never_padded_are_caught():
    with pytest.raises(Forged):
        opened(bytes(SealedBox(PublicKey(PUBLIC)).encrypt(bytes(SIZE))))


def test_the_seal_is_the_same_for_the_same_promise_in_any_order():
    assert seal_of(PEPPER, {"k": 5, "mode": "anonymous"}) == seal_of(PEPPER, {"mode": "anonymous", "k": 5})


@pytest.mark.parametrize("promise", [{"k": 4}, {"k": "5"}, {"k": 5, "x": None}, {}])
def test_another_promise_has_another_seal(promise: dict):
    assert seal_of(PEPPER, {"k": 5}) != seal_of(PEPPER, promise)


def test_a_seal_cannot_be_made_without_the_pepper():
    assert seal_of(PEPPER, {"k": 5}) != seal_of(b"", {"k": 5})
