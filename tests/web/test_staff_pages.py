"""What staff do on their pages, each as one act and what comes of it."""

from datetime import timedelta

import pytest
from flask import Flask
from pages import Staff, page
from world import PASSWORD, World, people

from questionnaires.model import Role
from scoring.rounds import Comments
from stins.services import inspections, report
from stins.services.report import CommentState


@pytest.fixture
def lead(app: Flask, world: World) -> Staff:
    return Staff(app, "studierektor@prov.example")


@pytest.fixture
def admin(app: Flask, world: World) -> Staff:
    return Staff(app, "admin@prov.example")


def reviewed(world: World, *texts: str) -> str:
    """Close an inspection with these comments, waiting to be read."""
    id, codes = world.open(comments=Comments.REVIEWED)
    for number, code in enumerate(code for fresh in codes.values() for code in fresh):
        world.hand_in(code, comments={"best": texts[number]} if number < len(texts) else {})
    world.close(id)
    return id


def summary(world: World, id: str):
    with world.store.reading() as session:
        return inspections.summary(session, world.people["studierektor"], id)


def test_a_draft_is_changed_and_keeps_what_was_not(world: World, lead: Staff):
    id = world.plan(eligible=people(6, 8))
    lead.send(f"/inspektioner/{id}/andra", **{"people-handledare": "12"})
    assert summary(world, id).eligible == people(6, 12)


def test_a_draft_is_thrown_away(world: World, lead: Staff):
    id = world.plan()
    shown = lead.send(f"/inspektioner/{id}/kasta")
    assert "Utkastet är borttaget" in page(shown).text
    assert lead.client.get(f"/inspektioner/{id}").status_code == 404


def test_every_wrong_input_of_a_plan_is_named_at_once_and_nothing_is_lost(world: World, lead: Staff):
    values = {"people-st_lakare": "2", "people-handledare": "1", "closes_on": "2026-01-01", "fact_A2": "nej"}
    shown = page(lead.send("/inspektioner/ny", **values, fact_A3="ja", comments="y"), 422)
    kept = shown.form("/inspektioner/ny")
    assert {name: kept[name] for name in values} == values
    for sentence in (
        "Minst 5 ST-läkare och handledare",
        "Välj en dag från",
        "kan den inte ligga inom fem år",
    ):
        assert sentence in shown.text


def test_the_last_day_is_moved_forward_but_not_back(world: World, lead: Staff):
    id, _ = world.open()
    later = world.clock.today() + timedelta(days=40)
    lead.send(f"/inspektioner/{id}", f"/inspektioner/{id}/forlang", closes_on=later.isoformat())
    assert summary(world, id).closes_on == later
    back = world.clock.today().isoformat()
    refused = lead.send(f"/inspektioner/{id}", f"/inspektioner/{id}/forlang", closes_on=back)
    assert "Välj en dag från" in page(refused).text
    assert summary(world, id).closes_on == later


def test_a_draft_that_is_opened_too_late_tells_where_its_last_day_is_changed(app: Flask, world: World):
    id = world.plan()
    world.clock.forward(days=22)
    lead = Staff(app, "studierektor@prov.example")
    found = page(lead.send(f"/inspektioner/{id}/koder"), 422)
    assert "Sista dagen att svara var 13 december 2026." in found.text
    assert "välj Ändra utkastet" in found.text


def test_codes_are_added_and_shown_once(world: World, lead: Staff):
    id, _ = world.open()
    where = f"/inspektioner/{id}/koder"
    form = page(lead.client.get(where)).form(where) | {"act": "more", "people-handledare": "2"}
    shown = page(lead.client.post(where, data=form))
    assert "Handledare" in shown.text
    assert summary(world, id).eligible[Role.HANDLEDARE] == 11


def test_codes_are_not_made_anew_after_a_hand_in(world: World, lead: Staff):
    id, codes = world.open()
    world.hand_in(codes[Role.ST_LAKARE][0])
    where = f"/inspektioner/{id}/koder"
    form = page(lead.client.get(where)).form(where) | {"act": "anew"}
    assert "någon har redan lämnat in" in page(lead.client.post(where, data=form), 422).text


def test_who_closes_early_sees_the_days_stored_outcome_and_not_the_present(
    world: World, app: Flask, lead: Staff
):
    id, codes = world.open()
    where = f"/inspektioner/{id}/stang"
    before = page(lead.client.get(where)).text
    assert "Inget resultat: för få har svarat" in before
    assert "Om enskilda frågor sägs inget i förväg." in before
    world.all_hand_in(codes)
    assert page(lead.client.get(where)).text == before
    world.clock.forward(days=1)
    morning = Staff(app, "studierektor@prov.example")  # who signed in yesterday signs in again
    after = page(morning.client.get(where)).text
    assert "Två grupper: ST-läkarna för sig" in after
    assert "Inget resultat: för få har svarat" not in after


def test_a_stopped_closing_says_so_and_shows_on_home(world: World, lead: Staff, admin: Staff):
    id, codes = world.open()
    world.all_hand_in(codes)
    world.box.keys.destroy(id)
    shown = lead.send(f"/inspektioner/{id}/stang")
    assert shown.status_code == 409
    assert "stannat" in page(shown, 409).text.lower()
    for who in (lead, admin):
        assert "Avslutningen har stannat" in page(who.client.get("/")).text


def test_a_key_that_cannot_be_destroyed_yet_is_told_on_the_result(world: World, lead: Staff):
    id, codes = world.open()
    world.all_hand_in(codes)
    world.box.keys.mirror.rmdir()
    shown = page(lead.send(f"/inspektioner/{id}/stang"))
    assert "Nyckeln till lådan är ännu inte förstörd" in shown.text


def test_an_inspection_becomes_void_when_both_sides_have_asked(world: World, lead: Staff, admin: Staff):
    id, _ = world.open()
    where = f"/inspektioner/{id}/ogiltig"
    assert "begäran är sparad" in page(lead.send(where, reason="Fel enhet")).text
    assert summary(world, id).state == "open"
    assert "Fel enhet" in page(admin.client.get(where)).text
    assert "förstörda" in page(admin.send(where, reason="Fel enhet, bekräftat")).text
    assert summary(world, id).state == "void"


def test_a_reason_is_demanded_for_making_void(world: World, lead: Staff):
    id, _ = world.open()
    shown = lead.send(f"/inspektioner/{id}/ogiltig", reason="")
    assert "Skriv ett skäl" in page(shown, 422).text


def test_comments_are_shown_redacted_and_withheld_by_their_first_reader(world: World, app: Flask):
    id = reviewed(world, "Allt är bra", "Doktor X på plan 3 är bra", "Hemligt")
    reader = Staff(app, "ovs@prov.example")
    with world.store.reading() as session:
        _, waiting = report.unread(session, world.people["ovs"], id)
    ids = {comment.text: comment.id for comment in waiting}
    choices = {
        f"state_{ids['Allt är bra']}": CommentState.SHOWN,
        f"state_{ids['Doktor X på plan 3 är bra']}": CommentState.REDACTED,
        f"text_{ids['Doktor X på plan 3 är bra']}": "[…] är bra",
        f"state_{ids['Hemligt']}": CommentState.WITHHELD,
    }
    reader.send(f"/inspektioner/{id}/kommentarer", **choices)
    text = page(reader.client.get(f"/inspektioner/{id}/resultat")).text
    assert "Allt är bra" in text
    assert "[…] är bra" in text
    assert "Doktor X" not in text
    assert "Hemligt" not in text


def test_words_cannot_be_put_into_a_comment(world: World, app: Flask):
    id = reviewed(world, "Allt är bra")
    reader = Staff(app, "ovs@prov.example")
    with world.store.reading() as session:
        _, (comment,) = report.unread(session, world.people["ovs"], id)
    choices = {f"state_{comment.id}": CommentState.REDACTED, f"text_{comment.id}": "Allt är […] dåligt"}
    refused = page(reader.send(f"/inspektioner/{id}/kommentarer", **choices), 422)
    assert "sakna ord ur originalet" in refused.text
    assert refused.form(f"/inspektioner/{id}/kommentarer")[f"text_{comment.id}"] == "Allt är […] dåligt"


def test_the_unit_sees_no_comment_before_it_is_read(world: World, lead: Staff):
    id = reviewed(world, "Något som ännu är oläst")
    assert "ännu är oläst" not in page(lead.client.get(f"/inspektioner/{id}/resultat")).text


def test_the_profile_is_a_picture_with_a_title(world: World, lead: Staff):
    id, codes = world.open()
    world.all_hand_in(codes)
    world.close(id)
    first = lead.client.get(f"/inspektioner/{id}/resultat/profil.svg")
    again = lead.client.get(f"/inspektioner/{id}/resultat/profil.svg")
    assert first.content_type.startswith("image/svg+xml")
    assert b"<dc:title>" in first.data
    assert first.data == again.data


def test_an_admin_adds_a_unit_an_account_and_a_role(world: World, admin: Staff, app: Flask):
    part = world.places["part"].id
    added = admin.send("/admin", "/admin/enheter", name="Nya kliniken", kind="enhet", parent_id=part)
    assert "Nya kliniken" in page(added).text
    account = {"name": "Prov Ny", "email": "ny@prov.example", "password": PASSWORD}
    admin.send("/admin", "/admin/konton", **account, office="studierektor", node_id=world.places["other"].id)
    newcomer = Staff(app, "ny@prov.example")
    assert "Grannkliniken" in page(newcomer.client.get("/inspektioner/ny")).text


@pytest.mark.parametrize(
    ("where", "values", "sentence"),
    [
        ("enheter", {"name": "X", "kind": "grupp", "parent_id": "group"}, "kan inte ligga där"),
        ("enheter", {"name": " ", "kind": "enhet", "parent_id": "part"}, "Skriv ett namn"),
        ("konton", {"name": "A", "email": "ovs@prov.example", "password": PASSWORD}, "finns den redan"),
        ("konton", {"name": "A", "email": "a@prov.example", "password": "kort"}, "minst 12 tecken"),
        (
            "roller",
            {"account_id": "admin", "office": "studierektor", "node_id": "unit"},
            "kan inte vara studierektor",
        ),
        (
            "roller",
            {"account_id": "admin", "office": "admin", "node_id": "region", "act": "withdraw"},
            "sista",
        ),
    ],
)
def test_what_an_admin_does_wrong_is_said_beside_the_field(
    world: World, admin: Staff, where: str, values: dict, sentence: str
):
    if "account_id" in values:
        values = values | {"account_id": world.people[values["account_id"]].id}
    for name in ("parent_id", "node_id"):
        if name in values:
            values = values | {name: world.places[values[name]].id}
    assert sentence in page(admin.send("/admin", f"/admin/{where}", **values), 422).text


def test_the_regions_numbers_hold_for_inspections_planned_from_then_on(world: World, admin: Staff):
    where = f"/admin/region/{world.places['region'].id}"
    before = world.plan()
    admin.send("/admin", where, k="6", supervision_talks="10")
    assert summary(world, before).k == 5
    assert summary(world, world.plan(eligible=people(8, 8))).k == 6
    assert page(admin.send("/admin", where, k="3"), 422).text.count("Skriv ett tal från 4 till 10") >= 1


def test_every_staff_page_is_in_english_when_asked_for(world: World, lead: Staff):
    id, codes = world.open()
    world.all_hand_in(codes)
    world.close(id)
    shown = page(lead.client.get(f"/inspektioner/{id}/resultat?lang=en"))
    assert shown.root.get("lang") == "en"
    assert "STINS assessment" in shown.text
    assert page(lead.client.get("/")).root.get("lang") == "en"
