"""The auditor: a valid release of each kind passes, and each single breach of a rule is refused.

The catalogue is a small one whose numbers can be followed by hand. Twenty people have answered the inspection
most tests start from: 6 ST-läkare, 12 handledare, 1 studierektor and 1 verksamhetschef, with k = 5.
"""

import ast
import dataclasses
import inspect
import sys
from collections.abc import Callable
from copy import deepcopy
from datetime import date
from typing import Any

import pytest

from questionnaires.model import (
    Area,
    Catalogue,
    Criterion,
    Evidence,
    Fact,
    Level,
    Outcome,
    Question,
    Questionnaire,
    Role,
    Text,
)
from questionnaires.read import catalogue
from scoring.audit import Earlier, Numbers, Refused, audit

ST, HL, SR, VC = Role
NOTHING = Text("", "")
ASKED = {"A1": (ST, HL, SR, VC), "B1": (ST,), "B2": (HL, SR), "B3": (ST, HL), "C1": (HL,)}
STATED = {"A2": (Fact.JA, Fact.NEJ), "B4": (Fact.JA, Fact.DELVIS, Fact.NEJ)}


def criterion(key: str) -> Criterion:
    evidence = Evidence.ENKAT if key in ASKED else Evidence.UPPGIFT
    asked, facts = ASKED.get(key, ()), STATED.get(key, ())
    return Criterion(key, key[0], NOTHING, Level.KI, False, False, evidence, asked, facts, NOTHING)


def questionnaire(role: Role) -> Questionnaire:
    questions = [Question(key, key[0], NOTHING) for key, asked in ASKED.items() if role in asked]
    outcomes = [Question("U1", "", NOTHING)] if role is ST else []
    return Questionnaire(role, (*questions, *outcomes))


CATALOGUE = Catalogue(
    id="small",
    areas={area: Area(area, NOTHING, NOTHING) for area in "ABC"},
    criteria={key: criterion(key) for key in sorted({*ASKED, *STATED})},
    outcomes={"U1": Outcome("U1", NOTHING, (ST,))},
    questionnaires={role: questionnaire(role) for role in Role},
    parameters={},
    digest="",
)

NUMBERS = Numbers(
    mode="anonymous",
    k=5,
    areas=None,
    comments="reviewed",
    ballots={ST: 6, HL: 12, SR: 1, VC: 1},
    answered={
        "A1": {ST: 6, HL: 12, SR: 1, VC: 0},
        "B1": {ST: 5},
        "B2": {HL: 4, SR: 1},
        "B3": {ST: 4, HL: 12},
        "C1": {HL: 12},
        "U1": {ST: 6},
    },
    node=("region", "north", "surgery"),
    opens_on=date(2026, 10, 1),
    earlier=(),
)


def table(
    agree: int, partly: int, disagree: int, unknown: int, not_applicable: int, scale: list[int] | None = None
) -> dict[str, Any]:
    return {
        "agree": agree,
        "partly": partly,
        "disagree": disagree,
        "unknown": unknown,
        "not_applicable": not_applicable,
        "scale": scale,
    }


def two_cells() -> dict[str, Any]:
    """Two tables, one table, a withheld one and a pooled one, with facts and comments."""
    return {
        "catalogue": "small",
        "rules": "2026",
        "k": 5,
        "mode": "anonymous",
        "areas": None,
        "closed_on": "2026-11-22",
        "cells": [
            {"id": "st", "roles": ["st_lakare"], "n": 6},
            {"id": "utbildare", "roles": ["handledare", "studierektor", "verksamhetschef"], "n": 14},
        ],
        "results": {
            "A1": {"st": table(4, 0, 2, 0, 0), "utbildare": table(11, 1, 0, 1, 1, [8, 3, 1, 0])},
            "B1": {"st": table(3, 1, 0, 1, 1)},
            "B2": {"utbildare": None},
            "B3": {"alla": table(12, 0, 3, 1, 2, [6, 6, 0, 3])},
            "C1": {"utbildare": table(12, 0, 0, 0, 0, [12, 0, 0, 0])},
            "U1": {"st": table(6, 0, 0, 0, 0)},
        },
        "facts": {"A2": "nej", "B4": "delvis"},
        "comments": {"A": ["Mer tid.", "Z", "Ändra schemat."], "C": ["Bra."], "best": ["Kollegorna."]},
        "redacted": 1,
    }


def one_cell() -> tuple[dict[str, Any], Numbers]:
    """Three ST-läkare, four handledare and a studierektor: together enough, apart not."""
    answered = {"A1": {ST: 3, HL: 4, SR: 1}, "B1": {ST: 3}, "B2": {HL: 4, SR: 1}, "B3": {ST: 1, HL: 4}}
    body = two_cells() | {
        "cells": [{"id": "alla", "roles": [str(role) for role in Role], "n": 8}],
        "results": {
            "A1": {"alla": table(6, 0, 2, 0, 0)},
            "B1": {"alla": None},
            "B2": {"alla": None},
            "B3": {"alla": table(4, 1, 0, 0, 2)},
            "C1": {"alla": None},
            "U1": {"alla": None},
        },
        "comments": {"A": ["Bra."], "B": ["Bra."], "improve": []},
    }
    return body, told(ballots={ST: 3, HL: 4, SR: 1}, answered={**answered, "C1": {HL: 4}, "U1": {ST: 3}})


def dialogue() -> tuple[dict[str, Any], Numbers]:
    """One ST-läkare, one handledare and one chef talk it over."""
    body, _ = one_cell()
    del body["comments"], body["redacted"]
    body |= {
        "mode": "dialogue",
        "cells": [{"id": "alla", "roles": [str(role) for role in Role], "n": 3}],
        "results": {
            "A1": {"alla": table(0, 0, 2, 0, 1)},
            "B1": {"alla": None},
            "B2": {"alla": None},
            "B3": {"alla": table(1, 1, 0, 0, 0)},
            "C1": {"alla": None},
            "U1": {"alla": None},
        },
    }
    answered = {"A1": {HL: 1, VC: 1}, "B1": {ST: 1}, "B2": {HL: 1}, "B3": {ST: 1, HL: 1}, "U1": {ST: 1}}
    return body, told(mode="dialogue", comments="off", ballots={ST: 1, HL: 1, VC: 1}, answered=answered)


def nothing() -> tuple[dict[str, Any], Numbers]:
    """Four who count, and a studierektor and a chef who are nobody's cover."""
    body = two_cells() | {"cells": [], "results": {}, "comments": {}, "redacted": 0}
    return body, told(ballots={ST: 2, HL: 2, SR: 1, VC: 1}, answered={"A1": {ST: 2, HL: 2, SR: 1, VC: 1}})


def partial() -> tuple[dict[str, Any], Numbers]:
    """A re-inspection of area C alone, which asks ST-läkare and verksamhetschef nothing."""
    body = two_cells() | {
        "areas": ["C"],
        "cells": [{"id": "alla", "roles": [str(role) for role in Role], "n": 12}],
        "results": {"C1": {"alla": table(12, 0, 0, 0, 0, [12, 0, 0, 0])}},
        "facts": {},
        "comments": {"C": ["Bra."], "best": ["Bra."]},
    }
    return body, told(areas=("C",), ballots={HL: 12}, answered={"C1": {HL: 12}})


def typed() -> tuple[dict[str, Any], Numbers]:
    return two_cells() | {"mode": "typed", "comments": {}, "redacted": 0}, told(mode="typed", comments="off")


def told(**other: Any) -> Numbers:
    return dataclasses.replace(NUMBERS, **other)


def reasons(body: dict[str, Any], numbers: Numbers = NUMBERS) -> tuple[str, ...]:
    """Give the reasons for which a release is refused, or none."""
    try:
        audit(body, numbers, CATALOGUE)
    except Refused as refused:
        return refused.reasons
    return ()


def only(body: dict[str, Any], reason: str, numbers: Numbers = NUMBERS) -> None:
    """Expect a refusal for one reason alone."""
    assert reasons(body, numbers) == (reason,)


Mutation = Callable[[dict[str, Any]], object]


def put(path: str, value: Any) -> Mutation:
    """Give a mutation that sets what stands at a dotted path."""

    def mutate(body: Any) -> None:
        *steps, last = path.split(".")
        for step in steps:
            body = body[int(step) if step.isdigit() else step]
        body[last] = value

    return mutate


def drop(path: str) -> Mutation:
    """Give a mutation that removes what stands at a dotted path."""

    def mutate(body: Any) -> None:
        *steps, last = path.split(".")
        for step in steps:
            body = body[int(step) if step.isdigit() else step]
        del body[last]

    return mutate


# --- what passes ---


def test_a_release_with_two_cells_passes() -> None:
    assert reasons(two_cells()) == ()


@pytest.mark.parametrize("release", [one_cell, dialogue, nothing, partial, typed])
def test_a_release_of_every_other_kind_passes(release: Callable[[], tuple[dict[str, Any], Numbers]]) -> None:
    assert reasons(*release()) == ()


@pytest.mark.parametrize("key", ["comments", "redacted"])
def test_comments_and_their_redactions_may_be_left_out(key: str) -> None:
    body = two_cells()
    del body[key]
    assert reasons(body) == ()


def test_a_fact_may_be_left_out() -> None:
    assert reasons(two_cells() | {"facts": {}}) == ()


# --- one mutation each of the release with two cells ---

SHAPE = "holds a key that is not in the format"
MUTANTS: list[tuple[Mutation, str]] = [
    # the head
    (put("extra", 1), f"the release {SHAPE}"),
    (drop("rules"), "the release lacks rules"),
    (drop("facts"), "the release lacks facts"),
    (put("rules", None), "rules is not a text"),
    (put("catalogue", "2026"), "catalogue is not what was promised"),
    (put("k", 4), "k is not what was promised"),
    (put("k", 5.0), "k is not what was promised"),
    (put("mode", "typed"), "mode is not what was promised"),
    (put("areas", ["A"]), "areas is not what was promised"),
    (put("areas", []), "areas is not what was promised"),
    (put("closed_on", None), "closed_on is not a day written as YYYY-MM-DD"),
    (put("closed_on", "20261122"), "closed_on is not a day written as YYYY-MM-DD"),
    (put("closed_on", "2026-02-29"), "closed_on is not a day written as YYYY-MM-DD"),
    # cells
    (put("cells", {}), "cells is not a list"),
    (put("cells", []), "cells must be st and utbildare with these ballots"),
    (lambda body: body["cells"].reverse(), "cells must be st and utbildare with these ballots"),
    (lambda body: body["cells"].pop(), "cells must be st and utbildare with these ballots"),
    (
        lambda body: body["cells"].append({"id": "alla", "roles": list(Role), "n": 20}),
        "cells must be st and utbildare with these ballots",
    ),
    (lambda body: body["cells"].append(None), "each of cells is not an object"),
    (put("cells.0.day", "2026-11-22"), f"each of cells {SHAPE}"),
    (drop("cells.0.n"), "each of cells lacks n"),
    (put("cells.0.n", 7), "cells.st: its roles or n are not those of the ballots"),
    (put("cells.0.n", 6.0), "cells.st: its roles or n are not those of the ballots"),
    (put("cells.1.roles", ["handledare"]), "cells.utbildare: its roles or n are not those of the ballots"),
    # which tables
    (put("results", []), "results is not an object"),
    (drop("results.B1"), "results lacks B1"),
    (drop("results.U1"), "results lacks U1"),
    (put("results.A2", {"st": None}), f"results {SHAPE}"),
    (
        put("results.A1.alla", table(14, 1, 2, 2, 1)),
        "results.A1: its tables overlap; it must hold st and utbildare and nothing else",
    ),
    (drop("results.A1.st"), "results.A1: it must hold st and utbildare and nothing else"),
    (
        put("results.A1", {"alla": table(14, 1, 2, 2, 1)}),
        "results.A1: it must hold st and utbildare and nothing else",
    ),
    (put("results.A1", None), "results.A1: it must hold st and utbildare and nothing else"),
    (put("results.B1.utbildare", None), "results.B1: it must hold st and nothing else"),
    (put("results.B3", {"st": None, "utbildare": None}), "results.B3: it must hold alla and nothing else"),
    (
        put("results.B3", {"st": None, "utbildare": table(12, 0, 0, 0, 0, [12, 0, 0, 0])}),
        "results.B3: it must hold alla and nothing else",
    ),
    (put("results.A1.st", None), "results.A1.st: withheld, though enough answered it"),
    (
        put("results.B2.utbildare", table(5, 0, 0, 0, 8)),
        "results.B2.utbildare: shown, though too few who count answered it",
    ),
    # inside a table
    (put("results.A1.st", [4, 0, 2, 0, 0]), "results.A1.st is not an object"),
    (put("results.A1.st.mean", 2), f"results.A1.st {SHAPE}"),
    (drop("results.A1.st.unknown"), "results.A1.st lacks unknown"),
    (drop("results.A1.st.scale"), "results.A1.st lacks scale"),
    (put("results.A1.st.partly", False), "results.A1.st: a band is not a whole number"),
    (put("results.A1.st.agree", 4.0), "results.A1.st: a band is not a whole number"),
    (put("results.A1.st.agree", -1), "results.A1.st: a band is not a whole number"),
    (put("results.A1.st.agree", 5), "results.A1.st: its bands do not sum to the ballots of the roles asked"),
    (put("results.A1.st", table(3, 0, 2, 0, 1)), "results.A1.st: not_applicable is not what the numbers say"),
    (put("results.A1.st", table(5, 0, 1, 0, 0)), "results.A1.st: a lone disagree is left"),
    (put("results.B1.st", table(3, 0, 1, 1, 1)), "results.B1.st: a lone disagree is left"),
    (put("results.U1.st", table(5, 0, 1, 0, 0)), "results.U1.st: a lone disagree is left"),
    # the scale
    (
        put("results.A1.st.scale", [4, 0, 0, 2]),
        "results.A1.st.scale: it may stand on fewer than 10 ST-läkare and handledare",
    ),
    (
        put("results.B3.alla.scale", [6, 5, 1, 3]),
        "results.B3.alla.scale: it does not sum to its bands",
    ),
    (
        put("results.B3.alla.scale", [6, 6, 3, 0]),
        "results.B3.alla.scale: it does not sum to its bands",
    ),
    (
        put("results.B3.alla.scale", [6, 6, 0]),
        "results.B3.alla.scale: neither null nor four whole numbers",
    ),
    (
        put("results.B3.alla.scale", [6, 6, False, 3]),
        "results.B3.alla.scale: neither null nor four whole numbers",
    ),
    (
        put("results.B3.alla.scale", (6, 6, 0, 3)),
        "results.B3.alla.scale: neither null nor four whole numbers",
    ),
    (
        put("results.B3.alla.scale", None),
        "results.B3.alla.scale: missing, though at least 10 ST-läkare and handledare rated",
    ),
    # facts
    (put("facts", ["ja"]), "facts is not an object"),
    (put("facts.A1", "ja"), f"facts {SHAPE}"),
    (put("facts.A2", "delvis"), "facts.A2: not among what may be stated of it"),
    (put("facts.B4", None), "facts.B4: not among what may be stated of it"),
    (put("facts.B4", True), "facts.B4: not among what may be stated of it"),
    # comments
    (put("comments", []), "comments is not an object"),
    (put("comments.H", ["Bra."]), f"comments {SHAPE}"),
    (put("comments.A1", []), f"comments {SHAPE}"),
    (put("comments.A", "Bra."), "comments.A: not a list of texts"),
    (put("comments.A", [None]), "comments.A: not a list of texts"),
    (put("comments.A", ["b", "a"]), "comments.A: not sorted by code point"),
    (put("comments.A", ["a", "B"]), "comments.A: not sorted by code point"),
    (put("comments.C", ["a"] * 14), "comments.C: more comments than ballots that could hold one"),
    (put("redacted", -1), "redacted is not a whole number"),
    (put("redacted", True), "redacted is not a whole number"),
    (put("redacted", None), "redacted is not a whole number"),
]


@pytest.mark.parametrize(("mutation", "reason"), MUTANTS)
def test_a_release_with_one_thing_wrong_is_refused_for_that_alone(mutation: Mutation, reason: str) -> None:
    body = two_cells()
    mutation(body)
    only(body, reason)


def test_a_lone_disagree_is_refused_in_its_scale_too() -> None:
    body = two_cells()
    body["results"]["C1"]["utbildare"] = table(11, 0, 1, 0, 0, [11, 0, 0, 1])
    assert reasons(body) == (
        "results.C1.utbildare: a lone disagree is left",
        "results.C1.utbildare.scale: a lone disagree is left",
    )


def test_every_reason_is_told_in_one_line() -> None:
    body = two_cells() | {"k": 4, "rules": 7, "redacted": -1}
    with pytest.raises(Refused) as refused:
        audit(body, NUMBERS, CATALOGUE)
    assert refused.value.reasons == (
        "k is not what was promised",
        "rules is not a text",
        "redacted is not a whole number",
    )
    assert str(refused.value) == "; ".join(refused.value.reasons)


def test_an_empty_object_is_refused_for_every_key_it_lacks() -> None:
    assert len(reasons({})) == 9


SECRET = "Min handledare heter Bo"


@pytest.mark.parametrize(
    "mutation",
    [
        put(SECRET, 1),
        put("mode", SECRET),
        put("closed_on", SECRET),
        put("cells.0.id", SECRET),
        lambda body: body["cells"][0].update({SECRET: 1}),
        lambda body: body["results"].update({SECRET: 1}),
        lambda body: body["results"]["A1"].update({SECRET: 1}),
        put("results.A1.st.agree", SECRET),
        put("results.A1.st.scale", SECRET),
        lambda body: body["facts"].update({"A2": SECRET}),
        lambda body: body["facts"].update({SECRET: "ja"}),
        lambda body: body["comments"].update({SECRET: ["a"]}),
        put("comments", SECRET),
        put("comments.A", SECRET),
        put("comments.A", [SECRET, "A"]),
        put("redacted", SECRET),
    ],
)
def test_a_reason_never_repeats_a_text_of_the_release(mutation: Mutation) -> None:
    body = two_cells()
    mutation(body)
    assert reasons(body)
    assert SECRET not in "".join(reasons(body))


# --- the partition follows the numbers ---


@pytest.mark.parametrize(
    ("ballots", "cells"),
    [
        ({ST: 5, HL: 5}, "st and utbildare"),
        ({ST: 4, HL: 5}, "alla"),
        ({ST: 5, HL: 4, SR: 1, VC: 1}, "alla"),
        ({ST: 5}, "alla"),
        ({ST: 1, HL: 4}, "alla"),
        ({ST: 2, HL: 2, SR: 3, VC: 3}, "empty"),
        ({}, "empty"),
    ],
)
def test_the_cells_are_those_that_st_lakare_and_handledare_allow(
    ballots: dict[Role, int], cells: str
) -> None:
    body = two_cells() | {"cells": [{"id": "other", "roles": [], "n": 0}]}
    assert f"cells must be {cells} with these ballots" in reasons(body, told(ballots=ballots))


@pytest.mark.parametrize(
    ("ballots", "cells"),
    [
        ({ST: 1, HL: 1, VC: 1}, "alla"),
        ({ST: 2, SR: 1}, "alla"),
        ({ST: 6, HL: 6}, "alla"),
        ({ST: 1, HL: 1}, "empty"),
        ({ST: 1, SR: 1, VC: 1}, "empty"),
    ],
)
def test_a_dialogue_needs_three_ballots_two_of_them_of_those_who_count(
    ballots: dict[Role, int], cells: str
) -> None:
    body = dialogue()[0] | {"cells": [{"id": "other", "roles": [], "n": 0}]}
    numbers = told(mode="dialogue", comments="off", ballots=ballots)
    assert f"cells must be {cells} with these ballots" in reasons(body, numbers)


@pytest.mark.parametrize(
    ("answered", "tables"),
    [
        ({ST: 5, HL: 5}, "st and utbildare"),
        ({ST: 4, HL: 5}, "alla"),
        ({ST: 5, HL: 0, SR: 1, VC: 1}, "alla"),
        ({ST: 1, HL: 4}, "alla"),
        ({ST: 2, HL: 2, SR: 1, VC: 1}, "st and utbildare"),
    ],
)
def test_with_two_cells_a_criterion_is_pooled_only_where_one_side_alone_is_too_few(
    answered: dict[Role, int], tables: str
) -> None:
    body = two_cells()
    body["results"]["A1"] = {}
    only(body, f"results.A1: it must hold {tables} and nothing else", told_of("A1", answered))


def test_with_two_cells_both_tables_are_withheld_where_both_sides_together_are_too_few() -> None:
    body = two_cells()
    body["results"]["A1"] = {"st": None, "utbildare": None}
    assert reasons(body, told_of("A1", {ST: 2, HL: 2, SR: 1, VC: 1})) == ()


def test_a_criterion_of_one_side_needs_k_on_that_side() -> None:
    body = two_cells()
    only(body, "results.B1.st: shown, though too few who count answered it", told_of("B1", {ST: 4, HL: 12}))


def test_a_boss_never_makes_a_table_of_handledare_large_enough() -> None:
    body, numbers = one_cell()
    body["results"]["B2"] = {"alla": table(5, 0, 0, 0, 0)}
    only(body, "results.B2.alla: shown, though too few who count answered it", numbers)


def test_a_criterion_nobody_is_told_to_have_answered_must_be_withheld() -> None:
    numbers = told(answered={key: of for key, of in NUMBERS.answered.items() if key != "U1"})
    only(two_cells(), "results.U1.st: shown, though too few who count answered it", numbers)


def test_numbers_that_contradict_themselves_are_refused() -> None:
    """Two of one studierektor behind a withheld table, where no sum would show it."""
    only(
        two_cells(),
        "results.B2: the numbers tell of more answers than ballots",
        told_of("B2", {HL: 4, SR: 2}),
    )


def test_an_answer_of_a_role_without_ballots_is_a_contradiction() -> None:
    body, numbers = dialogue()
    numbers = dataclasses.replace(numbers, answered={**numbers.answered, "B2": {SR: 1}})
    only(body, "results.B2: the numbers tell of more answers than ballots", numbers)


def test_a_pooled_table_beside_one_of_its_parts_is_told_as_an_overlap() -> None:
    body = two_cells()
    body["results"]["B3"]["st"] = None
    only(body, "results.B3: its tables overlap; it must hold alla and nothing else")


def test_a_dialogue_shows_what_two_of_any_role_answered() -> None:
    body, numbers = dialogue()
    body["results"]["A1"]["alla"] = None
    only(body, "results.A1.alla: withheld, though enough answered it", numbers)


def test_a_dialogue_shows_nothing_that_one_alone_answered() -> None:
    body, numbers = dialogue()
    body["results"]["B2"]["alla"] = table(1, 0, 0, 0, 0)
    only(body, "results.B2.alla: shown, though too few who count answered it", numbers)


def test_a_dialogue_leaves_no_lone_disagree() -> None:
    body, numbers = dialogue()
    body["results"]["B3"]["alla"] = table(1, 0, 1, 0, 0)
    only(body, "results.B3.alla: a lone disagree is left", numbers)


def test_a_dialogue_holds_no_scale() -> None:
    body, numbers = dialogue()
    body["results"]["B3"]["alla"] = table(1, 1, 0, 0, 0, [1, 0, 1, 0])
    only(body, "results.B3.alla.scale: none may stand in dialogue mode", numbers)


def test_a_dialogue_holds_no_scale_even_where_ten_rated() -> None:
    body, _ = dialogue()
    body["cells"][0]["n"] = 12
    body["results"] = {key: {"alla": None} for key in body["results"]}
    body["results"]["B3"]["alla"] = table(12, 0, 0, 0, 0)
    numbers = told(mode="dialogue", comments="off", ballots={ST: 6, HL: 6}, answered={"B3": {ST: 6, HL: 6}})
    assert reasons(body, numbers) == ()


def test_where_nothing_may_be_released_no_result_stands() -> None:
    body, numbers = nothing()
    body["results"] = {"A1": {"alla": None}}
    only(body, f"results {SHAPE}", numbers)


def test_a_promise_of_an_unknown_mode_is_refused() -> None:
    body = two_cells() | {"mode": "open", "comments": {}, "redacted": 0}
    only(
        body,
        "the promised mode is not one of anonymous, dialogue and typed",
        told(mode="open", comments="off"),
    )


def test_a_partial_round_holds_no_other_area_and_no_outcome() -> None:
    body, numbers = partial()
    body["results"]["U1"] = {"alla": None}
    only(body, f"results {SHAPE}", numbers)


def test_a_partial_round_states_no_fact_of_another_area() -> None:
    body, numbers = partial()
    body["facts"] = {"A2": "ja"}
    only(body, f"facts {SHAPE}", numbers)


def test_a_partial_round_keeps_the_promised_areas() -> None:
    body, numbers = partial()
    body["areas"] = None
    only(body, "areas is not what was promised", numbers)


def told_of(key: str, answered: dict[Role, int]) -> Numbers:
    """Give the numbers with another count for one criterion."""
    return told(answered={**NUMBERS.answered, key: answered})


# --- the scale: all who rated, less every boss who was asked, are at least ten ---

STANDS = [
    # ST-läkare, handledare and bosses who were asked; who rated with 3…0; whether the scale is to stand
    ("ten handledare rated", 0, 10, 0, 10, True),
    ("nine of ten handledare rated", 0, 10, 0, 9, False),
    ("eleven handledare rated", 0, 11, 0, 11, True),
    ("ten handledare and their boss rated", 0, 10, 1, 11, True),
    ("one of them said vet ej, the boss or another", 0, 10, 1, 10, False),
    ("nine handledare and their boss rated", 0, 9, 1, 10, False),
    ("ten handledare rated and two bosses did too", 0, 10, 2, 12, True),
    ("twelve handledare and two bosses, two of whom did not rate", 0, 12, 2, 12, True),
    ("twelve handledare and two bosses, three of whom did not rate", 0, 12, 2, 11, False),
    ("in one table, ten rated", 4, 6, 0, 10, True),
    ("in one table, nine rated", 4, 6, 0, 9, False),
    ("in one table, ten rated and two bosses did too", 4, 6, 2, 12, True),
    ("in one table, eleven rated, two of them perhaps bosses", 4, 7, 2, 11, False),
]


@pytest.mark.parametrize("scaled", [True, False], ids=["with", "without"])
@pytest.mark.parametrize("case", STANDS, ids=[row[0] for row in STANDS])
def test_a_scale_stands_exactly_where_ten_rated_besides_every_boss(
    case: tuple[str, int, int, int, int, bool], scaled: bool
) -> None:
    _, st, handledare, bosses, rated, stands = case
    unknown = st + handledare + bosses - rated
    told_table = table(rated, 0, 0, unknown, 0, [rated, 0, 0, 0] if scaled else None)
    place, answer = "results.A1.alla.scale", reasons(*one_criterion(st, handledare, bosses, told_table))
    assert (
        answer
        == {
            (True, True): (),
            (True, False): (f"{place}: it may stand on fewer than 10 ST-läkare and handledare",),
            (False, True): (f"{place}: missing, though at least 10 ST-läkare and handledare rated",),
            (False, False): (),
        }[scaled, stands]
    )


@pytest.mark.parametrize("answered", [{HL: 10, VC: 0}, {HL: 9, VC: 1}])
def test_a_scale_is_withheld_alike_whether_a_boss_or_another_answered_ej_aktuellt(
    answered: dict[Role, int],
) -> None:
    ten = table(10, 0, 0, 0, 1)
    body, numbers = one_criterion(0, 10, 1, ten)
    numbers = dataclasses.replace(numbers, ballots={HL: 10, VC: 1}, answered={"A1": answered})
    assert reasons(body, numbers) == ()


def test_a_boss_in_another_cell_takes_nothing_from_the_scale_of_st_lakare() -> None:
    body = two_cells()
    body["cells"][0]["n"] = 10
    body["results"] |= {
        "A1": {**body["results"]["A1"], "st": table(10, 0, 0, 0, 0, [10, 0, 0, 0])},
        "B1": {"st": table(10, 0, 0, 0, 0, [10, 0, 0, 0])},
        "B3": {"st": table(10, 0, 0, 0, 0, [10, 0, 0, 0]), "utbildare": table(12, 0, 0, 0, 0, [12, 0, 0, 0])},
        "U1": {"st": table(10, 0, 0, 0, 0, [10, 0, 0, 0])},
    }
    answered = {key: {**of, ST: 10} if ST in of else of for key, of in NUMBERS.answered.items()}
    assert reasons(body, told(ballots={**NUMBERS.ballots, ST: 10}, answered=answered)) == ()


def test_a_boss_who_was_not_asked_takes_nothing_from_a_scale() -> None:
    """In B3 no boss has a question, so ten who rated are ten who count."""
    body = two_cells()
    body["results"]["B3"] = {"alla": table(10, 0, 0, 6, 2, [10, 0, 0, 0])}
    assert reasons(body) == ()


def one_criterion(
    st: int, handledare: int, bosses: int, told_table: dict[str, Any]
) -> tuple[dict[str, Any], Numbers]:
    """Give a release in one cell where A1 alone was answered, by everyone, and the rest is withheld."""
    ballots = {ST: st, HL: handledare, SR: bosses // 2, VC: bosses - bosses // 2}
    body, _ = one_cell()
    body["cells"][0]["n"] = st + handledare + bosses
    body["results"] = {key: {"alla": None} for key in body["results"]} | {"A1": {"alla": told_table}}
    body |= {"comments": {}, "redacted": 0}
    return body, told(ballots=ballots, answered={"A1": ballots})


# --- comments ---


@pytest.mark.parametrize(
    ("release", "why"),
    [(nothing, "may not stand without a cell"), (typed, "may not stand in this mode")],
)
def test_comments_stand_only_beside_a_cell_of_an_anonymous_inspection(
    release: Callable[[], tuple[dict[str, Any], Numbers]], why: str
) -> None:
    body, numbers = release()
    numbers = dataclasses.replace(numbers, comments="reviewed")
    body["comments"] = {"best": []}
    body["redacted"] = 1
    assert {f"comments {why}", f"redacted comments {why}"} <= set(reasons(body, numbers))


def test_comments_that_were_not_promised_are_refused() -> None:
    body = two_cells() | {"redacted": 0}
    only(body, "comments may not stand where comments are off", told(comments="off"))


def test_a_field_is_shown_only_where_k_who_count_saw_it() -> None:
    """In area C only the four handledare had a question; the studierektor is no cover."""
    body, numbers = one_cell()
    body["comments"] = {"C": ["Bra."]}
    only(body, "comments.C: shown to fewer than k = 5 ST-läkare and handledare", numbers)


def test_a_field_that_exactly_k_who_count_saw_may_hold_a_comment_of_each() -> None:
    body = {**partial()[0], "cells": [{"id": "alla", "roles": [str(role) for role in Role], "n": 5}]}
    body["results"] = {"C1": {"alla": table(5, 0, 0, 0, 0)}}
    body["comments"] = {"C": ["a"] * 5}
    assert reasons(body, told(areas=("C",), ballots={HL: 5}, answered={"C1": {HL: 5}})) == ()


def test_a_field_of_an_area_outside_the_round_is_refused() -> None:
    body, numbers = partial()
    body["comments"] = {"A": ["Bra."]}
    only(body, f"comments {SHAPE}", numbers)


def test_comments_are_sorted_by_code_point_and_not_as_utf_16() -> None:
    body = two_cells()
    body["comments"] = {"best": ["\uffee", "\U0001f600"]}
    assert reasons(body) == ()


# --- one circle at a time ---

HERE = NUMBERS.node
ABOVE = HERE[:2]
BELOW = (*HERE, "ward")
CLOSE = "one circle at a time: the inspection at"


def circle(node: tuple[str, ...], closed_on: date | None, opens_on: date | None) -> tuple[str, ...]:
    return reasons(two_cells(), told(opens_on=opens_on, earlier=(Earlier(node, closed_on),)))


@pytest.mark.parametrize("node", [HERE, ABOVE, BELOW, HERE[:1]])
def test_nothing_else_is_open_at_above_or_below_the_node(node: tuple[str, ...]) -> None:
    assert circle(node, None, date(2026, 10, 1)) == (f"{CLOSE} {'/'.join(node)} is open",)


@pytest.mark.parametrize("node", [("region", "north", "medicine"), ("region", "south"), ("other",)])
def test_a_node_beside_it_is_another_circle(node: tuple[str, ...]) -> None:
    assert circle(node, None, date(2026, 10, 1)) == ()


def test_the_same_node_rests_for_ninety_days() -> None:
    place = f"{CLOSE} region/north/surgery"
    refused = (f"{place} closed less than 90 days before this one opened",)
    assert circle(HERE, date(2026, 1, 1), date(2026, 3, 31)) == refused
    assert circle(HERE, date(2026, 1, 1), date(2026, 4, 1)) == ()


@pytest.mark.parametrize("node", [ABOVE, BELOW])
def test_a_node_above_or_below_rests_for_twelve_months(node: tuple[str, ...]) -> None:
    refused = (f"{CLOSE} {'/'.join(node)} closed less than 12 months before this one opened",)
    assert circle(node, date(2025, 10, 2), date(2026, 10, 1)) == refused
    assert circle(node, date(2025, 10, 1), date(2026, 10, 1)) == ()


def test_twelve_months_from_a_leap_day_end_on_the_last_of_february() -> None:
    assert circle(ABOVE, date(2028, 2, 29), date(2029, 2, 27)) != ()
    assert circle(ABOVE, date(2028, 2, 29), date(2029, 2, 28)) == ()


def test_an_inspection_that_closed_after_this_one_opened_is_too_near() -> None:
    assert circle(HERE, date(2026, 10, 20), date(2026, 10, 1)) != ()


@pytest.mark.parametrize(
    ("node", "other"),
    [
        (("region", "north", "surgery"), ("region", "south", "surgery")),
        (("region", "north", "surgery"), ("region", "south", "surgery", "ward")),
        (("region", "south", "surgery", "ward"), ("region", "north", "surgery")),
    ],
)
def test_a_unit_moved_to_another_group_is_the_same_circle(
    node: tuple[str, ...], other: tuple[str, ...]
) -> None:
    earlier = (Earlier(other, date(2026, 9, 1)),)
    assert len(reasons(two_cells(), told(node=node, earlier=earlier))) == 1


def test_the_region_is_a_node_like_others() -> None:
    earlier = (Earlier(("region",), None),)
    only(two_cells(), f"{CLOSE} region is open", told(node=("region",), earlier=earlier))


def test_the_circle_is_not_checked_where_the_opening_day_is_not_known() -> None:
    assert circle(HERE, None, None) == ()


def test_the_circle_is_checked_for_every_mode() -> None:
    body, numbers = dialogue()
    numbers = dataclasses.replace(numbers, earlier=(Earlier(HERE, None),))
    only(body, f"{CLOSE} region/north/surgery is open", numbers)


def test_an_inspection_without_a_node_is_near_everything() -> None:
    earlier = (Earlier(("region", "south"), None),)
    only(two_cells(), f"{CLOSE} region/south is open", told(node=(), earlier=earlier))


# --- the published catalogue, and the auditor itself ---


def published(roles: dict[str, tuple[Role, ...]]) -> dict[str, Any]:
    """Give tables where all ten of each role that was asked agree."""
    given = {}
    for key, asked in roles.items():
        others = 10 * len([role for role in asked if role is not ST])
        sides = {"st": 10 if ST in asked else 0, "utbildare": others}
        given[key] = {cell: table(n, 0, 0, 0, 0, [n, 0, 0, 0]) for cell, n in sides.items() if n}
    return given


def test_a_release_of_the_published_catalogue_passes_until_an_outcome_is_left_out() -> None:
    edition = catalogue("2026")
    roles = {one.id: one.asked for one in edition.criteria.values() if one.asked}
    roles |= {one.id: one.asked for one in edition.outcomes.values()}
    body = two_cells() | {"catalogue": "2026", "results": published(roles)}
    body["cells"][0]["n"], body["cells"][1]["n"] = 10, 30
    body["facts"] = {"A2": "ja", "A4": "delvis"}
    answered = {key: dict.fromkeys(asked, 10) for key, asked in roles.items()}
    numbers = told(ballots=dict.fromkeys(Role, 10), answered=answered)
    audit(body, numbers, edition)
    del body["results"]["U2"]
    with pytest.raises(Refused, match=r"^results lacks U2$"):
        audit(body, numbers, edition)


def test_the_auditor_shares_nothing_with_what_it_audits() -> None:
    tree = ast.parse(inspect.getsource(sys.modules[audit.__module__]))
    modules = {node.module for node in ast.walk(tree) if isinstance(node, ast.ImportFrom)}
    modules |= {name.name for node in ast.walk(tree) if isinstance(node, ast.Import) for name in node.names}
    ours = {module for module in modules if module and module.split(".")[0] not in sys.stdlib_module_names}
    assert ours == {"questionnaires.model"}


def test_auditing_leaves_the_release_as_it_was() -> None:
    body = two_cells()
    kept = deepcopy(body)
    audit(body, NUMBERS, CATALOGUE)
    assert body == kept
