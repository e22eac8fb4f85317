"""An exported result read back: is it what was released, and does it say what follows from that?"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from questionnaires.model import Catalogue, Fact
from questionnaires.read import catalogue
from scoring.documents.objects import Malformed
from scoring.documents.read import BANDS, read_release
from scoring.documents.write import digest
from scoring.release import ALLA, CELL_ROLES, ST, UTBILDARE, Release
from scoring.rules import Rules, rules
from scoring.verdict import Status, Verdict, assess
from stins.workbook import places, words
from stins.workbook.read.faults import N_, Fault, Faulty, Unreadable, plain
from stins.workbook.read.filled import FACT_WORDS
from stins.workbook.read.grid import Area, Grid, Spot, Value
from stins.workbook.speech import speech

LANGUAGES = ("sv", "en")
NONE = "–"
NOT_OURS = N_(
    "Det här är inte en export från STINS, eller så har den ändrats så att den inte går att läsa (%(why)s). "
    "Hämta resultatet på nytt."
)


@dataclass(frozen=True, slots=True)
class Exported:
    """A release out of an export, and what follows from it."""

    release: Release
    verdict: Verdict
    catalogue: Catalogue
    rules: Rules
    parameters: Mapping[str, int]
    unit: str


def is_export(grid: Grid) -> bool:
    """Say whether a workbook calls itself an export."""
    return _text(grid, places.KIND) == places.EXPORT


def read_exported(grid: Grid) -> Exported:
    """Read an export's release and check it against its own checksum, grades and statuses.

    Raises :class:`Unreadable` where it is none, :class:`Faulty` naming every cell that does not agree.
    """
    try:
        release = read_release(_document(grid))
    except Malformed as why:
        raise Unreadable(NOT_OURS, why=str(why)) from None
    cat, used = catalogue(release.catalogue), rules(release.rules)
    verdict = assess(release, cat, used)
    faults = [
        *_checksum(grid, release),
        *_grades(grid, verdict, places.GRADES),
        *_grades(grid, verdict, places.SHOWN_GRADES),
        *_statuses(grid, verdict),
    ]
    if faults:
        raise Faulty(faults)
    parameters = {id: _number(grid, places.parameter(id)) or p.default for id, p in cat.parameters.items()}
    return Exported(release, verdict, cat, used, parameters, _text(grid, places.UNIT))


def _document(grid: Grid) -> dict[str, Any]:
    areas = _text(grid, places.AREAS).split()
    results = _results(grid)
    people = {cell: _number(grid, places.people(cell)) for cell in (ST, UTBILDARE, ALLA)}
    return {
        "catalogue": _text(grid, places.CATALOGUE),
        "rules": _text(grid, places.RULES),
        "k": _number(grid, places.K),
        "mode": _text(grid, places.MODE),
        "areas": areas or None,
        "closed_on": _day(grid),
        "cells": [
            {"id": cell, "roles": [str(role) for role in CELL_ROLES[cell]], "n": n}
            for cell, n in people.items()
            if n is not None
        ],
        "results": results if any(n is not None for n in people.values()) else {},
        "facts": _facts(grid),
    }


def _results(grid: Grid) -> dict[str, dict[str, Any]]:
    found: dict[str, dict[str, Any]] = {}
    for cell in (ST, UTBILDARE, ALLA):
        counts, scale = grid.names.get(places.counts(cell)), grid.names.get(places.scale(cell))
        if counts is None or scale is None:
            raise Unreadable(NOT_OURS, why=places.counts(cell))
        for row in range(counts.first_row, counts.last_row + 1):
            numbers = _row(grid, counts, row)
            id = str(grid.at(Spot(counts.tab, row, places.ID_COLUMN)))
            if numbers[0] is None:
                continue
            steps = _row(grid, scale, row)
            table = dict(zip(BANDS, numbers, strict=True)) | {"scale": None if None in steps else steps}
            found.setdefault(id, {})[cell] = None if isinstance(numbers[0], str) else table
    return found


def _row(grid: Grid, area: Area, row: int) -> list[Value | None]:
    columns = range(area.first_column, area.last_column + 1)
    return [_whole(grid.at(Spot(area.tab, row, column))) for column in columns]


def _whole(value: Value | None) -> Value | None:
    return int(value) if isinstance(value, float) and value.is_integer() else value


def _facts(grid: Grid) -> dict[str, Fact]:
    found = {}
    for name in grid.names:
        id = name.removeprefix(places.fact(""))
        word = _text(grid, name).lower()
        if id != name and word:
            found[id] = FACT_WORDS.get(word, word)
    return found  # type: ignore[return-value]  # an unknown word is refused where facts are read


def _checksum(grid: Grid, release: Release) -> list[Fault]:
    if _text(grid, places.SHA256) == digest(release):
        return []
    message = N_("kontrollsumman stämmer inte med siffrorna i Underlag; de har ändrats efter exporten")
    return [Fault(_place(grid, places.SHA256), message)]


def _grades(grid: Grid, verdict: Verdict, name: str) -> list[Fault]:
    expected = {id: str(area.grade or NONE) for id, area in verdict.areas.items()}
    lines = _column(grid, name)
    wrong = [
        _differs(spot, found, expected.get(id, "")) for id, spot, found in lines if found != expected.get(id)
    ]
    return [*_missing(grid, name, set(expected).difference(id for id, _, _ in lines)), *wrong]


def _statuses(grid: Grid, verdict: Verdict) -> list[Fault]:
    expected = {id: criterion.status for id, criterion in verdict.criteria.items()}
    lines = _column(grid, places.STATUSES)
    said = _said(found for _, _, found in lines)
    wrong = [
        _differs(spot, found, said[expected.get(id)])
        for id, spot, found in lines
        if found != said[expected.get(id)]
    ]
    return [*_missing(grid, places.STATUSES, set(expected).difference(id for id, _, _ in lines)), *wrong]


def _said(found: Iterable[str]) -> Mapping[Status | None, str]:
    """Give the words for statuses in the language of the workbook, told by the words that stand in it."""
    there = [word for word in found if word]
    languages = [words.statuses(speech(lang)) for lang in LANGUAGES]
    return max(languages, key=lambda said: sum(word in said.values() for word in there))


def _differs(spot: Spot, found: str, expected: str) -> Fault:
    message = N_("det står %(found)s, men siffrorna ger %(expected)s")
    return Fault(spot.name, message, {"found": plain(found) or NONE, "expected": expected or NONE})


def _missing(grid: Grid, name: str, ids: Iterable[str]) -> list[Fault]:
    message = N_("raden för %(id)s saknas; hämta resultatet på nytt")
    return [Fault(_place(grid, name), message, {"id": id}) for id in sorted(ids)]


def _column(grid: Grid, name: str) -> list[tuple[str, Spot, str]]:
    area = grid.names.get(name)
    if area is None:
        raise Unreadable(NOT_OURS, why=name)
    rows = range(area.first_row, area.last_row + 1)
    spots = [Spot(area.tab, row, area.first_column) for row in rows]
    ids = [str(grid.at(Spot(area.tab, row, places.ID_COLUMN))) for row in rows]
    return [(id, spot, str(grid.at(spot) or "")) for id, spot in zip(ids, spots, strict=True)]


def _place(grid: Grid, name: str) -> str:
    area = grid.names.get(name)
    return area.spot.name if area else ""


def _text(grid: Grid, name: str) -> str:
    area = grid.names.get(name)
    value = grid.at(area.spot) if area else None
    return "" if value is None else str(value)


def _number(grid: Grid, name: str) -> int | None:
    area = grid.names.get(name)
    value = _whole(grid.at(area.spot)) if area else None
    return value if isinstance(value, int) else None


def _day(grid: Grid) -> str:
    area = grid.names.get(places.LAST_DAY)
    value = grid.at(area.spot) if area else None
    if isinstance(value, datetime):
        value = value.date()
    return value.isoformat() if isinstance(value, date) else ""
