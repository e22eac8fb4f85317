"""`stins remind` and what `stins doctor` says of mail, with a real server."""

from collections.abc import Iterator
from pathlib import Path

import mail_server
import pytest
from click.testing import CliRunner, Result
from mail_server import Postbox
from sqlalchemy import text
from world import StillClock, World

from stins.cli import main
from stins.cli import running as commands
from stins.config import NAMES
from stins.services import installation as installations
from stins.services.close import Moment
from stins.services.installation import Installation
from stins.services.invite import mailing
from tests.services.following import inspected
from tests.services.mailed import opened, states


@pytest.fixture
def postbox() -> Postbox:
    return Postbox()


@pytest.fixture
def mail(
    world: World, postbox: Postbox, database: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Iterator[World]:
    """A world almost six months after a breach was found, with a mail server, as the commands open it."""
    inspected(world, {"B3": 0})
    world.clock.forward(days=180)
    for name in NAMES:
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("STINS_HOME", str(tmp_path))
    monkeypatch.setenv("STINS_DATABASE", database)
    monkeypatch.setenv("STINS_OPERATOR", "Regionen")
    monkeypatch.setenv("STINS_CONTACT", "mailto:s@prov.example")
    installations.make_secrets(world.installation.settings)
    (tmp_path / "keys").chmod(0o700)
    clock: StillClock = world.clock
    monkeypatch.setattr("stins.web.application.SystemClock", lambda: clock)
    monkeypatch.setattr(commands, "moment", lambda: Moment(clock.now(), clock.today()))
    with mail_server.serving(postbox) as server:
        monkeypatch.setenv("STINS_SMTP_HOST", server.host)
        monkeypatch.setenv("STINS_SMTP_PORT", str(server.port))
        monkeypatch.setenv("STINS_SMTP_SECURITY", "none")
        monkeypatch.setenv("STINS_MAIL_FROM", "stins@region.example")
        yield world


def run(*words: str) -> Result:
    return CliRunner().invoke(main, list(words))


def test_a_run_says_in_one_line_what_it_did(mail: World, postbox: Postbox):
    done = run("remind")
    assert (done.exit_code, done.stdout) == (0, "4 written, 4 sent, 0 to be tried again, 0 failed\n")
    assert {to for to, _ in postbox.taken} == {
        f"{who}@prov.example" for who in ("studierektor", "verksamhetschef", "ovs", "ovs_away")
    }
    (message,) = postbox.to("studierektor@prov.example")
    assert message["Subject"].startswith("En brist ska vara åtgärdad senast 22 maj 2027 – Kliniken")
    assert run("remind").stdout == "0 written, 0 sent, 0 to be tried again, 0 failed\n"
    assert len(postbox.taken) == 4


def test_a_mail_that_cannot_be_sent_is_an_error_that_the_doctor_explains(mail: World, postbox: Postbox):
    postbox.refuses["ovs@prov.example"] = "550 5.1.1 ovs@prov.example"
    done = run("remind")
    assert done.exit_code == 1
    assert done.stdout == "4 written, 3 sent, 0 to be tried again, 1 failed\n"
    assert "stins doctor" in done.stderr
    examined = run("doctor")
    assert examined.exit_code == 1
    assert "1 mail(s) to Prov ovs could not be sent (550)" in examined.stdout
    assert "ovs@prov.example" not in done.output + examined.output


def test_a_server_that_is_away_is_an_error_with_a_remedy(mail: World, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("STINS_SMTP_PORT", "1")
    done = run("remind")
    assert done.exit_code == 1
    assert done.stdout.startswith("4 written, 0 sent")
    assert "the mail server could not be used: it does not answer" in done.stderr
    assert "everything stays in the outbox" in done.stderr
    assert len(done.stderr.strip().splitlines()) == 1
    examined = run("doctor")
    assert "the mail server 127.0.0.1 cannot be used: it does not answer" in examined.stdout


@pytest.fixture
def waiting(mail: World) -> str:
    """An inspection whose codes wait to be mailed, as when the process that was to do it died."""
    mail.installation.settings.pepper_file.write_text(mail.box.pepper.hex())
    return opened(mail)[0]


def test_a_run_takes_up_codes_that_wait_and_reminders_that_fall_due(
    mail: World, waiting: str, postbox: Postbox
):
    postbox.refuses["handledare.1@sjukhus.example"] = "451 4.7.1 greylisted"
    postbox.refuses["handledare.2@sjukhus.example"] = "550 5.1.1 no such user"
    done = run("remind")
    assert done.stdout.splitlines()[1] == (
        "to respondents: 9 codes sent, 1 to be tried again, 1 failed, 0 reminded"
    )
    assert set(states(mail, waiting).values()) == {"sent", "waiting", "failed"}
    assert "@" not in done.output
    at = mail.at
    with mail.store.writing() as session:
        mailing.remind_on(session, mail.box, mail.people["studierektor"], waiting, at.today, at.now, at.today)
    postbox.refuses.clear()
    assert run("remind").stdout.splitlines()[1] == (
        "to respondents: 1 codes sent, 0 to be tried again, 0 failed, 10 reminded"
    )
    assert len(run("remind").stdout.splitlines()) == 1


def test_a_server_that_goes_away_from_codes_is_an_error_with_a_remedy(
    mail: World, waiting: str, postbox: Postbox
):
    run("remind")
    postbox.dies_at["MAIL"] = 0
    at = mail.at
    with mail.store.writing() as session:
        mailing.remind_on(session, mail.box, mail.people["studierektor"], waiting, at.today, at.now, at.today)
    done = run("remind")
    assert done.exit_code == 1
    assert "the mail server could not be used: the line was broken" in done.stderr


def test_an_address_that_somebody_has_changed_stops_its_mail_and_is_not_named(mail: World, waiting: str):
    with mail.store.writing() as session:
        session.execute(
            text(
                "UPDATE recipient SET address = CAST('x' AS BLOB)"
                if mail.store.is_sqlite
                else "UPDATE recipient SET address = 'x'"
            )
        )
    done = run("remind")
    assert (done.exit_code, done.stderr) == (1, "Error: mail to respondents stopped: Forged\n")


def test_the_doctor_finds_working_mail_well(mail: World):
    assert run("doctor").stdout == "all is well\n"


def test_the_doctor_names_a_server_that_takes_no_mail_without_a_return_path(mail: World, postbox: Postbox):
    postbox.refuses_sender = "553 5.7.1 sender rejected"
    examined = run("doctor").stdout
    assert (
        "codes cannot be mailed through 127.0.0.1: it takes no mail without a return path (553)" in examined
    )


def test_the_doctor_names_a_password_file_that_is_not_there_or_not_closed(
    mail: World, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    path = tmp_path / "smtp_password"
    monkeypatch.setenv("STINS_SMTP_USER", "stins")
    monkeypatch.setenv("STINS_SMTP_PASSWORD_FILE", str(path))
    assert f"there is no file {path}" in run("doctor").stdout
    path.write_text("x")
    path.chmod(0o644)
    examined = run("doctor").stdout
    assert f"chmod 600 {path}" in examined
    assert "cannot be used" in examined


def test_without_a_server_nothing_is_sent_and_that_is_said(mail: World, monkeypatch: pytest.MonkeyPatch):
    for name in NAMES:
        if name.startswith("STINS_SMTP_") or name == "STINS_MAIL_FROM":
            monkeypatch.delenv(name, raising=False)
    done = run("remind")
    assert done.exit_code == 0
    assert "STINS_SMTP_HOST is not set" in done.stdout


def test_a_database_that_is_away_is_an_error_with_a_remedy(mail: World, monkeypatch: pytest.MonkeyPatch):
    from stins.store.opening import Unreachable

    def away(*_args):
        raise Unreachable("OperationalError")

    monkeypatch.setattr("stins.services.reminders.running.remind", away)
    assert "the database does not answer" in run("remind").stderr


def test_nothing_logged_or_said_names_an_address(
    mail: World, postbox: Postbox, caplog: pytest.LogCaptureFixture, installation: Installation
):
    postbox.refuses["other@prov.example"] = "451 later"
    assert "@" not in run("remind").output + caplog.text
