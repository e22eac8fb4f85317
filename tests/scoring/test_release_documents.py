"""release.json and verdict.json: a sound release is read, and what is wrong is refused with its place."""

import dataclasses
import hashlib
import json
from datetime import date
from typing import Any

import pytest

from questionnaires.model import Fact
from scoring.documents.objects import Malformed
from scoring.documents.read import read_release
from scoring.documents.write import digest, frozen, release_document, verdict_document
from scoring.release import WITHHELD, Bands
from scoring.rounds import Mode
from scoring.verdict import assess
from tests.scoring.scoring_documents import (
    Mutation,
    drop,
    put,
    release_document_2026,
    table_document,
)
from tests.scoring.scoring_samples import EDITION, RULES, bands, catalogue_of, criterion, release_of

AREAS = "A, B, C, D, E, F, G, H"
ALL_ROLES = ["st_lakare", "handledare", "studierektor", "verksamhetschef"]
CELL_ALLA = {"id": "alla", "roles": ALL_ROLES, "n": 20}


def refusal(document: Any) -> str:
    """Give the line with which a document is refused."""
    with pytest.raises(Malformed) as refused:
        read_release(document)
    return str(refused.value)


def changed(*mutations: Mutation) -> dict[str, Any]:
    """Give the sound release with something spoilt in it."""
    document = release_document_2026()
    for mutation in mutations:
        mutation(document)
    return document


def one_cell() -> dict[str, Any]:
    """Give a sound release in one cell."""
    document = changed(put("cells", [CELL_ALLA]))
    document["results"] = {id: {"alla": table_document(20)} for id in document["results"]}
    return document


# --- what is read ---


def test_a_sound_document_becomes_a_release() -> None:
    release = read_release(release_document_2026())
    assert (release.catalogue, release.rules, release.k, release.mode) == ("2026", "2026", 5, Mode.ANONYMOUS)
    assert (release.areas, release.closed_on, release.redacted) == (None, date(2026, 11, 22), 0)
    assert [(cell.id, cell.n) for cell in release.cells] == [("st", 10), ("utbildare", 10)]
    assert release.facts == {"A2": Fact.JA}
    assert release.comments == {"best": ("Kollegorna.",)}


def test_a_table_is_read_band_by_band() -> None:
    table = {"agree": 4, "partly": 3, "disagree": 2, "unknown": 1, "not_applicable": 5, "scale": [1, 3, 3, 2]}
    release = read_release(changed(put("results.A1.st", table)))
    assert release.results["A1"]["st"] == Bands(4, 3, 2, 1, 5, (1, 3, 3, 2))


def test_a_table_may_have_no_scale() -> None:
    for document in (changed(put("results.A1.st.scale", None)), changed(drop("results.A1.st.scale"))):
        assert read_release(document).results["A1"]["st"] == bands(10)


def test_a_table_that_is_null_is_withheld() -> None:
    assert read_release(changed(put("results.A1.st", None))).results["A1"]["st"] is WITHHELD


def test_a_criterion_of_both_sides_may_be_pooled() -> None:
    release = read_release(changed(put("results.A1", {"alla": table_document(20)})))
    assert list(release.results["A1"]) == ["alla"]


def test_a_release_in_one_cell_is_read() -> None:
    assert [cell.id for cell in read_release(one_cell()).cells] == ["alla"]


def test_a_release_of_nothing_is_read_with_its_facts() -> None:
    release = read_release(changed(put("cells", []), put("results", {}), put("comments", {})))
    assert (release.cells, release.results, release.facts) == ((), {}, {"A2": Fact.JA})


def test_a_partial_release_holds_its_areas_alone() -> None:
    document = changed(put("areas", ["C"]))
    document["results"] = {id: of for id, of in document["results"].items() if id.startswith("C")}
    release = read_release(document)
    assert (release.areas, list(release.results), release.facts) == (
        ("C",),
        ["C1", "C2", "C3", "C4", "C5"],
        {},
    )


@pytest.mark.parametrize("key", ["rules", "areas", "facts", "comments", "redacted"])
def test_what_may_be_left_out_is_read_as_its_usual_value(key: str) -> None:
    release = read_release(changed(drop(key)))
    usual = {"rules": "2026", "areas": None, "facts": {}, "comments": {}, "redacted": 0}
    assert getattr(release, key) == usual[key]


def test_results_are_put_in_the_order_of_the_catalogue() -> None:
    document = release_document_2026()
    document["results"] = dict(reversed(document["results"].items()))
    assert list(read_release(document).results) == list(release_document_2026()["results"])


# --- what is refused ---

ST_TABLE = "results: A1.st"
BANDS = "agree, partly, disagree, unknown, not_applicable"
FAULTS: list[tuple[str, Mutation, str]] = [
    # the head
    (
        "an unknown key",
        put("sha256", "0"),
        "'sha256' is not a key here; allowed: catalogue, rules, k, mode, areas, closed_on, cells, results, "
        "facts, comments, redacted",
    ),
    ("no catalogue", drop("catalogue"), "catalogue is missing"),
    ("an unknown catalogue", put("catalogue", "2031"), "there is no catalogue '2031'; known: 2026"),
    ("unknown rules", put("rules", "2031"), "there are no rules '2031'; known: 2026"),
    ("an unknown mode", put("mode", "open"), "mode is 'open'; allowed: anonymous, dialogue, typed"),
    ("a k of none", put("k", 0), "k is 0; it must be a whole number, 1 or more"),
    ("a k that is a truth value", put("k", True), "k is True; it must be a whole number, 1 or more"),
    ("no closing day", drop("closed_on"), "closed_on is missing"),
    (
        "a closing day in another form",
        put("closed_on", "22 nov 2026"),
        "closed_on is '22 nov 2026'; it must be a date such as 2026-11-22",
    ),
    (
        "an unknown area",
        put("areas", ["I"]),
        f"areas is ['I']; it must be null or a list of some of {AREAS}, each once",
    ),
    ("a redacted below none", put("redacted", -1), "redacted is -1; it must be a whole number, 0 or more"),
    (
        "a fact of what is asked",
        put("facts.C1", "ja"),
        "facts: 'C1' is not stated openly; allowed: A2, A3, A4, A8, B9, F6",
    ),
    ("a fact that may not be", put("facts.A2", "delvis"), "facts: A2 is 'delvis'; allowed: ja, nej"),
    ("comments in a list", put("comments", []), "comments is []; it must be an object"),
    ("a comment outside a list", put("comments.best", "Bra."), "comments: 'best' must be a list of texts"),
    ("a comment that is a number", put("comments.best", [5]), "comments: 'best' must be a list of texts"),
    # cells
    ("no cells", drop("cells"), "cells is missing"),
    ("cells in an object", put("cells", {}), "cells is {}; it must be a list"),
    (
        "a cell that is a text",
        put("cells.1", "st"),
        "cell 2: this must be a JSON object with the keys id, roles, n",
    ),
    (
        "a cell with a key of its own",
        put("cells.0.k", 5),
        "cell 1: 'k' is not a key here; allowed: id, roles, n",
    ),
    ("an unknown cell", put("cells.0.id", "chefer"), "cell 1: id is 'chefer'; allowed: st, utbildare, alla"),
    ("a cell without roles", drop("cells.0.roles"), "cell 1: roles is missing"),
    (
        "a cell with the roles of another",
        put("cells.0.roles", ["handledare"]),
        "cell 1: roles is ['handledare']; for st they are st_lakare",
    ),
    (
        "a cell without its boss",
        put("cells.1.roles", ["handledare", "studierektor"]),
        "cell 2: roles is ['handledare', 'studierektor']; for utbildare they are handledare, studierektor, "
        "verksamhetschef",
    ),
    ("roles in a text", put("cells.0.roles", "st_lakare"), "cell 1: roles is 'st_lakare'; it must be a list"),
    (
        "a cell of half a person",
        put("cells.0.n", 9.5),
        "cell 1: n is 9.5; it must be a whole number, 0 or more",
    ),
    (
        "a cell of fewer than none",
        put("cells.0.n", -1),
        "cell 1: n is -1; it must be a whole number, 0 or more",
    ),
    ("one cell of two", drop("cells.1"), "cells: they are st and utbildare, or alla alone, or none"),
    (
        "a total beside its parts",
        lambda document: document["cells"].append(CELL_ALLA),
        "cells: they are st and utbildare, or alla alone, or none",
    ),
    (
        "cells in another order",
        lambda document: document["cells"].reverse(),
        "cells: they are st and utbildare, or alla alone, or none",
    ),
    (
        "the same cell twice",
        lambda document: document["cells"].append(document["cells"][1]),
        "cells: they are st and utbildare, or alla alone, or none",
    ),
    # results
    ("results in a list", put("results", []), "results is []; it must be an object"),
    (
        "a criterion left out",
        drop("results.B1"),
        "results: B1 is missing; a withheld table is null, not left out",
    ),
    (
        "an outcome left out",
        drop("results.U2"),
        "results: U2 is missing; a withheld table is null, not left out",
    ),
    (
        "a stated criterion",
        put("results.A2", None),
        "results: 'A2' has no place in this release; leave it out",
    ),
    (
        "an unknown criterion",
        put("results.I1", {}),
        "results: 'I1' has no place in this release; leave it out",
    ),
    ("results without a cell", put("cells", []), "results: 'A1' has no place in this release; leave it out"),
    (
        "a criterion that is null",
        put("results.A1", None),
        "results: A1: this must be a JSON object with the keys st, utbildare, alla",
    ),
    (
        "an unknown table",
        put("results.A1.chefer", None),
        "results: A1: 'chefer' is not a key here; allowed: st, utbildare, alla",
    ),
    (
        "a table of a side that is not asked",
        put("results.B3.st", None),
        "results: B3: 'st' is not a key here; allowed: utbildare",
    ),
    (
        "a pooled table of one side",
        put("results.B3", {"alla": None}),
        "results: B3: 'alla' is not a key here; allowed: utbildare",
    ),
    (
        "a pooled table beside its parts",
        put("results.A1.alla", None),
        "results: A1 has the tables st, utbildare, alla; it must have st and utbildare, or alla alone",
    ),
    (
        "one table of two",
        drop("results.A1.st"),
        "results: A1 has the tables utbildare; it must have st and utbildare, or alla alone",
    ),
    (
        "a pooled table beside one of its parts",
        put("results.A1", {"alla": None, "st": None}),
        "results: A1 has the tables alla, st; it must have st and utbildare, or alla alone",
    ),
    ("no table", put("results.C2", {}), "results: C2 has the tables none; it must have st"),
    # tables
    (
        "a table that is a list",
        put("results.A1.st", [10, 0, 0, 0, 0]),
        f"{ST_TABLE}: this must be a JSON object with the keys {BANDS}, scale",
    ),
    (
        "a table with a mean",
        put("results.A1.st.mean", 2.5),
        f"{ST_TABLE}: 'mean' is not a key here; allowed: {BANDS}, scale",
    ),
    ("a band left out", drop("results.A1.st.unknown"), f"{ST_TABLE}: unknown is missing"),
    (
        "a band that is a float",
        put("results.A1.st.agree", 10.0),
        f"{ST_TABLE}: agree is 10.0; it must be a whole number, 0 or more",
    ),
    (
        "a band that is a truth value",
        put("results.A1.st.partly", False),
        f"{ST_TABLE}: partly is False; it must be a whole number, 0 or more",
    ),
    (
        "a band that is a text",
        put("results.A1.st.partly", "0"),
        f"{ST_TABLE}: partly is '0'; it must be a whole number, 0 or more",
    ),
    (
        "a band below none",
        put("results.A1.st.disagree", -1),
        f"{ST_TABLE}: disagree is -1; it must be a whole number, 0 or more",
    ),
]
SCALE = "it must be null or four whole numbers: how many answered 3, 2, 1 and 0"
FAULTS += [
    (f"a scale of {scale!r}", put("results.A1.st.scale", scale), f"{ST_TABLE}: scale is {scale!r}; {SCALE}")
    for scale in (
        [10, 0, 0],
        [10, 0, 0, 0, 0],
        "10",
        10,
        {},
        [10, 0, 0, -1],
        [10.0, 0, 0, 0],
        [True, 0, 0, 0],
    )
]


@pytest.mark.parametrize(("mutation", "line"), [fault[1:] for fault in FAULTS], ids=[f[0] for f in FAULTS])
def test_a_fault_is_told_in_one_line_with_its_place(mutation: Mutation, line: str) -> None:
    assert refusal(changed(mutation)) == line


def test_in_one_cell_a_criterion_has_the_table_of_all_alone() -> None:
    document = one_cell()
    document["results"]["A1"] = {"st": None, "utbildare": None}
    assert refusal(document) == "results: A1: 'st' is not a key here; allowed: alla"


def test_a_partial_release_with_an_outcome_is_refused() -> None:
    document = changed(put("areas", ["C"]))
    document["results"] = {id: of for id, of in document["results"].items() if id.startswith(("C", "U"))}
    assert refusal(document) == "results: 'U1' has no place in this release; leave it out"


@pytest.mark.parametrize("document", [None, [], "release", 5])
def test_what_is_no_object_is_refused_with_the_keys_it_should_have(document: Any) -> None:
    assert refusal(document).startswith("this must be a JSON object with the keys catalogue, rules, k, mode")


# --- what is written ---


def test_a_release_is_written_as_it_was_read() -> None:
    document = changed(put("results.A1.st", None), put("results.C1", {"alla": table_document(20)}))
    assert release_document(read_release(document)) == document


def test_the_frozen_form_holds_neither_comments_nor_how_many_were_redacted() -> None:
    body = json.loads(frozen(read_release(release_document_2026())))
    assert set(body) == set(release_document_2026()) - {"comments", "redacted"}


def test_the_digest_of_a_release_never_changes() -> None:
    """A result printed today must be recognised in ten years."""
    assert digest(read_release(release_document_2026())) == SHA256


SHA256 = "dd9f75bb3bc6eca99de5a4cf920d2653437d7b209891e024cdda8b6d05ecd33b"


def test_the_digest_is_of_letters_as_they_are_and_not_of_escapes() -> None:
    release = dataclasses.replace(read_release(release_document_2026()), catalogue="Skåne")
    assert '"catalogue":"Skåne"' in frozen(release)
    assert digest(release) == hashlib.sha256(frozen(release).encode("utf-8")).hexdigest()


def test_a_verdict_is_written_as_the_interface_says() -> None:
    made = [criterion("X1", level, tuple(EDITION.asked("A1"))) for level in RULES.levels if level == "AR"]
    made += [criterion("X2", level, facts=(Fact.JA,)) for level in RULES.levels if level == "F"]
    tables = {"st": bands(5, 2), "utbildare": WITHHELD}
    verdict = assess(release_of({"X1": tables}, {}, {"st": 7, "utbildare": 9}), catalogue_of(made, {}), RULES)
    assert verdict_document(verdict) == {
        "rules": "2026",
        "areas": {
            "X": {"grade": None, "because": ["X2"], "counted": {"criteria": [1, 2], "f": [0, 1], "ki": 0}}
        },
        "criteria": {
            "X1": {"status": "partly", "cells": {"st": "partly", "utbildare": None}, "needed": {"st": 1}},
            "X2": {"status": None, "cells": {}, "needed": {}},
        },
        "breaches": [],
        "weaknesses": ["X1"],
        "strengths": [],
        "gaps": [],
        "unsure": ["st"],
        "unknown": [],
    }


def test_a_verdict_is_plain_json() -> None:
    verdict = verdict_document(assess(read_release(one_cell()), EDITION, RULES))
    assert json.loads(json.dumps(verdict)) == verdict


def test_what_is_published_is_plain_json() -> None:
    release = read_release(one_cell())
    assert json.loads(json.dumps(release_document(release))) == release_document(release)
