"""Everything that is said in Swedish is said in English too, and what is compiled is what is written."""

import re
import tomllib
from collections.abc import Iterator
from io import BytesIO
from pathlib import Path

import pytest
from babel.messages import Catalog
from babel.messages.extract import DEFAULT_KEYWORDS, extract_from_dir
from babel.messages.mofile import read_mo, write_mo
from babel.messages.pofile import read_po

ROOT = Path(__file__).parent.parent.parent
ENGLISH = ROOT / "stins" / "translations" / "en" / "LC_MESSAGES"
PLACEHOLDER = re.compile(r"%\(\w+\)[sd]|\{\w*\}|\[…\]")

Texts = dict[tuple[str, ...], tuple[str, ...]]


def several(text: str | list[str] | tuple[str, ...]) -> tuple[str, ...]:
    """Give the forms of a text: one, or one each for singular and plural."""
    return (text,) if isinstance(text, str) else tuple(text)


def texts(catalog: Catalog) -> Texts:
    """Give each Swedish text of a catalogue with its English one."""
    return {several(message.id): several(message.string) for message in catalog if message.id}


def pairs(catalog: Catalog) -> Iterator[tuple[str, str]]:
    """Give each form of each Swedish text beside its own English form."""
    for swedish, english in texts(catalog).items():
        assert len(swedish) == len(english), swedish
        yield from zip(swedish, english, strict=True)


@pytest.fixture(scope="module")
def said() -> set[tuple[str, ...]]:
    """Every text that the program and its templates say."""
    mappings = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["tool"]["babel"]["mappings"]
    found = extract_from_dir(
        ROOT,
        method_map=[(each["pattern"], each["method"]) for each in mappings],
        options_map={each["pattern"]: each for each in mappings},
        keywords={**DEFAULT_KEYWORDS, "_l": None},
    )
    return {several(text) for _, _, text, _, _ in found}


@pytest.fixture(scope="module")
def written() -> Catalog:
    """The English catalogue as it is written."""
    with (ENGLISH / "messages.po").open("rb") as file:
        return read_po(file, locale="en", abort_invalid=True)


def test_every_text_is_in_the_english_catalogue(said: set[tuple[str, ...]], written: Catalog):
    assert len(said) > 400
    assert sorted(said - texts(written).keys()) == []


def test_the_english_catalogue_has_no_text_that_nobody_says(said: set[tuple[str, ...]], written: Catalog):
    assert sorted(texts(written).keys() - said) == []
    assert list(written.obsolete) == []


def test_every_text_has_an_english_one_that_somebody_stands_by(written: Catalog):
    assert [swedish for swedish, english in pairs(written) if not english.strip()] == []
    assert [message.id for message in written if message.id and message.fuzzy] == []


def test_an_english_text_fills_in_just_what_the_swedish_one_does(written: Catalog):
    for swedish, english in pairs(written):
        assert set(PLACEHOLDER.findall(english)) == set(PLACEHOLDER.findall(swedish)), swedish
        assert "%" not in PLACEHOLDER.sub("", english), english


def test_an_english_text_begins_and_ends_as_the_swedish_one_does(written: Catalog):
    for swedish, english in pairs(written):
        assert re.findall(r"^\s|\s$|[.:?]$", english) == re.findall(r"^\s|\s$|[.:?]$", swedish), swedish


def test_no_english_text_has_swedish_left_in_it(written: Catalog):
    swedish = re.compile(r"[åäö]|\b(och|inte|svar|handledare|studierektor|enhet|dag)\b", re.IGNORECASE)
    assert [english for _, english in pairs(written) if swedish.search(english)] == []


def test_the_english_texts_call_people_by_the_glossary(written: Catalog):
    for _, text in pairs(written):
        english = text.lower()
        assert english.count("trainee") == english.count("specialty trainee"), text
        assert not re.search(r"\b(tutor|resident|mentor|registrar)", english), text


def test_what_is_compiled_is_what_is_written(written: Catalog):
    again = BytesIO()
    write_mo(again, written)
    again.seek(0)
    with (ENGLISH / "messages.mo").open("rb") as file:
        compiled = read_mo(file)
    assert texts(compiled) == texts(read_mo(again)) == texts(written)
    assert compiled.plural_expr == written.plural_expr
