"""Whoever writes a catalogue is told of every fault at once: file, key, problem, remedy."""

from typing import Any

import pytest

from questionnaires.model import Role
from questionnaires.read import CatalogueError, Fault

AREAS, CRITERIA, ST, HL, SR, VC = (
    "areas.toml",
    "criteria.toml",
    "st_lakare.toml",
    "handledare.toml",
    "studierektor.toml",
    "verksamhetschef.toml",
)


# ── Whole files ─────────────────────────────────────────────────────────────────────────────────────────


def test_a_syntax_error_is_a_fault_with_its_line(copy: Any) -> None:
    copy.change(HL, "[[question]]", "[[question]\n")
    (line,) = copy.lines()
    assert line.startswith("handledare.toml: line 3: is not TOML: ")
    assert line.endswith("; correct the line")


def test_a_syntax_error_at_the_end_of_a_file_is_on_its_last_line(copy: Any) -> None:
    (copy.folder / VC).write_text("# one\n# two\nquestion =", encoding="utf-8")
    (fault,) = copy.faults()
    assert (fault.file, fault.key) == (VC, "line 3")


def test_a_missing_file_is_a_fault_and_breeds_no_others(copy: Any) -> None:
    (copy.folder / SR).unlink()
    assert copy.lines() == [
        "studierektor.toml: the file is missing; put studierektor.toml in the catalogue's folder"
    ]


def test_an_empty_folder_lacks_all_six_files(copy: Any) -> None:
    for path in copy.folder.iterdir():
        path.unlink()
    assert [fault.file for fault in copy.faults()] == [AREAS, CRITERIA, ST, HL, SR, VC]


def test_a_file_that_is_not_utf_8_is_a_fault_with_its_line(copy: Any) -> None:
    path = copy.folder / ST
    path.write_bytes(path.read_bytes().replace("någ".encode(), b"n", 1).replace("å".encode(), b"\xe5", 1))
    (fault,) = copy.faults()
    assert fault.file == ST
    assert fault.key.startswith("line ")
    assert (fault.problem, fault.remedy) == ("is not UTF-8", "save the file as UTF-8")


def test_an_unknown_table_is_a_fault(copy: Any) -> None:
    copy.append(CRITERIA, '\n[[criteria]]\nid = "A1"\n')
    assert copy.faults() == (
        Fault(CRITERIA, "criteria", "is not a known table", "remove it, or use [[criterion]] or [[outcome]]"),
    )


@pytest.mark.parametrize("text", ["question = 3\n", "question = [3]\n", "[question]\ncriterion = 'A1'\n"])
def test_a_table_that_is_not_a_list_of_tables_is_a_fault(copy: Any, text: str) -> None:
    (copy.folder / ST).write_text(text, encoding="utf-8")
    assert copy.lines() == [
        "st_lakare.toml: question: is not a list of tables; write [[question]] above each row"
    ]


def test_a_catalogue_without_areas_is_a_fault(copy: Any) -> None:
    for path in copy.folder.iterdir():
        path.write_text("", encoding="utf-8")
    assert copy.lines() == ["areas.toml: area: there is no area; write [[area]] for each"]


# ── Single rows ─────────────────────────────────────────────────────────────────────────────────────────


def test_an_unknown_key_is_a_fault(copy: Any) -> None:
    copy.change_row(CRITERIA, "A1", "level =", 'weight = "F"\nlevel =')
    (fault,) = copy.faults()
    assert (fault.file, fault.key, fault.problem) == (CRITERIA, "A1.weight", "is not a known key")
    assert fault.remedy.startswith("remove it, or use one of id, sv, en, area, level,")


def test_a_question_is_told_its_own_keys(copy: Any) -> None:
    copy.change_row(ST, "B1", "sv =", 'no = "Jeg"\nsv =')
    assert copy.lines() == [
        "st_lakare.toml: B1.no: is not a known key; remove it, or use one of criterion, sv, en"
    ]


@pytest.mark.parametrize(
    ("file", "id", "old", "new", "line"),
    [
        (CRITERIA, "A1", 'level = "F"', 'level = "X"', "A1.level: 'X' is not a level; use F, AR or KI"),
        (
            CRITERIA,
            "A1",
            'evidence = "enkät"',
            'evidence = "intervju"',
            "A1.evidence: 'intervju' is not a kind of evidence; use enkät, uppgift or register",
        ),
        (
            CRITERIA,
            "C2",
            '["st_lakare"]',
            '["st_läkare"]',
            "C2.asked: 'st_läkare' is not a role; use st_lakare, handledare, studierektor or verksamhetschef",
        ),
        (
            CRITERIA,
            "A8",
            '"delvis"',
            '"kanske"',
            "A8.facts: 'kanske' is not a fact; use ja, delvis or nej",
        ),
    ],
)
def test_a_word_outside_its_list_is_a_fault(
    copy: Any, file: str, id: str, old: str, new: str, line: str
) -> None:
    copy.change_row(file, id, old, new)
    assert copy.lines()[0] == f"{file}: {line}"


@pytest.mark.parametrize(
    ("file", "id", "old", "new", "line"),
    [
        (
            CRITERIA,
            "A1",
            "provisional = true",
            'provisional = "ja"',
            "A1.provisional: 'ja' is not true or false; write true or false",
        ),
        (
            AREAS,
            "assessments",
            "default = 6",
            "default = 6.0",
            "assessments.default: 6.0 is not a whole number; write a whole number",
        ),
        (
            CRITERIA,
            "C2",
            '["st_lakare"]',
            '"st_lakare"',
            "C2.asked: 'st_lakare' is not a list; write a list",
        ),
        (AREAS, "A", '"Verksamheten"', "7", "A.name_sv: 7 is not text in quotes; write text in quotes"),
    ],
)
def test_a_value_of_the_wrong_type_is_a_fault(
    copy: Any, file: str, id: str, old: str, new: str, line: str
) -> None:
    copy.change_row(file, id, old, new)
    assert copy.lines() == [f"{file}: {line}"]


@pytest.mark.parametrize("key", ["sv", "en"])
@pytest.mark.parametrize("file", [CRITERIA, ST, HL])
def test_a_missing_language_is_a_fault(copy: Any, file: str, key: str) -> None:
    copy.change_row(file, "B1", f"\n{key} =", f"\n# {key} =")
    language = {"sv": "Swedish", "en": "English"}[key]
    assert copy.lines() == [f"{file}: B1.{key}: the {language} text is missing; write {key}"]


def test_a_missing_key_is_a_fault(copy: Any) -> None:
    copy.change_row(CRITERIA, "A6", 'level = "KI"\n', "")
    assert copy.lines() == ["criteria.toml: A6.level: is missing; write level"]


def test_a_row_without_an_id_is_named_by_its_number(copy: Any) -> None:
    copy.append(CRITERIA, '\n[[outcome]]\nsv = "Bra."\nen = "Good."\nasked = ["st_lakare"]\n')
    assert copy.lines() == ["criteria.toml: outcome 3.id: is missing; write id"]


def test_a_row_with_an_empty_id_is_named_by_its_number(copy: Any) -> None:
    copy.change_row(AREAS, "assessments", '"assessments"', '" "')
    copy.change_row(CRITERIA, "E10", "({assessments})", "(6)")
    assert "areas.toml: parameter 2.id: ' ' is not a parameter's id; use small letters a-z and _" in (
        copy.lines()
    )


@pytest.mark.parametrize("empty", ['""', '"  "'])
def test_an_empty_text_is_a_fault(copy: Any, empty: str) -> None:
    copy.change_row(AREAS, "A", '"Clinical activities"', empty)
    assert copy.lines() == ["areas.toml: A.name_en: is empty; write the text"]


@pytest.mark.parametrize(
    ("file", "id", "new", "problem"),
    [
        (AREAS, "A", "AB", "'AB' is not an area's id"),
        (CRITERIA, "A1", "A01", "'A01' is not a criterion's id"),
        (CRITERIA, "U1", "outcome", "'outcome' is not a criterion's id"),
        (AREAS, "assessments", "Assessments", "'Assessments' is not a parameter's id"),
    ],
)
def test_a_misshapen_id_is_a_fault(copy: Any, file: str, id: str, new: str, problem: str) -> None:
    copy.change_row(file, id, f'"{id}"', f'"{new}"')
    assert (file, f"{new}.id", problem) in {(f.file, f.key, f.problem) for f in copy.faults()}


# ── Rows against each other ─────────────────────────────────────────────────────────────────────────────


def test_an_unknown_area_is_a_fault(copy: Any) -> None:
    copy.remove_row(AREAS, "H")
    lines = copy.lines()
    assert lines[0] == "criteria.toml: H1.area: 'H' is not an area; use one of A, B, C, D, E, F, G"
    assert len(lines) == 4


def test_a_criterion_that_does_not_begin_with_its_area_is_a_fault(copy: Any) -> None:
    copy.change_row(CRITERIA, "A6", 'area = "A"', 'area = "B"')
    assert copy.lines() == [
        "criteria.toml: A6.id: does not begin with its area 'B'; use the area's letter and a number"
    ]


def test_an_area_without_criteria_is_a_fault(copy: Any) -> None:
    copy.append(
        AREAS,
        '\n[[area]]\nid = "I"\ngroup_sv = "P"\ngroup_en = "P"\nname_sv = "Ny"\nname_en = "New"\n',
    )
    assert copy.lines() == [
        "areas.toml: I: no criterion belongs to it; write one in criteria.toml, or remove it"
    ]


@pytest.mark.parametrize(
    ("file", "id"),
    [(AREAS, "A"), (AREAS, "assessments"), (CRITERIA, "B1"), (CRITERIA, "U1")]
    + [(f"{role}.toml", "D1") for role in Role],
)
def test_an_id_that_stands_twice_is_a_fault(copy: Any, file: str, id: str) -> None:
    copy.append(file, "\n" + copy.row(file, id))
    assert copy.lines() == [f"{file}: {id}: stands 2 times; keep one of them"]


def test_an_outcome_cannot_have_the_id_of_a_criterion(copy: Any) -> None:
    copy.change_row(CRITERIA, "U1", '"U1"', '"C2"')
    copy.remove_row(ST, "U1")
    assert copy.lines() == ["criteria.toml: C2: stands 2 times; keep one of them"]


@pytest.mark.parametrize("role", Role)
def test_a_role_asked_that_has_no_question_is_a_fault(copy: Any, role: Role) -> None:
    copy.remove_row(f"{role}.toml", "D1")
    assert copy.lines() == [
        f"{role}.toml: D1: has no question; write it, or take {role} out of asked in criteria.toml"
    ]


def test_an_outcome_that_has_no_question_is_a_fault(copy: Any) -> None:
    copy.remove_row(ST, "U2")
    assert [(fault.file, fault.key) for fault in copy.faults()] == [(ST, "U2")]


def test_a_question_without_a_criterion_is_a_fault(copy: Any) -> None:
    copy.append(VC, '\n[[question]]\ncriterion = "Z9"\nsv = "Bra."\nen = "Good."\n')
    assert copy.lines() == [
        "verksamhetschef.toml: Z9: there is no such criterion; "
        "remove the question, or write Z9 in criteria.toml"
    ]


def test_a_question_for_a_role_not_asked_is_a_fault(copy: Any) -> None:
    copy.append(VC, '\n[[question]]\ncriterion = "C1"\nsv = "Bra."\nen = "Good."\n')
    assert copy.lines() == [
        "verksamhetschef.toml: C1: verksamhetschef is not asked this; "
        "remove the question, or put verksamhetschef in asked in criteria.toml"
    ]


@pytest.mark.parametrize(("role", "id"), [("studierektor", "C1"), ("verksamhetschef", "B8")])
def test_those_counted_with_handledare_are_not_asked_without_them(copy: Any, role: str, id: str) -> None:
    copy.change_row(CRITERIA, id, '"handledare", ', "")
    copy.remove_row(HL, id)
    assert copy.lines() == [
        f"criteria.toml: {id}.asked: {role} is asked without handledare; "
        "ask handledare too: they are counted together"
    ]


@pytest.mark.parametrize("key", ["sv", "en"])
def test_a_question_of_more_than_twenty_words_is_a_fault(copy: Any, key: str) -> None:
    twenty = " ".join(["ord"] * 19) + " {assessments}"
    copy.change_row(ST, "E10", "sv =", f'sv = "{twenty}"\n# sv =')
    copy.change_row(ST, "E10", "en =", f'en = "{twenty}"\n# en =')
    copy.read()
    copy.change_row(ST, "E10", f'{key} = "ord', f'{key} = "ett ord')
    assert copy.lines() == [f"st_lakare.toml: E10.{key}: has 21 words; shorten it to 20 words"]


def test_an_enkat_criterion_without_roles_is_a_fault(copy: Any) -> None:
    copy.change_row(CRITERIA, "C2", 'asked = ["st_lakare"]', "")
    copy.remove_row(ST, "C2")
    assert copy.lines() == ["criteria.toml: C2.asked: nobody is asked; name at least one role"]


def test_an_outcome_without_roles_is_a_fault(copy: Any) -> None:
    copy.change_row(CRITERIA, "U2", 'asked = ["st_lakare"]', "asked = []")
    copy.remove_row(ST, "U2")
    assert copy.lines() == ["criteria.toml: U2.asked: nobody is asked; name at least one role"]


@pytest.mark.parametrize(("id", "evidence"), [("A2", "register"), ("A8", "uppgift")])
def test_roles_on_a_fact_are_a_fault(copy: Any, id: str, evidence: str) -> None:
    copy.change_row(CRITERIA, id, "facts =", 'asked = ["st_lakare"]\nfacts =')
    copy.append(ST, f'\n[[question]]\ncriterion = "{id}"\nsv = "Bra."\nen = "Good."\n')
    assert copy.lines() == [
        f"criteria.toml: {id}.asked: nobody is asked of evidence {evidence}; remove asked, or change evidence"
    ]


def test_a_fact_that_cannot_be_stated_is_a_fault(copy: Any) -> None:
    copy.change_row(CRITERIA, "A8", "facts =", "# facts =")
    assert copy.lines() == [
        'criteria.toml: A8.facts: evidence uppgift needs facts; write facts, such as ["ja", "delvis", "nej"]'
    ]


def test_facts_on_an_enkat_criterion_are_a_fault(copy: Any) -> None:
    copy.change_row(CRITERIA, "C2", "asked =", 'facts = ["ja"]\nasked =')
    assert copy.lines() == [
        "criteria.toml: C2.facts: an enkät criterion states no facts; remove facts, or change evidence"
    ]


@pytest.mark.parametrize(("id", "level"), [("B1", "F"), ("B4", "AR")])
def test_only_an_indicator_can_be_critical(copy: Any, id: str, level: str) -> None:
    copy.change_row(CRITERIA, id, "evidence =", "critical = true\nevidence =")
    assert copy.lines() == [
        f"criteria.toml: {id}.critical: {level} cannot be critical; only KI can: remove it"
    ]


@pytest.mark.parametrize(("id", "level"), [("B4", "AR"), ("C2", "KI")])
def test_only_a_foreskrift_can_be_provisional(copy: Any, id: str, level: str) -> None:
    copy.change_row(CRITERIA, id, "evidence =", "provisional = true\nevidence =")
    assert copy.lines() == [
        f"criteria.toml: {id}.provisional: {level} cannot be provisional; only F can: remove it"
    ]


@pytest.mark.parametrize(("id", "level"), [("B1", "F"), ("B4", "AR")])
def test_what_the_law_says_needs_a_basis(copy: Any, id: str, level: str) -> None:
    copy.change_row(CRITERIA, id, "basis_sv", "# basis_sv")
    copy.change_row(CRITERIA, id, "basis_en", "# basis_en")
    assert copy.lines() == [
        f"criteria.toml: {id}.basis_sv: {level} has no legal basis; write basis_sv and basis_en, or use KI"
    ]


@pytest.mark.parametrize(("key", "language"), [("basis_sv", "Swedish"), ("basis_en", "English")])
def test_a_basis_in_one_language_is_a_fault(copy: Any, key: str, language: str) -> None:
    copy.change_row(CRITERIA, "E4", key, f"# {key}")
    assert copy.lines() == [f"criteria.toml: E4.{key}: the {language} text is missing; write {key}"]


@pytest.mark.parametrize("file", [CRITERIA, ST])
def test_an_unknown_parameter_is_a_fault(copy: Any, file: str) -> None:
    for _ in ("sv", "en"):
        copy.change_row(file, "E4", "{supervision_talks}", "{talks}")
    known = "assessments, programme_months, supervision_talks"
    assert copy.lines() == [
        f"{file}: E4.{key}: {{talks}} is not a parameter; use one of {known}, or write it in areas.toml"
        for key in ("sv", "en")
    ]


@pytest.mark.parametrize("braces", ["{", "}", "{}", "{ assessments }", "{assessments:d}", "{0}", "{{x}}"])
def test_malformed_braces_are_a_fault(copy: Any, braces: str) -> None:
    copy.change_row(ST, "B1", "namngiven", f"namngiven {braces}")
    fault = copy.faults()[0]
    assert (fault.file, fault.key) == (ST, "B1.sv")
    assert fault.problem.startswith("malformed braces in 'Jag har en n")
    assert fault.remedy == "write a parameter as {name}, and no other braces"


@pytest.mark.parametrize(
    ("file", "id", "key", "old"),
    [(AREAS, "A", "name_sv", "Verksamheten"), (CRITERIA, "E4", "basis_sv", "Sus riktlinje")],
)
def test_a_text_that_is_not_rendered_takes_no_parameter(
    copy: Any, file: str, id: str, key: str, old: str
) -> None:
    copy.change_row(file, id, f'{key} = "{old}', f'{key} = "{{assessments}}')
    (fault,) = copy.faults()
    assert (fault.file, fault.key) == (file, f"{id}.{key}")
    assert fault.problem.startswith("malformed braces")


def test_parameters_that_differ_between_the_languages_are_a_fault(copy: Any) -> None:
    copy.change_row(HL, "E4", "at least {supervision_talks}", "at least nine")
    assert copy.lines() == [
        "handledare.toml: E4.en: has other parameters than the Swedish text; use the same in both languages"
    ]


@pytest.mark.parametrize("default", [0, 53])
def test_a_default_outside_its_bounds_is_a_fault(copy: Any, default: int) -> None:
    copy.change_row(AREAS, "supervision_talks", "default = 9", f"default = {default}")
    assert copy.lines() == [
        f"areas.toml: supervision_talks.default: {default} is not within 1 to 52; "
        "change default, least or most"
    ]


@pytest.mark.parametrize("default", [1, 52])
def test_a_default_at_its_bound_is_none(copy: Any, default: int) -> None:
    copy.change_row(AREAS, "supervision_talks", "default = 9", f"default = {default}")
    assert copy.read().parameters["supervision_talks"].default == default


# ── Several at once ─────────────────────────────────────────────────────────────────────────────────────


def test_all_faults_in_all_files_are_reported_at_once_in_file_order(copy: Any) -> None:
    copy.change(SR, "[[question]]", "[[question")
    copy.change_row(VC, "A1", "en =", "# en =")
    copy.remove_row(HL, "C3")
    copy.change_row(CRITERIA, "A6", 'level = "KI"', 'level = "X"\nweight = 1')
    copy.change_row(CRITERIA, "A9", 'area = "A"', 'area = "Q"')
    copy.change_row(AREAS, "B", "name_en", "# name_en")
    (copy.folder / ST).unlink()
    assert [(fault.file, fault.key) for fault in copy.faults()] == [
        (AREAS, "B.name_en"),
        (CRITERIA, "A6.level"),
        (CRITERIA, "A6.weight"),
        (CRITERIA, "A9.area"),
        (CRITERIA, "A9.id"),
        (ST, ""),
        (HL, "C3"),
        (SR, "line 3"),
        (VC, "A1.en"),
    ]


def test_a_fault_in_a_row_breeds_none_in_the_files_that_refer_to_it(copy: Any) -> None:
    copy.change_row(CRITERIA, "D1", 'level = "F"', 'level = "X"')
    copy.change_row(AREAS, "H", "name_en", "# name_en")
    copy.change_row(AREAS, "assessments", "default = 6", 'default = "6"')
    assert [fault.key for fault in copy.faults()] == ["H.name_en", "assessments.default", "D1.level"]


@pytest.mark.parametrize("file", [AREAS, CRITERIA])
def test_a_file_that_cannot_be_read_breeds_no_faults_in_the_others(copy: Any, file: str) -> None:
    (copy.folder / file).write_text("=", encoding="utf-8")
    assert [fault.file for fault in copy.faults()] == [file]


def test_the_error_as_text_is_a_line_for_each_fault(copy: Any) -> None:
    copy.change_row(CRITERIA, "A1", 'level = "F"', 'level = "X"')
    copy.append(ST, '\n[[question]]\ncriterion = "A\\n\\u20281"\nsv = "Bra."\nen = "Good."\n')
    with pytest.raises(CatalogueError) as refused:
        copy.read()
    assert str(refused.value).splitlines() == [
        "criteria.toml: A1.level: 'X' is not a level; use F, AR or KI",
        "st_lakare.toml: A  1: there is no such criterion; "
        "remove the question, or write A  1 in criteria.toml",
    ]
    assert isinstance(refused.value, ValueError)
