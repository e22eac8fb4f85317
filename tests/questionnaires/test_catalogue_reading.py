"""A catalogue is read as it stands, whatever the order of its rows, and cannot be changed."""

import random
from pathlib import Path
from typing import Any

import pytest

from questionnaires.model import Catalogue, Role
from questionnaires.read import UnknownCatalogue, catalogue, catalogues, read

FILES = ("areas.toml", "criteria.toml", *(f"{role}.toml" for role in Role))


def shuffle_rows(path: Path, seed: int) -> None:
    heading, *rows = path.read_text(encoding="utf-8").split("[[")
    random.Random(seed).shuffle(rows)
    path.write_text(heading + "".join(f"[[{row.rstrip()}\n\n" for row in rows), encoding="utf-8")


def content(of: Catalogue) -> tuple[Any, ...]:
    """All but the digest, mappings as lists of pairs: their order counts."""
    mappings = (of.areas, of.criteria, of.outcomes, of.questionnaires, of.parameters)
    return (of.id, *(list(mapping.items()) for mapping in mappings))


def test_the_catalogues_that_come_with_the_program_are_listed() -> None:
    assert catalogues() == ("2026",)


def test_a_catalogue_is_read_once() -> None:
    assert catalogue("2026") is catalogue("2026")


@pytest.mark.parametrize("id", ["1999", "", "../questionnaires/2026", "read", "20\n26"])
def test_an_unknown_catalogue_is_refused_with_the_known_ones_in_one_line(id: str) -> None:
    with pytest.raises(UnknownCatalogue, match="known: 2026") as refused:
        catalogue(id)
    assert len(str(refused.value).splitlines()) == 1


def test_a_catalogue_is_named_by_its_folder(copy: Any) -> None:
    assert copy.read().id == "2026"
    assert read(copy.folder.rename(copy.folder.with_name("2031"))).id == "2031"


def test_the_installed_catalogue_equals_its_files_in_a_folder(copy: Any, published: Catalogue) -> None:
    assert copy.read() == published


@pytest.mark.parametrize("seed", range(3))
def test_the_order_of_rows_in_the_files_is_irrelevant(copy: Any, published: Catalogue, seed: int) -> None:
    for name in FILES:
        shuffle_rows(copy.folder / name, seed)
    shuffled = copy.read()
    assert content(shuffled) == content(published)
    assert shuffled.digest != published.digest


def test_the_order_of_roles_and_facts_in_a_row_is_irrelevant(copy: Any, published: Catalogue) -> None:
    copy.change_row("criteria.toml", "B1", '"st_lakare", "handledare"', '"handledare", "st_lakare"')
    copy.change_row("criteria.toml", "A4", '"ja", "delvis", "nej"', '"nej", "ja", "delvis"')
    assert content(copy.read()) == content(published)


@pytest.mark.parametrize("file", FILES)
def test_any_change_in_any_file_changes_the_digest(copy: Any, published: Catalogue, file: str) -> None:
    copy.append(file, "\n# another word\n")
    assert copy.read().digest != published.digest


def test_criteria_stand_by_area_and_then_by_number(published: Catalogue) -> None:
    assert [id for id in published.criteria if id.startswith("A")] == [f"A{n}" for n in range(1, 10)]
    assert [id for id in published.criteria if id.startswith("E")] == [f"E{n}" for n in range(1, 15)]
    assert list(published.areas) == list("ABCDEFGH")


def test_questions_stand_in_catalogue_order_with_outcomes_last(published: Catalogue) -> None:
    order = [*published.criteria, *published.outcomes]
    for questionnaire in published.questionnaires.values():
        ids = [question.id for question in questionnaire.questions]
        assert ids == [id for id in order if id in ids]
    assert list(published.questionnaires) == list(Role)


def test_a_question_knows_its_area_and_an_outcome_has_none(published: Catalogue) -> None:
    areas = {question.id: question.area for question in published.questionnaires[Role.ST_LAKARE].questions}
    assert (areas["B10"], areas["U1"]) == ("B", "")


@pytest.mark.parametrize("name", ["areas", "criteria", "outcomes", "questionnaires", "parameters"])
def test_what_was_read_cannot_be_changed(published: Catalogue, name: str) -> None:
    mapping = getattr(published, name)
    with pytest.raises(TypeError):
        mapping["X1"] = None
