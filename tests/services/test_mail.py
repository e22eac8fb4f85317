"""The outbox and the line, against a real server: closed lines, refusals, a server away, several senders."""

import threading
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import mail_server
import pytest
from mail_server import Authority, Postbox
from sqlalchemy import func, select, update
from world import World

from stins.config import Mail, Security
from stins.services.mail import outbox, smtp
from stins.services.mail.outbox import DELAYS, KEPT, LEASE, Draft, Sent
from stins.services.mail.smtp import Letter
from stins.store.tables import Account, Outgoing

TEXT = "Hej!\n\nPåminnelse från Kliniken på Öland.\n.\nHälsningar\n"


@pytest.fixture(scope="module")
def trusted(tmp_path_factory: pytest.TempPathFactory) -> Authority:
    return mail_server.authority(tmp_path_factory.mktemp("authority"))


@pytest.fixture(scope="module")
def stranger(tmp_path_factory: pytest.TempPathFactory) -> Authority:
    return mail_server.authority(tmp_path_factory.mktemp("stranger"))


@pytest.fixture
def postbox() -> Postbox:
    return Postbox()


@pytest.fixture
def mail(postbox: Postbox):
    with mail_server.serving(postbox) as found:
        yield found


def put(world: World, *who: str, subject: str = "Påminnelse åäö") -> None:
    drafts = [Draft(world.people[each].id, subject, TEXT) for each in who]
    with world.store.writing() as session:
        outbox.enqueue(session, world.box, drafts, world.clock.now())


def send(world: World, mail: Mail) -> Sent:
    return outbox.send(world.store, mail, world.clock.now)


def rows(world: World) -> list[Outgoing]:
    with world.store.reading() as session:
        return list(session.scalars(select(Outgoing).order_by(Outgoing.state, Outgoing.id)))


def the(world: World) -> Outgoing:
    (row,) = rows(world)
    return row


def test_a_mail_is_plain_text_from_a_program_with_an_id_of_its_own(
    world: World, postbox: Postbox, mail: Mail
):
    put(world, "ovs")
    assert send(world, mail) == Sent(taken=1)
    (message,) = postbox.to("ovs@prov.example")
    row = the(world)
    assert row.state == "sent"
    assert message["From"] == "STINS <stins@region.example>"
    assert message["To"] == "Prov ovs <ovs@prov.example>"
    assert message["Subject"] == "Påminnelse åäö"
    assert message["Message-ID"] == f"<{row.id}@region.example>"
    assert message["Auto-Submitted"] == "auto-generated"
    assert message["Date"].datetime.replace(tzinfo=None) == world.clock.now()
    assert message.get_content_type() == "text/plain"
    assert message.get_content_charset() == "utf-8"
    assert message.get_content().replace("\r\n", "\n") == TEXT


def test_what_was_sent_is_not_sent_again(world: World, postbox: Postbox, mail: Mail):
    put(world, "ovs", "studierektor")
    assert send(world, mail).taken == 2
    assert send(world, mail) == Sent()
    assert len(postbox.taken) == 2


def test_more_than_a_batch_is_sent_over_one_line(world: World, postbox: Postbox, mail: Mail):
    put(world, *["ovs"] * 45)
    assert send(world, mail) == Sent(taken=45)
    assert len({message["Message-ID"] for message in postbox.to("ovs@prov.example")}) == 45


@pytest.mark.parametrize("security", [Security.STARTTLS, Security.TLS])
def test_a_closed_line_to_a_trusted_server_is_signed_in_on(
    world: World, postbox: Postbox, trusted: Authority, security: Security, tmp_path: Path
):
    password = tmp_path / "smtp_password"
    password.write_text(mail_server.PASSWORD + "\n")
    put(world, "ovs")
    sign_in = security is Security.STARTTLS
    with mail_server.serving(postbox, trusted, security, sign_in=sign_in) as mail:
        if sign_in:
            mail = replace(mail, user=mail_server.USER, password_file=password)
        assert send(world, mail) == Sent(taken=1)
    assert len(postbox.taken) == 1


@pytest.mark.parametrize("security", [Security.STARTTLS, Security.TLS])
def test_a_server_that_nobody_we_trust_vouches_for_gets_nothing(
    world: World, postbox: Postbox, trusted: Authority, stranger: Authority, security: Security
):
    put(world, "ovs")
    with mail_server.serving(postbox, trusted, security) as mail:
        sent = send(world, replace(mail, ca_file=stranger.ca))
    assert "its certificate is not trusted" in sent.away
    assert (the(world).state, the(world).tries) == ("waiting", 0)
    assert postbox.asked == []


def test_a_certificate_for_another_name_is_not_trusted(world: World, postbox: Postbox, trusted: Authority):
    put(world, "ovs")
    with mail_server.serving(postbox, trusted, Security.STARTTLS) as mail:
        assert "its certificate is not trusted" in send(world, replace(mail, host="localhost")).away


def test_a_server_without_a_closed_line_gets_nothing(world: World, postbox: Postbox, mail: Mail):
    put(world, "ovs")
    sent = send(world, replace(mail, security=Security.STARTTLS))
    assert sent.away.startswith("no closed line could be had")
    assert postbox.asked == []


def test_a_wrong_password_sends_nothing(world: World, postbox: Postbox, trusted: Authority, tmp_path: Path):
    password = tmp_path / "smtp_password"
    password.write_text("fel")
    put(world, "ovs")
    with mail_server.serving(postbox, trusted, Security.STARTTLS, sign_in=True) as mail:
        sent = send(world, replace(mail, user=mail_server.USER, password_file=password))
        assert sent.away == "it does not take the user and password (535)"
        away = send(world, replace(mail, user=mail_server.USER, password_file=tmp_path / "none"))
        assert away.away == "no closed line could be had (FileNotFoundError)"
    assert the(world).state == "waiting"


def test_an_address_that_the_server_refuses_for_good_is_given_up_and_the_rest_sent(
    world: World, postbox: Postbox, mail: Mail
):
    postbox.refuses["ovs@prov.example"] = "550 5.1.1 ovs@prov.example finns inte"
    put(world, "ovs", "studierektor", "other")
    assert send(world, mail) == Sent(taken=2, failed=1)
    assert send(world, mail) == Sent()
    (failed,) = [row for row in rows(world) if row.state == "failed"]
    assert failed.trouble == "550"
    with world.store.reading() as session:
        (failure,) = outbox.failures(session)
    assert (failure.name, failure.number, failure.trouble) == ("Prov ovs", 1, "550")


def test_a_server_that_asks_us_to_come_back_is_asked_again_ever_more_seldom(
    world: World, postbox: Postbox, mail: Mail
):
    postbox.refuses["ovs@prov.example"] = "451 4.7.1 Greylisted"
    put(world, "ovs")
    for delay in DELAYS:
        assert send(world, mail) == Sent(later=1)
        assert send(world, mail) == Sent()
        world.clock.instant += delay - timedelta(seconds=1)
        assert send(world, mail) == Sent()
        world.clock.forward(seconds=1)
    assert send(world, mail) == Sent(failed=1)
    assert (the(world).state, the(world).trouble) == ("failed", "451")


def test_greylisted_once_it_is_taken_the_next_time(world: World, postbox: Postbox, mail: Mail):
    postbox.refuses["ovs@prov.example"] = "451 4.7.1 Greylisted"
    put(world, "ovs")
    send(world, mail)
    del postbox.refuses["ovs@prov.example"]
    world.clock.forward(minutes=5)
    assert send(world, mail) == Sent(taken=1)
    assert the(world).trouble == ""


def test_a_text_that_is_refused_is_treated_as_its_code_says(world: World, postbox: Postbox, mail: Mail):
    postbox.refuses_text = "554 5.7.1 spam"
    put(world, "ovs")
    assert send(world, mail) == Sent(failed=1)
    postbox.refuses_text = "452 4.3.1 full"
    put(world, "other")
    assert send(world, mail) == Sent(later=1)


def test_a_dead_server_leaves_everything_waiting_without_counting_it(world: World):
    put(world, "ovs", "studierektor")
    dead = Mail("127.0.0.1", 1, Security.NONE, "", None, None, "stins@region.example")
    assert send(world, dead).away == "it does not answer (ConnectionRefusedError)"
    assert [(row.state, row.tries) for row in rows(world)] == [("waiting", 0)] * 2


def test_a_server_that_refuses_us_leaves_everything_waiting(world: World, postbox: Postbox, mail: Mail):
    postbox.refuses_sender = "550 5.7.1 not you"
    put(world, "ovs", "studierektor")
    assert send(world, mail).away == "it takes no mail from STINS_MAIL_FROM (550)"
    assert [(row.state, row.tries) for row in rows(world)] == [("waiting", 0)] * 2


def test_a_server_that_closes_in_the_middle_is_used_again_later(world: World, postbox: Postbox, mail: Mail):
    postbox.refuses["ovs@prov.example"] = "421 4.3.2 closing"
    put(world, "ovs")
    world.clock.forward(seconds=1)
    put(world, "other")
    assert send(world, mail).away == "it is closing (421)"
    assert {(row.state, row.tries) for row in rows(world)} == {("waiting", 0)}
    # The mail at which it closed stands back for the others.
    assert send(world, mail) == Sent(taken=1)
    del postbox.refuses["ovs@prov.example"]
    world.clock.forward(minutes=5)
    assert send(world, mail) == Sent(taken=1)


def test_a_line_that_breaks_leaves_everything_waiting(
    world: World, postbox: Postbox, mail: Mail, monkeypatch: pytest.MonkeyPatch
):
    put(world, "ovs")

    def broken(*_args, **_how):
        raise ConnectionResetError

    monkeypatch.setattr("smtplib.SMTP.send_message", broken)
    assert send(world, mail).away == "the line was broken (ConnectionResetError)"
    assert (the(world).state, the(world).tries) == ("waiting", 0)


def test_a_host_that_dies_between_taking_and_sending_leaves_it_to_others_after_a_while(
    world: World, postbox: Postbox, mail: Mail
):
    put(world, "ovs")
    assert len(outbox._claimed(world.store, world.clock.now())) == 1
    assert send(world, mail) == Sent()
    world.clock.instant += LEASE
    assert send(world, mail) == Sent(taken=1)
    assert len(postbox.taken) == 1


def test_two_hosts_that_send_at_once_send_each_mail_once(world: World, postbox: Postbox, mail: Mail):
    put(world, *["ovs"] * 30, *["other"] * 30)
    start, done = threading.Barrier(3), []

    def run() -> None:
        start.wait()
        done.append(send(world, mail))

    threads = [threading.Thread(target=run) for _ in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sum(sent.taken for sent in done) == 60
    assert len({message["Message-ID"] for _, message in postbox.taken}) == len(postbox.taken) == 60


@pytest.mark.parametrize(
    "address", ["a b@prov.example", "a@b@prov.example", "<a@prov.example", "a@prov.ex\nBcc: x@y"]
)
def test_an_address_that_is_none_is_given_up(world: World, postbox: Postbox, mail: Mail, address: str):
    put(world, "ovs")
    with world.store.writing() as session:
        session.execute(update(Account).where(Account.name == "Prov ovs").values(email=address))
    assert send(world, mail) == Sent(failed=1)
    assert the(world).trouble == "address"
    assert postbox.taken == []


def test_a_name_or_subject_of_two_lines_is_one_line(world: World):
    letter = Letter("ab", "Eva\r\nBcc: x@y.example", "eva@prov.example", "Rad\nBcc: z@y.example", TEXT)
    made = smtp.message(letter, "stins@region.example", world.clock.now())
    assert made["Bcc"] is None
    assert made["Subject"] == "Rad Bcc: z@y.example"


@pytest.mark.parametrize(
    ("address", "trouble"), [("åsa@prov.example", "address"), ("asa@öland.example", "smtputf8")]
)
def test_an_address_outside_ascii_is_given_up_where_the_server_cannot(
    world: World, postbox: Postbox, mail: Mail, address: str, trouble: str
):
    put(world, "ovs")
    with world.store.writing() as session:
        session.execute(update(Account).where(Account.name == "Prov ovs").values(email=address))
    assert send(world, mail) == Sent(failed=1)
    assert the(world).trouble == trouble


def test_a_long_subject_is_cut(world: World):
    put(world, "ovs", subject="å" * 300)
    assert the(world).subject == "å" * 199 + "…"


def test_an_ended_account_is_sent_nothing_and_its_mail_is_deleted(world: World, postbox: Postbox, mail: Mail):
    put(world, "ovs", "other")
    with world.store.writing() as session:
        session.execute(update(Account).where(Account.name == "Prov ovs").values(active=False))
    assert send(world, mail) == Sent(taken=1)
    with world.store.writing() as session:
        outbox.tidy(session, world.clock.now())
    assert the(world).account_id == world.people["other"].id


def test_what_was_sent_or_given_up_is_deleted_after_thirty_days(world: World, postbox: Postbox, mail: Mail):
    postbox.refuses["ovs@prov.example"] = "550 no"
    put(world, "ovs", "other")
    send(world, mail)
    put(world, "studierektor")
    world.clock.instant += KEPT
    tidy(world)
    assert len(rows(world)) == 3
    world.clock.forward(seconds=1)
    tidy(world)
    assert the(world).state == "waiting"


def tidy(world: World) -> None:
    with world.store.writing() as session:
        outbox.tidy(session, world.clock.now())


def test_nothing_to_put_is_nothing_put(world: World):
    put(world)
    with world.store.reading() as session:
        assert session.scalar(select(func.count()).select_from(Outgoing)) == 0
