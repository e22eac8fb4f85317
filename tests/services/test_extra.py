"""An extra internal review: who leads it, what it asks, and that it is an inspection like any other."""

from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import select, update
from world import TODAY, World, people

from questionnaires.model import Fact, Role
from questionnaires.read import catalogue
from scoring.rounds import Comments, Mode
from stins.box.sealing import Forged
from stins.services import answer, close, inspections, invite, promise, report, void, workbooks
from stins.services.followup import extra
from stins.services.followup.values import NoArea, TooFewForReview
from stins.services.inspections import Obstacle
from stins.services.invite import CircleBroken, DayWrong, FactMissing, NobodyAsked, NotADraft, NumberWrong
from stins.services.oversight import Matter, needs
from stins.services.refusals import NotFound, Refused, Several
from stins.services.rights import Office
from stins.store.tables import Audit, Code, Inspection
from tests.services.following import decide, deficient, inspected, of, talked, typed_in
from tests.services.reviewing import CIRCLE, FACTS, grounded, keep, reviewed, wanted

BREACHES = {"B3": 0, "B7": 0, "E13": 0, "D7": 1}


def row(world: World, id: str) -> Inspection:
    with world.store.reading() as session:
        return session.get_one(Inspection, id)


def refusals(world: World, id: str, areas=("B",), **changes) -> dict[str, type[Refused]]:
    with pytest.raises(Several) as several:
        keep(world, id, areas, **changes)
    return {refusal.field: type(refusal) for refusal in several.value.refusals}


# --- Planning ----------------------------------------------------------------------------------------


def test_it_stands_on_the_open_breaches_and_on_what_is_known(world: World):
    id = inspected(world, BREACHES)
    found = grounded(world, id)
    assert (found.breaches, found.areas) == (("B3", "B7", "E13"), ("B", "E"))
    assert (found.first.id, found.first.eligible, found.k) == (id, people(7, 9, 1, 1), 5)
    assert found.facts == {id: Fact(fact) for id, fact in FACTS.items()}
    assert found.obstacle == Obstacle("Kliniken", date(2027, 2, 20))
    assert not found.is_too_small
    decide(world, "dismissed", of(world, "E13").id)
    assert grounded(world, id).areas == ("B",)


def test_it_is_anonymous_without_comments_at_the_same_place_and_tied(world: World):
    id = inspected(world, BREACHES)
    kept = row(world, keep(world, id, ("E", "B")).id)
    assert (kept.parent_id, kept.unit_id, kept.areas) == (id, world.places["unit"].id, ["B", "E"])
    assert (kept.mode, kept.comments, kept.state, kept.k) == (Mode.ANONYMOUS, Comments.OFF, "draft", 5)
    assert kept.facts == {"B9": "nej"}
    first = row(world, id)
    assert (kept.catalogue, kept.rules, kept.parameters) == (first.catalogue, first.rules, first.parameters)


@pytest.mark.parametrize("areas", [None, ("H", "G", "F", "E", "D", "C", "B", "A")])
def test_all_areas_are_the_whole_questionnaire(world: World, areas):
    kept = row(world, keep(world, inspected(world), areas).id)
    assert kept.areas is None
    assert kept.facts == FACTS


def test_a_role_that_is_asked_nothing_gets_no_code_and_it_is_told(world: World):
    kept = keep(world, inspected(world), ("C", "H"))
    assert kept.left_out == (Role.VERKSAMHETSCHEF,)
    assert row(world, kept.id).eligible == people(7, 9, 1)
    world.clock.forward(days=CIRCLE)
    change(world, kept.id, ("C", "H"))
    assert set(world.open_planned(kept.id, "ovs")) == set(people(7, 9, 1))


@pytest.mark.parametrize(
    ("areas", "changes", "wrong"),
    [
        ((), {}, {"areas": NoArea}),
        (("B", "X"), {}, {"areas": NoArea}),
        (("B",), {"closes_on": TODAY - timedelta(days=1)}, {"closes_on": DayWrong}),
        (("B",), {"closes_on": date(2027, 2, 19)}, {"closes_on": DayWrong}),
        (("B",), {"eligible": people(2, 2, 1, 1)}, {"st_lakare": TooFewForReview}),
        (("B",), {"eligible": {}}, {"st_lakare": NobodyAsked}),
        (("B",), {"eligible": {Role.HANDLEDARE: 201}}, {"handledare": NumberWrong}),
        (("B",), {"facts": {}}, {"fact_B9": FactMissing}),
        (("A",), {"facts": {}}, {f"fact_{id}": FactMissing for id in ("A2", "A3", "A4", "A8")}),
    ],
)
def test_what_is_wrong_with_a_plan_is_all_told(world: World, areas, changes, wrong):
    assert refusals(world, inspected(world), areas, **changes) == wrong


def test_areas_without_a_stated_fact_ask_for_none(world: World):
    assert row(world, keep(world, inspected(world), ("D", "E"), facts={}).id).facts == {}


def change(world: World, id: str, areas=("B",), who: str = "ovs", **changes) -> extra.Kept:
    with world.store.writing() as session:
        what = wanted(world, areas, **changes)
        return extra.change(session, world.people[who], id, what, world.clock.today())


def test_a_draft_is_changed_and_thrown_away_by_her(world: World):
    id = inspected(world)
    kept = keep(world, id).id
    assert change(world, kept, ("D",), eligible=people(6, 6)).id == kept
    assert (row(world, kept).areas, row(world, kept).eligible) == (["D"], people(6, 6))
    for criterion in ("B3", "B7", "E13"):
        decide(world, "dismissed" if criterion == "E13" else "closed", ended(world, criterion))
    change(world, kept, ("B",))  # its breaches are closed, but it stays hers to change
    with world.store.writing() as session:
        invite.throw_away(session, world.people["ovs"], kept)
    with world.store.reading() as session:
        assert session.get(Inspection, kept) is None


def ended(world: World, criterion: str) -> str:
    from tests.services.following import mended

    return of(world, criterion).id if criterion == "E13" else mended(world, criterion)


def test_a_draft_that_is_opened_is_not_changed(world: World):
    id = inspected(world)
    world.clock.forward(days=CIRCLE)
    kept = keep(world, id).id
    world.open_planned(kept, "ovs")
    with pytest.raises(NotADraft):
        change(world, kept)


# --- Who leads it -----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "who", ["studierektor", "verksamhetschef", "ovs_away", "region", "admin", "other", "far"]
)
def test_nobody_else_plans_one(world: World, who: str):
    id = inspected(world)
    with pytest.raises(NotFound):
        keep(world, id, who=who)
    with pytest.raises(NotFound):
        grounded(world, id, who)


def test_she_who_leads_it_has_no_role_on_the_unit(world: World):
    id = inspected(world)
    world.person("both", Office.OVS, "part")
    with world.store.writing() as session:
        from stins.services import staff

        staff.assign(session, world.people["both"].id, world.places["unit"].id, Office.STUDIEREKTOR)
        world.people["both"] = staff.person(session, world.people["both"].id)
    with pytest.raises(NotFound):
        keep(world, id, who="both")


def acts_on(world: World, id: str, who: str):
    """Give everything that only who leads an inspection does."""
    person, at = world.people[who], world.at
    later = at.today + timedelta(days=CIRCLE + 40)

    def draft():
        return {
            "draft": lambda s: invite.draft(s, person, id),
            "ground": lambda s: extra.ground_of(s, person, id, at.today, at.today),
            "open": lambda s: invite.open_(s, world.box, person, id, at.now, at.today),
            "throw away": lambda s: invite.throw_away(s, person, id),
        }

    return draft() | {
        "codes anew": lambda s: invite.codes_anew(s, world.box, person, id, at.now),
        "codes": lambda s: invite.add_codes(s, world.box, person, id, people(1, 0), at.now),
        "extend": lambda s: invite.extend(s, world.box, person, id, later, at.now, at.today),
        "preview": lambda s: close.preview(s, person, id, at.today),
        "close": lambda s: close.begin(s, world.box, id, at, person),
        "void": lambda s: void.case(s, person, id),
    }


@pytest.mark.parametrize("who", ["studierektor", "verksamhetschef", "ovs_away", "other", "region"])
@pytest.mark.parametrize("state", ["draft", "open"])
def test_nobody_else_does_anything_with_one(world: World, who: str, state: str):
    id = inspected(world)
    world.clock.forward(days=CIRCLE)
    kept = keep(world, id).id
    if state == "open":
        world.open_planned(kept, "ovs")
    for act in acts_on(world, kept, who).values():
        with pytest.raises(NotFound), world.store.writing() as session:
            act(session)


def test_she_adds_codes_extends_and_sees_how_far_it_has_come(world: World):
    id = inspected(world)
    world.clock.forward(days=CIRCLE)
    kept = keep(world, id).id
    codes = world.open_planned(kept, "ovs")
    assert {role: len(fresh) for role, fresh in codes.items()} == people(7, 9, 1, 1)
    for name in ("codes anew", "codes", "extend", "preview", "void"):
        with world.store.writing() as session:
            acts_on(world, kept, "ovs")[name](session)
    with world.store.reading() as session:
        assert len(session.scalars(select(Code.mac).where(Code.inspection_id == kept)).all()) == 19


def test_an_ordinary_inspection_is_not_hers(world: World):
    draft = world.plan()
    for who, name in [("ovs", "open"), ("ovs", "draft"), ("ovs", "throw away")]:
        with pytest.raises(NotFound), world.store.writing() as session:
            acts_on(world, draft, who)[name](session)
    world.open_planned(draft)
    for name in ("close", "preview", "codes", "void"):
        with pytest.raises(NotFound), world.store.writing() as session:
            acts_on(world, draft, "ovs")[name](session)


def test_a_draft_of_hers_does_not_become_another_units_inspection(world: World):
    id = inspected(world)
    kept = keep(world, id).id
    world.person("two", Office.OVS, "part")
    with world.store.writing() as session:
        from stins.services import staff

        staff.assign(session, world.people["two"].id, world.places["far"].id, Office.STUDIEREKTOR)
        person = staff.person(session, world.people["two"].id)
    plan = invite.Plan(
        world.places["far"].id,
        TODAY + timedelta(days=21),
        people(7, 9),
        {id: Fact(fact) for id, fact in FACTS.items()},
        Comments.OFF,
        Mode.ANONYMOUS,
    )
    with pytest.raises(NotFound), world.store.writing() as session:
        invite.plan(session, world.box, person, plan, TODAY, draft_id=kept)
    assert row(world, kept).parent_id == id


def test_one_is_made_void_by_her_and_an_admin(world: World):
    id = inspected(world)
    world.clock.forward(days=CIRCLE)
    kept = keep(world, id).id
    world.open_planned(kept, "ovs")
    for who in ("ovs", "admin"):
        with world.store.writing() as session:
            void.ask(session, world.box, world.people[who], kept, "fel", world.clock.now())
    assert row(world, kept).state == "void"


def test_home_tells_her_of_hers_and_nobody_else(world: World):
    id = inspected(world)
    world.clock.forward(days=CIRCLE)
    kept = keep(world, id).id
    assert (Matter.DRAFT, kept) in told_at_home(world, "ovs")
    codes = world.open_planned(kept, "ovs")
    assert (Matter.OPEN, kept) in told_at_home(world, "ovs")
    for who in ("studierektor", "verksamhetschef"):
        assert kept not in {inspection for _, inspection in told_at_home(world, who)}
    world.all_hand_in(codes)
    world.close(kept, "ovs")
    for who in ("ovs", "studierektor", "verksamhetschef"):
        assert (Matter.RESULT, kept) in told_at_home(world, who)
    assert (Matter.RESULT, id) not in told_at_home(world, "ovs")


def told_at_home(world: World, who: str) -> set[tuple[Matter, str]]:
    with world.store.reading() as session:
        return {(need.matter, need.inspection) for need in needs(session, world.people[who], world.at.today)}


def test_a_stopped_one_is_told_to_her(world: World):
    id = inspected(world)
    world.clock.forward(days=CIRCLE)
    kept = keep(world, id).id
    world.open_planned(kept, "ovs")
    with world.store.writing() as session:
        session.execute(update(Inspection).where(Inspection.id == kept).values(state="closing"))
    with world.store.reading() as session:
        stuck = {
            who: bool(void.stuck(session, world.people[who])) for who in ("ovs", "admin", "studierektor")
        }
    assert stuck == {"ovs": True, "admin": True, "studierektor": False}


# --- Of what one is held ----------------------------------------------------------------------------


@pytest.mark.parametrize("how", ["dialogue", "typed", "open", "nothing shown", "nothing followed up"])
def test_what_is_not_reviewed_again(world: World, how: str):
    match how:
        case "dialogue":
            id = talked(world)
        case "typed":
            id = typed_in(world)
        case "open":
            id = world.open()[0]
        case "nothing shown":
            id, _codes = world.open()
            world.close(id)
        case _:
            id = inspected(world, {"D7": 1})
    with pytest.raises(NotFound):
        grounded(world, id)
    with pytest.raises(NotFound):
        keep(world, id)


def test_a_group_is_reviewed_like_a_unit(world: World):
    id, codes = world.open("group", "group")
    world.all_hand_in(codes, answers={"B3": 0})
    world.close(id, "group")
    kept = reviewed(world, id)
    with world.store.reading() as session:
        assert (
            report.result(session, world.people["member"], kept).summary.place.id == world.places["group"].id
        )


def test_where_k_has_been_raised_it_says_that_they_are_too_few(world: World):
    id = inspected(world)
    with world.store.writing() as session:
        from stins.services import organisation

        numbers = organisation.RegionSettings(
            10, {p: v.default for p, v in catalogue("2026").parameters.items()}
        )
        organisation.set_region(session, world.places["region"].id, numbers, catalogue("2026"))
    assert grounded(world, id).k == 10
    assert not grounded(world, id).is_too_small
    assert replace(grounded(world, id), k=17).is_too_small
    assert refusals(world, id, eligible=people(4, 5)) == {"st_lakare": TooFewForReview}


# --- It keeps the promise ---------------------------------------------------------------------------


def test_only_the_chosen_areas_are_asked_and_shown(world: World):
    id = inspected(world, BREACHES)
    kept = reviewed(world, id, areas=("D", "E"), facts={})
    with world.store.reading() as session:
        found = report.result(session, world.people["studierektor"], kept)
    asked = {c.id for c in catalogue("2026").within(("D", "E"))}
    assert set(found.release.results) == asked
    assert set(found.verdict.areas) == {"D", "E"}
    assert (found.release.areas, found.release.facts, found.summary.after) == (("D", "E"), {}, TODAY)
    with world.store.reading() as session:
        content = workbooks.export_stored(session, kept, "sv")
    read_back = workbooks.scored(content, "resultat.xlsx", None)
    assert read_back.release.areas == ("D", "E")
    assert set(read_back.verdict.areas) == {"D", "E"}


def test_the_form_tells_which_inspection_it_belongs_to(world: World):
    id = inspected(world)
    world.clock.forward(days=CIRCLE)
    kept = keep(world, id, ("D", "E"), facts={}).id
    codes = world.open_planned(kept, "ovs")
    with world.store.reading() as session:
        form = answer.form(session, world.box, codes[Role.ST_LAKARE][0])
        told = promise.told(session, kept)
    assert (form.after, told.after, told.place) == (TODAY, TODAY, "Kliniken")
    assert {question.area for question in form.questions} == {"D", "E"}
    assert form.comment_fields == ()


@pytest.mark.parametrize(
    "changed", [{"parent_id": None}, {"areas": ["D"]}, {"areas": None}], ids=["parent", "areas", "whole"]
)
def test_what_it_is_tied_to_and_asks_is_sealed(world: World, changed):
    id = inspected(world)
    world.clock.forward(days=CIRCLE)
    kept = keep(world, id, ("D", "E"), facts={}).id
    codes = world.open_planned(kept, "ovs")
    world.hand_in(codes[Role.ST_LAKARE][0])
    with world.store.writing() as session:
        session.execute(update(Inspection).where(Inspection.id == kept).values(**changed))
    with pytest.raises(Forged), world.store.reading() as session:
        answer.form(session, world.box, codes[Role.ST_LAKARE][1])
    by = "studierektor" if changed == {"parent_id": None} else "ovs"
    with pytest.raises(close.Stopped):
        world.close(kept, by)


def test_a_review_may_be_planned_before_it_may_be_opened(world: World):
    kept = keep(world, inspected(world)).id
    with world.store.reading() as session:
        assert invite.obstacle(session, kept, TODAY) == Obstacle("Kliniken", date(2027, 2, 20))
    with pytest.raises(CircleBroken):
        world.open_planned(kept, "ovs")


@settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    days=st.integers(0, 120),
    areas=st.sampled_from([None, ("B",), ("D", "E"), ("A", "B", "C", "D", "E", "F", "G")]),
)
def test_a_review_never_weakens_the_circle(world: World, days: int, areas):
    """What stands in its way is what stands in the way of any inspection, whatever it asks."""
    if not (id := first_of(world)):
        id = inspected(world)
    today = TODAY + timedelta(days=days)
    kept = keep(world, id, areas).id
    draft = world.plan()
    with world.store.reading() as session:
        ordinary = invite.obstacle(session, draft, today)
        assert invite.obstacle(session, kept, today) == ordinary
    assert (ordinary is None) == (today >= date(2027, 2, 20))
    with world.store.writing() as session:
        invite.throw_away(session, world.people["studierektor"], draft)
        invite.throw_away(session, world.people["ovs"], kept)


def first_of(world: World) -> str | None:
    with world.store.reading() as session:
        return session.scalar(select(Inspection.id).where(Inspection.state == "closed"))


def test_an_open_review_stands_in_everybodys_way(world: World):
    id = inspected(world)
    world.clock.forward(days=CIRCLE)
    world.open_planned(keep(world, id).id, "ovs")
    with pytest.raises(CircleBroken):
        world.open()


def test_a_closed_review_stands_in_the_way_as_long_as_any(world: World):
    id = inspected(world)
    kept = reviewed(world, id, areas=("D",), facts={})
    world.clock.forward(days=89)
    with pytest.raises(CircleBroken):
        world.open()
    world.clock.forward(days=1)
    world.open()
    with world.store.reading() as session:
        acts = session.scalars(select(Audit.act).where(Audit.subject == kept)).all()
    assert set(acts) == {"open", "close"}


# --- The facts that the next inspection starts from --------------------------------------------------


def test_a_review_of_some_areas_hides_no_fact_of_the_others(world: World):
    id = inspected(world)
    reviewed(world, id, areas=("B",), facts={"B9": Fact.JA})
    with world.store.reading() as session:
        known = invite.facts_latest(session, world.places["unit"].id)
    assert known == {id: Fact(fact) for id, fact in (FACTS | {"B9": "ja"}).items()}


@pytest.mark.parametrize(("areas", "a4"), [(("A",), "nej"), (("B",), None)])
def test_a_review_that_states_a4_is_opened_with_what_the_register_says(world: World, areas, a4: str | None):
    id = inspected(world)
    world.clock.forward(days=CIRCLE)
    kept = keep(world, id, areas).id
    deficient(world, True)
    world.open_planned(kept, "ovs")
    with world.store.reading() as session:
        facts = inspections.summary(session, world.people["ovs"], kept).facts
    assert facts.get("A4") == a4


def test_a_whole_review_states_every_fact_anew(world: World):
    never = {"A2": Fact.NEJ, "A3": Fact.NEJ, "A8": Fact.JA, "B9": Fact.JA, "F6": Fact.JA}
    reviewed(world, inspected(world), areas=None, facts=never)
    with world.store.reading() as session:
        assert invite.facts_latest(session, world.places["unit"].id) == never


def test_a_list_tells_what_each_is(world: World):
    id = inspected(world)
    kept = keep(world, id, ("D", "E"), facts={}).id
    with world.store.reading() as session:
        found = {each.id: each for each in inspections.listed(session, world.people["studierektor"])}
    assert (found[kept].is_extra, found[kept].parent, found[kept].after) == (True, id, TODAY)
    assert (found[id].is_extra, found[id].parent, found[id].after) == (False, "", None)
