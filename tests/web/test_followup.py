"""Following up on pages: what is shown to whom, what is wrong said beside its input, nothing typed lost."""

import re
from datetime import date, timedelta

import pytest
from flask import Flask
from pages import Page, Staff, page, text_of
from statements import counted
from world import TODAY, World, people

from scoring.rounds import Mode
from stins.services.followup import reading
from stins.services.followup.values import TEXT_MOST, Case
from stins.services.rights import Office
from tests.services.following import (
    ENDED,
    add,
    add_loose,
    change,
    decide,
    deficient,
    inspected,
    mended,
    talked,
)

WHERE = "/uppfoljning"
EVIL = "<script>alert(1)</script>"


@pytest.fixture
def lead(app: Flask, world: World) -> Staff:
    return Staff(app, "studierektor@prov.example")


@pytest.fixture
def ovs(app: Flask, world: World) -> Staff:
    return Staff(app, "ovs@prov.example")


def of(world: World, criterion: str = "B3") -> Case:
    with world.store.reading() as session:
        found = reading.cases(session, world.people["studierektor"])
    return next(case for case in found if case.criterion == criterion)


def planning(id: str, criterion: str) -> str:
    return f"{WHERE}/ny?inspektion={id}&kriterium={criterion}"


def links(found: Page, starts: str) -> list[str]:
    return [link.get("href") for link in found.all("a") if (link.get("href") or "").startswith(starts)]


def queries(world: World, ask) -> int:
    """Count what a request asks of the database."""
    with counted(world.store) as asked:
        ask()
    return len(asked)


# --- The list -----------------------------------------------------------------------------------------


def test_where_nothing_is_followed_up_the_list_says_so(lead: Staff):
    assert "Inget behöver åtgärdas just nu" in page(lead.client.get(WHERE)).text


def test_the_list_tells_each_day_and_how_far_it_has_come(world: World, lead: Staff):
    inspected(world)
    mended(world)
    add(world, of(world).id)
    shown = page(lead.client.get(WHERE))
    assert f"{WHERE}/{of(world).id}" in links(shown, f"{WHERE}/")
    assert "Ska vara åtgärdad senast 22 maj 2027, om 181 dagar. 1 av 2 åtgärder klara." in shown.text
    assert "Inga åtgärder ännu" in shown.text
    assert "Preliminär" in shown.text
    assert "Försenad" not in shown.text


def test_what_is_late_is_told_in_words(world: World, lead: Staff):
    inspected(world)
    world.clock.forward(days=184)
    shown = page(Staff(lead.client.application, "studierektor@prov.example").client.get(WHERE))
    assert "Försenad" in shown.text
    assert "Skulle ha varit åtgärdad 22 maj 2027, för 3 dagar sedan." in shown.text


def test_what_has_ended_stands_last_under_its_own_heading(world: World, lead: Staff):
    inspected(world)
    decide(world, "closed", mended(world))
    decide(world, "dismissed", of(world, "E13").id)
    ended = page(lead.client.get(WHERE)).one("section", aria_labelledby="ended")
    assert "Avslutad 22 november 2026" in text_of(ended)
    assert "Avskriven 22 november 2026" in text_of(ended)


def test_actions_of_no_follow_up_stand_under_their_own_heading(world: World, lead: Staff, ovs: Staff):
    id = inspected(world)
    action = add_loose(world, id, "D7", what="Gör en introduktion")
    for who, changes in ((lead, True), (ovs, False)):
        section = page(who.client.get(WHERE)).one("section", aria_labelledby="loose")
        assert "Gör en introduktion" in text_of(section)
        hrefs = [link.get("href") for link in section.iter("a")]
        assert f"/inspektioner/{id}/resultat" in hrefs
        assert (f"{WHERE}/atgard/{action}" in hrefs) is changes


def test_who_oversees_lists_all_units_below(world: World, ovs: Staff, app: Flask):
    inspected(world)
    id, codes = world.open("other", "other")
    world.all_hand_in(codes, answers={"B7": 0})
    world.close(id, "other")
    text = page(ovs.client.get(WHERE)).text
    assert "Kliniken" in text
    assert "Grannkliniken" in text
    assert "Kliniken" not in page(Staff(app, "far@prov.example").client.get(WHERE)).text


def test_the_list_asks_the_same_number_of_times_however_long_it_is(world: World, ovs: Staff):
    inspected(world, {"B3": 0})
    few = queries(world, lambda: ovs.client.get(WHERE))
    id, codes = world.open("other", "other")
    world.all_hand_in(codes, answers=dict.fromkeys(("B3", "B7", "E13", "B6", "D1", "E1"), 0))
    world.close(id, "other")
    mended(world)
    assert queries(world, lambda: ovs.client.get(WHERE)) == few


# --- A follow-up --------------------------------------------------------------------------------------


def test_a_follow_up_tells_what_is_wrong_and_where_it_comes_from(world: World, lead: Staff):
    id = inspected(world)
    shown = page(lead.client.get(f"{WHERE}/{of(world).id}"))
    assert "Alla som är handledare har gått handledarutbildning." in shown.text
    assert "Föreskrift" in shown.text
    assert f"/inspektioner/{id}/resultat" in links(shown, "/inspektioner/")
    assert "av sig självt när inspektionen avslutades" in shown.text


def test_a_preliminary_one_says_that_its_level_is_not_confirmed(world: World, lead: Staff):
    inspected(world)
    text = page(lead.client.get(f"{WHERE}/{of(world, 'E13').id}")).text
    assert "Preliminär: kravets nivå är inte bekräftad" in text
    assert "Preliminär: kravets" not in page(lead.client.get(f"{WHERE}/{of(world).id}")).text


def test_a_deficiency_leads_to_its_review(world: World, lead: Staff):
    deficient(world, True)
    shown = page(lead.client.get(f"{WHERE}/{of(world, '').id}"))
    assert links(shown, "/granskningar/") == [f"/granskningar/{of(world, '').review}"]
    assert "Handledare saknas" in shown.text
    assert "Område B" in shown.text


def test_only_an_anonymous_inspections_breach_is_promised_to_end_by_an_extra_review(
    world: World, lead: Staff
):
    inspected(world)
    deficient(world, True)
    by_review = "eller av er själva om en extra intern granskning"
    assert by_review in page(lead.client.get(f"{WHERE}/{of(world).id}")).text
    deficiency = page(lead.client.get(f"{WHERE}/{of(world, '').id}")).text
    assert by_review not in deficiency
    assert "avslutas av en övergripande studierektor utanför enheten." in deficiency


def test_a_dialogues_result_is_not_linked_above_the_unit(world: World, lead: Staff, ovs: Staff):
    id = talked(world)
    kept = lead.send(planning(id, "B3"), act="take_up").request.path
    assert links(page(lead.client.get(kept)), f"/inspektioner/{id}/resultat")
    above = page(ovs.client.get(kept))
    assert not links(above, f"/inspektioner/{id}/resultat")
    assert "Enhetens samtal om sin inspektion" in above.text


def test_the_hour_in_the_history_is_swedens(world: World, lead: Staff):
    inspected(world)
    assert "22 november 2026 11:00" in page(lead.client.get(f"{WHERE}/{of(world).id}")).text


def test_an_action_is_added_and_stands_in_the_history(world: World, lead: Staff):
    inspected(world)
    where = f"{WHERE}/{of(world).id}"
    shown = lead.send(where, what="Boka kursen", who="chefen", due_on="2027-02-01", status="under_way")
    text = page(shown).text
    assert "Åtgärden är tillagd" in text
    assert "Görs av chefen Klart senast 1 februari 2027" in text
    history = page(lead.client.get(where)).one("section", aria_labelledby="history")
    assert "En åtgärd lades till" in text_of(history)
    assert "Prov studierektor" in text_of(history)
    assert "Boka kursen" in text_of(history)


BAD = [
    ({"what": ""}, "what", "Skriv vad ni ska göra."),
    ({"what": " \r\n "}, "what", "Skriv vad ni ska göra."),
    ({"what": "å" * (TEXT_MOST + 1)}, "what", "Korta den till högst 4000 tecken."),
    ({"who": "å" * 201}, "who", "Korta den till högst 200 tecken."),
    ({"evidence": "å" * (TEXT_MOST + 1)}, "evidence", "Korta den till högst 4000 tecken."),
    ({"due_on": "första maj"}, "due_on", "till exempel 2026-12-13."),
]


@pytest.mark.parametrize("where", ["add", "change", "plan"])
@pytest.mark.parametrize(("values", "field", "sentence"), BAD)
def test_a_bad_input_is_said_beside_it_and_in_the_summary_and_nothing_is_lost(
    world: World, lead: Staff, where: str, values: dict, field: str, sentence: str
):
    id = inspected(world)
    address = {
        "add": lambda: f"{WHERE}/{of(world).id}",
        "change": lambda: f"{WHERE}/atgard/{add(world, of(world).id)}",
        "plan": lambda: planning(id, "D7"),
    }[where]()
    typed = {
        "what": "Skriv",
        "who": "vi",
        "due_on": "2027-01-02",
        "status": "done",
        "evidence": "A\nB",
    } | values
    shown = page(lead.send(address, **typed), 422)
    assert sentence in text_of(shown.by_id("problems"))
    assert f"#{field}" in links(shown, "#")
    assert sentence in text_of(shown.by_id(f"{field}-error"))
    input_ = shown.by_id(field)
    assert input_.get("aria-invalid") == "true"
    assert f"{field}-error" in input_.get("aria-describedby").split()
    kept = shown.form(address)
    assert {name: kept[name].replace("\n", "\r\n") for name in typed} == {
        name: value.replace("\r\n", "\n").replace("\n", "\r\n") for name, value in typed.items()
    }
    assert [step.what for step in of(world).actions] in ([], ["Skriv en rutin"])


def test_an_end_of_line_counts_as_one_letter(world: World, lead: Staff):
    inspected(world)
    text = "\r\n".join(["å" * 99] * 40)
    assert len(text) > TEXT_MOST > len(text.replace("\r\n", "\n"))
    page(lead.send(f"{WHERE}/{of(world).id}", what=text))
    assert of(world).actions[0].what == text.replace("\r\n", "\n")


def test_an_action_is_changed_on_its_own_page(world: World, lead: Staff):
    inspected(world)
    id = add(world, of(world).id, what="Boka", who="chefen", due_on=TODAY)
    where = f"{WHERE}/atgard/{id}"
    form = page(lead.client.get(where)).form(where)
    assert {name: form[name] for name in ("what", "who", "due_on", "status", "evidence")} == {
        "what": "Boka",
        "who": "chefen",
        "due_on": "2026-11-22",
        "status": "planned",
        "evidence": "",
    }
    shown = lead.send(where, status="done", evidence="Intyg finns")
    assert shown.request.path == f"{WHERE}/{of(world).id}"
    assert "1 av 1 åtgärd klar" in page(shown).text
    assert "Intyg finns" in page(shown).text


def test_an_action_of_no_follow_up_is_changed_too(world: World, lead: Staff):
    id = inspected(world)
    action = add_loose(world, id, "D7")
    shown = lead.send(f"{WHERE}/atgard/{action}", what="Något annat")
    assert shown.request.full_path == planning(id, "D7")
    assert "Något annat" in page(shown).text


def test_who_changes_an_action_that_somebody_else_has_changed_is_shown_it_and_keeps_what_was_typed(
    world: World, lead: Staff
):
    inspected(world)
    id = add(world, of(world).id)
    where = f"{WHERE}/atgard/{id}"
    form = page(lead.client.get(where)).form(where)
    change(world, id, "verksamhetschef", evidence="Intyg finns")
    refused = page(lead.client.post(where, data=form | {"who": "chefen"}), 422)
    assert "Någon annan har ändrat åtgärden" in text_of(refused.by_id("what-error"))
    assert "Intyg finns" in refused.text
    assert of(world).actions[0].evidence == "Intyg finns"
    again = refused.form(where)
    assert (again["who"], again["evidence"]) == ("chefen", "")
    assert lead.client.post(where, data=again | {"evidence": "Intyg finns"}).status_code == 302
    (action,) = of(world).actions
    assert (action.who, action.evidence) == ("chefen", "Intyg finns")


@pytest.mark.parametrize("typed", ["0026-12-13", "1999-12-31", "2101-01-01"])
def test_the_day_of_an_action_is_of_our_time(world: World, lead: Staff, typed: str):
    inspected(world)
    refused = page(lead.send(f"{WHERE}/{of(world).id}", what="Boka", due_on=typed), 422)
    assert "Året ska vara mellan 2000 och 2100" in text_of(refused.by_id("due_on-error"))
    assert refused.by_id("due_on").get("value") == typed
    assert not of(world).actions


def test_a_day_may_have_spaces_around_it(world: World, lead: Staff):
    inspected(world)
    page(lead.send(f"{WHERE}/{of(world).id}", what="Boka", due_on=" 2026-12-13\t"))
    assert of(world).actions[0].due_on == date(2026, 12, 13)


def test_an_ended_follow_up_takes_no_actions(world: World, lead: Staff):
    inspected(world)
    id = mended(world)
    action = of(world).actions[0].id
    here, there = f"{WHERE}/{id}", f"{WHERE}/atgard/{action}"
    forms = {where: page(lead.client.get(where)).form(where) for where in (here, there)}
    decide(world, "closed", id)
    shown = page(lead.client.get(here))
    assert not shown.all("textarea")
    assert not links(shown, f"{WHERE}/atgard/")
    assert lead.client.get(there).headers["Location"].endswith(here)
    for where, form in forms.items():
        late = page(lead.client.post(where, data=form | {"what": "För sent skrivet"}), 422)
        assert "redan avslutad eller avskriven" in text_of(late.by_id("problems"))
        assert late.form(where)["what"] == "För sent skrivet"


@pytest.mark.parametrize("what", ["", "/beslut"])
def test_nothing_is_done_without_the_forms_token(world: World, lead: Staff, ovs: Staff, what: str):
    inspected(world)
    id = mended(world)
    data = {"what": "Skriv", "status": "planned", "reason": "Klart", "act": "close"}
    for who in (lead, ovs):
        assert who.client.post(f"{WHERE}/{id}{what}", data=data).status_code == 400
    assert (of(world).is_open, len(of(world).actions)) == (True, 1)


def test_who_only_sees_gets_no_form_and_can_send_none(world: World, lead: Staff, ovs: Staff):
    inspected(world)
    where = f"{WHERE}/{of(world).id}"
    shown = page(ovs.client.get(where))
    assert not shown.all("textarea")
    token = page(lead.client.get(where)).form(where) | page(ovs.client.get("/")).form("/logga-ut")
    for what in ("Skriv", ""):
        assert ovs.client.post(where, data=token | {"what": what}).status_code == 404


# --- Decisions ----------------------------------------------------------------------------------------


def test_who_decides_closes_and_opens_again(world: World, lead: Staff, ovs: Staff):
    inspected(world)
    where = f"{WHERE}/{mended(world)}"
    assert f"{where}/beslut" not in links(page(lead.client.get(where)), WHERE)
    assert f"{where}/beslut" in links(page(ovs.client.get(where)), WHERE)
    shown = ovs.send(f"{where}/beslut", act="close", reason="Rutinen är känd av alla")
    assert shown.request.path == where
    assert "Uppföljningen är avslutad" in page(shown).text
    assert "Rutinen är känd av alla" in page(lead.client.get(where)).text
    shown = ovs.send(f"{where}/beslut", act="reopen", reason="Den följs inte")
    assert "Uppföljningen är öppen igen" in page(shown).text
    assert of(world).is_open


def test_only_a_preliminary_one_can_be_dismissed_on_its_page(world: World, ovs: Staff):
    inspected(world)
    for criterion, offered in (("E13", 1), ("B3", 0)):
        shown = page(ovs.client.get(f"{WHERE}/{of(world, criterion).id}/beslut"))
        assert len(shown.all("button", value="dismiss")) == offered
    refused = ovs.send(f"{WHERE}/{of(world).id}/beslut", act="dismiss", reason="Gäller inte")
    assert "Bara en preliminär brist kan avskrivas" in page(refused, 422).text
    done = ovs.send(f"{WHERE}/{of(world, 'E13').id}/beslut", act="dismiss", reason="Gäller inte")
    assert "Uppföljningen är avskriven" in page(done).text


@pytest.mark.parametrize(
    ("act", "reason", "sentence"),
    [
        ("close", "", "Skriv varför. Skälet sparas i historiken."),
        ("close", "  ", "Skriv varför. Skälet sparas i historiken."),
        ("close", "å" * (TEXT_MOST + 1), "Korta den till högst 4000 tecken."),
        ("close", "Klart", "Det går inte att avsluta ännu"),
        ("reopen", "Tillbaka", "Uppföljningen pågår redan"),
    ],
)
def test_a_decision_that_cannot_be_made_says_what_to_do(
    world: World, ovs: Staff, act: str, reason: str, sentence: str
):
    inspected(world)
    where = f"{WHERE}/{of(world).id}/beslut"
    shown = page(ovs.send(where, act=act, reason=reason), 422)
    assert sentence in text_of(shown.by_id("problems"))
    assert sentence in text_of(shown.by_id("reason-error"))
    assert shown.form(where)["reason"] == reason
    assert of(world).is_open


def test_a_decision_on_what_has_ended_meanwhile_is_refused(world: World, ovs: Staff):
    inspected(world)
    id = mended(world)
    where = f"{WHERE}/{id}/beslut"
    form = page(ovs.client.get(where)).form(where)
    decide(world, "closed", id, ENDED["closed"])
    late = ovs.client.post(where, data=form | {"act": "close", "reason": "Jag med"})
    assert "redan avslutad" in page(late, 422).text


def test_there_is_no_other_decision(world: World, ovs: Staff):
    inspected(world)
    assert ovs.send(f"{WHERE}/{of(world).id}/beslut", act="glömma", reason="X").status_code == 404


# --- From a finding -----------------------------------------------------------------------------------


def test_an_action_is_planned_from_a_weakness_in_the_result(world: World, lead: Staff):
    id = inspected(world)
    shown = page(lead.client.get(f"/inspektioner/{id}/resultat"))
    where = planning(id, "D7")
    assert where in links(shown, f"{WHERE}/ny")
    assert "Planera en åtgärd" in text_of(shown.one("section", aria_labelledby="improve"))
    opened = page(lead.client.get(where))
    assert "D7" in text_of(opened.by_id("finding"))
    assert not opened.all("button", value="take_up")
    done = page(lead.send(where, what="Gör en introduktion"))
    assert "Åtgärden är tillagd" in done.text
    assert "Gör en introduktion" in done.text
    result = page(lead.client.get(f"/inspektioner/{id}/resultat"))
    assert "Se åtgärden" in text_of(result.one("section", aria_labelledby="improve"))


def test_a_breach_in_the_result_leads_to_its_follow_up(world: World, lead: Staff, ovs: Staff):
    id = inspected(world)
    for who in (lead, ovs):
        section = page(who.client.get(f"/inspektioner/{id}/resultat")).one(
            "section", aria_labelledby="breaches"
        )
        assert "Se uppföljningen, åtgärdas senast 22 maj 2027" in text_of(section)
        assert f"{WHERE}/{of(world).id}" in [link.get("href") for link in section.iter("a")]
    decide(world, "closed", mended(world))
    decide(world, "dismissed", of(world, "E13").id)
    text = page(lead.client.get(f"/inspektioner/{id}/resultat")).text
    assert "Se uppföljningen, avslutad" in text
    assert "Se uppföljningen, avskriven" in text


def test_who_only_reads_the_result_is_offered_no_action(world: World, ovs: Staff):
    id = inspected(world)
    assert links(page(ovs.client.get(f"/inspektioner/{id}/resultat")), f"{WHERE}/ny") == []


def test_a_finding_that_is_followed_up_leads_there(world: World, lead: Staff):
    id = inspected(world)
    answer = lead.client.get(planning(id, "B3"))
    assert answer.headers["Location"].endswith(f"{WHERE}/{of(world).id}")


@pytest.mark.parametrize("criterion", ["B1", "X9", ""])
def test_what_is_no_finding_has_no_page(world: World, lead: Staff, criterion: str):
    assert lead.client.get(planning(inspected(world), criterion)).status_code == 404


def test_the_unit_takes_up_a_finding_of_a_dialogue(world: World, lead: Staff):
    id = talked(world)
    where = planning(id, "B3")
    shown = page(lead.client.get(where))
    assert "den ska vara åtgärdad senast 22 maj 2027" in shown.text
    assert "läser fortfarande inte resultatet" in shown.text
    done = lead.send(where, act="take_up")
    assert "Bristen följs nu upp" in page(done).text
    assert done.request.path == f"{WHERE}/{of(world).id}"


def test_taking_up_from_an_anonymous_inspection_is_refused_with_what_to_do(world: World, lead: Staff):
    refused = lead.send(planning(inspected(world), "D7"), act="take_up")
    assert "Planera en åtgärd i stället" in page(refused, 422).text


def test_the_result_asks_the_same_number_of_times_however_much_is_done(world: World, lead: Staff):
    id = inspected(world)
    where = f"/inspektioner/{id}/resultat"
    none = queries(world, lambda: lead.client.get(where))
    for criterion in ("B3", "B7", "E13"):
        mended(world, criterion)
    add_loose(world, id, "D7")
    assert queries(world, lambda: lead.client.get(where)) == none


# --- Home, overview, menu -----------------------------------------------------------------------------


def test_home_and_the_overview_tell_what_is_to_be_mended(world: World, lead: Staff, ovs: Staff, app: Flask):
    inspected(world, {"B3": 0})
    overview = page(ovs.client.get("/oversikt"))
    assert "1 brist den första senast 22 maj 2027, om 181 dagar" in overview.text
    world.clock.forward(days=150)
    for who in ("studierektor", "verksamhetschef", "ovs"):
        home = page(Staff(app, f"{who}@prov.example").client.get("/"))
        assert "En brist ska åtgärdas: Kliniken" in home.text
        assert "Ska vara åtgärdad senast 22 maj 2027, om 31 dagar." in home.text
        assert f"{WHERE}/{of(world).id}" in links(home, WHERE)
    world.clock.forward(days=40)
    ovs = Staff(app, "ovs@prov.example")
    home = page(ovs.client.get("/"))
    assert "En brist skulle ha varit åtgärdad: Kliniken" in home.text
    assert "Försenad B3" in home.text
    overview = page(ovs.client.get("/oversikt"))
    assert "Försenad 1 brist den första senast 22 maj 2027, för 9 dagar sedan" in overview.text


def test_home_tells_of_a_report_to_write_and_of_an_action_that_is_late(world: World, app: Flask):
    id = inspected(world, {"B3": 0, "D7": 1})
    add_loose(world, id, "D7", what="Boka rum", due_on=TODAY)
    for days, by in ((150, "Ska vara åtgärdat senast"), (40, "Skulle ha varit åtgärdat senast")):
        world.clock.forward(days=days)
        home = page(Staff(app, "studierektor@prov.example").client.get("/"))
        assert "En rapport ska skrivas: Kliniken" in home.text
        assert f"En uppföljning är inte rapporterad. {by} 22 maj 2027, " in home.text
        assert f"{WHERE}/rapport/ny?inspektion={id}" in links(home, WHERE)
        assert "En åtgärd skulle ha varit klar: Kliniken D7Boka rum" in home.text
        assert "Skulle ha varit klar senast 22 november 2026, för" in home.text
        assert planning(id, "D7") in links(home, WHERE)


def test_home_tells_of_a_report_on_a_review(world: World, app: Flask):
    deficient(world, True)
    world.clock.forward(days=60)
    home = page(Staff(app, "studierektor@prov.example").client.get("/"))
    assert links(home, f"{WHERE}/rapport/ny?granskning=")


def test_the_overview_tells_of_a_review_where_there_is_no_result(world: World, ovs: Staff):
    deficient(world, True, True, where="other")
    deficient(world, True, where="part")
    text = page(ovs.client.get("/oversikt")).text
    assert "Inget resultat ännu 2 brister den första senast 28 februari 2027" in text
    assert "Förvaltningen Inget resultat ännu 1 brist" in text


def test_the_overview_asks_the_same_number_of_times_however_much_is_open(world: World, ovs: Staff):
    few = queries(world, lambda: ovs.client.get("/oversikt"))
    deficient(world, True, True)
    deficient(world, True, where="other")
    assert queries(world, lambda: ovs.client.get("/oversikt")) == few


def test_home_asks_the_same_number_of_times_however_much_is_late(world: World, app: Flask):
    deficient(world, True)
    world.clock.forward(days=200)
    ovs = Staff(app, "ovs@prov.example")
    few = queries(world, lambda: ovs.client.get("/"))
    deficient(world, True, True, where="other")
    assert queries(world, lambda: ovs.client.get("/")) == few


def test_the_menu_leads_those_it_concerns_to_following_up(world: World, app: Flask):
    for who in ("studierektor", "verksamhetschef", "ovs", "region", "admin"):
        found = WHERE in links(page(Staff(app, f"{who}@prov.example").client.get("/")), WHERE)
        assert found is (who not in ("region", "admin")), who


def test_members_of_a_group_see_its_follow_ups(world: World, app: Flask):
    id, codes = world.open("group", "group", eligible=people(6, 6))
    world.all_hand_in(codes, answers={"B3": 0})
    world.close(id, "group")
    shown = page(Staff(app, "member@prov.example").client.get(WHERE))
    assert "Vårdcentralerna" in shown.text


def test_what_somebody_writes_is_shown_as_text(world: World, lead: Staff, ovs: Staff):
    id = inspected(world)
    where = f"{WHERE}/{of(world).id}"
    values = {"what": EVIL, "who": EVIL, "evidence": EVIL, "status": "done"}
    lead.send(where, **values)
    lead.send(planning(id, "D7"), **values)
    ovs.send(f"{where}/beslut", act="close", reason=EVIL)
    for who in (lead, ovs):
        for address in (where, f"{where}/beslut", WHERE):
            answer = who.client.get(address)
            if answer.status_code != 404:
                assert EVIL not in answer.get_data(as_text=True)
                assert not [s for s in page(answer).all("script") if s.text]
    assert page(lead.client.get(where)).text.count(EVIL) >= 4
    assert EVIL in page(lead.client.get(planning(id, "D7"))).text


def test_every_page_is_whole_in_english(world: World, lead: Staff, ovs: Staff):
    id = inspected(world)
    where = f"{WHERE}/{mended(world)}"
    for who, address in ((lead, WHERE), (lead, where), (lead, planning(id, "D7")), (ovs, f"{where}/beslut")):
        joined = "&" if "?" in address else "?"
        shown = page(who.client.get(f"{address}{joined}lang=en"))
        assert shown.root.get("lang") == "en"
        assert not re.search(r"%\(\w+\)", shown.text)


def test_a_day_far_away_is_kept(world: World, lead: Staff):
    inspected(world)
    far = TODAY + timedelta(days=4000)
    lead.send(f"{WHERE}/{of(world).id}", what="Långsiktigt", due_on=far.isoformat())
    assert of(world).actions[0].due_on == far
    assert of(world).due_on == date(2027, 5, 22)


def test_a_dialogues_other_findings_are_planned_at_the_unit_alone(world: World, lead: Staff, ovs: Staff):
    id = talked(world)
    assert lead.client.get(planning(id, "D7")).status_code == 200
    assert ovs.client.get(planning(id, "D7")).status_code == 404


def test_who_oversees_and_leads_elsewhere_acts_only_there(world: World, app: Flask):
    from stins.services import staff

    inspected(world)
    with world.store.writing() as session:
        staff.assign(session, world.people["ovs"].id, world.places["other"].id, Office.STUDIEREKTOR)
    shown = page(Staff(app, "ovs@prov.example").client.get(f"{WHERE}/{of(world).id}"))
    assert not shown.all("textarea")
    assert links(shown, f"{WHERE}/{of(world).id}/beslut")


def test_a_dialogue_is_followed_up_in_its_own_mode(world: World, lead: Staff):
    id = talked(world)
    lead.send(planning(id, "B3"), act="take_up")
    assert of(world).mode is Mode.DIALOGUE
