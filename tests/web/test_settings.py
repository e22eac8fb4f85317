"""My settings: which mails, a calendar's address; and the calendar itself, which knows no session."""

from dataclasses import replace

import pytest
from flask import Flask
from icalendar import Calendar
from pages import Staff, page
from world import World

from stins.config import Mail, Security
from stins.services.mail import outbox
from stins.services.mail.outbox import Draft
from stins.store.tables import Outgoing
from tests.services.following import inspected

HERE = "/installningar"


@pytest.fixture
def staff(world: World, app: Flask):
    return lambda who: Staff(app, f"{who}@prov.example")


def boxes(shown) -> dict[str, bool]:
    return {
        box.get("value"): box.get("checked") is not None
        for box in shown.all("input", type="checkbox")
        if box.get("disabled") is None
    }


def address(staff: Staff) -> str:
    staff.send(HERE, f"{HERE}/kalender")
    return page(staff.client.get(HERE)).by_id("address").get("value").removeprefix("http://127.0.0.1:8000")


def test_without_a_mail_server_the_page_says_so(staff):
    shown = page(staff("studierektor").client.get(HERE))
    assert "Den här installationen skickar inga mejl" in shown.text
    assert "Hem" in shown.text


def test_with_a_mail_server_it_says_where_mail_goes(app: Flask, staff):
    mail = Mail("127.0.0.1", 25, Security.NONE, "", None, None, "stins@region.example")
    app.installation = replace(app.installation, settings=replace(app.installation.settings, mail=mail))
    shown = page(staff("ovs").client.get(HERE))
    assert "Mejlen går till ovs@prov.example" in shown.text
    assert "skickar inga mejl" not in shown.text


@pytest.mark.parametrize(
    ("who", "kinds"),
    [
        ("studierektor", {"report_waiting", "breach_due", "review_due"}),
        ("verksamhetschef", {"report_waiting", "breach_due", "review_due"}),
        ("ovs", {"report_waiting", "digest"}),
        ("region", set()),
        ("admin", set()),
    ],
)
def test_each_is_asked_about_the_kinds_that_the_roles_give(staff, who: str, kinds: set[str]):
    shown = page(staff(who).client.get(HERE))
    assert boxes(shown) == dict.fromkeys(kinds, True)
    assert ("Du får inga mejl" in shown.text) == (not kinds)


def test_what_is_late_is_shown_as_always_on_with_its_reason(staff):
    shown = page(staff("studierektor").client.get(HERE))
    forced = shown.by_id("kind-breach_overdue")
    assert forced.get("disabled") is not None
    assert forced.get("checked") is not None
    assert "Kan inte stängas av" in shown.text


def test_a_kind_is_turned_off_and_on_again(staff):
    who = staff("studierektor")
    form = page(who.client.get(HERE)).form(HERE)
    saved = page(
        who.client.post(HERE, data=form | {"kind": ["review_due", "nonsense"]}, follow_redirects=True)
    )
    assert "Dina val är sparade" in saved.text
    assert boxes(saved) == {"report_waiting": False, "breach_due": False, "review_due": True}
    again = who.client.post(
        HERE, data=form | {"kind": ["breach_due", "report_waiting"]}, follow_redirects=True
    )
    assert boxes(page(again)) == {"report_waiting": True, "breach_due": True, "review_due": False}


def test_nothing_is_kept_without_the_forms_token(staff):
    who = staff("studierektor")
    assert who.client.post(HERE, data={"kind": []}).status_code == 400
    assert who.client.post(f"{HERE}/kalender").status_code == 400
    assert all(boxes(page(who.client.get(HERE))).values())


def test_the_page_is_reached_from_the_foot_of_every_page(staff):
    shown = page(staff("studierektor").client.get("/"))
    assert shown.one("a", href=HERE) is not None


def test_a_calendar_needs_no_session_and_sets_no_cookie(world: World, app: Flask, staff):
    inspected(world, {"B3": 0})
    where = address(staff("studierektor"))
    stranger = app.test_client()
    for asked in (where, f"{where}?lang=en"):
        response = stranger.get(asked, headers={"Cookie": "stins=x"})
        assert response.status_code == 200
        assert response.content_type == "text/calendar; charset=utf-8"
        assert "Set-Cookie" not in response.headers
        assert response.headers["Cache-Control"] == "no-store"
    (event,) = Calendar.from_ical(response.get_data()).walk("VEVENT")
    assert event["summary"] == "Brist ska vara åtgärdad: Kliniken"
    assert event["url"].startswith("http://127.0.0.1:8000/uppfoljning/")
    assert stranger.get(where).get_data() == response.get_data()


def test_the_old_address_stops_when_it_is_renewed(app: Flask, staff):
    who = staff("studierektor")
    old, new = address(who), address(who)
    assert old != new
    client = app.test_client()
    unknown = client.get(f"/kalender/{'0' * 40}.ics")
    gone = client.get(old)
    assert gone.status_code == unknown.status_code == 404
    assert gone.get_data() == unknown.get_data()
    assert dict(gone.headers) == dict(unknown.headers)
    assert "Set-Cookie" not in gone.headers
    assert client.get(new).status_code == 200


def test_an_error_in_a_calendar_logs_no_address(app: Flask, staff, monkeypatch, caplog):
    where = address(staff("studierektor"))

    def fail(*_args):
        raise ValueError("hemligt")

    monkeypatch.setattr("stins.services.calendar.entries", fail)
    app.config["PROPAGATE_EXCEPTIONS"] = False
    assert app.test_client().get(where).status_code == 500
    assert "hemligt" not in caplog.text
    assert where not in caplog.text


def test_admin_sees_whose_mail_could_not_be_sent(world: World, staff):
    with world.store.writing() as session:
        outbox.enqueue(session, world.box, [Draft(world.people["ovs"].id, "S", "T")], world.clock.now())
        session.query(Outgoing).update({"state": "failed", "trouble": "550"})
    shown = page(staff("admin").client.get("/admin"))
    assert "Mejl som inte gick fram" in shown.text
    assert "Prov ovs: ett mejl" in shown.text
