"""Rounds drawn at random: every mode, whole and partial, with few and many who answer.

The frame of a round (terms, numbers of ballots, how each role leans on each question, comments) follows from
one drawn number, so that every kind comes often; the answers are drawn a byte each, so that a failing example
shrinks to the few answers that matter.
"""

import random
from collections.abc import Iterator, Mapping

from hypothesis import strategies as st

from questionnaires.model import Catalogue, Fact, Role
from scoring.ballots import Answer, Ballot, check
from scoring.rounds import Comments, Mode, Round, Terms
from tests.scoring.scoring_samples import CLOSED_ON, HL, RULES, SMALL, SR, ST, VC

# How a role leans on a question: all answers alike, agreeing, all but one, split, mostly "ej aktuellt".
LEANINGS = (
    tuple(Answer),
    (Answer.FULLY, Answer.FULLY, Answer.LARGELY, Answer.LARGELY, Answer.PARTLY, Answer.NOT_AT_ALL),
    (Answer.FULLY,) * 9 + (Answer.NOT_AT_ALL,),
    (Answer.FULLY,) * 7 + (Answer.EJ_AKTUELLT, Answer.EJ_AKTUELLT, Answer.VET_EJ),
    (Answer.LARGELY, Answer.PARTLY, Answer.NOT_AT_ALL, Answer.VET_EJ),
    (Answer.EJ_AKTUELLT, Answer.EJ_AKTUELLT, Answer.FULLY, Answer.NOT_AT_ALL),
    (Answer.EJ_AKTUELLT,) * 5 + (Answer.FULLY,),
    (Answer.FULLY, Answer.LARGELY),
)
TEXTS = ("Bra.", "bra", "Mer tid för handledning!", "  ", "”Nja” – …", "Zebra", "Ålder", "e\u0301")
MOST = {ST: 8, HL: 14, SR: 2, VC: 2}
MODES = tuple(Mode)


@st.composite
def rounds(
    draw: st.DrawFn,
    modes: tuple[Mode, ...] = MODES,
    catalogue: Catalogue = SMALL,
    most: Mapping[Role, int] = MOST,
) -> Round:
    """Draw a round with two cells, one or none. Ballots are checked as everywhere else."""
    chance = random.Random(draw(st.integers(0, 2**32 - 1)))
    terms = terms_by(chance, modes, catalogue)
    people = people_by(chance, terms, most)
    size = sum(len(asked_in(terms, role)) for role in people)
    drawn = iter(draw(st.binary(min_size=size, max_size=size)))
    leanings = {(role, id): chance.choice(LEANINGS) for role in Role for id in asked_in(terms, role)}
    ballots = tuple(ballot_by(chance, terms, role, leanings, drawn) for role in people)
    return Round(terms, facts_by(chance, terms), ballots, CLOSED_ON)


def asked_in(terms: Terms, role: Role) -> list[str]:
    """Give what a role is asked."""
    return [question.id for question in terms.catalogue.questionnaires[role].within(terms.areas)]


def terms_by(chance: random.Random, modes: tuple[Mode, ...], catalogue: Catalogue) -> Terms:
    """Choose terms: mostly the whole catalogue, else any of its areas; comments where they may stand."""
    mode = chance.choice(modes)
    parts = [area for area in catalogue.areas if chance.random() < 0.4]
    return Terms(
        catalogue=catalogue,
        rules=RULES,
        mode=mode,
        k=chance.randint(4, 6),
        areas=tuple(parts) if parts and chance.random() < 0.4 else None,
        comments=chance.choice(list(Comments)) if mode is Mode.ANONYMOUS else Comments.OFF,
    )


def people_by(chance: random.Random, terms: Terms, most: Mapping[Role, int]) -> list[Role]:
    """Choose how many hand in, of the roles that are asked anything: few or many."""
    people: list[Role] = []
    for role, limit in most.items():
        if asked_in(terms, role):
            people += [role] * chance.randint(chance.choice([0, limit // 2]), limit)
    return people


def ballot_by(
    chance: random.Random,
    terms: Terms,
    role: Role,
    leanings: Mapping[tuple[Role, str], tuple[Answer, ...]],
    drawn: Iterator[int],
) -> Ballot:
    """Give a ballot of the bytes drawn, with a comment or two where comments are taken."""
    answers = {}
    for id in asked_in(terms, role):
        leaning = leanings[role, id]
        answers[id] = leaning[next(drawn) % len(leaning)].value
    fields = terms.catalogue.comment_fields(role, terms.areas) if terms.comments is Comments.REVIEWED else ()
    written = chance.sample(fields, chance.randint(0, 2)) if fields else []
    comments = {field: chance.choice(TEXTS) for field in written}
    return check(terms.catalogue, terms.areas, role, answers, comments)


def facts_by(chance: random.Random, terms: Terms) -> dict[str, Fact]:
    """Choose what is stated, some of it left out."""
    stated = {c.id: c.facts for c in terms.catalogue.within(terms.areas) if c.facts}
    return {id: chance.choice(facts) for id, facts in stated.items() if chance.random() < 0.8}


def shuffled(ballots: tuple[Ballot, ...], seed: int) -> tuple[Ballot, ...]:
    """Give the ballots in another order."""
    return tuple(random.Random(seed).sample(ballots, len(ballots)))
