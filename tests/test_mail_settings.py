"""The settings of mail: all of them or none, and a wrong one stops the start by name."""

from pathlib import Path

import pytest

from stins.config import BadSettings, Mail, Security, settings

LEAST = {"STINS_SMTP_HOST": "mail.region.example", "STINS_MAIL_FROM": "stins@region.example"}


def test_without_any_of_them_no_mail_is_sent():
    assert settings({}).mail is None


def test_a_host_and_a_sender_are_enough_and_the_line_is_closed():
    assert settings(LEAST).mail == Mail(
        "mail.region.example", 587, Security.STARTTLS, "", None, None, "stins@region.example"
    )


def test_every_setting_is_read(tmp_path: Path):
    password = tmp_path / "password"
    password.write_text("hemligt\n")
    found = settings(
        LEAST
        | {
            "STINS_SMTP_SECURITY": "tls",
            "STINS_SMTP_USER": "stins",
            "STINS_SMTP_PASSWORD_FILE": str(password),
            "STINS_SMTP_CA_FILE": "/etc/ca.pem",
        }
    ).mail
    assert found == Mail(
        "mail.region.example",
        465,
        Security.TLS,
        "stins",
        password,
        Path("/etc/ca.pem"),
        "stins@region.example",
    )
    assert found.password() == "hemligt"


def test_an_open_line_is_for_a_server_on_this_machine():
    found = settings(LEAST | {"STINS_SMTP_HOST": "127.0.0.1", "STINS_SMTP_SECURITY": "none"}).mail
    assert (found.port, found.password()) == (25, "")


@pytest.mark.parametrize(
    ("wrong", "named"),
    [
        ({"STINS_MAIL_FROM": ""}, "STINS_MAIL_FROM is ''"),
        ({"STINS_MAIL_FROM": "STINS <stins@region.example>"}, "STINS_MAIL_FROM is"),
        ({"STINS_MAIL_FROM": "a@region.example\nBcc: b@c"}, "STINS_MAIL_FROM is"),
        ({"STINS_SMTP_HOST": ""}, "STINS_SMTP_HOST is missing"),
        (
            {"STINS_SMTP_HOST": "", "STINS_MAIL_FROM": "", "STINS_SMTP_PORT": "25"},
            "STINS_SMTP_HOST is missing",
        ),
        ({"STINS_SMTP_SECURITY": "ssl"}, "STINS_SMTP_SECURITY is 'ssl'"),
        ({"STINS_SMTP_SECURITY": "none"}, "STINS_SMTP_SECURITY is none"),
        ({"STINS_SMTP_PORT": "smtp"}, "STINS_SMTP_PORT is 'smtp'"),
        ({"STINS_SMTP_PORT": "70000"}, "STINS_SMTP_PORT is '70000'"),
        ({"STINS_SMTP_USER": "stins"}, "STINS_SMTP_USER and STINS_SMTP_PASSWORD_FILE"),
        ({"STINS_SMTP_PASSWORD_FILE": "/x"}, "STINS_SMTP_USER and STINS_SMTP_PASSWORD_FILE"),
    ],
)
def test_a_setting_that_is_wrong_is_named(wrong: dict[str, str], named: str):
    with pytest.raises(BadSettings, match="STINS_") as told:
        settings(LEAST | wrong)
    assert named in str(told.value)
