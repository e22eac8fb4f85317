"""Assessing a whole country's units: release in, verdict out, against merely parsing the same JSON."""

import json
from collections import Counter
from collections.abc import Iterator

from benchmarks.figures import Baseline, Figure, Row, below, milliseconds
from benchmarks.populations import releases
from questionnaires.read import catalogue
from scoring.documents.objects import parse
from scoring.documents.read import read_release
from scoring.rules import rules
from scoring.verdict import Verdict, assess

UNITS = 1_500


def measure() -> Iterator[Row]:
    """Measure the verdicts alone, and with reading release.json."""
    texts = tuple(releases(UNITS))
    read = [read_release(parse(text)) for text in texts]
    cat, used = catalogue(read[0].catalogue), rules(read[0].rules)
    verdicts: list[Verdict] = []
    plain = milliseconds(lambda: [json.loads(text) for text in texts])
    alone = milliseconds(lambda: verdicts.extend(assess(release, cat, used) for release in read))
    whole = milliseconds(lambda: [assess(read_release(parse(text)), cat, used) for text in texts])
    parsing = Baseline(plain, "json.loads")
    for name, took in (("assess", alone), ("read and assess", whole)):
        yield Figure(f"{name} {UNITS} units", took, "ms", parsing, below(1_000, took, "ms"))
        each = Baseline(plain / UNITS, "json.loads")
        yield Figure(f"{name} one release", took / UNITS, "ms", each, below(1, took / UNITS, "ms"))
    grades = Counter(area.grade for verdict in verdicts for area in verdict.areas.values())
    yield Figure("  different grades among them", len(grades), "")
