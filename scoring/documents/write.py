"""Release → release.json, verdict → verdict.json."""

import hashlib
import json
from typing import Any, assert_never

from scoring.release import Bands, Release, Table, Withheld
from scoring.verdict import Verdict

OUTSIDE_DIGEST = ("comments", "redacted")


def release_document(release: Release) -> dict[str, Any]:
    """Give a release in the form of release.json."""
    return {
        "catalogue": release.catalogue,
        "rules": release.rules,
        "k": release.k,
        "mode": str(release.mode),
        "areas": None if release.areas is None else list(release.areas),
        "closed_on": release.closed_on.isoformat(),
        "cells": [{"id": c.id, "roles": [str(role) for role in c.roles], "n": c.n} for c in release.cells],
        "results": {
            id: {cell: _table_document(table) for cell, table in tables.items()}
            for id, tables in release.results.items()
        },
        "facts": {id: str(fact) for id, fact in release.facts.items()},
        "comments": {field: list(texts) for field, texts in release.comments.items()},
        "redacted": release.redacted,
    }


def digest(release: Release) -> str:
    """Give the release's SHA-256 in hexadecimal: of its JSON without comments, keys sorted, no spaces."""
    return hashlib.sha256(frozen(release).encode()).hexdigest()


def frozen(release: Release) -> str:
    """Give the JSON that is stored and that the digest is of: everything but the comments."""
    body = {key: value for key, value in release_document(release).items() if key not in OUTSIDE_DIGEST}
    return json.dumps(body, sort_keys=True, separators=(",", ":"), ensure_ascii=False)


def verdict_document(verdict: Verdict) -> dict[str, Any]:
    """Give a verdict in the form of verdict.json."""
    return {
        "rules": verdict.rules,
        "areas": {
            id: {
                "grade": area.grade and str(area.grade),
                "because": list(area.because),
                "counted": {
                    "criteria": list(area.counted.criteria),
                    "f": list(area.counted.f),
                    "ki": area.counted.ki,
                },
            }
            for id, area in verdict.areas.items()
        },
        "criteria": {
            id: {
                "status": criterion.status and str(criterion.status),
                "cells": {cell: status and str(status) for cell, status in criterion.cells.items()},
                "needed": dict(criterion.needed),
            }
            for id, criterion in verdict.criteria.items()
        },
        "breaches": list(verdict.breaches),
        "weaknesses": list(verdict.weaknesses),
        "strengths": list(verdict.strengths),
        "gaps": list(verdict.gaps),
        "unsure": list(verdict.unsure),
        "unknown": list(verdict.unknown),
    }


def _table_document(table: Table) -> dict[str, Any] | None:
    match table:
        case Withheld():
            return None
        case Bands():
            return {
                "agree": table.agree,
                "partly": table.partly,
                "disagree": table.disagree,
                "unknown": table.unknown,
                "not_applicable": table.not_applicable,
                "scale": table.scale and list(table.scale),
            }
        case _:
            assert_never(table)
