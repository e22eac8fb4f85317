"""ballots.json → round, release.json → release."""

import reprlib
from collections.abc import Callable, Mapping
from typing import Any, TypeVar

from questionnaires.model import Catalogue, Fact, Role
from questionnaires.read import UnknownCatalogue, catalogue
from scoring.ballots import Ballot, BallotFault, check
from scoring.documents.objects import Malformed, Reader
from scoring.release import ALLA, CELL_ROLES, ST, UTBILDARE, WITHHELD, Bands, Cell, Release, Table
from scoring.rounds import Comments, Mode, Round, Terms
from scoring.rules import Rules, UnknownRules, newest, rules

T = TypeVar("T")
ROUND_KEYS = ("catalogue", "rules", "k", "mode", "comments", "closes_on", "areas", "facts", "ballots")
RELEASE_KEYS = (
    "catalogue", "rules", "k", "mode", "areas", "closed_on",
    "cells", "results", "facts", "comments", "redacted",
)  # fmt: skip
BANDS = ("agree", "partly", "disagree", "unknown", "not_applicable")


def read_round(document: Any) -> Round:
    """Make a round of a parsed ballots.json. Raises :class:`Malformed` with the first fault."""
    top = Reader(document, "", ROUND_KEYS)
    cat = _known(catalogue, top.text("catalogue"), UnknownCatalogue)
    mode, comments = top.one_of("mode", Mode), top.one_of("comments", Comments, Comments.OFF)
    if comments is not Comments.OFF and mode is not Mode.ANONYMOUS:
        raise Malformed(f"comments is '{comments}'; in mode '{mode}' they are 'off'")
    terms = Terms(
        catalogue=cat,
        rules=_rules(top, cat),
        mode=mode,
        k=top.whole("k", 1),
        areas=_areas(top, cat),
        comments=comments,
    )
    facts = _facts(top.mapping("facts", {}), terms)
    ballots = tuple(_ballot(number, raw, terms) for number, raw in enumerate(top.list_("ballots"), 1))
    return Round(terms, facts, ballots, top.day("closes_on"))


def read_release(document: Any) -> Release:
    """Make a release of a parsed release.json. Raises :class:`Malformed` with the first fault."""
    top = Reader(document, "", RELEASE_KEYS)
    cat = _known(catalogue, top.text("catalogue"), UnknownCatalogue)
    areas = _areas(top, cat)
    terms = Terms(cat, _rules(top, cat), top.one_of("mode", Mode), top.whole("k", 1), areas, Comments.OFF)
    cells = _cells(top.list_("cells"))
    return Release(
        catalogue=cat.id,
        rules=terms.rules.id,
        k=terms.k,
        mode=terms.mode,
        areas=areas,
        closed_on=top.day("closed_on"),
        cells=cells,
        results=_results(top.mapping("results"), terms, tuple(cell.id for cell in cells)),
        facts=_facts(top.mapping("facts", {}), terms),
        comments=_texts(top.mapping("comments", {})),
        redacted=top.whole("redacted", 0, 0),
    )


def _known(find: Callable[[str], T], name: str, unknown: type[LookupError]) -> T:
    try:
        return find(name)
    except unknown as error:
        raise Malformed(str(error)) from None


def _rules(top: Reader, cat: Catalogue) -> Rules:
    name = top.raw.get("rules")
    if name is None:
        return _known(newest, cat.id, UnknownRules)
    found = _known(rules, top.text("rules"), UnknownRules)
    if cat.id not in found.catalogues:
        raise Malformed(f"rules is '{found.id}', which is not made for the catalogue '{cat.id}'")
    return found


def _areas(top: Reader, cat: Catalogue) -> tuple[str, ...] | None:
    if top.raw.get("areas") is None:
        return None
    chosen = top.list_("areas")
    allowed = f"it must be null or a list of some of {', '.join(cat.areas)}, each once"
    if not chosen or any(not isinstance(area, str) or area not in cat.areas for area in chosen):
        top.wrong("areas", allowed)
    if len(set(chosen)) < len(chosen):
        top.wrong("areas", allowed)
    return tuple(area for area in cat.areas if area in chosen)


def _facts(raw: Mapping[str, Any], terms: Terms) -> dict[str, Fact]:
    """Check every stated fact; keep those of the chosen areas, in catalogue order."""
    stated = {c.id: c for c in terms.catalogue.criteria.values() if c.facts}
    for id, fact in raw.items():
        if id not in stated:
            known = ", ".join(stated)
            raise Malformed(f"facts: {reprlib.repr(id)} is not stated openly; allowed: {known}")
        if not isinstance(fact, str) or fact not in stated[id].facts:
            allowed = ", ".join(stated[id].facts)
            raise Malformed(f"facts: {id} is {reprlib.repr(fact)}; allowed: {allowed}")
    return {c.id: Fact(raw[c.id]) for c in terms.catalogue.within(terms.areas) if c.id in raw}


def _ballot(number: int, raw: Any, terms: Terms) -> Ballot:
    place = f"ballot {number}"
    ballot = Reader(raw, place, ("role", "answers", "comments"))
    role = ballot.one_of("role", Role)
    comments = ballot.mapping("comments", {})
    if comments and terms.comments is Comments.OFF:
        raise Malformed(f"{place}: there are comments, but comments is 'off'; leave them out")
    try:
        return check(terms.catalogue, terms.areas, role, ballot.mapping("answers"), comments)
    except BallotFault as fault:
        raise Malformed(f"{place}: {fault}") from None


def _cells(raw: list[Any]) -> tuple[Cell, ...]:
    cells = []
    for number, each in enumerate(raw, 1):
        cell = Reader(each, f"cell {number}", ("id", "roles", "n"))
        id = cell.text("id")
        if id not in CELL_ROLES:
            cell.wrong("id", f"allowed: {', '.join(CELL_ROLES)}")
        if cell.list_("roles") != list(CELL_ROLES[id]):
            cell.wrong("roles", f"for {id} they are {', '.join(CELL_ROLES[id])}")
        cells.append(Cell(id, CELL_ROLES[id], cell.whole("n", 0)))
    if [cell.id for cell in cells] not in ([], [ALLA], [ST, UTBILDARE]):
        raise Malformed(f"cells: they are {ST} and {UTBILDARE}, or {ALLA} alone, or none")
    return tuple(cells)


def _results(raw: dict[str, Any], terms: Terms, cells: tuple[str, ...]) -> dict[str, dict[str, Table]]:
    expected = _questions(terms) if cells else []
    for id in raw:
        if id not in expected:
            raise Malformed(f"results: {reprlib.repr(id)} has no place in this release; leave it out")
    for id in expected:
        if id not in raw:
            raise Malformed(f"results: {id} is missing; a withheld table is null, not left out")
    return {id: _result(id, raw[id], terms.catalogue, cells) for id in expected}


def _questions(terms: Terms) -> list[str]:
    criteria = [c.id for c in terms.catalogue.within(terms.areas) if c.asked]
    return criteria + (list(terms.catalogue.outcomes) if terms.areas is None else [])


def _result(id: str, raw: Any, cat: Catalogue, cells: tuple[str, ...]) -> dict[str, Table]:
    asked = [cell for cell in cells if set(CELL_ROLES[cell]) & set(cat.asked(id))]
    pooled = ALLA if len(asked) > 1 else None
    tables = Reader(raw, f"results: {id}", (*asked, *([pooled] if pooled else []))).raw
    if list(tables) != [pooled] and set(tables) != set(asked):
        allowed = " and ".join(asked) + (f", or {pooled} alone" if pooled else "")
        found = ", ".join(tables) or "none"
        raise Malformed(f"results: {id} has the tables {found}; it must have {allowed}")
    return {cell: _table(f"results: {id}.{cell}", table) for cell, table in tables.items()}


def _table(place: str, raw: Any) -> Table:
    if raw is None:
        return WITHHELD
    table = Reader(raw, place, (*BANDS, "scale"))
    counts = {band: table.whole(band, 0) for band in BANDS}
    return Bands(**counts, scale=_scale(table))


def _scale(table: Reader) -> tuple[int, int, int, int] | None:
    scale = table.get("scale", None)
    if scale is None:
        return None
    if not isinstance(scale, list) or len(scale) != 4 or any(type(n) is not int or n < 0 for n in scale):
        table.wrong("scale", "it must be null or four whole numbers: how many answered 3, 2, 1 and 0")
    return scale[0], scale[1], scale[2], scale[3]


def _texts(raw: dict[str, Any]) -> dict[str, tuple[str, ...]]:
    for field, texts in raw.items():
        if not isinstance(texts, list) or any(not isinstance(text, str) for text in texts):
            raise Malformed(f"comments: {reprlib.repr(field)} must be a list of texts")
    return {field: tuple(texts) for field, texts in raw.items()}
