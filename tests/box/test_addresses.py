"""An address is sealed under the pepper for its own row, and its length tells nothing."""

import secrets

import pytest
from hypothesis import given
from hypothesis import strategies as st

from stins.box.addresses import SIZE, open_card, seal_card
from stins.box.sealing import Forged

PEPPER = secrets.token_bytes(32)


def sealed(card: bytes, row: str = "row") -> bytes:
    return seal_card(PEPPER, secrets.token_bytes, row, card)


@given(st.binary(max_size=SIZE - 1))
def test_what_was_sealed_is_opened_again(card: bytes):
    assert open_card(PEPPER, "row", sealed(card)) == card


def test_the_length_of_an_address_tells_nothing():
    cards = [b"", b"a@b.se", b"x" * (SIZE - 1)]
    assert len({len(sealed(card)) for card in cards}) == 1


def test_the_same_address_sealed_twice_looks_different():
    assert sealed(b"a@b.se") != sealed(b"a@b.se")


def test_a_card_that_is_too_large_is_an_error():
    with pytest.raises(ValueError, match="larger than its place"):
        sealed(b"x" * SIZE)


def test_an_address_moved_to_another_row_opens_nothing():
    with pytest.raises(Forged, match="not what the program itself stored"):
        open_card(PEPPER, "another row", sealed(b"a@b.se"))


def test_an_address_under_another_pepper_opens_nothing():
    with pytest.raises(Forged):
        open_card(secrets.token_bytes(32), "row", sealed(b"a@b.se"))


@given(st.integers(0, SIZE + 39), st.integers(1, 255))
def test_an_address_that_was_changed_opens_nothing(place: int, change: int):
    changed = bytearray(sealed(b"a@b.se"))
    changed[place] ^= change
    with pytest.raises(Forged):
        open_card(PEPPER, "row", bytes(changed))


def test_what_is_no_card_at_all_opens_nothing():
    with pytest.raises(Forged):
        open_card(PEPPER, "row", b"")
