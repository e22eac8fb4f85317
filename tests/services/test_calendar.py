"""A person's calendar: which days stand in it, at which address, and that the file is as RFC 5545 says."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from icalendar import Calendar
from sqlalchemy import update
from world import World

from scoring.rounds import Comments
from stins.reports.calendar import Entry, feed
from stins.services import calendar
from stins.services.followup.values import Progress
from stins.services.refusals import NotFound
from stins.store.tables import Account, CalendarFeed, ExternalReview, Inspection
from tests.services.following import add, add_loose, decide, deficient, inspected, mended, of

URL = "https://stins.example"
LONG = "Öppenvårdsmottagningen; för ätstörningar, Åmål\\Åsele " * 4


def entries(world: World, who: str) -> dict[str, Entry]:
    with world.store.reading() as session:
        found = calendar.entries(session, world.people[who], URL)
    assert len({each.id for each in found}) == len(found)
    return {each.summary: each for each in found}


def renew(world: World, who: str = "studierektor") -> str:
    with world.store.writing() as session:
        calendar.renew(session, world.box, world.people[who])
    with world.store.reading() as session:
        return calendar.token(session, world.box, world.people[who])


def test_a_breach_stands_on_its_last_day_for_who_acts_and_who_decides(world: World):
    inspected(world, {"B3": 0})
    id = of(world, "B3").id
    for who in ("studierektor", "verksamhetschef", "ovs"):
        entry = entries(world, who)["Brist ska vara åtgärdad: Kliniken"]
        assert (entry.day, entry.id, entry.url) == (
            date(2027, 5, 22),
            f"brist-{id}",
            f"{URL}/uppfoljning/{id}",
        )
        assert entry.description.startswith("B3, ")
    for who in ("other", "region", "admin", "ovs_away"):
        assert entries(world, who) == {}


def test_a_deficiency_is_named_by_its_area_without_its_text(world: World):
    deficient(world, True)
    entry = entries(world, "studierektor")["Brist ska vara åtgärdad: Kliniken"]
    assert entry.description.startswith("Område B, från extern granskning")
    assert "Handledare saknas" not in entry.description


def test_what_was_mended_or_done_stands_there_no_more(world: World):
    inspected(world, {"B3": 0})
    id = mended(world)
    add(world, id, due_on=date(2027, 2, 1), status=Progress.VERIFIED, evidence="Klart")
    decide(world, "closed", id)
    assert entries(world, "studierektor") == {}


def test_an_action_stands_on_its_day_without_its_text(world: World):
    id = inspected(world, {"B3": 0, "D7": 1})
    action = add(world, of(world, "B3").id, what="Tala med Eva", due_on=date(2027, 2, 1))
    add_loose(world, id, "D7", due_on=None)
    entry = entries(world, "verksamhetschef")["Åtgärd ska vara klar: Kliniken"]
    assert (entry.day, entry.url) == (date(2027, 2, 1), f"{URL}/uppfoljning/atgard/{action}")
    assert "Eva" not in entry.description
    assert "Åtgärd ska vara klar: Kliniken" not in entries(world, "ovs")


def test_an_open_inspection_stands_on_its_last_day_for_who_runs_it(world: World):
    id, _ = world.open()
    entry = entries(world, "studierektor")["Sista dag att svara: Kliniken"]
    assert (entry.day, entry.id) == (world.clock.today() + timedelta(days=21), f"inspektion-{id}")
    assert entries(world, "verksamhetschef") == entries(world, "ovs") == {}


def test_an_extra_review_stands_there_for_who_leads_it(world: World):
    first = inspected(world)
    world.clock.forward(days=91)
    id, _ = world.open()
    with world.store.writing() as session:
        session.execute(update(Inspection).where(Inspection.id == id).values(parent_id=first))
    assert "Sista dag att svara: Kliniken" in entries(world, "ovs")
    assert "Sista dag att svara: Kliniken" not in entries(world, "studierektor")


def test_comments_stand_on_the_last_day_to_read_them_for_their_reader(world: World):
    id, codes = world.open(comments=Comments.REVIEWED)
    world.all_hand_in(codes, comments={"best": "Bra stämning"})
    world.close(id)
    entry = entries(world, "ovs")["Sista dag att läsa kommentarer: Kliniken"]
    assert entry.day == world.clock.today() + timedelta(days=60)
    assert entry.url == f"{URL}/inspektioner/{id}/kommentarer"


def test_the_next_review_stands_five_years_after_the_last_also_of_the_group(world: World):
    with world.store.writing() as session:
        for where, day in (
            ("unit", date(2024, 2, 29)),
            ("unit", date(2020, 1, 1)),
            ("group", date(2023, 3, 1)),
            ("member", date(2025, 3, 1)),
        ):
            session.add(
                ExternalReview(
                    id=world.box.new_id(), node_id=world.places[where].id, reported_on=day, reviewer="SPUR",
                    grades={}, report="",
                )
            )  # fmt: skip
    unit = entries(world, "studierektor")["Extern granskning senast: Kliniken"]
    assert (unit.day, unit.id) == (date(2029, 2, 28), f"granskning-{world.places['unit'].id}")
    assert {each.summary: each.day for each in entries(world, "group").values()} == {
        "Extern granskning senast: Norra vårdcentralen": date(2030, 3, 1),
        "Extern granskning senast: Södra vårdcentralen": date(2028, 3, 1),
    }
    assert len(entries(world, "ovs")) == 3


def test_an_address_is_secret_and_only_its_digest_is_stored(world: World):
    secret = renew(world)
    assert len(secret) == 40
    assert secret != renew(world, "ovs")
    with world.store.reading() as session:
        assert calendar.owner(session, secret).id == world.people["studierektor"].id
        row = session.get(CalendarFeed, world.people["studierektor"].id)
        assert row.token != secret.encode()
        assert len(row.token) == 32


def test_a_renewed_address_leads_nowhere_from_then_on(world: World):
    old = renew(world)
    new = renew(world)
    assert old != new
    with world.store.reading() as session:
        assert calendar.owner(session, new).id == world.people["studierektor"].id
        for wrong in (old, new.upper(), "", "x" * 5000):
            with pytest.raises(NotFound):
                calendar.owner(session, wrong)


def test_who_has_asked_for_none_has_no_address(world: World):
    with world.store.reading() as session:
        assert calendar.token(session, world.box, world.people["ovs"]) == ""


def test_the_calendar_of_an_ended_account_is_not_there(world: World):
    secret = renew(world)
    with world.store.writing() as session:
        session.execute(update(Account).where(Account.name == "Prov studierektor").values(active=False))
    with world.store.reading() as session, pytest.raises(NotFound):
        calendar.owner(session, secret)


# --- the file ---------------------------------------------------------------------------------------------


def entry(**changes) -> Entry:
    values = {
        "id": "brist-1", "day": date(2028, 2, 29), "summary": "Brist", "description": "Rad\nRad",
        "url": f"{URL}/uppfoljning/1",
    }  # fmt: skip
    return Entry(**values | changes)


def events(made: bytes) -> list:
    return list(Calendar.from_ical(made).walk("VEVENT"))


def test_an_entry_is_a_whole_day_however_summer_time_falls():
    for day in (date(2028, 2, 29), date(2027, 3, 28), date(2027, 10, 31), date(2027, 12, 31)):
        (event,) = events(feed("STINS", "stins.example", [entry(day=day)]))
        assert event.decoded("dtstart") == day
        assert event.decoded("dtend") == day + timedelta(days=1)
        assert event["dtstart"].params["VALUE"] == "DATE"
        assert event["uid"] == "brist-1@stins.example"
        assert not list(event.walk("VALARM"))


def test_the_same_dates_are_the_same_file_in_the_same_order():
    two = [entry(id="b"), entry(id="a", day=date(2027, 1, 1))]
    assert feed("STINS", "h", two) == feed("STINS", "h", two[::-1])
    assert [event["uid"] for event in events(feed("STINS", "h", two))] == ["a@h", "b@h"]


def test_the_calendar_has_a_name_and_a_zone_and_may_be_empty():
    found = Calendar.from_ical(feed("STINS", "h", []))
    assert (found["x-wr-calname"], found["x-wr-timezone"]) == ("STINS", "Europe/Stockholm")
    assert (found["version"], found["prodid"]) == ("2.0", "-//STINS//STINS//SV")
    assert not found.errors


@given(
    st.text(
        st.characters(codec="utf-8", exclude_categories=("Cc", "Cs", "Zl", "Zp"), exclude_characters="\\"),
        max_size=200,
    )
)
def test_any_name_is_escaped_folded_and_read_back(text: str):
    made = feed("STINS", "h", [entry(summary=LONG + text, description=f"{text};,\\\n{LONG}")])
    lines = made.split(b"\r\n")
    assert all(len(line) <= 75 and b"\n" not in line and b"\r" not in line for line in lines)
    assert lines[-1] == b""
    (event,) = events(made)
    assert str(event["summary"]) == LONG + text
    assert str(event["description"]) == f"{text};,\\\n{LONG}"
