"""Assessing a whole country's units: release in, verdict out, against merely parsing the same JSON."""

import json
from collections.abc import Callable, Iterable, Iterator
from statistics import median
from typing import Any

from benchmarks.figures import Baseline, Figure, Row, below, milliseconds
from benchmarks.populations import releases
from questionnaires.read import catalogue
from scoring.documents.objects import parse
from scoring.documents.read import read_release
from scoring.rules import rules
from scoring.verdict import assess

UNITS = 1_500
ROUNDS = 3


def measure() -> Iterator[Row]:
    """Measure the verdicts alone, and with reading release.json: the medians of some rounds."""
    texts = tuple(releases(UNITS))
    read = [read_release(parse(text)) for text in texts]
    cat, used = catalogue(read[0].catalogue), rules(read[0].rules)
    acts = (
        (texts, json.loads),
        (read, lambda release: assess(release, cat, used)),
        (texts, lambda text: assess(read_release(parse(text)), cat, used)),
    )
    rounds = [[_took(each, act) for each, act in acts] for _ in range(ROUNDS)]
    plain, alone, whole = (median(times) for times in zip(*rounds, strict=True))
    parsing = Baseline(plain, "json.loads")
    for name, took in (("assess", alone), ("read and assess", whole)):
        yield Figure(f"{name} {UNITS} units", took, "ms", parsing, below(1_000, took, "ms"))
        each = Baseline(plain / UNITS, "json.loads")
        yield Figure(f"{name} one release", took / UNITS, "ms", each, below(1, took / UNITS, "ms"))


def _took(values: Iterable[Any], act: Callable[[Any], object]) -> float:
    def all_of_them() -> None:
        for value in values:  # as a file of lines is read: nothing is kept
            act(value)

    return milliseconds(all_of_them)
