"""What is followed up by itself, what the unit takes up, and where both are told."""

import json
from datetime import date

import pytest
from sqlalchemy import func, inspect, select
from world import TODAY, World, people

from questionnaires.model import Fact
from questionnaires.read import catalogue
from scoring.rounds import Mode
from stins.services import oversight, report, void
from stins.services.followup import opening, reading
from stins.services.followup.values import (
    Act,
    AlreadyFollowed,
    NoFinding,
    StartsByItself,
    State,
)
from stins.services.oversight import Matter
from stins.services.refusals import Refused
from stins.store.tables import Action, FollowUp, FollowUpEvent, Table
from tests.services.following import (
    add,
    add_loose,
    decide,
    deficient,
    everyone,
    inspected,
    mended,
    of,
    take_up,
    talked,
    told,
    typed_in,
)

MISSING = {"A2": "ja", "A3": "ja", "A4": "nej", "A8": "ja", "B9": "nej", "F6": "ja"}


# --- What is followed up ------------------------------------------------------------------------------


def test_each_breach_of_an_anonymous_inspection_is_followed_up(world: World):
    id = inspected(world)
    with world.store.reading() as session:
        breaches = report.result_of(session, id).verdict.breaches
    found = everyone(world, "studierektor")
    assert set(breaches) == {"B3", "B7", "E13"}
    assert {case.criterion for case in found} == set(breaches)
    assert {(case.inspection, case.mode, case.opened_on, case.state) for case in found} == {
        (id, Mode.ANONYMOUS, TODAY, State.OPEN)
    }
    assert {case.due_on for case in found} == {date(2027, 5, 22)}


@pytest.mark.parametrize(
    ("closed_on", "due_on"),
    [
        (date(2026, 8, 31), date(2027, 2, 28)),
        (date(2027, 8, 31), date(2028, 2, 29)),
        (date(2026, 10, 31), date(2027, 4, 30)),
        (date(2026, 11, 30), date(2027, 5, 30)),
        (date(2026, 12, 1), date(2027, 6, 1)),
    ],
)
def test_it_is_due_six_calendar_months_after_closing(closed_on: date, due_on: date):
    assert opening.mend_by(closed_on) == due_on


def test_what_closes_on_the_last_of_august_is_due_on_the_last_of_february(world: World):
    world.clock.forward(days=(date(2027, 8, 31) - TODAY).days)
    inspected(world)
    assert of(world, "B3").due_on == date(2028, 2, 29)


def test_a_provisional_breach_is_followed_up_as_preliminary(world: World):
    inspected(world)
    assert {case.criterion: case.preliminary for case in everyone(world, "studierektor")} == {
        "B3": False,
        "B7": False,
        "E13": True,
    }


def test_what_is_wrong_is_told_with_its_level_and_the_inspections_numbers(world: World):
    inspected(world)
    case, cat = of(world, "B3"), catalogue("2026")
    assert case.text == {lang: cat.criteria["B3"].statement.render(lang, {}) for lang in ("sv", "en")}
    assert (case.area, case.level, case.review) == ("B", cat.criteria["B3"].level, "")


def test_an_inspection_without_breaches_opens_nothing(world: World):
    inspected(world, {"D7": 1})
    assert everyone(world, "studierektor") == ()


@pytest.mark.parametrize("act", ["closing again", "closing by the timer", "closing another day"])
def test_closing_again_opens_nothing_twice(world: World, act: str):
    id = inspected(world)
    before = everyone(world, "studierektor")
    if act == "closing another day":
        world.clock.forward(days=1)
    world.close(id, None if act == "closing by the timer" else "studierektor")
    assert everyone(world, "studierektor") == before


def test_a_dialogue_opens_none(world: World):
    inspected(world, {"B3": 0}, mode=Mode.DIALOGUE, eligible=people(1, 2, 0, 1))
    assert everyone(world, "studierektor") == ()


def test_typed_answers_open_none(world: World):
    id = typed_in(world)
    with world.store.reading() as session:
        assert report.result_of(session, id).verdict.breaches
    assert everyone(world, "studierektor") == ()


def test_a_void_inspection_opens_none(world: World):
    id, codes = world.open()
    world.all_hand_in(codes, answers={"B3": 0})
    for who in ("studierektor", "admin"):
        with world.store.writing() as session:
            void.ask(session, world.box, world.people[who], id, "fel enhet", world.clock.now())
    assert everyone(world, "studierektor") == ()


def test_what_a_review_left_unmended_is_followed_up_where_no_deficiency_is(world: World):
    inspected(world, {"B3": 0}, facts={id: Fact(fact) for id, fact in MISSING.items()})
    assert {case.criterion for case in everyone(world, "studierektor")} == {"A4", "B3"}


def test_the_register_opens_nothing_while_a_deficiency_is_followed_up(world: World):
    deficient(world, True)
    inspected(world, {"B3": 0}, facts={id: Fact(fact) for id, fact in MISSING.items()})
    assert {case.criterion for case in everyone(world, "studierektor")} == {"", "B3"}


@pytest.mark.parametrize("how", ["ended", "elsewhere", "no föreskrift"])
def test_what_a_review_left_unmended_is_not_stated_where_the_register_knows_better(world: World, how: str):
    deficient(world, how != "no föreskrift", where="other" if how == "elsewhere" else "unit")
    if how == "ended":
        id = mended(world, "")
        decide(world, "closed", id)
    inspected(world, {"B3": 0}, facts={id: Fact(fact) for id, fact in MISSING.items()})
    open_ones = {case.criterion for case in everyone(world, "studierektor") if case.is_open}
    # Where the unit's own review is in the register, that decides whatever was stated.
    assert open_ones == ({"A4", "B3"} if how == "elsewhere" else {"B3"})


def test_a_deficiency_against_a_foreskrift_is_due_six_months_after_the_report(world: World):
    deficient(world, True, False)
    (case,) = everyone(world, "studierektor")
    assert (case.due_on, case.opened_on, case.preliminary) == (date(2027, 2, 28), date(2026, 8, 31), False)
    assert (case.text["sv"], case.area, case.criterion, case.inspection) == ("Handledare saknas", "B", "", "")
    assert (case.level, case.mode, case.basis) == (None, None, {"sv": "", "en": ""})
    assert case.review


# --- What the unit takes up itself --------------------------------------------------------------------


@pytest.mark.parametrize("mode", [Mode.DIALOGUE, Mode.TYPED])
def test_the_unit_takes_up_a_finding_and_six_months_run_from_that_day(world: World, mode: Mode):
    id = talked(world) if mode is Mode.DIALOGUE else typed_in(world)
    with world.store.reading() as session:
        criterion = report.result_of(session, id).verdict.breaches[0]
    world.clock.forward(days=10)
    kept = take_up(world, id, criterion)
    case = of(world, criterion)
    assert (case.id, case.mode) == (kept, mode)
    assert (case.opened_on, case.due_on) == (date(2026, 12, 2), date(2027, 6, 2))


def test_a_finding_that_is_taken_up_brings_its_actions_along(world: World):
    id = talked(world)
    action = add_loose(world, id, "B3")
    kept = take_up(world, id, "B3")
    assert [step.id for step in of(world, "B3").actions] == [action]
    assert [event.act for event in told(world, kept)] == [Act.ACTION, Act.OPENED]
    with world.store.reading() as session:
        assert reading.loose_page(session, world.people["studierektor"], number=1).total == 0


def test_a_provisional_finding_that_is_taken_up_is_preliminary(world: World):
    id = talked(world)
    take_up(world, id, "E13")
    assert of(world, "E13").preliminary


def test_a_dialogues_finding_is_known_above_the_unit_only_when_it_is_taken_up(world: World):
    id = talked(world)
    add_loose(world, id, "D7")
    with world.store.reading() as session:
        assert reading.loose_page(session, world.people["ovs"], number=1).total == 0
    take_up(world, id, "B3")
    assert [case.criterion for case in everyone(world, "ovs")] == ["B3"]


@pytest.mark.parametrize(
    ("criterion", "refusal"), [("B3", AlreadyFollowed), ("B1", NoFinding), ("X9", NoFinding)]
)
def test_what_cannot_be_taken_up(world: World, criterion: str, refusal: type[Refused]):
    id = talked(world)
    take_up(world, id, "B3")
    with pytest.raises(refusal):
        take_up(world, id, criterion)


def test_in_an_anonymous_inspection_nothing_is_taken_up_by_hand(world: World):
    id = inspected(world)
    with pytest.raises(StartsByItself):
        take_up(world, id, "D7")


# --- Lists --------------------------------------------------------------------------------------------


def test_open_ones_stand_first_by_the_day_they_are_due(world: World):
    deficient(world, True)
    inspected(world)
    decide(world, "dismissed", of(world, "E13").id)
    found = everyone(world, "ovs")
    assert [case.is_open for case in found] == [True, True, True, False]
    assert found[0].criterion == ""
    assert [case.criterion for case in found][-1] == "E13"


def matters(world: World, who: str) -> list[tuple[Matter, str]]:
    with world.store.reading() as session:
        needs = oversight.needs(session, world.people[who], world.clock.today())
    return [(need.matter, need.case.criterion) for need in needs if need.case]


@pytest.mark.parametrize("who", ["studierektor", "verksamhetschef", "ovs"])
def test_a_breach_is_told_on_home_from_sixty_days_before_it_is_due(world: World, who: str):
    inspected(world, {"B3": 0})
    world.clock.forward(days=(date(2027, 5, 22) - TODAY).days - 61)
    assert matters(world, who) == []
    world.clock.forward(days=1)
    assert matters(world, who) == [(Matter.DUE, "B3")]
    world.clock.forward(days=60)
    assert matters(world, who) == [(Matter.DUE, "B3")]
    world.clock.forward(days=1)
    assert matters(world, who) == [(Matter.LATE, "B3")]
    mended(world)
    decide(world, "closed", of(world, "B3").id)
    assert matters(world, who) == []


@pytest.mark.parametrize("who", ["admin", "region", "ovs_away", "other"])
def test_nobody_else_is_told(world: World, who: str):
    inspected(world)
    world.clock.forward(days=300)
    assert matters(world, who) == []


def test_what_is_late_is_told_before_what_is_due(world: World):
    deficient(world, True)
    inspected(world, {"B3": 0})
    world.clock.forward(days=(date(2027, 4, 22) - TODAY).days)
    assert matters(world, "studierektor") == [(Matter.LATE, ""), (Matter.DUE, "B3")]


def test_the_overview_counts_what_is_open_and_tells_the_first_day(world: World):
    deficient(world, True)
    inspected(world, {"B3": 0})
    with world.store.reading() as session:
        rows = {row.place.name: row.left for row in oversight.units(session, world.people["region"])}
    assert (rows["Kliniken"].number, rows["Kliniken"].due_on) == (2, date(2027, 2, 28))
    assert rows["Grannkliniken"] is None


# --- What is kept -------------------------------------------------------------------------------------

COLUMNS = {
    "follow_up": """id node_id inspection_id criterion deficiency_id preliminary opened_on due_on state
        ended_on met_in_id report_id""",
    "follow_up_report": "id node_id inspection_id review_id lang state since handed_in_on approved_on",
    "follow_up_report_version": "report_id number text at account_id",
    "follow_up_report_signature": "report_id number node_id name signed_on on_paper account_id",
    "follow_up_report_event": "id report_id at account_id act detail",
    "follow_up_report_file": "report_id pdf",
    "outgoing": "id account_id subject body state tries next_at trouble",
    "reminded": "account_id subject stage",
    "turned_off": "account_id kind",
    "calendar_feed": "account_id token renewed",
    "action": "id node_id follow_up_id inspection_id criterion what who due_on status evidence",
    "follow_up_event": "id follow_up_id at account_id act detail",
}


@pytest.mark.parametrize("table", COLUMNS)
def test_a_table_of_following_up_holds_nothing_of_a_ballot_or_a_respondent(world: World, table: str):
    found = inspect(world.store.engine)
    assert {column["name"] for column in found.get_columns(table)} == set(COLUMNS[table].split())
    assert {column.name for column in Table.metadata.tables[table].columns} == set(COLUMNS[table].split())
    referred = {key["referred_table"] for key in found.get_foreign_keys(table)}
    assert not referred & {"ballot", "code", "comment", "release"}


def test_what_opens_by_itself_says_what_the_release_says_and_nothing_more(world: World):
    """Who answered what, how many, and when they did, cannot be told from a follow-up."""
    inspected(world)
    with world.store.reading() as session:
        events = session.scalars(select(FollowUpEvent)).all()
        assert {(event.detail, event.account_id, event.at) for event in events} == {
            ("", None, world.clock.now())
        }
        assert session.scalar(select(func.count()).select_from(Action)) == 0
        assert session.scalar(select(func.count()).select_from(FollowUp)) == len(events) == 3


def test_the_history_keeps_an_action_as_a_document(world: World):
    inspected(world)
    add(world, of(world, "B3").id, what="Åtgärd", due_on=TODAY)
    with world.store.reading() as session:
        detail = session.scalar(select(FollowUpEvent.detail).where(FollowUpEvent.act == Act.ACTION))
    assert json.loads(detail) == {
        "what": "Åtgärd",
        "who": "",
        "due_on": "2026-11-22",
        "status": "planned",
        "evidence": "",
    }
