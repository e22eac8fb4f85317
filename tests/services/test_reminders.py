"""Who is reminded of what, once, in one mail: breaches, reports, reviews and the month's digest."""

import re
import threading
from dataclasses import replace
from datetime import date, datetime, timedelta

import pytest
from sqlalchemy import func, select, update
from statements import counted
from world import World, people

from scoring.rounds import Mode
from stins.config import Mail, Security
from stins.services import health
from stins.services.close import Moment
from stins.services.followup import opening
from stins.services.mail import outbox
from stins.services.reminders import kinds, running
from stins.services.reminders.kinds import Kind
from stins.services.rights import Kind as PlaceKind
from stins.services.rights import Office
from stins.store.tables import (
    Account,
    ExternalReview,
    FollowUp,
    FollowUpReport,
    FollowUpReportEvent,
    FollowUpReportSignature,
    FollowUpReportVersion,
    Outgoing,
    Reminded,
)
from tests.services.following import decide, deficient, everyone, inspected, mended, of, talked
from tests.services.test_reviews_corrected import MISSING, correct, registered

NOWHERE = Mail("127.0.0.1", 1, Security.NONE, "", None, None, "stins@region.example")
DUE = date(2027, 5, 22)


@pytest.fixture
def mailed(world: World) -> World:
    """A world whose installation sends mail."""
    using = replace(world.installation.settings, mail=NOWHERE, operator="Regionen")
    world.installation = replace(world.installation, settings=using)
    return world


def remind(world: World, day: date | None = None) -> dict[str, Outgoing]:
    """Run on a day and give the mails that it put in the outbox, by person."""
    at = Moment(world.clock.now(), day or world.clock.today())
    with world.store.reading() as session:
        before = set(session.scalars(select(Outgoing.id)))
    running.enqueue(world.store, world.box, world.installation.settings, at)
    with world.store.reading() as session:
        rows = session.scalars(select(Outgoing).where(Outgoing.id.not_in(before))).all()
    ids = {person.id: who for who, person in world.people.items()}
    found = {ids[row.account_id]: row for row in rows}
    assert len(found) == len(rows), "somebody got two mails"
    return found


def without_digest(world: World) -> None:
    """Let nobody have the digest, where a test is about something else."""
    for who in ("ovs", "ovs_away"):
        choose(world, who)


def choose(world: World, who: str, *wanted: Kind) -> None:
    with world.store.writing() as session:
        kinds.choose(session, world.people[who], wanted)


def short(world: World) -> str:
    """Hold an inspection with one breach, B3, due 22 May 2027; give the follow-up."""
    inspected(world, {"B3": 0})
    without_digest(world)
    return of(world, "B3").id


def test_a_breach_is_told_to_those_in_charge_of_the_unit_and_nobody_else(mailed: World):
    id = short(mailed)
    found = remind(mailed, DUE - timedelta(days=60))
    assert found.keys() == {"studierektor", "verksamhetschef"}
    mail = found["studierektor"]
    assert mail.subject == "En brist ska vara åtgärdad senast 22 maj 2027 – Kliniken"
    assert "Hej Prov studierektor!" in mail.body
    assert f"http://127.0.0.1:8000/uppfoljning/{id}\n" in mail.body
    assert "om 60 dagar" in mail.body
    assert "http://127.0.0.1:8000/installningar" in mail.body
    assert "som drivs av Regionen" in mail.body


def test_a_breach_is_told_at_each_stage_once(mailed: World):
    short(mailed)
    told = {}
    for left in range(70, -20, -1):
        found = remind(mailed, DUE - timedelta(days=left))
        if found:
            told[left] = found["verksamhetschef"].subject.split(" 22")[0]
            assert len(found) == 2
        assert remind(mailed, DUE - timedelta(days=left)) == {}
    before, after = "En brist ska vara åtgärdad senast", "En brist skulle ha varit åtgärdad"
    assert told == {60: before, 30: before, 7: before, -1: after, -8: after, -15: after}


def test_what_a_still_timer_missed_is_not_made_up_for(mailed: World):
    short(mailed)
    assert len(remind(mailed, DUE - timedelta(days=6))) == 2
    assert remind(mailed, DUE) == {}
    with mailed.store.reading() as session:
        assert set(session.scalars(select(Reminded.stage))) == {"before 7"}
    assert len(remind(mailed, DUE + timedelta(days=40))) == 2
    assert remind(mailed, DUE + timedelta(days=42)) == {}


def test_several_breaches_are_told_in_one_mail_the_late_ones_first(mailed: World):
    inspected(mailed, {"B3": 0, "E13": 0})
    without_digest(mailed)
    with mailed.store.writing() as session:
        session.execute(update(FollowUp).where(FollowUp.criterion == "E13").values(due_on=date(2027, 3, 1)))
    found = remind(mailed, date(2027, 4, 1))["studierektor"]
    assert found.subject == "En brist skulle ha varit åtgärdad 1 mars 2027 – Kliniken"
    assert found.body.index("E13") < found.body.index("B3")
    assert "för 31 dagar sedan" in found.body
    late = remind(mailed, DUE + timedelta(days=1))["studierektor"]
    assert late.subject == "2 brister skulle ha varit åtgärdade"


def test_two_breaches_that_are_due_soon_are_counted_in_the_subject(mailed: World):
    inspected(mailed, {"B3": 0, "E13": 0})
    without_digest(mailed)
    assert remind(mailed, DUE)["studierektor"].subject == "2 brister ska åtgärdas"


def test_a_breach_that_was_mended_is_told_no_more_until_it_is_back(mailed: World):
    id = short(mailed)
    mended(mailed)
    decide(mailed, "closed", id)
    assert remind(mailed, DUE + timedelta(days=1)) == {}
    decide(mailed, "reopened", id)
    assert len(remind(mailed, DUE + timedelta(days=1))) == 2


@pytest.mark.parametrize("state", ["handed_in", "approved"])
def test_a_breach_whose_report_is_handed_in_is_told_no_more(mailed: World, state: str):
    id = short(mailed)
    choose(mailed, "ovs")
    report(mailed, state, of_follow_up=id)
    assert remind(mailed, DUE + timedelta(days=1)) == {}


def test_a_breach_of_a_group_is_told_to_those_who_lead_it_and_the_heads_of_its_units(mailed: World):
    id, codes = mailed.open("group", "group", eligible=people(7, 9))
    mailed.all_hand_in(codes, answers={"B3": 0})
    mailed.close(id, "group")
    without_digest(mailed)
    assert remind(mailed, DUE).keys() == {"group", "member"}
    assert remind(mailed, DUE + timedelta(days=1)).keys() == {"group", "member"}


def test_breaches_of_a_day_are_told_in_the_order_of_the_catalogue(mailed: World):
    inspected(mailed, dict.fromkeys(("D2", "E13", "B3", "D10"), 0))
    inspected_elsewhere = [each.id for each in everyone(mailed, "studierektor")]
    assert len(inspected_elsewhere) > 1
    body = remind(mailed, DUE)["studierektor"].body
    told = re.findall(r"^  Kliniken: ([A-H]\d+),", body, re.MULTILINE)
    assert told == sorted(told, key=lambda id: (id[0], int(id[1:])))
    assert len(told) == len(inspected_elsewhere)


def test_a_deficiency_is_told_by_its_area_without_its_text(mailed: World):
    deficient(mailed, True)
    without_digest(mailed)
    mail = remind(mailed, date(2027, 2, 20))["studierektor"]
    assert "Kliniken: område B, från extern granskning" in mail.body
    assert "Handledare saknas" not in mail.body


def test_a_deficiency_whose_day_was_moved_is_told_of_anew_at_each_stage(mailed: World):
    review = registered(mailed, MISSING)
    without_digest(mailed)
    first = opening.mend_by(review.reported_on)
    assert len(remind(mailed, first - timedelta(days=30))) == 2
    moved = correct(mailed, review, reported_on=review.reported_on + timedelta(days=20))
    due = opening.mend_by(moved.reported_on)
    assert len(remind(mailed, due - timedelta(days=50))) == 2
    assert len(remind(mailed, due - timedelta(days=30))) == 2
    assert remind(mailed, due - timedelta(days=29)) == {}


def ended(world: World, who: str) -> None:
    with world.store.writing() as session:
        session.execute(update(Account).where(Account.name == f"Prov {who}").values(active=False))


def test_an_ended_account_is_told_nothing(mailed: World):
    short(mailed)
    ended(mailed, "studierektor")
    assert remind(mailed, DUE).keys() == {"verksamhetschef"}


def test_a_kind_that_was_turned_off_is_not_told_but_what_is_late_is(mailed: World):
    short(mailed)
    choose(mailed, "studierektor")
    assert remind(mailed, DUE).keys() == {"verksamhetschef"}
    assert remind(mailed, DUE + timedelta(days=1)).keys() == {"studierektor", "verksamhetschef"}
    choose(mailed, "studierektor", *Kind)
    with mailed.store.reading() as session:
        assert kinds.turned_off(session, mailed.people["studierektor"]) == frozenset()


def test_a_mail_of_what_is_late_alone_says_why_it_cannot_be_turned_off(mailed: World):
    short(mailed)
    mail = remind(mailed, DUE + timedelta(days=1))["studierektor"]
    assert "kan inte stängas av: en föreskrift följs inte" in mail.body
    assert "/installningar" not in mail.body
    assert "för en dag sedan" in mail.body


# --- reports ---------------------------------------------------------------------------------------------


def report(
    world: World, state: str, where: str = "unit", *, since: date | None = None, of_follow_up: str = ""
) -> str:
    """Lay a report in a state, with one version."""
    since = since or world.clock.today()
    with world.store.writing() as session:
        id, review = world.box.new_id(), world.box.new_id()
        node = world.places[where].id
        session.add(
            ExternalReview(
                id=review, node_id=node, reported_on=world.clock.today(), reviewer="X", grades={}, report=""
            )
        )
        session.flush()
        session.add(
            FollowUpReport(
                id=id, node_id=node, review_id=review, state=state, since=since,
                lang="sv", handed_in_on=None, approved_on=None,
            )
        )  # fmt: skip
        session.flush()
        version(session, id, 1, world.clock.now())
        if of_follow_up:
            session.execute(update(FollowUp).where(FollowUp.id == of_follow_up).values(report_id=id))
    return id


def version(session, id: str, number: int, at: datetime) -> None:
    session.add(FollowUpReportVersion(report_id=id, number=number, text="Hemligt", at=at, account_id=None))
    session.flush()


def sign(world: World, id: str, where: str, number: int = 1) -> None:
    with world.store.writing() as session:
        session.add(
            FollowUpReportSignature(
                report_id=id, number=number, node_id=world.places[where].id, name="V", on_paper=False,
                signed_on=world.clock.today(), account_id=world.people["member"].id,
            )
        )  # fmt: skip


def returned(world: World, id: str) -> None:
    with world.store.writing() as session:
        session.add(
            FollowUpReportEvent(
                id=world.box.new_id(), report_id=id, at=world.clock.now(), account_id=world.people["ovs"].id,
                act="returned", detail="Skriv mer",
            )
        )  # fmt: skip


@pytest.mark.parametrize(
    ("state", "who", "says"),
    [
        ("signing", "verksamhetschef", "rapporten väntar på din underskrift"),
        ("handed_in", "ovs", "rapporten väntar på att du godkänner den"),
    ],
)
def test_a_report_that_waits_is_told_that_day_and_then_weekly(mailed: World, state: str, who: str, says: str):
    without_digest(mailed)
    choose(mailed, "ovs", Kind.REPORT_WAITING)
    id, today = report(mailed, state), mailed.clock.today()
    told = []
    for day in range(15):
        for name, mail in remind(mailed, today + timedelta(days=day)).items():
            told.append((day, name))
            assert mail.subject == "En rapport väntar på dig – Kliniken"
            assert says in mail.body
            assert f"/uppfoljning/rapport/{id}\n" in mail.body
            assert "Hemligt" not in mail.body
    assert told == [(0, who), (7, who), (14, who)]


def test_a_paper_that_is_to_be_recorded_waits_for_who_decides(mailed: World):
    ended(mailed, "verksamhetschef")
    without_digest(mailed)
    choose(mailed, "ovs", Kind.REPORT_WAITING)
    report(mailed, "signing")
    mail = remind(mailed)["ovs"]
    assert mail.subject == "En rapport väntar på dig – Kliniken"
    assert "rapporten väntar på att du registrerar en underskrift på papper" in mail.body
    assert remind(mailed) == {}
    assert remind(mailed, mailed.clock.today() + timedelta(days=7)).keys() == {"ovs"}


def test_a_paper_that_is_to_be_recorded_is_in_the_digest(mailed: World):
    ended(mailed, "verksamhetschef")
    report(mailed, "signing")
    choose(mailed, "ovs", Kind.DIGEST)
    found = remind(mailed, date(2026, 12, 1))
    assert "1 rapport väntar på att en underskrift på papper registreras\n  - Kliniken" in found["ovs"].body


def test_a_report_that_came_back_waits_for_the_studierektor_until_it_is_rewritten(mailed: World):
    without_digest(mailed)
    id = report(mailed, "draft")
    assert remind(mailed) == {}
    mailed.clock.forward(hours=1)
    returned(mailed, id)
    assert remind(mailed).keys() == {"studierektor"}
    mailed.clock.forward(hours=1)
    with mailed.store.writing() as session:
        version(session, id, 2, mailed.clock.now())
    assert remind(mailed, mailed.clock.today() + timedelta(days=7)) == {}


def test_a_group_report_waits_for_the_heads_of_the_units_that_have_not_signed(mailed: World):
    without_digest(mailed)
    mailed.person("head", Office.VERKSAMHETSCHEF, "second")
    id, today = report(mailed, "signing", "group"), mailed.clock.today()
    assert remind(mailed).keys() == {"member", "head"}
    sign(mailed, id, "member")
    assert remind(mailed, today + timedelta(days=7)).keys() == {"head"}
    sign(mailed, id, "second")
    assert remind(mailed, today + timedelta(days=14)) == {}


def test_a_signature_under_an_older_version_does_not_count(mailed: World):
    without_digest(mailed)
    id = report(mailed, "signing")
    sign(mailed, id, "unit")
    assert remind(mailed) == {}
    with mailed.store.writing() as session:
        version(session, id, 2, mailed.clock.now())
    assert remind(mailed).keys() == {"verksamhetschef"}


def test_two_reports_are_counted_and_a_breach_that_is_late_goes_before(mailed: World):
    without_digest(mailed)
    report(mailed, "signing")
    report(mailed, "signing")
    assert remind(mailed)["verksamhetschef"].subject == "2 rapporter väntar på dig"


# --- external reviews -----------------------------------------------------------------------------------


def reviewed(world: World, day: date, where: str = "unit") -> None:
    with world.store.writing() as session:
        session.add(
            ExternalReview(
                id=world.box.new_id(), node_id=world.places[where].id, reported_on=day, reviewer="SPUR",
                grades={}, report="",
            )
        )  # fmt: skip


def test_the_next_review_is_told_of_before_and_each_quarter_after(mailed: World):
    without_digest(mailed)
    reviewed(mailed, date(2023, 2, 28))
    for day, subject in (
        (date(2027, 2, 27), None),
        (date(2027, 2, 28), "Extern granskning senast 28 februari 2028 – Kliniken"),
        (date(2027, 8, 28), "Extern granskning senast 28 februari 2028 – Kliniken"),
        (date(2028, 2, 28), None),
        (date(2028, 2, 29), "Extern granskning skulle ha gjorts senast 28 februari 2028 – Kliniken"),
        (date(2028, 5, 28), None),
        (date(2028, 5, 29), "Extern granskning skulle ha gjorts senast 28 februari 2028 – Kliniken"),
    ):
        found = remind(mailed, day)
        assert found.keys() == ({"studierektor", "verksamhetschef"} if subject else set()), day
        assert {mail.subject for mail in found.values()} == ({subject} if subject else set())


def test_a_review_of_a_group_counts_for_its_units_and_those_who_lead_both_get_one_mail(mailed: World):
    without_digest(mailed)
    reviewed(mailed, date(2023, 2, 28), "group")
    found = remind(mailed, date(2027, 3, 1))
    assert found["group"].subject == "2 externa granskningar att boka"
    assert found["member"].subject == "Extern granskning senast 28 februari 2028 – Norra vårdcentralen"
    late = remind(mailed, date(2028, 3, 1))
    assert late["group"].subject == "2 enheter väntar på extern granskning"


def test_a_new_review_starts_anew(mailed: World):
    without_digest(mailed)
    reviewed(mailed, date(2023, 2, 28))
    assert remind(mailed, date(2027, 3, 1))
    reviewed(mailed, date(2027, 3, 2))
    assert remind(mailed, date(2027, 9, 1)) == {}
    assert remind(mailed, date(2031, 3, 2)).keys() == {"studierektor", "verksamhetschef"}


# --- the digest ------------------------------------------------------------------------------------------


def test_the_digest_comes_once_a_month_from_the_first_working_day(mailed: World):
    assert remind(mailed, date(2027, 1, 3)) == {}
    found = remind(mailed, date(2027, 1, 4))
    assert found.keys() == {"ovs", "ovs_away"}
    assert found["ovs"].subject == "Så står det till i januari 2027 – Förvaltningen"
    assert "5 enheter har ingen registrerad" not in found["ovs_away"].body
    assert "1 enhet har ingen registrerad extern granskning\n  - Fjärrkliniken" in found["ovs_away"].body
    assert remind(mailed, date(2027, 1, 29)) == {}
    assert remind(mailed, date(2027, 2, 1)).keys() == {"ovs", "ovs_away"}


def test_the_digest_tells_how_it_stands_in_each_forvaltning_the_late_first(mailed: World):
    inspected(mailed, {"B3": 0, "E13": 0})
    report(mailed, "handed_in", "other")
    with mailed.store.writing() as session:
        session.execute(update(FollowUp).where(FollowUp.criterion == "E13").values(due_on=date(2027, 4, 30)))
    reviewed(mailed, date(2022, 1, 1), "member")
    reviewed(mailed, date(2022, 9, 1), "second")
    choose(mailed, "ovs", Kind.DIGEST)
    body = remind(mailed, date(2027, 5, 3))["ovs"].body
    lines = [
        "Förvaltningen\n",
        "1 brist skulle ha varit åtgärdad\n  - Kliniken: E13, ",
        "1 brist ska vara åtgärdad inom 60 dagar\n  - Kliniken: B3, ",
        "1 rapport väntar på godkännande\n  - Grannkliniken, sedan 22 november 2026",
        "1 enhet skulle ha granskats externt på nytt\n  - Norra vårdcentralen, senast 1 januari 2027",
        "1 enhet ska granskas externt inom ett år\n  - Södra vårdcentralen, senast 1 september 2027",
        "1 enhet har ingen registrerad extern granskning\n  - Kliniken",
        "http://127.0.0.1:8000/oversikt",
    ]
    places = [body.index(line) for line in lines]
    assert places == sorted(places)
    assert not any(word in body for word in ("Fjärrkliniken", "%", "Hemligt"))


def test_the_digest_counts_what_there_is_no_room_for(mailed: World):
    for number in range(11):
        mailed.place(f"u{number}", PlaceKind.ENHET, f"Mottagning {number:02}", mailed.places["away"])
    body = remind(mailed, date(2027, 1, 4))["ovs_away"].body
    assert "12 enheter har ingen registrerad extern granskning" in body
    assert body.count("  - ") == 10
    assert "och 2 till" in body


def test_a_digest_of_several_forvaltningar_has_a_part_for_each(mailed: World):
    mailed.person("all", Office.OVS, "region")
    mail = remind(mailed, date(2027, 1, 4))["all"]
    assert mail.subject == "Så står det till i januari 2027"
    assert mail.body.index("Andra förvaltningen\n") < mail.body.index("\nFörvaltningen\n")


def test_who_oversees_a_part_of_a_forvaltning_is_told_of_that_part(mailed: World):
    mailed.person("part_of", Office.OVS, "group")
    body = remind(mailed, date(2027, 1, 4))["part_of"].body
    assert "2 enheter har ingen registrerad extern granskning" in body
    assert "Kliniken" not in body


def test_a_digest_with_nothing_to_tell_is_not_sent_and_not_later_in_the_month(mailed: World):
    reviewed(mailed, date(2026, 6, 1), "far")
    assert "ovs_away" not in remind(mailed, date(2027, 1, 4))
    reviewed(mailed, date(2026, 6, 1), "far")
    assert remind(mailed, date(2027, 1, 5)) == {}


def test_a_digest_and_reminders_are_one_mail(mailed: World):
    report(mailed, "handed_in")
    mail = remind(mailed, date(2026, 12, 1))["ovs"]
    assert mail.subject == "En rapport väntar på dig – Kliniken"
    assert "Så står det till i december 2026" in mail.body


def test_of_a_dialogue_the_mails_say_only_what_the_unit_took_up(mailed: World):
    from tests.services.following import take_up

    id = talked(mailed)
    take_up(mailed, id, "B3")
    found = remind(mailed, date(2027, 5, 3))
    assert "Kliniken: B3, " in found["ovs"].body
    assert not any("D7" in mail.body or "E13" in mail.body for mail in found.values())
    assert Mode.DIALOGUE not in found["ovs"].body


# --- running ---------------------------------------------------------------------------------------------


def test_without_a_mail_server_nothing_is_written_or_marked(world: World):
    short(world)
    at = Moment(world.clock.now(), DUE)
    found = world.installation
    done = running.remind(world.store, world.box, found.settings, at, world.clock.now)
    assert done == running.Reminders(0, outbox.Sent())
    with world.store.reading() as session:
        assert session.scalar(select(func.count()).select_from(Reminded)) == 0
        assert session.scalar(select(func.count()).select_from(Outgoing)) == 0
    assert "home shows the same" in health.NO_MAIL


def test_a_run_writes_and_sends_and_what_could_not_be_sent_stays(mailed: World):
    short(mailed)
    at, using = Moment(mailed.clock.now(), DUE), mailed.installation.settings
    done = running.remind(mailed.store, mailed.box, using, at, mailed.clock.now)
    assert (done.written, done.sent.taken) == (2, 0)
    assert done.sent.away.startswith("it does not answer")
    assert running.remind(mailed.store, mailed.box, using, at, mailed.clock.now).written == 0


def test_two_runs_at_once_write_one_mail_to_each(mailed: World):
    short(mailed)
    at, using = Moment(mailed.clock.now(), DUE), mailed.installation.settings
    start, written = threading.Barrier(4), []

    def run() -> None:
        start.wait()
        written.append(running.enqueue(mailed.store, mailed.box, using, at))

    threads = [threading.Thread(target=run) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sum(written) == 2
    with mailed.store.reading() as session:
        assert session.scalar(select(func.count()).select_from(Outgoing)) == 2


def test_a_run_that_dies_before_it_is_stored_has_marked_nothing(mailed: World, monkeypatch):
    short(mailed)

    def dies(*_args):
        raise RuntimeError

    with monkeypatch.context() as patch:
        patch.setattr(outbox, "enqueue", dies)
        with pytest.raises(RuntimeError):
            remind(mailed, DUE)
    assert len(remind(mailed, DUE)) == 2


def test_marks_in_several_batches_part_nobody(mailed: World, monkeypatch: pytest.MonkeyPatch):
    inspected(mailed, {"B3": 0, "E13": 0, "B7": 0})
    monkeypatch.setattr(running, "MARKS_AT_ONCE", 2)
    found = remind(mailed, DUE)
    assert {"studierektor", "verksamhetschef"} <= found.keys()
    assert all(found[who].body.count("/uppfoljning/") == 3 for who in ("studierektor", "verksamhetschef"))


def queries(world: World, day: date) -> int:
    """Count what the reading asks; each person's mail is written by itself."""
    with counted(world.store) as asked:
        remind(world, day)
    return len(asked)


def test_the_number_of_questions_does_not_grow_with_the_units(mailed: World):
    few = queries(mailed, DUE)
    for number in range(20):
        mailed.place(f"u{number}", PlaceKind.ENHET, f"Mottagning {number:02}", mailed.places["part"])
        mailed.person(f"sr{number}", Office.STUDIEREKTOR, f"u{number}")
        reviewed(mailed, date(2022, 1, 1), f"u{number}")
    assert queries(mailed, DUE + timedelta(days=31)) == few
