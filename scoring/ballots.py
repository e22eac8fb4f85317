"""One person's answers: checked once, then trusted."""

import reprlib
from collections.abc import Mapping
from dataclasses import dataclass
from enum import Enum
from types import MappingProxyType

from questionnaires.model import Catalogue, Role

COMMENT_CHARACTERS = 2_000
COMMENT_BYTES = 24_000


class Answer(Enum):
    """The six answers. The first four are the scale, the best first."""

    FULLY = 3
    LARGELY = 2
    PARTLY = 1
    NOT_AT_ALL = 0
    VET_EJ = "vet_ej"
    EJ_AKTUELLT = "ej_aktuellt"


ALLOWED = ", ".join(str(answer.value) for answer in Answer)


class BallotFault(ValueError):
    """A ballot cannot be taken; the text says which question and what is allowed."""


@dataclass(frozen=True, slots=True)
class Ballot:
    """One person's complete answers in a role. ``comments`` are as written, by field."""

    role: Role
    answers: Mapping[str, Answer]
    comments: Mapping[str, str]


def check(
    catalogue: Catalogue,
    areas: tuple[str, ...] | None,
    role: Role,
    answers: Mapping[str, object],
    comments: Mapping[str, object],
) -> Ballot:
    """Make a ballot of answers by question (3…0 as integers, or the two words) and comments by field.

    A ballot answers exactly the questions its role is asked in the chosen ``areas``. Raises
    :class:`BallotFault` naming the first fault and how many more there are.
    """
    asked = [question.id for question in catalogue.questionnaires[role].within(areas)]
    if not asked:
        raise BallotFault(f"{role} is asked nothing in the chosen areas; leave the ballot out")
    faults = _answer_faults(role, asked, answers)
    faults += _comment_faults(role, catalogue.comment_fields(role, areas), comments)
    if faults:
        more = f" (and {len(faults) - 1} more)" if len(faults) > 1 else ""
        raise BallotFault(faults[0] + more)
    return Ballot(
        role,
        MappingProxyType({id: Answer(answers[id]) for id in asked}),
        MappingProxyType({field: str(text) for field, text in comments.items()}),
    )


def _answer_faults(role: Role, asked: list[str], answers: Mapping[str, object]) -> list[str]:
    faults = [
        f"{id} is {reprlib.repr(answers[id])}; allowed: {ALLOWED}" for id in asked if _wrong(answers, id)
    ]
    faults += [f"{id} has no answer; {role} answers every question" for id in asked if id not in answers]
    faults += [
        f"{reprlib.repr(id)[1:-1]} is not asked of {role}; leave it out" for id in answers if id not in asked
    ]
    return faults


def _wrong(answers: Mapping[str, object], id: str) -> bool:
    # True equals 1 in Python and 2.0 equals 2, so the type is looked at before the value.
    if id not in answers:
        return False
    answer = answers[id]
    return type(answer) not in (int, str) or answer not in Answer._value2member_map_


def _comment_faults(role: Role, fields: tuple[str, ...], comments: Mapping[str, object]) -> list[str]:
    faults = []
    size = 0
    for field, text in comments.items():
        if field not in fields:
            faults.append(f"the comment field {reprlib.repr(field)} is not shown to {role}; leave it out")
        elif not isinstance(text, str):
            faults.append(f"the comment in {field} is not a text")
        elif len(text) > COMMENT_CHARACTERS:
            faults.append(f"the comment in {field} is {len(text)} characters; at most {COMMENT_CHARACTERS}")
        elif any("\ud800" <= character <= "\udfff" for character in text):
            faults.append(f"the comment in {field} holds half a character; write it anew")
        else:
            size += len(text.encode())
    if size > COMMENT_BYTES:
        faults.append(f"the comments are {size} bytes together; at most {COMMENT_BYTES}")
    return faults
