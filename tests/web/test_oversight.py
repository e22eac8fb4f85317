"""The overview, the yearly report and the comparison with reviews, as pages."""

from datetime import date

import pytest
from flask import Flask
from pages import Staff, page, text_of
from world import World

from tests.services.following import deficient, inspected, talked
from tests.services.yearly_region import held, reviewed, year_2025


@pytest.fixture
def council(app: Flask) -> Staff:
    return Staff(app, "region@prov.example")


def test_each_area_is_told_by_the_round_that_last_asked_it(world: World, council: Staff):
    held(world, "unit", date(2025, 1, 10))
    held(world, "unit", date(2025, 9, 1), "typed", areas=["B"])
    text = text_of(page(council.client.get("/oversikt")).one("tbody"))
    assert "1 september 2025 gäller B inskriven" in text
    assert "10 januari 2025 gäller A, C, D, E, F, G, H" in text


def test_above_the_unit_a_dialogue_shows_its_day_and_no_grade(world: World, council: Staff):
    talked(world)
    body = page(council.client.get("/oversikt")).one("tbody")
    assert "22 november 2026 dialog" in text_of(body)
    assert "Bedömning" not in text_of(body)


def test_the_overview_shows_those_that_press(world: World, council: Staff):
    deficient(world, True)
    reviewed(world, "other", date(2026, 1, 1))
    late = page(council.client.get("/oversikt?visa=forsenade"))
    assert "Ingen enhet finns att visa här just nu." in late.text
    open_ones = text_of(page(council.client.get("/oversikt?visa=brister")).one("tbody"))
    assert "Kliniken" in open_ones
    assert "Fjärrkliniken" not in open_ones
    review = text_of(page(council.client.get("/oversikt?visa=granskning")).one("tbody"))
    assert "Fjärrkliniken" in review
    assert "Grannkliniken" not in review


def test_the_year_is_a_page_a_spreadsheet_and_a_paper(world: World, council: Staff):
    year_2025(world)
    assert "Varav extra" in page(council.client.get("/oversikt/ar/2025")).text
    sheet = council.client.get("/oversikt/ar/2025.xlsx")
    assert "2025.xlsx" in sheet.headers["Content-Disposition"]
    assert sheet.data.startswith(b"PK")
    assert council.client.get("/oversikt/ar/2025.pdf").data.startswith(b"%PDF")
    for year in (1989, 2027):
        assert council.client.get(f"/oversikt/ar/{year}").status_code == 404


def test_the_comparison_shows_an_area_only_over_three_units(world: World, council: Staff):
    assert "Ännu finns ingen enhet" in page(council.client.get("/oversikt/kalibrering")).text
    for where, grades in (("unit", {"B": "A", "D": "B"}), ("other", {"B": "B"}), ("far", {"B": "D"})):
        held(world, where, date(2025, 1, 1))
        reviewed(world, where, date(2025, 6, 1), **grades)
    rows = [text_of(row) for row in page(council.client.get("/oversikt/kalibrering")).one("tbody")]
    assert rows[3].endswith("för få enheter")
    assert " 3 3 " in rows[1]


def test_the_overview_of_an_inspected_unit_links_to_what_may_be_read(world: World, app: Flask):
    id = inspected(world)
    assert f"/inspektioner/{id}/resultat" in Staff(app, "ovs@prov.example").client.get("/oversikt").text
