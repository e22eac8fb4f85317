"""The written report on pages: who is shown what, what is wrong said beside its input, nothing typed lost."""

from datetime import timedelta
from urllib.parse import unquote

import pytest
from flask import Flask
from pages import Page, Staff, page, text_of
from statements import counted
from world import TODAY, World, people

from stins.services.followup.reporting.values import REPORT_MOST
from stins.services.followup.values import ReportState
from stins.services.rights import Office
from tests.services.following import deficient, inspected, of, take_up, talked
from tests.services.reports import (
    approve,
    approved,
    begin,
    edit,
    handed_in,
    read,
    return_,
    send,
    sign,
)

WHERE = "/uppfoljning/rapport"
EVIL = "<script>alert(1)</script>"


@pytest.fixture
def lead(app: Flask, world: World) -> Staff:
    return Staff(app, "studierektor@prov.example")


@pytest.fixture
def head(app: Flask, world: World) -> Staff:
    return Staff(app, "verksamhetschef@prov.example")


@pytest.fixture
def ovs(app: Flask, world: World) -> Staff:
    return Staff(app, "ovs@prov.example")


def links(found: Page, starts: str) -> list[str]:
    return [link.get("href") for link in found.all("a") if (link.get("href") or "").startswith(starts)]


def press(who: Staff, where: str, act: str, **values: str):
    return who.send(where, act=act, **values)


def sent(world: World, inspection: str | None = None) -> str:
    id = begin(world, inspection or inspected(world))
    send(world, id)
    return id


# --- Beginning ----------------------------------------------------------------------------------------


def test_a_report_is_begun_from_the_list_and_from_the_follow_up(world: World, lead: Staff, ovs: Staff):
    inspection = inspected(world)
    new = f"{WHERE}/ny?inspektion={inspection}"
    assert links(page(lead.client.get("/uppfoljning")), WHERE) == [new]
    case = f"/uppfoljning/{of(world, 'B3').id}"
    assert links(page(lead.client.get(case)), WHERE) == [new]
    assert links(page(ovs.client.get(case)), WHERE) == []
    shown = page(lead.client.get(new))
    for criterion in ("B3", "B7", "E13"):
        assert f"/uppfoljning/{of(world, criterion).id}" in links(shown, "/uppfoljning/")
    made = lead.send(new)
    assert "Utkastet är skrivet" in page(made).text
    id = of(world, "B3").report.id
    assert made.request.path == f"{WHERE}/{id}"
    assert lead.client.get(new).headers["Location"] == f"{WHERE}/{id}"
    assert links(page(lead.client.get(case)), f"{WHERE}/") == [f"{WHERE}/{id}", f"{WHERE}/{id}/version/1"]


def test_a_reviews_report_is_begun_from_its_follow_up(world: World, lead: Staff):
    deficient(world, True)
    case = of(world, "")
    (new,) = links(page(lead.client.get(f"/uppfoljning/{case.id}")), WHERE)
    assert new == f"{WHERE}/ny?granskning={case.review}"
    shown = page(lead.send(new))
    assert f"/granskningar/{case.review}" in links(shown, "/granskningar/")
    assert "inga enkätsvar" in shown.text


@pytest.mark.parametrize("of_", ["", "?inspektion=x", "?granskning=x", "?inspektion=x&granskning=y"])
def test_of_what_there_is_not_there_is_no_report(lead: Staff, of_: str):
    page(lead.client.get(f"{WHERE}/ny{of_}"), 404)


def test_what_is_all_reported_has_no_page_to_begin_on(world: World, lead: Staff):
    inspection = inspected(world)
    approved(world, inspection)
    page(lead.client.get(f"{WHERE}/ny?inspektion={inspection}"), 404)
    form = page(lead.client.get("/inspektioner/ny")).form("/inspektioner/ny")
    token = {"csrf_token": form["csrf_token"]}
    page(lead.client.post(f"{WHERE}/ny?inspektion={inspection}", data=token), 404)


def test_a_draft_is_in_the_language_of_the_page(world: World, lead: Staff):
    inspection = inspected(world)
    lead.client.get("/?lang=en")
    shown = page(lead.send(f"{WHERE}/ny?inspektion={inspection}"))
    assert shown.one("section", aria_labelledby="annex").get("lang") == "en"


# --- The report ---------------------------------------------------------------------------------------


def test_a_report_shows_its_text_and_numbers_and_no_markup_of_its_own(world: World, lead: Staff):
    id = begin(world, inspected(world))
    edit(world, id, f"# Rubrik\n\n{EVIL} & <b>\nrad två\n\n## Under\n\n- ett\n- två")
    shown = page(lead.client.get(f"{WHERE}/{id}"))
    section = shown.one("section", aria_labelledby="text")
    assert [text_of(each) for each in section.iter("h3")] == ["Rubrik"]
    assert [text_of(each) for each in section.iter("h4")] == ["Under"]
    assert [text_of(each) for each in section.iter("li")] == ["ett", "två"]
    assert f"{EVIL} & <b>" in text_of(section)
    annex = text_of(shown.one("section", aria_labelledby="annex"))
    assert "Alla som är handledare" in annex
    assert "11" in annex


def test_each_state_says_what_is_next(world: World, lead: Staff, head: Staff, ovs: Staff):
    inspection = inspected(world)
    id = begin(world, inspection)
    where = f"{WHERE}/{id}"

    def said(who: Staff) -> str:
        return text_of(page(who.client.get(where)).one("section", aria_labelledby="next"))

    assert "Läs igenom och ändra texten" in said(lead)
    assert "Enheten skriver på rapporten" in said(ovs)
    assert "Väntar" not in page(lead.client.get(where)).text
    press(lead, where, "send")
    assert "Rapporten väntar på underskrift för: Kliniken." in said(lead)
    assert f"{where}/underskrift" in links(page(head.client.get(where)), where)
    assert f"{where}/underskrift" not in links(page(lead.client.get(where)), where)
    sign(world, id)
    assert "Alla underskrifter finns" in said(lead)
    assert f"{where}/beslut" in links(page(ovs.client.get(where)), where)
    return_(world, id, "Skriv om\nallt.")
    assert "Skriv om allt." in said(lead)
    assert "En rapport är tillbaka" in page(lead.client.get("/uppfoljning")).text
    assert "Skriv om allt." in page(lead.client.get(f"{where}/text")).text
    edit(world, id, "Nytt")
    send(world, id)
    sign(world, id)
    approve(world, id)
    assert "Rapporten är godkänd" in said(lead)
    assert f"{where}/text" not in links(page(lead.client.get(where)), where)


def test_what_has_come_since_is_said(world: World, lead: Staff):
    inspection = talked(world)
    take_up(world, inspection, "B3")
    id = begin(world, inspection)
    take_up(world, inspection, "E13")
    where = f"{WHERE}/{id}"
    assert "En uppföljning har kommit till" in page(lead.client.get(where)).text
    text = page(press(lead, where, "redraft")).text
    assert "Utkastet är skrivet på nytt" in text
    assert "har kommit till" not in text


def test_of_a_dialogue_no_number_and_no_link_to_its_result_is_shown(world: World, ovs: Staff):
    inspection = talked(world)
    take_up(world, inspection, "B3")
    id = begin(world, inspection)
    shown = page(ovs.client.get(f"{WHERE}/{id}"))
    assert not links(shown, "/inspektioner/")
    assert not list(shown.one("section", aria_labelledby="annex").iter("table"))
    assert "instämmer" not in shown.text
    assert "stannar på enheten" in shown.text


def test_typed_answers_are_said_to_be_typed(world: World, lead: Staff):
    from stins.services import report
    from tests.services.following import typed_in

    inspection = typed_in(world)
    with world.store.reading() as session:
        breach = report.result_of(session, inspection).verdict.breaches[0]
    take_up(world, inspection, breach)
    shown = page(lead.client.get(f"{WHERE}/{begin(world, inspection)}"))
    assert "svaren är inskrivna för hand" in shown.text


@pytest.mark.parametrize("act", ["send", "redraft"])
def test_what_cannot_be_done_now_is_said_on_the_reports_page(world: World, lead: Staff, act: str):
    id = begin(world, inspected(world))
    form = page(lead.client.get(f"{WHERE}/{id}")).form(f"{WHERE}/{id}")
    send(world, id)
    shown = page(lead.client.post(f"{WHERE}/{id}", data=form | {"act": act}, follow_redirects=True))
    assert "Rapporten är inte längre ett utkast" in shown.text


def test_a_returned_version_is_not_sent_as_it_is(world: World, lead: Staff):
    id = handed_in(world, inspected(world))
    return_(world, id)
    assert "Ändra texten efter kommentaren" in page(press(lead, f"{WHERE}/{id}", "send")).text


def test_only_its_own_buttons_do_something(world: World, lead: Staff, ovs: Staff):
    id = begin(world, inspected(world))
    where = f"{WHERE}/{id}"
    form = page(lead.client.get(where)).form(where)
    page(lead.client.post(where, data=form | {"act": "burn"}), 404)
    page(lead.client.post(where, data=form | {"act": "send", "number": "x"}), 422)
    other = page(ovs.client.get("/")).form("/logga-ut")
    page(ovs.client.post(where, data=other | {"act": "send", "number": "1"}), 404)
    assert read(world, id).state is ReportState.DRAFT


def test_older_versions_are_kept_and_read(world: World, lead: Staff):
    id = begin(world, inspected(world))
    edit(world, id, "Nytt")
    shown = page(lead.client.get(f"{WHERE}/{id}/version/1"))
    assert "Det här är en äldre text" in shown.text
    assert "programmets utkast" in shown.text
    newest = page(lead.client.get(f"{WHERE}/{id}/version/2"))
    assert "äldre text" not in newest.text
    assert "Prov studierektor" in newest.text
    page(lead.client.get(f"{WHERE}/{id}/version/3"), 404)


def test_the_history_tells_each_step(world: World, lead: Staff):
    inspection = inspected(world)
    id = handed_in(world, inspection)
    return_(world, id, "Skriv vem.")
    for where in (f"{WHERE}/{id}", f"/uppfoljning/{of(world, 'B3').id}"):
        text = text_of(page(lead.client.get(where)).one("section", aria_labelledby="history"))
        for told in (
            "Programmet skrev ett utkast",
            "Rapporten skickades för underskrift",
            "Rapporten skrevs under",
            "Rapporten lämnades in",
            "Rapporten lämnades tillbaka",
            "Skriv vem.",
        ):
            assert told in text, told


# --- The text -----------------------------------------------------------------------------------------


def test_the_text_is_edited_as_it_stands(world: World, lead: Staff):
    id = begin(world, inspected(world))
    where = f"{WHERE}/{id}/text"
    form = page(lead.client.get(where)).form(where)
    assert form["text"] == read(world, id).current.text
    shown = page(lead.send(where, text="# Rubrik\r\n\r\nText"))
    assert "Texten är sparad som en ny version" in shown.text
    assert read(world, id).current.text == "# Rubrik\n\nText"


@pytest.mark.parametrize(
    ("text", "sentence"),
    [("  ", "Skriv rapportens text."), ("å" * (REPORT_MOST + 1), "Korta den till högst 50000 tecken.")],
)
def test_a_bad_text_is_said_beside_it_and_kept(world: World, lead: Staff, text: str, sentence: str):
    id = begin(world, inspected(world))
    where = f"{WHERE}/{id}/text"
    shown = page(lead.send(where, text=text), 422)
    assert sentence in text_of(shown.by_id("problems"))
    assert sentence in text_of(shown.by_id("text-error"))
    assert shown.form(where)["text"] == text


def test_who_edits_an_old_version_loses_nothing_and_may_save_again(world: World, lead: Staff):
    id = begin(world, inspected(world))
    where = f"{WHERE}/{id}/text"
    form = page(lead.client.get(where)).form(where)
    edit(world, id, "Chefens text", "verksamhetschef")
    shown = page(lead.client.post(where, data=form | {"text": "Min text"}), 422)
    assert "Någon annan har sparat en ny version" in text_of(shown.by_id("problems"))
    again = shown.form(where)
    assert (again["text"], again["number"]) == ("Min text", "2")
    page(lead.client.post(where, data=again, follow_redirects=True))
    assert read(world, id).current.text == "Min text"


def test_a_text_saved_after_it_was_handed_in_is_refused_and_kept(world: World, lead: Staff):
    id = sent(world)
    where = f"{WHERE}/{id}/text"
    shown = page(lead.client.get(where))
    assert "blir den ett utkast igen" in shown.text
    sign(world, id)
    answer = page(lead.client.post(where, data=shown.form(where) | {"text": "Min text"}), 422)
    assert "Rapporten är inlämnad och kan inte ändras" in answer.text
    assert answer.form(where)["text"] == "Min text"
    assert lead.client.get(where).headers["Location"] == f"{WHERE}/{id}"


# --- Signing ------------------------------------------------------------------------------------------


def test_who_signs_sees_the_whole_text_and_the_numbers(world: World, head: Staff):
    id = sent(world)
    where = f"{WHERE}/{id}/underskrift"
    shown = page(head.client.get(where))
    assert "Bilaga: siffrorna" in shown.text
    assert "Det här kom fram" in shown.text
    answer = page(press(head, where, "sign", units=world.places["unit"].id))
    assert "Rapporten är nu inlämnad" in answer.text
    assert "Prov verksamhetschef, 22 november 2026" in answer.text


def test_a_unit_must_be_chosen(world: World, head: Staff):
    id = sent(world)
    where = f"{WHERE}/{id}/underskrift"
    form = page(head.client.get(where)).form(where)
    del form["units"]
    shown = page(head.client.post(where, data=form | {"act": "sign"}), 422)
    assert "Välj en enhet som väntar" in text_of(shown.by_id("units-error"))
    assert "#units" in links(shown, "#")


def test_what_was_changed_meanwhile_is_not_signed(world: World, head: Staff):
    id = sent(world)
    where = f"{WHERE}/{id}/underskrift"
    form = page(head.client.get(where)).form(where) | {"act": "sign"}
    edit(world, id, "Nytt")
    shown = page(head.client.post(where, data=form, follow_redirects=True))
    assert "Ingen underskrift från dig väntas nu" in shown.text
    send(world, id)
    shown = page(head.client.post(where, data=form, follow_redirects=True))
    assert "Rapporten har ändrats sedan du öppnade sidan" in shown.text
    assert read(world, id).state is ReportState.SIGNING


def _group(world: World) -> str:
    id, codes = world.open("group", "group", eligible=people(6, 6))
    world.all_hand_in(codes, answers={"B3": 0})
    world.close(id, "group")
    report = begin(world, id, "group")
    send(world, report, "group")
    return report


def test_a_paper_is_recorded_with_name_and_day(world: World, ovs: Staff, app: Flask):
    id = _group(world)
    where = f"{WHERE}/{id}/underskrift"
    unit = world.places["second"].id
    wrong = page(press(ovs, where, "record", unit=unit, name=" ", signed_on="2026-11-22"), 422)
    assert "Skriv namnet" in text_of(wrong.by_id("paper-name-error"))
    assert wrong.form(where)["signed_on"] == "2026-11-22"
    for day in ("2026-11-23", "2026-11-21", "", "i går"):
        wrong = page(press(ovs, where, "record", unit=unit, name="Karin Ek", signed_on=day), 422)
        assert wrong.by_id("paper-signed_on-error") is not None
        assert wrong.form(where)["name"] == "Karin Ek"
    wrong = page(press(ovs, where, "record", unit=unit, name="Karin Ek", signed_on="2026-11-21"), 422)
    assert "kan bara vara 22 november 2026: texten skrevs i dag" in wrong.text
    done = page(press(ovs, where, "record", unit=unit, name="Karin Ek", signed_on="2026-11-22"))
    assert "Underskriften är sparad." in done.text
    assert "Karin Ek, på papper 22 november 2026" in done.text
    assert "Södra vårdcentralen: Karin Ek, 22 november 2026" in done.text
    assert "väntar på underskrift för: Norra vårdcentralen" in done.text
    member = Staff(app, "member@prov.example")
    assert "nu inlämnad" in page(press(member, where, "sign", units=world.places["member"].id)).text


def test_who_signs_and_records_sees_both(world: World, app: Flask):
    world.person("above", Office.VERKSAMHETSCHEF, "second")
    id = _group(world)
    member = Staff(app, "member@prov.example")
    shown = page(member.client.get(f"{WHERE}/{id}"))
    assert "Norra vårdcentralen, Södra vårdcentralen" in shown.text
    form = page(member.client.get(f"{WHERE}/{id}/underskrift"))
    assert [each.get("value") for each in form.all("input", type="checkbox")] == [world.places["member"].id]


# --- Deciding -----------------------------------------------------------------------------------------


def test_a_report_is_returned_with_a_comment_and_approved(world: World, ovs: Staff, lead: Staff):
    id = handed_in(world, inspected(world))
    where = f"{WHERE}/{id}/beslut"
    wrong = page(press(ovs, where, "return", comment=" "), 422)
    assert "Skriv vad enheten behöver ändra." in text_of(wrong.by_id("comment-error"))
    shown = page(press(ovs, where, "return", comment="Skriv vem."))
    assert "Rapporten är tillbaka hos enheten" in shown.text
    edit(world, id, "Nytt")
    send(world, id)
    sign(world, id)
    shown = page(press(ovs, where, "approve", comment="Bra skrivet.")).text
    assert "Rapporten är godkänd" in shown
    assert "Bra skrivet." in shown
    case = page(lead.client.get(f"/uppfoljning/{of(world, 'B3').id}")).text
    assert "Rapporterad 22 november 2026, i tid." in case
    assert "Rapporterad 22 november 2026, i tid." in page(lead.client.get("/uppfoljning")).text


def test_a_late_report_is_told_as_late(world: World, lead: Staff, app: Flask):
    inspection = inspected(world)
    world.clock.forward(days=193)
    approved(world, inspection)
    lead = Staff(app, "studierektor@prov.example")
    shown = page(lead.client.get(f"/uppfoljning/{of(world, 'B3').id}")).text
    assert "Rapporterad 3 juni 2027, 12 dagar för sent." in shown
    assert (TODAY + timedelta(days=193)).isoformat() == "2027-06-03"


def test_a_decision_on_what_was_decided_is_refused_and_the_comment_kept(world: World, ovs: Staff):
    id = handed_in(world, inspected(world))
    where = f"{WHERE}/{id}/beslut"
    form = page(ovs.client.get(where)).form(where)
    return_(world, id)
    shown = page(ovs.client.post(where, data=form | {"act": "return", "comment": "Mitt"}), 422)
    assert "Rapporten är inte inlämnad" in shown.text
    assert shown.form(where)["comment"] == "Mitt"
    page(ovs.client.post(where, data=form | {"act": "burn"}), 404)


# --- Files --------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("ending", "kind", "starts"),
    [
        ("pdf", "application/pdf", b"%PDF"),
        ("docx", "application/vnd.openxmlformats-officedocument.wordprocessingml.document", b"PK"),
    ],
)
def test_a_file_has_a_name_in_the_users_words(
    world: World, ovs: Staff, ending: str, kind: str, starts: bytes
):
    id = begin(world, inspected(world))
    answer = ovs.client.get(f"{WHERE}/{id}.{ending}")
    assert (answer.status_code, answer.content_type) == (200, kind)
    assert answer.data.startswith(starts)
    name = unquote(answer.headers["Content-Disposition"])
    assert f"Uppföljning Kliniken 2026-11-22.{ending}" in name


# --- How often the database is asked ------------------------------------------------------------------


def test_a_report_asks_the_same_number_of_times_however_much_it_tells_of(world: World, ovs: Staff):
    def asked(id: str) -> int:
        with counted(world.store) as sent:
            ovs.client.get(f"{WHERE}/{id}")
        return len(sent)

    few = asked(begin(world, inspected(world, {"B3": 0})))
    id, codes = world.open("other", "other")
    world.all_hand_in(codes, answers=dict.fromkeys(("B3", "B7", "E13", "B6", "D1", "E1"), 0))
    world.close(id, "other")
    assert asked(begin(world, id, "other")) == few
