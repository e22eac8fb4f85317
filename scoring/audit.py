"""The independent auditor of a release.

The rules of what may be shown are read twice, and a release leaves the house only where both readings agree.
Nothing is shared with the code that makes releases: every number here is this reader's own, from "What may be
shown" and "One circle at a time" in the design's page on anonymity; the format is release.json's.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from questionnaires.model import Catalogue, Role

MODES = ("anonymous", "dialogue", "typed")
COVER = (Role.ST_LAKARE, Role.HANDLEDARE)
TWO_CELLS = {"st": (Role.ST_LAKARE,), "utbildare": (Role.HANDLEDARE, Role.STUDIEREKTOR, Role.VERKSAMHETSCHEF)}
ONE_CELL = {"alla": tuple(Role)}
BANDS = ("agree", "partly", "disagree", "unknown", "not_applicable")
SCALE_STANDS_ON = 10
DIALOGUE_BALLOTS, DIALOGUE_COVER, DIALOGUE_ANSWERS = 3, 2, 2
SAME_NODE = timedelta(days=90)
HEAD = ("catalogue", "rules", "k", "mode", "areas", "closed_on", "cells", "results", "facts")
TAIL = ("comments", "redacted")


@dataclass(frozen=True, slots=True)
class Earlier:
    """Another inspection that released something, or one that is open now; never the audited one itself.

    ``node`` is the path of node ids from the region down. ``closed_on`` is None while it is open or closing.
    """

    node: tuple[str, ...]
    closed_on: date | None


@dataclass(frozen=True, slots=True)
class Numbers:
    """What the auditor is told beside the release.

    ``mode``, ``k``, ``areas`` and ``comments`` (``off`` or ``reviewed``) are as promised to respondents.
    ``ballots`` counts them per role; ``answered`` tells for each criterion and outcome how many of each role
    answered otherwise than "ej aktuellt". ``node`` and ``opens_on`` are where and when this inspection was
    opened; without a day the circle is not checked.
    """

    mode: str
    k: int
    areas: tuple[str, ...] | None
    comments: str
    ballots: Mapping[Role, int]
    answered: Mapping[str, Mapping[Role, int]]
    node: tuple[str, ...]
    opens_on: date | None
    earlier: tuple[Earlier, ...]


class Refused(Exception):
    """The release must not leave; ``reasons`` names every place and rule, never an answer or a comment."""

    def __init__(self, reasons: tuple[str, ...]) -> None:
        super().__init__("; ".join(reasons))
        self.reasons = reasons


def audit(body: Mapping[str, Any], numbers: Numbers, catalogue: Catalogue) -> None:
    """Check a release, as the JSON object of release.json, against the numbers behind it.

    Raises :class:`Refused` with every reason found. The rules are those of the design's page on anonymity.
    """
    reasons = [*_keys("the release", body, HEAD, TAIL), *_promised(body, numbers, catalogue)]
    for key, part in PARTS.items():
        if key in body:
            reasons += part(body[key], numbers, catalogue)
    reasons += _circle(numbers)
    if reasons:
        raise Refused(tuple(reasons))


def _promised(body: Mapping[str, Any], numbers: Numbers, catalogue: Catalogue) -> Iterator[str]:
    areas = None if numbers.areas is None else list(numbers.areas)
    promised = {"catalogue": catalogue.id, "k": numbers.k, "mode": numbers.mode, "areas": areas}
    for key, value in promised.items():
        if key in body and (type(body[key]) is not type(value) or body[key] != value):
            yield f"{key} is not what was promised"
    if numbers.mode not in MODES:
        yield "the promised mode is not one of anonymous, dialogue and typed"
    if not isinstance(body.get("rules", ""), str):
        yield "rules is not a text"


def _closed_on(value: Any, numbers: Numbers, catalogue: Catalogue) -> Iterator[str]:
    try:
        right = isinstance(value, str) and date.fromisoformat(value).isoformat() == value
    except ValueError:
        right = False
    if not right:
        yield "closed_on is not a day written as YYYY-MM-DD"


def _partition(numbers: Numbers) -> Mapping[str, tuple[Role, ...]]:
    """Give the cells that the ballots allow; none where nothing may be released."""
    st, handledare = (numbers.ballots.get(role, 0) for role in COVER)
    if numbers.mode == "dialogue":
        enough = sum(numbers.ballots.values()) >= DIALOGUE_BALLOTS and st + handledare >= DIALOGUE_COVER
    elif min(st, handledare) >= numbers.k:
        return TWO_CELLS
    else:
        enough = st + handledare >= numbers.k
    return ONE_CELL if enough else {}


def _cells(value: Any, numbers: Numbers, catalogue: Catalogue) -> Iterator[str]:
    if not isinstance(value, list):
        yield "cells is not a list"
        return
    misshapen = [why for cell in value for why in _keys("each of cells", cell, ("id", "roles", "n"))]
    partition = _partition(numbers)
    if misshapen:
        yield from misshapen
    elif [cell["id"] for cell in value] != list(partition):
        yield f"cells must be {' and '.join(partition) or 'empty'} with these ballots"
    else:
        for cell, roles in zip(value, partition.values(), strict=True):
            ballots = _total(numbers.ballots, roles)
            if cell["roles"] != list(roles) or not _whole(cell["n"]) or cell["n"] != ballots:
                yield f"cells.{cell['id']}: its roles or n are not those of the ballots"


def _results(value: Any, numbers: Numbers, catalogue: Catalogue) -> Iterator[str]:
    asked = {one.id: one.asked for one in catalogue.within(numbers.areas) if one.asked}
    if numbers.areas is None:
        asked |= {outcome.id: outcome.asked for outcome in catalogue.outcomes.values()}
    if not _partition(numbers):
        asked = {}
    yield from _keys("results", value, asked)
    for key, roles in asked.items():
        if key in _held(value):
            yield from _criterion(key, value[key], numbers, roles)


def _criterion(key: str, value: Any, numbers: Numbers, asked: tuple[Role, ...]) -> Iterator[str]:
    place, answered = f"results.{key}", numbers.answered.get(key, {})
    if any(answered.get(role, 0) > numbers.ballots.get(role, 0) for role in asked):
        yield f"{place}: the numbers tell of more answers than ballots"
    tables = _tables(numbers, answered, asked)
    if not isinstance(value, Mapping) or set(value) != set(tables):
        overlap = "its tables overlap; " if "alla" in _held(value) and len(value) > 1 else ""
        yield f"{place}: {overlap}it must hold {' and '.join(tables)} and nothing else"
        return
    for cell, shown in tables.items():
        if (value[cell] is not None) != shown:
            wrong = "withheld, though enough" if shown else "shown, though too few who count"
            yield f"{place}.{cell}: {wrong} answered it"
        elif shown:
            roles = [role for role in asked if role in (TWO_CELLS | ONE_CELL)[cell]]
            yield from _table(f"{place}.{cell}", value[cell], numbers, {r: answered.get(r, 0) for r in roles})


def _tables(numbers: Numbers, answered: Mapping[Role, int], asked: Iterable[Role]) -> dict[str, bool]:
    """Give the keys of a criterion's tables and whether each is shown or withheld."""
    dialogue = numbers.mode == "dialogue"
    counted, enough = (tuple(Role), DIALOGUE_ANSWERS) if dialogue else (COVER, numbers.k)
    sides = {key: set(roles).intersection(asked) for key, roles in _partition(numbers).items()}
    behind = {key: _total(answered, roles.intersection(counted)) for key, roles in sides.items() if roles}
    if len(behind) > 1 and min(behind.values()) < enough <= sum(behind.values()):
        return {"alla": True}
    return {key: number >= enough for key, number in behind.items()}


def _table(place: str, table: Any, numbers: Numbers, answered: Mapping[Role, int]) -> Iterator[str]:
    misshapen = [*_table_shape(place, table)]
    yield from misshapen
    if misshapen:
        return
    ballots = _total(numbers.ballots, answered)
    if sum(table[band] for band in BANDS) != ballots:
        yield f"{place}: its bands do not sum to the ballots of the roles asked"
    if table["not_applicable"] != ballots - sum(answered.values()):
        yield f"{place}: not_applicable is not what the numbers say"
    if table["disagree"] == 1:
        yield f"{place}: a lone disagree is left"
    if numbers.mode != "dialogue":
        bosses = _total(numbers.ballots, set(answered).difference(COVER))
        yield from _scale(f"{place}.scale", table, bosses)
    elif table["scale"] is not None:
        yield f"{place}.scale: none may stand in dialogue mode"


def _table_shape(place: str, table: Any) -> Iterator[str]:
    yield from _keys(place, table, (*BANDS, "scale"))
    if not all(_whole(_held(table).get(band, 0)) for band in BANDS):
        yield f"{place}: a band is not a whole number"
    scale = _held(table).get("scale")
    if scale is not None and not (isinstance(scale, list) and len(scale) == 4 and all(map(_whole, scale))):
        yield f"{place}.scale: neither null nor four whole numbers"


def _scale(place: str, table: Mapping[str, Any], bosses: int) -> Iterator[str]:
    """Check that a scale stands exactly where enough rated (3…0) when every boss asked is taken away.

    Whether it stands must not tell what a boss answered, so all of them are, whatever they said.
    """
    enough = table["agree"] + table["partly"] + table["disagree"] - bosses >= SCALE_STANDS_ON
    scale = table["scale"]
    if scale is None:
        if enough:
            yield f"{place}: missing, though at least {SCALE_STANDS_ON} ST-läkare and handledare rated"
        return
    if [scale[0] + scale[1], *scale[2:]] != [table["agree"], table["partly"], table["disagree"]]:
        yield f"{place}: it does not sum to its bands"
    if scale[3] == 1:
        yield f"{place}: a lone disagree is left"
    if not enough:
        yield f"{place}: it may stand on fewer than {SCALE_STANDS_ON} ST-läkare and handledare"


def _facts(value: Any, numbers: Numbers, catalogue: Catalogue) -> Iterator[str]:
    allowed = {one.id: one.facts for one in catalogue.within(numbers.areas) if one.facts}
    yield from _keys("facts", value, (), allowed)
    for key, facts in allowed.items():
        if _held(value).get(key, facts[0]) not in facts:
            yield f"facts.{key}: not among what may be stated of it"


def _comments(value: Any, numbers: Numbers, catalogue: Catalogue) -> Iterator[str]:
    shown_to: dict[str, list[Role]] = {}
    for role in Role:
        for field in catalogue.comment_fields(role, numbers.areas):
            shown_to.setdefault(field, []).append(role)
    yield from _keys("comments", value, (), shown_to)
    if value:
        yield from (f"comments {why}" for why in _unfit(numbers))
    for field, roles in shown_to.items():
        if field in _held(value):
            yield from _field(f"comments.{field}", value[field], numbers, roles)


def _unfit(numbers: Numbers) -> Iterator[str]:
    if numbers.mode != "anonymous":
        yield "may not stand in this mode"
    if numbers.comments != "reviewed":
        yield "may not stand where comments are off"
    if not _partition(numbers):
        yield "may not stand without a cell"


def _field(place: str, texts: Any, numbers: Numbers, roles: list[Role]) -> Iterator[str]:
    if _total(numbers.ballots, set(COVER).intersection(roles)) < numbers.k:
        yield f"{place}: shown to fewer than k = {numbers.k} ST-läkare and handledare"
    if not isinstance(texts, list) or not all(isinstance(text, str) for text in texts):
        yield f"{place}: not a list of texts"
        return
    if texts != sorted(texts):
        yield f"{place}: not sorted by code point"
    if len(texts) > _total(numbers.ballots, roles):
        yield f"{place}: more comments than ballots that could hold one"


def _redacted(value: Any, numbers: Numbers, catalogue: Catalogue) -> Iterator[str]:
    if not _whole(value):
        yield "redacted is not a whole number"
    elif value:
        yield from (f"redacted comments {why}" for why in _unfit(numbers))


def _circle(numbers: Numbers) -> Iterator[str]:
    if numbers.opens_on is None:
        return
    for other in numbers.earlier:
        # Found by the last id and not as the beginning of a path: a unit moved to another group is the same
        # people. An empty path is near everything.
        if not (set(numbers.node[-1:]) <= set(other.node) or set(other.node[-1:]) <= set(numbers.node)):
            continue
        place = f"one circle at a time: the inspection at {'/'.join(other.node)}"
        same = numbers.node[-1:] == other.node[-1:]
        if other.closed_on is None:
            yield f"{place} is open"
        elif numbers.opens_on < (other.closed_on + SAME_NODE if same else _year_after(other.closed_on)):
            yield f"{place} closed less than {'90 days' if same else '12 months'} before this one opened"


def _year_after(day: date) -> date:
    return day.replace(year=day.year + 1, day=min(day.day, 28) if day.month == 2 else day.day)


def _whole(value: Any) -> bool:
    return type(value) is int and value >= 0


def _total(counts: Mapping[Role, int], roles: Iterable[Role]) -> int:
    return sum(counts.get(role, 0) for role in roles)


def _held(value: Any) -> Mapping[Any, Any]:
    return value if isinstance(value, Mapping) else {}


def _keys(place: str, value: Any, required: Iterable[str], optional: Iterable[str] = ()) -> Iterator[str]:
    """Check an object's keys. One that is not in the format is not named: it could be anything."""
    if not isinstance(value, Mapping):
        yield f"{place} is not an object"
        return
    yield from (f"{place} lacks {key}" for key in required if key not in value)
    if set(value) - {*required, *optional}:
        yield f"{place} holds a key that is not in the format"


PARTS: Mapping[str, Callable[[Any, Numbers, Catalogue], Iterator[str]]] = {
    "closed_on": _closed_on,
    "cells": _cells,
    "results": _results,
    "facts": _facts,
    "comments": _comments,
    "redacted": _redacted,
}
