"""Made-up inspections that together meet every line and threshold of the rules, for proving the workbook.

Each is made of ballots and published as any other, so that only what can occur does. Which situations a set
of them meets is told by :mod:`tests.workbook.situations`. The same seed always gives the same inspections.
"""

import random
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from questionnaires.model import Level, Role
from scoring.release import Release, publish
from scoring.rounds import Comments, Mode, Round, Terms
from scoring.verdict import Verdict, assess
from tests.workbook.making import EDITION, RULES, Dealer, Deck, Making
from tests.workbook.recipes import possible

SEED = 2026
"""The seed whose inspections are known to meet every situation, a few as well as many."""


@dataclass(frozen=True, slots=True)
class Sample:
    """An inspection: the round it was, what was released of it, and what that means."""

    name: str
    round_: Round
    release: Release
    verdict: Verdict


@dataclass(frozen=True, slots=True)
class Frame:
    """How many answer, and how: a choice of numbers for each role."""

    name: str
    people: Mapping[Role, Sequence[int]]
    mode: Mode = Mode.ANONYMOUS
    k: int = 5
    is_partial: bool = False


def releases(count: int, seed: int) -> tuple[Sample, ...]:
    """Make inspections of every mode and size, the whole catalogue and parts of it."""
    maker = Maker(random.Random(seed))
    frames = Deck(maker.chance, FRAMES)
    return tuple(maker.sample(frames.deal(), number) for number in range(1, count + 1))


def typed(count: int, seed: int, k: int = 5) -> tuple[Sample, ...]:
    """Make rounds of mode typed on the whole catalogue, which a blank workbook with that k has room for."""
    maker = Maker(random.Random(seed))
    frames = Deck(maker.chance, [frame for frame in frames_of(k, Mode.TYPED) if not frame.is_partial])
    return tuple(maker.sample(frames.deal(), number) for number in range(1, count + 1))


def frames_of(k: int, mode: Mode) -> tuple[Frame, ...]:
    """Give the sizes that matter: each limit from both sides; the large ones, which tell most, come often."""

    def frame(name: str, st: Sequence[int], handledare: Sequence[int], *, is_partial: bool = False) -> Frame:
        people = {Role.ST_LAKARE: st, Role.HANDLEDARE: handledare}
        bosses = {Role.STUDIEREKTOR: range(4), Role.VERKSAMHETSCHEF: range(4)}
        return Frame(name, people | bosses, mode, k, is_partial)

    large = range(20, 31)
    return (
        *[frame("two large groups", large, large)] * 5,
        *[frame("two groups", range(10, 16), range(10, 21))] * 2,
        frame("two groups of about eight", range(7, 10), range(7, 10)),
        frame("two groups exactly large enough", [k], [k]),
        frame("two groups just larger", [k + 1, k + 2], [k + 1, k + 2]),
        frame("some areas", large, large, is_partial=True),
        frame("one group as the ST-läkare are one too few", [k - 1], range(k, 25)),
        frame("one group as the handledare are one too few", range(k, 15), [k - 1]),
        frame("one group exactly large enough", [2], [k - 2]),
        frame("one group of handledare alone", [0], range(k, 15)),
        frame("one too few", [1], [k - 2]),
    )


def _dialogue(name: str, st: Sequence[int], handledare: Sequence[int], chef: Sequence[int]) -> Frame:
    people = {Role.ST_LAKARE: st, Role.HANDLEDARE: handledare, Role.VERKSAMHETSCHEF: chef}
    return Frame(name, people, Mode.DIALOGUE)


FRAMES = (
    *frames_of(5, Mode.ANONYMOUS),
    *[frame for frame in frames_of(4, Mode.ANONYMOUS) if frame.name in ("two groups", "some areas")],
    *[frame for frame in frames_of(6, Mode.TYPED) if frame.name in ("two large groups", "one too few")][-2:],
    _dialogue("a talk between three", [1], [1], [1]),
    _dialogue("a talk between six", [2, 3], [2], [0, 1]),
    _dialogue("a talk with too few", [1], [0, 1], [0]),
    Frame("nobody at all", {}),
)


class Maker:
    """Makes inspections of what is dealt."""

    def __init__(self, chance: random.Random) -> None:
        self.chance = chance
        self._dealer = Dealer(chance)
        self._recipes = {area: Deck(chance, possible(area)) for area in EDITION.areas}

    def sample(self, frame: Frame, number: int) -> Sample:
        """Make one inspection."""
        terms = self._terms(frame)
        people = {role: self.chance.choice(numbers) for role, numbers in frame.people.items()}
        making = Making(self.chance, terms, people)
        told = []
        for area in terms.areas or EDITION.areas:
            name, recipe = self._recipes[area].deal()
            told.append(f"{area} {name}")
            recipe(self._dealer, making, [c for c in making.criteria if c.area == area])
        for outcome in EDITION.outcomes if terms.areas is None else ():
            self._dealer.case(making, outcome, Level.KI)
        round_ = making.round_()
        release = publish(round_)
        name = f"{number}. {frame.name}; " + ", ".join(told)
        return Sample(name, round_, release, assess(release, EDITION, RULES))

    def _terms(self, frame: Frame) -> Terms:
        areas = sorted(self.chance.sample(tuple(EDITION.areas), self.chance.randint(1, 4)))
        takes_comments = frame.mode is Mode.ANONYMOUS and self.chance.random() < 0.3
        return Terms(
            catalogue=EDITION,
            rules=RULES,
            mode=frame.mode,
            k=frame.k,
            areas=tuple(areas) if frame.is_partial else None,
            comments=Comments.REVIEWED if takes_comments else Comments.OFF,
        )
