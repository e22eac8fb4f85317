"""Read a catalogue from its six TOML files, or report every fault in them at once."""

import functools
import hashlib
import importlib.resources
from collections.abc import Iterable, Mapping
from importlib.resources.abc import Traversable
from pathlib import Path
from types import MappingProxyType
from typing import TypeVar

from questionnaires.model import (
    Area,
    Catalogue,
    Criterion,
    Fact,
    Outcome,
    Parameter,
    Question,
    Questionnaire,
    Role,
    Text,
)
from questionnaires.read.checks import cross_faults
from questionnaires.read.faults import CatalogueError, Fault
from questionnaires.read.rows import AreaRow, CriterionRow, OutcomeRow, ParameterRow
from questionnaires.read.tables import CRITERIA, FILES, Tables, tables_of

__all__ = ["CatalogueError", "Fault", "UnknownCatalogue", "catalogue", "catalogues", "read"]


class UnknownCatalogue(LookupError):
    """No catalogue of that id comes with the program."""


def catalogues() -> tuple[str, ...]:
    """Give the ids of the catalogues that come with the program, sorted."""
    folders = importlib.resources.files("questionnaires").iterdir()
    return tuple(sorted(folder.name for folder in folders if folder.joinpath(CRITERIA).is_file()))


@functools.cache
def catalogue(id: str) -> Catalogue:
    """Give a catalogue that comes with the program, read once.

    Raises UnknownCatalogue, which names the known ones, and CatalogueError.
    """
    known = catalogues()
    if id not in known:
        raise UnknownCatalogue(f"there is no catalogue {id!r}; known: {', '.join(known)}")
    return read(importlib.resources.files("questionnaires").joinpath(id))


def read(folder: Traversable | Path) -> Catalogue:
    """Read the catalogue in ``folder``, whose name becomes its id.

    The order of rows in the files is irrelevant. Raises CatalogueError with every fault in all files.
    """
    paths = {name: folder.joinpath(name) for name in FILES}
    content = {name: path.read_bytes() if path.is_file() else None for name, path in paths.items()}
    tables, faults = tables_of(content)
    faults += cross_faults(tables)
    if faults:
        raise CatalogueError(sorted(faults, key=lambda fault: FILES.index(fault.file)))
    return _catalogue(folder.name, tables, _digest(content))


def _digest(content: Mapping[str, bytes | None]) -> str:
    """Give the SHA-256 of names, lengths and bytes, so that no text can slip from one file to the next."""
    digest = hashlib.sha256()
    for name, raw in content.items():
        body = raw or b""
        digest.update(f"{name}\0{len(body)}\0".encode() + body)
    return digest.hexdigest()


_V = TypeVar("_V", Area, Criterion, Outcome, Parameter)


def _catalogue(id: str, tables: Tables, digest: str) -> Catalogue:
    criteria = _in_order(_criterion(row) for row in tables.criteria.rows)
    outcomes = _in_order(
        Outcome(id=row.id, statement=Text(row.sv, row.en), asked=_roles(row)) for row in tables.outcomes.rows
    )
    areas_by_id = {
        **{id: criterion.area for id, criterion in criteria.items()},
        **dict.fromkeys(outcomes, ""),
    }
    return Catalogue(
        id=id,
        areas=_in_order(_area(row) for row in tables.areas.rows),
        criteria=criteria,
        outcomes=outcomes,
        questionnaires=MappingProxyType({role: _questionnaire(role, tables, areas_by_id) for role in Role}),
        parameters=_in_order(_parameter(row) for row in tables.parameters.rows),
        digest=digest,
    )


def _in_order(values: Iterable[_V]) -> Mapping[str, _V]:
    """Give the values by id, letters before numbers and A2 before A10."""
    return MappingProxyType({value.id: value for value in sorted(values, key=lambda value: _place(value.id))})


def _place(id: str) -> tuple[str, int]:
    letters = id.rstrip("0123456789")
    return letters, int(id.removeprefix(letters) or 0)


def _area(row: AreaRow) -> Area:
    return Area(id=row.id, group=Text(row.group_sv, row.group_en), name=Text(row.name_sv, row.name_en))


def _parameter(row: ParameterRow) -> Parameter:
    return Parameter(
        id=row.id,
        name=Text(row.name_sv, row.name_en),
        default=row.default,
        least=row.least,
        most=row.most,
        basis=row.basis,
    )


def _criterion(row: CriterionRow) -> Criterion:
    return Criterion(
        id=row.id,
        area=row.area,
        statement=Text(row.sv, row.en),
        level=row.level,
        provisional=row.provisional,
        critical=row.critical,
        evidence=row.evidence,
        asked=_roles(row),
        facts=tuple(fact for fact in Fact if fact in row.facts),
        basis=Text(row.basis_sv, row.basis_en),
    )


def _roles(row: CriterionRow | OutcomeRow) -> tuple[Role, ...]:
    return tuple(role for role in Role if role in row.asked)


def _questionnaire(role: Role, tables: Tables, areas_by_id: Mapping[str, str]) -> Questionnaire:
    """Put the questions in the order of ``areas_by_id``: criteria in catalogue order, then outcomes."""
    texts = {row.id: Text(row.sv, row.en) for row in tables.questions[role].rows}
    return Questionnaire(
        role=role,
        questions=tuple(
            Question(id=id, area=area, text=texts[id]) for id, area in areas_by_id.items() if id in texts
        ),
    )
