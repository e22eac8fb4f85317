"""What no single row can show: whether the rows of all six files fit together."""

import re
from collections import Counter
from collections.abc import Callable, Iterator
from typing import Any

from questionnaires.model import Evidence, Level, Role
from questionnaires.read.faults import Fault
from questionnaires.read.rows import (
    Complaint,
    CriterionRow,
    OutcomeRow,
    ParameterRow,
    QuestionRow,
    Row,
    StatementRow,
    braces,
    missing,
)
from questionnaires.read.tables import AREAS, CRITERIA, Table, Tables

MOST_WORDS = 20
"""A question is read on a telephone, often between two patients."""

_PLACEHOLDER = re.compile(r"\{([a-z_]+)\}")
_COUNTED_TOGETHER = (Role.STUDIEREKTOR, Role.VERKSAMHETSCHEF)


def cross_faults(tables: Tables) -> list[Fault]:
    """Give every fault that shows only when the sound rows are held against each other."""
    return [fault for check in _CHECKS for fault in check(tables)]


def _duplicates(tables: Tables) -> Iterator[Fault]:
    separate: tuple[Table[Any], ...] = (tables.areas, tables.parameters, *tables.questions.values())
    # One name space: an answer is filed under its id, whether of a criterion or of an outcome.
    together = (*tables.criteria.ids, *tables.outcomes.ids)
    named: list[tuple[str, tuple[str, ...]]] = [(CRITERIA, together)]
    named += [(table.file, table.ids) for table in separate]
    for file, ids in named:
        for id, times in Counter(ids).items():
            if times > 1:
                yield Fault(file, id, f"stands {times} times", "keep one of them")


def _areas(tables: Tables) -> Iterator[Fault]:
    named = {row.area for row in tables.criteria.rows} | {id[:1] for id in tables.criteria.ids}
    if tables.areas.whole:
        for row in tables.criteria.rows:
            if row.area not in tables.areas.ids:
                known = ", ".join(sorted(tables.areas.ids))
                yield Fault(CRITERIA, f"{row.id}.area", f"{row.area!r} is not an area", f"use one of {known}")
        if not tables.areas.ids:
            yield Fault(AREAS, "area", "there is no area", "write [[area]] for each")
    if tables.criteria.whole:
        for id in tables.areas.ids:
            if id not in named:
                yield Fault(AREAS, id, "no criterion belongs to it", f"write one in {CRITERIA}, or remove it")


def _parameters(tables: Tables) -> Iterator[Fault]:
    for row in tables.parameters.rows:
        if not row.least <= row.default <= row.most:
            problem = f"{row.default} is not within {row.least} to {row.most}"
            yield Fault(AREAS, f"{row.id}.default", problem, "change default, least or most")


def _criteria(tables: Tables) -> Iterator[Fault]:
    for row in tables.criteria.rows:
        for complain in (_place, _weight, _basis, _evidence):
            yield from _faults(CRITERIA, row, complain(row))
    for judged in tables.judged():
        yield from _faults(CRITERIA, judged, _asked(judged))


def _faults(file: str, row: Row, complaints: Iterator[Complaint]) -> Iterator[Fault]:
    for key, problem, remedy in complaints:
        yield Fault(file, f"{row.id}.{key}", problem, remedy)


def _place(row: CriterionRow) -> Iterator[Complaint]:
    if row.id[0] != row.area:
        yield "id", f"does not begin with its area {row.area!r}", "use the area's letter and a number"


def _weight(row: CriterionRow) -> Iterator[Complaint]:
    if row.critical and row.level is not Level.KI:
        yield "critical", f"{row.level} cannot be critical", "only KI can: remove it"
    if row.provisional and row.level is not Level.F:
        yield "provisional", f"{row.level} cannot be provisional", "only F can: remove it"


def _basis(row: CriterionRow) -> Iterator[Complaint]:
    match bool(row.basis_sv), bool(row.basis_en):
        case False, False if row.level is not Level.KI:
            yield "basis_sv", f"{row.level} has no legal basis", "write basis_sv and basis_en, or use KI"
        case True, False:
            yield missing("basis_en")
        case False, True:
            yield missing("basis_sv")


def _evidence(row: CriterionRow) -> Iterator[Complaint]:
    if row.evidence is Evidence.ENKAT:
        if row.facts:
            yield "facts", "an enkät criterion states no facts", "remove facts, or change evidence"
        return
    if row.asked:
        yield "asked", f"nobody is asked of evidence {row.evidence}", "remove asked, or change evidence"
    if not row.facts:
        yield "facts", f"evidence {row.evidence} needs facts", 'write facts, such as ["ja", "delvis", "nej"]'


def _asked(row: CriterionRow | OutcomeRow) -> Iterator[Complaint]:
    by_questionnaire = isinstance(row, OutcomeRow) or row.evidence is Evidence.ENKAT
    if by_questionnaire and not row.asked:
        yield "asked", "nobody is asked", "name at least one role"
    for role in _COUNTED_TOGETHER:
        if role in row.asked and Role.HANDLEDARE not in row.asked:
            yield (
                "asked",
                f"{role} is asked without handledare",
                "ask handledare too: they are counted together",
            )


def _asked_is_written(tables: Tables) -> Iterator[Fault]:
    for role, table in tables.questions.items():
        for row in tables.judged():
            if table.whole and role in row.asked and row.id not in table.ids:
                remedy = f"write it, or take {role} out of asked in {CRITERIA}"
                yield Fault(table.file, row.id, "has no question", remedy)


def _written_is_asked(tables: Tables) -> Iterator[Fault]:
    whole = tables.criteria.whole and tables.outcomes.whole
    known = {*tables.criteria.ids, *tables.outcomes.ids}
    judged = {row.id: row for row in tables.judged()}
    for role, table in tables.questions.items():
        for id in dict.fromkeys(table.ids):
            if whole and id not in known:
                remedy = f"remove the question, or write {id} in {CRITERIA}"
                yield Fault(table.file, id, "there is no such criterion", remedy)
            if id in judged and role not in judged[id].asked:
                remedy = f"remove the question, or put {role} in asked in {CRITERIA}"
                yield Fault(table.file, id, f"{role} is not asked this", remedy)


def _lengths(tables: Tables) -> Iterator[Fault]:
    for table in tables.questions.values():
        for row in table.rows:
            yield from _faults(table.file, row, _long(row))


def _long(row: QuestionRow) -> Iterator[Complaint]:
    for key in ("sv", "en"):
        words = len(getattr(row, key).split())
        if words > MOST_WORDS:
            yield key, f"has {words} words", f"shorten it to {MOST_WORDS} words"


def _placeholders(tables: Tables) -> Iterator[Fault]:
    parameters = tables.parameters
    for table in tables.all():
        for row in table.rows:
            yield from _faults(table.file, row, _stray_braces(row))
            if isinstance(row, StatementRow):
                yield from _faults(table.file, row, _unknown_placeholders(row, parameters))
                yield from _faults(table.file, row, _unequal_placeholders(row))


def _stray_braces(row: Row) -> Iterator[Complaint]:
    for key, text in row:
        if isinstance(text, str) and key not in ("id", "area"):
            # Only the statements are rendered with the region's numbers.
            left = _PLACEHOLDER.sub("", text) if key in ("sv", "en") else text
            yield from braces(key, text, left)


def _unknown_placeholders(row: StatementRow, parameters: Table[ParameterRow]) -> Iterator[Complaint]:
    for key in ("sv", "en"):
        for name in dict.fromkeys(_PLACEHOLDER.findall(getattr(row, key))):
            if parameters.whole and name not in parameters.ids:
                known = ", ".join(sorted(parameters.ids))
                yield key, f"{{{name}}} is not a parameter", f"use one of {known}, or write it in {AREAS}"


def _unequal_placeholders(row: StatementRow) -> Iterator[Complaint]:
    sv, en = (sorted(_PLACEHOLDER.findall(text)) for text in (row.sv, row.en))
    if sv != en:
        yield "en", "has other parameters than the Swedish text", "use the same in both languages"


_CHECKS: tuple[Callable[[Tables], Iterator[Fault]], ...] = (
    _duplicates,
    _areas,
    _parameters,
    _criteria,
    _asked_is_written,
    _written_is_asked,
    _lengths,
    _placeholders,
)
