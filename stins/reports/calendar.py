"""A person's dates as an iCalendar file (RFC 5545): all-day events, the same bytes for the same dates."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta

from icalendar import Calendar, Event

PRODUCT = "-//STINS//STINS//SV"


@dataclass(frozen=True, slots=True)
class Entry:
    """A day to remember. ``id`` is the same for the same matter, whatever its day becomes."""

    id: str
    day: date
    summary: str
    description: str
    url: str


def feed(name: str, host: str, entries: Sequence[Entry]) -> bytes:
    """Write a calendar called ``name``. The entries' ids are made unique in the world by ``host``."""
    calendar = Calendar()
    calendar.add("prodid", PRODUCT)
    calendar.add("version", "2.0")
    calendar.add("calscale", "GREGORIAN")
    calendar.add("method", "PUBLISH")
    calendar.add("x-wr-calname", name)
    calendar.add("x-wr-timezone", "Europe/Stockholm")
    for entry in sorted(entries, key=lambda each: (each.day, each.id)):
        calendar.add_component(_event(entry, host))
    return bytes(calendar.to_ical())


def _event(entry: Entry, host: str) -> Event:
    event = Event()
    event.add("uid", f"{entry.id}@{host}")
    # Of the day, not of the clock: an unchanged calendar is the same file each time it is asked for.
    event.add("dtstamp", datetime.combine(entry.day, time(), UTC))
    event.add("dtstart", entry.day)
    event.add("dtend", entry.day + timedelta(days=1))
    event.add("summary", entry.summary)
    event.add("description", entry.description)
    event.add("url", entry.url)
    event.add("transp", "TRANSPARENT")
    return event
