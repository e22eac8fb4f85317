"""Blank, typed by hand, computed and saved by another program, read back: the verdict is the sheet's own."""

from functools import cache
from pathlib import Path

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
ABOUT = About("Medicinkliniken", NUMBERS)
GROUPS = (2, 1, 0)


@cache
def sample_of(groups: int) -> Sample:
    return next(sample for sample in typed(40, SEED) if len(sample.release.cells) == groups)


def test_typed_answers_saved_by_another_program_are_read_with_the_sheets_verdict(tmp_path: Path):
    files = {}
    for lang in ("sv", "en"):
        facts = {fact: word for fact, word in words.facts(speech(lang)).items() if fact}
        empty = blank(CAT, RULES, 5, ABOUT, lang)
        for groups in GROUPS:
            how = put_by_hand if (lang, groups) == ("sv", max(GROUPS)) else put
            files[f"{lang} {groups}"] = fill(empty, sample_of(groups).round_, facts=facts, how=how)
    for name, saved in resaved(files, tmp_path).items():
        lang, groups = name.split()
        scored = workbooks.scored(saved, "svar.xlsx", None)
        assert scored.release == sample_of(int(groups)).release, name
        assert expected(scored.verdict) == verdict_of(values(saved), lang), name


def test_an_export_saved_by_another_program_still_agrees_with_itself(tmp_path: Path):
    files = {str(groups): export(sample_of(groups).release, CAT, RULES, ABOUT, "sv") for groups in GROUPS}
    for groups, saved in resaved(files, tmp_path).items():
        scored = workbooks.scored(saved, "resultat.xlsx", None)
        assert scored.release == sample_of(int(groups)).release, groups
        assert scored.verdict == sample_of(int(groups)).verdict, groups
