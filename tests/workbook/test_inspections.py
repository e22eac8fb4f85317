"""The inspections by which the workbook is proved must themselves meet all that they are for."""

from collections import Counter

import pytest

from questionnaires.model import Role
from scoring.audit import audit
from scoring.documents.read import read_release
from scoring.documents.write import release_document
from tests.scoring.scoring_samples import numbers_of
from tests.workbook.inspections import SEED, Sample, releases, typed
from tests.workbook.making import EDITION
from tests.workbook.situations import EVERYDAY, IMPOSSIBLE, NEVER_TYPED, SITUATIONS, coverage, missing


@pytest.fixture(scope="module")
def few() -> tuple[Sample, ...]:
    return releases(24, SEED)


def test_two_hundred_inspections_meet_every_situation() -> None:
    found = coverage(releases(200, SEED))
    assert [situation for situation in SITUATIONS if not found[situation]] == []
    assert [situation for situation in IMPOSSIBLE if found[situation]] == []


def test_two_dozen_inspections_meet_the_everyday_ones(few: tuple[Sample, ...]) -> None:
    assert missing(few, EVERYDAY) == []


def test_two_hundred_typed_rounds_meet_all_that_can_be_typed() -> None:
    assert set(missing(typed(200, SEED))) == set(NEVER_TYPED) & set(SITUATIONS)


def test_two_dozen_typed_rounds_meet_the_everyday_ones() -> None:
    assert set(missing(typed(24, SEED), EVERYDAY)) == set(NEVER_TYPED) & set(EVERYDAY)


def test_a_situation_that_no_inspection_meets_is_named(few: tuple[Sample, ...]) -> None:
    lone = [sample for sample in few if "a lone disagree" not in coverage([sample])]
    assert "a lone disagree" in missing(lone)
    assert "a lone disagree" not in missing(few)
    assert missing([]) == list(SITUATIONS)


def test_no_situation_is_named_twice() -> None:
    assert [name for name, number in Counter(SITUATIONS).items() if number > 1] == []


def test_the_same_seed_gives_the_same_inspections_and_another_others(few: tuple[Sample, ...]) -> None:
    assert releases(24, SEED) == few
    assert releases(12, SEED) == few[:12]
    assert releases(24, SEED + 1) != few


def test_the_auditor_passes_each_and_each_can_be_read_back(few: tuple[Sample, ...]) -> None:
    for sample in few:
        document = release_document(sample.release)
        audit(document, numbers_of(sample.round_), EDITION)
        assert read_release(document) == sample.release


def test_every_inspection_has_a_name_of_its_own(few: tuple[Sample, ...]) -> None:
    assert len({sample.name for sample in few}) == len(few)


@pytest.mark.parametrize("k", [4, 5, 10])
def test_typed_rounds_are_whole_have_the_k_asked_for_and_room_in_the_usual_blank(k: int) -> None:
    for sample in typed(24, SEED, k):
        people = Counter(ballot.role for ballot in sample.round_.ballots)
        assert sample.round_.terms.k == k
        assert sample.round_.terms.areas is None
        assert all(people[role] <= room for role, room in zip(Role, (30, 40, 3, 3), strict=True))
