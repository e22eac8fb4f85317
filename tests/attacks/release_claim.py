"""The claim: from a release, one who answered forces no answer that a unanimous table does not tell.

Excepted are, as the page on anonymity says: tables that are unanimous without his own answer; what he learns
by taking away his own; and *whether* somebody answered, "ej aktuellt" being counted as not having answered.
Of the last only what concerns bosses is let through here: nobody else's can be told.
"""

from collections.abc import Mapping, Sequence

from questionnaires.model import Role
from scoring import release
from scoring.ballots import Answer
from tests.attacks import release_rounds
from tests.attacks.release_attacker import BAND, Learned, Observation, Shown, search
from tests.attacks.release_naive import tables
from tests.attacks.release_rounds import ASKED, EJ_AKTUELLT, SR, VC, Insider

BOSSES = (SR, VC)


def shown(who: Insider) -> Mapping[str, Shown]:
    """Give what is published of each question."""
    result = release.publish(who.round)
    return {id: release_rounds.shown(result, id) for id in ASKED}


def attack(who: Insider) -> Mapping[str, Learned]:
    """Give what the insider learns of each question that somebody else was asked."""
    turnout = release_rounds.turnout(who.round.ballots)
    learned = {}
    for id, tables_ in shown(who).items():
        if groups := who.groups(id):
            rule = release_rounds.as_published(who.round.terms, id, turnout)
            learned[id] = search(groups, [Observation(rule, tables_)])
    return learned


def forced(who: Insider, learned: Mapping[str, Learned]) -> list[tuple[str, Role, str]]:
    """Give question, role and band wherever an answer is forced that no unanimous table tells."""
    found = [(id, Role(name), band) for id, each in learned.items() for name, band in each.forced().items()]
    truth = {(id, role): {BAND[answer] for answer in beside(who, id, role)} for id, role, _ in found}
    return [(id, role, band) for id, role, band in found if truth[id, role] != {band}]


def breaches(who: Insider, learned: Mapping[str, Learned]) -> list[tuple[str, Role, str]]:
    """Give what is forced against the claim."""
    return [each for each in forced(who, learned) if each[1] not in BOSSES or each[2] != "not_applicable"]


def displayed_alone(who: Insider, learned: Mapping[str, Learned]) -> list[str]:
    """Give the questions where one colleague is displayed as the only one who disagrees.

    To one who disagreed himself this is no breach: he takes away his own answer.
    """
    mine = who.round.ballots[who.me].answers
    alone = [id for id, each in learned.items() if each.alone == {1}]
    return [id for id in alone if mine.get(id) is not Answer.NOT_AT_ALL]


def beside(who: Insider, id: str, role: Role) -> Sequence[Answer]:
    """Give what the insider's colleagues answered in the table where a role rightly stands."""
    ballots = who.round.ballots
    rule = tables(who.round.terms.k, id, release_rounds.turnout(ballots))
    roles = next(roles for roles in rule(release_rounds.counts(ballots, id)) if role in roles)
    return [answer for answer in who.colleagues(id, roles) if answer is not EJ_AKTUELLT]
