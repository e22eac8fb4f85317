"""The pages of an extra internal review: what is wrong beside its input, nothing typed lost, plain words."""

from datetime import timedelta

import pytest
from flask import Flask
from pages import Staff, page, text_of
from world import TODAY, World, people

from stins.services.followup import reading
from tests.services.following import decide, inspected, of
from tests.services.reviewing import CIRCLE, keep, reviewed, with_evidence


@pytest.fixture
def ovs(app: Flask, world: World) -> Staff:
    return Staff(app, "ovs@prov.example")


@pytest.fixture
def lead(app: Flask, world: World) -> Staff:
    return Staff(app, "studierektor@prov.example")


def found_in(world: World, case: str) -> str:
    with world.store.reading() as session:
        return reading.case(session, world.people["ovs"], case)[0].inspection


def chosen(found, name: str = "areas") -> list[str]:
    return [box.get("value") for box in found.all("input", name=name) if box.get("checked") is not None]


def test_the_areas_of_the_breaches_are_chosen_beforehand(world: World, ovs: Staff):
    id = inspected(world)
    found = page(ovs.client.get(f"/inspektioner/{id}/extra"))
    assert chosen(found) == ["B", "E"]
    assert "Bristerna finns i områdena B och E." in found.text
    assert chosen(found, "scope") == ["some"]
    assert [text_of(d.find("summary"))[0] for d in found.all("details") if d.get("open") is not None] == ["B"]


def test_one_breach_is_told_as_one(world: World, ovs: Staff):
    found = page(ovs.client.get(f"/inspektioner/{inspected(world, {'B3': 0})}/extra"))
    assert "Bristen finns i område B." in found.text


def send(ovs: Staff, where: str, areas: list[str], **values: str):
    """Send a plan with some areas ticked."""
    form = page(ovs.client.get(where)).form(where)
    return ovs.client.post(where, data=form | values | {"areas": areas}, follow_redirects=True)


def test_what_is_wrong_stands_beside_its_input_and_nothing_is_lost(world: World, ovs: Staff):
    where = f"/inspektioner/{inspected(world)}/extra"
    wrong = page(send(ovs, where, [], closes_on="i morgon", **{"people-st_lakare": "9"}), 422)
    kept = wrong.form(where)
    assert kept["people-st_lakare"] == "9"
    assert "Skriv dagen som år-månad-dag" in text_of(wrong.by_id("closes_on-error"))
    late = page(
        send(ovs, where, [], closes_on="2020-01-01", **{"people-st_lakare": "0", "people-handledare": "4"}),
        422,
    )
    assert "Välj minst ett område" in text_of(late.by_id("areas-error"))
    assert "Välj en dag från" in text_of(late.by_id("closes_on-error"))
    assert "skriftligt beslut" in text_of(late.by_id("people-st_lakare-error"))
    assert chosen(late) == []
    links = {a.get("href") for a in late.by_id("problems").iter("a")}
    assert links == {"#areas", "#closes_on", "#people-st_lakare"}


def test_a_wrong_fact_is_told_and_an_unknown_area_is_refused(world: World, ovs: Staff):
    where = f"/inspektioner/{inspected(world)}/extra"
    form = page(ovs.client.get(where)).form(where)
    wrong = page(ovs.client.post(where, data=form | {"areas": ["A"], "fact_A2": "nej"}), 422)
    assert "välj Nej" in text_of(wrong.by_id("fact_A3-error"))
    form["areas"] = ["Å"]
    page(ovs.client.post(where, data=form), 422)


def test_the_whole_questionnaire_is_planned_and_changed_to_some_areas(world: World, ovs: Staff):
    where = f"/inspektioner/{inspected(world)}/extra"
    shown = send(ovs, where, ["B"], scope="whole")
    address = shown.request.path
    assert "Extra intern granskning av alla områden" in page(shown).text
    again = page(ovs.client.get(f"{address}/andra"))
    assert chosen(again, "scope") == ["whole"]
    changed = send(ovs, f"{address}/andra", ["C", "H"], scope="some")
    assert "Inga koder skapas för Verksamhetschef" in page(changed).text
    assert "områdena C och H" in page(changed).text
    again = page(ovs.client.get(f"{address}/andra"))
    assert chosen(again) == ["C", "H"]
    assert again.form(f"{address}/andra")["people-verksamhetschef"] in ("", "0")
    assert "Det den övergripande studierektorn uppger" not in page(changed).text
    for what in ("stang", "extra"):
        assert ovs.client.get(f"{address}/{what}").status_code == 404


def test_a_draft_without_any_open_breach_left_can_be_changed(world: World, ovs: Staff):
    case = with_evidence(world)
    kept = keep(world, found_in(world, case)).id
    decide(world, "closed", case)
    assert (
        "Ingen brist från inspektionen är öppen längre"
        in page(ovs.client.get(f"/inspektioner/{kept}/andra")).text
    )


def test_an_opened_one_is_not_changed(world: World, ovs: Staff):
    id = inspected(world)
    world.clock.forward(days=CIRCLE)
    kept = keep(world, id).id
    world.open_planned(kept, "ovs")
    ovs = Staff(ovs.client.application, "ovs@prov.example")
    assert ovs.client.get(f"/inspektioner/{kept}/andra").status_code == 404


def test_an_inspection_under_way_is_told_when_a_review_is_planned(world: World, app: Flask):
    id = inspected(world)
    world.clock.forward(days=CIRCLE)
    world.open()
    found = page(Staff(app, "ovs@prov.example").client.get(f"/inspektioner/{id}/extra"))
    assert "En inspektion pågår på Kliniken" in found.text


def test_where_they_are_too_few_the_page_points_to_a_decision(world: World, app: Flask):
    id, codes = world.open(eligible=people(3, 3))
    world.all_hand_in(codes, answers={"D1": 0})
    world.close(id)
    from stins.services import organisation
    from stins.services.invite import current_catalogue

    with world.store.writing() as session:
        cat = current_catalogue()
        numbers = organisation.region_settings(session, world.places["unit"], cat)
        wanted = organisation.RegionSettings(7, numbers.parameters)
        organisation.set_region(session, world.places["region"].id, wanted, cat)
    text = page(Staff(app, "ovs@prov.example").client.get(f"/inspektioner/{id}/extra")).text
    assert "färre än 7 ST-läkare och handledare" in text
    assert "skriftligt beslut" in text


def test_a_planned_one_is_led_to_and_no_second_is_offered(world: World, ovs: Staff, lead: Staff):
    id = inspected(world)
    case = f"/uppfoljning/{of(world, 'B3').id}"
    assert "Planera en extra intern granskning" in page(ovs.client.get(case)).text
    assert "Planera en extra intern granskning" not in page(lead.client.get(case)).text
    kept = keep(world, id).id
    for who in (ovs, lead):
        found = page(who.client.get(case))
        assert "Planera en extra intern granskning" not in found.text
        assert f"/inspektioner/{kept}" in [a.get("href") for a in found.all("a")]


@pytest.mark.parametrize(
    ("answers", "evidence", "told"),
    [
        ({}, True, "kan därför avslutas utan särskilt beslut"),
        ({}, False, "kan avslutas när minst en åtgärd är klar"),
        ({"B3": 0}, True, "inte är helt uppfyllt"),
        ({"B3": "ej_aktuellt"}, True, "ingen status i granskningen"),
    ],
)
def test_the_follow_up_says_what_closing_would_take(world: World, app: Flask, answers, evidence, told: str):
    case = with_evidence(world) if evidence else of_only(world)
    reviewed(world, found_in(world, case), answers)
    found = page(Staff(app, "studierektor@prov.example").client.get(f"/uppfoljning/{case}"))
    assert told in found.text
    assert "Före, 22 november 2026" in found.text
    assert "Efter, 21 februari 2027" in found.text
    assert ("Avsluta som uppfylld" in found.text) == (not answers and evidence)


def of_only(world: World) -> str:
    inspected(world, {"B3": 0})
    return of(world, "B3").id


def test_what_was_opened_again_since_says_so(world: World, app: Flask):
    case = with_evidence(world)
    reviewed(world, found_in(world, case))
    decide(world, "closed", case)
    decide(world, "reopened", case)
    text = page(Staff(app, "ovs@prov.example").client.get(f"/uppfoljning/{case}")).text
    assert "har öppnats igen efter granskningen" in text


def test_a_closing_without_the_forms_token_does_nothing(world: World, app: Flask):
    case = with_evidence(world)
    reviewed(world, found_in(world, case))
    client = Staff(app, "studierektor@prov.example").client
    assert client.post(f"/uppfoljning/{case}/uppfylld").status_code == 400
    assert of(world, "B3").is_open


def test_the_result_shows_only_what_was_asked(world: World, app: Flask):
    id = inspected(world, {"B3": 0, "D1": 0})
    kept = reviewed(world, id, {"D1": 0, "D2": 0}, areas=("D",), facts={})
    found = page(Staff(app, "studierektor@prov.example").client.get(f"/inspektioner/{kept}/resultat"))
    assert {text_of(each) for each in found.all("span", class_="letter")} == {"D"}
    section = text_of(found.one("section", aria_labelledby="before-after"))
    assert "Frågades inte i den extra granskningen" in section
    assert "Oförändrat" in section
    breaches = text_of(found.one("section", aria_labelledby="breaches"))
    assert "Det som redan följs upp ska vara åtgärdat den dag som sattes då" in breaches
    assert "Se uppföljningen, åtgärdas senast 22 maj 2027 D1" in breaches
    assert "Se uppföljningen, åtgärdas senast 21 augusti 2027 D2" in breaches


def test_a_stated_fact_is_hers(world: World, app: Flask):
    id = inspected(world, {"B3": 0})
    kept = reviewed(world, id)
    client = Staff(app, "studierektor@prov.example").client
    assert (
        "Den övergripande studierektorns uppgift: Nej"
        in page(client.get(f"/inspektioner/{kept}/resultat")).text
    )
    assert "Studierektorns uppgift: Nej" in page(client.get(f"/inspektioner/{id}/resultat")).text
    assert "Det den övergripande studierektorn uppger" in page(client.get(f"/inspektioner/{kept}")).text


def test_a_review_that_shows_nothing_says_what_was_before(world: World, app: Flask):
    id = inspected(world, {"B3": 0})
    world.clock.forward(days=CIRCLE)
    kept = keep(world, id).id
    world.open_planned(kept, "ovs")
    world.close(kept, "ovs")
    found = page(Staff(app, "ovs@prov.example").client.get(f"/inspektioner/{kept}/resultat"))
    section = text_of(found.one("section", aria_labelledby="before-after"))
    assert "Före, 22 november 2026" in section
    assert "För få svar" in section


@pytest.mark.parametrize(("passed", "last"), [(0, 90 + 21), (90, 90 + 21), (100, 100 + 21)])
def test_the_last_day_is_three_weeks_after_it_can_be_opened(world: World, app: Flask, passed: int, last: int):
    id = inspected(world)
    world.clock.forward(days=passed)
    found = page(Staff(app, "ovs@prov.example").client.get(f"/inspektioner/{id}/extra"))
    assert found.one("input", name="closes_on").get("value") == str(TODAY + timedelta(days=last))
