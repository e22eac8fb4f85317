"""Releases of many units, drawn as the demo region's are: good and bad areas, lenient and strict people."""

import random
from collections.abc import Iterator
from datetime import date

from questionnaires.model import Catalogue, Fact, Role
from questionnaires.read import catalogue
from scoring.ballots import Ballot, check
from scoring.documents.write import frozen
from scoring.release import publish
from scoring.rounds import Comments, Mode, Round, Terms
from scoring.rules import newest

SEED = 2026
CLOSED = date(2026, 11, 22)
K = 5


def releases(units: int) -> Iterator[str]:
    """Give release.json of as many units, each a little different from all others."""
    draw = random.Random(SEED)
    cat = catalogue("2026")
    terms = Terms(cat, newest(cat.id), Mode.ANONYMOUS, K, None, Comments.OFF)
    for _ in range(units):
        yield frozen(publish(Round(terms, _facts(draw, cat), tuple(_ballots(draw, cat)), CLOSED)))


def _facts(draw: random.Random, cat: Catalogue) -> dict[str, Fact]:
    # The best stands first, and is stated oftener than the others.
    stated = {c.id: c.facts for c in cat.criteria.values() if c.facts}
    return {id: draw.choice((facts[0], facts[0], *facts)) for id, facts in stated.items()}


def _ballots(draw: random.Random, cat: Catalogue) -> Iterator[Ballot]:
    good = draw.gauss(0.82, 0.1)
    levels = {area: good + draw.gauss(0, 0.1) for area in cat.areas}
    drift = {id: draw.gauss(0, 0.07) for id in cat.criteria}
    numbers = (draw.randint(3, 12), draw.randint(3, 14), draw.randint(0, 1), draw.randint(0, 1))
    for role, number in zip(Role, numbers, strict=True):
        for _ in range(number):
            leniency = draw.gauss(0, 0.06)
            answers = {
                q.id: _one(draw, levels.get(q.area, good) + drift.get(q.id, 0) + leniency)
                for q in cat.questionnaires[role].questions
            }
            yield check(cat, None, role, answers, {})


def _one(draw: random.Random, level: float) -> int | str:
    chance = draw.random()
    if chance < 0.02:
        return "ej_aktuellt"
    if chance > 0.97:
        return "vet_ej"
    noisy = level + draw.gauss(0, 0.12)
    return sum(noisy > limit for limit in (0.35, 0.58, 0.82))
