"""What was typed into our own workbook comes out as ballots, or every fault is told at once."""

from collections.abc import Callable
from datetime import date, datetime
from typing import Any

import effort
import openpyxl
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from questionnaires.model import Fact, Role
from questionnaires.read import catalogue
from scoring.ballots import Answer
from scoring.rounds import Comments, Mode
from stins.workbook import places
from stins.workbook.read import filled as module
from stins.workbook.read.faults import Faulty, Unreadable
from stins.workbook.read.filled import Filled, read_filled, round_
from stins.workbook.read.grid import Area, Grid, Spot, read
from tests.workbook.read.sheets import CATALOGUE, COLUMNS, FIRST_COLUMN, TABS, Blank, every, rows

ST, HL, SR, VC = Role
HANDLEDARE = TABS[HL]
Change = Callable[[openpyxl.Workbook], None]


def of(blank: Blank) -> Filled:
    return read_filled(read(blank.content(), "arbetsbok.xlsx"))


def grid_of(**stated: Any) -> Grid:
    """Give the cells of a workbook without answers, without writing a file."""
    values: dict[str, Any] = {
        places.KIND: places.BLANK, places.CATALOGUE: "2026", places.RULES: "2026", places.UNIT: "Enheten",
        places.LAST_DAY: datetime.fromisoformat("2026-05-31"), places.K: 5,
        **{places.parameter(id): p.default for id, p in CATALOGUE.parameters.items()},
        **{places.fact(c.id): None for c in CATALOGUE.criteria.values() if c.facts},
        **stated,
    }  # fmt: skip
    cells = {(row, 3): value for row, value in enumerate(values.values(), start=1) if value is not None}
    names = {name: Area("Uppgifter", row, 3, row, 3) for row, name in enumerate(values, start=1)}
    sheets: dict[str, Any] = {"Uppgifter": cells}
    for role, tab in TABS.items():
        lines = rows(role)
        sheets[tab] = {(row, places.ID_COLUMN): id for id, row in lines.items()}
        last = FIRST_COLUMN + COLUMNS[role] - 1
        names[places.answers(role)] = Area(tab, 6, FIRST_COLUMN, max(lines.values()), last)
    return Grid(sheets, names)


def typed(role: Role, *respondents: dict[str, Any], **stated: Any) -> Grid:
    """Give a workbook in which respondents have answered, without writing a file."""
    grid = grid_of(**stated)
    cells: Any = grid.sheets[TABS[role]]
    for column, answers in enumerate(respondents, start=FIRST_COLUMN):
        for id, value in answers.items():
            if value is not None:
                cells[rows(role)[id], column] = value
    return grid


def faults_of(grid: Grid) -> list[str]:
    with pytest.raises(Faulty) as found:
        read_filled(grid)
    return found.value.said(str)


def test_an_empty_workbook_has_what_is_stated_and_no_ballots():
    found = of(Blank(stated={places.fact("A2"): "Ja", places.fact("A3"): "no", places.fact("A4"): "Partly"}))
    assert found == Filled(
        kind="arbetsbok",
        catalogue="2026",
        rules="2026",
        unit="Medicinkliniken Ystad",
        closed_on=date(2026, 5, 31),
        k=5,
        parameters={id: parameter.default for id, parameter in CATALOGUE.parameters.items()},
        facts={"A2": Fact.JA, "A3": Fact.NEJ, "A4": Fact.DELVIS},
        ballots=(),
    )


def test_seventy_respondents_are_read_in_less_than_two_seconds():
    content = Blank({ST: [every(ST, 3)] * 30, HL: [every(HL, "V")] * 40}).content()
    with effort.less_than(2):
        assert len(read_filled(read(content, "arbetsbok.xlsx")).ballots) == 70


def test_a_round_is_of_typed_answers_without_comments():
    found = round_(read_filled(typed(ST, every(ST, 2))), 6)
    assert (found.terms.mode, found.terms.comments) == (Mode.TYPED, Comments.OFF)
    assert (found.terms.k, found.terms.areas, found.terms.rules.id) == (6, None, "2026")
    assert found.terms.catalogue is catalogue("2026")
    assert (len(found.ballots), found.closed_on) == (1, date(2026, 5, 31))


WRITTEN = {
    Answer.FULLY: [3, 3.0, "3"],
    Answer.LARGELY: [2, "2"],
    Answer.PARTLY: [1, "1"],
    Answer.NOT_AT_ALL: [0, 0.0, "0"],
    Answer.VET_EJ: ["V", "v"],
    Answer.EJ_AKTUELLT: ["E", "e"],
}


@st.composite
def respondents(draw: st.DrawFn) -> dict[Role, list[dict[str, tuple[Answer, Any]]]]:
    """Draw who answered what, and how they wrote it."""
    found: dict[Role, list[dict[str, tuple[Answer, Any]]]] = {}
    for role in Role:
        answers = []
        for _ in range(draw(st.integers(0, 3))):
            # One drawn number fans out over the questions: the tests are of reading, not of chance.
            seed = draw(st.randoms(use_true_random=False))
            chosen = {id: seed.choice(list(Answer)) for id in every(role, None)}
            answers.append({id: (answer, seed.choice(WRITTEN[answer])) for id, answer in chosen.items()})
        found[role] = answers
    return found


@given(respondents())
@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.too_slow])
def test_answers_come_back_exactly_as_they_were_typed(given: dict[Role, list[dict[str, tuple[Answer, Any]]]]):
    typed = {
        role: [{id: as_ for id, (_, as_) in one.items()} for one in all_] for role, all_ in given.items()
    }
    expected = [(role, {id: a for id, (a, _) in one.items()}) for role, all_ in given.items() for one in all_]
    found = of(Blank(typed))
    assert [(ballot.role, dict(ballot.answers)) for ballot in found.ballots] == expected
    assert all(ballot.comments == {} for ballot in found.ballots)


def test_a_column_that_is_wholly_empty_is_passed_over():
    assert len(read_filled(typed(HL, {}, every(HL, 1), {}, every(HL, 2))).ballots) == 2


@pytest.mark.parametrize(
    "value", ["kanske", "4", 4, -1, 2.5, True, False, "V ", " ", "VV", datetime.fromisoformat("2026-01-01")]
)
def test_what_is_no_answer_is_named_by_its_cell(value: object):
    lines = faults_of(typed(HL, {**every(HL, 3), "B1": value}))
    assert len(lines) == 1
    assert lines[0].startswith(f"{HANDLEDARE}!D{rows(HL)['B1']}: ")
    assert lines[0].endswith("är inget av svaren; välj i listan")


def test_the_sentence_quotes_what_was_typed():
    assert faults_of(typed(HL, {**every(HL, 3), "B1": "kanske"})) == [
        f"Svar Handledare!D{rows(HL)['B1']}: 'kanske' är inget av svaren; välj i listan"
    ]


def test_a_long_foreign_text_is_shortened_and_made_harmless():
    (line,) = faults_of(typed(HL, {**every(HL, 3), "B1": "\x1b[2J\u202e" + "x" * 5000}))
    assert "'  [2J" not in line
    assert "x…' är inget" in line
    assert len(line) < 110
    assert line.isprintable()


def test_a_half_filled_column_is_one_fault_with_the_remedy():
    some = {**every(HL, 3), "A1": None, "A6": None, "E4": None}
    cells = ", ".join(f"D{rows(HL)[id]}" for id in ("A1", "A6", "E4"))
    assert faults_of(typed(HL, some)) == [
        f"Svar Handledare!D: 3 frågor saknar svar ({cells}); skriv V för vet ej, eller töm hela kolumnen"
    ]


def test_one_missing_answer_is_told_in_the_singular():
    (line,) = faults_of(typed(HL, {**every(HL, 3), "A1": None}))
    assert line == "Svar Handledare!D: 1 fråga saknar svar (D7); skriv V för vet ej, eller töm hela kolumnen"


def test_of_many_missing_answers_the_first_five_are_named():
    (line,) = faults_of(typed(HL, {"A1": 3}))
    assert "57 frågor saknar svar (D8, D9, D10, D11, D13 …)" in line


def test_answers_to_the_right_of_the_last_column_are_a_fault_for_each_column():
    grid = typed(VC, *[every(VC, 3)] * 5)
    assert [line[:28] for line in faults_of(grid)] == [
        "Svar Verksamhetschef!G: här ",
        "Svar Verksamhetschef!H: här ",
    ]


def test_a_question_that_is_gone_or_stands_twice_is_a_fault():
    grid = typed(SR, every(SR, 3))
    cells: Any = grid.sheets[TABS[SR]]
    lines = rows(SR)
    cells[lines["A5"], 1] = "A1"
    assert faults_of(grid) == [
        "Svar Studierektor: frågor saknas: A5. Hämta en ny arbetsbok och för över svaren till den",
        f"Svar Studierektor!A{lines['A5']}: frågan A1 står på två ställen; ta bort det ena",
    ]


def test_rows_with_other_texts_than_questions_are_passed_over():
    grid = typed(SR, every(SR, 3))
    cells: Any = grid.sheets[TABS[SR]]
    cells[6, 1] = "Z99"
    cells[6, FIRST_COLUMN] = "rubrik"
    assert len(read_filled(grid).ballots) == 1


@pytest.mark.parametrize(
    ("name", "value", "said"),
    [
        (places.LAST_DAY, "i morgon", "'i morgon' är inget datum; skriv sista dagen som 2026-05-31"),
        (places.LAST_DAY, "20260531", "'20260531' är inget datum; skriv sista dagen som 2026-05-31"),
        (places.LAST_DAY, 46173, "46173 är inget datum; skriv sista dagen som 2026-05-31"),
        (places.LAST_DAY, None, "sista dagen saknas; skriv den som 2026-05-31"),
        (places.LAST_DAY, " ", "sista dagen saknas; skriv den som 2026-05-31"),
        (places.K, 3, "3 kan inte stå här; skriv ett heltal, 4 till 10"),
        (places.K, 11, "11 kan inte stå här; skriv ett heltal, 4 till 10"),
        (places.K, True, "SANT kan inte stå här; skriv ett heltal, 4 till 10"),
        (places.K, False, "FALSKT kan inte stå här; skriv ett heltal, 4 till 10"),
        (places.K, 5.5, "5,5 kan inte stå här; skriv ett heltal, 4 till 10"),
        (
            places.K,
            datetime.fromisoformat("2026-01-01"),
            "2026-01-01 kan inte stå här; skriv ett heltal, 4 till 10",
        ),
        (places.K, None, "här saknas ett heltal, 4 till 10"),
        (places.UNIT, "x" * 201, "enhetens namn är längre än 200 tecken; korta det"),
        (places.parameter("assessments"), 53, "53 kan inte stå här; skriv ett heltal, 1 till 52"),
        (places.parameter("assessments"), "sex", "'sex' kan inte stå här; skriv ett heltal, 1 till 52"),
        (places.fact("A2"), "delvis",
         "'delvis' kan inte stå här; skriv något av ja, nej, yes, no, eller lämna tomt"),
        (places.fact("A4"), 1,
         "1 kan inte stå här; skriv något av ja, delvis, nej, yes, partly, no, eller lämna tomt"),
    ],
)  # fmt: skip
def test_what_is_stated_wrongly_is_named_with_what_to_write(name: str, value: object, said: str):
    grid = grid_of(**{name: value})
    assert faults_of(grid) == [f"{grid.names[name].spot.name}: {said}"]


@pytest.mark.parametrize(
    "written", [date(2026, 5, 31), datetime.fromisoformat("2026-05-31T14:05"), " 2026-05-31 "]
)
def test_the_last_day_is_a_date_or_written_as_one(written: object):
    assert read_filled(grid_of(**{places.LAST_DAY: written})).closed_on == date(2026, 5, 31)


def test_numbers_may_be_written_with_decimals_or_as_text():
    grid = grid_of(**{places.K: 7.0, places.parameter("assessments"): "8", places.CATALOGUE: 2026})
    found = read_filled(grid)
    assert (found.k, found.parameters["assessments"], found.catalogue) == (7, 8, "2026")


@pytest.mark.parametrize(
    ("written", "name"), [(None, ""), (" Kliniken  i\nYstad ", "Kliniken i Ystad"), (7, "7")]
)
def test_the_unit_is_as_written_on_one_line(written: object, name: str):
    assert read_filled(grid_of(**{places.UNIT: written})).unit == name


def test_an_empty_fact_states_nothing():
    assert read_filled(grid_of(**{places.fact("A2"): " "})).facts == {}


def test_everything_wrong_is_told_at_once_from_the_first_tab_to_the_last():
    grid = typed(HL, {**every(HL, 3), "A6": "x"}, {**every(HL, 3), "A1": "y"}, **{places.K: 1})
    grid.sheets[TABS[VC]][7, FIRST_COLUMN] = 9
    del grid.names[places.UNIT]
    said = [line.split(":")[0] for line in faults_of(grid)]
    assert said == [
        "namnet enhet är borta ur arbetsboken; hämta en ny arbetsbok och för över svaren till den",
        grid.names[places.K].spot.name,
        "Svar Handledare!E7",
        "Svar Handledare!D9",
        "Svar Verksamhetschef!D7",
        "Svar Verksamhetschef!D",
    ]


@pytest.mark.parametrize(
    "name",
    [
        places.UNIT,
        places.LAST_DAY,
        places.K,
        places.parameter("assessments"),
        places.fact("A2"),
        "svar_handledare",
    ],
)
def test_a_name_that_is_gone_is_a_fault_of_the_whole_file(name: str):
    grid = grid_of()
    names = {key: area for key, area in grid.names.items() if key != name}
    assert faults_of(Grid(grid.sheets, names)) == [
        f"namnet {name} är borta ur arbetsboken; hämta en ny arbetsbok och för över svaren till den"
    ]


def test_a_name_whose_tab_is_gone_counts_as_gone():
    grid = grid_of()
    sheets = {tab: cells for tab, cells in grid.sheets.items() if tab != HANDLEDARE}
    assert len(faults_of(Grid(sheets, grid.names))) == 1


def test_of_very_many_faults_the_first_are_shown_and_the_rest_counted():
    lines = faults_of(typed(HL, *[every(HL, "x")] * 5))
    assert len(lines) == 201
    assert lines[-1] == "… och 90 till; rätta de här först"


@pytest.mark.parametrize(
    ("stated", "said"),
    [
        ({places.KIND: places.EXPORT}, "Det här är ett exporterat resultat, inte en arbetsbok med svar."),
        ({places.KIND: "annat"}, "Det här är inte en STINS-arbetsbok."),
        ({places.KIND: None}, "Det här är inte en STINS-arbetsbok."),
        ({places.CATALOGUE: "1999"}, "Arbetsboken är gjord för frågorna '1999', som inte finns här."),
        ({places.RULES: "1999"}, "Arbetsboken är gjord för reglerna '1999', som inte finns här."),
    ],
)
def test_another_workbook_is_refused_as_a_whole(stated: dict[str, Any], said: str):
    with pytest.raises(Unreadable) as refused:
        read_filled(grid_of(**stated))
    assert refused.value.fault.said(str).startswith(said)


def test_a_workbook_without_our_names_is_none_of_ours():
    with pytest.raises(Unreadable, match="behövs en layoutfil"):
        read_filled(Grid({"Blad1": {(1, 1): "hej"}}, {}))


def test_rules_that_are_not_for_the_questions_are_refused(monkeypatch: pytest.MonkeyPatch):
    from dataclasses import replace

    real = module.rules
    monkeypatch.setattr(module, "rules", lambda id: replace(real(id), catalogues=("1999",)))
    with pytest.raises(Unreadable, match="inte gjorda för dess frågor"):
        read_filled(grid_of())


def test_cells_and_rectangles_are_named_as_in_excel():
    assert Spot("Svar Handledare", 14, 4).name == "Svar Handledare!D14"
    assert Area("Svar", 9, 4, 70, 32).name == "Svar!D9:AF70"


def test_faults_are_said_in_the_language_asked_for():
    with pytest.raises(Faulty) as found:
        read_filled(typed(HL, {**every(HL, 3), "A1": "kanske"}))
    assert found.value.said(lambda _: "not %(value)s") == ["Svar Handledare!D7: not 'kanske'"]


def test_names_and_answers_follow_when_rows_are_moved():
    def moved(workbook: openpyxl.Workbook) -> None:
        sheet = workbook[HANDLEDARE]
        sheet.insert_rows(1, 3)
        name = workbook.defined_names[places.answers(HL)]
        name.attr_text = f"'{HANDLEDARE}'!$D$9:$AQ$80"

    assert len(of(Blank({HL: [every(HL, 3)] * 2}, change=moved)).ballots) == 2
