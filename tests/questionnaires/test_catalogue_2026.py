"""The published 2026 is the catalogue that was decided, and every text in it can be shown to people."""

import itertools
import re

import pytest

from questionnaires.model import Catalogue, Criterion, Evidence, Fact, Level, Outcome, Question, Role, Text

DIGEST = "aba23c150bf0fdcbcc095920f91cfa294d14a6e4534f70fe28e7ff6060dcfaab"
"""A published catalogue is never edited: results name it. Write a new one instead."""

ASKED = {
    "st_lakare": """
        A1 A5 A6 A7 A9 B1 B2 B5 B6 B7 B8 B10 C1 C2 C3 C4 C5 D1 D2 D3 D4 D5 D6 D7 D8 D9 D10
        D11 D12 E1 E2 E3 E4 E5 E6 E7 E8 E9 E10 E11 E12 E14 F1 F2 F3 F4 F5 G1 G2 G3 G4 G5
        H1 H2 H3 H4 U1 U2
    """,
    "handledare": """
        A1 A5 A6 A7 A9 B1 B2 B3 B4 B5 B6 B7 B8 B10 B11 C1 C3 C4 C5 D1 D2 D3 D4 D5 D6 D7 D8
        D9 D10 D11 D12 E1 E2 E3 E4 E5 E6 E7 E8 E9 E10 E11 E12 E13 E14 F1 F2 F3 F4 G1 G2 G3
        G4 G5 H1 H2 H3 H4
    """,
    "studierektor": """
        A1 A5 A6 A7 A9 B1 B2 B3 B4 B6 B7 B10 B11 C1 C5 D1 D2 D4 D5 D6 D7 D8 D10 D11 D12 E3
        E7 E8 E10 E12 E13 F1 F3 F4 G1 G2 G3 G4 H1 H3
    """,
    "verksamhetschef": "A1 A5 A6 A9 B3 B6 B7 B8 B10 D1 D2 D8 D11 E13 F2 F3 G4",
}

LEVELS = {
    "F": "A1 A2 A4 A5 B1 B2 B3 B6 B7 D1 D2 D3 D10 D12 E1 E2 E6 E13 G1 G3 H1 H3 H4",
    "AR": "A3 B4 B5 B8 B10 D4 D5 D7 E3 E7 E8 E9 F1 F3 F4",
    "KI": """
        A6 A7 A8 A9 B9 B11 C1 C2 C3 C4 C5 D6 D8 D9 D11 E4 E5 E10 E11 E12 E14 F2 F5 F6 G2
        G4 G5 H2
    """,
}

WITHOUT_BASIS = """
    A6 A7 A8 A9 B9 B11 C1 C2 C3 C4 C5 D8 D9 E5
    F2 F5 F6 G2 G4 G5 H2
"""

OR_IN_THE_CRITERION_ITSELF = ("C5", "E12", "G3")


def texts(catalogue: Catalogue) -> list[Text]:
    """Every text that is printed to somebody."""
    return [
        *(text for area in catalogue.areas.values() for text in (area.group, area.name)),
        *(parameter.name for parameter in catalogue.parameters.values()),
        *(each.statement for each in judged(catalogue)),
        *(criterion.basis for criterion in catalogue.criteria.values() if criterion.basis.sv),
        *(question.text for _, question in questions(catalogue)),
    ]


def judged(catalogue: Catalogue) -> list[Criterion | Outcome]:
    """All that can be asked about, in catalogue order."""
    return [*catalogue.criteria.values(), *catalogue.outcomes.values()]


def questions(catalogue: Catalogue) -> list[tuple[Role, Question]]:
    """Every question with the role that reads it."""
    return [
        (role, question) for role, each in catalogue.questionnaires.items() for question in each.questions
    ]


def test_the_published_catalogue_is_never_edited(published: Catalogue) -> None:
    assert published.digest == DIGEST


def test_there_are_66_criteria_in_eight_areas_and_two_outcomes(published: Catalogue) -> None:
    assert len(published.criteria) == 66
    assert list(published.areas) == list("ABCDEFGH")
    assert list(published.outcomes) == ["U1", "U2"]


def test_the_areas_have_the_names_of_spur(published: Catalogue) -> None:
    assert [(area.group.sv, area.name.sv) for area in published.areas.values()] == [
        ("Struktur", "Verksamheten"),
        ("Struktur", "Medarbetarstab och interna kompetenser"),
        ("Struktur", "Lokaler och utrustning"),
        ("Process", "Tjänstgöringens uppläggning"),
        ("Process", "Handledning och uppföljning"),
        ("Process", "Teoretisk utbildning"),
        ("Process", "Medicinsk vetenskap och kvalitetsarbete"),
        ("Process", "Ledarskap och kommunikation"),
    ]


@pytest.mark.parametrize("role", Role)
def test_each_role_is_asked_what_was_decided(published: Catalogue, role: Role) -> None:
    asked = [question.id for question in published.questionnaires[role].questions]
    assert asked == ASKED[role].split()
    assert asked == [each.id for each in judged(published) if role in each.asked]


def test_each_role_gets_as_many_questions_as_was_promised(published: Catalogue) -> None:
    numbers = {role: len(each.questions) for role, each in published.questionnaires.items()}
    assert numbers == {
        Role.ST_LAKARE: 56 + 2,
        Role.HANDLEDARE: 58,
        Role.STUDIEREKTOR: 40,
        Role.VERKSAMHETSCHEF: 17,
    }


@pytest.mark.parametrize("level", Level)
def test_each_criterion_has_the_level_that_was_decided(published: Catalogue, level: Level) -> None:
    assert [c.id for c in published.criteria.values() if c.level is level] == LEVELS[level].split()


def test_the_provisional_and_the_critical_are_those_that_were_decided(published: Catalogue) -> None:
    criteria = published.criteria.values()
    assert [c.id for c in criteria if c.provisional] == ["A1", "A5", "D3", "E6", "E13"]
    assert [c.id for c in criteria if c.critical] == ["C1"]


def test_six_criteria_are_stated_or_registered_facts(published: Catalogue) -> None:
    facts = {c.id: (c.evidence, c.facts) for c in published.criteria.values() if not c.asked}
    three = (Fact.JA, Fact.DELVIS, Fact.NEJ)
    assert facts == {
        "A2": (Evidence.REGISTER, (Fact.JA, Fact.NEJ)),
        "A3": (Evidence.REGISTER, (Fact.JA, Fact.NEJ)),
        "A4": (Evidence.REGISTER, three),
        "A8": (Evidence.UPPGIFT, three),
        "B9": (Evidence.UPPGIFT, three),
        "F6": (Evidence.UPPGIFT, three),
    }


def test_only_indicators_may_stand_without_a_basis(published: Catalogue) -> None:
    without = [c for c in published.criteria.values() if not c.basis.sv]
    assert [c.id for c in without] == WITHOUT_BASIS.split()
    assert {c.level for c in without} == {Level.KI}


def test_an_unverified_basis_says_so_in_both_languages(published: Catalogue) -> None:
    for criterion in published.criteria.values():
        assert ("ej verifierad" in criterion.basis.sv) == ("not verified" in criterion.basis.en)


def test_the_numbers_of_the_region_are_skanes_by_default(published: Catalogue) -> None:
    numbers = {p.id: (p.default, p.least, p.most) for p in published.parameters.values()}
    assert numbers == {
        "assessments": (6, 1, 52),
        "programme_months": (7, 1, 24),
        "supervision_talks": (9, 1, 52),
    }


@pytest.mark.parametrize(
    ("id", "parameter"), [("D6", "programme_months"), ("E4", "supervision_talks"), ("E10", "assessments")]
)
def test_every_text_on_a_regional_number_shows_it(published: Catalogue, id: str, parameter: str) -> None:
    texts = [question.text for _, question in questions(published) if question.id == id]
    texts.append(published.criteria[id].statement)
    assert len(texts) == 1 + len(published.asked(id))
    for text in texts:
        assert f"{{{parameter}}}" in text.sv
        assert "41" in text.render("sv", {parameter: 41})
        assert "41" in text.render("en", {parameter: 41})


@pytest.mark.parametrize("lang", ["sv", "en"])
def test_every_text_can_be_shown_with_the_default_numbers(published: Catalogue, lang: str) -> None:
    defaults = {parameter.id: parameter.default for parameter in published.parameters.values()}
    for text in texts(published):
        shown = text.render(lang, defaults)
        assert shown == " ".join(shown.split()) != ""
        assert "{" not in shown


@pytest.mark.parametrize("lang", ["sv", "en"])
def test_every_statement_is_one_sentence_of_its_own(published: Catalogue, lang: str) -> None:
    statements = [each.statement for each in judged(published)]
    for text in [*statements, *(question.text for _, question in questions(published))]:
        assert re.fullmatch(r"[A-ZÅÄÖ][^.!?]*\.", text.plain(lang)), text


def test_no_two_questions_to_a_role_read_the_same(published: Catalogue) -> None:
    for questionnaire in published.questionnaires.values():
        for one, other in itertools.combinations(questionnaire.questions, 2):
            assert one.text.sv != other.text.sv
            assert one.text.en != other.text.en


def test_a_question_holds_an_or_only_where_its_criterion_does(published: Catalogue) -> None:
    for _, question in questions(published):
        if question.id not in OR_IN_THE_CRITERION_ITSELF:
            assert " eller " not in question.text.sv
            assert " or " not in question.text.en


def test_no_question_denies_twice(published: Catalogue) -> None:
    for _, question in questions(published):
        assert len(re.findall(r"\b(inte|ej|utan|ingen|inget|inga|aldrig)\b", question.text.sv)) <= 1
        assert len(re.findall(r"\b(not|no|never|without|none|nobody)\b", question.text.en)) <= 1


def test_an_st_lakare_is_never_asked_to_vouch_for_others_by_acquaintance(published: Catalogue) -> None:
    for question in published.questionnaires[Role.ST_LAKARE].questions:
        assert "jag känner till" not in question.text.sv
        assert "I know of" not in question.text.en


def test_an_english_text_calls_people_by_the_glossary(published: Catalogue) -> None:
    for text in texts(published):
        english = text.en.lower()
        assert not re.search(r"st-läkare|handledare|studierektor|verksamhetschef|tutor|resident", english)
        assert english.count("trainee") == english.count("specialty trainee"), text
        assert ("huvudhandledare" in text.sv.lower()) == ("principal supervisor" in english)
