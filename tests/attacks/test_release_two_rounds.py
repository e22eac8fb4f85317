"""Why one circle rests between two rounds: what differs between them is what one person answered.

Each release alone is the published one and forces nothing. Ten answered; soon after the same ten answer alike
and one more has come. An attacker who holds both takes the one from the other.
"""

from dataclasses import replace
from datetime import date, timedelta

import pytest

from scoring import release
from scoring.audit import Earlier, Refused, audit
from scoring.ballots import Answer, Ballot
from scoring.documents.write import release_document
from tests.attacks import release_claim, release_rounds
from tests.attacks.release_attacker import BAND, Group, Learned, Observation, search
from tests.attacks.release_rounds import ASKED, HL, SR, ST, Insider

_, LARGELY, PARTLY, NOT_AT_ALL, VET_EJ, _ = Answer
TERMS = release_rounds.terms(4)
OPENS = date(2026, 10, 1)
SAID = (LARGELY, LARGELY, PARTLY, VET_EJ, NOT_AT_ALL, NOT_AT_ALL)
ASKED_OF_A_TEACHER = [id for id, roles in ASKED.items() if HL in roles]


def ten() -> list[Ballot]:
    """Give the ballots of four ST-läkare, five handledare and a studierektor; the first of them attacks."""
    roles = [ST] * 4 + [HL] * 5 + [SR]
    said = [SAID[(place + place // 4) % len(SAID)] for place in range(10)]
    return [release_rounds.ballot(role, dict.fromkeys(ASKED, said[n])) for n, role in enumerate(roles)]


def and_one_more(answer: Answer) -> list[Ballot]:
    """Give the same ballots, and that of a handledare who has come since."""
    return [*ten(), release_rounds.ballot(HL, dict.fromkeys(ASKED, answer))]


def insider(ballots: list[Ballot]) -> Insider:
    return Insider(release_rounds.held(TERMS, ballots), 0)


def observation(ballots: list[Ballot], id: str, absent: frozenset[str]) -> Observation:
    """Give what one round shows of a question."""
    rule = release_rounds.as_published(TERMS, id, release_rounds.turnout(ballots))
    return Observation(rule, release_claim.shown(insider(ballots))[id], absent)


def from_both(answer: Answer, id: str) -> Learned:
    """Give what is learned of a question from both rounds together."""
    first = observation(ten(), id, frozenset({"newcomer"}))
    second = observation(and_one_more(answer), id, frozenset())
    return search([*insider(ten()).groups(id), Group("newcomer", HL, 1)], [first, second])


@pytest.mark.parametrize("id", ASKED_OF_A_TEACHER)
@pytest.mark.parametrize("answer", Answer)
def test_two_rounds_with_one_person_more_in_the_second_force_his_answer(answer: Answer, id: str) -> None:
    assert from_both(answer, id).forced()["newcomer"] == BAND[answer]


@pytest.mark.parametrize("answer", Answer)
def test_either_round_alone_forces_nothing(answer: Answer) -> None:
    for ballots in (ten(), and_one_more(answer)):
        learned = release_claim.attack(insider(ballots))
        assert all(each.forced() == {} for each in learned.values())


def audited(days: int) -> None:
    """Audit the second round as one that opens so many days after the first closed."""
    round_ = release_rounds.held(TERMS, and_one_more(PARTLY))
    told = release_rounds.numbers(round_)
    first = Earlier(told.node, OPENS - timedelta(days=days))
    body = release_document(release.publish(round_))
    audit(body, replace(told, opens_on=OPENS, earlier=(first,)), round_.terms.catalogue)


def test_the_auditor_lets_no_second_round_out_so_soon() -> None:
    with pytest.raises(Refused, match="one circle at a time"):
        audited(days=89)
    audited(days=90)
