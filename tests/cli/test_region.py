"""`stins export-region`: a year of every region as a spreadsheet."""

from pathlib import Path

import openpyxl
import pytest
from click.testing import CliRunner
from world import World

from stins.cli import main, region
from stins.services.rights import Kind
from tests.services.yearly_region import year_2025


@pytest.fixture
def laid(world: World, monkeypatch: pytest.MonkeyPatch) -> World:
    year_2025(world)
    monkeypatch.setattr(region, "opened", lambda: world.installation)
    monkeypatch.setattr(region, "moment", lambda: world.at)
    return world


def test_the_year_of_all_is_written_to_a_file(laid: World, tmp_path: Path):
    to = tmp_path / "out.xlsx"
    made = CliRunner().invoke(main, ["export-region", "2025", "-o", str(to)])
    assert made.output == f"wrote {to}\n"
    parts = openpyxl.load_workbook(to).worksheets[0]
    assert [row[0] for row in parts.iter_rows(values_only=True)] == [
        "Förvaltning",
        "Andra förvaltningen",
        "Förvaltningen",
        "Sammanlagt",
    ]


def test_another_regions_parts_stand_beside_the_first(laid: World, tmp_path: Path):
    laid.place("beyond", Kind.REGION, "Grannregionen", None)
    laid.place("beyond_part", Kind.FORVALTNING, "Grannregionens förvaltning", laid.places["beyond"])
    to = tmp_path / "out.xlsx"
    assert CliRunner().invoke(main, ["export-region", "2025", "-o", str(to)]).exit_code == 0
    parts = openpyxl.load_workbook(to).worksheets[0]
    assert [row[0] for row in parts.iter_rows(min_row=2, values_only=True)] == [
        "Grannregionen: Grannregionens förvaltning",
        "Regionen: Andra förvaltningen",
        "Regionen: Förvaltningen",
        "Sammanlagt",
    ]


def test_a_year_to_come_and_a_place_that_cannot_be_written_are_told(laid: World, tmp_path: Path):
    later = CliRunner().invoke(main, ["export-region", "2031", "-o", str(tmp_path / "a.xlsx")])
    assert (later.exit_code, "give a year from 1990 to now" in later.output) == (1, True)
    nowhere = CliRunner().invoke(main, ["export-region", "2025", "-o", str(tmp_path / "no" / "a.xlsx")])
    assert (nowhere.exit_code, "name another with -o" in nowhere.output) == (1, True)
