"""The workbook fetched, filled in, handed in and fetched again, clicked through in a browser."""

from dataclasses import replace
from pathlib import Path

import pytest
from playwright.sync_api import expect
from sizes import DESKTOP
from world import FACTS, PASSWORD, World

from questionnaires.model import Fact
from stins.services import workbooks
from tests.workbook.filling import fill
from tests.workbook.inspections import SEED, typed


@pytest.mark.parametrize("size", [DESKTOP], ids=["1280"])
def test_a_workbook_is_fetched_filled_in_handed_in_and_its_result_fetched(
    visit, world: World, size, tmp_path: Path
):
    width = size["width"]
    lead = visit(size, accept_downloads=True)
    page = lead.go("/inspektioner")
    page.get_by_label("E-postadress").fill("studierektor@prov.example")
    page.get_by_label("Lösenord").fill(PASSWORD)
    page.get_by_role("button", name="Logga in").click()
    lead.go("/inspektioner")
    page.get_by_role("link", name="Arbetsbok för papper och Excel").click()
    lead.look(f"{width}-workbook")
    with page.expect_download() as fetched:
        page.get_by_role("link", name="Arbetsbok för Kliniken").click()
    blank = Path(fetched.value.path()).read_bytes()
    assert fetched.value.suggested_filename.endswith(".xlsx")

    round_ = next(sample.round_ for sample in typed(40, SEED) if len(sample.release.cells) == 2)
    round_ = replace(round_, facts={id: Fact(fact) for id, fact in FACTS.items()})
    wrong, right = tmp_path / "fel.xlsx", tmp_path / "svar.xlsx"
    wrong.write_bytes(blank)
    right.write_bytes(fill(blank, round_, unit="Kliniken"))
    page.get_by_label("Ifylld arbetsbok").set_input_files(wrong)
    page.get_by_role("button", name="Läs in").click()
    expect(page.locator(".summary")).to_be_focused()
    expect(page.locator(".summary")).to_contain_text("Uppgifter!C5")
    lead.look(f"{width}-workbook-with-errors")

    page.get_by_label("Ifylld arbetsbok").set_input_files(right)
    page.get_by_role("button", name="Läs in").click()
    expect(page.get_by_text("Svaren är inskrivna för hand")).to_be_visible()
    lead.look(f"{width}-workbook-result")
    with page.expect_download() as fetched:
        page.get_by_role("link", name="Hämta som arbetsbok").click()
    result = Path(fetched.value.path()).read_bytes()
    assert workbooks.scored(result, "resultat.xlsx", None).unit == "Kliniken"
