"""What a row of each table may hold, and plain words for what it may not."""

import reprlib
from collections.abc import Iterator, Mapping
from typing import Annotated, Any, TypeVar

from pydantic import BaseModel, ConfigDict, Field, StringConstraints, ValidationError
from pydantic_core import ErrorDetails

from questionnaires.model import Evidence, Fact, Level, Role

_FILLED = r"\S"
_AREA_ID = "^[A-Z]$"
_CRITERION_ID = "^[A-Z][1-9][0-9]*$"
_PARAMETER_ID = "^[a-z][a-z_]*$"

Words = Annotated[str, StringConstraints(pattern=_FILLED)]
CriterionId = Annotated[str, StringConstraints(pattern=_CRITERION_ID)]
# Words of an enumeration are strings in TOML, so these fields cannot be strict.
Roles = list[Annotated[Role, Field(strict=False)]]
Facts = list[Annotated[Fact, Field(strict=False)]]


class Row(BaseModel):
    """A row of any table; every table has an id."""

    model_config = ConfigDict(strict=True, extra="forbid", frozen=True)

    id: str


class AreaRow(Row):
    """``[[area]]`` in areas.toml."""

    id: Annotated[str, StringConstraints(pattern=_AREA_ID)]
    group_sv: Words
    group_en: Words
    name_sv: Words
    name_en: Words


class ParameterRow(Row):
    """``[[parameter]]`` in areas.toml."""

    id: Annotated[str, StringConstraints(pattern=_PARAMETER_ID)]
    name_sv: Words
    name_en: Words
    default: int
    least: int
    most: int
    basis: Words


class StatementRow(Row):
    """A row whose ``sv`` and ``en`` are shown with the region's numbers put in."""

    sv: Words
    en: Words


class CriterionRow(StatementRow):
    """``[[criterion]]`` in criteria.toml."""

    id: CriterionId
    area: str
    level: Annotated[Level, Field(strict=False)]
    provisional: bool = False
    critical: bool = False
    evidence: Annotated[Evidence, Field(strict=False)]
    asked: Roles = []
    facts: Facts = []
    basis_sv: Words = ""
    basis_en: Words = ""


class OutcomeRow(StatementRow):
    """``[[outcome]]`` in criteria.toml."""

    id: CriterionId
    asked: Roles


class QuestionRow(StatementRow):
    """``[[question]]`` in a role's file; its id is the criterion or outcome it asks about."""

    id: str = Field(alias="criterion")


R = TypeVar("R", bound=Row)

Complaint = tuple[str, str, str]
"""A field, its problem and its remedy."""

_SHAPES = {
    _FILLED: ("is empty", "write the text"),
    _AREA_ID: ("{given} is not an area's id", "use one capital letter"),
    _CRITERION_ID: ("{given} is not a criterion's id", "use its area's letter and a number, such as A1"),
    _PARAMETER_ID: ("{given} is not a parameter's id", "use small letters a-z and _"),
}
_WORDS = {"level": "a level", "evidence": "a kind of evidence", "asked": "a role", "facts": "a fact"}
_TYPES = {
    "string_type": "text in quotes",
    "int_type": "a whole number",
    "bool_type": "true or false",
    "list_type": "a list",
}
_LANGUAGES = {"sv": "Swedish", "en": "English"}


def id_key(model: type[Row]) -> str:
    """Give the key that holds the id of such a row."""
    return model.model_fields["id"].alias or "id"


def row_of(model: type[R], raw: Mapping[str, Any]) -> R | tuple[Complaint, ...]:
    """Make a row of what stands in the file, or say all that is wrong with it."""
    try:
        return model.model_validate(raw)
    except ValidationError as error:
        return tuple(_complaint(model, detail) for detail in error.errors())


def missing(key: str) -> Complaint:
    """Say that ``key`` is missing, and if it is a text, in which language."""
    if language := _LANGUAGES.get(key.rpartition("_")[2]):
        return key, f"the {language} text is missing", f"write {key}"
    return key, "is missing", f"write {key}"


def braces(key: str, text: str, left: str) -> Iterator[Complaint]:
    """Say that ``text`` has braces that stand for nothing, if ``left`` still holds any."""
    if "{" in left or "}" in left:
        yield (
            key,
            f"malformed braces in {reprlib.repr(text)}",
            "write a parameter as {name}, and no other braces",
        )


def _complaint(model: type[Row], detail: ErrorDetails) -> Complaint:
    key, given = str(detail["loc"][0]), reprlib.repr(detail["input"])
    match detail["type"]:
        case "missing":
            return missing(key)
        case "extra_forbidden":
            fields = model.model_fields.items()
            known = ", ".join(field.alias or name for name, field in fields)
            return key, "is not a known key", f"remove it, or use one of {known}"
        case "string_pattern_mismatch":
            problem, remedy = _SHAPES[detail["ctx"]["pattern"]]
            return key, problem.format(given=given), remedy
        case "enum":
            choices = detail["ctx"]["expected"].replace("'", "")
            return key, f"{given} is not {_WORDS[key]}", f"use {choices}"
        case kind:
            return key, f"{given} is not {_TYPES[kind]}", f"write {_TYPES[kind]}"
