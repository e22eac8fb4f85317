"""What every answer of the server carries, and what it never does."""

import pytest
from flask import Flask
from flask.testing import FlaskClient
from pages import page
from world import World

from stins import create_app
from stins.config import settings
from stins.services.installation import Installation

PUBLIC = ["/svara", "/sa-skyddas-ditt-svar", "/tillganglighet", "/logga-in", "/halsa", "/redo", "/finns-inte"]


@pytest.mark.parametrize("path", PUBLIC)
def test_nothing_runs_or_loads_from_elsewhere(client: FlaskClient, path: str):
    response = client.get(path)
    policy = response.headers["Content-Security-Policy"]
    assert policy.startswith("default-src 'none'")
    assert "unsafe" not in policy
    assert response.headers["X-Content-Type-Options"] == "nosniff"
    assert response.headers["Referrer-Policy"] == "no-referrer"
    assert response.headers["Cache-Control"] == "no-store"


@pytest.mark.parametrize("path", ["/svara", "/logga-in", "/sa-skyddas-ditt-svar"])
def test_a_page_has_no_inline_style_or_script(client: FlaskClient, path: str):
    shown = page(client.get(path))
    assert not list(shown.root.iter("style"))
    assert all(script.get("src") for script in shown.root.iter("script"))
    assert not any(element.get("style") for element in shown.root.iter())


def test_a_host_that_is_not_ours_is_refused(client: FlaskClient):
    assert client.get("/svara", base_url="http://elak.example").status_code == 400


def test_over_https_the_cookie_is_bound_to_the_host(world: World):
    using = settings({"STINS_PUBLIC_URL": "https://stins.example"})
    found = world.installation
    secure = Installation(using, found.secret_key, found.store, found.box)
    response = (
        create_app(installation=secure, clock=world.clock)
        .test_client()
        .get("/logga-in", base_url="https://stins.example")
    )
    cookie = response.headers["Set-Cookie"]
    assert cookie.startswith("__Host-stins=")
    assert all(word in cookie for word in ("Secure", "HttpOnly", "SameSite=Lax", "Path=/"))
    assert response.headers["Strict-Transport-Security"]


def test_a_body_that_is_too_large_has_a_page_of_its_own(client: FlaskClient):
    shown = page(client.post("/svara", data={"code": "x" * 600_000}), 413)
    assert "för stor" in shown.text or "för mycket" in shown.text


def test_an_error_on_a_respondents_page_is_logged_by_class_and_id_alone(
    app: Flask, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
):
    def fail(*_args):
        raise ValueError("hemligt svar")

    monkeypatch.setattr("stins.services.answer.form", fail)
    app.config["PROPAGATE_EXCEPTIONS"] = False
    response = app.test_client().post(
        "/svara", data={"code": "ABCD-EFGH"}, headers={"User-Agent": "markerad"}
    )
    assert response.status_code == 500
    said = caplog.text
    assert "respondent error ValueError" in said
    assert not any(
        word in said for word in ("hemligt", "ABCD", "/svara", "markerad", "127.0.0.1", "Traceback")
    )
    assert caplog.records[-1].getMessage().split()[-1] in response.get_data(as_text=True)


def test_alive_and_ready_are_told_in_plain_text(client: FlaskClient):
    assert client.get("/halsa").get_data() == b"ok\n"
    assert client.get("/redo").get_data() == b"ok\n"


def test_without_a_contact_there_is_no_security_txt(client: FlaskClient):
    assert client.get("/.well-known/security.txt").status_code == 404
