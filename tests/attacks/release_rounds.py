"""Small rounds to attack: a catalogue with every kind of question, people who answer by chance, and the rule.

The rule that the attacker is given is the program itself: :func:`as_published` runs ``publish`` on a round
made of the world he thinks of.
"""

import json
import random
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from functools import cache

from questionnaires.model import (
    Area,
    Catalogue,
    Criterion,
    Evidence,
    Level,
    Outcome,
    Question,
    Questionnaire,
    Role,
    Text,
)
from scoring import release
from scoring.audit import Numbers
from scoring.ballots import Answer, Ballot
from scoring.documents.write import frozen, verdict_document
from scoring.release import CELL_ROLES, Bands, Release
from scoring.rounds import Comments, Mode, Round, Terms
from scoring.rules import rules
from scoring.verdict import assess
from tests.attacks.release_attacker import ANSWERS, Counts, Group, Histogram, Rule, Shown, Table, World

ST, HL, SR, VC = Role
EJ_AKTUELLT = Answer.EJ_AKTUELLT
NOTHING = Text("", "")
DAY = date(2026, 11, 22)

# Every set of roles that the published catalogue asks. In area C no ST-läkare has a question.
ASKED: Mapping[str, tuple[Role, ...]] = {
    "A1": (ST, HL, SR),
    "A2": (ST, HL),
    "B1": (ST, HL, SR, VC),
    "B2": (ST, HL, VC),
    "C1": (HL, SR, VC),
    "C2": (HL, SR),
    "D1": (ST,),
    "U1": (ST,),
}
LEVELS = dict(zip(ASKED, (Level.F, Level.AR, Level.KI, Level.F, Level.F, Level.AR, Level.KI), strict=False))


def catalogue(asked: Mapping[str, tuple[Role, ...]]) -> Catalogue:
    """Make a catalogue of the questions given; those that begin with U are outcomes."""
    criteria = {
        id: Criterion(id, id[0], NOTHING, LEVELS[id], False, False, Evidence.ENKAT, roles, (), NOTHING)
        for id, roles in asked.items()
        if id[0] != "U"
    }
    return Catalogue(
        id="small",
        areas={area: Area(area, NOTHING, NOTHING) for area in sorted({id[0] for id in criteria})},
        criteria=criteria,
        outcomes={id: Outcome(id, NOTHING, roles) for id, roles in asked.items() if id[0] == "U"},
        questionnaires={role: Questionnaire(role, _questions(asked, role)) for role in Role},
        parameters={},
        digest="",
    )


def _questions(asked: Mapping[str, tuple[Role, ...]], role: Role) -> tuple[Question, ...]:
    return tuple(Question(id, id[0].strip("U"), NOTHING) for id, roles in asked.items() if role in roles)


CATALOGUE = catalogue(ASKED)
ALONE = {id: catalogue({id: roles}) for id, roles in ASKED.items()}


def terms(k: int, mode: Mode = Mode.ANONYMOUS, comments: Comments = Comments.OFF) -> Terms:
    """Give the terms of a round of the whole small catalogue."""
    return Terms(CATALOGUE, rules("2026"), mode, k, None, comments)


def ballot(role: Role, answers: Mapping[str, Answer], comments: Mapping[str, str] | None = None) -> Ballot:
    """Make a ballot that answers what its role is asked."""
    return Ballot(role, {id: answers[id] for id, roles in ASKED.items() if role in roles}, comments or {})


def counts(ballots: Sequence[Ballot], id: str) -> Counts:
    """Count what each role answered to a question."""
    given: dict[Role, Counter[Answer]] = {}
    for each in ballots:
        if id in each.answers:
            given.setdefault(each.role, Counter())[each.answers[id]] += 1
    return {role: tuple(each[answer] for answer in ANSWERS) for role, each in given.items()}


def held(terms: Terms, ballots: Sequence[Ballot]) -> Round:
    """Make a round of ballots."""
    return Round(terms, {}, tuple(ballots), DAY)


def turnout(ballots: Sequence[Ballot]) -> Counter[Role]:
    """Count the ballots of each role."""
    return Counter(each.role for each in ballots)


# --- people who answer by chance ---


def chance(seed: str) -> random.Random:
    """Give the chance of a seed: the same people in every run."""
    return random.Random(seed)


# How a question is answered: weights of 3, 2, 1, 0, vet ej, ej aktuellt.
MOODS = (
    (4, 4, 1, 1, 1, 1),  # a bit of everything
    (9, 9, 1, 0, 0, 0),  # all agree but for somebody
    (9, 9, 0, 0, 1, 0),
    (9, 9, 0, 1, 0, 0),
    (1, 0, 0, 0, 0, 0),  # unanimous
    (1, 1, 0, 0, 0, 1),  # half find that it does not concern them
    (6, 6, 0, 0, 0, 1),
    (2, 2, 0, 0, 1, 1),
    (0, 0, 1, 3, 0, 1),
)


def inclinations(draw: random.Random) -> dict[Role, dict[str, tuple[int, ...]]]:
    """Draw how each role is inclined to answer each question."""
    moods = {id: draw.choice(MOODS) for id in ASKED}
    return {
        role: {id: draw.choice((mood, mood, draw.choice(MOODS))) for id, mood in moods.items()}
        for role in Role
    }


def people(draw: random.Random, number: Mapping[Role, int]) -> list[Ballot]:
    """Draw the ballots of so many of each role."""
    moods = inclinations(draw)
    return [
        ballot(role, {id: draw.choices(ANSWERS, mood)[0] for id, mood in moods[role].items()})
        for role in Role
        for _ in range(number.get(role, 0))
    ]


# --- what is shown, in the attacker's words ---


def shown(release: Release, id: str) -> Shown:
    """Give what a release shows of a question, by the roles that stand in each table."""
    return {
        tuple(role for role in CELL_ROLES[cell] if role in ASKED[id]): _table(table)
        if isinstance(table, Bands)
        else None
        for cell, table in release.results.get(id, {}).items()
    }


def _table(bands: Bands) -> Table:
    five = (bands.agree, bands.partly, bands.disagree, bands.unknown, bands.not_applicable)
    return Table(five, bands.scale)


def as_published(terms: Terms, id: str, turnout: Mapping[Role, int]) -> Rule:
    """Give the program's own rule for one question: ``publish``, on ballots made of the counts."""
    alone = replace(terms, catalogue=ALONE[id], comments=Comments.OFF)
    silent = [Ballot(role, {}, {}) for role, n in turnout.items() if role not in ASKED[id] for _ in range(n)]

    def rule(counts: Counts) -> Shown:
        asked = [Ballot(role, {id: answer}, {}) for role, each in counts.items() for answer in listed(each)]
        return shown(release.publish(held(alone, asked + silent)), id)

    return rule


def listed(histogram: Histogram) -> list[Answer]:
    """Write a histogram out, an answer a person."""
    return [answer for answer, number in zip(ANSWERS, histogram, strict=True) for _ in range(number)]


def everything(round_: Round) -> str:
    """Give all that is published of a round: the frozen release and its verdict, byte for byte."""
    result = release.publish(round_)
    verdict = assess(result, round_.terms.catalogue, round_.terms.rules)
    return frozen(result) + json.dumps(verdict_document(verdict))


def numbers(round_: Round) -> Numbers:
    """Give what the auditor is told of a round."""
    answered: dict[str, Counter[Role]] = {id: Counter() for id in ASKED}
    for each in round_.ballots:
        for id, answer in each.answers.items():
            answered[id][each.role] += answer is not EJ_AKTUELLT
    return Numbers(
        mode=str(round_.terms.mode),
        k=round_.terms.k,
        areas=None,
        comments=str(round_.terms.comments),
        ballots=turnout(round_.ballots),
        answered=answered,
        node=("region", "unit"),
        opens_on=date(2026, 10, 1),
        earlier=(),
    )


# --- what one of the people knows beforehand ---


@dataclass(frozen=True, slots=True, eq=False)
class Insider:
    """One who answered himself and reads the release; ``me`` is the place of his ballot in the round."""

    round: Round
    me: int

    @property
    def role(self) -> Role:
        return self.round.ballots[self.me].role

    def groups(self, id: str) -> list[Group]:
        """Give the people asked a question as he sees them: himself, and his colleagues role by role."""
        me = self.round.ballots[self.me]
        others = turnout(self.round.ballots) - Counter([me.role])
        groups = [Group(str(role), role, others[role]) for role in ASKED[id] if others[role]]
        return groups + ([Group("me", me.role, 1, me.answers[id])] if me.role in ASKED[id] else [])

    def answered_as(self, id: str, world: World) -> Round:
        """Give the round as it would be, had everybody answered one question as in a world."""
        left = {group.name: listed(histogram) for group, histogram in world.items()}
        ballots = []
        for place, each in enumerate(self.round.ballots):
            mine = left.get("me" if place == self.me else str(each.role))
            ballots.append(replace(each, answers={**each.answers, id: mine.pop()}) if mine else each)
        return replace(self.round, ballots=tuple(ballots))

    def colleagues(self, id: str, roles: Sequence[Role]) -> list[Answer]:
        """Give the truth he is after: what his colleagues of some roles answered."""
        others = [each for place, each in enumerate(self.round.ballots) if place != self.me]
        return [each.answers[id] for each in others if each.role in roles and id in each.answers]


@cache
def near_k(seed: int) -> Insider:
    """Draw a round at k or just above it, in two cells or one, and the one who attacks it."""
    draw = chance(f"near k {seed}")
    k = draw.choice((4, 5))
    if draw.random() < 0.6:
        st, handledare = k + draw.choice((0, 0, 1)), k + draw.choice((0, 0, 1, 2))
    else:
        st = draw.randrange(1, k)
        handledare = k - st + draw.randrange(3)
    return insider(draw, k, {ST: st, HL: handledare, **_bosses(draw)})


@cache
def with_scale(seed: int) -> Insider:
    """Draw a round where the four-step distribution may be shown: about ten handledare, or ten in all."""
    draw = chance(f"with scale {seed}")
    k = draw.choice((4, 5))
    st, handledare = draw.choice(((k, 10), (k, 11), (2, 9), (3, 8), (1, 10)))
    return insider(draw, k, {ST: st, HL: handledare, **_bosses(draw)})


def _bosses(draw: random.Random) -> dict[Role, int]:
    return draw.choice(({}, {SR: 1}, {VC: 1}, {SR: 1, VC: 1}, {SR: 2}))


def insider(draw: random.Random, k: int, number: Mapping[Role, int]) -> Insider:
    """Draw a round of so many of each role, and one of them who attacks it."""
    ballots = people(draw, number)
    role = draw.choice([role for role, n in number.items() if n])
    places = [place for place, each in enumerate(ballots) if each.role is role]
    mode = draw.choice((Mode.ANONYMOUS, Mode.TYPED))
    return Insider(held(terms(k, mode), ballots), draw.choice(places))
