"""From the bytes of the six files to tables of sound rows."""

import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any, Generic

from questionnaires.model import Role
from questionnaires.read.faults import Fault
from questionnaires.read.rows import (
    AreaRow,
    CriterionRow,
    OutcomeRow,
    ParameterRow,
    QuestionRow,
    R,
    id_key,
    row_of,
)

AREAS = "areas.toml"
CRITERIA = "criteria.toml"
QUESTIONS: Mapping[Role, str] = MappingProxyType({role: f"{role}.toml" for role in Role})
FILES = (AREAS, CRITERIA, *QUESTIONS.values())

_KNOWN_TABLES = {AREAS: ("area", "parameter"), CRITERIA: ("criterion", "outcome")} | dict.fromkeys(
    QUESTIONS.values(), ("question",)
)

Document = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Table(Generic[R]):
    """The sound rows of a table, and the ids of all its rows, so that one fault does not breed others.

    ``whole`` is false when the table could not be read: then nothing can be said to be missing from it.
    """

    file: str
    rows: tuple[R, ...]
    ids: tuple[str, ...]
    whole: bool


@dataclass(frozen=True, slots=True)
class Tables:
    """All tables of a catalogue."""

    areas: Table[AreaRow]
    parameters: Table[ParameterRow]
    criteria: Table[CriterionRow]
    outcomes: Table[OutcomeRow]
    questions: Mapping[Role, Table[QuestionRow]]

    def all(self) -> tuple[Table[Any], ...]:
        """Give every table, in file order."""
        return (self.areas, self.parameters, self.criteria, self.outcomes, *self.questions.values())

    def judged(self) -> tuple[CriterionRow | OutcomeRow, ...]:
        """Give what can be asked about: criteria and outcomes."""
        return (*self.criteria.rows, *self.outcomes.rows)


def tables_of(content: Mapping[str, bytes | None]) -> tuple[Tables, list[Fault]]:
    """Give the tables in the files' bytes, None for a file that is not there, and the faults met."""
    faults: list[Fault] = []
    documents = {name: _document(name, raw, faults) for name, raw in content.items()}

    def table(file: str, name: str, model: type[R]) -> Table[R]:
        return _table(file, name, documents[file], model, faults)

    tables = Tables(
        areas=table(AREAS, "area", AreaRow),
        parameters=table(AREAS, "parameter", ParameterRow),
        criteria=table(CRITERIA, "criterion", CriterionRow),
        outcomes=table(CRITERIA, "outcome", OutcomeRow),
        questions={role: table(file, "question", QuestionRow) for role, file in QUESTIONS.items()},
    )
    return tables, faults


def _document(file: str, raw: bytes | None, faults: list[Fault]) -> Document | None:
    if raw is None:
        faults.append(Fault(file, "", "the file is missing", f"put {file} in the catalogue's folder"))
        return None
    try:
        document = tomllib.loads(raw.decode("utf-8"))
    except UnicodeDecodeError as error:
        line = raw.count(b"\n", 0, error.start) + 1
        faults.append(Fault(file, f"line {line}", "is not UTF-8", "save the file as UTF-8"))
        return None
    except tomllib.TOMLDecodeError as error:
        faults.append(_syntax_fault(file, raw, str(error)))
        return None
    known = _KNOWN_TABLES[file]
    remedy = f"remove it, or use {' or '.join(f'[[{name}]]' for name in known)}"
    faults += [Fault(file, key, "is not a known table", remedy) for key in document if key not in known]
    return document


def _syntax_fault(file: str, raw: bytes, message: str) -> Fault:
    """Move the place out of the parser's message; "at end of document" is the last line."""
    problem, _, place = message.rpartition(" (at ")
    number = re.match(r"line (\d+)", place)
    line = number[1] if number else str(len(raw.splitlines()))
    return Fault(file, f"line {line}", f"is not TOML: {problem}", "correct the line")


def _table(file: str, name: str, document: Document | None, model: type[R], faults: list[Fault]) -> Table[R]:
    if document is None:
        return Table(file, (), (), whole=False)
    listed = document.get(name, [])
    if not isinstance(listed, list) or not all(isinstance(raw, dict) for raw in listed):
        faults.append(Fault(file, name, "is not a list of tables", f"write [[{name}]] above each row"))
        return Table(file, (), (), whole=False)
    rows: list[R] = []
    ids: list[str] = []
    for number, raw in enumerate(listed, start=1):
        id = raw.get(id_key(model))
        if isinstance(id, str):
            ids.append(id)
        row = row_of(model, raw)
        if isinstance(row, tuple):
            label = id if isinstance(id, str) and id.strip() else f"{name} {number}"
            faults += [Fault(file, f"{label}.{key}", problem, remedy) for key, problem, remedy in row]
        else:
            rows.append(row)
    return Table(file, tuple(rows), tuple(ids), whole=True)
