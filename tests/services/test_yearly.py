"""The yearly report, worked through by hand, and its files."""

import io
from datetime import date, datetime, time

import openpyxl
import pytest
from libreoffice import page_texts
from sqlalchemy import event
from world import World

from stins.reports.yearly import MEASURES, Yearly, as_pdf, as_xlsx
from stins.services.oversight.yearly import whole, yearly, years
from stins.services.refusals import NotFound
from stins.services.rights import Kind
from stins.web.yearly_words import words
from tests.services.yearly_region import held, reviewed, year_2025

# reviews recent overdue never, opened in_time too_late left left_late, reported late,
# anonymous dialogue typed extra
PARTS = {
    "Andra förvaltningen": (0, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1, 0),
    "Förvaltningen": (1, 2, 1, 1, 4, 1, 1, 2, 1, 1, 1, 2, 1, 0, 1),
}
TOTAL = (1, 3, 1, 1, 4, 1, 1, 2, 1, 1, 1, 2, 1, 1, 1)
UNITS = {
    "Fjärrkliniken": (0, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1, 0),
    "Grannkliniken": (0, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0, 0, 1, 0, 0),
    "Kliniken": (0, 0, 1, 0, 3, 1, 1, 1, 1, 1, 0, 2, 0, 0, 1),
    "Vårdcentralerna": (1, 0, 0, 0, 1, 0, 0, 1, 0, 0, 1, 0, 0, 0, 0),
    "Norra vårdcentralen": (0, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0),
    "Södra vårdcentralen": (0, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0),
}
DAYS = {
    "Fjärrkliniken": (date(2020, 12, 31), date(2025, 12, 31)),
    "Grannkliniken": (None, None),
    "Kliniken": (date(2019, 6, 1), date(2024, 6, 1)),
    "Vårdcentralerna": (None, None),
    "Norra vårdcentralen": (date(2025, 3, 1), date(2030, 3, 1)),
    "Södra vårdcentralen": (date(2025, 3, 1), date(2030, 3, 1)),
}


def of(world: World, who: str = "region", year: int = 2025) -> Yearly:
    with world.store.reading() as session:
        return yearly(session, world.people[who], year, world.clock.today())


def at_midnight(day: date | None) -> datetime | None:
    return day and datetime.combine(day, time())


def test_a_year_with_every_kind_of_event_is_counted_as_by_hand(world: World):
    year_2025(world)
    report = of(world)
    assert {part.name: part.numbers.row for part in report.parts} == PARTS
    assert report.total.row == TOTAL
    assert {unit.name: unit.numbers.row for unit in report.units} == UNITS
    assert {unit.name: (unit.reviewed_on, unit.next_by) for unit in report.units} == DAYS
    with world.store.reading() as session:
        assert whole(session, 2025, world.clock.today()) == report


def test_who_oversees_a_forvaltning_is_told_of_it_alone(world: World):
    year_2025(world)
    assert {part.name for part in of(world, "ovs").parts} == {"Förvaltningen"}
    assert of(world, "ovs").total.row == PARTS["Förvaltningen"]
    with pytest.raises(NotFound):
        of(world, "studierektor")


@pytest.mark.parametrize("year", [1989, 2027])
def test_a_year_to_come_and_one_before_the_register_are_not_found(world: World, year: int):
    with pytest.raises(NotFound):
        of(world, year=year)


def test_the_years_go_back_to_the_first_with_anything_to_tell(world: World):
    with world.store.reading() as session:
        assert list(years(session, world.people["region"], world.clock.today())) == []
    reviewed(world, "unit", date(2024, 6, 1))
    with world.store.reading() as session:
        assert list(years(session, world.people["region"], world.clock.today())) == [2026, 2025, 2024]


def test_the_spreadsheet_holds_the_rows_as_numbers_and_days(world: World):
    year_2025(world)
    world.place("formula", Kind.ENHET, "=1+1", world.places["away"])
    report = of(world)
    book = openpyxl.load_workbook(io.BytesIO(as_xlsx(report, words(2025, "sv", "31 december 2025"))))
    parts, units = book.worksheets
    rows = [*((p.name, *p.numbers.row) for p in report.parts), ("Sammanlagt", *report.total.row)]
    assert list(parts.iter_rows(min_row=2, values_only=True)) == rows
    read = list(units.iter_rows(min_row=2, values_only=True))
    assert read == [
        (u.name, u.above, *(at_midnight(d) for d in (u.reviewed_on, u.next_by)), *u.numbers.row)
        for u in report.units
    ]
    cell = next(row[0] for row in units.iter_rows() if row[0].value == "=1+1")
    assert cell.data_type == "s"
    assert units.freeze_panes == "B2"
    assert units.print_title_rows == "$1:$1"


def test_the_paper_holds_the_rows(world: World):
    year_2025(world)
    report = of(world)
    text = " ".join(" ".join(page_texts(as_pdf(report, words(2025, "sv", "31 december 2025")))).split())
    for part in report.parts:
        assert f"{part.name} {' '.join(map(str, part.numbers.row))}" in text
    assert f"Sammanlagt {' '.join(map(str, TOTAL))}" in text
    for unit in report.units:
        day = unit.reviewed_on.isoformat() if unit.reviewed_on else "–"
        assert f"{unit.name} {unit.above} {day} {' '.join(map(str, unit.numbers.row))}" in text


def nothing(never: int) -> tuple[int, ...]:
    """Give a row of noughts, but for how many units were never reviewed."""
    return tuple(never if name == "never" else 0 for name in MEASURES)


def test_a_year_in_which_nothing_happened_is_told_with_noughts(world: World):
    year_2025(world)
    report = of(world, year=2015)
    assert [part.numbers.row for part in report.parts] == [nothing(1), nothing(4)]
    assert report.total.row == nothing(5)
    said = words(2015, "sv", "31 december 2015")
    book = openpyxl.load_workbook(io.BytesIO(as_xlsx(report, said)))
    assert book.worksheets[0].max_row == 1 + len(report.parts) + 1
    assert "2015" in " ".join(page_texts(as_pdf(report, said)))


def test_a_year_is_asked_for_in_the_same_number_of_queries_however_much_there_is(world: World):
    asked: list[str] = []

    def count() -> int:
        asked.clear()
        of(world)
        return len(asked)

    event.listen(world.store.engine, "before_cursor_execute", lambda *a: asked.append(a[2]))
    few = count()
    year_2025(world)
    held(world, "second", date(2025, 2, 2))
    assert count() == few
    assert len(MEASURES) == len(TOTAL)
