"""A round: the terms it was held on, what is stated openly, and the ballots."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from questionnaires.model import Catalogue, Fact
from scoring.ballots import Ballot
from scoring.rules import Rules


class Mode(StrEnum):
    """How the answers were given, which decides what may be said of them."""

    ANONYMOUS = "anonymous"
    DIALOGUE = "dialogue"
    TYPED = "typed"


class Comments(StrEnum):
    """Whether comment fields are shown; if so, somebody outside the unit reads them first."""

    OFF = "off"
    REVIEWED = "reviewed"


@dataclass(frozen=True, slots=True)
class Terms:
    """What was promised before the first question.

    ``areas`` is ``None`` for the whole catalogue, or the areas of a partial re-inspection, in order.
    """

    catalogue: Catalogue
    rules: Rules
    mode: Mode
    k: int
    areas: tuple[str, ...] | None
    comments: Comments


@dataclass(frozen=True, slots=True)
class Round:
    """All that a release is made from. ``facts`` are stated openly, by criterion."""

    terms: Terms
    facts: Mapping[str, Fact]
    ballots: tuple[Ballot, ...]
    closed_on: date
