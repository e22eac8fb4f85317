"""What must hold of every verdict: improving never harms, nobody decides alone, every grade is reproduced."""

import dataclasses
import itertools
import json
import random
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

import questionnaires
from questionnaires.model import Catalogue, Criterion, Fact, Level, Role
from questionnaires.read import read
from scoring.ballots import Answer
from scoring.documents.read import read_release
from scoring.documents.write import release_document, verdict_document
from scoring.release import WITHHELD, Bands, Release, publish
from scoring.rounds import Mode, Round
from scoring.verdict import Status, Verdict, assess, needed, table_status
from tests.scoring.scoring_rounds import rounds, shuffled
from tests.scoring.scoring_samples import (
    ALL_FACTS,
    EDITION,
    HL,
    RULES,
    SMALL,
    SR,
    ST,
    VC,
    bands,
    catalogue_of,
    criterion,
    release_of,
)

WORST_FIRST = (Status.NOT_MET, Status.PARTLY, Status.MET)
BETTER = {
    Answer.NOT_AT_ALL: (Answer.PARTLY, Answer.LARGELY, Answer.FULLY),
    Answer.PARTLY: (Answer.LARGELY, Answer.FULLY),
    Answer.LARGELY: (Answer.FULLY,),
    Answer.VET_EJ: (Answer.LARGELY, Answer.FULLY),
}
COUNTS = st.integers(0, 40)
TABLES = st.builds(bands, COUNTS, COUNTS, COUNTS, COUNTS)
LEVELS = st.sampled_from(Level)


def verdict_of(round_: Round) -> Verdict:
    return assess(publish(round_), round_.terms.catalogue, RULES)


def rank(status: Status | None) -> int | None:
    return None if status is None else WORST_FIRST.index(status)


# --- improving an answer ---


def assert_no_worse(better: Verdict, before: Verdict) -> None:
    """Compare statuses and grades. "–" is not ranked: an area that was D by one föreskrift may become it."""
    for id, was in before.criteria.items():
        now = better.criteria[id]
        assert (now.status is None) == (was.status is None)
        assert now.status is None or WORST_FIRST.index(now.status) >= WORST_FIRST.index(was.status), id
    for id, area in before.areas.items():
        grade, allowed = better.areas[id].grade, {"D": ["D", "C", "B", "A", None], None: [None]}
        assert grade in allowed.get(
            area.grade, [at_best for at_best in "CBA" if at_best <= str(area.grade)]
        ), id


@given(rounds(), st.data())
def test_one_answer_improved_lowers_no_status_and_no_grade(round_: Round, data: st.DataObject) -> None:
    places = [
        (place, id)
        for place, one in enumerate(round_.ballots)
        for id, answer in one.answers.items()
        if answer in BETTER
    ]
    assume(places)
    place, id = data.draw(st.sampled_from(places))
    ballots = list(round_.ballots)
    answers = {**ballots[place].answers, id: data.draw(st.sampled_from(BETTER[ballots[place].answers[id]]))}
    ballots[place] = dataclasses.replace(ballots[place], answers=answers)
    assert_no_worse(verdict_of(dataclasses.replace(round_, ballots=tuple(ballots))), verdict_of(round_))


@given(rounds(), st.integers(0, 1000))
def test_many_answers_improved_lower_no_status_and_no_grade(round_: Round, seed: int) -> None:
    chance = random.Random(seed)

    def improved(answer: Answer) -> Answer:
        return chance.choice(BETTER[answer]) if answer in BETTER and chance.random() < 0.3 else answer

    ballots = tuple(
        dataclasses.replace(one, answers={id: improved(answer) for id, answer in one.answers.items()})
        for one in round_.ballots
    )
    assert_no_worse(verdict_of(dataclasses.replace(round_, ballots=ballots)), verdict_of(round_))


@given(rounds(), st.sampled_from(["A2", "B4"]))
def test_a_stated_fact_improved_lowers_no_status_and_no_grade(round_: Round, id: str) -> None:
    assume(round_.facts.get(id) not in (None, Fact.JA))
    better = dataclasses.replace(round_, facts={**round_.facts, id: Fact.JA})
    assert_no_worse(verdict_of(better), verdict_of(round_))


STEPS: dict[str, Callable[[Bands], Bands]] = {
    "0 to 1": lambda b: dataclasses.replace(b, disagree=b.disagree - 1, partly=b.partly + 1),
    "0 to 2": lambda b: dataclasses.replace(b, disagree=b.disagree - 1, agree=b.agree + 1),
    "1 to 2": lambda b: dataclasses.replace(b, partly=b.partly - 1, agree=b.agree + 1),
    "vet ej to 2": lambda b: dataclasses.replace(b, unknown=b.unknown - 1, agree=b.agree + 1),
}


@pytest.mark.parametrize("step", STEPS)
@given(table=TABLES, level=LEVELS)
def test_a_table_is_never_worse_for_one_better_answer(step: str, table: Bands, level: Level) -> None:
    improved = STEPS[step](table)
    assume(min(improved.disagree, improved.partly, improved.unknown) >= 0)
    rule = RULES.levels[level]
    assert rank(table_status(improved, rule)) >= rank(table_status(table, rule))


# --- nobody decides alone, and vet ej ---


@pytest.mark.parametrize("level", Level)
def test_one_persons_answer_makes_nothing_not_met_when_everyone_else_agrees(level: Level) -> None:
    for others in range(200):
        for alone in (bands(others, 1), bands(others, 0, 1), bands(others, 0, 0, 1), bands(others)):
            assert table_status(alone, RULES.levels[level]) is not Status.NOT_MET


@given(rounds(), st.sampled_from(list(Answer)), st.integers(0, 100))
def test_one_ballot_among_others_that_agree_makes_no_criterion_not_met(
    round_: Round, answer: Answer, place: int
) -> None:
    assume(round_.ballots)
    alone = place % len(round_.ballots)
    ballots = tuple(
        dataclasses.replace(one, answers=dict.fromkeys(one.answers, answer if n == alone else Answer.LARGELY))
        for n, one in enumerate(round_.ballots)
    )
    verdict = verdict_of(dataclasses.replace(round_, ballots=ballots, facts={}))
    assert Status.NOT_MET not in [criterion.status for criterion in verdict.criteria.values()]


@given(TABLES, LEVELS)
def test_a_lone_disagree_counted_as_partly_changes_nothing(table: Bands, level: Level) -> None:
    lone, counted = dataclasses.replace(table, disagree=1), dataclasses.replace(table, disagree=0)
    counted = dataclasses.replace(counted, partly=counted.partly + 1)
    rule = RULES.levels[level]
    assert table_status(lone, rule) == table_status(counted, rule)
    if table_status(lone, rule) is not Status.MET:
        assert needed(lone, rule) == needed(counted, rule)


@pytest.mark.parametrize("band", ["agree", "partly", "disagree"])
@given(table=TABLES, level=LEVELS)
def test_an_answer_turned_to_vet_ej_never_makes_a_table_not_met(
    band: str, table: Bands, level: Level
) -> None:
    assume(getattr(table, band) > 0)
    turned = dataclasses.replace(table, **{band: getattr(table, band) - 1, "unknown": table.unknown + 1})
    before = table_status(table, RULES.levels[level])
    assert table_status(turned, RULES.levels[level]) is not Status.NOT_MET or before is Status.NOT_MET


@given(st.integers(1, 200), LEVELS)
def test_a_table_where_all_say_vet_ej_is_partly_met(unknown: int, level: Level) -> None:
    assert table_status(bands(0, unknown=unknown), RULES.levels[level]) is Status.PARTLY


# --- how many more would have to agree ---


def with_more(table: Bands, number: int) -> Bands:
    """Give the table when so many more agree: first those who disagree, then partly, then vet ej."""
    disagree = min(number, table.disagree)
    partly = min(number - disagree, table.partly)
    unknown = number - disagree - partly
    return bands(
        table.agree + number, table.partly - partly, table.disagree - disagree, table.unknown - unknown
    )


@given(TABLES, LEVELS)
def test_a_table_is_met_when_as_many_as_are_needed_agree_and_not_before(table: Bands, level: Level) -> None:
    rule = RULES.levels[level]
    assume(table_status(table, rule) in (Status.PARTLY, Status.NOT_MET))
    number = needed(table, rule)
    assert number >= 1
    assert table_status(with_more(table, number), rule) is Status.MET
    assert table_status(with_more(table, number - 1), rule) is not Status.MET


@given(rounds())
def test_needed_stands_for_exactly_the_tables_that_are_short_of_met(round_: Round) -> None:
    for criterion_verdict in verdict_of(round_).criteria.values():
        short = {cell for cell, status in criterion_verdict.cells.items() if status not in (None, Status.MET)}
        assert set(criterion_verdict.needed) == short


# --- order ---


@given(rounds(), st.integers(0, 1000))
def test_the_order_of_ballots_changes_no_verdict(round_: Round, seed: int) -> None:
    other = dataclasses.replace(round_, ballots=shuffled(round_.ballots, seed))
    assert verdict_of(other) == verdict_of(round_)


def rows_reversed(folder: Path) -> Catalogue:
    """Read a copy of the edition 2026 whose rows stand the other way round in every file."""
    target = folder / "2026"
    target.mkdir()
    for file in (Path(questionnaires.__file__).parent / "2026").iterdir():
        heading, *rows = file.read_text(encoding="utf-8").split("[[")
        turned = heading + "".join(f"[[{row.rstrip()}\n\n" for row in reversed(rows))
        (target / file.name).write_text(turned, encoding="utf-8")
    return read(target)


@pytest.fixture(scope="module")
def turned(tmp_path_factory: pytest.TempPathFactory) -> Catalogue:
    return rows_reversed(tmp_path_factory.mktemp("turned"))


@settings(max_examples=25)
@given(round_=rounds(catalogue=EDITION, most={ST: 6, HL: 8, SR: 1, VC: 1}))
def test_the_order_of_rows_in_the_files_of_a_catalogue_changes_no_release_and_no_verdict(
    turned: Catalogue, round_: Round
) -> None:
    other = dataclasses.replace(round_, terms=dataclasses.replace(round_.terms, catalogue=turned))
    release, verdict = publish(round_), verdict_document(verdict_of(round_))
    assert json.dumps(release_document(publish(other))) == json.dumps(release_document(release))
    assert json.dumps(verdict_document(verdict_of(other))) == json.dumps(verdict)


@settings(max_examples=25)
@given(rounds(catalogue=EDITION, most={ST: 6, HL: 8, SR: 1, VC: 1}))
def test_the_same_release_read_from_json_gives_the_same_verdict(round_: Round) -> None:
    release = publish(round_)
    again = read_release(json.loads(json.dumps(release_document(release))))
    assert assess(again, EDITION, RULES) == assess(release, EDITION, RULES)


# --- every grade is reproduced ---


def grade_by_reasons(printed: Mapping[str, Any], area: str, catalogue: Catalogue) -> str | None:
    """Apply the printed reasons of a verdict.json by hand: because with its statuses, and counted."""
    because, counted = printed["areas"][area]["because"], printed["areas"][area]["counted"]
    said = [(catalogue.criteria[id], printed["criteria"][id]["status"]) for id in because]
    if any(c.level == "F" and not c.provisional and status == "not_met" for c, status in said):
        return "D"
    if any(3 * known < 2 * of for known, of in (counted["criteria"], counted["f"])):
        return None
    advice = [status for c, status in said if c.level == "AR"]
    if (
        any(c.level == "F" or (c.critical and status == "not_met") for c, status in said)
        or "not_met" in advice
        or len(advice) > 1
    ):
        return "C"
    indicators = sum(c.level == "KI" for c, _ in said)
    fifths = (counted["ki"] + 4) // 5
    return "B" if advice or indicators > fifths or (indicators and indicators == counted["ki"]) else "A"


@given(rounds())
def test_every_grade_is_reproduced_by_applying_the_printed_reasons(round_: Round) -> None:
    printed = json.loads(json.dumps(verdict_document(verdict_of(round_))))
    for area, of in printed["areas"].items():
        assert grade_by_reasons(printed, area, round_.terms.catalogue) == of["grade"], area


# Level, whether provisional, whether critical.
KINDS = (
    (Level.F, False, False),
    (Level.F, True, False),
    (Level.AR, False, False),
    (Level.KI, False, False),
    (Level.KI, False, True),
)
STATUSES = (None, Status.PARTLY, Status.NOT_MET, Status.MET)
Area = Sequence[tuple[tuple[Level, bool, bool], Status | None]]
# Met twice and thrice, so that A and B come as often as the others.
AREAS: st.SearchStrategy[Area] = st.lists(
    st.tuples(st.sampled_from(KINDS), st.sampled_from((*STATUSES, Status.MET, Status.MET))),
    min_size=1,
    max_size=14,
)
BY_STATUS = {Status.MET: Fact.JA, Status.PARTLY: Fact.DELVIS, Status.NOT_MET: Fact.NEJ}


def stated(area: Area) -> tuple[Catalogue, Verdict]:
    """Judge an area whose statuses are as given."""
    criteria = [
        criterion(f"X{n}", level, facts=ALL_FACTS, provisional=provisional, critical=critical)
        for n, ((level, provisional, critical), _) in enumerate(area, 1)
    ]
    facts = {f"X{n}": BY_STATUS[status] for n, (_, status) in enumerate(area, 1) if status}
    catalogue = catalogue_of(criteria, {})
    return catalogue, assess(release_of({}, facts), catalogue, RULES)


@given(AREAS)
def test_every_grade_of_any_area_is_reproduced_by_applying_the_printed_reasons(area: Area) -> None:
    catalogue, verdict = stated(area)
    printed = verdict_document(verdict)
    assert grade_by_reasons(printed, "X", catalogue) == printed["areas"]["X"]["grade"]


def grade_by_statuses(area: Area) -> tuple[str | None, list[str]]:
    """Read the area rule a second time, line by line, from every status."""
    rows = [(f"X{n}", *kind, status) for n, (kind, status) in enumerate(area, 1)]
    without = [id for id, *_, status in rows if status is None]
    d = [row[0] for row in rows if (row[1], row[2], row[4]) == ("F", False, "not_met")]
    if d:
        return "D", d
    f = [status for _, level, *_, status in rows if level == "F"]
    if 3 * (len(rows) - len(without)) < 2 * len(rows) or 3 * (len(f) - f.count(None)) < 2 * len(f):
        return None, without
    short = [row for row in rows if row[4] in ("partly", "not_met")]
    partly_advice = [row[0] for row in short if (row[1], row[4]) == ("AR", "partly")]
    c = {row[0] for row in short if row[1] == "F" or (row[1], row[4]) == ("AR", "not_met")}
    c |= {row[0] for row in short if row[1] == "KI" and row[3] and row[4] == "not_met"}
    c |= set(partly_advice) if len(partly_advice) >= 2 else set()
    if c:
        return "C", [row[0] for row in rows if row[0] in c]
    n = sum(row[1] == "KI" and row[4] is not None for row in rows)
    short_indicators = [row[0] for row in short if row[1] == "KI"]
    over = bool(short_indicators) and (len(short_indicators) * 5 > n + (-n % 5) or len(short_indicators) == n)
    b = set(partly_advice) | (set(short_indicators) if over else set())
    return ("B", [row[0] for row in rows if row[0] in b]) if b else ("A", [])


@given(AREAS)
def test_the_area_rule_read_a_second_time_gives_the_same_grade_and_reasons(area: Area) -> None:
    verdict = stated(area)[1].areas["X"]
    assert (verdict.grade, list(verdict.because)) == grade_by_statuses(area)


def test_both_readings_agree_on_every_area_of_one_to_three_criteria() -> None:
    single = list(itertools.product(KINDS, STATUSES))
    for size in (1, 2, 3):
        for area in itertools.combinations_with_replacement(single, size):
            verdict = stated(area)[1].areas["X"]
            assert (verdict.grade, list(verdict.because)) == grade_by_statuses(area), area


# --- what has no status, and what carries no grade ---


@given(rounds(), st.data())
def test_a_criterion_without_status_never_changes_another_area(round_: Round, data: st.DataObject) -> None:
    release, catalogue = publish(round_), round_.terms.catalogue
    assume(release.cells)
    gone = data.draw(st.sampled_from(catalogue.within(round_.terms.areas)))
    results = {**release.results}
    if gone.asked:
        results[gone.id] = dict.fromkeys(results[gone.id], WITHHELD)
    facts = {id: fact for id, fact in release.facts.items() if id != gone.id}
    other = assess(dataclasses.replace(release, results=results, facts=facts), catalogue, RULES)
    before = assess(release, catalogue, RULES)
    assert other.criteria[gone.id].status is None
    assert {id: area for id, area in other.areas.items() if id != gone.area} == {
        id: area for id, area in before.areas.items() if id != gone.area
    }


@given(rounds((Mode.ANONYMOUS,)))
def test_an_outcome_changes_no_area_and_no_finding(round_: Round) -> None:
    release = publish(round_)
    assume("U1" in release.results)
    results = {**release.results, "U1": dict.fromkeys(release.results["U1"], bands(0, 0, 9))}
    before = assess(release, SMALL, RULES)
    other = assess(dataclasses.replace(release, results=results), SMALL, RULES)
    assert other.criteria["U1"].status is Status.NOT_MET
    assert dataclasses.replace(other, criteria={}) == dataclasses.replace(before, criteria={})


@given(TABLES)
def test_an_outcome_has_a_status_as_an_indicator_has(table: Bands) -> None:
    verdict = assess(release_of({"U1": {"st": table}}), SMALL, RULES)
    assert verdict.criteria["U1"].status == table_status(table, RULES.levels[Level.KI])


@given(rounds())
def test_a_partial_round_judges_its_own_areas_alone(round_: Round) -> None:
    areas = round_.terms.areas
    assume(areas)
    verdict = verdict_of(round_)
    assert tuple(verdict.areas) == areas
    assert set(verdict.criteria) == {c.id for c in SMALL.criteria.values() if c.area in areas}


# --- area A of the edition, and the areas without a föreskrift ---


def edition_release(results: Callable[[Criterion], Bands], facts: Mapping[str, Fact]) -> Release:
    """Give a release of the edition 2026 in one cell."""
    tables = {c.id: {"alla": results(c)} for c in EDITION.criteria.values() if c.asked}
    release = release_of(tables, facts, {"alla": 20})
    return dataclasses.replace(release, catalogue="2026")


@given(TABLES)
def test_in_area_a_no_answer_gives_d(table: Bands) -> None:
    facts = {"A2": Fact.JA, "A3": Fact.JA, "A4": Fact.JA, "A8": Fact.JA}
    verdict = assess(edition_release(lambda _: table, facts), EDITION, RULES)
    assert verdict.areas["A"].grade != "D"


@pytest.mark.parametrize("area", ["C", "F"])
def test_an_area_without_a_foreskrift_never_gets_d(area: str) -> None:
    verdict = assess(edition_release(lambda _: bands(0, 0, 20), {"F6": Fact.NEJ}), EDITION, RULES)
    assert not [c for c in EDITION.criteria.values() if c.area == area and c.level is Level.F]
    assert verdict.areas[area].grade == "C"


def test_roles_are_listed_in_one_order() -> None:
    assert list(Role) == [ST, HL, SR, VC]
