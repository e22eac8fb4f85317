"""What a plan must keep to: its last day, how many may answer, and the facts stated."""

from collections.abc import Mapping
from datetime import date, timedelta

from questionnaires.model import Catalogue, Fact, Role
from scoring.rounds import Mode
from scoring.rules import ReleaseRule
from stins.services.invite.refused import (
    DayWrong,
    DialogueTooFew,
    DialogueTooMany,
    FactMissing,
    NobodyAsked,
    NumberWrong,
    TooFew,
)
from stins.services.refusals import Refused

DAYS_DEFAULT = 21
DAYS_MOST = 180
PEOPLE_MOST = 200
DIALOGUE_MOST = 6


def wrong_day(closes_on: date, today: date, first: date | None = None) -> list[Refused]:
    """The last day must lie from ``first``, else today, to some months on."""
    first, last = first or today, today + timedelta(days=DAYS_MOST)
    return [] if first <= closes_on <= last else [DayWrong("closes_on", first=first, last=last)]


def wrong_numbers(eligible: Mapping[Role, int], mode: Mode, k: int, rule: ReleaseRule) -> list[Refused]:
    """Enough people must be asked for a result, and few enough for a dialogue."""
    if outside := outside_numbers(eligible):
        return outside
    people = sum(eligible.values())
    counted = eligible.get(Role.ST_LAKARE, 0) + eligible.get(Role.HANDLEDARE, 0)
    if people == 0:
        return [NobodyAsked("st_lakare")]
    if mode is Mode.DIALOGUE:
        if people > DIALOGUE_MOST:
            return [DialogueTooMany("mode", most=DIALOGUE_MOST)]
        few = people < rule.dialogue_ballots or counted < rule.dialogue_counted
        return [DialogueTooFew("mode", least=rule.dialogue_ballots)] if few else []
    return [TooFew("st_lakare", k=k, dialogue=people <= DIALOGUE_MOST)] if counted < k else []


def outside_numbers(eligible: Mapping[Role, int]) -> list[Refused]:
    """How many may answer in a role has its bounds."""
    return [
        NumberWrong(role, most=PEOPLE_MOST)
        for role, count in eligible.items()
        if not 0 <= count <= PEOPLE_MOST
    ]


def wrong_facts(
    facts: Mapping[str, Fact], cat: Catalogue, areas: tuple[str, ...] | None = None
) -> list[Refused]:
    """Every fact must be stated, except A4 when there has been no review; then A3 cannot be ja either."""
    never = facts.get("A2") is Fact.NEJ
    refusals: list[Refused] = []
    for criterion in cat.within(areas):
        if not criterion.facts:
            continue
        fact = facts.get(criterion.id)
        if never and criterion.id in ("A3", "A4"):
            wrong = fact is not (Fact.NEJ if criterion.id == "A3" else None)
        else:
            wrong = fact not in criterion.facts
        if wrong:
            refusals.append(FactMissing(f"fact_{criterion.id}", id=criterion.id, never=never))
    return refusals
