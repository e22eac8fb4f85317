"""Signing in and out."""

import pytest
from flask import Flask
from pages import page
from world import PASSWORD, World


def sign_in(client, email: str, password: str, where: str = "/logga-in"):
    form = page(client.get(where)).form("/logga-in")
    return client.post(where, data=form | {"email": email, "password": password})


def test_a_wrong_password_and_an_unknown_address_read_the_same(app: Flask):
    wrong = page(sign_in(app.test_client(), "studierektor@prov.example", "fel fel fel fel"), 422).text
    unknown = page(sign_in(app.test_client(), "ingen@prov.example", "fel fel fel fel"), 422).text
    assert wrong == unknown


def test_the_session_ends_when_signed_out_also_for_a_kept_cookie(world: World, app: Flask):
    client = app.test_client()
    sign_in(client, "studierektor@prov.example", PASSWORD)
    kept = client.get_cookie("stins", "127.0.0.1").value
    form = page(client.get("/")).form("/logga-ut")
    client.post("/logga-ut", data=form)
    again = app.test_client()
    again.set_cookie("stins", kept, domain="127.0.0.1")
    assert again.get("/").status_code == 302


def test_a_session_ends_after_half_an_hour_without_use(world: World, app: Flask):
    client = app.test_client()
    sign_in(client, "studierektor@prov.example", PASSWORD)
    world.clock.forward(minutes=29)
    assert client.get("/").status_code == 200
    world.clock.forward(minutes=29)
    assert client.get("/").status_code == 200
    world.clock.forward(minutes=31)
    assert client.get("/").status_code == 302


def test_a_session_ends_after_ten_hours_of_use(world: World, app: Flask):
    client = app.test_client()
    sign_in(client, "studierektor@prov.example", PASSWORD)
    for _ in range(30):
        world.clock.forward(minutes=20)
        assert client.get("/").status_code == 200
    world.clock.forward(minutes=20)
    assert client.get("/").status_code == 302


@pytest.mark.parametrize("elsewhere", ["//elak.example", "https://elak.example", "/\\elak.example", "elak"])
def test_signing_in_never_leads_out(app: Flask, elsewhere: str):
    client = app.test_client()
    form = page(client.get("/logga-in")).form("/logga-in")
    where = {"next": elsewhere}
    values = form | {"email": "ovs@prov.example", "password": PASSWORD}
    response = client.post("/logga-in", query_string=where, data=values)
    assert response.headers["Location"] == "/"


def test_signing_in_leads_to_the_page_that_was_asked_for(app: Flask):
    client = app.test_client()
    asked = client.get("/oversikt").headers["Location"]
    assert sign_in(client, "ovs@prov.example", PASSWORD, asked).headers["Location"] == "/oversikt"


def test_too_many_failures_block_for_a_while(world: World, app: Flask):
    client = app.test_client()
    for _ in range(5):
        sign_in(client, "ovs@prov.example", "fel fel fel fel")
    blocked = page(sign_in(client, "ovs@prov.example", PASSWORD), 422)
    assert "Vänta en stund" in blocked.text
    world.clock.forward(minutes=16)
    assert sign_in(client, "ovs@prov.example", PASSWORD).status_code == 302
