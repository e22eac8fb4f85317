"""Before and after an extra internal review, what it opens, and the breaches that are closed by it."""

import json

import pytest
from sqlalchemy import select
from world import TODAY, World, people

from questionnaires.model import Fact, Role
from scoring.rounds import Mode
from scoring.verdict import Status
from stins.reports.before_after import Change
from stins.services import report, workbooks
from stins.services.followup import acting, comparing, reading
from stins.services.followup.values import (
    Act,
    AlreadyFollowed,
    NoEvidence,
    NotMet,
    NotOpen,
    NotPreliminary,
    State,
)
from stins.services.refusals import NotFound, Refused
from stins.store.tables import FollowUp, Release
from tests.services.following import add, add_loose, decide, deficient, inspected, of, take_up, talked, told
from tests.services.reviewing import (
    CIRCLE,
    FACTS,
    close_as_met,
    compared,
    keep,
    reviewed,
    with_evidence,
)

NOT_APPLICABLE = "ej_aktuellt"


@pytest.fixture
def database(sqlite_database: str) -> str:
    """What is compared and printed does not see which database there is."""
    return sqlite_database


def first(world: World, id: str) -> str:
    """Give the inspection of a follow-up."""
    with world.store.reading() as session:
        return session.get_one(FollowUp, id).inspection_id


def standing(world: World, id: str, who: str = "studierektor") -> comparing.Outlook:
    with world.store.reading() as session:
        case = reading.case(session, world.people[who], id)[0]
        return comparing.outlook(session, case, "sv")


def followed(world: World) -> list[tuple[str, str, State]]:
    """Give every follow-up's inspection, criterion and state."""
    with world.store.reading() as session:
        rows = session.scalars(select(FollowUp).order_by(FollowUp.opened_on, FollowUp.criterion))
        return [(row.inspection_id, row.criterion, State(row.state)) for row in rows]


# --- Before and after -------------------------------------------------------------------------------


def test_every_number_is_the_releases(world: World):
    id = inspected(world)
    kept = reviewed(world, id, {"B7": 1})
    (found,) = compared(world, id)
    assert (found.before.id, found.after.id) == (id, kept)
    assert [(row.id, row.before.status, row.status) for row in found.breaches] == [
        ("B3", Status.NOT_MET, Status.MET),
        ("B7", Status.NOT_MET, Status.NOT_MET),
        ("E13", Status.NOT_MET, None),
    ]
    with world.store.reading() as session:
        bodies = {name: json.loads(session.get_one(Release, name).body)["results"] for name in (id, kept)}
    for row in found.breaches[:2]:
        for name, side in ((id, row.before), (kept, row.after)):
            assert {table.cell: table.bands.agree for table in side.tables} == {
                cell: table["agree"] for cell, table in bodies[name][row.id].items()
            }


@pytest.mark.parametrize(
    ("answers", "change"), [({}, Change.BETTER), ({"B3": 0}, Change.SAME)], ids=["better", "same"]
)
def test_an_arrow_stands_where_both_have_the_same_tables(world: World, answers, change: Change):
    id = inspected(world, {"B3": 0})
    reviewed(world, id, answers)
    assert [row.change for row in compared(world, id)[0].breaches] == [change]


def test_an_arrow_may_point_down(world: World):
    id = inspected(world, {"B3": 0})
    kept = reviewed(world, id)
    with world.store.reading() as session:
        before, after = report.result_of(session, id), report.result_of(session, kept)
        rows = [{r.id: r for a in each.rows("sv").areas for r in a.criteria} for each in (after, before)]
    from stins.reports.before_after import compare

    assert compare(rows[0]["B3"], rows[1]["B3"]).change is Change.WORSE


def test_no_arrow_stands_where_the_tables_are_not_the_same(world: World):
    id = inspected(world, {"D1": 0})
    world.clock.forward(days=CIRCLE)
    kept = keep(world, id, ("D",), eligible=people(4, 4, 1, 1)).id
    world.all_hand_in(world.open_planned(kept, "ovs"))
    world.close(kept, "ovs")
    (row,) = compared(world, id)[0].breaches
    assert [table.cell for table in row.before.tables] == ["st", "utbildare"]
    assert [table.cell for table in row.after.tables] == ["alla"]
    assert (row.status, row.change) == (Status.MET, None)


def test_no_arrow_stands_where_a_table_is_withheld_in_one_of_them(world: World):
    id = inspected(world, {"B3": 0})
    world.clock.forward(days=CIRCLE)
    kept = keep(world, id).id
    for role, codes in world.open_planned(kept, "ovs").items():
        for code in codes:
            none = {"B3": NOT_APPLICABLE} if role is not Role.STUDIEREKTOR else {}
            world.hand_in(code, none)
    world.close(kept, "ovs")
    (row,) = compared(world, id)[0].breaches
    assert (row.status, row.change) == (None, None)


def test_a_stated_fact_is_compared_by_its_status(world: World):
    id = inspected(world, {"D7": 1}, facts={id: Fact(fact) for id, fact in (FACTS | {"A4": "nej"}).items()})
    reviewed(world, id, areas=("A",))
    (row,) = compared(world, id)[0].breaches
    assert (row.id, row.change) == ("A4", Change.BETTER)


def test_reviews_stand_the_latest_first(world: World):
    id = inspected(world, {"B3": 0})
    earlier = reviewed(world, id, {"B3": 0})
    later = reviewed(world, id)
    assert [each.after.id for each in compared(world, id)] == [later, earlier]
    assert [each.after.id for each, _ in standing(world, of(world, "B3").id).rounds] == [later, earlier]


def test_what_nobody_has_reviewed_has_nothing_to_compare(world: World):
    id = inspected(world)
    keep(world, id)
    assert compared(world, id) == ()
    with world.store.reading() as session:
        assert comparing.with_the_first(session, report.result_of(session, id), "sv") is None
    (deficiency,) = deficient(world, True)
    assert standing(world, of(world, "").id) == comparing.Outlook((), None)
    assert deficiency


def test_a_review_knows_the_first_beside_it(world: World):
    id = inspected(world, {"B3": 0})
    kept = reviewed(world, id)
    with world.store.reading() as session:
        found = comparing.with_the_first(session, report.result_of(session, kept), "sv")
    assert found == compared(world, id)[0]


def test_one_that_is_planned_or_open_is_known(world: World):
    id = inspected(world)
    world.clock.forward(days=CIRCLE)

    def known():
        with world.store.reading() as session:
            return comparing.under_way(session, id)

    assert known() is None
    draft = keep(world, id).id
    assert known() == draft
    opened = keep(world, id).id
    world.open_planned(opened, "ovs")
    assert known() == opened


# --- What a review opens -----------------------------------------------------------------------------


def test_what_is_not_met_again_goes_on_being_followed_up_where_it_was(world: World):
    id = inspected(world, {"B3": 0})
    reviewed(world, id, {"B3": 0})
    assert followed(world) == [(id, "B3", State.OPEN)]


def test_a_new_breach_opens_one_of_its_own(world: World):
    id = inspected(world, {"B3": 0})
    kept = reviewed(world, id, {"B3": 0, "B7": 0})
    assert followed(world) == [(id, "B3", State.OPEN), (kept, "B7", State.OPEN)]
    assert of(world, "B7").opened_on == world.clock.today()


def test_what_was_ended_and_is_not_met_again_opens_one(world: World):
    id = with_evidence(world)
    inspection = first(world, id)
    world.clock.forward(days=CIRCLE)
    kept = keep(world, inspection).id
    decide(world, "closed", id)
    world.all_hand_in(world.open_planned(kept, "ovs"), answers={"B3": 0})
    world.close(kept, "ovs")
    assert followed(world) == [(inspection, "B3", State.CLOSED), (kept, "B3", State.OPEN)]


def test_a_later_review_of_the_same_opens_no_second_of_what_an_earlier_found(world: World):
    id = inspected(world, {"B3": 0})
    earlier = reviewed(world, id, {"B3": 0, "B7": 0})
    reviewed(world, id, {"B3": 0, "B7": 0})
    assert followed(world) == [(id, "B3", State.OPEN), (earlier, "B7", State.OPEN)]


def test_a_review_of_a_review_knows_what_the_first_found(world: World):
    id = inspected(world, {"B3": 0})
    second = reviewed(world, id, {"B3": 0, "B7": 0})
    reviewed(world, second, {"B3": 0, "B7": 0})
    assert followed(world) == [(id, "B3", State.OPEN), (second, "B7", State.OPEN)]


def test_an_ordinary_inspection_opens_its_own(world: World):
    id = inspected(world, {"B3": 0})
    world.clock.forward(days=CIRCLE)
    other = inspected(world, {"B3": 0})
    assert followed(world) == [(id, "B3", State.OPEN), (other, "B3", State.OPEN)]


def test_what_is_found_met_closes_nothing_by_itself(world: World):
    id = with_evidence(world)
    reviewed(world, first(world, id))
    assert of(world, "B3").state is State.OPEN


def test_its_result_leads_to_what_is_followed_up_already(world: World):
    id = with_evidence(world)
    inspection = first(world, id)
    kept = reviewed(world, inspection, {"B3": 0, "D7": 1}, areas=("B", "D"))
    with world.store.reading() as session:
        assert reading.of_inspection(session, kept)["B3"].id == id
        assert acting.finding(session, world.people["studierektor"], kept, "B3").follow_up == id
        assert workbooks.export_stored(session, kept, "sv")
    with pytest.raises(AlreadyFollowed):
        add_loose(world, kept, "B3")
    add_loose(world, kept, "D7")


def test_the_export_of_a_review_holds_no_action_of_what_it_did_not_ask(world: World):
    id = with_evidence(world)
    kept = reviewed(world, first(world, id), areas=("D",), facts={})
    with world.store.reading() as session:
        assert reading.of_inspection(session, kept)["B3"].id == id
        assert workbooks.export_stored(session, kept, "sv")


# --- Closing -----------------------------------------------------------------------------------------


@pytest.mark.parametrize("who", ["studierektor", "verksamhetschef", "ovs"])
def test_what_is_found_met_is_closed_without_a_reason_when_there_is_evidence(world: World, who: str):
    id = with_evidence(world)
    kept = reviewed(world, first(world, id))
    assert standing(world, id).met_on == world.clock.today()
    world.clock.forward(days=3)
    close_as_met(world, id, who)
    case = of(world, "B3")
    assert (case.state, case.ended_on, case.met_in) == (State.CLOSED, world.clock.today(), kept)
    event = told(world, id)[0]
    assert (event.act, event.who, event.reason, event.wrote) == (Act.MET, f"Prov {who}", "", None)
    assert (event.met_on - TODAY).days == CIRCLE


@pytest.mark.parametrize("who", ["ovs_away", "other", "region", "admin", "far"])
def test_nobody_else_closes_it(world: World, who: str):
    id = with_evidence(world)
    reviewed(world, first(world, id))
    with pytest.raises(NotFound):
        close_as_met(world, id, who)


def refused(world: World, id: str, refusal: type[Refused]) -> None:
    before = told(world, id)
    with pytest.raises(refusal):
        close_as_met(world, id)
    assert told(world, id) == before


def test_without_evidence_it_is_not_closed(world: World):
    id = inspected(world, {"B3": 0})
    reviewed(world, id)
    refused(world, of(world, "B3").id, NoEvidence)


@pytest.mark.parametrize("found", ["partly", "not met", "not asked", "nothing shown", "not closed", "none"])
def test_what_is_not_found_met_is_closed_by_decision_alone(world: World, found: str):
    id = with_evidence(world)
    inspection = first(world, id)
    match found:
        case "partly":
            reviewed(world, inspection, {"B3": 2})
            reviewed(world, inspection, {"B3": 1})
        case "not met":
            reviewed(world, inspection, {"B3": 0})
        case "not asked":
            reviewed(world, inspection, areas=("D",), facts={})
        case "nothing shown":
            world.clock.forward(days=CIRCLE)
            kept = keep(world, inspection).id
            world.open_planned(kept, "ovs")
            world.close(kept, "ovs")
            assert standing(world, id).status is None
        case "not closed":
            world.clock.forward(days=CIRCLE)
            world.open_planned(keep(world, inspection).id, "ovs")
    assert standing(world, id).met_on is None
    refused(world, id, NotMet)
    decide(world, "closed", id)
    assert (of(world, "B3").state, of(world, "B3").met_in) == (State.CLOSED, "")


def test_the_latest_review_decides(world: World):
    id = with_evidence(world)
    reviewed(world, first(world, id))
    reviewed(world, first(world, id), {"B3": 0})
    refused(world, id, NotMet)


def test_a_later_review_that_did_not_ask_changes_nothing(world: World):
    id = with_evidence(world)
    kept = reviewed(world, first(world, id))
    reviewed(world, first(world, id), areas=("D",), facts={})
    close_as_met(world, id)
    assert of(world, "B3").met_in == kept


def test_an_ordinary_inspection_closes_nothing(world: World):
    id = with_evidence(world)
    world.clock.forward(days=CIRCLE)
    inspected(world, {"D7": 1})
    refused(world, id, NotMet)


def test_what_is_ended_is_not_closed_again(world: World):
    id = with_evidence(world)
    reviewed(world, first(world, id))
    close_as_met(world, id)
    refused(world, id, NotOpen)


def test_what_is_opened_again_needs_a_later_review(world: World):
    id = with_evidence(world)
    reviewed(world, first(world, id))
    close_as_met(world, id)
    world.clock.forward(days=10)
    decide(world, "reopened", id)
    assert of(world, "B3").met_in == ""
    assert (standing(world, id).status, standing(world, id).met_on) == (Status.MET, None)
    refused(world, id, NotMet)
    later = reviewed(world, first(world, id))
    close_as_met(world, id)
    assert of(world, "B3").met_in == later


def test_a_preliminary_one_is_closed_the_same_way(world: World):
    id = with_evidence(world, "E13")
    assert of(world, "E13").preliminary
    reviewed(world, first(world, id), areas=("E",), facts={})
    close_as_met(world, id)
    assert of(world, "E13").state is State.CLOSED


def test_a_deficiency_is_closed_by_decision_alone(world: World):
    deficient(world, True)
    id = of(world, "").id
    add(world, id, status="done", evidence="Kursintyg")
    refused(world, id, NotMet)


def test_a_dialogues_finding_is_closed_by_decision_alone(world: World):
    kept = take_up(world, talked(world), "B3")
    assert of(world, "B3").mode is Mode.DIALOGUE
    refused(world, kept, NotMet)


def test_dismissing_is_as_before(world: World):
    id = with_evidence(world)
    with pytest.raises(NotPreliminary):
        decide(world, "dismissed", id)
