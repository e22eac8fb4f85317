"""Which stage of reminding holds on a day. Only the latest does: what was missed is not made up for."""

from datetime import date, timedelta
from functools import cache

from dateutil.relativedelta import relativedelta

SOON = 60
"""How many days before its day a breach is first reminded of."""
STAGES = (7, 30, SOON)
WEEK = 7
YEAR, HALF_YEAR, QUARTER = 12, 6, 3


def breach_stage(due_on: date, today: date) -> str:
    """Give the stage for a breach: 60, 30 and 7 days before, the day after, then weekly; empty before them.

    On the day itself the breach is not yet late. Where its day is moved the marks of the stages are wiped.
    """
    left = (due_on - today).days
    if left < 0:
        return f"late {(-left - 1) // WEEK}"
    return next((f"before {stage}" for stage in STAGES if left <= stage), "")


def review_stage(due_on: date, today: date) -> str:
    """Give the stage for the next external review: 12 and 6 calendar months before, then each quarter late.

    The day stands in it, for a new review has stages of its own.
    """
    if today > due_on:
        past = relativedelta(today - timedelta(days=1), due_on)
        return f"late {due_on} {(past.years * YEAR + past.months) // QUARTER}"
    for months in (HALF_YEAR, YEAR):
        if today >= due_on - relativedelta(months=months):
            return f"before {due_on} {months}"
    return ""


def waiting_stage(state: str, since: date, today: date) -> str:
    """Give the stage for a report that waits in a state since a day: that day, then weekly."""
    return f"{state} {since} {max((today - since).days, 0) // WEEK}"


def digest_stage(today: date) -> str:
    """Give the stage for the month's digest; empty until the month's first working day."""
    first = first_working_day(today.year, today.month)
    return f"{today:%Y-%m}" if today >= first else ""


def first_working_day(year: int, month: int) -> date:
    """Give the month's first day on which people work in Sweden."""
    day = date(year, month, 1)
    while not is_working_day(day):
        day += timedelta(days=1)
    return day


def is_working_day(day: date) -> bool:
    """Say whether a day is neither weekend, public holiday, nor midsummer, Christmas or New Year's eve.

    The public ones are those of lag (1989:253) om allmänna helgdagar; semesterlagen (1977:480, 3 a §) treats
    the three eves as Sundays.
    """
    return day.weekday() < 5 and day not in _public(day.year) and not _is_eve(day)


def _is_eve(day: date) -> bool:
    midsummer = day.month == 6 and day.weekday() == 4 and 19 <= day.day <= 25
    return midsummer or (day.month == 12 and day.day in (24, 31))


@cache
def _public(year: int) -> frozenset[date]:
    import holidays  # slow to load, and used by the timer alone

    return frozenset(holidays.country_holidays("SE", years=year))
