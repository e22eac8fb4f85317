"""Workbooks out and in, against openpyxl merely opening the same file."""

import io
from collections.abc import Callable, Iterator
from random import Random
from statistics import median

from openpyxl import load_workbook
from world import FACTS, TODAY, question_ids

from benchmarks.figures import Baseline, Figure, Row, below, milliseconds
from benchmarks.grounds import sqlite
from questionnaires.model import Fact, Role
from questionnaires.read import catalogue
from scoring.ballots import check
from scoring.documents.write import frozen
from scoring.release import publish
from scoring.rounds import Comments, Mode, Round, Terms
from scoring.rules import rules
from stins.services import typed, workbooks
from tests.workbook.filling import fill

PEOPLE = {Role.ST_LAKARE: 30, Role.HANDLEDARE: 38, Role.STUDIEREKTOR: 1, Role.VERKSAMHETSCHEF: 1}
TIMES = 7


def measure() -> Iterator[Row]:
    """Measure blank, export and import of 70 respondents: the medians of some rounds."""
    round_ = _round()
    release = frozen(publish(round_)).encode()
    yield from _written("blank", lambda: workbooks.blank("Kliniken", "sv"))
    yield from _written("export", lambda: workbooks.export_file(release, "Kliniken", "sv"))
    yield from _imported(fill(workbooks.blank("Kliniken", "sv"), round_, unit="Kliniken"))


def _round() -> Round:
    cat, chance = catalogue("2026"), Random(2026)
    ballots = []
    for role, number in PEOPLE.items():
        for _ in range(number):
            answers = {id: chance.choice((3, 3, 3, 2, 2, 1, 0, "vet_ej")) for id in question_ids(role)}
            ballots.append(check(cat, None, role, answers, {}))
    terms = Terms(cat, rules("2026"), Mode.TYPED, 5, None, Comments.OFF)
    facts = {id: Fact(fact) for id, fact in FACTS.items()}
    return Round(terms, facts, tuple(ballots), TODAY)


def _written(name: str, write: Callable[[], bytes]) -> Iterator[Row]:
    content = write()
    took = median(milliseconds(write) for _ in range(TIMES))
    yield Figure(f"workbook, {name}", took, "ms", _opening(content), below(400, took, "ms"))


def _imported(content: bytes) -> Iterator[Row]:
    took = median(_keeping(content) for _ in range(TIMES))
    yield Figure("workbook, 70 respondents in", took, "ms", _opening(content), below(2_000, took, "ms"))


def _keeping(content: bytes) -> float:
    """Read and store the file in a world of its own, since the same answers are taken once only."""
    with sqlite() as ground:
        world = ground.world()

        def keep() -> None:
            read = typed.read_typed(content, "svar.xlsx", None)
            with world.store.writing() as session:
                unit = world.places["unit"].id
                typed.keep(session, world.box, world.people["studierektor"], unit, read, world.at)

        took = milliseconds(keep)
        world.store.dispose()
        return took


def _opening(content: bytes) -> Baseline:
    took = median(milliseconds(lambda: load_workbook(io.BytesIO(content))) for _ in range(3))
    return Baseline(took, "openpyxl opening it")
