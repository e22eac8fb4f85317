"""Whatever is wrong in a layout file is told at once, by its key and with what to write."""

import pytest

from stins.workbook.read.faults import Faulty, Unreadable
from stins.workbook.read.layout import parse_layout

TOP = "last_day = 2026-05-31\n"
BLOCK = '[[block]]\nrole = "verksamhetschef"\ntab = "Chef"\n'
WHOLE = f'{BLOCK}ids = "A"\ncolumns = "B"\n'
ROWS = f'{BLOCK}ids = 1\nrows = "2:9"\n'


def faults_of(text: str) -> list[str]:
    with pytest.raises(Faulty) as found:
        parse_layout(text)
    return found.value.said(str)


def test_a_layout_without_faults_has_none():
    assert len(parse_layout(TOP + WHOLE + ROWS).blocks) == 2


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (TOP + 'blok = 1\n' + WHOLE,
         "blok: okänd nyckel; ta bort den, eller använd någon av catalogue, rules"),
        (TOP + 'catalogue = "1999"\n' + WHOLE, "catalogue: '1999' kan inte stå här; skriv 2026"),
        (TOP + "rules = 2026\n" + WHOLE, "rules: 2026 kan inte stå här; skriv 2026"),
        (TOP + "unit = 7\n" + WHOLE, 'unit: 7 kan inte stå här; skriv "…"'),
        (TOP + 'unit = { cell = "C3" }\n' + WHOLE, 'unit: '),
        (TOP + 'unit = { cell = "Framsida!C9999" }\n' + WHOLE, 'unit: '),
        (TOP + 'unit = { cell = 7 }\n' + WHOLE, 'unit: '),
        (TOP + 'unit = { cell = "Framsida!C3", x = 1 }\n' + WHOLE, 'unit: '),
        (WHOLE, "last_day: saknas; skriv last_day = 2026-05-31"),
        ('last_day = "i maj"\n' + WHOLE, "last_day: 'i maj' kan inte stå här; skriv 2026-05-31"),
        ("last_day = 20260531\n" + WHOLE, "last_day: 20260531 kan inte stå här; skriv 2026-05-31"),
        ('last_day = { cell = "C3" }\n' + WHOLE, "last_day: "),
        (TOP + "numbers = 5\n" + WHOLE, "numbers: här ska stå en tabell med nycklar"),
        (TOP + "numbers = { talks = 5 }\n" + WHOLE, "numbers.talks: okänd nyckel; ta bort den, eller använd"),
        (TOP + "numbers = { assessments = 53 }\n" + WHOLE,
         "numbers.assessments: 53 kan inte stå här; skriv 1–52"),
        (TOP + "numbers = { assessments = true }\n" + WHOLE,
         "numbers.assessments: SANT kan inte stå här; skriv 1–52"),
        (TOP + 'numbers = { assessments = { cell = "?" } }\n' + WHOLE, "numbers.assessments: "),
        (TOP + 'facts = { A1 = "ja" }\n' + WHOLE,
         "facts.A1: okänd nyckel; ta bort den, eller använd någon av A2"),
        (TOP + 'facts = { A2 = "delvis" }\n' + WHOLE, "facts.A2: 'delvis' kan inte stå här; skriv ja, nej"),
        (TOP + 'facts = { A2 = { cell = "?" } }\n' + WHOLE, "facts.A2: "),
        (TOP + 'fact_words = { Finns = "yes" }\n' + WHOLE,
         "fact_words.Finns: 'yes' kan inte stå här; skriv ja, delvis, nej"),
        (TOP + "answers = { Helt = 4 }\n" + WHOLE,
         "answers.Helt: 4 kan inte stå här; skriv 3, 2, 1, 0, \"vet_ej\", \"ej_aktuellt\""),
        (TOP + "answers = { Helt = true }\n" + WHOLE, "answers.Helt: SANT kan inte stå här; skriv 3"),
        (TOP + "answers = { Helt = 3.0 }\n" + WHOLE, "answers.Helt: 3 kan inte stå här; skriv 3"),
        (TOP + 'answers = { " " = 3 }\n' + WHOLE, "answers. : ordet är tomt; en tom cell är aldrig ett svar"),
        (TOP + 'answers = { Helt = 3, "HELT " = 2 }\n' + WHOLE,
         "answers.HELT : ordet står två gånger med olika svar"),
        (TOP + 'answers = "Helt"\n' + WHOLE, "answers: här ska stå en tabell med nycklar"),
        (TOP + 'not_asked = { chef = ["A1"] }\n' + WHOLE, "not_asked.chef: okänd nyckel"),
        (TOP + 'not_asked = { handledare = "A1 A2" }\n' + WHOLE,
         "not_asked.handledare.A1 A2: frågan ställs inte till handledare"),
        (TOP + "not_asked = { handledare = [1] }\n" + WHOLE, "not_asked.handledare: "),
        (TOP, "block: saknas; skriv [[block]] ovanför varje grupp av svar"),
        (TOP + "block = 3", "block: saknas; skriv [[block]] ovanför varje grupp av svar"),
        (TOP + "block = [3]", "block 1: här ska stå en tabell med nycklar"),
        (TOP + WHOLE + "colums = 3",
         "block 1.colums: okänd nyckel; ta bort den, eller använd någon av role, tab"),
        (TOP + '[[block]]\ntab = "Chef"\nids = "A"\ncolumns = "B"',
         "block 1.role: saknas; skriv någon av st_lakare, handledare, studierektor, verksamhetschef"),
        (TOP + WHOLE.replace("verksamhets", ""),
         "block 1.role: 'chef' kan inte stå här; skriv st_lakare, handledare"),
        (TOP + WHOLE.replace('tab = "Chef"', ""), "block 1.tab: saknas; skriv tab = "),
        (TOP + WHOLE.replace('"Chef"', '["Chef", ""]'), "block 1.tab: saknas; skriv tab = "),
        (TOP + WHOLE.replace('"Chef"', "5"), "block 1.tab: 5 kan inte stå här; skriv "),
        (TOP + WHOLE + "group = 5", 'block 1.group: 5 kan inte stå här; skriv "…"'),
        (TOP + BLOCK + 'ids = "A"',
         "block 1: skriv en av columns (en person i varje kolumn), rows (en på varje rad)"),
        (TOP + WHOLE + "rows = 3",
         "block 1: skriv en av columns (en person i varje kolumn), rows (en på varje rad)"),
        (TOP + BLOCK + 'columns = "B"',
         "block 1: skriv antingen ids (var frågornas beteckningar står) eller criteria"),
        (TOP + WHOLE + 'criteria = ["A1"]', "block 1: skriv antingen ids"),
        (TOP + WHOLE.replace('"B"', '"F:B"'), "block 1.columns: 'F:B' kan inte stå här; skriv \"C:AF\""),
        (TOP + WHOLE.replace('"B"', '"B:ZZ"'), "block 1.columns: 'B:ZZ' kan inte stå här; skriv \"C:AF\""),
        (TOP + WHOLE.replace('"B"', '"B2"'), "block 1.columns: 'B2' kan inte stå här; skriv \"C:AF\""),
        (TOP + WHOLE.replace('"B"', "2"), "block 1.columns: 2 kan inte stå här; skriv \"C:AF\""),
        (TOP + ROWS.replace('"2:9"', '"9:2"'), "block 1.rows: '9:2' kan inte stå här; skriv \"5:40\""),
        (TOP + ROWS.replace('"2:9"', "true"), "block 1.rows: SANT kan inte stå här; skriv \"5:40\""),
        (TOP + ROWS.replace('"2:9"', '"2:9999"'), "block 1.rows: '2:9999' kan inte stå här; skriv \"5:40\""),
        (TOP + WHOLE.replace('"A"', "1"), 'block 1.ids: 1 kan inte stå här; skriv "A"'),
        (TOP + WHOLE.replace('"A"', '"A1"'), 'block 1.ids: \'A1\' kan inte stå här; skriv "A"'),
        (TOP + ROWS.replace("ids = 1", 'ids = "A"'), "block 1.ids: 'A' kan inte stå här; skriv 1–2000"),
        (TOP + WHOLE + "first_row = 0", "block 1.first_row: 0 kan inte stå här; skriv 1–2000"),
        (TOP + WHOLE + "first_row = 9\nlast_row = 8",
         "block 1: den sista raden eller kolumnen kommer före den första"),
        (TOP + WHOLE + 'first_column = "A"',
         "block 1.first_column: hör inte till ett block av det här slaget"),
        (TOP + ROWS + "first_row = 2", "block 1.first_row: hör inte till ett block av det här slaget"),
        (TOP + ROWS + 'first_column = "?"', 'block 1.first_column: \'?\' kan inte stå här; skriv "A"'),
        (TOP + BLOCK + 'columns = "B"\ncriteria = ["A1", "C1"]',
         "block 1.C1: frågan ställs inte till verksamhetschef; ta bort den, eller rätta beteckningen"),
        (TOP + BLOCK + 'columns = "B"\ncriteria = ["A1", "A1"]',
         "block 1.A1: frågan står två gånger; behåll den ena"),
        (TOP + BLOCK + 'columns = "B"\ncriteria = [1]', "block 1.criteria: "),
        (TOP + BLOCK + "cells = {}", "block 1.cells: här finns ingen fråga; skriv till exempel { A1 = "),
        (TOP + BLOCK + 'cells = { A1 = "5D" }', 'block 1.cells.A1: \'5D\' kan inte stå här; skriv "D5"'),
        (TOP + BLOCK + "cells = { A1 = 5 }", 'block 1.cells.A1: 5 kan inte stå här; skriv "D5"'),
        (TOP + BLOCK + 'cells = { C1 = "D5" }', "block 1.cells.C1: frågan ställs inte till verksamhetschef"),
        (TOP + BLOCK + 'cells = { A1 = "D5" }\nids = "A"',
         "block 1.ids: hör inte till ett block av det här slaget"),
        (TOP + WHOLE + "answers = { Helt = 9 }",
         "block 1.answers.Helt: 9 kan inte stå här; skriv 3, 2, 1, 0"),
    ],
)  # fmt: skip
def test_a_fault_is_named_by_its_key(text: str, said: str):
    lines = faults_of(text)
    assert len(lines) == 1
    assert lines[0].startswith(said)
    assert "%" not in lines[0]


def test_every_fault_is_told_at_once():
    text = 'unit = 7\nlast_day = 5\n[[block]]\nrole = "x"\n[[block]]\ntab = "Chef"\n'
    places = [line.split(": ")[0] for line in faults_of(text)]
    assert places == ["unit", "last_day", "block 1.role", "block 1.tab", "block 1", "block 2.role", "block 2"]


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("last_day = \n", "Rätta rad 1."),
        ('a = 1\nb = "x\n', "Rätta rad 2."),
        ("a = 1\nb = [", "Rätta rad 2."),
        ("a = " + "[" * 9000, "Rätta rad 1."),
        ("# " + "x" * 70_000, "Layoutfilen är längre än 64 KiB."),
    ],
)
def test_what_is_no_layout_file_is_refused_as_a_whole(text: str, said: str):
    with pytest.raises(Unreadable) as refused:
        parse_layout(text)
    assert said in refused.value.fault.said(str)
