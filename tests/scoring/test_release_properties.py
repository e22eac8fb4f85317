"""What must hold of every release, whatever was answered: the promises that concern what may be shown."""

import dataclasses
import hashlib
import json
from collections import Counter
from collections.abc import Callable, Mapping

import pytest
from hypothesis import Phase, assume, find, given, settings
from hypothesis import strategies as st

from questionnaires.model import Role
from scoring.audit import audit
from scoring.ballots import Answer, Ballot
from scoring.documents.objects import parse
from scoring.documents.read import read_release, read_round
from scoring.documents.write import digest, frozen, release_document
from scoring.release import WITHHELD, Release, publish
from scoring.rounds import Mode, Round
from tests.scoring.scoring_rounds import TEXTS, rounds, shuffled
from tests.scoring.scoring_samples import (
    EDITION,
    HL,
    SR,
    ST,
    VC,
    answered_in,
    ballots_of,
    numbers_of,
    pattern,
    shown_of,
    tables_of,
)

PROMISED = (Mode.ANONYMOUS, Mode.TYPED)
CONCERNED = tuple(answer for answer in Answer if answer is not Answer.EJ_AKTUELLT)
ROLES = {"st": {ST}, "utbildare": {HL, SR, VC}, "alla": set(Role)}
FEW = {ST: 1, HL: 2, SR: 2, VC: 2}
FIRST = settings(phases=[Phase.generate], max_examples=500)
NOT_IN_DIALOGUE = (
    "two tables",
    "two tables withheld",
    "one table instead of two",
    "one side withheld",
    "a scale in a table with a boss",
)
SEEDS = st.integers(0, 1000)


def body(release: Release) -> str:
    """Give the whole release as JSON, comments too."""
    return json.dumps(release_document(release), sort_keys=True, ensure_ascii=False)


def changed(round_: Round, change: Callable[[Ballot, str, Answer], Answer]) -> Round:
    """Give the round with every answer put through ``change`` of ballot, question and answer."""
    ballots = tuple(
        dataclasses.replace(one, answers={id: change(one, id, answer) for id, answer in one.answers.items()})
        for one in round_.ballots
    )
    return dataclasses.replace(round_, ballots=ballots)


def rated(round_: Round, id: str, roles: set[Role]) -> Counter[Answer]:
    """Count the answers of some roles to a question, by a plain reading of the ballots."""
    return Counter(one.answers[id] for one in round_.ballots if one.role in roles and id in one.answers)


# --- what is drawn, so that no promise below is kept for want of a case ---


def has_lone_disagree(round_: Round) -> bool:
    return any(
        rated(round_, id, ROLES[cell])[Answer.NOT_AT_ALL] == 1 for id, cell in shown_of(publish(round_))
    )


def hides_a_comment(round_: Round) -> bool:
    written = {field for one in round_.ballots for field, text in one.comments.items() if text.strip()}
    return bool(publish(round_).cells) and written > set(publish(round_).comments)


def with_tables(round_: Round, cells: set[str], *, withheld: bool) -> bool:
    """Say whether a question of a round with two cells has these tables, all shown or all withheld."""
    release = publish(round_)
    tables = [tables for tables in release.results.values() if set(tables) == cells]
    return len(release.cells) == 2 and any(
        {t is WITHHELD for t in of.values()} == {withheld} for of in tables
    )


KINDS: dict[str, Callable[[Round], bool]] = {
    "no cell": lambda round_: bool(round_.ballots) and not publish(round_).cells,
    "one cell": lambda round_: [cell.id for cell in publish(round_).cells] == ["alla"],
    "two tables": lambda round_: with_tables(round_, {"st", "utbildare"}, withheld=False),
    "two tables withheld": lambda round_: with_tables(round_, {"st", "utbildare"}, withheld=True),
    "one table instead of two": lambda round_: with_tables(round_, {"alla"}, withheld=False),
    "one side withheld": lambda round_: with_tables(round_, {"utbildare"}, withheld=True),
    "a scale in a table with a boss": lambda round_: any(
        table.scale and rated(round_, id, ROLES[cell] & {SR, VC})
        for (id, cell), table in shown_of(publish(round_)).items()
    ),
    "a lone disagree": has_lone_disagree,
    "comments": lambda round_: len(publish(round_).comments) > 1,
    "a comment that is not shown": hides_a_comment,
    "a part of the areas": lambda round_: round_.terms.areas is not None and bool(publish(round_).cells),
}


def can_be(mode: Mode, kind: str) -> bool:
    """Say whether a mode has rounds of a kind: a dialogue has one cell, and only the anonymous comments."""
    return (mode is not Mode.DIALOGUE or kind not in NOT_IN_DIALOGUE) and (
        mode is Mode.ANONYMOUS or "comment" not in kind
    )


@pytest.mark.parametrize(
    ("mode", "kind"), [(mode, kind) for mode in Mode for kind in KINDS if can_be(mode, kind)]
)
def test_rounds_of_every_kind_are_drawn(mode: Mode, kind: str) -> None:
    find(rounds((mode,)), KINDS[kind], settings=FIRST)


# --- what is shown ---


@given(rounds())
def test_the_auditor_refuses_nothing_that_is_published(round_: Round) -> None:
    audit(release_document(publish(round_)), numbers_of(round_), round_.terms.catalogue)


@given(rounds())
def test_nobody_is_displayed_as_the_only_one_who_disagrees(round_: Round) -> None:
    for table in shown_of(publish(round_)).values():
        assert table.disagree != 1
        assert table.scale is None or table.scale[3] != 1


@given(rounds(PROMISED))
def test_at_least_k_st_lakare_and_handledare_stand_behind_every_table(round_: Round) -> None:
    answered = answered_in(round_)
    for id, cell in shown_of(publish(round_)):
        assert sum(answered[id][role] for role in ROLES[cell] & {ST, HL}) >= round_.terms.k


@given(rounds())
def test_no_two_tables_of_a_question_hold_the_same_person(round_: Round) -> None:
    for tables in publish(round_).results.values():
        assert set(tables) in ({"alla"}, {"st"}, {"utbildare"}, {"st", "utbildare"})


@given(rounds())
def test_the_bands_of_a_table_are_the_answers_of_all_who_were_asked(round_: Round) -> None:
    for (id, cell), table in shown_of(publish(round_)).items():
        found = rated(round_, id, ROLES[cell])
        lone = found[Answer.NOT_AT_ALL] == 1
        assert table.agree == found[Answer.FULLY] + found[Answer.LARGELY]
        assert table.partly == found[Answer.PARTLY] + lone
        assert table.disagree == found[Answer.NOT_AT_ALL] - lone
        assert (table.unknown, table.not_applicable) == (found[Answer.VET_EJ], found[Answer.EJ_AKTUELLT])


@given(rounds(PROMISED))
def test_a_scale_is_shown_exactly_where_ten_rated_besides_every_boss_who_was_asked(round_: Round) -> None:
    for (id, cell), table in shown_of(publish(round_)).items():
        bosses = rated(round_, id, ROLES[cell] & {SR, VC}).total()
        assert (table.scale is not None) == (table.agree + table.partly + table.disagree - bosses >= 10)


@given(rounds(PROMISED))
def test_a_scale_is_never_shown_where_fewer_than_ten_st_lakare_and_handledare_rated(round_: Round) -> None:
    for (id, cell), table in shown_of(publish(round_)).items():
        who_count = rated(round_, id, ROLES[cell] & {ST, HL})
        scaled = sum(who_count[answer] for answer in CONCERNED if answer is not Answer.VET_EJ)
        assert table.scale is None or scaled >= 10


@given(rounds((Mode.DIALOGUE,)))
def test_a_dialogue_has_one_cell_at_most_and_no_scale_and_no_comment(round_: Round) -> None:
    release = publish(round_)
    assert [cell.id for cell in release.cells] in ([], ["alla"])
    assert all(table.scale is None for table in shown_of(release).values())
    assert not release.comments


@given(rounds(PROMISED, most=FEW))
def test_where_too_few_answered_nothing_but_facts_is_released(round_: Round) -> None:
    release = publish(round_)
    assert release.cells == ()
    assert (release.results, release.comments) == ({}, {})
    assert release.facts == round_.facts


@given(rounds((Mode.ANONYMOUS,)))
def test_a_comment_field_is_shown_where_k_who_count_were_shown_it(round_: Round) -> None:
    release, catalogue, areas = publish(round_), round_.terms.catalogue, round_.terms.areas
    for field in release.comments:
        saw = [role for role in (ST, HL) if field in catalogue.comment_fields(role, areas)]
        assert sum(ballots_of(round_)[role] for role in saw) >= round_.terms.k


# --- what is shown does not depend on what was answered ---


@given(rounds(), SEEDS)
def test_the_order_of_ballots_is_irrelevant(round_: Round, seed: int) -> None:
    other = dataclasses.replace(round_, ballots=shuffled(round_.ballots, seed))
    assert body(publish(other)) == body(publish(round_))


@given(rounds(), st.lists(st.sampled_from(CONCERNED), min_size=1, max_size=40))
def test_answers_changed_at_will_leave_every_table_shown_or_withheld_as_it_was(
    round_: Round, drawn: list[Answer]
) -> None:
    """All but "ej aktuellt", which counts as not having answered and stays where it is."""
    answers = iter(drawn * 1000)
    other = changed(round_, lambda _, __, was: was if was is Answer.EJ_AKTUELLT else next(answers))
    assert pattern(publish(other)) == pattern(publish(round_))
    assert publish(other).cells == publish(round_).cells


@given(rounds(), st.lists(st.sampled_from(CONCERNED), min_size=1, max_size=40))
def test_answers_in_withheld_tables_changed_at_will_leave_the_release_as_it_was(
    round_: Round, drawn: list[Answer]
) -> None:
    release, answers = publish(round_), iter(drawn * 1000)
    hidden = {id for id, tables in release.results.items() if all(t is WITHHELD for t in tables.values())}
    assume(hidden)
    other = changed(
        round_,
        lambda _, id, was: next(answers) if id in hidden and was is not Answer.EJ_AKTUELLT else was,
    )
    assert body(publish(other)) == body(release)


@given(rounds(PROMISED, most=FEW), st.lists(st.sampled_from(list(Answer)), min_size=1, max_size=40))
def test_answers_where_nothing_is_released_leave_the_release_as_it_was(
    round_: Round, drawn: list[Answer]
) -> None:
    release, answers = publish(round_), iter(drawn * 1000)
    assert body(publish(changed(round_, lambda *_: next(answers)))) == body(release)


@given(rounds(most={ST: 8, HL: 9, SR: 1, VC: 1}))
def test_what_lies_within_a_band_without_a_scale_leaves_the_release_as_it_was(round_: Round) -> None:
    """Who agrees wholly and who largely is told by a scale alone."""
    release = publish(round_)
    scaled = {id for (id, _), table in shown_of(release).items() if table.scale}
    turned = {Answer.FULLY: Answer.LARGELY, Answer.LARGELY: Answer.FULLY}
    other = changed(round_, lambda _, id, was: was if id in scaled else turned.get(was, was))
    assert body(publish(other)) == body(release)


@given(rounds())
def test_a_lone_disagree_and_a_partly_in_its_place_give_the_same_release(round_: Round) -> None:
    release = publish(round_)
    lone = {
        (id, cell) for id, cell in shown_of(release) if rated(round_, id, ROLES[cell])[Answer.NOT_AT_ALL] == 1
    }
    other = changed(
        round_,
        lambda one, id, was: (
            Answer.PARTLY
            if was is Answer.NOT_AT_ALL
            and any((id, cell) in lone and one.role in ROLES[cell] for cell in ROLES)
            else was
        ),
    )
    assert body(publish(other)) == body(release)


@given(rounds((Mode.ANONYMOUS,)), st.data())
def test_a_comment_in_a_field_that_is_not_shown_leaves_the_release_as_it_was(
    round_: Round, data: st.DataObject
) -> None:
    release, terms = publish(round_), round_.terms
    shown_to: Counter[str] = Counter()
    for one in round_.ballots:
        if one.role in (ST, HL):
            shown_to.update(terms.catalogue.comment_fields(one.role, terms.areas))
    other = tuple(
        dataclasses.replace(
            one,
            comments={
                field: text if shown_to[field] >= terms.k else data.draw(st.sampled_from(TEXTS))
                for field, text in one.comments.items()
            },
        )
        for one in round_.ballots
    )
    assert body(publish(dataclasses.replace(round_, ballots=other))) == body(release)


@given(rounds(PROMISED), rounds(PROMISED))
def test_bosses_added_or_removed_never_change_which_tables_are_shown(round_: Round, lent: Round) -> None:
    """All bosses' ballots are taken out, and those of another round put in."""
    catalogue, areas = round_.terms.catalogue, round_.terms.areas
    without = tuple(one for one in round_.ballots if one.role in (ST, HL))
    asked = {
        role: {question.id for question in catalogue.questionnaires[role].within(areas)} for role in Role
    }
    bosses = tuple(
        dataclasses.replace(one, answers={id: one.answers[id] for id in asked[one.role]}, comments={})
        for one in lent.ballots
        if one.role in (SR, VC) and asked[one.role] and asked[one.role] <= set(one.answers)
    )
    shown = pattern(publish(round_))
    assert pattern(publish(dataclasses.replace(round_, ballots=without))) == shown
    assert pattern(publish(dataclasses.replace(round_, ballots=without + bosses))) == shown


# --- the release as a document ---


@settings(max_examples=60)
@given(rounds(catalogue=EDITION, most={ST: 6, HL: 11, SR: 1, VC: 1}))
def test_a_release_written_and_read_is_the_same_release(round_: Round) -> None:
    release = publish(round_)
    text = json.dumps(release_document(release), ensure_ascii=False)
    assert read_release(parse(text)) == release
    assert read_release(parse(text.encode())) == release


@settings(max_examples=60)
@given(rounds(catalogue=EDITION, most={ST: 6, HL: 6, SR: 1, VC: 1}))
def test_a_round_written_as_ballots_and_read_is_published_alike(round_: Round) -> None:
    assert publish(read_round(parse(json.dumps(ballots_document(round_))))) == publish(round_)


@settings(max_examples=60)
@given(rounds(catalogue=EDITION, most={ST: 7, HL: 12, SR: 2, VC: 2}))
def test_the_auditor_refuses_nothing_that_is_published_of_the_edition_2026(round_: Round) -> None:
    audit(release_document(publish(round_)), numbers_of(round_), EDITION)


@given(rounds())
def test_the_digest_is_of_sorted_json_in_utf_8_without_spaces_and_without_comments(round_: Round) -> None:
    release = publish(round_)
    document = release_document(release)
    del document["comments"], document["redacted"]
    text = json.dumps(document, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    assert frozen(release) == text
    assert digest(release) == hashlib.sha256(text.encode("utf-8")).hexdigest()


@given(rounds(), st.lists(st.sampled_from(TEXTS)), st.integers(0, 5))
def test_the_digest_covers_neither_comments_nor_how_many_were_redacted(
    round_: Round, texts: list[str], redacted: int
) -> None:
    release = publish(round_)
    other = dataclasses.replace(release, comments={"best": tuple(texts)}, redacted=redacted)
    assert digest(other) == digest(release)


@given(rounds())
def test_the_digest_covers_every_table(round_: Round) -> None:
    release = publish(round_)
    for id, cell in tables_of(release):
        shown = release.results[id][cell] is not WITHHELD
        other = WITHHELD if shown else next(iter(shown_of(release).values()), None)
        if other is not None:
            results = {**release.results, id: {**release.results[id], cell: other}}
            assert digest(dataclasses.replace(release, results=results)) != digest(release)


def ballots_document(round_: Round) -> Mapping[str, object]:
    """Give a round in the form of ballots.json."""
    terms = round_.terms
    return {
        "catalogue": terms.catalogue.id,
        "rules": terms.rules.id,
        "k": terms.k,
        "mode": terms.mode,
        "comments": terms.comments,
        "closes_on": round_.closed_on.isoformat(),
        "areas": terms.areas,
        "facts": round_.facts,
        "ballots": [
            {
                "role": one.role,
                "answers": {id: answer.value for id, answer in one.answers.items()},
                "comments": dict(one.comments),
            }
            for one in round_.ballots
        ],
    }
