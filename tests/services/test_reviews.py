"""The register of external reviews: what is kept, who knows of it, the five-year clock, and A2–A4."""

import threading
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import date, timedelta

import pytest
from sqlalchemy import func, select
from statements import counted
from world import TODAY, World

from stins.services import reviews
from stins.services.followup.values import State
from stins.services.refusals import NotFound, Refused, Several
from stins.services.reviews import values
from stins.services.reviews.values import Due, Shortcoming, Wanted
from stins.services.rights import Kind
from stins.store.tables import Audit, Deficiency, ExternalReview, FollowUp
from tests.services.evidence import acts

REGULATION = Shortcoming("D", "Utbildningsprogram saknas", regulation=True)
ADVICE = Shortcoming("E", "Handledningen är inte schemalagd", regulation=False)
BLANK = Shortcoming("", "", regulation=False)


def wanted(world: World, unit: str = "unit", **changes) -> Wanted:
    """Give a review as it may be stated, with some of it changed."""
    usual = Wanted(
        unit_id=world.places[unit].id,
        reported_on=TODAY - timedelta(days=30),
        reviewer="SPUR",
        grades={"A": "B", "D": "D"},
        report="SPUR 2026.pdf",
        shortcomings=(REGULATION, ADVICE),
    )
    return replace(usual, **changes)


def register(world: World, unit: str = "unit", by: str = "studierektor", **changes) -> str:
    """Register a review and give its id."""
    with world.store.writing() as session:
        what = wanted(world, unit, **changes)
        at = world.at
        return reviews.register(session, world.box, world.people[by], what, at.now, at.today).id


def refusals(world: World, **changes) -> list[tuple[type[Refused], str]]:
    """Give every reason, with its field, for which a review is refused; nothing may then be stored."""
    with pytest.raises(Several) as caught:
        register(world, **changes)
    return [(type(refusal), refusal.field) for refusal in caught.value.refusals]


def rows_of(world: World, *tables) -> list[int]:
    with world.store.reading() as session:
        return [session.scalar(select(func.count()).select_from(table)) for table in tables]


def read(world: World, id: str, by: str = "studierektor") -> values.Review:
    with world.store.reading() as session:
        return reviews.review(session, world.people[by], id)


def follow_ups(world: World) -> list[FollowUp]:
    with world.store.reading() as session:
        return list(session.scalars(select(FollowUp).order_by(FollowUp.due_on)))


# --- Registering ----------------------------------------------------------------------------------------


def test_a_review_is_kept_with_its_grades_and_deficiencies(world: World):
    found = read(world, register(world))
    assert (found.reviewer, found.reported_on) == ("SPUR", TODAY - timedelta(days=30))
    assert found.grades == {"A": "B", "D": "D"}
    assert found.report == "SPUR 2026.pdf"
    assert [(each.area, each.text, each.regulation) for each in found.shortcomings] == [
        ("D", "Utbildningsprogram saknas", True),
        ("E", "Handledningen är inte schemalagd", False),
    ]


def test_only_a_deficiency_against_a_foreskrift_is_followed_up(world: World):
    found = read(world, register(world))
    followed, advice = found.shortcomings
    assert [row.id for row in follow_ups(world)] == [followed.follow_up]
    assert advice.follow_up == ""


@pytest.mark.parametrize(
    ("reported", "due"),
    [
        (date(2026, 8, 31), date(2027, 2, 28)),
        (date(2023, 8, 31), date(2024, 2, 29)),
        (date(2024, 2, 29), date(2024, 8, 29)),
        (date(2026, 4, 30), date(2026, 10, 30)),
    ],
)
def test_it_is_to_be_mended_six_calendar_months_from_the_report(world: World, reported: date, due: date):
    register(world, reported_on=reported)
    (row,) = follow_ups(world)
    assert (row.opened_on, row.due_on, row.state) == (reported, due, State.OPEN)


def test_blank_deficiencies_are_left_out(world: World):
    found = read(world, register(world, shortcomings=(BLANK, ADVICE, BLANK)))
    assert [each.area for each in found.shortcomings] == ["E"]


def test_grades_that_were_not_given_are_not_kept(world: World):
    assert read(world, register(world, grades={"A": "B", "B": ""})).grades == {"A": "B"}


def test_a_registration_is_noted(world: World):
    id = register(world)
    assert acts(world, id) == ["review"]
    with world.store.reading() as session:
        line = session.scalar(select(Audit).where(Audit.subject == id))
    assert (line.account_id, line.detail) == (world.people["studierektor"].id, "2026-10-23")


def test_texts_are_tidied(world: World):
    found = read(
        world, register(world, reviewer="  SPUR \n Lipus\0", shortcomings=(replace(ADVICE, text=" a\0b "),))
    )
    assert found.reviewer == "SPUR Lipus"
    assert found.shortcomings[0].text == "ab"


def test_everything_that_is_wrong_is_told_at_once_and_nothing_stored(world: World):
    before = rows_of(world, ExternalReview, Deficiency, FollowUp, Audit)
    assert refusals(
        world,
        reported_on=TODAY + timedelta(days=1),
        reviewer="  ",
        grades={"A": "E", "X": "A"},
        report="file:///etc/passwd",
        shortcomings=(BLANK, replace(REGULATION, area="X", text=" "), replace(ADVICE, text="x" * 4_001)),
    ) == [
        (values.DayOutside, "reported_on"),
        (values.ReviewerMissing, "reviewer"),
        (values.GradeWrong, "grade_A"),
        (values.GradeWrong, "grade_X"),
        (values.ReportWrong, "report"),
        (values.AreaMissing, "area_2"),
        (values.TextMissing, "text_2"),
        (values.TooLong, "text_3"),
    ]
    assert rows_of(world, ExternalReview, Deficiency, FollowUp, Audit) == before


@pytest.mark.parametrize("day", [None, TODAY + timedelta(days=1), date(1989, 12, 31), date(26, 1, 1)])
def test_a_day_that_cannot_be_is_refused(world: World, day: date | None):
    assert refusals(world, reported_on=day) == [(values.DayOutside, "reported_on")]


@pytest.mark.parametrize("day", [TODAY, date(1990, 1, 1)])
def test_the_first_and_the_last_day_are_taken(world: World, day: date):
    assert read(world, register(world, reported_on=day)).reported_on == day


@pytest.mark.parametrize(
    "report",
    [
        "javascript:alert(1)",
        "data:text/html,x",
        "ftp://lipus.example/rapport",
        "http://",
        "https:///rapport.pdf",
        "http://[::1",
        "https://lipus.example/en rapport.pdf",
        "C:\\Dokument\\rapport.pdf",
        "\\\\server\\rapport.pdf",
        "/etc/passwd",
        "//lipus.example/rapport",
    ],
)
def test_what_is_neither_a_name_nor_a_link_is_refused(world: World, report: str):
    assert refusals(world, report=report) == [(values.ReportWrong, "report")]


@pytest.mark.parametrize(
    ("report", "link"),
    [
        ("", ""),
        ("Rapport SPUR 2026 (slutlig).pdf", ""),
        ("https://lipus.example/r?id=3#s", "https://lipus.example/r?id=3#s"),
        ("HTTP://LIPUS.EXAMPLE/r", "HTTP://LIPUS.EXAMPLE/r"),
    ],
)
def test_a_report_is_a_name_or_a_link(world: World, report: str, link: str):
    assert read(world, register(world, report=report)).link == link


def test_texts_that_are_too_long_are_refused(world: World):
    assert refusals(world, reviewer="x" * 201, report="y" * 501) == [
        (values.TooLong, "reviewer"),
        (values.TooLong, "report"),
    ]


def test_more_deficiencies_than_there_is_room_for_are_refused(world: World):
    assert refusals(world, shortcomings=(ADVICE,) * 11) == [(values.TooMany, "")]


def test_the_same_review_is_registered_once(world: World):
    register(world)
    assert refusals(world, reviewer=" spur ") == [(values.AlreadyRegistered, "reviewer")]
    register(world, reviewer="Någon annan")
    register(world, reported_on=TODAY)
    register(world, "other", "other")
    assert rows_of(world, ExternalReview) == [4]


def test_two_who_register_the_same_review_at_once_register_it_once(world: World):
    start = threading.Barrier(2)

    def try_(who: str) -> str:
        start.wait()
        try:
            return register(world, by=who)
        except Several as several:
            return type(several.refusals[0]).__name__

    with ThreadPoolExecutor(2) as both:
        answers = list(both.map(try_, ("studierektor", "ovs")))
    assert rows_of(world, ExternalReview) == [1]
    assert answers.count("AlreadyRegistered") == 1


@pytest.mark.parametrize(
    ("who", "unit"),
    [
        ("studierektor", "unit"),
        ("ovs", "unit"),
        ("ovs", "member"),
        ("group", "group"),
        ("group", "member"),
        ("far", "far"),
    ],
)
def test_studierektor_and_those_above_register(world: World, who: str, unit: str):
    assert read(world, register(world, unit, who), who).place.id == world.places[unit].id


@pytest.mark.parametrize(
    ("who", "unit"),
    [
        ("verksamhetschef", "unit"),
        ("other", "unit"),
        ("region", "unit"),
        ("admin", "unit"),
        ("ovs_away", "unit"),
        ("member", "group"),
        ("ovs", "part"),
    ],
)
def test_nobody_else_does(world: World, who: str, unit: str):
    with pytest.raises(NotFound):
        register(world, unit, who)
    with world.store.reading() as session, pytest.raises(NotFound):
        reviews.faults(session, world.people[who], wanted(world, unit), TODAY)


def test_a_unit_that_does_not_exist_is_not_found(world: World):
    with pytest.raises(NotFound):
        register(world, unit_id="none")


def test_units_to_register_for_are_units_and_groups(world: World):
    with world.store.reading() as session:
        names = [place.name for place in reviews.units_for(session, world.people["ovs"])]
        assert reviews.units_for(session, world.people["region"]) == ()
    assert names == [
        "Grannkliniken",
        "Kliniken",
        "Vårdcentralerna",
        "Norra vårdcentralen",
        "Södra vårdcentralen",
    ]


# --- Reading --------------------------------------------------------------------------------------------


def test_reviews_are_listed_the_newest_first_to_whom_they_concern(world: World):
    register(world, reported_on=date(2020, 1, 1))
    register(world, "other", "other", reported_on=date(2024, 1, 1))
    register(world, reported_on=date(2025, 1, 1))
    register(world, "far", "far", reported_on=date(2026, 1, 1))
    with world.store.reading() as session:
        years = {
            who: [each.reported_on.year for each in reviews.reviews(session, world.people[who]).items]
            for who in ("studierektor", "verksamhetschef", "other", "ovs", "ovs_away", "region", "admin")
        }
    assert years == {
        "studierektor": [2025, 2020],
        "verksamhetschef": [2025, 2020],
        "other": [2024],
        "ovs": [2025, 2024, 2020],
        "ovs_away": [2026],
        "region": [2026, 2025, 2024, 2020],
        "admin": [],
    }


def test_the_region_knows_day_reviewer_and_grades_alone(world: World):
    id = register(world)
    with world.store.reading() as session:
        (listed,) = reviews.reviews(session, world.people["region"]).items
    for found in (listed, read(world, id, "region")):
        assert (found.reviewer, found.grades) == ("SPUR", {"A": "B", "D": "D"})
        assert (found.whole, found.report, found.shortcomings) == (False, "", ())


def test_a_listed_review_is_whole_to_the_unit(world: World):
    id = register(world)
    with world.store.reading() as session:
        assert reviews.reviews(session, world.people["ovs"]).items == (read(world, id),)


@pytest.mark.parametrize("who", ["other", "admin", "ovs_away", "far"])
def test_another_units_review_is_not_found(world: World, who: str):
    id = register(world)
    with pytest.raises(NotFound):
        read(world, id, who)


def test_a_review_that_does_not_exist_is_not_found(world: World):
    with pytest.raises(NotFound):
        read(world, "none")


def test_the_members_of_a_group_read_its_reviews(world: World):
    assert read(world, register(world, "group", "group"), "member").shortcomings


def test_the_latest_review_of_a_unit_may_be_its_groups(world: World):
    with world.store.reading() as session:
        assert reviews.latest(session, world.places["member"].id) is None
    register(world, "member", "group", reported_on=date(2022, 1, 1))
    register(world, "group", "group", reported_on=date(2023, 1, 1))
    register(world, "second", "group", reported_on=date(2024, 1, 1))
    with world.store.reading() as session:
        years = {
            unit: reviews.latest(session, world.places[unit].id).reported_on.year
            for unit in ("member", "second", "group")
        }
        assert reviews.latest(session, world.places["member"].id).shortcomings
    assert years == {"member": 2023, "second": 2024, "group": 2023}


# --- The five-year clock --------------------------------------------------------------------------------


def clocks(world: World, who: str = "ovs", today: date = TODAY) -> list[tuple[str, Due]]:
    with world.store.reading() as session:
        found = reviews.clocks(session, world.people[who], today)
    return [(clock.place.name, clock.state) for clock in found]


def test_units_never_reviewed_come_first_then_the_most_overdue(world: World):
    register(world, reported_on=date(2021, 11, 1))
    register(world, "other", "other", reported_on=date(2020, 1, 1))
    register(world, "member", "group", reported_on=date(2026, 1, 1))
    assert clocks(world) == [
        ("Södra vårdcentralen", Due.NEVER),
        ("Grannkliniken", Due.OVERDUE),
        ("Kliniken", Due.OVERDUE),
        ("Norra vårdcentralen", Due.FINE),
    ]


def test_a_groups_review_counts_for_its_members(world: World):
    register(world, "group", "group", reported_on=date(2026, 1, 1))
    register(world, "member", "group", reported_on=date(2010, 1, 1))
    found = dict(clocks(world))
    assert found["Norra vårdcentralen"] == found["Södra vårdcentralen"] == Due.FINE
    assert "Vårdcentralerna" not in found


def test_a_members_review_does_not_count_for_the_other_members(world: World):
    register(world, "member", "group")
    assert dict(clocks(world))["Södra vårdcentralen"] is Due.NEVER


def test_the_clock_is_for_those_who_oversee(world: World):
    assert len(clocks(world, "region")) == 5
    assert [name for name, _ in clocks(world, "ovs_away")] == ["Fjärrkliniken"]
    assert clocks(world, "studierektor") == clocks(world, "admin") == []


@pytest.mark.parametrize(
    ("today", "state"),
    [
        (date(2028, 2, 27), Due.FINE),
        (date(2028, 2, 28), Due.TWELVE_MONTHS),
        (date(2028, 8, 27), Due.TWELVE_MONTHS),
        (date(2028, 8, 28), Due.SIX_MONTHS),
        (date(2029, 2, 28), Due.SIX_MONTHS),
        (date(2029, 3, 1), Due.OVERDUE),
    ],
)
def test_five_years_from_a_leap_day_end_on_the_28th(today: date, state: Due):
    assert values.next_by(date(2024, 2, 29)) == date(2029, 2, 28)
    assert values.due_state(date(2029, 2, 28), today) is state


@pytest.mark.parametrize(
    ("due", "first_warning"),
    [(date(2028, 8, 31), date(2028, 2, 29)), (date(2027, 8, 31), date(2027, 2, 28))],
)
def test_the_warning_comes_six_calendar_months_before(due: date, first_warning: date):
    assert values.due_state(due, first_warning) is Due.SIX_MONTHS
    assert values.due_state(due, first_warning - timedelta(days=1)) is Due.TWELVE_MONTHS


def test_three_hundred_units_cost_no_more_questions_than_five(world: World):
    register(world)
    few = questions(world)
    with world.store.writing() as session:
        from stins.services import organisation

        for number in range(295):
            name, part = f"Enhet {number}", world.places["part"].id
            where = organisation.add_place(session, world.box, Kind.ENHET, name, part)
            row = ExternalReview(
                id=world.box.new_id(),
                node_id=where.id,
                reported_on=date(2020 + number % 6, 1, 1),
                reviewer="SPUR",
                grades={"A": "A"},
                report="",
            )
            session.add(row)
            session.flush()
            session.add(
                Deficiency(id=world.box.new_id(), review_id=row.id, area="A", text="x", regulation=False)
            )
    assert questions(world) == few
    assert len(clocks(world, "region")) == 300


def questions(world: World) -> tuple[int, int]:
    """Count the statements that the clock, and the list, send to the database."""
    with counted(world.store) as sent, world.store.reading() as session:
        reviews.clocks(session, world.people["region"], TODAY)
        after_clocks = len(sent)
        reviews.reviews(session, world.people["ovs"])
    return after_clocks, len(sent)
