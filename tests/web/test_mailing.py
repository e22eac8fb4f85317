"""The studierektor mails the codes on the web: nothing odd passes unseen, nothing typed is lost."""

import logging
import subprocess
from datetime import UTC, datetime, timedelta

import mail_server
import pytest
from flask import Flask
from mail_server import Postbox
from pages import Staff, page
from world import World, people

from questionnaires.model import Role
from stins.config import Mail, Security, environment, settings
from stins.services.invite import mailing
from stins.web import posting
from tests.services.mailed import (
    HL,
    ST,
    addresses,
    code_in,
    codes_stored,
    looked,
    planned,
    send,
    states,
    using,
)
from tests.services.mailed import opened as opened_by_mail

EVERYBODY = people(5, 4, 1, 1)


@pytest.fixture
def postbox() -> Postbox:
    return Postbox()


@pytest.fixture
def world(world: World, postbox: Postbox):
    """A world with a mail server."""
    with mail_server.serving(postbox) as found:
        yield using(world, found)


@pytest.fixture
def begun(app: Flask) -> list[str]:
    """The inspections whose mail was begun, in place of a process."""
    found: list[str] = []
    app.send_mail = lambda _settings, id: found.append(id)
    return found


@pytest.fixture
def lead(app: Flask, begun: list[str]) -> Staff:
    return Staff(app, "studierektor@prov.example")


def text(response, status: int = 200) -> str:
    return page(response, status).text


def test_from_pasted_addresses_to_mail_that_is_on_its_way(world: World, lead: Staff, begun: list[str]):
    id = world.plan(eligible=EVERYBODY)
    where = f"/inspektioner/{id}/epost"
    assert where in lead.client.get(f"/inspektioner/{id}").get_data(as_text=True)
    assert where in lead.client.get(f"/inspektioner/{id}/koder").get_data(as_text=True)
    boxes = {
        ST: "; ".join(f"Prov Åström <{each}>" for each in addresses(ST, 5)),
        HL: "\n".join(addresses(HL, 4)),
        Role.VERKSAMHETSCHEF: addresses(Role.VERKSAMHETSCHEF, 1)[0],
    }
    review = page(lead.send(where, **boxes))
    assert "Granska utskicket" in review.text
    assert "ST-läkare 5 mejl Handledare 4 mejl Verksamhetschef Ett mejl Studierektor En lapp" in review.text
    assert "EXEM-PELK-ODEX-EMPE-LKOD-EXEM" in review.text
    assert "Koden i exemplet är påhittad" in review.text
    assert "Prov Åström" not in review.text
    assert begun == []
    shown = page(lead.send(f"{where}/granska"))
    assert "Studierektor: 1 kod" in shown.text
    assert "ST-läkare:" not in shown.text
    assert begun == [id]
    assert codes_stored(world, id) == {Role.STUDIEREKTOR: 1}
    assert "10 mejl väntar" in text(lead.client.get(f"{where}/laget"))
    send(world, id)
    assert "Utskicket är klart." in text(lead.client.get(f"{where}/laget"))
    assert f"{where}/laget" in lead.client.get(f"/inspektioner/{id}").get_data(as_text=True)
    assert lead.client.get(where).headers["Location"].endswith("/laget")


def test_without_slips_opening_leads_straight_to_how_far_it_has_come(world: World, lead: Staff):
    id = planned(world)
    assert "E-post och påminnelser" in text(lead.send(f"/inspektioner/{id}/epost/granska"))


def test_opening_twice_leads_to_how_far_it_has_come_and_sends_once(
    world: World, lead: Staff, begun: list[str]
):
    id = planned(world)
    where = f"/inspektioner/{id}/epost/granska"
    form = page(lead.client.get(where)).form(where)
    for _ in range(2):
        assert lead.client.post(where, data=form).headers["Location"].endswith("/laget")
    assert begun == [id]


def test_everything_odd_stands_beside_its_box_and_nothing_typed_is_lost(world: World, lead: Staff):
    id = world.plan(eligible=EVERYBODY)
    boxes = {
        ST: "\n".join([*addresses(ST, 4), "anna.sjukhus.example", "åsa@sjukhus.example"]),
        HL: f"{addresses(ST, 1)[0]}\novs@prov.example",
    }
    shown = page(lead.send(f"/inspektioner/{id}/epost", **boxes), 422)
    assert {name: shown.form("")[name] for name in boxes} == boxes
    for sentence in (
        "ST-läkare: Rad 5 går inte att läsa som en adress: anna.sjukhus.example.",
        "Rad 6: åsa@sjukhus.example. Adresser med å, ä eller ö kan vi inte skicka till.",
        "Adressen står i mer än en roll: st_lakare.1@sjukhus.example.",
        "ovs@prov.example hör till någon som får läsa resultatet.",
    ):
        assert sentence in shown.text
    assert shown.by_id(ST).get("aria-invalid") == "true"


def test_another_number_than_the_declared_may_be_made_the_declared(world: World, lead: Staff):
    id = world.plan(eligible=EVERYBODY)
    boxes = {ST: "\n".join(addresses(ST, 6))}
    shown = page(lead.send(f"/inspektioner/{id}/epost", **boxes), 422)
    assert "6 adresser, men enligt planen ska 5 svara." in shown.text
    assert "ST-läkare 6 mejl" in text(lead.send(f"/inspektioner/{id}/epost", **boxes, adjust="y"))


def test_numbers_that_a_plan_may_not_have_are_refused_beside_their_box(world: World, lead: Staff):
    id = world.plan(eligible=people(5, 1))
    boxes = {ST: "\n".join(addresses(ST, 2))}
    shown = page(lead.send(f"/inspektioner/{id}/epost", **boxes, adjust="y"), 422)
    assert "Minst 5 ST-läkare och handledare behövs" in shown.text
    assert shown.form("")["adjust"] == "y"


def test_a_list_that_is_too_long_is_told(world: World, lead: Staff):
    id = world.plan()
    assert "Listan är för lång" in text(lead.send(f"/inspektioner/{id}/epost", **{ST: "x" * 40_001}), 422)


def test_an_address_that_stood_twice_is_told_on_the_next_page(world: World, lead: Staff):
    id = world.plan(eligible=EVERYBODY)
    boxes = {ST: "\n".join([*addresses(ST, 5), addresses(ST, 1)[0]])}
    shown = page(lead.send(f"/inspektioner/{id}/epost", **boxes))
    assert "En adress stod mer än en gång st_lakare.1@sjukhus.example får ett mejl." in shown.text
    form = shown.form(f"/inspektioner/{id}/epost/granska")
    assert lead.client.post(f"/inspektioner/{id}/epost/granska", data=form).status_code == 200


def test_a_likely_slip_is_asked_about_in_the_preview(world: World, lead: Staff):
    id = world.plan(eligible=EVERYBODY)
    boxes = {ST: "\n".join([*addresses(ST, 4), "eva@sjukuhs.example"])}
    assert "eva@sjukuhs.example: de andra slutar på sjukhus.example" in text(
        lead.send(f"/inspektioner/{id}/epost", **boxes)
    )


def test_empty_boxes_lead_to_slips(world: World, lead: Staff):
    id = planned(world)
    shown = lead.send(f"/inspektioner/{id}/epost", **dict.fromkeys(Role, ""))
    assert "Inga adresser är inlagda. Koderna delas ut som lappar." in text(shown)
    assert lead.send(f"/inspektioner/{id}/koder", act="open").status_code == 200


def test_slips_are_not_made_for_a_draft_whose_addresses_are_kept(world: World, lead: Staff):
    id = planned(world)
    shown = lead.send(f"/inspektioner/{id}/koder", act="open")
    assert "Adresser är inlagda för koderna." in text(shown, 422)


def test_what_stands_in_the_way_of_opening_is_told_in_the_preview(world: World, lead: Staff, begun):
    id = planned(world)
    world.open()
    assert "En inspektion pågår redan på Kliniken." in text(
        lead.send(f"/inspektioner/{id}/epost/granska"), 422
    )
    assert begun == []


def test_a_plan_that_changed_is_told_before_and_at_the_opening(world: World, lead: Staff, begun):
    id = planned(world)
    lead.send(f"/inspektioner/{id}/andra", **{"people-handledare": "9"})
    where = f"/inspektioner/{id}/epost/granska"
    assert "Handledare: 4 adresser, men enligt planen ska 9 svara." in text(lead.client.get(where))
    assert "Handledare: 4 adresser" in text(lead.send(where), 422)
    assert begun == []


def test_the_preview_without_addresses_leads_back_to_the_boxes(world: World, lead: Staff):
    id = world.plan()
    assert lead.client.get(f"/inspektioner/{id}/epost/granska").headers["Location"].endswith("/epost")


def test_failures_are_named_and_a_spare_code_is_shown_once(world: World, lead: Staff, postbox: Postbox):
    wrong = addresses(ST, 1)[0]
    postbox.refuses[wrong] = "550 5.1.1 no such user"
    id, _ = opened_by_mail(world)
    send(world, id)
    where = f"/inspektioner/{id}/epost/laget"
    shown = page(lead.client.get(where))
    assert f"{wrong}, ST-läkare" in shown.text
    assert "Mejlservern svarade: 550 5.1.1 no such user" in shown.text
    token = shown.all("input", name="csrf_token")[0].get("value")
    data = {"csrf_token": token, "act": "spare", "role": ST}
    spare = page(lead.client.post(where, data=data))
    assert "Koden gäller för ett svar som ST-läkare." in spare.text
    printed = f"/inspektioner/{id}/koder/lappar.pdf"
    assert lead.client.post(printed, data=spare.form(printed)).mimetype == "application/pdf"
    assert codes_stored(world, id)[ST] == 5
    assert lead.client.post(where, data=data | {"role": "chef"}).status_code == 404
    assert lead.client.post(where, data=data | {"act": "annat"}).status_code == 404
    assert lead.client.post(where, data=data | {"csrf_token": ""}).status_code == 400


def press(lead: Staff, id: str, act: str, **values: str):
    where = f"/inspektioner/{id}/epost/laget"
    token = page(lead.client.get(where)).all("input", name="csrf_token")[0].get("value")
    data = {"csrf_token": token, "act": act} | values
    return lead.client.post(where, data=data, follow_redirects=True)


def test_refused_addresses_are_tried_again(world: World, lead: Staff, postbox: Postbox, begun: list[str]):
    postbox.refuses[addresses(ST, 1)[0]] = "550 5.7.1 relaying denied"
    id, _ = opened_by_mail(world)
    send(world, id)
    assert "Utskicket har startat." in text(press(lead, id, "retry"))
    assert begun == [id]
    assert looked(world, id).total("waiting") == 1
    send(world, id)
    assert "Inget mejl finns att försöka igen med." not in text(press(lead, id, "retry"))
    postbox.refuses.clear()
    send(world, id)
    assert "Inget mejl finns att försöka igen med." in text(press(lead, id, "retry"), 422)


def test_an_uncertain_address_is_named(world: World, lead: Staff, postbox: Postbox):
    postbox.dies_at["DATA"] = 3
    id, _ = opened_by_mail(world)
    send(world, id)
    ((uncertain,),) = [looked(world, id).uncertain]
    shown = text(lead.client.get(f"/inspektioner/{id}/epost/laget"))
    assert "För en adress vet vi inte om mejlet kom fram" in shown
    assert uncertain.address in shown


def test_what_waits_is_sent_at_the_press_of_a_button(world: World, lead: Staff, begun: list[str]):
    id, _ = opened_by_mail(world)
    assert "Utskicket har startat." in text(press(lead, id, "send"))
    assert begun == [id]


def test_reminders_by_hand_and_on_set_days(world: World, lead: Staff, begun: list[str]):
    id, _ = opened_by_mail(world)
    send(world, id)
    day = world.clock.today() + timedelta(days=3)
    assert "Påminnelsen är inlagd." in text(press(lead, id, "remind", day=day.isoformat()))
    assert begun == []
    assert "Den dagen finns redan en påminnelse." in text(press(lead, id, "remind", day=day.isoformat()), 422)
    assert "Skriv dagen som år-månad-dag" in text(press(lead, id, "remind", day="imorgon"), 422)
    assert "Välj en dag från" in text(press(lead, id, "remind", day="2027-12-01"), 422)
    press(lead, id, "unset", day=day.isoformat())
    assert looked(world, id).reminders == ()
    press(lead, id, "remind_now")
    assert begun == [id]
    send(world, id)
    for ahead in (1, 2):
        press(lead, id, "remind", day=(world.clock.today() + timedelta(days=ahead)).isoformat())
    shown = text(press(lead, id, "remind", day=day.isoformat()), 422)
    assert "Högst 3 påminnelser skickas" in shown
    assert "Alla påminnelser är använda." in shown


def test_the_page_tells_nothing_of_who_has_answered(world: World, lead: Staff, postbox: Postbox):
    id, _ = opened_by_mail(world)
    send(world, id)
    before = text(lead.client.get(f"/inspektioner/{id}/epost/laget"))
    for _, message in postbox.taken:
        world.hand_in(code_in(message))
    assert text(lead.client.get(f"/inspektioner/{id}/epost/laget")) == before
    assert not [each for each in states(world, id) if each in before]


def test_the_promise_says_that_addresses_are_kept_where_codes_are_mailed(world: World, lead: Staff):
    id, _ = opened_by_mail(world)
    other, _codes = world.open("far", "far")
    client = lead.client
    assert "krypterade" in text(client.get(f"/sa-skyddas-ditt-svar?inspektion={id}"))
    assert "e-post" not in text(client.get(f"/sa-skyddas-ditt-svar?inspektion={other}"))
    assert "Skickas koderna med e-post" in text(client.get("/sa-skyddas-ditt-svar"))


def test_without_a_mail_server_the_choice_is_nowhere(world: World, app: Flask, lead: Staff):
    draft = planned(world)
    app.installation = using(world, None).installation
    for path in ("epost", "epost/granska", "epost/laget"):
        assert lead.client.get(f"/inspektioner/{draft}/{path}").status_code == 404
    for path in ("", "/koder"):
        assert "epost" not in lead.client.get(f"/inspektioner/{draft}{path}").get_data(as_text=True)


# --- The process ----------------------------------------------------------------------------------------


@pytest.fixture
def own_process(world: World) -> World:
    """A world whose pepper another process can read, and whose clock shows the real day."""
    found = world.installation.settings
    found.pepper_file.write_text(world.box.pepper.hex())
    found.secret_key_file.write_text(world.installation.secret_key.hex())
    world.clock.instant = datetime.now(UTC).replace(tzinfo=None)
    return world


def test_a_process_of_its_own_sends_and_is_told_no_address_and_no_code(
    own_process: World, postbox: Postbox, monkeypatch: pytest.MonkeyPatch
):
    world = own_process
    id, _ = opened_by_mail(world)
    started: list[subprocess.Popen] = []

    class Watched(subprocess.Popen):
        def __init__(self, words, **how) -> None:
            started.append(self)
            self.how = how
            super().__init__(words, **how)

    monkeypatch.setattr(posting.subprocess, "Popen", Watched)
    monkeypatch.setenv("STINS_OPERATOR", "of another")
    posting.start(world.installation.settings, id)
    ((process,),) = [started]
    assert process.wait(60) == 0
    assert len(postbox.taken) == 11
    assert set(states(world, id).values()) == {"sent"}
    assert process.args[1:] == ["-P", "-m", "stins", "send-mail", id]
    given = {name: value for name, value in process.how["env"].items() if name.startswith("STINS_")}
    assert given == environment(world.installation.settings)
    held = " ".join([*process.args, *process.how["env"].values()])
    for to, message in postbox.taken:
        assert to not in held
        assert code_in(message) not in held


def test_a_process_that_fails_names_nobody(own_process: World, postbox: Postbox, capfd):
    world = own_process
    id, _ = opened_by_mail(world)
    postbox.dies_at["DATA"] = 0
    command = [posting.sys.executable, "-m", "stins", "send-mail", id]
    env = environment(world.installation.settings)
    done = subprocess.run(command, env=env, capture_output=True, text=True, check=False)
    assert done.returncode == 1
    assert done.stdout == ""
    assert done.stderr == (
        "Error: the mail server could not be used: the line was broken (SMTPServerDisconnected); "
        "look at STINS_SMTP_…\n"
    )
    with world.store.writing() as session:
        from sqlalchemy import text as sql

        session.execute(sql("UPDATE recipient SET address = state"))
    done = subprocess.run(command, env=env, capture_output=True, text=True, check=False)
    assert done.stderr == "Error: mail to respondents stopped: Forged\n"


def test_where_no_process_can_be_started_the_mail_waits_for_the_timer(
    world: World, app: Flask, lead: Staff, caplog: pytest.LogCaptureFixture
):
    def unable(_settings, _id: str) -> None:
        raise BlockingIOError("no more processes")

    app.send_mail = unable
    id = planned(world)
    with caplog.at_level(logging.WARNING):
        assert "11 mejl väntar" in text(lead.send(f"/inspektioner/{id}/epost/granska"))
    assert "mail process not started BlockingIOError" in caplog.text
    assert mailing.send_all(world.store, world.box, world.installation.settings, lambda: world.at).sent == 11


def test_a_process_reads_the_very_settings(world: World, tmp_path):
    mail = Mail(
        "mail.region.example", 587, Security.STARTTLS, "stins", tmp_path / "p", tmp_path / "ca", "a@b.se"
    )
    for given in (mail, None):
        found = using(world, given).installation.settings
        assert settings(environment(found)) == found
