"""Blank, typed by hand, computed and saved by another program, read back: the verdict is the sheet's own."""

from collections.abc import Mapping

import pytest
from libreoffice import resaved, values

from questionnaires.read import catalogue
from scoring.rules import rules
from stins.services import workbooks
from stins.workbook import words
from stins.workbook.speech import speech
from stins.workbook.write import About, blank, export
from tests.workbook.filling import fill, put, put_by_hand
from tests.workbook.inspections import SEED, Sample, typed
from tests.workbook.reading import expected, verdict_of

CAT, RULES = catalogue("2026"), rules("2026")
NUMBERS = {id: parameter.default for id, parameter in CAT.parameters.items()}
GROUPS, LANGUAGES = (2, 1, 0), ("sv", "en")


def sample_of(groups: int) -> Sample:
    return next(sample for sample in typed(40, SEED) if len(sample.release.cells) == groups)


@pytest.fixture(scope="module")
def saved(tmp_path_factory: pytest.TempPathFactory) -> Mapping[tuple[str, str, int], bytes]:
    """Blanks typed in by hand, and exports, as the other program saves them, by kind, language and groups."""
    about = About("Medicinkliniken", NUMBERS)
    files: dict[tuple[str, str, int], bytes] = {}
    for lang in LANGUAGES:
        facts = {fact: word for fact, word in words.facts(speech(lang)).items() if fact}
        empty = blank(CAT, RULES, 5, about, lang)
        for groups in GROUPS:
            how = put_by_hand if groups == max(GROUPS) else put
            files["typed", lang, groups] = fill(empty, sample_of(groups).round_, facts=facts, how=how)
    for groups in GROUPS:
        files["export", "sv", groups] = export(sample_of(groups).release, CAT, RULES, about, "sv")
    numbered = {str(number): file for number, file in enumerate(files.values())}
    return dict(zip(files, resaved(numbered, tmp_path_factory.mktemp("saved")).values(), strict=True))


@pytest.mark.parametrize("groups", GROUPS)
@pytest.mark.parametrize("lang", LANGUAGES)
def test_typed_answers_saved_by_another_program_are_read_with_the_sheets_verdict(
    saved, groups: int, lang: str
):
    file = saved["typed", lang, groups]
    scored = workbooks.scored(file, "svar.xlsx", None)
    assert scored.release == sample_of(groups).release
    assert expected(scored.verdict) == verdict_of(values(file), lang)


@pytest.mark.parametrize("groups", GROUPS)
def test_an_export_saved_by_another_program_still_agrees_with_itself(saved, groups: int):
    sample = sample_of(groups)
    scored = workbooks.scored(saved["export", "sv", groups], "resultat.xlsx", None)
    assert scored.release == sample.release
    assert scored.verdict == sample.verdict
