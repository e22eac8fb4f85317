"""Which stage of reminding holds on which day: month ends, leap days, missed days, working days."""

from datetime import UTC, date, datetime, timedelta

import pytest
from dateutil.relativedelta import relativedelta
from hypothesis import given
from hypothesis import strategies as st

from stins.services.reminders.days import (
    breach_stage,
    digest_stage,
    first_working_day,
    is_working_day,
    review_stage,
    waiting_stage,
)
from stins.web.application import STOCKHOLM

DAYS = st.dates(date(2020, 1, 1), date(2045, 12, 31))
DUE = date(2027, 5, 22)


@pytest.mark.parametrize(
    ("left", "stage"),
    [
        (61, ""),
        (60, "before 60"),
        (31, "before 60"),
        (30, "before 30"),
        (8, "before 30"),
        (7, "before 7"),
        (6, "before 7"),
        (0, "before 7"),
        (-1, "late 0"),
        (-7, "late 0"),
        (-8, "late 1"),
        (-14, "late 1"),
        (-15, "late 2"),
    ],
)
def test_a_breach_is_reminded_of_60_30_and_7_days_before_and_weekly_from_the_day_after(left: int, stage: str):
    assert breach_stage(DUE, DUE - timedelta(days=left)) == stage


@given(DAYS, st.integers(0, 400))
def test_a_breach_gets_three_reminders_before_and_one_a_week_after_however_the_months_lie(
    due: date, late: int
):
    stages = [breach_stage(due, due + timedelta(days=day)) for day in range(-90, late + 1)]
    seen = list(dict.fromkeys(filter(None, stages)))
    assert seen == ["before 60", "before 30", "before 7", *(f"late {n}" for n in range((late + 6) // 7))]


@pytest.mark.parametrize(
    ("due", "today", "stage"),
    [
        (date(2028, 2, 29), date(2027, 2, 27), ""),
        (date(2028, 2, 29), date(2027, 2, 28), "before 2028-02-29 12"),
        (date(2028, 2, 29), date(2027, 8, 28), "before 2028-02-29 12"),
        (date(2028, 2, 29), date(2027, 8, 29), "before 2028-02-29 6"),
        (date(2028, 2, 29), date(2028, 2, 29), "before 2028-02-29 6"),
        (date(2028, 2, 29), date(2028, 3, 1), "late 2028-02-29 0"),
        (date(2028, 2, 29), date(2028, 5, 29), "late 2028-02-29 0"),
        (date(2028, 2, 29), date(2028, 5, 30), "late 2028-02-29 1"),
        (date(2027, 8, 31), date(2027, 2, 28), "before 2027-08-31 6"),
        (date(2027, 8, 31), date(2027, 2, 27), "before 2027-08-31 12"),
        (date(2027, 11, 30), date(2028, 2, 29), "late 2027-11-30 0"),
        (date(2027, 11, 30), date(2028, 3, 1), "late 2027-11-30 1"),
    ],
)
def test_a_review_is_reminded_of_12_and_6_calendar_months_before_then_each_quarter(
    due: date, today: date, stage: str
):
    assert review_stage(due, today) == stage


@given(DAYS, st.integers(1, 2000))
def test_the_quarters_of_a_late_review_are_counted_from_its_day(due: date, late: int):
    today = due + timedelta(days=late)
    quarter = int(review_stage(due, today).split()[-1])
    assert due + relativedelta(months=3 * quarter) < today <= due + relativedelta(months=3 * (quarter + 1))


@given(DAYS, st.integers(0, 700))
def test_a_report_that_waits_is_reminded_of_that_day_and_then_weekly(since: date, waited: int):
    stage = waiting_stage("handed_in", since, since + timedelta(days=waited))
    assert stage == f"handed_in {since} {waited // 7}"
    assert len(stage) <= 40


def test_a_report_that_waits_from_tomorrow_is_told_of_at_once():
    assert waiting_stage("signing", DUE, DUE - timedelta(days=1)) == f"signing {DUE} 0"


@pytest.mark.parametrize(
    ("month", "day"),
    [
        ((2026, 1), 2),  # New Year's Day
        ((2027, 1), 4),  # a holiday and a weekend
        ((2029, 1), 2),
        ((2018, 4), 3),  # Easter Sunday on the 1st, Easter Monday on the 2nd
        ((2024, 4), 2),  # Easter Monday on the 1st
        ((2015, 4), 1),  # Good Friday on the 3rd
        ((2021, 4), 1),  # Maundy Thursday is worked
        ((2022, 4), 1),
        ((2010, 4), 1),
        ((2026, 5), 4),  # 1 May on a Friday
        ((2025, 5), 2),
        ((2028, 5), 2),
        ((2026, 8), 3),
        ((2026, 11), 2),
        ((2028, 6), 1),
    ],
)
def test_the_first_working_day_of_a_month(month: tuple[int, int], day: int):
    assert first_working_day(*month) == date(*month, day)


@pytest.mark.parametrize(
    "day",
    [
        date(2026, 1, 1),
        date(2026, 1, 6),
        date(2026, 4, 3),
        date(2026, 4, 6),
        date(2026, 5, 1),
        date(2026, 5, 14),
        date(2025, 6, 6),
        date(2026, 6, 19),
        date(2026, 12, 24),
        date(2026, 12, 25),
        date(2026, 12, 31),
        date(2026, 11, 28),
        date(2026, 11, 29),
    ],
)
def test_nobody_works_on_a_weekend_a_holiday_or_one_of_the_three_eves(day: date):
    assert not is_working_day(day)


@pytest.mark.parametrize("day", [date(2026, 1, 5), date(2026, 4, 2), date(2026, 6, 18), date(2026, 12, 23)])
def test_a_day_before_a_holiday_is_worked(day: date):
    assert is_working_day(day)


@given(st.integers(2020, 2060), st.integers(1, 12))
def test_every_month_has_a_working_day_within_five_days(year: int, month: int):
    first = first_working_day(year, month)
    assert first.day <= 5
    assert is_working_day(first)


def test_the_digest_is_of_the_month_from_its_first_working_day_and_is_not_made_up_for_earlier():
    assert digest_stage(date(2027, 1, 3)) == ""
    assert digest_stage(date(2027, 1, 4)) == "2027-01"
    assert digest_stage(date(2027, 1, 31)) == "2027-01"


@pytest.mark.parametrize(
    ("instant", "stage"),
    [
        # Summer time begins 28 March 2027 and ends 31 October 2027; the due day is the day of the change.
        (datetime(2027, 3, 27, 22, 30, tzinfo=UTC), "before 7"),  # 23:30 the day before
        (datetime(2027, 3, 27, 23, 30, tzinfo=UTC), "before 7"),  # 00:30 on the day
        (datetime(2027, 3, 28, 21, 30, tzinfo=UTC), "before 7"),  # 23:30 on the day, in summer time
        (datetime(2027, 3, 28, 22, 30, tzinfo=UTC), "late 0"),  # 00:30 the day after
    ],
)
def test_a_breach_is_late_from_midnight_in_sweden_when_summer_time_begins(instant: datetime, stage: str):
    assert breach_stage(date(2027, 3, 28), swedish(instant)) == stage


@pytest.mark.parametrize(
    ("instant", "stage"),
    [
        (datetime(2027, 10, 30, 22, 30, tzinfo=UTC), "before 7"),  # 00:30 on the day, still summer time
        (datetime(2027, 10, 31, 22, 30, tzinfo=UTC), "before 7"),  # 23:30 on the day, winter time
        (datetime(2027, 10, 31, 23, 30, tzinfo=UTC), "late 0"),  # 00:30 the day after
    ],
)
def test_a_breach_is_late_from_midnight_in_sweden_when_summer_time_ends(instant: datetime, stage: str):
    assert breach_stage(date(2027, 10, 31), swedish(instant)) == stage


def swedish(instant: datetime) -> date:
    return instant.astimezone(STOCKHOLM).date()
