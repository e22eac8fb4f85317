"""Sound documents of the edition 2026 that a test may spoil in one place."""

from collections.abc import Callable
from typing import Any

from questionnaires.model import Role
from tests.scoring.scoring_samples import CLOSED_ON, EDITION, HL, SR, ST, VC

Mutation = Callable[[Any], object]
KINDS = {"st": {ST}, "utbildare": {HL, SR, VC}}


def ballot_document(role: Role, areas: tuple[str, ...] | None = None) -> dict[str, Any]:
    """Give a ballot where everything is answered with 3."""
    asked = EDITION.questionnaires[role].within(areas)
    return {"role": str(role), "answers": {question.id: 3 for question in asked}, "comments": {}}


def round_document() -> dict[str, Any]:
    """Give a ballots.json of one ST-läkare, one handledare and one verksamhetschef, with comments allowed."""
    return {
        "catalogue": "2026",
        "rules": "2026",
        "k": 5,
        "mode": "anonymous",
        "comments": "reviewed",
        "closes_on": CLOSED_ON.isoformat(),
        "areas": None,
        "facts": {"A2": "ja", "A4": "delvis"},
        "ballots": [ballot_document(role) for role in (ST, HL, VC)],
    }


def area_document() -> dict[str, Any]:
    """Give a ballots.json of area C alone, with two ST-läkare and a handledare."""
    ballots = [ballot_document(role, ("C",)) for role in (ST, ST, HL)]
    return round_document() | {"areas": ["C"], "facts": {}, "ballots": ballots}


def table_document(agree: int) -> dict[str, Any]:
    """Give a table where all agree."""
    bands = {"agree": agree, "partly": 0, "disagree": 0, "unknown": 0, "not_applicable": 0}
    return bands | {"scale": [agree, 0, 0, 0]}


def release_document_2026() -> dict[str, Any]:
    """Give a release.json with two cells where all agree."""
    asked = {c.id: c.asked for c in EDITION.criteria.values() if c.asked}
    asked |= {outcome.id: outcome.asked for outcome in EDITION.outcomes.values()}
    return {
        "catalogue": "2026",
        "rules": "2026",
        "k": 5,
        "mode": "anonymous",
        "areas": None,
        "closed_on": CLOSED_ON.isoformat(),
        "cells": [
            {"id": "st", "roles": ["st_lakare"], "n": 10},
            {"id": "utbildare", "roles": ["handledare", "studierektor", "verksamhetschef"], "n": 10},
        ],
        "results": {
            id: {cell: table_document(10) for cell, kind in KINDS.items() if kind.intersection(roles)}
            for id, roles in asked.items()
        },
        "facts": {"A2": "ja"},
        "comments": {"best": ["Kollegorna."]},
        "redacted": 0,
    }


def put(path: str, value: Any) -> Mutation:
    """Give a mutation that sets what stands at a dotted path."""
    *steps, last = path.split(".")

    def mutate(document: Any) -> None:
        whole = document
        for step in steps:
            whole = whole[int(step) if step.isdigit() else step]
        whole[int(last) if last.isdigit() else last] = value

    return mutate


def drop(path: str) -> Mutation:
    """Give a mutation that removes what stands at a dotted path."""
    *steps, last = path.split(".")

    def mutate(document: Any) -> None:
        whole = document
        for step in steps:
            whole = whole[int(step) if step.isdigit() else step]
        del whole[int(last) if last.isdigit() else last]

    return mutate
