"""The apparatus that proves the workbook must itself be able to fail."""

import dataclasses
import io
import sys
import zipfile
from collections import Counter
from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from datetime import date
from pathlib import Path

import libreoffice
import pytest
from libreoffice import (
    ENGLISH,
    SWEDISH,
    Failed,
    Fault,
    Recalculation,
    Value,
    Workbook,
    cells,
    look,
    recalculated,
    seen,
)
from openpyxl import load_workbook
from xlsxwriter import Workbook as Writer
from xlsxwriter.format import Format
from xlsxwriter.utility import xl_col_to_name

from questionnaires.model import Fact, Role
from scoring.ballots import Answer, Ballot
from scoring.rounds import Mode, Round
from stins.workbook import places
from tests.scoring.scoring_samples import CLOSED_ON, HL, SMALL, SR, ST, terms
from tests.workbook import filling, oracle

LOCALES = (SWEDISH, ENGLISH)


def written(draw: Callable[[Writer], None]) -> bytes:
    file = io.BytesIO()
    with Writer(file, {"in_memory": True}) as book:
        draw(book)
    return file.getvalue()


def sums(answer: int, stored: int) -> bytes:
    """Make a file whose only formula doubles an answer, with whatever value stored."""

    def draw(book: Writer) -> None:
        sheet = book.add_worksheet("Svar")
        sheet.write_number("A1", answer)
        sheet.write_formula("B1", "=A1*2", None, stored)

    return written(draw)


# --- computing anew ---


@pytest.mark.parametrize("locale", LOCALES)
def test_a_wrong_stored_value_comes_back_right(tmp_path: Path, locale: str) -> None:
    found = recalculated(
        {"right": sums(4, 8), "planted": sums(4, 5), "changed": sums(3, 8)}, locale, tmp_path
    )
    assert {name: book["Svar"]["B1"] for name, book in found.items()} == {
        "right": 8,
        "planted": 8,
        "changed": 6,
    }


def test_told_never_to_compute_it_brings_the_wrong_value_back(tmp_path: Path) -> None:
    found = recalculated({"planted": sums(4, 5)}, SWEDISH, tmp_path, how=Recalculation.NEVER)
    assert found["planted"]["Svar"]["B1"] == 5


def kinds(book: Writer) -> None:
    sheet, other = book.add_worksheet("Svar ST-läkare"), book.add_worksheet("Åt-gärd & 'plan")
    percent, day = book.add_format({"num_format": "0 %"}), book.add_format({"num_format": "yyyy-mm-dd"})
    hiding = book.add_format({"num_format": '"något annat"'})
    formulas = {
        "A1": ("=1+2", None),
        "A2": ('="3"', None),
        "A3": ("=1=1", None),
        "A4": ("=1=2", None),
        "A5": ("=1/0", None),
        "A6": ('="#DIV/0!"', None),
        "A7": ('=""', None),
        "A8": ("=2/3", percent),
        "A9": ("=DATE(2026,11,22)", day),
        "A10": ("=10^9*7", hiding),
        "A11": ('="rad"&CHAR(10)&"två ""så"", "', None),
        "A12": ('=1.5&""', None),
        "A13": ('="SANT"', None),
        "A14": ("=NOSUCHTHING(1)", None),
    }
    for place, (formula, shape) in formulas.items():
        sheet.write_formula(place, formula, shape, "stored")
    sheet.write_string("B1", "3")
    sheet.write_string("B2", "=1+1")
    sheet.write_string("B3", "_x0041_\ttab")
    sheet.write_boolean("B4", boolean=True)
    sheet.write_number("B5", 3.25)
    sheet.write_blank("B6", None, percent)
    sheet.write_datetime("B7", date(2026, 11, 22), day)
    sheet.write_rich_string("B8", "två ", percent, "delar")
    other.write_formula("C5", "='Svar ST-läkare'!A1*2", None, 0)


@pytest.fixture(scope="module", params=LOCALES)
def computed(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> tuple[str, Workbook]:
    found = recalculated({"kinds": written(kinds)}, request.param, tmp_path_factory.mktemp("kinds"))
    return request.param, found["kinds"]


def test_numbers_texts_truths_and_faults_are_told_apart(computed: tuple[str, Workbook]) -> None:
    _, book = computed
    sheet = book["Svar ST-läkare"]
    places = [f"A{row}" for row in range(1, 12)] + ["A13", "A14"]
    assert [sheet[place] for place in places] == [
        3,
        "3",
        True,
        False,
        Fault("#DIV/0!"),
        "#DIV/0!",
        "",
        pytest.approx(2 / 3, abs=1e-12),
        (date(2026, 11, 22) - date(1899, 12, 30)).days,
        7_000_000_000,
        'rad\ntvå "så", ',
        "SANT",
        Fault("#NAME?"),
    ]
    assert [type(sheet[place]) for place in ("A1", "A3", "A8", "A10")] == [int, bool, float, int]


@pytest.mark.parametrize("locale", LOCALES)
def test_what_is_seen_looks_like_what_is_computed(tmp_path: Path, locale: str) -> None:
    files = {"kinds": written(kinds)}
    (found,), (whole,) = (
        seen(files, locale, tmp_path).values(),
        recalculated(files, locale, tmp_path).values(),
    )
    for name, sheet in whole.items():
        for place, value in sheet.items():
            other = found[name].get(place)
            assert look(value) == other or oracle.same(look(value), other), (name, place, value, other)


def test_what_is_typed_comes_back_as_typed(computed: tuple[str, Workbook]) -> None:
    _, book = computed
    sheet = book["Svar ST-läkare"]
    assert [sheet.get(f"B{row}") for row in range(1, 9)] == [
        "3",
        "=1+1",
        "_x0041_\ttab",
        True,
        3.25,
        None,
        (date(2026, 11, 22) - date(1899, 12, 30)).days,
        "två delar",
    ]


def test_every_sheet_comes_back_by_its_name(computed: tuple[str, Workbook]) -> None:
    _, book = computed
    assert list(book) == ["Svar ST-läkare", "Åt-gärd & 'plan"]
    assert book["Åt-gärd & 'plan"]["C5"] == 6


def test_it_computes_in_the_locale_it_is_told(computed: tuple[str, Workbook]) -> None:
    locale, book = computed
    assert book["Svar ST-läkare"]["A12"] == {SWEDISH: "1,5", ENGLISH: "1.5"}[locale]


def test_two_runs_at_a_time_do_not_meet(tmp_path: Path) -> None:
    def both(answer: int) -> Mapping[str, Workbook]:
        return recalculated({"same name": sums(answer, 0)}, SWEDISH, tmp_path)

    with ThreadPoolExecutor(2) as pool:
        found = [book["same name"]["Svar"]["B1"] for book in pool.map(both, (10, 20))]
    assert found == [20, 40]
    assert list(tmp_path.iterdir()) == [], "nothing is left behind"


# --- when it does not work ---


def test_a_file_it_cannot_read_is_named_with_what_it_said(tmp_path: Path) -> None:
    with pytest.raises(Failed, match=r"(?s)nothing of 'the broken one'; it said:.*could not be loaded"):
        recalculated({"good": sums(1, 2), "the broken one": b"PK\x03\x04 no"}, SWEDISH, tmp_path)


def test_a_program_that_is_not_done_in_time_is_ended_with_what_it_has_started() -> None:
    busy = "subprocess.call([sys.executable, '-c', 'while True: 0'])"
    forever = f"import subprocess, sys; print('I began', flush=True); {busy}"
    with pytest.raises(Failed, match=r"(?s)not done in 1 s; it said:\nI began"):
        libreoffice.said_by([sys.executable, "-c", forever], seconds=1)


def test_a_program_that_fails_is_quoted() -> None:
    with pytest.raises(Failed, match=r"(?s)ended with 7; it said:\nno room$"):
        libreoffice.said_by(
            [sys.executable, "-c", "print('no room', end=''); raise SystemExit(7)"], seconds=60
        )


def test_where_there_is_no_libreoffice_the_test_says_how_to_get_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", "")
    monkeypatch.delenv("STINS_TEST_ALL", raising=False)
    with pytest.raises(pytest.skip.Exception, match="apt-get install libreoffice-calc"):
        libreoffice.libreoffice()


# --- on paper ---


def test_what_is_printed_can_be_counted_measured_and_read(tmp_path: Path) -> None:
    def draw(book: Writer) -> None:
        for name, upright in (("Första", True), ("Andra", False)):
            sheet = book.add_worksheet(name)
            sheet.set_paper(9)
            sheet.set_portrait() if upright else sheet.set_landscape()
            sheet.write_string("A1", f"{name} sidan: Ängslan")
            sheet.write_formula("A2", '="summa "&(1+2)', None, "stored")
            sheet.set_footer("&P av &N")

    pdf = libreoffice.as_pdf({"drawn": written(draw)}, tmp_path)["drawn"]
    first, second = libreoffice.page_texts(pdf)
    assert libreoffice.pages(pdf) == 2
    assert libreoffice.page_sizes(pdf) == [(210, 297), (297, 210)]
    assert "Första sidan: Ängslan" in first
    assert "summa 3" in first, "what is printed is computed anew"
    assert "2 av 2" in second
    assert libreoffice.page_picture(pdf, 1).startswith(b"\x89PNG")


# --- filling in ---

ROOM = 4


def small_blank() -> bytes:
    """Make a blank of the small catalogue with the names that every blank has, and a few formulas."""

    def draw(book: Writer) -> None:
        unlocked = book.add_format({"locked": False, "bg_color": "#fff6d6"})
        day = book.add_format({"num_format": "yyyy-mm-dd", "locked": False})
        counted = book.add_worksheet("Underlag")
        details = book.add_worksheet("Uppgifter & annat")
        details.write_blank("B2", None, unlocked)
        details.write_blank("B3", None, day)
        details.write_number("B4", 5, unlocked)
        facts = [criterion.id for criterion in SMALL.criteria.values() if criterion.facts]
        named = (places.UNIT, places.LAST_DAY, places.K, *map(places.fact, facts))
        for row, name in enumerate(named, 2):
            book.define_name(name, f"='Uppgifter & annat'!$B${row}")
        for row, id in enumerate(facts, 5):
            details.write_string(row - 1, 0, id)
            details.write_blank(row - 1, 1, None, unlocked)
        for number, role in enumerate(Role):
            _answer_tab(book, role, unlocked)
            for column, word in enumerate(places.ANSWERS.values()):
                formula = f'=COUNTIF({places.answers(role)},"{word}")'
                counted.write_formula(number, column, formula, None, 0)

    return written(draw)


def _answer_tab(book: Writer, role: Role, unlocked: Format) -> None:
    """Write an answer tab with a heading, without an id, before each area."""
    sheet, row, area = book.add_worksheet(f"Svar till {role}s"), 3, None
    for question in SMALL.questionnaires[role].questions:
        if question.area != area:
            area, row = question.area, row + 1
            sheet.write_string(row - 1, 1, f"Område {area}")
        sheet.write_string(row, places.ID_COLUMN - 1, question.id)
        for column in range(2, 2 + ROOM):
            sheet.write_blank(row, column, None, unlocked)
        row += 1
    book.define_name(places.answers(role), f"='Svar till {role}s'!$C$4:${xl_col_to_name(1 + ROOM)}${row}")


def small_round() -> Round:
    def by(role: Role, *answers: Answer) -> Ballot:
        asked = SMALL.questionnaires[role].questions
        return Ballot(role, {q.id: answers[n % len(answers)] for n, q in enumerate(asked)}, {})

    ballots = (
        by(ST, *Answer),
        by(HL, Answer.FULLY, Answer.VET_EJ, Answer.NOT_AT_ALL),
        by(SR, Answer.EJ_AKTUELLT, Answer.PARTLY),
        by(ST, Answer.LARGELY),
    )
    return Round(terms(mode=Mode.TYPED), {"A2": Fact.JA, "B4": Fact.NEJ}, ballots, CLOSED_ON)


def held(file: bytes) -> Mapping[filling.Place, Value]:
    """Give what is typed in a file, by place."""
    return {
        (sheet, place): cell.value
        for sheet, found in cells(file).items()
        for place, cell in found.items()
        if cell.formula is None
    }


HANDS = pytest.mark.parametrize("how", [filling.put, filling.put_by_hand])


@HANDS
def test_answers_stand_under_their_person_beside_their_criterion(how: filling.Putting) -> None:
    blank, round_ = small_blank(), small_round()
    found = held(filling.fill(blank, round_, how=how))
    for role in Role:
        ballots = [ballot for ballot in round_.ballots if ballot.role is role]
        for person, ballot in enumerate(ballots):
            for id, answer in ballot.answers.items():
                word = places.ANSWERS[answer.value]
                expected = int(word) if word.isdigit() else word
                sheet, cell = filling.answer_place(blank, role, id, person)
                assert found[sheet, cell] == expected
                assert found[sheet, f"A{cell[1:]}"] == id


@HANDS
def test_the_unit_the_day_and_the_facts_stand_in_their_named_cells(how: filling.Putting) -> None:
    found = held(filling.fill(small_blank(), small_round(), unit="Öron & <näsa>", how=how))
    stated = [found.get(("Uppgifter & annat", f"B{row}")) for row in range(2, 8)]
    assert stated == ["Öron & <näsa>", (CLOSED_ON - filling.DAY_ZERO).days, 5, "Ja", "Nej", None]


def test_both_ways_of_filling_in_give_the_same_cells_and_counts(tmp_path: Path) -> None:
    quick, by_hand = (
        filling.fill(small_blank(), small_round(), how=how) for how in (filling.put, filling.put_by_hand)
    )
    assert held(quick) == held(by_hand)
    found = recalculated({"quick": quick, "by hand": by_hand}, SWEDISH, tmp_path)
    assert found["quick"] == found["by hand"]
    given = Counter(
        answer for ballot in small_round().ballots if ballot.role is ST for answer in ballot.answers.values()
    )
    assert [found["quick"]["Underlag"][f"{column}1"] for column in "ABCDEF"] == [given[a] for a in Answer]


def test_digits_may_be_typed_as_texts() -> None:
    blank = small_blank()
    found = held(filling.fill(blank, small_round(), digits=str))
    first = SMALL.questionnaires[ST].questions[0].id
    assert found[filling.answer_place(blank, ST, first, 0)] == "3"


def test_quick_filling_changes_nothing_but_the_cells() -> None:
    blank = small_blank()
    place = filling.answer_place(blank, HL, "A3", 2)
    made = filling.put(blank, {place: "kanske"})
    assert held(made) == {**held(blank), place: "kanske"}
    with zipfile.ZipFile(io.BytesIO(blank)) as old, zipfile.ZipFile(io.BytesIO(made)) as new:
        assert old.namelist() == new.namelist()
        assert sum(old.read(part) != new.read(part) for part in old.namelist()) == 1
    book = load_workbook(io.BytesIO(made))
    assert not book[place[0]][place[1]].protection.locked, "the cell keeps its look"


def test_more_people_than_columns_are_refused() -> None:
    round_ = small_round()
    many = tuple(ballot for ballot in round_.ballots if ballot.role is ST) * 3
    with pytest.raises(filling.NoRoom, match="6 st_lakare, but only 4 columns"):
        filling.fill(small_blank(), dataclasses.replace(round_, ballots=many))


@pytest.mark.parametrize(
    ("place", "said"), [(("Underlag", "ZZ99"), "no cell ZZ99"), (("Nowhere", "A1"), "no sheet Nowhere")]
)
def test_a_cell_that_is_not_there_is_refused(place: filling.Place, said: str) -> None:
    with pytest.raises(LookupError, match=said):
        filling.put(small_blank(), {place: 1})


# --- comparing ---


def findings(*, wrong: bool) -> bytes:
    """Make a file of formulas with their right values, or with one that is planted."""

    def draw(book: Writer) -> None:
        whole, percent = book.add_format({"num_format": "0"}), book.add_format({"num_format": "0 %"})
        sheet, other = book.add_worksheet("Bedömning"), book.add_worksheet("Resultat")
        sheet.write_number("A1", 7)
        sheet.write_formula("B1", "=A1/9", percent, 7 / 9)
        sheet.write_formula("B2", "=ROUND(10^9*A1/9,0)", whole, 777_777_778)
        sheet.write_formula("B3", '=IF(A1>7,"x","")', None, "")
        sheet.write_formula("B4", '=IF(A1=7,"uppfyllt","")', None, "delvis" if wrong else "uppfyllt")
        sheet.write_formula("B5", "=A1=7", None, True)
        other.write_formula("C3", "=Bedömning!B5", None, True)
        other.write_formula("C4", "=SUM(Bedömning!A1:A2)", None, 7)

    return written(draw)


def test_right_stored_values_differ_nowhere_and_a_planted_one_is_told(tmp_path: Path) -> None:
    files = {"right": findings(wrong=False), "planted": findings(wrong=True)}
    found = recalculated(files, SWEDISH, tmp_path)
    assert oracle.formulas(files["right"]) == 7
    assert {name: oracle.differences(file, found[name]) for name, file in files.items()} == {
        "right": [],
        "planted": [
            """Bedömning!B4: =IF(A1=7,"uppfyllt","") stored as 'delvis', computed as 'uppfyllt'""",
        ],
    }


def test_a_changed_answer_is_told(tmp_path: Path) -> None:
    changed = filling.put(findings(wrong=False), {("Bedömning", "A1"): 8})
    (found,) = recalculated({"": changed}, SWEDISH, tmp_path).values()
    places_ = [line.split(":")[0] for line in oracle.differences(changed, found)]
    assert places_ == [f"Bedömning!B{row}" for row in range(1, 6)] + ["Resultat!C3", "Resultat!C4"]


def test_a_sheet_or_cell_that_is_gone_is_told() -> None:
    lines = oracle.differences(findings(wrong=False), {"Bedömning": {}})
    assert len(lines) == 6, "the empty text alone may be gone"
    assert lines[-1] == "Resultat!C4: =SUM(Bedömning!A1:A2) stored as 7, computed as nothing"


@pytest.mark.parametrize(
    ("one", "other", "are_same"),
    [
        (1, 1, True),
        (1, 2, False),
        (1, 1.0000000001, True),
        (1, 1.000001, False),
        (777_777_778, 777_777_779, False),
        (1, "1", False),
        (0.5, "0.5", False),
        (0.0, False, False),
        ("", None, True),
        (0, None, False),
        (False, "", False),
        ("a", "A", False),
        (Fault("#N/A"), Fault("#N/A"), False),
        (Fault("#N/A"), "", False),
    ],
)
def test_what_is_the_same(one: Value, other: Value, are_same: bool) -> None:
    assert oracle.same(one, other) is are_same
    assert oracle.same(other, one) is are_same


def test_a_truth_may_be_computed_as_a_number_but_a_number_not_as_a_truth() -> None:
    assert oracle.same(True, 1)
    assert oracle.same(False, 0)
    assert not oracle.same(True, 0)
    assert not oracle.same(1, True)


def test_a_cell_that_is_not_as_in_another_workbook_is_told() -> None:
    one: Workbook = {"Underlag": {"A1": 1, "B1": "x", "AA1": 2, "C1": ""}}
    other: Workbook = {"Underlag": {"A1": 1, "B1": "y", "AA2": 3}}
    assert oracle.unlike(one, other, "Underlag", {"A", "B", "C"}) == [
        "Underlag!B1: 'x' expected, 'y' computed"
    ]
    assert len(oracle.unlike(one, other, "Underlag")) == 3
    assert oracle.unlike(one, one, "Underlag") == []
