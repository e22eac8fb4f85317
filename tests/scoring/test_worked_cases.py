"""The worked cases of cases/*.toml, which an expert can follow by hand, each a test named by its sentence."""

import re
import tomllib
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import pytest

from questionnaires.model import Catalogue, Criterion, Fact, Level, Role
from scoring.ballots import Answer
from scoring.documents.write import verdict_document
from scoring.release import WITHHELD, Bands, Table, publish
from scoring.rounds import Mode, Round
from scoring.verdict import Verdict, assess
from tests.scoring.scoring_samples import (
    ALL_FACTS,
    CLOSED_ON,
    EDITION,
    HL,
    RULES,
    ST,
    ballot,
    catalogue_of,
    criterion,
    release_of,
    terms,
)

Case = Mapping[str, Any]
FOLDER = Path(__file__).parent / "cases"
STATUS = {"met": "met", "partly met": "partly", "not met": "not_met", "no status": None}
BANDS = {"agree": "agree", "partly": "partly", "disagree": "disagree", "vet ej": "unknown"}
BANDS |= {"ej aktuellt": "not_applicable"}
ASKED = {"st": (ST,), "utbildare": (HL,), "alla": (ST, HL)}
FINDINGS = ("breaches", "weaknesses", "strengths", "gaps", "unsure", "unknown")


def cases(file: str) -> list[Any]:
    """Give the cases of a file, each under its name."""
    found = tomllib.loads((FOLDER / f"{file}.toml").read_text(encoding="utf-8"))["case"]
    return [pytest.param(case, id=case["name"]) for case in found]


# --- how a case is read ---


def table_of(text: str) -> Table:
    """Read a table such as "3 agree, 1 vet ej", or "withheld"."""
    if text == "withheld":
        return WITHHELD
    counts = dict.fromkeys(BANDS.values(), 0)
    for part in text.split(", "):
        number, band = part.split(" ", 1)
        counts[BANDS[band]] = int(number)
    return Bands(**counts, scale=None)


Line = tuple[Criterion, dict[str, Table], Fact | None]


def line_of(text: str) -> Line:
    """Read a criterion such as "X1 F provisional | st: 3 agree | alla: withheld" or "X1 F | stated: ja"."""
    head, *parts = text.split(" | ")
    id, level, *words = head.split(" ")
    told = dict(part.split(": ") for part in parts)
    stated = told.pop("stated", None)
    made = criterion(
        id,
        Level(level),
        tuple(role for cell in told for role in ASKED[cell]),
        facts=() if stated is None else ALL_FACTS,
        provisional="provisional" in words,
        critical="critical" in words,
    )
    fact = None if stated in (None, "nothing") else Fact(stated)
    return made, {cell: table_of(table) for cell, table in told.items()}, fact


def verdict_of(texts: list[str], people: Mapping[str, int] | None = None) -> Verdict:
    """Judge criteria as they are told."""
    lines = [line_of(text) for text in texts]
    catalogue = catalogue_of([made for made, _, _ in lines], {})
    facts = {made.id: fact for made, _, fact in lines if fact}
    results = {made.id: tables for made, tables, _ in lines if tables}
    return assess(release_of(results, facts, people), catalogue, RULES)


# How a status comes about in an area's case: ten who answer alike, or a fact.
BY_TABLE = {"met": "st: 10 agree", "partly met": "st: 10 vet ej", "not met": "st: 10 disagree"}
BY_TABLE["no status"] = "st: withheld"
BY_FACT = {"met": "ja", "partly met": "delvis", "not met": "nej", "no status": "nothing"}


def with_status(text: str) -> str:
    """Give "X1 F: met" as a criterion whose table, or whose stated fact, has that status."""
    head, status = text.split(": ")
    if " stated" in head:
        return f"{head.replace(' stated', '')} | stated: {BY_FACT[status]}"
    return f"{head} | {BY_TABLE[status]}"


# --- the cases ---


@pytest.mark.parametrize("case", cases("tables"))
def test_a_table_of_answers(case: Case) -> None:
    judged = verdict_of([f"X1 {case['level']} | st: {case['table']}"]).criteria["X1"]
    assert (judged.status, judged.needed.get("st", 0)) == (STATUS[case["status"]], case["needed"])


@pytest.mark.parametrize("case", cases("criteria"))
def test_a_criterion(case: Case) -> None:
    assert verdict_document(verdict_of([case["criterion"]]))["criteria"]["X1"] == {
        "status": STATUS[case["status"]],
        "cells": {cell: STATUS[status] for cell, status in case["tables"].items()},
        "needed": case["needed"],
    }


@pytest.mark.parametrize("case", cases("areas"))
def test_an_area(case: Case) -> None:
    verdict = verdict_document(verdict_of([with_status(text) for text in case["criteria"]]))
    numbers = re.fullmatch(r"(\d+) of (\d+) criteria, (\d+) of (\d+) F, (\d+) KI", case["counted"])
    assert numbers
    known, of, f_known, f_of, ki = map(int, numbers.groups())
    assert verdict["areas"]["X"] == {
        "grade": None if case["grade"] == "-" else case["grade"],
        "because": case["because"],
        "counted": {"criteria": [known, of], "f": [f_known, f_of], "ki": ki},
    }


@pytest.mark.parametrize("case", cases("findings"))
def test_findings(case: Case) -> None:
    verdict = verdict_document(verdict_of(case["criteria"], case.get("people")))
    told = {name: case[name] for name in FINDINGS if name in case}
    assert told
    assert {name: verdict[name] for name in told} == told


def answers_of(text: str) -> list[Answer]:
    """Read the answers of a role such as "4 x 3, 1 x vet_ej"."""
    answers: list[Answer] = []
    for part in filter(None, text.split(", ")):
        number, word = part.split(" x ")
        answers += [answer_of(word)] * int(number)
    return answers


def answer_of(word: str) -> Answer:
    """Read an answer as it is written on the form."""
    return Answer(int(word) if word.isdigit() else word)


def one_criterion(asked: tuple[Role, ...]) -> Catalogue:
    """Make a catalogue with X1, and with Y1 that every role is asked."""
    return catalogue_of([criterion("X1", Level.KI, asked), criterion("Y1", Level.KI, tuple(Role))], {})


@pytest.mark.parametrize("case", cases("releases"))
def test_what_may_be_shown_of_a_criterion(case: Case) -> None:
    told = {Role(role): answers_of(text) for role, text in case["answers"].items()}
    ballots = [
        ballot(role, {"X1": answer, "Y1": Answer.FULLY}) for role, given in told.items() for answer in given
    ]
    ballots += [
        ballot(Role(role), {"Y1": Answer.FULLY})
        for role, number in case.get("others", {}).items()
        for _ in range(number)
    ]
    catalogue = one_criterion(tuple(role for role in Role if role in told))
    held = terms(catalogue=catalogue, mode=Mode(case.get("mode", "anonymous")), k=case.get("k", 5))
    release = publish(Round(held, {}, tuple(ballots), CLOSED_ON))
    assert {cell.id: cell.n for cell in release.cells} == case["cells"]
    assert {cell: plain(table) for cell, table in release.results.get("X1", {}).items()} == {
        cell: plain(table_of(text)) for cell, text in case["tables"].items()
    }
    assert scales(release.results.get("X1", {})) == case.get("scale", {})


def plain(table: Table) -> tuple[int, ...] | None:
    """Give a table's bands, without its scale."""
    if not isinstance(table, Bands):
        return None
    return table.agree, table.partly, table.disagree, table.unknown, table.not_applicable


def scales(tables: Mapping[str, Table]) -> dict[str, list[int]]:
    """Give the scales that are shown."""
    return {
        cell: list(table.scale) for cell, table in tables.items() if isinstance(table, Bands) and table.scale
    }


@pytest.mark.parametrize("case", cases("edition_2026"))
def test_the_edition_2026(case: Case) -> None:
    stated = {c.id: "ja" for c in EDITION.criteria.values() if c.facts} | case.get("facts", {})
    facts = {id: Fact(fact) for id, fact in stated.items() if fact != "nothing"}
    ballots = []
    for role in Role:
        asked = [question.id for question in EDITION.questionnaires[role].questions]
        words = {id: case.get("but", {}).get(id, {}).get(role, case["everyone"]) for id in asked}
        ballots += [ballot(role, {id: answer_of(word) for id, word in words.items()})] * 10
    release = publish(Round(terms(catalogue=EDITION), facts, tuple(ballots), CLOSED_ON))
    areas = verdict_document(assess(release, EDITION, RULES))["areas"]
    assert " ".join(area["grade"] or "-" for area in areas.values()) == case["grades"]
    assert {id: area["because"] for id, area in areas.items() if area["because"]} == case["because"]


# --- the files themselves ---

FILES = sorted(path.stem for path in FOLDER.glob("*.toml"))
RUNNERS: Mapping[str, Callable[[Case], None]] = {
    "areas": test_an_area,
    "criteria": test_a_criterion,
    "edition_2026": test_the_edition_2026,
    "findings": test_findings,
    "releases": test_what_may_be_shown_of_a_criterion,
    "tables": test_a_table_of_answers,
}


def test_every_file_of_cases_is_run() -> None:
    assert list(RUNNERS) == FILES


@pytest.mark.parametrize("file", FILES)
def test_every_case_is_named_once_and_says_why(file: str) -> None:
    found = [param.values[0] for param in cases(file)]
    assert len({case["name"] for case in found}) == len(found)
    assert all(case["why"].endswith(".") for case in found)
