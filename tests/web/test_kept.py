"""What somebody wrote is not lost with the session or the token, and nobody else can make use of that."""

from io import BytesIO
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient
from pages import Page, Staff, page, text_of
from world import PASSWORD, World

from stins.web.kept import FORMS, WITH_FILES
from stins.web.sessions import WITHOUT
from tests.services.following import inspected
from tests.services.reports import begin, read

OWN = {"Sec-Fetch-Site": "same-origin"}
TEXT = 'En halvtimmes arbete:\n\n– en rad till & <b>ett</b> "citat"'
STRANGERS = [{}, *({"Sec-Fetch-Site": site} for site in ("cross-site", "same-site", "none", ""))]
BUTTONS = {
    "sign_in.sign_out", "invite.throw_away", "close.close_", "followup_reports.new", "followup_reports.show",
    "extra.met", "reviews.remove", "admin.change_role", "settings.renew",
}  # fmt: skip
"""Nothing is written here."""
NEVER = {
    "sign_in.sign_in", "codes.show", "codes.as_slips", "mailing.boxes", "mailing.review", "mailing.progress",
    "report.comments", "close.make_void", "followup_reports.sign",
}  # fmt: skip
"""Secret, or done only with a button that says what it does."""


@pytest.fixture
def lead(app: Flask, world: World) -> Staff:
    return Staff(app, "studierektor@prov.example")


@pytest.fixture
def report(world: World) -> str:
    return begin(world, inspected(world))


@pytest.fixture
def where(report: str) -> str:
    return f"/uppfoljning/rapport/{report}/text"


def too_late(world: World, lead: Staff, where: str, text: str = TEXT, headers: dict = OWN):
    """Write for more than half an hour, and send."""
    form = page(lead.client.get(where)).form(where)
    world.clock.forward(minutes=31)
    return lead.client.post(where, data=form | {"text": text}, headers=headers)


def sign_in(client: FlaskClient, on: Page, who: str = "studierektor", headers: dict = OWN, **values: str):
    sent = on.form("/logga-in") | {"email": f"{who}@prov.example", "password": PASSWORD} | values
    return client.post("/logga-in", data=sent, headers=headers)


def carried(client: FlaskClient, address: str, headers: dict = OWN, **fields: str):
    """Sign in with a form that says what it likes of what waits."""
    extra = {"kept_for": address} | {f"kept.{name}": value for name, value in fields.items()}
    return sign_in(client, page(client.get("/logga-in")), headers=headers, **extra)


def test_what_was_written_waits_until_somebody_has_signed_in(
    world: World, lead: Staff, report: str, where: str
):
    asked = page(too_late(world, lead, where), 401)
    assert "Du loggades ut eftersom du inte gjort något på 30 minuter." in asked.text
    assert "Det du skrev är kvar och väntar tills du har loggat in." in asked.text
    waits = page(sign_in(lead.client, asked))
    assert text_of(waits.one("h1")) == "Det du skrev är kvar"
    assert "En halvtimmes arbete: – en rad till & <b>ett</b>" in text_of(waits.one("blockquote"))
    assert where in waits.text
    lead.client.post(where, data=waits.form(where), headers=OWN)
    assert read(world, report).current.text.replace("\r", "") == TEXT


def test_a_wrong_password_loses_nothing(world: World, lead: Staff, where: str):
    asked = page(too_late(world, lead, where), 401)
    again = page(sign_in(lead.client, asked, password="fel fel fel fel"), 422)
    again = page(sign_in(lead.client, again, password=""), 422)
    assert "Det du skrev är kvar" in again.text
    assert page(sign_in(lead.client, again)).form(where)["text"] == TEXT


@pytest.mark.parametrize("headers", STRANGERS)
def test_what_no_page_of_ours_sent_does_not_wait(world: World, lead: Staff, where: str, headers: dict):
    response = too_late(world, lead, where, headers=headers)
    assert response.status_code == 302
    assert response.headers["Location"].startswith("/logga-in?next=")


@pytest.mark.parametrize("headers", STRANGERS)
def test_a_stranger_cannot_put_words_in_the_form_to_sign_in_with(
    world: World, app: Flask, where: str, headers: dict
):
    response = carried(app.test_client(), where, headers, text=TEXT)
    assert (response.status_code, response.headers["Location"]) == (302, "/")


@pytest.mark.parametrize("headers", STRANGERS)
def test_a_stranger_cannot_get_a_fresh_token(lead: Staff, where: str, headers: dict):
    data = {"csrf_token": "gammal", "text": TEXT, "number": "1"}
    refused = lead.client.post(where, data=data, headers=headers)
    assert "halvtimmes" not in page(refused, 400).text
    assert not page(refused, 400).all("form")


@pytest.mark.parametrize(
    "address",
    [
        "",
        "uppfoljning/ny",
        "//elak.example/uppfoljning/ny",
        "https://elak.example/uppfoljning/ny",
        "/\\elak.example/uppfoljning/ny",
        "/\t/elak.example/uppfoljning/ny",
        "javascript:alert(1)",
        "/finns-inte",
        "/oversikt",
        "/logga-in",
        "/logga-ut",
        "/svara",
        "/svara/lamna-in",
        "/inspektioner/x/koder",
        "/inspektioner/x/koder/lappar.pdf",
        "/inspektioner/x/epost",
        "/inspektioner/x/kommentarer",
        "/inspektioner/x/stang",
        "/inspektioner/x/ogiltig",
        "/inspektioner/x/kasta",
    ],
)
def test_what_waits_is_for_a_form_of_ours_and_nothing_else(world: World, app: Flask, address: str):
    response = carried(app.test_client(), address, text=TEXT)
    assert (response.status_code, response.headers["Location"]) == (302, "/")


def test_the_address_is_written_by_the_routes_with_its_query(world: World, app: Flask):
    waits = page(carried(app.test_client(), '/uppfoljning/ny?inspektion=a"b&kriterium=A1#del', what="En sak"))
    (form,) = [form for form in waits.all("form") if form.get("action") != "/logga-ut"]
    assert form.get("action") == '/uppfoljning/ny?inspektion=a"b&kriterium=A1'


def test_a_password_never_waits(world: World, app: Flask):
    admin = Staff(app, "admin@prov.example")
    form = page(admin.client.get("/admin")).form("/admin/konton")
    world.clock.forward(minutes=31)
    written = form | {"name": "Ny Person", "email": "ny@prov.example", "password": "hemliga ord i rad"}
    response = admin.client.post("/admin/konton", data=written, headers=OWN)
    asked = page(response, 401)
    assert "hemliga" not in response.get_data(as_text=True)
    assert asked.form("/logga-in")["email"] == ""
    values = {"kept.repeat_password": "hemliga ord i rad", "kept.csrf_token": "hemliga"}
    answer = sign_in(admin.client, asked, "admin", **values)
    assert "hemliga" not in answer.get_data(as_text=True)
    again = admin.client.post("/admin/konton", data=page(answer).form("/admin/konton"), headers=OWN)
    assert page(again, 422).form("/admin/konton")["name"] == "Ny Person"


@pytest.mark.parametrize("where", ["koder", "koder/lappar.pdf", "epost", "epost/granska", "kommentarer"])
def test_codes_addresses_and_comments_never_wait(world: World, lead: Staff, where: str):
    secret = {"code": "ABCD-EFGH", "addresses": "namn@prov.example", "text_1": "En kommentar"}
    address = f"/inspektioner/{'a' * 16}/{where}"
    token = page(lead.client.get("/")).form("/logga-ut")
    stale = lead.client.post(address, data=secret | {"csrf_token": "gammal"}, headers=OWN)
    world.clock.forward(minutes=31)
    ended = lead.client.post(address, data=secret | token, headers=OWN)
    assert (stale.status_code, ended.status_code) == (400, 302)
    said = stale.get_data(as_text=True) + ended.get_data(as_text=True)
    assert not any(word in said for word in secret.values())


def test_every_form_of_staff_is_one_that_waits_or_one_that_must_not(app: Flask):
    rules = [rule for rule in app.url_map.iter_rules() if "POST" in (rule.methods or ())]
    posts = {rule.endpoint for rule in rules if rule.endpoint.partition(".")[0] not in WITHOUT}
    assert posts == FORMS | WITH_FILES | BUTTONS | NEVER
    assert not FORMS & (WITH_FILES | BUTTONS | NEVER)


def test_somebody_else_who_signs_in_can_do_no_more_than_before(
    world: World, lead: Staff, report: str, where: str
):
    before = read(world, report).current
    waits = page(sign_in(lead.client, page(too_late(world, lead, where), 401), "other"))
    assert lead.client.post(where, data=waits.form(where), headers=OWN).status_code == 404
    assert read(world, report).current == before


def test_a_token_that_no_longer_holds_loses_nothing(world: World, lead: Staff, report: str, where: str):
    old = page(lead.client.get(where)).form(where)
    form = page(lead.client.get("/logga-in")).form("/logga-in")
    signed_in = form | {"email": "studierektor@prov.example", "password": PASSWORD}
    lead.client.post("/logga-in", data=signed_in)  # in another tab
    waits = page(lead.client.post(where, data=old | {"text": TEXT}, headers=OWN), 400)
    assert text_of(waits.one("h1")) == "Det du skrev är kvar"
    fresh = waits.form(where)
    assert fresh["csrf_token"] != old["csrf_token"]
    lead.client.post(where, data=fresh, headers=OWN)
    assert read(world, report).current.text.replace("\r", "") == TEXT


def test_a_lost_cookie_loses_nothing(world: World, app: Flask, where: str):
    client = app.test_client()
    data = {"csrf_token": "gammal", "text": TEXT, "number": "1"}
    asked = page(client.post(where, data=data, headers=OWN), 401)
    assert "Du är inte inloggad längre." in asked.text
    assert page(sign_in(client, asked)).form(where)["text"] == TEXT


def test_signing_in_elsewhere_meanwhile_loses_nothing(world: World, lead: Staff, where: str):
    asked = page(too_late(world, lead, where), 401)
    form = page(lead.client.get("/logga-in")).form("/logga-in")
    lead.client.post("/logga-in", data=form | {"email": "studierektor@prov.example", "password": PASSWORD})
    assert page(sign_in(lead.client, asked), 400).form(where)["text"] == TEXT


def test_every_value_of_a_field_waits(app: Flask, world: World):
    client = app.test_client()
    asked = page(client.post("/installningar", data={"kind": ["en", "två"]}, headers=OWN), 401)
    assert [field.get("value") for field in asked.all("input", name="kept.kind")] == ["en", "två"]


def test_a_button_alone_does_not_wait(app: Flask, world: World):
    client = app.test_client()
    response = client.post("/uppfoljning/ny?inspektion=a&kriterium=A1", data={"act": "take_up"}, headers=OWN)
    assert "kvar" not in page(response, 400).text


@pytest.mark.parametrize("where", ["/inspektioner/arbetsbok", "/granskningar/las-in"])
@pytest.mark.parametrize("minutes", [0, 31])
def test_a_file_must_be_chosen_again_and_the_page_says_so(
    world: World, lead: Staff, where: str, minutes: int
):
    form = page(lead.client.get(where)).form(where)
    world.clock.forward(minutes=minutes)
    token = {} if minutes else {"csrf_token": "gammal"}
    sent = form | token | {"file": (BytesIO(b"PK"), "svar.xlsx")}
    response = lead.client.post(where, data=sent, headers=OWN, follow_redirects=True)
    shown = page(response)
    assert "Filen du valde togs inte emot. Välj den igen." in shown.text
    assert response.request.path == ("/logga-in" if minutes else where)


def test_nothing_of_what_waits_is_stored(world: World, lead: Staff, where: str, tmp_path: Path):
    sign_in(lead.client, page(too_late(world, lead, where, "avslöjande ord " * 500), 401))
    cookie = lead.client.get_cookie("stins", "127.0.0.1")
    assert cookie
    assert len(cookie.value) < 500
    stored = [file.read_bytes() for file in tmp_path.rglob("*") if file.is_file()]
    assert stored
    assert not any("avslöjande ord".encode() in content for content in stored)
