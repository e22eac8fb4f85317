"""`stins init`, `close-due`, `doctor` and `demo` on an empty machine."""

import re
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from stins.cli import main
from stins.config import NAMES

ADMIN = ["--region", "Regionen", "--name", "Prov Admin", "--email", "admin@prov.example"]
PASSWORD = ["--password", "fyra trygga ord i rad"]


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty folder where the installation is to live."""
    for name in NAMES:
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("STINS_HOME", str(tmp_path / "home"))
    return tmp_path / "home"


def run(*words: str) -> Result:
    return CliRunner().invoke(main, list(words))


def test_init_makes_an_installation_that_the_doctor_finds_well(home: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("STINS_OPERATOR", "Region Prov")
    monkeypatch.setenv("STINS_CONTACT", "mailto:stins@prov.example")
    assert run("init", *ADMIN, *PASSWORD).exit_code == 0
    examined = run("doctor")
    assert examined.stdout.splitlines()[-1] == "all is well"
    assert "no reminders are sent by mail, home shows the same" in examined.stdout
    assert "e-mail of codes is off" in examined.stdout
    assert "set STINS_SMTP_HOST and STINS_MAIL_FROM" in examined.stdout
    assert (home / "pepper").stat().st_mode & 0o777 == 0o600
    assert (home / "keys").stat().st_mode & 0o777 == 0o700


def test_init_may_be_run_again_and_asks_nothing(home: Path):
    run("init", *ADMIN, *PASSWORD)
    secret = (home / "secret_key").read_text()
    again = run("init")
    assert again.exit_code == 0
    assert (home / "secret_key").read_text() == secret


def test_init_refuses_a_weak_password_with_a_remedy(home: Path):
    refused = run("init", *ADMIN, "--password", "lösenord")
    assert refused.exit_code == 1
    assert "at least 12 characters" in refused.stderr


def test_without_init_a_command_says_what_to_do(home: Path):
    refused = run("doctor")
    assert refused.exit_code == 1
    assert "stins init" in refused.stderr
    assert len(refused.stderr.strip().splitlines()) == 1


def test_a_setting_that_is_wrong_stops_the_start_by_name(home: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("STINS_PUBLIC_URL", "http://stins.example")
    monkeypatch.setenv("STINS_PROXY_HOPS", "många")
    monkeypatch.setenv("STINS_PEPER_FILE", "x")
    refused = run("init")
    assert refused.exit_code == 1
    assert all(
        name in refused.stderr for name in ("STINS_PUBLIC_URL", "STINS_PROXY_HOPS", "STINS_PEPER_FILE")
    )


def test_nothing_due_is_nothing_done(home: Path):
    run("init", *ADMIN, *PASSWORD)
    assert run("close-due").exit_code == 0
    assert run("close-due").exit_code == 0


def test_the_doctor_names_a_secret_that_others_can_read(home: Path):
    run("init", *ADMIN, *PASSWORD)
    (home / "pepper").chmod(0o644)
    examined = run("doctor")
    assert examined.exit_code == 1
    assert f"chmod 600 {home / 'pepper'}" in examined.stdout


def test_the_demo_is_made_and_prints_what_is_needed(home: Path, tmp_path: Path):
    made = run("demo", "--no-serve", "--folder", str(tmp_path / "demo"))
    assert made.exit_code == 0, made.output
    assert "http://127.0.0.1:8000/svara" in made.stdout
    assert "sr.stora@demo.example" in made.stdout
    assert len(re.findall(r"(?:[0-9A-Z]{4}-){5}[0-9A-Z]{4}", made.stdout)) >= 4


def test_the_demo_throws_nothing_else_away(home: Path, tmp_path: Path):
    (tmp_path / "viktigt.txt").write_text("kvar")
    refused = run("demo", "--no-serve", "--folder", str(tmp_path))
    assert refused.exit_code == 1
    assert (tmp_path / "viktigt.txt").exists()
