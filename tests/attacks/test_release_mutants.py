"""Every mutant of the release is caught by somebody, and the program itself by nobody.

Three stand guard. The auditor reads the rules for himself. The properties say what must not follow from what:
which tables are shown never depends on what was answered otherwise than "ej aktuellt", nor on any boss. The
attacker finds what a release gives away; he is silent where a mutant shows too little cover but still forces
nobody, which is why he does not stand guard alone.
"""

import random
from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace

import pytest

from questionnaires.model import Role
from scoring import release
from scoring.audit import Refused, audit
from scoring.ballots import Answer, Ballot
from scoring.documents.write import release_document
from scoring.release import Withheld
from scoring.rounds import Comments, Mode, Round
from tests.attacks import release_claim, release_mutants, release_rounds
from tests.attacks.release_claim import BOSSES
from tests.attacks.release_mutants import Mutant
from tests.attacks.release_rounds import ASKED, EJ_AKTUELLT, HL, SR, ST, VC, Insider, near_k, with_scale

FULLY, LARGELY, PARTLY, NOT_AT_ALL, VET_EJ, _ = Answer
CONCERNED = (FULLY, LARGELY, PARTLY, NOT_AT_ALL, VET_EJ)
DRAWN = [*map(near_k, range(30)), *map(with_scale, range(20))]


def crafted(k: int, ballots: list[Ballot], mode: Mode, comments: Comments) -> Insider:
    return Insider(release_rounds.held(release_rounds.terms(k, mode, comments), ballots), 0)


def writing(role: Role, text: str) -> Ballot:
    fields = ("best", "C") if role is not ST else ("best",)
    return release_rounds.ballot(role, dict.fromkeys(ASKED, LARGELY), dict.fromkeys(fields, text))


def chief_among(k: int, handledare: int) -> Insider:
    """Give so many handledare, who all rate, and a chief who does not know."""
    agree = dict.fromkeys(ASKED, FULLY)
    ballots = [release_rounds.ballot(HL, agree | {"C1": PARTLY})]
    ballots += [release_rounds.ballot(HL, agree) for _ in range(handledare - 1)]
    ballots += [release_rounds.ballot(ST, agree) for _ in range(k)]
    ballots += [release_rounds.ballot(VC, agree | {"C1": VET_EJ})]
    return crafted(k, ballots, Mode.ANONYMOUS, Comments.OFF)


def commented() -> list[Insider]:
    """Give rounds where people write: two cells, one where few saw area C, dialogue, and too few."""
    rounds = [
        (4, {ST: 4, HL: 4, SR: 1}, Mode.ANONYMOUS, Comments.REVIEWED),
        (4, {ST: 3, HL: 2, SR: 1}, Mode.ANONYMOUS, Comments.REVIEWED),
        (4, {ST: 1, HL: 1, VC: 1}, Mode.DIALOGUE, Comments.OFF),
        (4, {ST: 1, HL: 2, VC: 1}, Mode.ANONYMOUS, Comments.REVIEWED),
    ]
    return [crafted(k, written(number), mode, comments) for k, number, mode, comments in rounds]


def written(number: Mapping[Role, int]) -> list[Ballot]:
    """Give ballots that write in falling order in every field they are shown."""
    roles = [role for role, many in number.items() for _ in range(many)]
    return [writing(role, f"{len(roles) - place} {role}") for place, role in enumerate(roles)]


ATTACKED = [*DRAWN, chief_among(5, 10), chief_among(4, 4)]
ROUNDS = [who.round for who in [*ATTACKED, *commented()]]


# --- the three who stand guard ---


def refuses(round_: Round) -> bool:
    """Say whether the auditor refuses the release of a round."""
    try:
        body = release_document(release.publish(round_))
        audit(body, release_rounds.numbers(round_), round_.terms.catalogue)
    except Refused:
        return True
    return False


def auditor() -> bool:
    return any(refuses(round_) for round_ in ROUNDS)


def tables_follow_from_numbers_alone() -> bool:
    """Say whether other answers, or no bosses, ever change which tables are shown: so it must not be."""
    return any(shape(round_) != shape(other) for round_ in ROUNDS for other in with_the_same_numbers(round_))


def shape(round_: Round) -> Mapping[str, Mapping[str, bool]]:
    """Give which tables a release holds, and which of them are withheld."""
    results = release.publish(round_).results
    return {id: {c: isinstance(t, Withheld) for c, t in tables.items()} for id, tables in results.items()}


def with_the_same_numbers(round_: Round) -> Iterator[Round]:
    draw = release_rounds.chance("other answers")
    for _ in range(3):
        yield replace(round_, ballots=tuple(otherwise(draw, each) for each in round_.ballots))
    if round_.terms.mode is not Mode.DIALOGUE:
        yield replace(round_, ballots=tuple(b for b in round_.ballots if b.role not in BOSSES))


def otherwise(draw: random.Random, ballot: Ballot) -> Ballot:
    """Draw other answers, but leave "ej aktuellt" where it stands."""
    kept = {id: answer for id, answer in ballot.answers.items() if answer is EJ_AKTUELLT}
    return replace(ballot, answers={id: draw.choice(CONCERNED) for id in ballot.answers} | kept)


def attacker() -> bool:
    """Say whether somebody's answer is forced, or somebody stands alone."""
    for who in ATTACKED:
        learned = release_claim.attack(who)
        if release_claim.breaches(who, learned) or release_claim.displayed_alone(who, learned):
            return True
    return False


GUARDS: Mapping[str, Callable[[], bool]] = {
    "auditor": auditor,
    "property": tables_follow_from_numbers_alone,
    "attacker": attacker,
}

AUDITOR, ATTACKER, PROPERTY = {"auditor"}, {"attacker"}, {"property"}
# Each mutant, and exactly who catches it.
MUTANTS: list[tuple[Mutant, set[str]]] = [
    (release_mutants.k_less_one, AUDITOR | ATTACKER),
    (release_mutants.boss_counted_for_a_table, AUDITOR | ATTACKER | PROPERTY),
    (release_mutants.boss_counted_for_a_cell, AUDITOR | PROPERTY),
    (release_mutants.vet_ej_taken_for_no_answer, AUDITOR | ATTACKER | PROPERTY),
    (release_mutants.ej_aktuellt_taken_for_an_answer, AUDITOR | ATTACKER),
    (release_mutants.total_beside_the_parts, AUDITOR),
    (release_mutants.parts_beside_the_pooled_table, AUDITOR | ATTACKER),
    (release_mutants.pooled_where_somebody_disagrees, AUDITOR | PROPERTY),
    (release_mutants.lone_disagree_kept, AUDITOR | ATTACKER),
    (release_mutants.scale_from_nine, AUDITOR),
    (release_mutants.bosses_cover_a_scale, AUDITOR),
    (release_mutants.scale_by_who_rated, AUDITOR | ATTACKER),
    (release_mutants.comments_of_a_field_few_were_shown, AUDITOR),
    (release_mutants.comments_in_dialogue_mode, AUDITOR),
    (release_mutants.comments_without_a_cell, AUDITOR),
    (release_mutants.comments_as_they_came, AUDITOR),
]


def caught_by() -> set[str]:
    return {name for name, catches in GUARDS.items() if catches()}


@pytest.mark.parametrize(
    ("mutant", "guards"), MUTANTS, ids=[mutant.__name__.replace("_", " ") for mutant, _ in MUTANTS]
)
def test_a_mutant_is_caught(mutant: Mutant, guards: set[str], monkeypatch: pytest.MonkeyPatch) -> None:
    mutant(monkeypatch)
    assert caught_by() == guards


def test_the_program_itself_is_caught_by_nobody() -> None:
    assert caught_by() == set()
