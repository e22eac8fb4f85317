"""A code is 120 random bits that survive being printed and typed; the database knows only a mac."""

import hmac
import secrets
import string

import pytest
from hypothesis import given
from hypothesis import strategies as st

from stins.box import codes

ENTROPY = st.binary(min_size=15, max_size=15)
PEPPER = bytes(range(32))


def spelled(code: str, choices: list[int]) -> str:
    """Write a code as somebody may: each character in one of its look-alikes, with something before it."""
    alike = {"0": "0Oo０", "1": "1IiLl１"}
    between = ("", "-", " ", "–", " - ", "\t", "\N{NO-BREAK SPACE}", "_")
    written = ""
    for character, choice in zip(code, choices, strict=True):
        forms = alike.get(character, character + character.lower() + chr(ord(character) + 0xFEE0))
        written += between[choice // 8 % 8] + forms[choice % len(forms)]
    return written


def test_a_code_is_24_characters_of_crockfords_alphabet():
    code = codes.make(secrets.token_bytes)
    assert len(code) == 24
    assert set(code) <= set(codes.ALPHABET)


def test_the_alphabet_has_32_signs_and_none_that_is_misread():
    assert len(set(codes.ALPHABET)) == 32
    assert set(string.digits + string.ascii_uppercase) - set(codes.ALPHABET) == set("ILOU")


def test_making_a_code_takes_120_bits():
    asked = []

    def entropy(size: int) -> bytes:
        asked.append(size)
        return secrets.token_bytes(size)

    codes.make(entropy)
    assert asked == [15]


@given(ENTROPY, ENTROPY)
def test_different_bits_make_different_codes(one: bytes, other: bytes):
    assert (codes.make(lambda _: one) == codes.make(lambda _: other)) is (one == other)


def test_the_first_and_last_codes_use_every_bit():
    assert codes.make(lambda size: bytes(size)) == "0" * 24
    assert codes.make(lambda size: b"\xff" * size) == "Z" * 24


@given(ENTROPY, st.lists(st.integers(0, 255), min_size=24, max_size=24))
def test_every_way_of_writing_a_code_gives_the_code(bits: bytes, choices: list[int]):
    code = codes.make(lambda _: bits)
    assert codes.normalise(spelled(code, choices)) == code


@given(ENTROPY)
def test_the_printed_groups_of_four_give_the_code(bits: bytes):
    code = codes.make(lambda _: bits)
    assert [len(group) for group in codes.grouped(code).split("-")] == [4] * 6
    assert codes.normalise(codes.grouped(code)) == code


@pytest.mark.parametrize(
    "typed",
    [
        "",
        " ",
        "0" * 23,
        "0" * 25,
        "U" + "0" * 23,
        "Å" + "0" * 23,
        "²" * 23,
        "ß" * 24,
        "٠" * 24,
        "\0" * 24,
        "-" * 24,
        "🩺" * 24,
        "\ud800" * 24,
    ],
)
def test_what_cannot_be_a_code_is_none(typed: str):
    assert codes.normalise(typed) is None


@given(st.text())
def test_whatever_is_typed_gives_a_whole_code_or_none(typed: str):
    found = codes.normalise(typed)
    assert found is None or (len(found) == 24 and set(found) <= set(codes.ALPHABET))


def test_the_mac_is_hmac_sha256_under_the_pepper():
    assert codes.mac(PEPPER, "0" * 24) == hmac.new(PEPPER, b"0" * 24, "sha256").digest()


def test_another_pepper_gives_another_mac():
    assert codes.mac(PEPPER, "0" * 24) != codes.mac(PEPPER[::-1], "0" * 24)
