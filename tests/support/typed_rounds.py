"""Rounds typed into blank workbooks, for the tests of services, pages and commands; each is made once."""

import random
from collections.abc import Mapping
from datetime import date
from functools import cache

from world import FACTS, TODAY, people, question_ids

from questionnaires.model import Fact, Role
from questionnaires.read import catalogue
from scoring.ballots import Ballot, check
from scoring.rounds import Comments, Mode, Round, Terms
from scoring.rules import newest
from stins.services.organisation import K_DEFAULT
from stins.services.typed import Typed, read_typed
from stins.workbook import write
from tests.workbook.filling import Place, fill, names, put

CATALOGUE = catalogue("2026")
RULES = newest("2026")
CHOICES = (3, 3, 3, 3, 2, 2, 1, 0, "vet_ej", "ej_aktuellt")
STATED = {id: Fact(fact) for id, fact in FACTS.items()}


def round_of(
    numbers: Mapping[Role, int],
    *,
    seed: int = 1,
    k: int = K_DEFAULT,
    closed_on: date = TODAY,
    facts: Mapping[str, Fact] = STATED,
) -> Round:
    """Make a typed round of so many people, their answers drawn."""
    chance = random.Random(seed)
    terms = Terms(CATALOGUE, RULES, Mode.TYPED, k, None, Comments.OFF)
    ballots = [drawn(chance, role) for role, number in numbers.items() for _ in range(number)]
    return Round(terms, facts, tuple(ballots), closed_on)


def drawn(chance: random.Random, role: Role) -> Ballot:
    """Draw one person's answers."""
    answers = {id: chance.choice(CHOICES) for id in question_ids(role)}
    return check(CATALOGUE, None, role, answers, {})


USUAL = round_of(people(7, 9, 1, 1))


@cache
def blank(unit: str = "Kliniken", k: int = K_DEFAULT) -> bytes:
    """Write a blank workbook as a unit of the world gets it."""
    parameters = {id: parameter.default for id, parameter in CATALOGUE.parameters.items()}
    return write.blank(CATALOGUE, RULES, k, write.About(unit, parameters), "sv")


def filled(round_: Round = USUAL, *, unit: str = "Kliniken") -> bytes:
    """Fill in a blank workbook."""
    return fill(blank(k=round_.terms.k), round_, unit=unit)


def spot(name: str) -> Place:
    """Give the cell of a blank's defined name."""
    return names(blank())[name].corner


def shown(name: str) -> str:
    """Give a blank's cell as a fault names it."""
    return "!".join(spot(name))


def changed(file: bytes, **cells: str | int | date) -> bytes:
    """Type into the named cells of a workbook."""
    return put(file, {names(file)[name].corner: value for name, value in cells.items()})


@cache
def read(file: bytes) -> Typed:
    """Read a workbook as the page does."""
    return read_typed(file, "arbetsbok.xlsx", None)
