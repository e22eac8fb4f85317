"""What the months bring, day by day: a breach mended late, a review's deficiency mended in time, and a unit
that never does anything. The reminders run every morning; what is told at home and by mail is read."""

from dataclasses import replace
from datetime import date, timedelta

import pytest
from flask import Flask
from pages import Page, Staff, page, text_of
from sqlalchemy import select
from world import World

from stins.config import Mail, Security
from stins.services.reminders import running
from stins.store.tables import Outgoing
from tests.journeys.test_whole_inspection import codes_by_role

NOWHERE = Mail("127.0.0.1", 1, Security.NONE, "", None, None, "stins@region.example")
UNIT = ("studierektor", "verksamhetschef")


@pytest.fixture
def database(sqlite_database: str) -> str:
    """One kind is enough: what is told and written does not see which database there is."""
    return sqlite_database


class Months:
    """Lets days go by; every morning the reminders run and the mails are read."""

    def __init__(self, world: World) -> None:
        self.world = world
        self.settings = replace(world.installation.settings, mail=NOWHERE, operator="Regionen")
        self.mails: list[tuple[date, str, str, str]] = []

    def until(self, day: date) -> None:
        """Let every morning come, up to and with a day. A run that tells something is run again: of that
        nothing may come."""
        while self.world.clock.today() < day:
            self.world.clock.forward(days=1)
            self._run()
            if self._read():
                self._run()
                assert not self._read()

    def _run(self) -> None:
        running.enqueue(self.world.store, self.world.box, self.settings, self.world.at)

    def _read(self) -> bool:
        """Read the mails, and say whether there were any."""
        before = len(self.mails)
        who = {person.id: key for key, person in self.world.people.items()}
        with self.world.store.writing() as session:
            for mail in session.scalars(select(Outgoing)):
                self.mails.append((self.world.clock.today(), who[mail.account_id], mail.subject, mail.body))
                session.delete(mail)
        return len(self.mails) > before

    def to(self, who: str, word: str) -> list[date]:
        """Give the days on which somebody had a mail whose subject holds a word."""
        return [day for day, whom, subject, _body in self.mails if whom == who and word in subject]


@pytest.fixture
def months(world: World) -> Months:
    return Months(world)


def sat(app: Flask, who: str) -> Staff:
    """Sign in anew, since time has passed."""
    return Staff(app, f"{who}@prov.example")


def home(app: Flask, who: str) -> str:
    return text_of(page(sat(app, who).client.get("/")).one("main"))


def links(found: Page, starts: str) -> list[str]:
    all_ = {a.get("href") or "" for a in found.all("a")}
    return sorted(href for href in all_ if href.startswith(starts) and "/ny?" not in href)


def held(world: World, app: Flask, answers: dict[str, int], **how) -> str:
    """Hold an inspection that ends today, and give its id."""
    id, codes = world.open(**how)
    world.all_hand_in(codes, answers=answers)
    sat(app, how.get("by", "studierektor")).send(f"/inspektioner/{id}/stang")
    return id


def test_a_breach_that_is_mended_late_is_told_of_until_it_is_closed_by_a_review(
    world: World, app: Flask, months: Months
):
    first = held(world, app, {"D1": 0})
    (case,) = links(
        page(sat(app, "studierektor").client.get(f"/inspektioner/{first}/resultat")), "/uppfoljning/"
    )
    sat(app, "studierektor").send(case, what="Upprätta program", who="handledarna", due_on="2027-03-01")
    due = date(2027, 5, 22)

    # Nothing is said before it is time; then sixty, thirty and seven days before, to those who act.
    months.until(due)
    for who in UNIT:
        assert months.to(who, "En brist ska vara åtgärdad senast 22 maj 2027") == [
            due - timedelta(days=left) for left in (60, 30, 7)
        ]
        assert "Ska vara åtgärdad senast 22 maj 2027, i dag." in home(app, who)
    assert months.to("ovs", "brist") == []

    # Late: the day after, and weekly.
    months.until(due + timedelta(days=20))
    for who in UNIT:
        late = months.to(who, "En brist skulle ha varit åtgärdad 22 maj 2027")
        assert late == [due + timedelta(days=after) for after in (1, 8, 15)]
        assert "för 20 dagar sedan" in home(app, who)
    assert "för 20 dagar sedan" in home(app, "ovs")
    digests = months.to("ovs", "Så står det till")
    assert [day.isoformat() for day in digests] == [
        "2026-11-23", "2026-12-01", "2027-01-04", "2027-02-01", "2027-03-01", "2027-04-01", "2027-05-03",
        "2027-06-01",
    ]  # fmt: skip
    told = next(body for day, who, _s, body in months.mails if who == "ovs" and day == digests[-1])
    assert "1 brist skulle ha varit åtgärdad" in told

    # The report is written, signed, returned, written anew, signed and approved.
    lead = sat(app, "studierektor")
    begun = lead.send(f"/uppfoljning/rapport/ny?inspektion={first}")
    report = begun.request.path
    draft = page(lead.client.get(f"{report}/text")).form(f"{report}/text")["text"]
    assert "Upprätta program" in draft
    lead.send(f"{report}/text", text=f"{draft}\n\nVi är klara i juni.")
    press(lead, report, "send")
    assert "En rapport väntar på din underskrift: Kliniken" in home(app, "verksamhetschef")
    press(sat(app, "verksamhetschef"), f"{report}/underskrift", "sign")
    months.until(due + timedelta(days=21))
    assert months.to("ovs", "En rapport väntar på dig") == [due + timedelta(days=21)]
    assert "En rapport väntar på ditt godkännande: Kliniken" in home(app, "ovs")
    press(sat(app, "ovs"), f"{report}/beslut", "return", comment="Visa att programmen finns.")
    assert "En rapport är tillbaka och ska skrivas om: Kliniken" in home(app, "studierektor")
    lead = sat(app, "studierektor")
    (action,) = links(page(lead.client.get(case)), "/uppfoljning/atgard/")
    lead.send(action, status="verified", evidence="Sju av sju program är sedda.")
    press(lead, report, "redraft")
    redrafted = page(lead.client.get(report))
    assert "Sju av sju program är sedda." in redrafted.text
    press(lead, report, "send")
    press(sat(app, "verksamhetschef"), f"{report}/underskrift", "sign")
    months.until(due + timedelta(days=30))
    press(sat(app, "ovs"), f"{report}/beslut", "approve")
    case_page = page(sat(app, "studierektor").client.get(case))
    assert "Rapporterad 12 juni 2027, 21 dagar för sent." in case_page.text
    assert months.to("studierektor", "skulle ha varit åtgärdad")[-1] == due + timedelta(days=15)

    # The breach is still open: the extra internal review finds it met, and it is closed by that.
    ovs = sat(app, "ovs")
    planned = ovs.send(f"/inspektioner/{first}/extra", areas=["D"])
    extra = planned.request.path
    form = page(ovs.client.get(f"{extra}/koder")).form(f"{extra}/koder")
    codes = codes_by_role(page(ovs.client.post(f"{extra}/koder", data=form | {"act": "open"})))
    world.all_hand_in(codes)
    months.until(due + timedelta(days=44))
    sat(app, "ovs").send(f"{extra}/stang")
    closed = page(sat(app, "studierektor").send(case, f"{case}/uppfylld"))
    assert "Uppfyllt i den extra interna granskningen som avslutades 5 juli 2027" in closed.text
    for who in (*UNIT, "ovs"):
        assert "En brist" not in home(app, who)
    before = len(months.mails)
    months.until(due + timedelta(days=120))
    assert [mail for mail in months.mails[before:] if "brist" in mail[2]] == []
    history = text_of(page(sat(app, "ovs").client.get(case)).one("section", aria_labelledby="history"))
    for act in ("lämnades tillbaka", "godkändes", "Uppföljningen började"):
        assert act in history


def press(who: Staff, where: str, act: str, **values: str) -> None:
    assert page(who.send(where, act=act, **values))


def test_a_reviews_deficiency_is_mended_and_reported_in_time(world: World, app: Flask, months: Months):
    world.clock.forward(days=9)  # 1 December
    lead = sat(app, "studierektor")
    kept = lead.send(
        "/granskningar/ny", unit_id=world.places["unit"].id, reported_on="2026-08-31", reviewer="SPUR",
        grade_D="D", area_1="D", text_1="Program saknas för två av fyra.", regulation_1="y",
    )  # fmt: skip
    review = kept.request.path
    (case,) = links(page(kept), "/uppfoljning/")
    assert "Ska vara åtgärdad senast 28 februari 2027" in page(lead.client.get(case)).text
    lead.send(case, what="Skriv programmen", status="done", evidence="Fyra av fyra är klara.")
    months.until(date(2027, 1, 29))
    assert months.to("studierektor", "En brist ska vara åtgärdad senast 28 februari 2027") == [
        date(2026, 12, 30), date(2027, 1, 29),
    ]  # fmt: skip
    lead = sat(app, "studierektor")
    report = lead.send(f"/uppfoljning/rapport/ny?granskning={review.rsplit('/', 1)[1]}").request.path
    press(lead, report, "send")
    press(sat(app, "verksamhetschef"), f"{report}/underskrift", "sign")
    months.until(date(2027, 3, 3))
    press(sat(app, "ovs"), f"{report}/beslut", "approve")
    assert "Rapporterad 29 januari 2027, i tid." in page(sat(app, "studierektor").client.get(case)).text
    # The unit has done its part: it is hers to decide, and she is told at home.
    assert months.to("studierektor", "skulle ha varit åtgärdad") == []
    assert "En brist skulle ha varit åtgärdad: Kliniken" in home(app, "ovs")
    sat(app, "ovs").send(f"{case}/beslut", act="close", reason="Programmen är sedda.")
    assert "En brist" not in home(app, "ovs")
    paper = sat(app, "ovs").client.get(f"{report}.pdf")
    assert paper.data.startswith(b"%PDF")


def test_a_unit_that_never_does_anything_is_not_forgotten(world: World, app: Flask, months: Months):
    held(world, app, {"B3": 0}, unit="far", by="far")
    due = date(2027, 5, 22)
    months.until(due + timedelta(days=60))
    late = months.to("far", "skulle ha varit åtgärdad")
    assert late == [due + timedelta(days=after) for after in range(1, 61, 7)]
    for who in ("far", "ovs_away"):
        assert "Skulle ha varit åtgärdad 22 maj 2027, för 60 dagar sedan." in home(app, who)
        assert "aldrig granskad: Fjärrkliniken" in home(app, who)
    told = [body for _day, who, subject, body in months.mails if who == "ovs_away" and "Så står" in subject]
    assert len(told) == 9  # the first at once, then one a month
    assert all("Fjärrkliniken" in body for body in told)
    assert "Fjärrkliniken" in page(sat(app, "region").client.get("/oversikt")).text
    others = {who for _day, who, subject, _body in months.mails if "åtgärdad" in subject}
    assert others == {"far"}
