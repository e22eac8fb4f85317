"""Handing in: how many a second, durable, with a hundred people at once, against bare durable commits."""

import secrets
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from time import perf_counter

from world import World, people, question_ids

from benchmarks import crowd
from benchmarks.figures import Baseline, Figure, Row, Target, below, percentile
from benchmarks.grounds import Bare, Ground, on_both
from benchmarks.serving import free_port, served
from questionnaires.model import Role
from stins.services import answer
from stins.services.installation import Installation

UNITS = {"unit": "studierektor", "other": "other", "group": "group", "far": "far"}
ELIGIBLE = people(33, 40, 1, 1)  # 75 codes in each of the four
AT_ONCE = 100
SEALED = 4_144


@dataclass(frozen=True, slots=True)
class Paper:
    """A complete form to hand in."""

    inspection: str
    code: str
    role: Role

    @property
    def answers(self) -> dict[str, object]:
        """What is answered: the size of a ballot does not depend on it."""
        return dict.fromkeys(question_ids(self.role), 3)


def measure() -> Iterator[Row]:
    """Measure on both kinds of database."""
    yield from on_both("handing in", _measured)


def _measured(ground: Ground) -> Iterator[Row]:
    world = ground.world()
    papers = _papers(world)
    world.store.dispose()
    half = len(papers) // 2
    # Before and after, so that what else the machine does weighs on both.
    bare = _Bare(ground.copy("first", "bare"))
    bare.commit(papers[:half])
    over_http = _over_http(ground, papers)
    bare.commit(papers[half:])
    service = _service(ground.copy("first", "service"), papers)
    commits = Baseline(bare.rate, "bare commits")
    yield Figure(
        f"handing in over HTTP, {ground.kind}",
        over_http.rate,
        "/s",
        commits,
        Target("≥ 1/2 of baseline", over_http.rate >= bare.rate / 2),
    )
    yield Figure(
        "  the same, never below", over_http.rate, "/s", None, Target("≥ 50 /s", over_http.rate >= 50)
    )
    yield Figure(f"  median wait, {AT_ONCE} at once", percentile(over_http.waited, 50), "ms")
    slow = percentile(over_http.waited, 95)
    yield Figure(f"  p95 wait, {AT_ONCE} at once", slow, "ms", None, below(500, slow, "ms"))
    yield Figure("  the service alone, one at a time", service, "/s", commits)


def _papers(world: World) -> list[Paper]:
    opened = [world.open(unit, by, eligible=ELIGIBLE) for unit, by in UNITS.items()]
    each = [
        [Paper(id, code, role) for role, fresh in codes.items() for code in fresh] for id, codes in opened
    ]
    # In turn from each inspection, as when several have the same last day.
    return [paper for four in zip(*each, strict=True) for paper in four]


def _over_http(ground: Ground, papers: Sequence[Paper]) -> crowd.Served:
    port = free_port()
    found = ground.copy("first", "http", f"http://127.0.0.1:{port}")
    requests = [
        crowd.post(port, "/svara/lamna-in", {"code": p.code} | {id: str(a) for id, a in p.answers.items()})
        for p in papers
    ]
    with served(found.settings, port):
        how = crowd.send(port, requests, AT_ONCE)
    bare = Bare(found)
    ((kept,),) = bare.rows("SELECT count(*) FROM ballot")
    bare.close()
    assert kept == len(papers), f"{kept} of {len(papers)} are in the database"
    return how


def _service(found: Installation, papers: Sequence[Paper]) -> float:
    begun = perf_counter()
    for paper in papers:
        with found.store.writing() as session:
            answer.hand_in(session, found.box, paper.code, paper.answers, {})
    rate = len(papers) / (perf_counter() - begun)
    found.store.dispose()
    return rate


class _Bare:
    """What a hand-in writes, written by the driver alone: its inspection's codes anew, and a ballot."""

    def __init__(self, found: Installation) -> None:
        self.bare = Bare(found)
        self.codes: Mapping[str, list[tuple[object, ...]]] = {}
        self.done, self.seconds = 0, 0.0
        rows = self.bare.rows("SELECT mac, inspection_id, role, spent FROM code ORDER BY mac")
        self.codes = {id: [row for row in rows if row[1] == id] for id in {row[1] for row in rows}}

    @property
    def rate(self) -> float:
        """How many it commits in a second."""
        return self.done / self.seconds

    def commit(self, papers: Sequence[Paper]) -> None:
        """Commit as many as there are papers."""
        sealed = secrets.token_bytes(SEALED)
        begun = perf_counter()
        for paper in papers:
            with self.bare.writing():
                self.bare.run("DELETE FROM code WHERE inspection_id = ?", paper.inspection)
                self.bare.run_many(
                    "INSERT INTO code (mac, inspection_id, role, spent) VALUES (?, ?, ?, ?)",
                    self.codes[paper.inspection],
                )
                self.bare.run(
                    "INSERT INTO ballot (id, inspection_id, sealed) VALUES (?, ?, ?)",
                    secrets.token_bytes(16),
                    paper.inspection,
                    sealed,
                )
        self.seconds += perf_counter() - begun
        self.done += len(papers)
