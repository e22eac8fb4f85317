"""What is asked, as immutable values.

Everything here is plain data: a catalogue holds areas, the criteria they consist of, and one questionnaire
a role, whose questions put a criterion into that role's own voice. :mod:`questionnaires.read` makes it of
TOML.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum


class Role(StrEnum):
    """Who answers, in the order in which roles are always listed."""

    ST_LAKARE = "st_lakare"
    HANDLEDARE = "handledare"
    STUDIEREKTOR = "studierektor"
    VERKSAMHETSCHEF = "verksamhetschef"


class Level(StrEnum):
    """The legal weight of a criterion, the heaviest first."""

    F = "F"
    AR = "AR"
    KI = "KI"


class Evidence(StrEnum):
    """Where a criterion's status comes from."""

    ENKAT = "enkät"
    UPPGIFT = "uppgift"
    REGISTER = "register"


class Fact(StrEnum):
    """What may be stated of a criterion whose evidence is not the questionnaire."""

    JA = "ja"
    DELVIS = "delvis"
    NEJ = "nej"


@dataclass(frozen=True, slots=True)
class Text:
    """A text in Swedish and English, possibly with ``{parameter}`` in it."""

    sv: str
    en: str

    def render(self, lang: str, parameters: Mapping[str, int]) -> str:
        """Give the text in ``lang`` (``sv`` or ``en``) with the region's numbers put in.

        Small numbers are written as digits: the text is read on a telephone.
        """
        return self.plain(lang).format(**parameters)

    def plain(self, lang: str) -> str:
        """Give the text in ``lang`` as it stands in the file; anything but ``en`` is Swedish."""
        return self.en if lang == "en" else self.sv


@dataclass(frozen=True, slots=True)
class Area:
    """One of the eight areas A–H that a verdict grades."""

    id: str
    group: Text
    name: Text


@dataclass(frozen=True, slots=True)
class Parameter:
    """A number that regions set differently, with Skåne's as default."""

    id: str
    name: Text
    default: int
    least: int
    most: int
    basis: str


@dataclass(frozen=True, slots=True)
class Criterion:
    """What a unit is judged by.

    ``asked`` lists the roles that get a question on it, in role order; it is empty unless ``evidence`` is
    ``enkät``. ``facts`` lists what may be stated openly of it, the best first; it is empty when ``evidence``
    is ``enkät``. ``basis`` is the legal basis as printed to users, with empty texts where there is none.
    """

    id: str
    area: str
    statement: Text
    level: Level
    provisional: bool
    critical: bool
    evidence: Evidence
    asked: tuple[Role, ...]
    facts: tuple[Fact, ...]
    basis: Text


@dataclass(frozen=True, slots=True)
class Outcome:
    """A statement beside the criteria: it has a status but stands in no area and carries no grade."""

    id: str
    statement: Text
    asked: tuple[Role, ...]


@dataclass(frozen=True, slots=True)
class Question:
    """A criterion or an outcome as one role reads it. ``area`` is empty for an outcome."""

    id: str
    area: str
    text: Text


@dataclass(frozen=True, slots=True)
class Questionnaire:
    """All that one role is asked, in catalogue order, outcomes last."""

    role: Role
    questions: tuple[Question, ...]

    def within(self, areas: tuple[str, ...] | None) -> tuple[Question, ...]:
        """Give the questions of a round: all, or only those of the chosen areas (then without outcomes)."""
        if areas is None:
            return self.questions
        return tuple(question for question in self.questions if question.area in areas)


@dataclass(frozen=True, slots=True)
class Catalogue:
    """One published edition of what is asked. Every mapping is in catalogue order.

    ``digest`` is the SHA-256, in hexadecimal, of the files it was read from.
    """

    id: str
    areas: Mapping[str, Area]
    criteria: Mapping[str, Criterion]
    outcomes: Mapping[str, Outcome]
    questionnaires: Mapping[Role, Questionnaire]
    parameters: Mapping[str, Parameter]
    digest: str

    def asked(self, id: str) -> tuple[Role, ...]:
        """Give the roles that are asked the criterion or outcome ``id``."""
        return (self.criteria.get(id) or self.outcomes[id]).asked

    def within(self, areas: tuple[str, ...] | None) -> tuple[Criterion, ...]:
        """Give the criteria of a round: all, or those of the chosen areas."""
        return tuple(c for c in self.criteria.values() if areas is None or c.area in areas)

    def comment_fields(self, role: Role, areas: tuple[str, ...] | None) -> tuple[str, ...]:
        """Give the comment fields shown to ``role``: areas it has a question in, then the two last ones.

        A role that is asked nothing in the chosen areas is shown none.
        """
        asked = {question.area for question in self.questionnaires[role].within(areas)}
        fields = tuple(area for area in self.areas if area in asked)
        return (*fields, *CLOSING_FIELDS) if fields else ()


CLOSING_FIELDS = ("best", "improve")
