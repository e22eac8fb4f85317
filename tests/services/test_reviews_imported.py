"""Many reviews from a spreadsheet: every row is right, or nothing is stored."""

import io
from datetime import date, datetime, time

import openpyxl
import pytest
from sqlalchemy import func, select
from world import TODAY, World

from stins.services import reviews
from stins.services.refusals import NotFound
from stins.services.reviews.importing import titles
from stins.services.rights import Kind, Office
from stins.store.tables import Audit, Deficiency, ExternalReview, FollowUp
from stins.workbook.read.faults import Faulty, Unreadable
from stins.workbook.read.grid import Grid

HEAD = ("Enhet", "Datum", "Granskare")
ONE = ("Brist 1 område", "Brist 1 text", "Brist 1 föreskrift")
GOOD = ("Kliniken", "2026-05-13", "SPUR")


def grid(*rows) -> Grid:
    """Give a spreadsheet as it is read, without any file."""
    cells = {
        (number, column): value
        for number, row in enumerate(rows, 1)
        for column, value in enumerate(row, 1)
        if value is not None
    }
    return Grid({"Blad1": cells}, {})


def import_(world: World, *rows, by: str = "studierektor") -> int:
    with world.store.writing() as session:
        at = world.at
        return reviews.import_(session, world.box, world.people[by], grid(*rows), at.now, at.today)


def stored(world: World) -> list[int]:
    with world.store.reading() as session:
        tables = (ExternalReview, Deficiency, FollowUp, Audit)
        return [session.scalar(select(func.count()).select_from(table)) for table in tables]


def faults(world: World, *rows, by: str = "studierektor") -> list[str]:
    """Give everything that a spreadsheet is refused for; nothing may then be stored."""
    before = stored(world)
    with pytest.raises(Faulty) as caught:
        import_(world, *rows, by=by)
    assert stored(world) == before
    return caught.value.said(str)


def listed(world: World, who: str = "ovs"):
    with world.store.reading() as session:
        return reviews.reviews(session, world.people[who]).items


def test_the_template_can_be_filled_in_and_read_back(world: World):
    with world.store.reading() as session:
        blank = reviews.template(session, world.people["ovs"])
    book = openpyxl.load_workbook(io.BytesIO(blank))
    sheet = book.active
    assert tuple(cell.value for cell in sheet[1]) == titles()
    filled = {
        "Enhet": "Kliniken",
        "Datum": date(2026, 5, 13),
        "Granskare": "SPUR",
        "D": "D",
        "H": "a",
        "Rapport": "https://lipus.example/1",
        "Brist 10 område": "d",
        "Brist 10 text": "=1+1 saknas inte",
        "Brist 10 föreskrift": "JA",
    }
    for title, value in filled.items():
        cell = sheet.cell(2, titles().index(title) + 1, value)
        cell.data_type = "s" if isinstance(value, str) else cell.data_type
    file = io.BytesIO()
    book.save(file)
    read = reviews.read_sheet(file.getvalue(), "granskningar.xlsx")
    with world.store.writing() as session:
        at = world.at
        assert reviews.import_(session, world.box, world.people["ovs"], read, at.now, at.today) == 1
    (found,) = listed(world)
    assert (found.place.name, found.reported_on) == ("Kliniken", date(2026, 5, 13))
    assert found.grades == {"D": "D", "H": "A"}
    assert found.link == "https://lipus.example/1"
    (shortcoming,) = found.shortcomings
    assert (shortcoming.area, shortcoming.text, shortcoming.regulation) == ("D", "=1+1 saknas inte", True)
    assert shortcoming.follow_up


def test_the_template_is_for_who_registers(world: World):
    for who in ("verksamhetschef", "region", "admin"):
        with world.store.reading() as session, pytest.raises(NotFound):
            reviews.template(session, world.people[who])
        with pytest.raises(NotFound):
            import_(world, HEAD, GOOD, by=who)


def test_titles_stand_in_any_order_and_any_capitals(world: World):
    rows = ((" granskare", "DATUM", "enhet", "brist 1  TEXT", "Brist 1 område", "Brist 1 Föreskrift"),)
    assert (
        import_(
            world,
            *rows,
            ("SPUR", datetime.combine(date(2026, 5, 13), time(8)), "Kliniken", "Något", "A", "nej"),
        )
        == 1
    )
    (found,) = listed(world)
    assert [(each.area, each.text, each.regulation) for each in found.shortcomings] == [("A", "Något", False)]


def test_every_review_is_registered_and_noted(world: World):
    before = stored(world)
    second = ("Grannkliniken", date(2020, 2, 29), 2020)
    assert import_(world, HEAD, GOOD, (None, " "), second, by="ovs") == 2
    assert [(each.place.name, each.reviewer) for each in listed(world)] == [
        ("Kliniken", "SPUR"),
        ("Grannkliniken", "2020"),
    ]
    assert [after - then for after, then in zip(stored(world), before, strict=True)] == [2, 0, 0, 2]


def test_everything_that_is_wrong_is_told_at_once_by_cell(world: World):
    head = (*HEAD, "A", "Rapport", *ONE)
    assert faults(
        world,
        head,
        ("Grannkliniken", "2027-01-01", None, "E", "ftp://x", "X", None, "kanske"),
        GOOD,
        (None, 46155, True, None, None, None, "Något", None),
        ("Kliniken", "2026-02-30", "SPUR", None, None, None, None, "ja"),
    ) == [
        "Blad1!A2: 'Grannkliniken' är ingen av dina enheter; skriv namnet precis som det står i STINS",
        "Blad1!H2: 'kanske' är varken ja eller nej; skriv ett av dem",
        "Blad1!B2: skriv rapportens dag så här: 2026-05-13; den kan vara från 1990-01-01 till 2026-11-22",
        "Blad1!C2: skriv vem som granskade, till exempel SPUR",
        "Blad1!D2: skriv A, B, C eller D, eller lämna cellen tom",
        "Blad1!E2: skriv filens namn utan mapp och kolon, eller en hel länk som börjar med https:// eller "
        "http://",
        "Blad1!F2: skriv områdets bokstav, A till H",
        "Blad1!G2: skriv vad som brister",
        "Blad1!A4: skriv enhetens namn",
        "Blad1!C4: SANT är ingen text; skriv med bokstäver",
        "Blad1!H4: skriv ja eller nej",
        "Blad1!B4: skriv rapportens dag så här: 2026-05-13; den kan vara från 1990-01-01 till 2026-11-22",
        "Blad1!F4: skriv områdets bokstav, A till H",
        "Blad1!G5: skriv vad som brister, eller töm de andra cellerna om bristen",
        "Blad1!B5: skriv rapportens dag så här: 2026-05-13; den kan vara från 1990-01-01 till 2026-11-22",
    ]


def test_titles_that_are_wrong_are_told(world: World):
    assert faults(world, ("Enhet", "Dag", "Enhet", None, "Brist 2 text"), ("Kliniken", None, None, "x")) == [
        "Blad1!B1: rubriken är 'Dag'; skriv en av mallens rubriker eller ta bort kolumnen",
        "Blad1!C1: Enhet står i två kolumner; ta bort den ena",
        "Blad1!D1: rubriken är ''; skriv en av mallens rubriker eller ta bort kolumnen",
        "Kolumnen Datum saknas. Lägg till den, eller hämta mallen på nytt.",
        "Kolumnen Granskare saknas. Lägg till den, eller hämta mallen på nytt.",
        "Kolumnen Brist 2 område saknas. Lägg till den, eller hämta mallen på nytt.",
        "Kolumnen Brist 2 föreskrift saknas. Lägg till den, eller hämta mallen på nytt.",
    ]


def test_a_spreadsheet_with_nothing_in_it_is_refused(world: World):
    assert faults(world, HEAD) == ["Ingen granskning är ifylld. Skriv en granskning på varje rad."]


@pytest.mark.parametrize("first", [(), (None, None), ("Kliniken", "2026-05-13", "SPUR")])
def test_headings_that_are_not_on_the_first_row_are_told_as_one_fault(world: World, first):
    told = "Rubrikerna saknas. De ska stå på första raden, så som i mallen."
    assert faults(world, first, titles(), GOOD) == [told]


def test_a_name_that_several_units_share_is_refused(world: World):
    world.place("twin", Kind.ENHET, "Kliniken", world.places["away"])
    world.person("both", Office.OVS, "region")
    (fault,) = faults(world, HEAD, GOOD, by="both")
    assert fault.startswith("Blad1!A2: flera enheter heter 'Kliniken'")
    assert import_(world, HEAD, GOOD) == 1  # only one of them is this person's


@pytest.mark.parametrize("name", ["kliniken", "Klinik", "Kliniken 2", "Förvaltningen"])
def test_a_units_name_is_matched_exactly(world: World, name: str):
    (fault,) = faults(world, HEAD, (name, *GOOD[1:]), by="ovs")
    assert "är ingen av dina enheter" in fault


def test_the_same_review_twice_is_refused(world: World):
    (fault,) = faults(world, HEAD, GOOD, ("Kliniken", date(2026, 5, 13), "spur"))
    assert fault.startswith("Blad1!C3: granskningen är redan registrerad eller står två gånger")
    import_(world, HEAD, GOOD)
    (fault,) = faults(world, HEAD, GOOD, ("Kliniken", TODAY, "SPUR"))
    assert fault.startswith("Blad1!C2: granskningen är redan registrerad")


@pytest.mark.parametrize("said", ["ja", " Ja ", True])
def test_yes_is_said_in_several_ways(world: World, said: object):
    import_(world, (*HEAD, *ONE), (*GOOD, "A", "Något", said))
    assert listed(world)[0].shortcomings[0].regulation


def test_what_is_no_spreadsheet_is_told_in_words_that_fit_reviews():
    with pytest.raises(Unreadable, match="så öppna den i Excel och spara den som Excel-arbetsbok"):
        reviews.read_sheet(b"Enhet;Datum;Granskare\n", "granskningar.csv")
    with pytest.raises(Unreadable, match="utan makron"):
        reviews.read_sheet(b"PK\3\4", "granskningar.xlsm")


def test_a_row_too_far_down_is_named_by_row_and_column():
    book = openpyxl.Workbook()
    book.active.cell(2_001, 2, "2026-05-13")
    file = io.BytesIO()
    book.save(file)
    with pytest.raises(Unreadable, match=r"^Rad 2001, kolumn B: "):
        reviews.read_sheet(file.getvalue(), "granskningar.xlsx")


def test_of_very_many_faults_the_first_two_hundred_are_told(world: World):
    rows = [("Okänd", "2026-05-13", f"Granskare {number}") for number in range(1_500)]
    assert len(faults(world, HEAD, *rows)) == 201  # two hundred, and how many more
