"""ballots.json: a sound one becomes a round; what is wrong is refused in one line with its place."""

import json
from copy import deepcopy
from datetime import date
from typing import Any

import pytest

from questionnaires.model import Fact
from scoring.ballots import Answer
from scoring.documents import read as reading
from scoring.documents.objects import Malformed, parse
from scoring.documents.read import read_round
from scoring.release import publish
from scoring.rounds import Comments, Mode
from tests.scoring.scoring_documents import (
    Mutation,
    area_document,
    ballot_document,
    drop,
    put,
    round_document,
)
from tests.scoring.scoring_samples import CLOSED_ON, EDITION, HL, RULES, SMALL, SR, ST, VC

AREAS = "A, B, C, D, E, F, G, H"
ANSWERS = "allowed: 3, 2, 1, 0, vet_ej, ej_aktuellt"
DAY = "it must be a date such as 2026-11-22"


def refusal(document: Any) -> str:
    """Give the line with which a document is refused."""
    with pytest.raises(Malformed) as refused:
        read_round(document)
    return str(refused.value)


def changed(*mutations: Mutation) -> dict[str, Any]:
    """Give the sound document with something spoilt in it."""
    document = round_document()
    for mutation in mutations:
        mutation(document)
    return document


# --- what is read ---


def test_a_sound_document_becomes_a_round() -> None:
    round_ = read_round(round_document())
    terms = round_.terms
    assert (terms.catalogue, terms.rules, terms.mode, terms.k) == (EDITION, RULES, Mode.ANONYMOUS, 5)
    assert (terms.areas, terms.comments, round_.closed_on) == (None, Comments.REVIEWED, CLOSED_ON)
    assert round_.facts == {"A2": Fact.JA, "A4": Fact.DELVIS}
    assert [ballot.role for ballot in round_.ballots] == [ST, HL, VC]


@pytest.mark.parametrize("answer", list(Answer))
def test_an_answer_is_read_as_it_is_written(answer: Answer) -> None:
    round_ = read_round(changed(put("ballots.0.answers.B1", answer.value)))
    assert round_.ballots[0].answers["B1"] is answer


def test_answers_are_kept_in_the_order_of_the_catalogue() -> None:
    document = round_document()
    document["ballots"][0]["answers"] = dict(reversed(document["ballots"][0]["answers"].items()))
    assert list(read_round(document).ballots[0].answers) == list(ballot_document(ST)["answers"])


def test_comments_are_kept_as_they_were_written() -> None:
    document = changed(put("ballots.0.comments", {"best": " Kollegorna … "}))
    assert read_round(document).ballots[0].comments == {"best": " Kollegorna … "}


def test_rules_left_out_are_the_newest_of_the_catalogue() -> None:
    assert read_round(changed(drop("rules"))).terms.rules is RULES


def test_rules_that_are_null_are_the_newest_of_the_catalogue() -> None:
    assert read_round(changed(put("rules", None))).terms.rules is RULES


@pytest.mark.parametrize("key", ["areas", "facts"])
def test_areas_and_facts_may_be_left_out(key: str) -> None:
    round_ = read_round(changed(drop(key)))
    assert not (round_.terms.areas if key == "areas" else round_.facts)


def test_comments_that_are_not_mentioned_are_off() -> None:
    assert read_round(changed(drop("comments"))).terms.comments is Comments.OFF


def test_a_ballot_may_leave_its_comments_out() -> None:
    assert read_round(changed(drop("ballots.0.comments"))).ballots[0].comments == {}


def test_a_ballot_may_hold_an_empty_object_of_comments_where_they_are_off() -> None:
    assert read_round(changed(drop("comments"), put("ballots.0.comments", {}))).ballots[0].comments == {}


@pytest.mark.parametrize("mode", list(Mode))
def test_every_mode_is_read(mode: Mode) -> None:
    document = changed(put("mode", str(mode)), drop("comments"))
    assert read_round(document).terms.mode is mode


def test_a_round_without_ballots_is_read_and_releases_nothing() -> None:
    release = publish(read_round(changed(put("ballots", []))))
    assert (release.cells, release.results, release.comments) == ((), {}, {})


def test_a_release_is_dated_with_the_day_the_round_closes() -> None:
    assert publish(read_round(changed(put("closes_on", "2026-02-28")))).closed_on == date(2026, 2, 28)


def test_facts_are_kept_in_the_order_of_the_catalogue() -> None:
    round_ = read_round(changed(put("facts", {"F6": "nej", "B9": "delvis", "A8": "ja"})))
    assert list(round_.facts.items()) == [("A8", Fact.JA), ("B9", Fact.DELVIS), ("F6", Fact.NEJ)]


# --- a part of the areas ---


def test_a_partial_round_asks_the_questions_of_its_areas_alone() -> None:
    round_ = read_round(area_document())
    assert [list(ballot.answers) for ballot in round_.ballots] == [
        ["C1", "C2", "C3", "C4", "C5"],
        ["C1", "C2", "C3", "C4", "C5"],
        ["C1", "C3", "C4", "C5"],
    ]


def test_the_areas_of_a_partial_round_are_put_in_the_order_of_the_catalogue() -> None:
    document = area_document() | {"areas": ["F", "C"], "ballots": []}
    assert read_round(document).terms.areas == ("C", "F")


def test_the_facts_of_other_areas_are_left_out_of_a_partial_round() -> None:
    document = area_document() | {"areas": ["F"], "ballots": [], "facts": {"A2": "ja", "F6": "delvis"}}
    assert read_round(document).facts == {"F6": Fact.DELVIS}


def test_a_fact_of_another_area_is_checked_all_the_same() -> None:
    document = area_document() | {"facts": {"A2": "delvis"}}
    assert refusal(document) == "facts: A2 is 'delvis'; allowed: ja, nej"


def test_a_question_of_another_area_is_not_asked_in_a_partial_round() -> None:
    document = area_document()
    document["ballots"][2]["answers"]["A1"] = 3
    assert refusal(document) == "ballot 3: A1 is not asked of handledare; leave it out"


def test_an_outcome_is_not_asked_in_a_partial_round() -> None:
    document = area_document()
    document["ballots"][0]["answers"]["U1"] = 3
    assert refusal(document) == "ballot 1: U1 is not asked of st_lakare; leave it out"


def test_a_role_that_is_asked_nothing_in_the_areas_hands_in_nothing() -> None:
    document = area_document()
    document["ballots"].append(ballot_document(VC, ("C",)))
    assert refusal(document) == (
        "ballot 4: verksamhetschef is asked nothing in the chosen areas; leave the ballot out"
    )


def test_a_studierektor_is_asked_in_area_c() -> None:
    document = area_document()
    document["ballots"].append(ballot_document(SR, ("C",)))
    assert list(read_round(document).ballots[3].answers) == ["C1", "C5"]


def test_a_comment_field_of_another_area_is_not_shown_in_a_partial_round() -> None:
    document = area_document()
    document["ballots"][0]["comments"] = {"B": "Bra."}
    assert refusal(document) == "ballot 1: the comment field 'B' is not shown to st_lakare; leave it out"


# --- what is refused ---

CHARS = "é" * 2000
FAULTS: list[tuple[str, Mutation, str]] = [
    # the head
    (
        "an unknown key",
        put("closed_on", "2026-11-22"),
        "'closed_on' is not a key here; allowed: catalogue, rules, k, mode, comments, closes_on, areas, "
        "facts, ballots",
    ),
    ("no catalogue", drop("catalogue"), "catalogue is missing"),
    ("a catalogue that is a number", put("catalogue", 2026), "catalogue is 2026; it must be a text"),
    ("an unknown catalogue", put("catalogue", "2031"), "there is no catalogue '2031'; known: 2026"),
    ("rules that are a number", put("rules", 2026), "rules is 2026; it must be a text"),
    ("unknown rules", put("rules", "2031"), "there are no rules '2031'; known: 2026"),
    ("no mode", drop("mode"), "mode is missing"),
    ("an unknown mode", put("mode", "open"), "mode is 'open'; allowed: anonymous, dialogue, typed"),
    ("a mode that is a number", put("mode", 1), "mode is 1; allowed: anonymous, dialogue, typed"),
    ("unknown comments", put("comments", "on"), "comments is 'on'; allowed: off, reviewed"),
    ("comments that are a truth value", put("comments", False), "comments is False; allowed: off, reviewed"),
    (
        "comments among typed answers",
        put("mode", "typed"),
        "comments is 'reviewed'; in mode 'typed' they are 'off'",
    ),
    (
        "comments in a dialogue",
        put("mode", "dialogue"),
        "comments is 'reviewed'; in mode 'dialogue' they are 'off'",
    ),
    ("no k", drop("k"), "k is missing"),
    ("a k of none", put("k", 0), "k is 0; it must be a whole number, 1 or more"),
    ("a k below none", put("k", -5), "k is -5; it must be a whole number, 1 or more"),
    ("a k that is a truth value", put("k", True), "k is True; it must be a whole number, 1 or more"),
    ("a k that is a float", put("k", 5.0), "k is 5.0; it must be a whole number, 1 or more"),
    ("a k that is a text", put("k", "5"), "k is '5'; it must be a whole number, 1 or more"),
    ("no closing day", drop("closes_on"), "closes_on is missing"),
    ("a closing day that is no date", put("closes_on", "i morgon"), f"closes_on is 'i morgon'; {DAY}"),
    ("a closing day that never comes", put("closes_on", "2026-02-29"), f"closes_on is '2026-02-29'; {DAY}"),
    ("a closing day in another form", put("closes_on", "20261122"), f"closes_on is '20261122'; {DAY}"),
    ("a closing week", put("closes_on", "2026-W47-7"), f"closes_on is '2026-W47-7'; {DAY}"),
    (
        "a closing day that is a number",
        put("closes_on", 20261122),
        "closes_on is 20261122; it must be a text",
    ),
    # areas
    ("areas that are a text", put("areas", "C"), "areas is 'C'; it must be a list"),
    (
        "no areas chosen",
        put("areas", []),
        f"areas is []; it must be null or a list of some of {AREAS}, each once",
    ),
    (
        "an unknown area",
        put("areas", ["A", "I"]),
        f"areas is ['A', 'I']; it must be null or a list of some of {AREAS}, each once",
    ),
    (
        "an area that is no text",
        put("areas", [["A"]]),
        f"areas is [['A']]; it must be null or a list of some of {AREAS}, each once",
    ),
    (
        "an area twice",
        put("areas", ["A", "A"]),
        f"areas is ['A', 'A']; it must be null or a list of some of {AREAS}, each once",
    ),
    # facts
    ("facts that are a list", put("facts", ["A2"]), "facts is ['A2']; it must be an object"),
    ("facts that are null", put("facts", None), "facts is None; it must be an object"),
    (
        "a fact of what is asked",
        put("facts.A1", "ja"),
        "facts: 'A1' is not stated openly; allowed: A2, A3, A4, A8, B9, F6",
    ),
    ("a fact that may not be delvis", put("facts.A3", "delvis"), "facts: A3 is 'delvis'; allowed: ja, nej"),
    ("a fact that is a truth value", put("facts.B9", True), "facts: B9 is True; allowed: ja, delvis, nej"),
    ("a fact that is null", put("facts.B9", None), "facts: B9 is None; allowed: ja, delvis, nej"),
    # ballots
    ("no ballots", drop("ballots"), "ballots is missing"),
    ("ballots that are an object", put("ballots", {}), "ballots is {}; it must be a list"),
    (
        "a ballot that is a text",
        put("ballots.1", "handledare"),
        "ballot 2: this must be a JSON object with the keys role, answers, comments",
    ),
    (
        "a ballot with a key of its own",
        put("ballots.1.date", "2026-11-20"),
        "ballot 2: 'date' is not a key here; allowed: role, answers, comments",
    ),
    ("a ballot without role", drop("ballots.1.role"), "ballot 2: role is missing"),
    (
        "an unknown role",
        put("ballots.1.role", "chef"),
        "ballot 2: role is 'chef'; allowed: st_lakare, handledare, studierektor, verksamhetschef",
    ),
    (
        "a role that is a list",
        put("ballots.1.role", ["handledare"]),
        "ballot 2: role is ['handledare']; allowed: st_lakare, handledare, studierektor, verksamhetschef",
    ),
    ("a ballot without answers", drop("ballots.1.answers"), "ballot 2: answers is missing"),
    ("answers in a list", put("ballots.1.answers", [3]), "ballot 2: answers is [3]; it must be an object"),
    # answers
    (
        "a word that is no answer",
        put("ballots.2.answers.A1", "kanske"),
        f"ballot 3: A1 is 'kanske'; {ANSWERS}",
    ),
    ("a number above the scale", put("ballots.2.answers.A1", 4), f"ballot 3: A1 is 4; {ANSWERS}"),
    ("a number below the scale", put("ballots.2.answers.A1", -1), f"ballot 3: A1 is -1; {ANSWERS}"),
    ("an answer that is true", put("ballots.2.answers.A1", True), f"ballot 3: A1 is True; {ANSWERS}"),
    ("an answer that is false", put("ballots.2.answers.A1", False), f"ballot 3: A1 is False; {ANSWERS}"),
    ("an answer that is a float", put("ballots.2.answers.A1", 3.0), f"ballot 3: A1 is 3.0; {ANSWERS}"),
    ("a number as a text", put("ballots.2.answers.A1", "3"), f"ballot 3: A1 is '3'; {ANSWERS}"),
    ("an answer that is null", put("ballots.2.answers.A1", None), f"ballot 3: A1 is None; {ANSWERS}"),
    ("an answer that is a list", put("ballots.2.answers.A1", [3]), f"ballot 3: A1 is [3]; {ANSWERS}"),
    ("an answer that is an object", put("ballots.2.answers.A1", {}), f"ballot 3: A1 is {{}}; {ANSWERS}"),
    (
        "an answer too few",
        drop("ballots.1.answers.B1"),
        "ballot 2: B1 has no answer; handledare answers every question",
    ),
    (
        "an outcome left out",
        drop("ballots.0.answers.U2"),
        "ballot 1: U2 has no answer; st_lakare answers every question",
    ),
    (
        "an answer of another role",
        put("ballots.1.answers.C2", 3),
        "ballot 2: C2 is not asked of handledare; leave it out",
    ),
    (
        "an answer to what is stated",
        put("ballots.1.answers.A2", 3),
        "ballot 2: A2 is not asked of handledare; leave it out",
    ),
    # comments
    (
        "comments in a list",
        put("ballots.0.comments", ["Bra."]),
        "ballot 1: comments is ['Bra.']; it must be an object",
    ),
    (
        "a comment in no field",
        put("ballots.0.comments", {"worst": "Bra."}),
        "ballot 1: the comment field 'worst' is not shown to st_lakare; leave it out",
    ),
    (
        "a comment in an area where the role has no question",
        put("ballots.2.comments", {"C": "Bra."}),
        "ballot 3: the comment field 'C' is not shown to verksamhetschef; leave it out",
    ),
    (
        "a comment that is a number",
        put("ballots.0.comments", {"best": 3}),
        "ballot 1: the comment in best is not a text",
    ),
    (
        "a comment that is null",
        put("ballots.0.comments", {"best": None}),
        "ballot 1: the comment in best is not a text",
    ),
    (
        "a comment too long",
        put("ballots.0.comments", {"best": "a" * 2001}),
        "ballot 1: the comment in best is 2001 characters; at most 2000",
    ),
    (
        "half a character",
        put("ballots.0.comments", {"best": "Bra \ud83d"}),
        "ballot 1: the comment in best holds half a character; write it anew",
    ),
    (
        "comments too long together",
        put("ballots.0.comments", {**dict.fromkeys(("A", "B", "C", "D", "E", "F"), CHARS), "G": "a"}),
        "ballot 1: the comments are 24001 bytes together; at most 24000",
    ),
]


@pytest.mark.parametrize(("mutation", "line"), [fault[1:] for fault in FAULTS], ids=[f[0] for f in FAULTS])
def test_a_fault_is_told_in_one_line_with_its_place(mutation: Mutation, line: str) -> None:
    assert refusal(changed(mutation)) == line


@pytest.mark.parametrize("document", [None, [], "ballots", 5, True])
def test_what_is_no_object_is_refused_with_the_keys_it_should_have(document: Any) -> None:
    assert refusal(document).startswith("this must be a JSON object with the keys catalogue, rules, k, mode")


@pytest.mark.parametrize("mode", ["anonymous", "dialogue", "typed"])
def test_a_comment_where_comments_are_off_is_refused(mode: str) -> None:
    document = changed(put("mode", mode), put("comments", "off"), put("ballots.1.comments", {"best": "Bra."}))
    assert refusal(document) == "ballot 2: there are comments, but comments is 'off'; leave them out"


def test_the_number_of_further_faults_in_a_ballot_is_told() -> None:
    document = changed(
        put("ballots.1.answers.A1", 7), drop("ballots.1.answers.B1"), put("ballots.1.answers.X1", 3)
    )
    assert refusal(document) == f"ballot 2: A1 is 7; {ANSWERS} (and 2 more)"


def test_a_long_value_is_cut_in_the_line_that_refuses_it() -> None:
    line = refusal(changed(put("ballots.0.answers.A1", "nej " * 500)))
    assert len(line) < 120
    assert line.startswith("ballot 1: A1 is 'nej ")


def test_a_long_key_is_cut_in_the_line_that_refuses_it() -> None:
    assert len(refusal(changed(put("ballots.0.answers." + "X" * 500, 3)))) < 120


@pytest.mark.parametrize("path", ["ballots.0.answers.A1", "mode", "closes_on", "facts.A2", "catalogue"])
def test_a_value_with_line_breaks_and_half_characters_is_told_in_one_printable_line(path: str) -> None:
    line = refusal(changed(put(path, "a\n\u2028\ud800b")))
    assert line.isprintable()


def test_comments_of_exactly_the_longest_length_are_taken() -> None:
    longest = dict.fromkeys(("A", "B", "C", "D", "E", "F"), CHARS)
    document = changed(put("ballots.0.comments", longest))
    assert read_round(document).ballots[0].comments == longest


def test_rules_made_for_another_catalogue_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reading, "catalogue", lambda _: SMALL)
    assert refusal(round_document()) == "rules is '2026', which is not made for the catalogue 'small'"


def test_a_catalogue_for_which_no_rules_are_made_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reading, "catalogue", lambda _: SMALL)
    assert refusal(changed(drop("rules"))) == "there are no rules for the catalogue 'small'"


def test_reading_leaves_the_document_as_it_was() -> None:
    document = round_document()
    kept = deepcopy(document)
    read_round(document)
    assert document == kept


def test_a_ballot_cannot_be_changed_once_it_is_read() -> None:
    ballot = read_round(round_document()).ballots[0]
    with pytest.raises(TypeError):
        ballot.answers["A1"] = Answer.NOT_AT_ALL  # type: ignore[index]


# --- the text ---


def test_a_document_is_read_from_text_and_from_bytes_alike() -> None:
    text = json.dumps(round_document(), ensure_ascii=False)
    assert parse(text) == parse(text.encode()) == round_document()


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("", "this is not JSON: Expecting value at line 1, column 1"),
        ('{"k": 5,\n "mode": }', "this is not JSON: Expecting value at line 2, column 10"),
        ('{"k": 5} {}', "this is not JSON: Extra data at line 1, column 10"),
        (
            "{'k': 5}",
            "this is not JSON: Expecting property name enclosed in double quotes at line 1, column 2",
        ),
        ('{"k": NaN}', "this is not JSON: NaN is no number there"),
        ('{"k": Infinity}', "this is not JSON: Infinity is no number there"),
        ('{"k": [-Infinity]}', "this is not JSON: -Infinity is no number there"),
        ('{"k": 5, "k": 4}', "the key 'k' stands twice in one object; keep one"),
        (
            '{"ballots": [{"answers": {"A1": 3, "B1": 3, "\\u0041\\u0031": 0}}]}',
            "the key 'A1' stands twice in one object; keep one",
        ),
        (b"\xff{}", "this is not JSON in UTF-8; save the file as UTF-8"),
        ('{"k": "å"}'.encode("latin-1"), "this is not JSON in UTF-8; save the file as UTF-8"),
        ("[" * 100_000, "this is not JSON of the kind expected: it is nested too deeply"),
        ('{"a":' * 100_000, "this is not JSON of the kind expected: it is nested too deeply"),
    ],
    ids=[
        "nothing",
        "a value missing",
        "two documents",
        "single quotes",
        "NaN",
        "infinity",
        "infinity below",
        "a key twice",
        "a key twice in disguise",
        "no UTF-8",
        "Latin-1",
        "lists without end",
        "objects without end",
    ],
)
def test_what_is_not_json_is_refused_in_one_line(text: str | bytes, line: str) -> None:
    with pytest.raises(Malformed) as refused:
        parse(text)
    assert str(refused.value) == line


def test_a_number_of_thousands_of_digits_is_refused() -> None:
    with pytest.raises(Malformed, match=r"^this is not JSON: Exceeds the limit"):
        parse("1" * 5000)


def test_a_number_too_large_for_a_float_is_refused_where_it_stands() -> None:
    document = changed(put("k", parse("1e999")))
    assert refusal(document) == "k is inf; it must be a whole number, 1 or more"


def test_a_key_that_stands_twice_is_cut_in_the_line_that_refuses_it() -> None:
    with pytest.raises(Malformed) as refused:
        parse('{"KEY": 1, "KEY": 2}'.replace("KEY", "x" * 500))
    assert len(str(refused.value)) < 100
