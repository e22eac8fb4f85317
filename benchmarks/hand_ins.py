"""Handing in: how many a second, durable, with a hundred people at once, against bare durable commits."""

import secrets
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
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
ELIGIBLE = people(38, 44, 1, 1)  # 84 codes in each of the four
AT_ONCE = 100
WARMING = 36  # the first requests of a worker fill its caches
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
    bare, crowds, service = _Bare(ground.copy("first", "bare")), [], _Service(ground.copy("first", "service"))
    port = free_port()
    found = ground.copy("first", "http", f"http://127.0.0.1:{port}")
    with served(found.settings, port):
        for some in _in_turn(papers):
            # One after the other, so that what else the disk does weighs on all three.
            bare.commit(some)
            crowds.append(crowd.send(port, [_request(port, paper) for paper in some], AT_ONCE))
            service.hand_in(some)
    _check_kept(found, len(papers))
    yield from _figures(ground.kind, bare.clock, service.clock, crowds[1:])


def _figures(kind: str, bare: "_Clock", service: "_Clock", crowds: Sequence[crowd.Served]) -> Iterator[Row]:
    rate = sum(each.received for each in crowds) / sum(each.seconds for each in crowds)
    waited = [wait for each in crowds for wait in each.waited]
    commits = Baseline(bare.rate, "bare commits")
    name = f"handing in over HTTP, {kind}"
    yield Figure(name, rate, "/s", commits, Target("≥ 1/2 of baseline", rate >= bare.rate / 2))
    yield Figure("  the same, never below", rate, "/s", None, Target("≥ 50 /s", rate >= 50))
    yield Figure("  the service alone, one at a time", service.rate, "/s", commits)
    in_a_row = AT_ONCE * 1000 / bare.rate
    yield Figure(f"  median wait, {AT_ONCE} at once", percentile(waited, 50), "ms")
    slow, bound = percentile(waited, 95), Baseline(in_a_row, f"{AT_ONCE} bare commits")
    yield Figure(f"  p95 wait, {AT_ONCE} at once", slow, "ms", bound, below(500, slow, "ms"))


def _papers(world: World) -> list[Paper]:
    opened = [world.open(unit, by, eligible=ELIGIBLE) for unit, by in UNITS.items()]
    each = (
        [Paper(id, code, role) for role, fresh in codes.items() for code in fresh] for id, codes in opened
    )
    # In turn from each inspection, as when several have the same last day.
    return [paper for four in zip(*each, strict=True) for paper in four]


def _in_turn(papers: Sequence[Paper]) -> Iterator[Sequence[Paper]]:
    """Give the papers to warm up with, then as many at a time as hand in at once."""
    yield papers[:WARMING]
    for start in range(WARMING, len(papers), AT_ONCE):
        yield papers[start:][:AT_ONCE]


def _request(port: int, paper: Paper) -> bytes:
    answers = {id: str(answer) for id, answer in paper.answers.items()}
    return crowd.post(port, "/svara/lamna-in", {"code": paper.code} | answers)


def _check_kept(found: Installation, received: int) -> None:
    bare = Bare(found)
    ((kept,),) = bare.rows("SELECT count(*) FROM ballot")
    bare.close()
    assert kept == received, f"{received} were received, but {kept} are in the database"


class _Clock:
    """How many of something were done in how many seconds, the warming up left out."""

    def __init__(self) -> None:
        self.done, self.seconds = 0, 0.0

    @property
    def rate(self) -> float:
        """How many are done in a second."""
        return self.done / self.seconds

    @contextmanager
    def timing(self, number: int) -> Iterator[None]:
        """Time as many as were done in the block."""
        begun = perf_counter()
        yield
        if number == AT_ONCE:
            self.done, self.seconds = self.done + number, self.seconds + perf_counter() - begun


class _Service:
    """Handing in without HTTP, one at a time."""

    def __init__(self, found: Installation) -> None:
        self.found, self.clock = found, _Clock()

    def hand_in(self, papers: Sequence[Paper]) -> None:
        """Hand in all of them."""
        with self.clock.timing(len(papers)):
            for paper in papers:
                with self.found.store.writing() as session:
                    answer.hand_in(session, self.found.box, paper.code, paper.answers, {})
        self.found.store.dispose()


class _Bare:
    """What a hand-in writes, written by the driver alone: its inspection's codes anew, and a ballot."""

    def __init__(self, found: Installation) -> None:
        self.bare = Bare(found)
        self.clock = _Clock()
        rows = self.bare.rows("SELECT mac, inspection_id, role, spent FROM code ORDER BY mac")
        self.codes = {id: [row for row in rows if row[1] == id] for id in {row[1] for row in rows}}

    def commit(self, papers: Sequence[Paper]) -> None:
        """Commit as many as there are papers."""
        sealed = secrets.token_bytes(SEALED)
        with self.clock.timing(len(papers)):
            for paper in papers:
                self._one(paper.inspection, sealed)

    def _one(self, inspection: str, sealed: bytes) -> None:
        with self.bare.writing():
            self.bare.run("DELETE FROM code WHERE inspection_id = ?", inspection)
            self.bare.run_many(
                "INSERT INTO code (mac, inspection_id, role, spent) VALUES (?, ?, ?, ?)",
                self.codes[inspection],
            )
            self.bare.run(
                "INSERT INTO ballot (id, inspection_id, sealed) VALUES (?, ?, ?)",
                secrets.token_bytes(16),
                inspection,
                sealed,
            )
