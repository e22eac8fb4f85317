"""Blank, typed by hand, computed and saved by another program, read back: the verdict is the sheet's own."""

from pathlib import Path

import pytest
from libreoffice import resaved, values

from questionnaires.read import catalogue
from scoring.rules import rules
from stins.services import workbooks
from stins.workbook import words
from stins.workbook.speech import speech
from stins.workbook.write import About, blank, export
from tests.workbook.filling import fill, put_by_hand
from tests.workbook.inspections import SEED, Sample, typed
from tests.workbook.reading import expected, verdict_of

CAT, RULES = catalogue("2026"), rules("2026")
NUMBERS = {id: parameter.default for id, parameter in CAT.parameters.items()}
GROUPS = pytest.mark.parametrize("groups", [2, 1, 0])


def sample_of(groups: int) -> Sample:
    return next(sample for sample in typed(40, SEED) if len(sample.release.cells) == groups)


@GROUPS
@pytest.mark.parametrize("lang", ["sv", "en"])
def test_typed_answers_saved_by_another_program_are_read_with_the_sheets_verdict(
    groups: int, lang: str, tmp_path: Path
) -> None:
    sample = sample_of(groups)
    facts = {fact: word for fact, word in words.facts(speech(lang)).items() if fact}
    empty = blank(CAT, RULES, 5, About("Medicinkliniken", NUMBERS), lang)
    by_hand = fill(empty, sample.round_, facts=facts, how=put_by_hand)
    saved = resaved(by_hand, tmp_path)
    scored = workbooks.scored(saved, "svar.xlsx", None)
    assert scored.release == sample.release
    assert expected(scored.verdict) == verdict_of(values(saved), lang)


@GROUPS
def test_an_export_saved_by_another_program_still_agrees_with_itself(groups: int, tmp_path: Path) -> None:
    sample = sample_of(groups)
    saved = resaved(export(sample.release, CAT, RULES, About("Medicinkliniken", NUMBERS), "sv"), tmp_path)
    scored = workbooks.scored(saved, "resultat.xlsx", None)
    assert scored.release == sample.release
    assert scored.verdict == sample.verdict
