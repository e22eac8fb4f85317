"""The second opinion: LibreOffice computes every formula anew, and must come to what scoring says."""

import os
import re
import zipfile
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path

import pytest
from libreoffice import ENGLISH, SWEDISH, Workbook, look, recalculated, seen

from questionnaires.model import Catalogue
from questionnaires.read import catalogue
from scoring.release import Bands
from scoring.rules import rules
from stins.workbook import words
from stins.workbook.speech import speech
from stins.workbook.write import About, blank, export
from tests.workbook.filling import fill, names
from tests.workbook.inspections import SEED, Sample, releases, typed
from tests.workbook.oracle import differences, formulas
from tests.workbook.reading import BANDS, counts_of, expected, shown, verdict_of

ALL = os.environ.get("STINS_TEST_ALL") == "1"
EXPORTS = 200 if ALL else 12
TYPED = 16 if ALL else 4
WHOLE = 8 if ALL else 2
RULES = rules("2026")
LOCALES = {"sv": SWEDISH, "en": ENGLISH}


@pytest.fixture(scope="module")
def cat() -> Catalogue:
    return catalogue("2026")


def about(cat: Catalogue, unit: str = "Medicinkliniken") -> About:
    return About(unit, {id: parameter.default for id, parameter in cat.parameters.items()})


@dataclass(frozen=True)
class Case:
    """An inspection, the workbook written of it, and what LibreOffice makes of that."""

    sample: Sample
    lang: str
    file: bytes
    book: Workbook


def computed_by_both(
    samples: Sequence[Sample],
    write: Callable[[Sample, str, int], bytes],
    folder: Path,
    compute_all: Callable[[Mapping[str, bytes], str, Path], Mapping[str, Workbook]] = recalculated,
) -> list[Case]:
    """Write every other inspection in Swedish and let it be computed in sv-SE, the rest in English and en-US.

    The two runs go at the same time: each takes one processor.
    """
    written = {
        lang: [(sample, write(sample, lang, place)) for place, sample in enumerate(samples[first::2])]
        for first, lang in enumerate(LOCALES)
    }

    def compute(lang: str) -> list[Case]:
        place = folder / lang
        place.mkdir(exist_ok=True)
        files = {str(number): file for number, (_, file) in enumerate(written[lang])}
        books = compute_all(files, LOCALES[lang], place)
        return [
            Case(sample, lang, file, books[str(number)])
            for number, (sample, file) in enumerate(written[lang])
        ]

    with ThreadPoolExecutor() as both:
        return [case for cases in both.map(compute, LOCALES) for case in cases]


@pytest.mark.slow
@pytest.mark.timeout(900)
def test_every_formula_of_an_export_gives_what_scoring_gives(cat: Catalogue, tmp_path: Path) -> None:
    def write(sample: Sample, lang: str, _: int) -> bytes:
        return export(sample.release, cat, RULES, about(cat), lang)

    samples = releases(EXPORTS, SEED)
    cases = computed_by_both(samples, write, tmp_path, seen)
    assert len(cases) == EXPORTS
    for case in cases:
        assert formulas(case.file) > 200
        assert differences(case.file, case.book, look) == [], case.sample.name
        assert verdict_of(case.book, case.lang) == expected(case.sample.verdict), case.sample.name
    # Only a workbook tells a number from a text that looks like one, and takes three times as long.
    for case in computed_by_both(samples[:WHOLE], write, tmp_path):
        assert differences(case.file, case.book) == [], case.sample.name
        assert verdict_of(case.book, case.lang) == expected(case.sample.verdict), case.sample.name


@pytest.mark.slow
@pytest.mark.timeout(900)
def test_typed_answers_come_to_what_publishing_and_scoring_give(cat: Catalogue, tmp_path: Path) -> None:
    empty = {lang: blank(cat, RULES, 5, about(cat), lang) for lang in LOCALES}

    def write(sample: Sample, lang: str, place: int) -> bytes:
        facts = {fact: word for fact, word in words.facts(speech(lang)).items() if fact}
        return fill(empty[lang], sample.round_, facts=facts, digits=(int, str)[place % 2])

    cases = computed_by_both(typed(TYPED, SEED), write, tmp_path)
    assert len(cases) == TYPED
    for case in cases:
        assert counts_of(case.book, case.lang) == released(case.sample), case.sample.name
        assert verdict_of(case.book, case.lang) == expected(case.sample.verdict), case.sample.name


def released(sample: Sample) -> dict[str, dict[str, dict[str, int] | None]]:
    """Give every table of a release without its four steps."""
    return {
        id: {
            cell: {band: getattr(table, band) for band in BANDS} if isinstance(table, Bands) else None
            for cell, table in tables.items()
        }
        for id, tables in sample.release.results.items()
    }


def changed(file: bytes, part: str, old: str, new: str) -> bytes:
    """Change the first place in a part of a file."""
    out = BytesIO()
    with zipfile.ZipFile(BytesIO(file)) as before, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as after:
        for name in before.namelist():
            text = before.read(name)
            if name == part:
                assert re.search(old, text.decode()), "nothing to change"
                text = re.sub(old, new, text.decode(), count=1).encode()
            after.writestr(name, text)
    return out.getvalue()


def part_of(file: bytes, tab: str) -> str:
    """Name the part of a tab."""
    with zipfile.ZipFile(BytesIO(file)) as parts:
        names = re.findall(r'<sheet name="([^"]+)"', parts.read("xl/workbook.xml").decode())
    return f"xl/worksheets/sheet{names.index(tab) + 1}.xml"


def test_the_oracle_catches_what_is_wrong(cat: Catalogue, tmp_path: Path) -> None:
    sample = next(s for s in releases(12, SEED) if s.verdict.weaknesses and len(s.release.cells) == 2)
    right = export(sample.release, cat, RULES, about(cat), "sv")
    assessment, limits = part_of(right, "Bedömning"), part_of(right, "Regler")
    _, threshold = names(right)["F_met_from_n"].corner
    mutants = {
        "a wrong stored value": changed(right, assessment, r"(<f>SUM\([^<]*</f><v>)\d+", r"\g<1>97"),
        "a threshold": changed(right, limits, rf'(<c r="{threshold}"[^>]*><v>)\d+', r"\g<1>1"),
        "a broken formula": changed(right, assessment, r"<f>SUM\(", "<f>1+SUM("),
    }
    computed = recalculated({"right": right, **mutants}, SWEDISH, tmp_path)
    assert differences(right, computed["right"]) == []
    for name, file in mutants.items():
        assert differences(file, computed[name]) != [], name


def test_with_too_few_typed_answers_the_result_says_so(cat: Catalogue, tmp_path: Path) -> None:
    few = next(sample for sample in typed(40, SEED) if not sample.release.cells)
    empty = blank(cat, RULES, 5, about(cat), "sv")
    computed = recalculated({"few": fill(empty, few.round_), "none": empty}, SWEDISH, tmp_path)
    assert any(text.startswith("För få har svarat") for text in shown(computed["few"], "result", "sv"))
    assert any(text.startswith("Inga svar är inskrivna") for text in shown(computed["none"], "result", "sv"))
    assert verdict_of(computed["few"], "sv") == expected(few.verdict)


def test_a_column_that_is_not_whole_hides_the_result(cat: Catalogue, tmp_path: Path) -> None:
    whole = next(sample for sample in typed(12, SEED) if len(sample.release.cells) == 2)
    file = fill(blank(cat, RULES, 5, about(cat), "sv"), whole.round_)
    tab = part_of(file, "Svar ST-läkare")
    torn = {
        "one answer gone": changed(file, tab, r'(<c r="C1\d"[^>]*)><v>[^<]*</v></c>', r"\g<1>/>"),
        "one answer wrong": changed(file, tab, r'(<c r="C1\d"[^>]*><v>)[0-3](</v>)', r"\g<1>7\g<2>"),
    }
    computed = recalculated(torn, SWEDISH, tmp_path)
    for name, book in computed.items():
        assert any(text.startswith("Rätta först") for text in shown(book, "result", "sv")), name
        assert counts_of(book, "sv") == {}, name


def test_an_error_value_among_the_answers_hides_the_result(cat: Catalogue, tmp_path: Path) -> None:
    whole = next(sample for sample in typed(12, SEED) if len(sample.release.cells) == 2)
    file = fill(blank(cat, RULES, 5, about(cat), "sv"), whole.round_)
    tab = part_of(file, "Svar ST-läkare")
    torn = changed(
        file, tab, r'<c r="C1(\d)"( s="\d+")?[^>]*><v>[0-3]</v>', r'<c r="C1\1"\2 t="e"><v>#N/A</v>'
    )
    book = recalculated({"": torn}, SWEDISH, tmp_path)[""]
    assert any(text.startswith("Rätta först") for text in shown(book, "result", "sv"))
    assert counts_of(book, "sv") == {}


def test_a_threshold_or_k_that_somebody_has_changed_is_told_on_the_result(
    cat: Catalogue, tmp_path: Path
) -> None:
    sample = next(s for s in releases(12, SEED) if len(s.release.cells) == 2)
    right = export(sample.release, cat, RULES, about(cat), "sv")
    _, threshold = names(right)["findings_gap_from_n"].corner
    _, least = names(right)["minst_svar"].corner
    altered = {
        "threshold": changed(
            right, part_of(right, "Regler"), rf'(<c r="{threshold}"[^>]*><v>)\d+', r"\g<1>2"
        ),
        "k": changed(right, part_of(right, "Uppgifter"), rf'(<c r="{least}"[^>]*><v>)\d+', r"\g<1>1"),
    }
    computed = recalculated({"right": right, **altered}, SWEDISH, tmp_path)
    told = {
        name: any("inte längre STINS" in text for text in shown(book, "result", "sv"))
        for name, book in computed.items()
    }
    assert told == {"right": False, "threshold": True, "k": True}
