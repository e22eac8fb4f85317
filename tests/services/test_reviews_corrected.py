"""A registered review is corrected or removed; what is followed up follows along, and no work is lost."""

from dataclasses import replace
from datetime import date, timedelta

import pytest
from sqlalchemy import func, select
from world import FACTS, TODAY, World

from questionnaires.model import Fact
from stins.services import reviews
from stins.services.followup.history import tell
from stins.services.followup.values import Act, Case, ReasonMissing, State
from stins.services.refusals import NotFound, Several
from stins.services.reviews import correcting
from stins.services.reviews.values import (
    AlreadyRegistered,
    BeingMended,
    DayOutside,
    ReportHandedIn,
    ReportWaits,
    Review,
    ReviewBeingMended,
    Shortcoming,
    TooLong,
    Wanted,
)
from stins.store.tables import Deficiency, ExternalReview, FollowUp, FollowUpEvent
from tests.services import reports
from tests.services.evidence import acts
from tests.services.following import add, decide, everyone, inspected, told

MISSING = Shortcoming("D", "Utbildningsprogram saknas", regulation=True)
UNMENDED = {id: Fact(fact) for id, fact in (FACTS | {"A4": "nej"}).items()}
ADVICE = Shortcoming("E", "Handledningen är inte schemalagd", regulation=False)


def registered(
    world: World, *shortcomings: Shortcoming, unit: str = "unit", by: str = "studierektor"
) -> Review:
    wanted = Wanted(world.places[unit].id, TODAY - timedelta(days=30), "SPUR", {"D": "D"}, "", shortcomings)
    with world.store.writing() as session:
        at = world.at
        id = reviews.register(session, world.box, world.people[by], wanted, at.now, at.today).id
    return found(world, id, by)


def found(world: World, id: str, by: str = "studierektor") -> Review:
    with world.store.reading() as session:
        return reviews.review(session, world.people[by], id)


def correct(
    world: World, review: Review, by: str = "studierektor", why: str = "Felskrivet", **changes
) -> Review:
    wanted = Wanted(
        review.place.id,
        review.reported_on,
        review.reviewer,
        review.grades,
        review.report,
        review.shortcomings,
    )
    with world.store.writing() as session:
        person, wanted = world.people[by], replace(wanted, **changes)
        correcting.correct(session, world.box, person, review.id, wanted, why, world.at.now, TODAY)
    return found(world, review.id, by)


def wrong(world: World, review: Review, **changes) -> list[tuple[type, str]]:
    with pytest.raises(Several) as caught:
        correct(world, review, **changes)
    return [(type(each), each.field) for each in caught.value.refusals]


def followed(world: World) -> tuple[Case, ...]:
    return tuple(case for case in everyone(world, "studierektor") if case.review)


def test_what_was_written_wrong_is_written_anew(world: World):
    review = registered(world, ADVICE)
    corrected = correct(
        world,
        review,
        reviewer="Lipus",
        report="rapport.pdf",
        grades={"A": "A", "D": ""},
        shortcomings=(replace(review.shortcomings[0], text="Samtalen blir inte av", area="F"),),
    )
    assert (corrected.reviewer, corrected.report, corrected.grades) == ("Lipus", "rapport.pdf", {"A": "A"})
    (each,) = corrected.shortcomings
    assert (each.id, each.area, each.text) == (review.shortcomings[0].id, "F", "Samtalen blir inte av")
    assert acts(world, review.id) == ["review", "review_corrected"]


def test_a_day_that_is_corrected_moves_what_is_open_and_the_history_tells(world: World):
    review = registered(world, MISSING)
    correct(world, review, reported_on=date(2026, 8, 31))
    (case,) = followed(world)
    assert (case.opened_on, case.due_on) == (date(2026, 8, 31), date(2027, 2, 28))
    latest = told(world, case.id)[0]
    assert (latest.act, latest.who, latest.reason) == (Act.MOVED, "Prov studierektor", "Felskrivet")
    assert latest.days == (date(2027, 4, 23), date(2027, 2, 28))


def test_a_line_from_before_a_reason_was_asked_for_is_read(world: World):
    registered(world, MISSING)
    (case,) = followed(world)
    with world.store.writing() as session:
        tell(session, world.box, case.id, world.at.now, None, Act.MOVED, "2027-04-23 → 2027-02-28")
    latest = next(event for event in told(world, case.id) if event.act is Act.MOVED)
    assert (latest.days, latest.reason) == ((date(2027, 4, 23), date(2027, 2, 28)), "")


def test_what_is_followed_up_is_not_changed_without_a_reason(world: World):
    review = registered(world, MISSING, ADVICE)
    of_d, of_e = review.shortcomings
    for changed in (
        {"reported_on": date(2026, 8, 31)},
        {"shortcomings": (replace(of_d, text="Annat"), of_e)},
        {"shortcomings": (replace(of_d, area="E"), of_e)},
        {"shortcomings": (of_e,)},
    ):
        assert wrong(world, review, why=" ", **changed) == [(ReasonMissing, "reason")], changed
    assert wrong(world, review, why="x" * 4001, reported_on=TODAY) == [(TooLong, "reason")]
    correct(world, review, why="", reviewer="Lipus", shortcomings=(of_d, replace(of_e, text="Annat")))
    assert [event.act for event in told(world, followed(world)[0].id)] == [Act.OPENED]


def test_lines_that_a_form_ends_otherwise_are_no_change(world: World):
    review = registered(world, replace(MISSING, text="Program saknas\nför två"))
    same = (replace(review.shortcomings[0], text="Program saknas\r\nför två"),)
    correct(world, review, why="", shortcomings=same)


def test_the_history_keeps_what_a_deficiency_said(world: World):
    review = registered(world, MISSING)
    correct(world, review, shortcomings=(replace(review.shortcomings[0], area="E", text="Annat"),))
    (case,) = followed(world)
    latest = told(world, case.id)[0]
    assert (latest.act, latest.reason, latest.words) == (
        Act.REWORDED,
        "Felskrivet",
        ("D: Utbildningsprogram saknas", "E: Annat"),
    )


@pytest.mark.parametrize("by", ["studierektor", "ovs"])
def test_nothing_that_a_report_tells_of_is_changed_while_it_is_signed(world: World, by: str):
    review = registered(world, MISSING)
    reports.send(world, reports.begin(world, review=review.id))
    for changed in (
        {"reported_on": TODAY},
        {"shortcomings": (replace(review.shortcomings[0], text="Annat"),)},
    ):
        assert wrong(world, review, by=by, **changed) == [(ReportWaits, "reason")]
    correct(world, review, by=by, grades={"A": "A"})


@pytest.mark.parametrize("approved", [True, False])
def test_what_was_reported_is_corrected_from_above_and_judged_by_the_day_it_had(world: World, approved: bool):
    review = registered(world, MISSING)
    id = reports.begin(world, review=review.id)
    reports.send(world, id)
    reports.sign(world, id)
    if approved:
        reports.approve(world, id)
    (before,) = followed(world)
    reworded = (replace(review.shortcomings[0], text="Annat"),)
    for changed in ({"reported_on": date(2026, 8, 31)}, {"shortcomings": reworded}):
        assert wrong(world, review, **changed) == [(ReportHandedIn, "reason")]
    correct(world, review, by="ovs", reported_on=date(2026, 8, 31), shortcomings=reworded)
    (case,) = followed(world)
    assert (case.opened_on, case.due_on) == (before.opened_on, before.due_on)
    lines = {event.act: event for event in told(world, case.id)}
    assert lines[Act.REDATED].days == (review.reported_on, date(2026, 8, 31))
    assert lines[Act.REWORDED].who == "Prov ovs"


def test_what_is_ended_keeps_its_day(world: World):
    review = registered(world, MISSING)
    (case,) = followed(world)
    add(world, case.id, status="done", evidence="Programmen finns")
    decide(world, "closed", case.id)
    correct(world, review, reported_on=date(2026, 8, 31))
    assert followed(world)[0].due_on == case.due_on


def test_a_deficiency_that_turns_out_to_be_of_a_foreskrift_is_followed_up(world: World):
    review = registered(world, ADVICE)
    assert followed(world) == ()
    correct(world, review, shortcomings=(replace(review.shortcomings[0], regulation=True),))
    (case,) = followed(world)
    assert (case.area, case.opened_on) == ("E", review.reported_on)


def test_a_new_deficiency_is_added_and_followed_up_from_the_day_of_the_report(world: World):
    review = registered(world)
    corrected = correct(world, review, shortcomings=(MISSING,))
    assert [each.text for each in corrected.shortcomings] == [MISSING.text]
    assert [case.opened_on for case in followed(world)] == [review.reported_on]


@pytest.mark.parametrize("how", ["no foreskrift", "left out", "blank"])
def test_what_nobody_has_begun_with_is_let_go_of(world: World, how: str):
    review = registered(world, MISSING, ADVICE)
    of_d, of_e = review.shortcomings
    left = {
        "no foreskrift": (replace(of_d, regulation=False), of_e),
        "left out": (of_e,),
        "blank": (Shortcoming("", "", regulation=False, id=of_d.id), of_e),
    }[how]
    corrected = correct(world, review, shortcomings=left)
    assert followed(world) == ()
    assert len(corrected.shortcomings) == (2 if how == "no foreskrift" else 1)
    with world.store.reading() as session:
        assert session.scalar(select(func.count()).select_from(FollowUpEvent)) == 0


@pytest.mark.parametrize("done", ["action", "dismissed and opened"])
@pytest.mark.parametrize("how", ["no foreskrift", "left out"])
def test_what_somebody_mends_is_not_let_go_of(world: World, how: str, done: str):
    review = registered(world, MISSING)
    (case,) = followed(world)
    if done == "action":
        add(world, case.id)
    else:
        mended_ = add(world, case.id, status="done", evidence="Programmen finns")
        assert mended_
        decide(world, "closed", case.id)
    left = (replace(review.shortcomings[0], regulation=False),) if how == "no foreskrift" else ()
    refused = "text_1" if how == "no foreskrift" else "reported_on"
    assert wrong(world, review, shortcomings=left) == [(BeingMended, refused)]
    assert found(world, review.id).shortcomings == review.shortcomings


def test_its_words_may_be_corrected_while_it_is_mended(world: World):
    review = registered(world, MISSING)
    (case,) = followed(world)
    add(world, case.id)
    correct(world, review, shortcomings=(replace(review.shortcomings[0], text="Program saknas för två"),))
    assert followed(world)[0].text["sv"] == "Program saknas för två"


def test_a_correction_is_checked_as_a_registration_is(world: World):
    review = registered(world)
    registered_ = Wanted(review.place.id, TODAY, "Lipus", {}, "", ())
    with world.store.writing() as session:
        reviews.register(session, world.box, world.people["studierektor"], registered_, world.at.now, TODAY)
    assert wrong(world, review, reported_on=TODAY, reviewer="LIPUS") == [(AlreadyRegistered, "reviewer")]
    assert wrong(world, review, reported_on=TODAY + timedelta(days=1)) == [(DayOutside, "reported_on")]
    assert correct(world, review, reviewer="spur").reviewer == "spur"


@pytest.mark.parametrize("who", ["verksamhetschef", "other", "ovs_away", "region", "admin", "member"])
def test_it_is_corrected_and_removed_by_those_who_register(world: World, who: str):
    review = registered(world)
    with pytest.raises(NotFound):
        correct(world, review, by=who)
    with world.store.writing() as session, pytest.raises(NotFound):
        correcting.remove(session, world.box, world.people[who], review.id, "Fel", world.at.now)


def test_a_review_that_should_not_be_there_is_removed_with_what_it_began(world: World):
    review = registered(world, MISSING, ADVICE)
    with world.store.writing() as session:
        correcting.remove(session, world.box, world.people["ovs"], review.id, "Fel", world.at.now)
    with world.store.reading() as session:
        for table in (ExternalReview, Deficiency, FollowUp, FollowUpEvent):
            assert session.scalar(select(func.count()).select_from(table)) == 0
    assert acts(world, review.id)[-1] == "review_removed"


def test_a_review_of_which_something_is_followed_up_is_not_removed_without_a_reason(world: World):
    review = registered(world, MISSING)
    with world.store.writing() as session, pytest.raises(ReasonMissing):
        correcting.remove(session, world.box, world.people["ovs"], review.id, "", world.at.now)
    assert found(world, review.id).shortcomings == review.shortcomings


def test_a_review_of_which_something_is_mended_is_not_removed(world: World):
    review = registered(world, MISSING)
    add(world, followed(world)[0].id)
    with world.store.writing() as session, pytest.raises(ReviewBeingMended):
        correcting.remove(session, world.box, world.people["ovs"], review.id, "Fel", world.at.now)
    assert found(world, review.id).shortcomings == review.shortcomings


def test_a_shortcoming_of_another_review_is_not_reached_by_its_id(world: World):
    other = registered(world, MISSING, unit="other", by="other")
    review = registered(world)
    taken = replace(ADVICE, id=other.shortcomings[0].id)
    corrected = correct(world, review, shortcomings=(taken,))
    assert corrected.shortcomings[0].id != taken.id
    assert found(world, other.id, "other").shortcomings == other.shortcomings


# --- A2–A4 and the deficiency behind them ---------------------------------------------------------------


@pytest.mark.parametrize("reviewed", ["group", "member", ""])
def test_a_units_a4_begins_nothing_while_the_deficiency_behind_it_is_followed(world: World, reviewed: str):
    world.person("member_sr", "studierektor", "member")
    if reviewed:
        registered(world, MISSING, unit=reviewed, by="group")
    inspected(
        world,
        {"B1": 3},
        unit="member",
        by="member_sr",
        facts=UNMENDED,
    )
    opened = [case.criterion for case in everyone(world, "member_sr") if case.criterion]
    assert opened == ([] if reviewed else ["A4"])


def test_another_groups_deficiency_is_not_behind_a_units_a4(world: World):
    registered(world, MISSING, unit="group", by="group")
    inspected(world, {"B1": 3}, facts=UNMENDED)
    assert [case.criterion for case in everyone(world, "studierektor")] == ["A4"]


def test_what_was_closed_is_no_longer_behind_it(world: World):
    registered(world, MISSING)
    (case,) = followed(world)
    id, codes = world.open()
    add(world, case.id, status="done", evidence="Programmen finns")
    decide(world, "closed", case.id)
    assert followed(world)[0].state is State.CLOSED
    world.all_hand_in(codes)
    world.close(id)
    assert "A4" in [each.criterion for each in everyone(world, "studierektor")]
