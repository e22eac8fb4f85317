"""Pasted addresses are read from any common form; what is odd is told as it was written, with its line."""

import string

import pytest
from hypothesis import given
from hypothesis import strategies as st

from questionnaires.model import Role
from stins.services.invite.addresses import Doubt, Odd, Read, Wrong, doubts, read, shared

A, B, C = "anna@sjukhus.example", "bo.ek@sjukhus.example", "c-d+st@vc.region.example"

FORMS = {
    "lines": f"{A}\n{B}\r\n{C}\n",
    "commas": f"{A}, {B},{C}",
    "semicolons": f"{A}; {B};{C};",
    "tabs": f"{A}\t{B}\t{C}",
    "spaces": f"  {A} {B}   {C}  ",
    "empty places": f",, {A},;\n\n;{B} , \t\n{C};;",
    "Outlook": f"Anna Ek <{A}>; Bo Ek <{B}>; C D <{C}>",
    "Outlook, in quotes": f'"Ek, Anna" <{A}>; "Ek, Bo" <{B}>; "D; C" <{C}>',
    "Outlook, last name first": f"Ek, Anna <{A}>; Ek, Bo <{B}>; Dahl, Ce <{C}>",
    "Outlook, last name first, commas": f"Ek, Anna <{A}>, Ek, Bo <{B}>, Dahl, Ce <{C}>",
    "Gmail": f'"Ek, Anna" <{A}>, Bo Ek <{B}>,\n {C}',
    "the address as its name": f"{A} <{A}>; '{B}' <{B}>; {C} <mailto:{C}>",
    "mailto": f"mailto:{A}, MAILTO:{B}?subject=Hej; <mailto:{C}>",
    "a sheet": f"Anna Ek\t{A}\t070-123 45 67\nBo Ek\t{B}\t\nC D\t{C}\tST-läkare",
    "comma-separated values": f"Anna Ek,{A}\nBo Ek,{B}\n'C D','{C}'",
    "comma-separated values in quotes": f'"Ek, Anna","{A}"\n"Ek, Bo","{B}"\n"D","{C}"',
    "a name before": f"Anna Ek {A}\nBo Ek {B}\nC {C}",
    "remarks": f"{A} (Anna, vik.); {B} (Bo); Ce (ST) <{C}>",
    "hard spaces and unseen signs": f"\ufeffAnna\u00a0Ek\u00a0<{A}>;\u200b{B}\u2028{C}",
    "full stops": f"Skicka till {A}.\n{B}.\n{C}.",
    "brackets that are not closed": f"Anna <{A}\nBo <{B}; Ce {C}>",
    "capital domain": f"{A.replace('sjukhus.example', 'Sjukhus.EXAMPLE')}\n{B}\n{C}",
}


@pytest.mark.parametrize("form", FORMS)
def test_addresses_are_read_from(form: str):
    assert read(FORMS[form]) == Read((A, B, C))


def test_an_empty_box_holds_nothing():
    assert read(" \n\t;,\n") == Read()


def test_a_name_with_swedish_letters_is_no_obstacle():
    assert read(f"Åsa Öberg-Märk <{A}>").addresses == (A,)


def test_an_address_that_stands_again_is_told_and_taken_once():
    assert read(f"{A}\n{B}\nAnna <{A.upper()}>; {A}") == Read((A, B), (A,))


@pytest.mark.parametrize(
    "written",
    [
        "anna.sjukhus.example",
        "anna@sjukhus",
        "anna@@sjukhus.example",
        "@sjukhus.example",
        "anna@",
        "anna@sjukhus..example",
        ".anna@sjukhus.example",
        "anna.@sjukhus.example",
        "anna@-sjukhus.example",
        "anna@sjukhus.e",
        "anna@192.0.2.7",
        "anna @sjukhus.example",
        "anna@ sjukhus.example",
        "Anna Ek",
        "Anna Ek <>",
        "Anna Ek <anna>",
        "anna@sjukhus.example <bo@sjukhus.example>",
        "anna at sjukhus.example",
        "a" * 65 + "@prov.example",
    ],
)
def test_what_cannot_be_read_is_shown_as_written_with_its_line(written: str):
    found = read(f"{A}\n\n{written}\n{B}")
    assert found.addresses == (A, B)
    assert found.odd == (Odd(3, written, Wrong.UNREADABLE),)


def test_a_slip_among_addresses_on_one_line_is_told():
    assert read(f"{A}, bo.sjukhus.example, {C}") == Read(
        (A, C), (), (Odd(1, "bo.sjukhus.example", Wrong.UNREADABLE),)
    )
    assert read(f"Anna Ek <{A}>; Bo Ek; {C}").odd == (Odd(1, "Bo Ek", Wrong.UNREADABLE),)
    assert read(f"bo.sjukhus.example\t{A}").odd == (Odd(1, "bo.sjukhus.example", Wrong.UNREADABLE),)


@pytest.mark.parametrize("written", ["anna@sjukhuset-på-ön.example", "åsa@sjukhus.example"])
def test_swedish_letters_in_an_address_have_a_reason_of_their_own(written: str):
    assert read(written) == Read((), (), (Odd(1, written, Wrong.LETTERS),))


def test_a_long_text_that_is_no_address_is_cut():
    ((odd,),) = [read("hej " * 100).odd]
    assert len(odd.text) == 80
    assert odd.text.endswith("…")


def test_nothing_that_could_break_a_mail_header_is_an_address():
    for sign in '\r\n\0\x1b,;:<>()[]"\\ \t':
        assert not [a for a in read(f"an{sign}na@sjukhus.example").addresses if sign in a]


def test_an_address_in_two_roles_is_found_however_it_is_written():
    roles = {Role.ST_LAKARE: (A, B), Role.HANDLEDARE: (A.upper(), C)}
    assert shared(roles) == {A: (Role.ST_LAKARE, Role.HANDLEDARE)}


def test_an_address_in_one_role_is_not_shared():
    assert shared({Role.ST_LAKARE: (A,), Role.HANDLEDARE: (B, C)}) == {}


@pytest.mark.parametrize("slip", ["sjukuhs.example", "sjukhus.exampel", "sjukhuss.example", "sjkhus.example"])
def test_a_domain_that_is_a_slip_of_the_others_is_doubted(slip: str):
    assert doubts((A, B, f"eva@{slip}")) == (Doubt(f"eva@{slip}", "sjukhus.example"),)


def test_domains_that_several_have_or_that_are_unlike_are_not_doubted():
    assert doubts((A, B, C)) == ()
    assert doubts((A, B, "x@sjukhuz.example", "y@sjukhuz.example")) == ()
    assert doubts(("x@sjukhus.example", "y@sjukhuz.example")) == ()


# --- Whatever is pasted ---------------------------------------------------------------------------------

WORD = st.text(string.ascii_lowercase + string.digits, min_size=1, max_size=12)
ADDRESS = st.builds(lambda a, b, c: f"{a}.{b}@{c}.example", WORD, WORD, WORD)
NAME = st.text("abcåäöÅÄÖ -'", max_size=14).map(lambda text: " ".join(text.replace("'", "").split()) or "X")
WRITTEN = st.sampled_from(
    ["{a}", "<{a}>", "{n} <{a}>", '"{n}, {n}" <{a}>', "{n}, {n} <{a}>", "mailto:{a}", "{a} ({n})", "'{a}'"]
)
BETWEEN = st.sampled_from(["\n", "\r\n", ";", "; ", ";\n", ",\n", "\n\n"])


@given(st.lists(st.tuples(ADDRESS, NAME, WRITTEN, BETWEEN), unique_by=lambda each: each[0]))
def test_every_address_is_found_in_any_mixture_of_forms(given_):
    text = "".join(form.format(a=address, n=name) + between for address, name, form, between in given_)
    assert read(text) == Read(tuple(address for address, *_ in given_))


@given(st.lists(st.tuples(ADDRESS, NAME), unique_by=lambda each: each[0]), st.sampled_from([", ", "; "]))
def test_every_address_is_found_in_one_line(given_, between: str):
    text = between.join(f"{name} <{address}>" for address, name in given_)
    assert read(text) == Read(tuple(address for address, _ in given_))


@given(st.text())
def test_whatever_is_pasted_only_addresses_come_out_and_each_once(text: str):
    found = read(text)
    assert read("\n".join(found.addresses)) == Read(found.addresses)
    assert len({address.lower() for address in found.addresses}) == len(found.addresses)
    assert all(address.isascii() and not set(address) & set(' \r\n<>,;"()') for address in found.addresses)


@given(st.text("ab@.,;<>\"' \t\nåx()", max_size=60))
def test_nothing_that_holds_an_at_sign_vanishes(text: str):
    """Each line with an @ gives an address, or is told."""
    lines = [number for number, line in enumerate(text.split("\n"), 1) if "@" in line]
    found = read(text)
    told = {odd.line for odd in found.odd}
    for number in lines:
        here = read(text.split("\n")[number - 1])
        assert here.addresses or here.again or number in told
