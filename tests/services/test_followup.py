"""A breach is mended by those it concerns and decided on from above, with evidence; all of it is kept."""

from datetime import date, timedelta

import pytest
from sqlalchemy import select
from world import TODAY, World, people

from stins.services.followup import acting, reading
from stins.services.followup.acting import Finding
from stins.services.followup.values import (
    TEXT_MOST,
    WHO_MOST,
    Act,
    AlreadyFollowed,
    NoEvidence,
    NoFinding,
    NotEnded,
    NotOpen,
    NotPreliminary,
    Progress,
    ReasonMissing,
    State,
    TooLong,
    WhatMissing,
)
from stins.services.refusals import NotFound, Refused
from stins.services.rights import Office
from stins.store.tables import FollowUpEvent
from tests.services.evidence import acts
from tests.services.following import (
    add,
    add_loose,
    change,
    decide,
    everyone,
    inspected,
    mended,
    of,
    take_up,
    talked,
    told,
    wanted,
)

# --- Who may do what ----------------------------------------------------------------------------------

SEES = {"studierektor", "verksamhetschef", "ovs"}
ACTS = {"studierektor", "verksamhetschef"}
EVERYBODY = ("admin", "region", "ovs", "ovs_away", "studierektor", "verksamhetschef", "other", "group", "far")


def may(act) -> bool:
    try:
        act()
    except NotFound:
        return False
    return True


@pytest.mark.parametrize("who", EVERYBODY)
def test_who_sees_a_follow_up(world: World, who: str):
    inspected(world)
    id = of(world, "B3").id
    assert may(lambda: told(world, id, who)) is (who in SEES)
    assert bool(everyone(world, who)) is (who in SEES)


@pytest.mark.parametrize("who", EVERYBODY)
def test_who_writes_what_is_done(world: World, who: str):
    inspection = inspected(world)
    id = of(world, "B3").id
    action, other = add(world, id), add_loose(world, inspection, "D7")
    for act in (
        lambda: add(world, id, who),
        lambda: change(world, action, who),
        lambda: change(world, other, who),
        lambda: add_loose(world, inspection, "D7", who),
    ):
        assert may(act) is (who in ACTS)


@pytest.mark.parametrize("who", EVERYBODY)
def test_who_takes_up_a_finding(world: World, who: str):
    id = talked(world)
    assert may(lambda: take_up(world, id, "B3", who)) is (who in ACTS)


@pytest.mark.parametrize("who", EVERYBODY)
def test_who_decides(world: World, who: str):
    inspected(world)
    id, provisional = mended(world), of(world, "E13").id
    assert may(lambda: decide(world, "dismissed", provisional, who=who)) is (who == "ovs")
    assert may(lambda: decide(world, "closed", id, who=who)) is (who == "ovs")
    if of(world, "B3").is_open:
        decide(world, "closed", id)
    assert may(lambda: decide(world, "reopened", id, who=who)) is (who == "ovs")


def test_nobody_decides_about_the_own_unit(world: World):
    from stins.services import staff

    inspected(world)
    id = mended(world)
    with world.store.writing() as session:
        staff.assign(session, world.people["ovs"].id, world.places["unit"].id, Office.VERKSAMHETSCHEF)
        world.people["ovs"] = staff.person(session, world.people["ovs"].id)
    with pytest.raises(NotFound):
        decide(world, "closed", id)


def test_the_members_of_a_group_see_its_follow_ups_and_change_nothing(world: World):
    id, codes = world.open("group", "group", eligible=people(6, 6))
    world.all_hand_in(codes, answers={"B3": 0})
    world.close(id, "group")
    case = of(world, "B3", "member")
    with pytest.raises(NotFound):
        add(world, case.id, "member")


@pytest.mark.parametrize("act", ["closed", "dismissed", "reopened", "read", "add", "change"])
def test_what_there_is_not_is_not_found(world: World, act: str):
    how = {
        "read": lambda: told(world, "0" * 32),
        "add": lambda: add(world, "0" * 32),
        "change": lambda: change(world, "0" * 32),
    }
    with pytest.raises(NotFound):
        how.get(act, lambda: decide(world, act, "0" * 32))()


# --- Actions ------------------------------------------------------------------------------------------


def test_an_action_is_kept_as_it_was_written(world: World):
    inspected(world)
    due = TODAY + timedelta(days=30)
    values = {"who": "studierektorn", "due_on": due, "status": Progress.UNDER_WAY, "evidence": "Utkast finns"}
    id = add(world, of(world, "B3").id, **values)
    (step,) = of(world, "B3").actions
    assert (step.id, step.what) == (id, "Skriv en rutin")
    assert {name: getattr(step, name) for name in values} == values


def test_what_no_database_keeps_is_left_out_of_a_text(world: World):
    inspected(world)
    add(world, of(world, "B3").id, what="  Skriv\0 en\trutin\ufffe\r\noch sprid den ")
    assert of(world, "B3").actions[0].what == "Skriv en rutin\noch sprid den"


@pytest.mark.parametrize(
    ("changes", "refusal", "field"),
    [
        ({"what": " \r\n"}, WhatMissing, "what"),
        ({"what": "å" * (TEXT_MOST + 1)}, TooLong, "what"),
        ({"who": "å" * (WHO_MOST + 1)}, TooLong, "who"),
        ({"evidence": "å" * (TEXT_MOST + 1)}, TooLong, "evidence"),
    ],
)
def test_an_action_that_cannot_be_kept_is_refused_by_its_input(world: World, changes, refusal, field: str):
    inspection = inspected(world)
    id = of(world, "B3").id
    action = add(world, id)
    for act in (
        lambda: add(world, id, **changes),
        lambda: change(world, action, **changes),
        lambda: add_loose(world, inspection, "D7", **changes),
    ):
        with pytest.raises(refusal) as caught:
            act()
        assert caught.value.field == field
    assert [step.what for step in of(world, "B3").actions] == ["Skriv en rutin"]


def test_the_longest_texts_are_kept(world: World):
    inspected(world)
    add(world, of(world, "B3").id, what="å" * TEXT_MOST, who="å" * WHO_MOST, evidence="å" * TEXT_MOST)
    (step,) = of(world, "B3").actions
    assert (len(step.what), len(step.who), len(step.evidence)) == (TEXT_MOST, WHO_MOST, TEXT_MOST)


def test_actions_stand_by_the_day_they_are_due_those_without_last(world: World):
    inspected(world)
    id = of(world, "B3").id
    add(world, id, what="sedan", due_on=TODAY + timedelta(days=2))
    add(world, id, what="någon gång")
    add(world, id, what="först", due_on=TODAY)
    assert [step.what for step in of(world, "B3").actions] == ["först", "sedan", "någon gång"]


def test_what_is_done_and_verified_is_counted(world: World):
    inspected(world)
    id = of(world, "B3").id
    for status in Progress:
        add(world, id, status=status)
    assert (of(world, "B3").done, len(of(world, "B3").actions)) == (2, 4)


def test_an_action_is_late_when_its_day_has_passed_and_it_is_not_done(world: World):
    inspected(world)
    id = of(world, "B3").id
    add(world, id, what="a", due_on=TODAY)
    add(world, id, what="b", due_on=TODAY, status=Progress.DONE)
    add(world, id, what="c")
    assert [step.is_late(TODAY) for step in of(world, "B3").actions] == [False] * 3
    assert [step.is_late(TODAY + timedelta(days=1)) for step in of(world, "B3").actions] == [
        True,
        False,
        False,
    ]


def test_a_loose_action_stands_by_its_criterion_for_those_who_read_the_result(world: World):
    id = inspected(world)
    add_loose(world, id, "D7")
    for who in sorted(SEES):
        with world.store.reading() as session:
            (found,) = reading.loose_page(session, world.people[who], number=1).items
        assert (found.inspection, found.criterion, len(found.actions)) == (id, "D7", 1)
    with world.store.reading() as session:
        assert reading.loose_page(session, world.people["other"], number=1).items == ()


@pytest.mark.parametrize(
    ("criterion", "refusal"), [("B3", AlreadyFollowed), ("B1", NoFinding), ("X9", NoFinding)]
)
def test_where_no_loose_action_belongs(world: World, criterion: str, refusal: type[Refused]):
    id = inspected(world)
    with pytest.raises(refusal):
        add_loose(world, id, criterion)


def test_a_finding_tells_what_is_done_about_it(world: World):
    id = inspected(world)
    add_loose(world, id, "D7")

    def read(criterion: str) -> Finding:
        with world.store.reading() as session:
            return acting.finding(session, world.people["studierektor"], id, criterion)

    assert (read("D7").follow_up, len(read("D7").actions), read("D7").may_be_taken_up) == ("", 1, False)
    assert read("B3").follow_up == of(world, "B3").id
    with pytest.raises(NoFinding):
        read("B1")


def test_a_result_knows_what_is_done_about_each_criterion(world: World):
    id = inspected(world)
    add_loose(world, id, "D7")
    add(world, of(world, "B3").id)
    with world.store.reading() as session:
        found = reading.of_inspection(session, id)
    assert set(found) == {"B3", "B7", "E13", "D7"}
    assert {each: len(found[each].actions) for each in found} == {"B3": 1, "B7": 0, "E13": 0, "D7": 1}
    assert (found["D7"].id, found["D7"].state, found["D7"].due_on) == ("", None, None)
    assert (found["B3"].state, found["B3"].due_on) == (State.OPEN, date(2027, 5, 22))


# --- Decisions ----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "action",
    [
        None,
        {"status": Progress.PLANNED, "evidence": "finns"},
        {"status": Progress.UNDER_WAY, "evidence": "finns"},
        {"status": Progress.DONE, "evidence": ""},
        {"status": Progress.VERIFIED, "evidence": "  "},
    ],
)
def test_nothing_is_closed_without_evidence(world: World, action: dict | None):
    inspected(world)
    id = of(world, "B3").id
    if action:
        add(world, id, **action)
    with pytest.raises(NoEvidence):
        decide(world, "closed", id)
    assert of(world, "B3").is_open


@pytest.mark.parametrize("status", [Progress.DONE, Progress.VERIFIED])
def test_what_is_done_with_evidence_is_closed(world: World, status: Progress):
    inspected(world)
    id = of(world, "B3").id
    add(world, id, what="något annat")
    add(world, id, status=status, evidence="Rutin 12")
    world.clock.forward(days=100)
    decide(world, "closed", id)
    case = of(world, "B3")
    assert (case.state, case.ended_on) == (State.CLOSED, TODAY + timedelta(days=100))
    assert acts(world, id) == ["followup_closed"]


def test_evidence_of_another_breach_closes_nothing(world: World):
    inspected(world)
    mended(world, "B7")
    with pytest.raises(NoEvidence):
        decide(world, "closed", of(world, "B3").id)


def test_only_a_preliminary_one_is_dismissed(world: World):
    inspected(world)
    with pytest.raises(NotPreliminary):
        decide(world, "dismissed", of(world, "B3").id)
    decide(world, "dismissed", of(world, "E13").id)
    case = of(world, "E13")
    assert (case.state, case.ended_on) == (State.DISMISSED, TODAY)
    assert acts(world, case.id) == ["followup_dismissed"]


@pytest.mark.parametrize("act", ["closed", "dismissed"])
def test_what_is_opened_again_keeps_the_day_it_was_due(world: World, act: str):
    inspected(world)
    id = mended(world, "E13")
    decide(world, act, id)
    world.clock.forward(days=300)
    decide(world, "reopened", id)
    case = of(world, "E13")
    assert (case.state, case.ended_on, case.due_on) == (State.OPEN, None, date(2027, 5, 22))
    assert case.is_late(world.clock.today())
    assert sorted(acts(world, id)) == sorted([f"followup_{act}", "followup_reopened"])


@pytest.mark.parametrize("reason", ["", "  \r\n", "å" * (TEXT_MOST + 1)])
@pytest.mark.parametrize("act", ["closed", "dismissed", "reopened"])
def test_every_decision_has_a_reason_of_some_length(world: World, act: str, reason: str):
    inspected(world)
    id = mended(world, "E13")
    if act == "reopened":
        decide(world, "closed", id)
    before = of(world, "E13")
    with pytest.raises(ReasonMissing if not reason.strip() else TooLong) as caught:
        decide(world, act, id, reason)
    assert caught.value.field == "reason"
    assert of(world, "E13") == before


@pytest.mark.parametrize("act", ["closed", "dismissed"])
def test_what_has_ended_is_left_alone_until_it_is_opened_again(world: World, act: str):
    inspected(world)
    id = mended(world, "E13")
    action = of(world, "E13").actions[0].id
    decide(world, act, id)
    for forbidden in (
        lambda: add(world, id),
        lambda: change(world, action),
        lambda: decide(world, "closed", id),
        lambda: decide(world, "dismissed", id),
    ):
        with pytest.raises(NotOpen):
            forbidden()
    decide(world, "reopened", id)
    change(world, action, what="En ny rutin")
    assert of(world, "E13").actions[0].what == "En ny rutin"


def test_what_is_open_cannot_be_opened(world: World):
    inspected(world)
    with pytest.raises(NotEnded):
        decide(world, "reopened", of(world, "B3").id)


# --- History ------------------------------------------------------------------------------------------


def test_the_history_holds_everything_the_latest_first(world: World):
    inspected(world)
    id = of(world, "E13").id
    for step in (
        lambda: add(world, id, what="Gör", who="chefen", due_on=TODAY),
        lambda: change(
            world, of(world, "E13").actions[0].id, "verksamhetschef", status=Progress.DONE, evidence="Ja"
        ),
        lambda: decide(world, "closed", id, "Klart."),
        lambda: decide(world, "reopened", id, "Inte klart."),
        lambda: decide(world, "dismissed", id, "Gäller inte."),
    ):
        world.clock.forward(hours=1)
        step()
    events = told(world, id)
    assert [(event.act, event.who, event.reason) for event in reversed(events)] == [
        (Act.OPENED, "", ""),
        (Act.ACTION, "Prov studierektor", ""),
        (Act.CHANGED, "Prov verksamhetschef", ""),
        (Act.CLOSED, "Prov ovs", "Klart."),
        (Act.REOPENED, "Prov ovs", "Inte klart."),
        (Act.DISMISSED, "Prov ovs", "Gäller inte."),
    ]
    assert [event.at for event in events] == sorted((event.at for event in events), reverse=True)
    assert events[-2].wrote == wanted("Gör", who="chefen", due_on=TODAY)
    assert events[-3].wrote == wanted(status=Progress.DONE, evidence="Ja")


def test_what_the_history_holds_is_never_changed(world: World):
    inspected(world)
    id = mended(world, "E13")
    kept: dict[str, tuple] = {}
    for step in (
        lambda: change(world, of(world, "E13").actions[0].id, status=Progress.VERIFIED, evidence="Ny"),
        lambda: decide(world, "closed", id),
        lambda: decide(world, "reopened", id),
        lambda: decide(world, "dismissed", id),
    ):
        step()
        with world.store.reading() as session:
            rows = session.scalars(select(FollowUpEvent).where(FollowUpEvent.follow_up_id == id))
            now = {row.id: (row.at, row.account_id, row.act, row.detail) for row in rows}
        assert now.items() > kept.items()
        kept = now


def test_a_change_that_changes_nothing_is_not_told(world: World):
    inspected(world)
    id = of(world, "B3").id
    action = add(world, id)
    change(world, action)
    assert [event.act for event in told(world, id)].count(Act.CHANGED) == 0


def test_who_began_by_hand_stands_in_the_history(world: World):
    kept = take_up(world, talked(world), "B3")
    assert [(event.act, event.who) for event in told(world, kept)] == [(Act.OPENED, "Prov studierektor")]
