"""An inspection is made void by two sides together: everything of it is destroyed, the reason is kept."""

import pytest
from sqlalchemy import func, select
from world import World

from questionnaires.model import Role
from stins.box.keys import MirrorMissing
from stins.services import inspections, oversight, report, void
from stins.services.answer import NoSuchCode
from stins.services.close import Stopped
from stins.services.refusals import NotFound
from stins.services.void import Side
from stins.store.tables import Audit, VoidRequest
from tests.services.evidence import Left, acts, answered, details, left, unmirror

VOID = Left("void", "done", 0, 0, 0, 0, 0, 0, key=False, mirrored=False)


def ask(world: World, who: str, id: str, reason: str = "fel enhet") -> bool:
    with world.store.writing() as session:
        return void.ask(session, world.box, world.people[who], id, reason, world.clock.now())


def case(world: World, who: str, id: str) -> void.Case:
    with world.store.reading() as session:
        return void.case(session, world.people[who], id)


@pytest.fixture
def id(world: World) -> str:
    """An open inspection in which all twelve have handed in."""
    return answered(world)[0]


@pytest.mark.parametrize("first", ["studierektor", "admin"])
def test_one_side_is_not_enough(world: World, id: str, first: str):
    before = left(world, id)
    assert ask(world, first, id) is False
    assert left(world, id) == before


@pytest.mark.parametrize("sides", [("studierektor", "admin"), ("admin", "studierektor")])
def test_both_sides_destroy_everything(world: World, id: str, sides: tuple[str, str]):
    assert ask(world, sides[0], id) is False
    assert ask(world, sides[1], id) is True
    assert left(world, id) == VOID


def test_asking_twice_from_one_side_is_still_one_side(world: World, id: str):
    ask(world, "admin", id)
    assert ask(world, "admin", id, "bättre skäl") is False
    assert case(world, "studierektor", id).other_reason == "bättre skäl"


def test_two_of_one_side_are_still_one_side(world: World, id: str):
    world.person("second_admin", world.people["admin"].held[0].office, "part")
    ask(world, "admin", id)
    assert ask(world, "second_admin", id) is False
    assert left(world, id).state == "open"


@pytest.mark.parametrize("who", ["verksamhetschef", "ovs", "region", "other", "far"])
def test_nobody_else_may_ask(world: World, id: str, who: str):
    with pytest.raises(NotFound):
        ask(world, who, id)
    assert acts(world, id).count("void_asked") == 0


def test_both_reasons_are_kept_in_the_audit_table(world: World, id: str):
    ask(world, "studierektor", id, "koderna gick till fel enhet")
    ask(world, "admin", id, "bekräftat")
    assert details(world, id, "void") == ["koderna gick till fel enhet / bekräftat"]
    assert sorted(details(world, id, "void_asked")) == ["bekräftat", "koderna gick till fel enhet"]


def test_no_request_is_left_when_it_is_done(world: World, id: str):
    ask(world, "studierektor", id)
    ask(world, "admin", id)
    with world.store.reading() as session:
        assert session.scalar(select(func.count()).select_from(VoidRequest)) == 0


def test_a_void_inspection_has_no_result_and_is_in_no_list(world: World, id: str):
    ask(world, "studierektor", id)
    ask(world, "admin", id)
    with world.store.reading() as session:
        with pytest.raises(NotFound):
            report.result(session, world.people["studierektor"], id)
        assert inspections.listed(session, world.people["studierektor"]) == ()


def test_a_void_inspection_keeps_no_participation(world: World, id: str):
    with world.store.writing() as session:
        inspections.find(session, id)[0].participation = {"cells": {}, "outcome": "two"}
    ask(world, "studierektor", id)
    ask(world, "admin", id)
    with world.store.reading() as session:
        row = inspections.find(session, id)[0]
        assert (row.participation, row.participation_on) == (None, None)


def test_its_codes_open_nothing(world: World):
    id, codes = world.open()
    ask(world, "studierektor", id)
    ask(world, "admin", id)
    with pytest.raises(NoSuchCode):
        world.hand_in(codes[Role.ST_LAKARE][0])


def test_after_a_void_one_another_may_open_at_once(world: World, id: str):
    ask(world, "studierektor", id)
    ask(world, "admin", id)
    assert world.open()[1]


def test_what_has_stopped_in_closing_may_be_made_void(world: World, id: str):
    (world.box.keys.folder / f"{id}.key").unlink()
    with pytest.raises(Stopped):
        world.close(id)
    ask(world, "studierektor", id)
    ask(world, "admin", id)
    assert left(world, id) == VOID


@pytest.mark.parametrize("state", ["draft", "closed", "void"])
def test_what_is_not_open_or_closing_cannot_be_made_void(world: World, state: str):
    if state == "draft":
        id = world.plan()
    else:
        id, _ = answered(world)
        if state == "closed":
            world.close(id)
        else:
            ask(world, "studierektor", id)
            ask(world, "admin", id)
    for who in ("studierektor", "admin"):
        with pytest.raises(NotFound):
            ask(world, who, id)


def test_a_request_does_not_outlive_a_closing(world: World, id: str):
    ask(world, "studierektor", id)
    world.close(id)
    with pytest.raises(NotFound):
        ask(world, "admin", id)
    assert left(world, id).released == 1


def test_while_the_mirror_is_away_everything_stays_as_it_was(world: World, id: str):
    ask(world, "studierektor", id)
    before = left(world, id)
    path = unmirror(world)
    with pytest.raises(MirrorMissing):
        ask(world, "admin", id)
    path.mkdir()
    assert left(world, id) == Left(**{f: getattr(before, f) for f in before.__slots__} | {"mirrored": False})
    with world.store.reading() as session:
        assert not session.scalars(select(Audit).where(Audit.act == "void")).all()


def test_a_case_tells_its_side_and_the_others_reason(world: World, id: str):
    ask(world, "studierektor", id, "fel enhet")
    mine, theirs = case(world, "studierektor", id), case(world, "admin", id)
    assert (mine.side, mine.has_asked, mine.other_reason) == (Side.UNIT, True, None)
    assert (theirs.side, theirs.has_asked, theirs.other_reason) == (Side.ADMIN, False, "fel enhet")


def test_a_case_waits_for_the_other_side_alone(world: World, id: str):
    ask(world, "studierektor", id)
    with world.store.reading() as session:
        assert [each.id for each in void.cases(session, world.people["admin"])] == [id]
        for who in ("studierektor", "other", "ovs"):
            assert void.cases(session, world.people[who]) == ()
        needs = oversight.needs(session, world.people["admin"], world.clock.today())
        assert [need.matter for need in needs] == [oversight.Matter.VOID]
