"""An inspection is planned with every fault named, opened alone in its circle, and its codes given once."""

from datetime import date, timedelta

import pytest
from sqlalchemy import func, select
from world import TODAY, World, people

from questionnaires.model import Fact, Role
from scoring.rounds import Comments, Mode
from stins.box import codes
from stins.services import answer, close, health, inspections, invite, organisation, staff, void
from stins.services.answer import Handed, NoSuchCode
from stins.services.close import Moment
from stins.services.invite import (
    AlreadyAnswered,
    CircleBroken,
    DayWrong,
    DialogueTooFew,
    DialogueTooMany,
    FactMissing,
    LastDayPassed,
    NobodyAsked,
    NoReviewer,
    NotADraft,
    NotOpen,
    NumberWrong,
    TooFew,
)
from stins.services.refusals import NotFound, Refused, Several
from stins.services.rights import Office
from stins.store.tables import Code, Inspection
from tests.services.evidence import TWELVE, acts, details
from tests.services.following import deficient

ST, HL = Role.ST_LAKARE, Role.HANDLEDARE
UNASKED = {Role.ST_LAKARE: 0}


def refusals(world: World, **changes) -> list[tuple[type[Refused], str]]:
    """Give what a plan is refused for, with the field that each concerns."""
    with pytest.raises(Several) as caught:
        world.plan(**changes)
    return [(type(each), each.field) for each in caught.value.refusals]


def facts(**changes: str | None) -> dict[str, Fact]:
    stated = {"A2": "ja", "A3": "ja", "A4": "delvis", "A8": "ja", "B9": "nej", "F6": "ja"} | changes
    return {id: Fact(fact) for id, fact in stated.items() if fact}


def stored(world: World, id: str) -> dict[str, Fact]:
    with world.store.reading() as session:
        return inspections.summary(session, world.people["studierektor"], id).facts


# --- Planning -------------------------------------------------------------------------------------------


def test_a_plan_is_a_draft_that_keeps_what_was_stated(world: World):
    id = world.plan(eligible=people(7, 9, 1, 1), comments=Comments.REVIEWED)
    with world.store.reading() as session:
        found = inspections.summary(session, world.people["studierektor"], id)
    assert (found.state, found.people, found.k, found.areas, found.opens_on) == ("draft", 18, 5, None, None)
    assert found.comments is Comments.REVIEWED
    assert found.facts == facts()


@pytest.mark.parametrize(("days", "fits"), [(-1, False), (0, True), (180, True), (181, False)])
def test_the_last_day_lies_from_today_to_half_a_year_ahead(world: World, days: int, fits: bool):
    last = TODAY + timedelta(days=days)
    if fits:
        assert world.plan(closes_on=last)
    else:
        assert refusals(world, closes_on=last) == [(DayWrong, "closes_on")]


def test_a_wrong_day_tells_which_are_right(world: World):
    with pytest.raises(Several) as caught:
        world.plan(closes_on=TODAY - timedelta(days=1))
    assert caught.value.refusals[0].about == {"first": TODAY, "last": TODAY + timedelta(days=180)}


@pytest.mark.parametrize("number", [-1, 201])
@pytest.mark.parametrize("role", Role)
def test_a_number_outside_is_refused_at_its_role(world: World, role: Role, number: int):
    assert refusals(world, eligible=TWELVE | {role: number}) == [(NumberWrong, role)]


def test_every_number_outside_is_named(world: World):
    assert refusals(world, eligible={ST: -1, HL: 500}) == [(NumberWrong, ST), (NumberWrong, HL)]


@pytest.mark.parametrize("eligible", [{}, {ST: 0, HL: 0}])
def test_somebody_must_be_asked(world: World, eligible: dict):
    assert refusals(world, eligible=eligible) == [(NobodyAsked, "st_lakare")]


@pytest.mark.parametrize(("numbers", "fits"), [((4, 0, 9, 9), False), ((2, 3), True), ((0, 5), True)])
def test_fewer_than_k_who_count_are_too_few_however_many_bosses(world: World, numbers: tuple, fits: bool):
    if fits:
        assert world.plan(eligible=people(*numbers))
    else:
        assert refusals(world, eligible=people(*numbers)) == [(TooFew, "st_lakare")]


@pytest.mark.parametrize(("bosses", "offered"), [(1, True), (3, False)])
def test_dialogue_is_offered_to_groups_of_at_most_six(world: World, bosses: int, offered: bool):
    with pytest.raises(Several) as caught:
        world.plan(eligible=people(2, 2, bosses, 1))
    assert caught.value.refusals[0].about == {"k": 5, "dialogue": offered}


def test_the_regions_own_k_decides(world: World):
    cat = invite.current_catalogue()
    parameters = {id: each.default for id, each in cat.parameters.items()}
    with world.store.writing() as session:
        wanted = organisation.RegionSettings(8, parameters)
        organisation.set_region(session, world.places["region"].id, wanted, cat)
    assert refusals(world, eligible=people(4, 3)) == [(TooFew, "st_lakare")]
    assert world.plan(eligible=people(4, 4))


@pytest.mark.parametrize("numbers", [(1, 1, 0, 1), (2, 0, 0, 1), (3, 3), (0, 2, 1, 3)])
def test_a_dialogue_of_three_to_six_with_two_who_count_may_be_held(world: World, numbers: tuple):
    assert world.plan(eligible=people(*numbers), mode=Mode.DIALOGUE)


@pytest.mark.parametrize("numbers", [(1, 1), (1, 0, 1, 1), (0, 0, 3, 3)])
def test_a_dialogue_with_too_few_is_refused(world: World, numbers: tuple):
    assert refusals(world, eligible=people(*numbers), mode=Mode.DIALOGUE) == [(DialogueTooFew, "mode")]


def test_a_dialogue_of_more_than_six_is_refused_whatever_k_is(world: World):
    assert refusals(world, eligible=people(2, 2, 1, 2), mode=Mode.DIALOGUE) == [(DialogueTooMany, "mode")]


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"A2": None}, "fact_A2"),
        ({"A3": "delvis"}, "fact_A3"),
        ({"F6": None}, "fact_F6"),
        ({"B9": None}, "fact_B9"),
        ({"A4": None}, "fact_A4"),
        ({"A2": "nej", "A3": "nej"}, "fact_A4"),
        ({"A2": "nej", "A3": "ja", "A4": None}, "fact_A3"),
    ],
)
def test_a_fact_that_is_missing_or_does_not_fit_is_refused_at_its_field(
    world: World, changes: dict, field: str
):
    assert refusals(world, facts=facts(**changes)) == [(FactMissing, field)]


def test_without_an_earlier_review_there_is_none_to_have_mended(world: World):
    assert world.plan(facts=facts(A2="nej", A3="nej", A4=None))


def test_comments_need_a_reader_above_who_holds_no_role_on_the_unit(world: World):
    world.person("ovs_also_boss", Office.OVS, "part")
    with world.store.writing() as session:
        staff.withdraw(session, world.people["ovs"].id, world.places["part"].id, Office.OVS)
        staff.assign(
            session, world.people["ovs_also_boss"].id, world.places["unit"].id, Office.VERKSAMHETSCHEF
        )
    assert refusals(world, comments=Comments.REVIEWED) == [(NoReviewer, "comments")]
    assert world.plan("far", by="far", comments=Comments.REVIEWED)


def test_a_dialogue_has_no_comments(world: World):
    found = refusals(world, eligible=people(1, 1, 1), mode=Mode.DIALOGUE, comments=Comments.REVIEWED)
    assert found == [(NoReviewer, "comments")]


def test_whether_comments_are_possible_is_told_before_planning(world: World):
    with world.store.reading() as session:
        assert invite.comments_possible(session, world.places["unit"].id)
        assert not invite.comments_possible(session, world.places["part"].id)


def test_everything_that_is_wrong_is_told_at_once(world: World):
    found = refusals(world, closes_on=TODAY.replace(year=2020), eligible={}, facts=facts(F6=None))
    assert found == [(DayWrong, "closes_on"), (NobodyAsked, "st_lakare"), (FactMissing, "fact_F6")]


@pytest.mark.parametrize("who", ["verksamhetschef", "ovs", "admin", "region", "other", "far"])
def test_only_who_runs_the_unit_plans_there(world: World, who: str):
    with pytest.raises(NotFound):
        world.plan(by=who)


def test_a_draft_may_be_changed(world: World):
    id = world.plan()
    with world.store.writing() as session:
        wanted = invite.Plan(
            world.places["unit"].id, TODAY, people(5, 5), facts(), Comments.OFF, Mode.ANONYMOUS
        )
        again = invite.plan(session, world.box, world.people["studierektor"], wanted, TODAY, draft_id=id)
    assert again == id
    with world.store.reading() as session:
        assert inspections.find(session, id)[0].closes_on == TODAY


def test_an_open_inspection_cannot_be_planned_again(world: World):
    id, _ = world.open()
    wanted = invite.Plan(world.places["unit"].id, TODAY, people(5, 5), facts(), Comments.OFF, Mode.ANONYMOUS)
    with pytest.raises(NotADraft), world.store.writing() as session:
        invite.plan(session, world.box, world.people["studierektor"], wanted, TODAY, draft_id=id)


def test_a_draft_may_be_thrown_away(world: World):
    id = world.plan()
    with world.store.writing() as session:
        invite.throw_away(session, world.people["studierektor"], id)
    with world.store.reading() as session, pytest.raises(NotFound):
        inspections.find(session, id)


@pytest.mark.parametrize("who", ["verksamhetschef", "other", "admin"])
def test_nobody_else_throws_a_draft_away(world: World, who: str):
    id = world.plan()
    with pytest.raises(NotFound), world.store.writing() as session:
        invite.throw_away(session, world.people[who], id)


def test_an_open_inspection_cannot_be_thrown_away(world: World):
    id, _ = world.open()
    with pytest.raises(NotADraft), world.store.writing() as session:
        invite.throw_away(session, world.people["studierektor"], id)


def test_units_to_hold_inspections_at_are_units_and_groups_below_ones_role(world: World):
    with world.store.reading() as session:
        found = [place.name for place in invite.units_for(session, world.people["group"])]
        assert found == ["Vårdcentralerna", "Norra vårdcentralen", "Södra vårdcentralen"]
        assert invite.units_for(session, world.people["verksamhetschef"]) == ()


def test_the_facts_of_the_latest_round_are_offered(world: World):
    with world.store.reading() as session:
        assert invite.facts_latest(session, world.places["unit"].id) == {}
    world.plan(closes_on=TODAY)
    world.plan(facts=facts(B9="ja"))
    with world.store.reading() as session:
        assert invite.facts_latest(session, world.places["unit"].id)["B9"] is Fact.JA


# --- Opening --------------------------------------------------------------------------------------------


def test_opening_makes_as_many_codes_as_declared(world: World):
    _, found = world.open(eligible=people(7, 9, 1, 0))
    assert {role: len(fresh) for role, fresh in found.items()} == people(7, 9, 1)
    assert len({code for fresh in found.values() for code in fresh}) == 17


def test_the_codes_are_known_to_the_database_by_their_macs_alone(world: World):
    _, found = world.open(eligible=people(5, 0))
    with world.store.reading() as session:
        rows = session.scalars(select(Code.mac)).all()
    assert sorted(rows) == sorted(codes.mac(world.box.pepper, code) for code in found[ST])


def test_opening_seals_the_promise_and_makes_a_key(world: World):
    id, _ = world.open()
    with world.store.reading() as session:
        row, _ = inspections.find(session, id)
        assert inspections.check_seal(world.box, row) == row.seal
        assert row.public_key == bytes(world.box.keys.read(id).public_key)
        assert (row.state, row.opens_on) == ("open", TODAY)


def test_a_draft_that_was_planned_before_a_review_is_opened_with_what_the_register_says(world: World):
    id = world.plan()
    deficient(world, True)
    world.open_planned(id)
    assert stored(world, id) == facts(A4="nej")


def test_a_plan_states_a2_to_a4_as_the_register_does(world: World):
    deficient(world, False)
    assert stored(world, world.plan(facts=facts(A2="nej", A3=None, A4=None))) == facts(A4="ja")


def test_opening_is_audited(world: World):
    id, _ = world.open()
    assert acts(world, id) == ["open"]


def test_an_opening_that_is_rolled_back_keeps_its_key_and_opens_again(world: World):
    id = world.plan()
    with pytest.raises(ZeroDivisionError), world.store.writing() as session:
        _open_and_fail(world, session, id)
    assert world.box.keys.kept() == (id,)
    assert not [line for line in health.troubles(world.installation) if id in line]
    assert sum(map(len, world.open_planned(id).values())) == 18
    with world.store.reading() as session:
        assert session.scalar(select(func.count()).select_from(Code)) == 18


def _open_and_fail(world: World, session, id: str) -> None:
    invite.open_(session, world.box, world.people["studierektor"], id, world.at.now, TODAY)
    raise ZeroDivisionError


def test_opening_twice_is_refused(world: World):
    id, _ = world.open()
    with pytest.raises(NotADraft):
        world.open_planned(id)


@pytest.mark.parametrize("who", ["verksamhetschef", "ovs", "admin", "other"])
def test_nobody_else_opens_it(world: World, who: str):
    id = world.plan()
    with pytest.raises(NotFound):
        world.open_planned(id, by=who)


def test_a_draft_whose_last_day_has_passed_is_not_opened(world: World):
    id = world.plan()
    world.clock.forward(days=22)
    with pytest.raises(LastDayPassed):
        world.open_planned(id)


def test_a_draft_with_comments_is_not_opened_when_its_reader_has_left(world: World):
    id = world.plan(comments=Comments.REVIEWED)
    with world.store.writing() as session:
        staff.withdraw(session, world.people["ovs"].id, world.places["part"].id, Office.OVS)
    with pytest.raises(NoReviewer):
        world.open_planned(id)


# --- One circle at a time -------------------------------------------------------------------------------


def around(world: World) -> dict[str, str]:
    """Place a studierektor everywhere; give whom to ask at each place."""
    for where in ("part", "member", "second"):
        world.person(f"sr_{where}", Office.STUDIEREKTOR, where)
    return {"group": "group", "member": "sr_member", "second": "sr_second", "part": "sr_part"}


def obstacle(world: World, where: str, by: str) -> inspections.Obstacle:
    with pytest.raises(CircleBroken) as caught:
        world.open(where, by=by)
    return caught.value.about["obstacle"]


@pytest.mark.parametrize(
    ("first", "second"),
    [("unit", "unit"), ("group", "member"), ("member", "group"), ("part", "member"), ("second", "part")],
)
def test_while_one_is_open_none_opens_at_above_or_below_it(world: World, first: str, second: str):
    by = around(world) | {"unit": "studierektor"}
    world.open(first, by=by[first])
    assert obstacle(world, second, by[second]) == inspections.Obstacle(world.places[first].name, None)


def test_beside_an_open_one_another_may_open(world: World):
    by = around(world)
    world.open("member", by=by["member"])
    assert world.open("second", by=by["second"])


def test_a_stopped_closing_still_stands_in_the_way(world: World):
    id, _ = world.open()
    with world.store.writing() as session:
        close.begin(session, world.box, id, world.at, None)
    assert obstacle(world, "unit", "studierektor").free_on is None


def released(world: World, where: str, by: str, on: date, numbers: dict | None = None) -> None:
    """Hold an inspection that closes on a day; with ``numbers`` of nobody nothing is released."""
    world.clock.instant = world.clock.instant.replace(year=on.year, month=on.month, day=on.day)
    id, found = world.open(where, by=by, eligible=numbers or people(5, 0))
    if not numbers:
        world.all_hand_in(found)
    world.close(id, by=None)


@pytest.mark.parametrize(("days", "free"), [(0, False), (89, False), (90, True)])
def test_after_a_release_the_same_place_rests_for_90_days(world: World, days: int, free: bool):
    released(world, "unit", "studierektor", TODAY)
    world.clock.forward(days=days)
    if free:
        assert world.open()
    else:
        assert obstacle(world, "unit", "studierektor").free_on == TODAY + timedelta(days=90)


@pytest.mark.parametrize(("first", "second"), [("group", "member"), ("member", "group"), ("member", "part")])
@pytest.mark.parametrize(
    ("closed", "free"),
    [
        (date(2026, 11, 22), date(2027, 11, 22)),
        (date(2028, 2, 29), date(2029, 2, 28)),
        (date(2027, 2, 28), date(2028, 2, 28)),
        (date(2027, 12, 31), date(2028, 12, 31)),
    ],
)
def test_after_a_release_places_above_and_below_rest_for_12_months(
    world: World, first: str, second: str, closed: date, free: date
):
    by = around(world)
    released(world, first, by[first], closed)
    the_day_before = free - timedelta(days=1)
    world.clock.instant = world.clock.instant.replace(
        year=the_day_before.year, month=the_day_before.month, day=the_day_before.day
    )
    assert obstacle(world, second, by[second]) == inspections.Obstacle(world.places[first].name, free)
    world.clock.forward(days=1)
    id, found = world.open(second, by=by[second], eligible=people(5, 0))
    world.all_hand_in(found)
    world.close(id, by=None)  # the auditor counts the same 12 months


def test_after_one_that_released_nothing_there_is_no_rest(world: World):
    by = around(world)
    released(world, "member", by["member"], TODAY, numbers=people(5, 0))
    assert world.open("group", by="group")


def test_a_void_one_leaves_no_rest(world: World):
    id, _ = world.open()
    with world.store.writing() as session:
        for who in ("studierektor", "admin"):
            void.ask(session, world.box, world.people[who], id, "prov", world.clock.now())
    assert world.open()


def test_the_obstacle_that_lasts_longest_is_told(world: World):
    by = around(world)
    released(world, "member", by["member"], TODAY)
    released(world, "second", by["second"], TODAY + timedelta(days=5))
    found = obstacle(world, "group", "group")
    assert found.free_on == date(2027, 11, 27)


def test_an_open_one_is_told_before_any_that_rest(world: World):
    by = around(world)
    released(world, "member", by["member"], TODAY)
    world.open("second", by=by["second"])
    assert obstacle(world, "group", "group").free_on is None


def test_the_obstacle_can_be_asked_for_before_opening(world: World):
    draft = world.plan()
    with world.store.reading() as session:
        assert invite.obstacle(session, draft, TODAY) is None
    world.open()
    with world.store.reading() as session:
        assert invite.obstacle(session, draft, TODAY).place == "Kliniken"


# --- Codes anew, more codes, more time ------------------------------------------------------------------


def anew(world: World, id: str, by: str = "studierektor") -> dict[Role, tuple[str, ...]]:
    with world.store.writing() as session:
        return invite.codes_anew(session, world.box, world.people[by], id, world.clock.now()).by_role


def add(world: World, id: str, more: dict, by: str = "studierektor") -> dict[Role, tuple[str, ...]]:
    with world.store.writing() as session:
        return invite.add_codes(session, world.box, world.people[by], id, more, world.clock.now()).by_role


def extend(world: World, id: str, last: date, by: str = "studierektor") -> None:
    with world.store.writing() as session:
        at = world.at
        invite.extend(session, world.box, world.people[by], id, last, at.now, at.today)


def test_before_the_first_hand_in_all_codes_may_be_made_anew(world: World):
    id, before = world.open()
    after = anew(world, id)
    assert {role: len(fresh) for role, fresh in after.items()} == people(7, 9, 1, 1)
    assert not {c for f in before.values() for c in f} & {c for f in after.values() for c in f}
    with pytest.raises(NoSuchCode):
        world.hand_in(before[ST][0])
    assert world.hand_in(after[ST][0]) is Handed.RECEIVED
    assert acts(world, id).count("codes_anew") == 1


def test_after_the_first_hand_in_no_codes_are_made_anew(world: World):
    id, before = world.open()
    world.hand_in(before[ST][0])
    with pytest.raises(AlreadyAnswered):
        anew(world, id)
    assert world.hand_in(before[ST][1]) is Handed.RECEIVED


def test_another_inspections_codes_are_left_when_one_makes_its_own_anew(world: World):
    id, _ = world.open()
    _, others = world.open("other", by="other")
    anew(world, id)
    assert world.hand_in(others[ST][0]) is Handed.RECEIVED


def test_codes_may_be_added_for_those_who_have_joined(world: World):
    id, _ = world.open(eligible=TWELVE)
    fresh = add(world, id, {ST: 2, HL: 0})
    assert {role: len(made) for role, made in fresh.items()} == {ST: 2}
    assert world.hand_in(fresh[ST][1]) is Handed.RECEIVED
    assert details(world, id, "codes_added") == ["st_lakare 2"]


def test_every_respondent_is_shown_the_numbers_as_they_now_are(world: World):
    id, found = world.open(eligible=people(5, 5))
    add(world, id, {ST: 1, Role.VERKSAMHETSCHEF: 1})
    with world.store.reading() as session:
        assert answer.form(session, world.box, found[ST][0]).codes == people(6, 5, 0, 1)


def test_codes_may_be_added_to_a_role_that_had_none(world: World):
    id, _ = world.open(eligible=people(5, 0))
    assert world.hand_in(add(world, id, {HL: 1})[HL][0]) is Handed.RECEIVED


@pytest.mark.parametrize(("more", "field"), [({ST: -1}, ST), ({HL: 196}, HL)])
def test_codes_are_never_taken_away_nor_more_than_200_to_a_role(world: World, more: dict, field: Role):
    id, _ = world.open(eligible=TWELVE)
    with pytest.raises(NumberWrong) as caught:
        add(world, id, more)
    assert caught.value.field == field


@pytest.mark.parametrize("more", [{}, UNASKED])
def test_adding_nothing_is_refused(world: World, more: dict):
    id, _ = world.open()
    with pytest.raises(NobodyAsked):
        add(world, id, more)


def test_a_dialogue_never_grows_past_six(world: World):
    id, _ = world.open(eligible=people(2, 2, 0, 1), mode=Mode.DIALOGUE)
    add(world, id, {HL: 1})
    with pytest.raises(DialogueTooMany):
        add(world, id, {HL: 1})
    with world.store.reading() as session:
        assert session.scalar(select(func.count()).select_from(Code)) == 6


def test_a_role_that_is_asked_nothing_gets_no_code(world: World):
    id, _ = world.open(eligible=people(5, 0))
    with world.store.writing() as session:
        inspections.find(session, id)[0].areas = ["C", "H"]
    with pytest.raises(NumberWrong):
        add(world, id, {Role.VERKSAMHETSCHEF: 1})


def test_the_last_day_may_be_moved_forward(world: World):
    id, _ = world.open()
    extend(world, id, TODAY + timedelta(days=30))
    with world.store.reading() as session:
        assert session.get(Inspection, id).closes_on == TODAY + timedelta(days=30)
    assert details(world, id, "extend") == ["2026-12-22"]


@pytest.mark.parametrize("days", [-1, 0, 20, 21, 181])
def test_the_last_day_is_never_moved_back_nor_too_far(world: World, days: int):
    id, _ = world.open()
    with pytest.raises(DayWrong):
        extend(world, id, TODAY + timedelta(days=days))


def test_past_its_last_day_it_may_still_be_extended_from_today(world: World):
    id, _ = world.open()
    world.clock.forward(days=30)
    with pytest.raises(DayWrong):
        extend(world, id, TODAY + timedelta(days=29))
    extend(world, id, TODAY + timedelta(days=30))


@pytest.mark.parametrize("verb", [anew, lambda w, i: add(w, i, {ST: 1}), lambda w, i: extend(w, i, TODAY)])
@pytest.mark.parametrize("state", ["draft", "closed"])
def test_only_an_open_inspection_is_given_codes_or_time(world: World, verb, state: str):
    if state == "draft":
        id = world.plan()
    else:
        id, _ = world.open()
        world.close(id)
    with pytest.raises(NotOpen):
        verb(world, id)


@pytest.mark.parametrize("verb", [anew, lambda w, i, by: add(w, i, {ST: 1}, by)])
@pytest.mark.parametrize("who", ["verksamhetschef", "other", "ovs", "admin"])
def test_nobody_else_gives_codes(world: World, verb, who: str):
    id, _ = world.open()
    with pytest.raises(NotFound):
        verb(world, id, who)


def test_a_moment_is_an_instant_and_a_day(world: World):
    assert world.at == Moment(world.clock.now(), TODAY)
