"""Who reads a result reads what was released; comments are read first by somebody else, who may only cut."""

import json
from datetime import date, timedelta

import pytest
from sqlalchemy import select
from world import TODAY, World, people

from questionnaires.model import Role
from scoring.rounds import Comments, Mode
from stins.services import inspections, oversight, report
from stins.services.refusals import NotFound
from stins.services.report import CommentCount, CommentState, Decision, NotAPassage, Undecided
from stins.services.rights import Office
from stins.store.tables import Comment, Release
from tests.services.evidence import acts, body

ST = Role.ST_LAKARE
TEXTS = ("Anna är bra, Bo är bättre", "Den blå pärmen är borta", "Mer tid")


@pytest.fixture
def database(sqlite_database: str) -> str:
    """What is compared and printed does not see which database there is."""
    return sqlite_database


@pytest.fixture
def closed(world: World) -> str:
    """A closed inspection at the unit without comments."""
    id, codes = world.open()
    world.all_hand_in(codes)
    world.close(id)
    return id


@pytest.fixture
def commented(world: World) -> str:
    """A closed inspection at the unit with three comments that wait."""
    id, codes = world.open(eligible=people(5, 5), comments=Comments.REVIEWED)
    texts = iter(TEXTS)
    for fresh in codes.values():
        for code in fresh:
            text = next(texts, None)
            world.hand_in(code, comments={"improve" if text == "Mer tid" else "best": text} if text else {})
    world.close(id)
    return id


def read(world: World, who: str, id: str) -> report.Result:
    with world.store.reading() as session:
        return report.result(session, world.people[who], id)


def waiting(world: World, id: str, who: str = "ovs") -> tuple[report.Unread, ...]:
    with world.store.reading() as session:
        return report.unread(session, world.people[who], id)[1]


def decide(world: World, id: str, choices: dict[str, tuple], who: str = "ovs") -> None:
    """Decide by text: a state and, where redacted, the new text. Those not named are shown."""
    decisions = {
        each.id: Decision(each.id, *choices.get(each.text, (CommentState.SHOWN,)))
        for each in waiting(world, id)
    }
    with world.store.writing() as session:
        report.decide(session, world.box, world.people[who], id, decisions, world.clock.now())


# --- Reading --------------------------------------------------------------------------------------------


@pytest.mark.parametrize("who", ["studierektor", "verksamhetschef", "ovs"])
def test_the_unit_and_who_oversees_it_read_its_result(world: World, closed: str, who: str):
    assert [cell.n for cell in read(world, who, closed).release.cells] == [7, 11]


@pytest.mark.parametrize("who", ["admin", "region", "other", "ovs_away", "group", "far"])
def test_nobody_else_reads_it(world: World, closed: str, who: str):
    with pytest.raises(NotFound):
        read(world, who, closed)


def test_what_is_read_is_what_was_stored(world: World, closed: str):
    found = read(world, "studierektor", closed)
    with world.store.reading() as session:
        stored = session.get(Release, closed)
    assert found.sha256 == stored.sha256
    assert json.loads(stored.body)["closed_on"] == found.release.closed_on.isoformat() == "2026-11-22"


def test_a_result_says_until_when_to_mend(world: World, closed: str):
    assert read(world, "studierektor", closed).mend_by == date(2027, 5, 22)


def test_a_result_has_rows_and_a_profile_in_both_languages(world: World, closed: str):
    found = read(world, "studierektor", closed)
    for lang in ("sv", "en"):
        assert [area.id for area in found.rows(lang).areas] == list("ABCDEFGH")
        assert found.profile(lang, "Profil", "Betyg per område").lstrip().startswith(b"<")


@pytest.mark.parametrize("state", ["draft", "open", "unknown"])
def test_there_is_no_result_before_closing(world: World, state: str):
    id = {"draft": world.plan, "open": lambda: world.open()[0], "unknown": lambda: "00000000"}[state]()
    with pytest.raises(NotFound):
        read(world, "studierektor", id)


def test_the_members_of_a_group_read_the_groups_result(world: World):
    id, codes = world.open("group", by="group", eligible=people(5, 0))
    world.all_hand_in(codes)
    world.close(id, by="group")
    assert read(world, "member", id).release.cells
    with pytest.raises(NotFound):
        read(world, "studierektor", id)


@pytest.fixture
def talk(world: World) -> str:
    """A closed dialogue at the unit."""
    id, codes = world.open(eligible=people(1, 1, 0, 1), mode=Mode.DIALOGUE)
    world.all_hand_in(codes)
    world.close(id)
    return id


def test_a_dialogue_is_read_at_the_unit(world: World, talk: str):
    for who in ("studierektor", "verksamhetschef"):
        assert read(world, who, talk).release.mode is Mode.DIALOGUE


def test_above_the_unit_a_dialogue_is_only_known_to_have_been_held(world: World, talk: str):
    with pytest.raises(NotFound):
        read(world, "ovs", talk)
    with world.store.reading() as session:
        row = next(r for r in oversight.units(session, world.people["ovs"]) if r.inspection == talk)
        assert (row.mode, row.closed_on, row.grades) == (Mode.DIALOGUE, TODAY, {})
        assert inspections.summary(session, world.people["ovs"], talk).closed_on == TODAY


# --- Reading comments first -----------------------------------------------------------------------------


def test_only_a_reader_above_with_no_role_on_the_unit_reads_comments_first(world: World, commented: str):
    assert sorted(each.text for each in waiting(world, commented)) == sorted(TEXTS)
    for who in ("studierektor", "verksamhetschef", "admin", "region", "ovs_away", "other"):
        with pytest.raises(NotFound):
            waiting(world, commented, who)
        with pytest.raises(NotFound):
            decide(world, commented, {}, who)


def test_a_reader_who_becomes_part_of_the_unit_reads_no_more(world: World, commented: str):
    from stins.services import staff

    with world.store.writing() as session:
        staff.assign(session, world.people["ovs"].id, world.places["unit"].id, Office.VERKSAMHETSCHEF)
        world.people["ovs"] = staff.person(session, world.people["ovs"].id)
    with pytest.raises(NotFound):
        waiting(world, commented)


def test_comments_stand_by_field_and_by_code_point(world: World, commented: str):
    assert [(each.field, each.text) for each in waiting(world, commented)] == [
        ("best", TEXTS[0]),
        ("best", TEXTS[1]),
        ("improve", TEXTS[2]),
    ]


def test_before_they_are_read_the_result_shows_none_and_says_that_they_wait(world: World, commented: str):
    found = read(world, "studierektor", commented)
    assert found.release.comments == {}
    assert found.comments == CommentCount(waiting=3, redacted=0, withheld=0, unread=0)


def test_while_it_is_open_no_comment_can_be_read(world: World):
    id, _ = world.open(comments=Comments.REVIEWED)
    with pytest.raises(NotFound):
        waiting(world, id)
    with pytest.raises(NotFound), world.store.writing() as session:
        report.decide(session, world.box, world.people["ovs"], id, {}, world.clock.now())


def test_comments_that_were_passed_are_shown_to_the_unit(world: World, commented: str):
    decide(world, commented, {})
    assert read(world, "studierektor", commented).release.comments == {
        "best": TEXTS[:2],
        "improve": TEXTS[2:],
    }


def test_what_is_withheld_is_overwritten_in_the_database(world: World, commented: str):
    decide(world, commented, {TEXTS[0]: (CommentState.WITHHELD,)})
    with world.store.reading() as session:
        assert sorted(session.execute(select(Comment.state, Comment.text))) == [
            ("shown", TEXTS[1]),
            ("shown", TEXTS[2]),
            ("withheld", ""),
        ]


def test_what_is_redacted_is_overwritten_in_the_database(world: World, commented: str):
    decide(world, commented, {TEXTS[0]: (CommentState.REDACTED, "[...] är bra, Bo är bättre ")})
    with world.store.reading() as session:
        assert "Anna" not in "".join(session.scalars(select(Comment.text)))
    assert read(world, "studierektor", commented).release.comments["best"] == (
        TEXTS[1],
        "[…] är bra, Bo är bättre",
    )


def test_how_many_were_changed_or_withheld_is_told(world: World, commented: str):
    decide(
        world,
        commented,
        {TEXTS[0]: (CommentState.REDACTED, "Anna […]"), TEXTS[2]: (CommentState.WITHHELD,)},
    )
    found = read(world, "studierektor", commented)
    assert found.comments == CommentCount(waiting=0, redacted=1, withheld=1, unread=0)
    assert found.release.redacted == 2


def test_reading_comments_leaves_the_release_and_its_digest_alone(world: World, commented: str):
    before, sha256 = body(world, commented), read(world, "studierektor", commented).sha256
    decide(world, commented, {TEXTS[0]: (CommentState.WITHHELD,)})
    assert (body(world, commented), read(world, "studierektor", commented).sha256) == (before, sha256)


def test_that_comments_were_read_is_audited(world: World, commented: str):
    decide(world, commented, {})
    assert acts(world, commented).count("comments_read") == 1


@pytest.mark.parametrize(
    "text",
    [
        "[…]",
        "[…] är bra, Bo är bättre",
        "Anna […] bättre",
        "Anna är bra […]",
        "Anna är […], Bo […] bättre",
        "[...]Bo är bättre",
        "[…] är […] är […]",
    ],
)
def test_a_passage_may_be_cut_anywhere(world: World, commented: str, text: str):
    decide(world, commented, {TEXTS[0]: (CommentState.REDACTED, text)})
    assert text.replace("[...]", "[…]") in read(world, "studierektor", commented).release.comments["best"]


@pytest.mark.parametrize(
    "text",
    [
        "",
        "Anna är bra, Bo är bättre",
        "Anna är bra",
        "Anna är dålig […]",
        "är bra […]",
        "Anna […] är",
        "Bo är bättre […] Anna är bra",
        "Anna är bra, Bo är bättre […] bättre",
        "anna […]",
        "Anna är bra, Bo är bättre. […]",
        "[…] inte […]",
    ],
)
def test_nothing_can_be_added_moved_or_dropped_unmarked(world: World, commented: str, text: str):
    with pytest.raises(NotAPassage) as caught:
        decide(world, commented, {TEXTS[0]: (CommentState.REDACTED, text)})
    assert caught.value.field == next(c.id for c in waiting(world, commented) if c.text == TEXTS[0])
    assert {c.text for c in waiting(world, commented)} == set(TEXTS)


@pytest.mark.parametrize("how", ["left out", "waiting"])
def test_every_comment_must_be_decided_on(world: World, commented: str, how: str):
    first, *others = waiting(world, commented)
    decisions = {each.id: Decision(each.id, CommentState.WITHHELD) for each in others}
    if how == "waiting":
        decisions[first.id] = Decision(first.id, CommentState.WAITING)
    with pytest.raises(Undecided) as caught, world.store.writing() as session:
        report.decide(session, world.box, world.people["ovs"], commented, decisions, world.clock.now())
    assert caught.value.field == first.id
    assert len(waiting(world, commented)) == 3


def test_a_decision_is_not_taken_back(world: World, commented: str):
    ids = [each.id for each in waiting(world, commented)]
    decide(world, commented, dict.fromkeys(TEXTS, (CommentState.WITHHELD,)))
    with world.store.writing() as session:
        again = {id: Decision(id, CommentState.SHOWN) for id in ids}
        report.decide(session, world.box, world.people["ovs"], commented, again, world.clock.now())
    assert read(world, "studierektor", commented).release.comments == {}


def test_comments_that_wait_are_told_to_their_reader_with_their_last_day(world: World, commented: str):
    with world.store.reading() as session:
        ((about, last),) = report.reviews_waiting(session, world.people["ovs"])
        assert (about.id, last) == (commented, TODAY + timedelta(days=61))
        for who in ("studierektor", "ovs_away", "admin"):
            assert report.reviews_waiting(session, world.people[who]) == ()


def test_when_all_are_read_none_wait(world: World, commented: str):
    decide(world, commented, {})
    with world.store.reading() as session:
        assert report.reviews_waiting(session, world.people["ovs"]) == ()


# --- Looking over it all --------------------------------------------------------------------------------


def matters(world: World, who: str) -> list[oversight.Matter]:
    with world.store.reading() as session:
        found = oversight.needs(session, world.people[who], world.clock.today())
    # Nobody has been reviewed in the small world, so the five-year clock says so to everybody.
    return [need.matter for need in found if need.matter is not oversight.Matter.REVIEW]


def test_who_has_nothing_yet_is_told_to_plan(world: World):
    assert matters(world, "studierektor") == [oversight.Matter.PLAN]
    assert matters(world, "verksamhetschef") == []


def test_drafts_open_ones_and_results_need_who_runs_them(world: World):
    world.plan()
    assert matters(world, "studierektor") == [oversight.Matter.DRAFT]
    id, codes = world.open()
    assert matters(world, "studierektor") == [oversight.Matter.OPEN, oversight.Matter.DRAFT]
    world.all_hand_in(codes)
    world.close(id)
    assert matters(world, "studierektor") == [oversight.Matter.DRAFT, oversight.Matter.RESULT]
    world.clock.forward(days=31)
    assert matters(world, "studierektor") == [oversight.Matter.DRAFT]


def test_comments_need_their_reader(world: World, commented: str):
    assert matters(world, "ovs") == [oversight.Matter.COMMENTS]


def test_who_oversees_sees_the_latest_grades_of_every_place_below(world: World, closed: str):
    with world.store.reading() as session:
        rows = oversight.units(session, world.people["ovs"])
        assert {row.place.name for row in rows} == {
            world.places[key].name for key in ("part", "unit", "other", "group", "member", "second")
        }
        row = next(row for row in rows if row.inspection == closed)
        assert set(row.grades) == set("ABCDEFGH")
        assert oversight.units(session, world.people["studierektor"]) == ()


def test_what_released_nothing_is_in_no_overview(world: World):
    id, _ = world.open()
    world.close(id)
    with world.store.reading() as session:
        assert not any(row.inspection for row in oversight.units(session, world.people["ovs"]))


def test_another_units_inspection_is_not_found(world: World, closed: str):
    with world.store.reading() as session:
        with pytest.raises(NotFound):
            inspections.summary(session, world.people["other"], closed)
        assert inspections.listed(session, world.people["other"]) == ()


def test_inspections_are_listed_the_latest_last_day_first(world: World):
    first = world.plan(closes_on=TODAY)
    second = world.plan(closes_on=TODAY + timedelta(days=9))
    with world.store.reading() as session:
        found = inspections.listed(session, world.people["ovs"])
    assert [each.id for each in found] == [second, first]


def test_an_inspection_whose_place_is_gone_is_not_found(world: World, monkeypatch: pytest.MonkeyPatch):
    id = world.plan()
    with world.store.reading() as session:
        monkeypatch.setattr(session, "get", lambda *_: None)
        with pytest.raises(NotFound):
            inspections.find(session, id)
