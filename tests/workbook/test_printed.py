"""The workbook as it comes out of the printer: A4, no heading left alone, Resultat on two pages."""

import re
from collections.abc import Sequence
from pathlib import Path

import needs
import pytest
from libreoffice import as_pdf, page_picture, page_sizes, page_texts

from questionnaires.read import catalogue
from scoring.rules import rules
from stins.workbook.write import About, blank, export
from tests.workbook.inspections import SEED, Sample, releases

CAT, RULES = catalogue("2026"), rules("2026")
NUMBERS = {id: parameter.default for id, parameter in CAT.parameters.items()}
ABOUT = About("Medicinkliniken", NUMBERS)
RESULT = {"sv": "Resultat", "en": "Result"}
A4 = {(210, 297), (297, 210)}
PICTURES = Path("screenshots/workbook")


@pytest.fixture(autouse=True)
def as_wide_as_arial() -> None:
    needs.arial()


def by_tab(texts: Sequence[str]) -> dict[str, list[str]]:
    """Sort pages by the tab that their foot names."""
    found: dict[str, list[str]] = {}
    for text in texts:
        text = text.replace("\r", "")
        foot = re.search(r"^.*SPUR (.+?) +\d+ \(\d+\)$", text, re.MULTILINE)
        rest = text.replace(foot[0], "") if foot else text
        found.setdefault(foot[1] if foot else "?", []).append(rest)
    return found


def heaviest() -> Sample:
    """Give the inspection with most to tell."""
    return max(
        (
            sample
            for sample in releases(60, SEED)
            if len(sample.release.cells) == 2 and not sample.release.areas
        ),
        key=lambda sample: (len(sample.verdict.breaches), len(sample.verdict.gaps)),
    )


def lightest() -> Sample:
    return min(releases(60, SEED), key=lambda sample: len(sample.verdict.weaknesses))


@pytest.mark.slow
def test_an_export_prints_its_result_on_two_pages_of_a4(tmp_path: Path) -> None:
    files = {
        f"{name}-{lang}": export(sample.release, CAT, RULES, ABOUT, lang)
        for name, sample in (("heaviest", heaviest()), ("lightest", lightest()))
        for lang in RESULT
    }
    for name, pdf in as_pdf(files, tmp_path).items():
        pages = by_tab(page_texts(pdf))
        assert set(page_sizes(pdf)) <= A4, name
        assert "?" not in pages, name
        assert len(pages[RESULT[name[-2:]]]) == 2, name
        keep(pdf, f"export-{name}")


@pytest.mark.slow
def test_a_blank_prints_forms_on_a4_with_their_headings_kept(tmp_path: Path) -> None:
    files = {lang: blank(CAT, RULES, 5, ABOUT, lang) for lang in RESULT}
    for lang, pdf in as_pdf(files, tmp_path).items():
        pages = by_tab(page_texts(pdf))
        assert set(page_sizes(pdf)) <= A4
        assert "?" not in pages
        names = [area.name.plain(lang) for area in CAT.areas.values()]
        begin = {"sv": "Enkät", "en": "Form"}[lang]
        forms = [page for tab, found in pages.items() if tab.startswith(begin) for page in found]
        assert len(forms) >= 8
        for page in forms:
            last = page.strip().splitlines()[-1]
            assert not any(last.strip().endswith(name) for name in names), "an area's heading is left alone"
        assert len(pages[RESULT[lang]]) == 2
        keep(pdf, f"blank-{lang}")


def keep(pdf: bytes, name: str) -> None:
    """Keep pictures of every page, to be looked at."""
    PICTURES.mkdir(parents=True, exist_ok=True)
    for number in range(len(page_sizes(pdf))):
        (PICTURES / f"{name}-{number + 1:02}.png").write_bytes(page_picture(pdf, number))
