"""Closing gives the release and destroys the rest, whatever interrupts it."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session
from world import World, people

from questionnaires.model import Role
from scoring.rounds import Comments, Mode
from stins.box import keys
from stins.box.keys import MirrorMissing
from stins.services import answer, close, report, staff
from stins.services.answer import Ended, NoSuchCode
from stins.services.close import Stopped
from stins.services.participation import Outcome
from stins.services.refusals import NotFound
from stins.store.opening import Store
from stins.store.tables import Comment
from tests.services.evidence import REMARK, Left, acts, answered, body, body_to_come, left, mirror, unmirror

DONE = Left("closed", "done", 0, 0, 0, 1, 12, 1, key=False, mirrored=False)


class Broken(Exception):
    """Stands for whatever may interrupt the program."""


@pytest.fixture
def round_(world: World) -> tuple[str, dict[Role, tuple[str, ...]]]:
    """An open inspection in which all twelve have handed in, each with a comment."""
    return answered(world)


def test_a_closed_inspection_has_a_result_and_nothing_else(world: World):
    id, codes = world.open()
    world.all_hand_in(codes)
    world.close(id)
    with world.store.reading() as session:
        found = report.result(session, world.people["studierektor"], id)
    assert [cell.n for cell in found.release.cells] == [7, 11]
    assert left(world, id) == Left("closed", "done", 0, 0, 0, 1, 0, 1, key=False, mirrored=False)


def test_the_result_tells_what_was_destroyed_and_when(world: World, round_):
    world.close(round_[0])
    with world.store.reading() as session:
        found = report.result(session, world.people["studierektor"], round_[0])
    assert found.destroyed == report.Destroyed(ballots=12, codes=12, on=world.clock.today())


def test_codes_that_were_never_used_are_destroyed_and_counted(world: World):
    id, codes = world.open()
    world.hand_in(codes[Role.ST_LAKARE][0])
    world.close(id)
    with world.store.reading() as session:
        assert report.result(session, world.people["studierektor"], id).destroyed.codes == 18
    assert left(world, id).codes == 0


def test_the_release_is_what_publishing_the_ballots_gives(world: World, round_):
    expected = body_to_come(world, round_[0])
    world.close(round_[0])
    assert body(world, round_[0]) == expected


def test_comments_are_kept_apart_and_wait_for_their_reader(world: World, round_):
    world.close(round_[0])
    assert REMARK not in body(world, round_[0])
    with world.store.reading() as session:
        assert set(session.scalars(select(Comment.state))) == {"waiting"}
        assert len(set(session.scalars(select(Comment.id)))) == 12


def test_comments_are_stored_in_order_of_their_random_ids(
    world: World, round_, monkeypatch: pytest.MonkeyPatch
):
    stored = []
    execute = Session.execute

    def watched(self, statement, params=None, **how):
        if getattr(statement, "is_insert", False) and statement.table.name == "comment":
            stored.append([row["id"] for row in params])
        return execute(self, statement, params, **how)

    monkeypatch.setattr(Session, "execute", watched)
    world.close(round_[0])
    assert len(stored) == 1
    assert stored[0] == sorted(stored[0])


def test_too_few_answers_release_nothing_and_are_destroyed(world: World):
    id, codes = world.open()
    for code in codes[Role.ST_LAKARE][:4]:
        world.hand_in(code)
    world.close(id)
    assert '"cells":[]' in body(world, id)
    assert left(world, id) == Left("closed", "done", 0, 0, 0, 1, 0, 1, key=False, mirrored=False)


def test_without_comments_none_are_stored(world: World):
    id, codes = world.open(comments=Comments.OFF)
    world.all_hand_in(codes)
    world.close(id)
    assert left(world, id).comments == 0


def test_a_dialogue_closes_to_one_cell(world: World):
    id, codes = world.open(eligible=people(1, 1, 0, 1), mode=Mode.DIALOGUE)
    world.all_hand_in(codes)
    world.close(id)
    with world.store.reading() as session:
        found = report.result(session, world.people["studierektor"], id)
    assert [(cell.id, cell.n) for cell in found.release.cells] == [("alla", 3)]


def test_closing_again_does_nothing(world: World, round_):
    world.close(round_[0])
    before = (left(world, round_[0]), body(world, round_[0]), acts(world, round_[0]))
    world.clock.forward(days=1)
    world.close(round_[0])
    assert (left(world, round_[0]), body(world, round_[0]), acts(world, round_[0])) == before


def test_a_draft_is_not_closed(world: World):
    id = world.plan()
    world.close(id)
    assert left(world, id).state == "draft"


@pytest.mark.parametrize("who", ["verksamhetschef", "other", "ovs", "region", "admin", "far"])
def test_only_who_runs_it_closes_it(world: World, round_, who: str):
    before = left(world, round_[0])
    with pytest.raises(NotFound):
        world.close(round_[0], by=who)
    assert left(world, round_[0]) == before


def test_who_closed_is_audited_once(world: World, round_):
    world.close(round_[0])
    assert acts(world, round_[0]).count("close") == 1


def test_an_unknown_inspection_is_not_found(world: World):
    with pytest.raises(NotFound):
        world.close("00000000")


def test_from_the_moment_closing_begins_no_code_opens_the_form(world: World):
    id, codes = world.open()
    code = codes[Role.ST_LAKARE][0]
    with world.store.writing() as session:
        close.begin(session, world.box, id, world.at, None)
    with pytest.raises(NoSuchCode):
        world.hand_in(code)


# --- Interrupted at each step ---------------------------------------------------------------------------


def once(
    monkeypatch: pytest.MonkeyPatch, owner: object, name: str, *, after: bool, call: int = 1
) -> Callable[[], bool]:
    """Let a function raise once, before or after its work, at its ``call``-th call; tell whether it did."""
    real, calls = getattr(owner, name), []

    def broken(*args, **how):
        calls.append(name)
        if len(calls) == call and not after:
            raise Broken(name)
        result = real(*args, **how)
        if len(calls) == call:
            raise Broken(name)
        return result

    monkeypatch.setattr(owner, name, broken)
    return lambda: len(calls) >= call


def once_committing(monkeypatch: pytest.MonkeyPatch, *, call: int, after: bool) -> Callable[[], bool]:
    """Let the ``call``-th writing transaction fail once, just before or just after it is committed."""
    real, calls = Store.writing, []

    @contextmanager
    def broken(self: Store) -> Iterator[Session]:
        calls.append(self)
        mine = len(calls) == call
        with real(self) as session:
            yield session
            if mine and not after:
                raise Broken("commit")
        if mine:
            raise Broken("committed")

    monkeypatch.setattr(Store, "writing", broken)
    return lambda: len(calls) >= call


STEPS = {
    "begin": (close, "begin", 1),
    "audit line": (staff, "note", 1),
    "release": (close, "release", 1),
    "opening the ballots": (close, "opened", 1),
    "auditor": (close, "audited", 1),
    "writing": (close, "store_release", 1),
    "deleting": (close, "_delete_answers", 1),
    "destroying": (close, "destroy", 1),
    "key": (keys.KeyFolder, "destroy", 1),
    "key in the folder": (keys, "_shred", 1),
    "unfinished key": (keys, "_shred", 2),
    "key in the mirror": (keys, "_shred", 3),
    "key folder written through": (keys, "_sync", 1),
    "key mirror written through": (keys, "_sync", 2),
    "destruction note": (close, "Destruction", 1),
}


def check_between(found: Left) -> None:
    """Hold an interrupted closing to the promise: all is there, or it is released; the key goes last."""
    if found.state == "closed":
        assert (found.ballots, found.codes, found.released, found.comments) == (0, 0, 1, 12)
    else:
        assert (found.ballots, found.codes, found.spent) == (12, 12, 12)
        assert (found.released, found.comments, found.noted) == (0, 0, 0)
        assert found.key
        assert found.mirrored
    if not found.key or not found.mirrored:
        assert found.state == "closed"
    if found.noted:
        assert not found.key
        assert not found.mirrored


@pytest.mark.parametrize("after", [False, True], ids=["before", "after"])
@pytest.mark.parametrize("step", STEPS)
def test_a_step_that_fails_is_taken_up_again(
    world: World, round_, monkeypatch: pytest.MonkeyPatch, step: str, after: bool
):
    id, expected = round_[0], body_to_come(world, round_[0])
    owner, name, call = STEPS[step]
    with monkeypatch.context() as patch:
        was_called = once(patch, owner, name, after=after, call=call)
        with pytest.raises(Broken):
            world.close(id)
        assert was_called()
    check_between(left(world, id))
    world.close(id)
    assert left(world, id) == DONE
    assert body(world, id) == expected
    assert acts(world, id).count("close") == 1


@pytest.mark.parametrize("after", [False, True], ids=["before", "after"])
@pytest.mark.parametrize("call", [1, 2, 3], ids=["begin", "release", "note"])
def test_a_commit_that_fails_is_taken_up_again_by_the_timer(
    world: World, round_, monkeypatch: pytest.MonkeyPatch, call: int, after: bool
):
    id, expected = round_[0], body_to_come(world, round_[0])
    with monkeypatch.context() as patch:
        once_committing(patch, call=call, after=after)
        with pytest.raises(Broken):
            world.close(id)
    between = left(world, id)
    check_between(between)
    world.clock.forward(days=22 if between.state == "open" else 0)
    expected = expected.replace("2026-11-22", world.clock.today().isoformat())
    assert close.close_due(world.store, world.box, world.at) == ()
    assert left(world, id) == DONE
    assert body(world, id) == expected


def test_a_key_that_another_host_destroys_meanwhile_is_noted_once(
    world: World, round_, monkeypatch: pytest.MonkeyPatch
):
    id, destroy = round_[0], keys.KeyFolder.destroy

    def raced(self: keys.KeyFolder, inspection: str) -> None:
        monkeypatch.setattr(keys.KeyFolder, "destroy", destroy)
        close.destroy(world.store, world.box, id, world.clock.today())
        destroy(self, inspection)

    monkeypatch.setattr(keys.KeyFolder, "destroy", raced)
    world.close(id)
    assert left(world, id) == DONE


def test_while_the_mirror_is_away_the_key_is_kept_and_nothing_is_noted(world: World, round_):
    id, path = round_[0], unmirror(world)
    with pytest.raises(MirrorMissing):
        world.close(id)
    found = left(world, id)
    assert (found.state, found.released, found.noted, found.key) == ("closed", 1, 0, True)
    path.mkdir()
    mirror(world)
    world.close(id)
    assert left(world, id) == DONE


def test_a_stop_marks_nothing_that_was_closed_meanwhile(
    world: World, round_, monkeypatch: pytest.MonkeyPatch
):
    id, real = round_[0], close.release

    def too_late(session: Session, *args) -> None:
        session.rollback()
        monkeypatch.setattr(close, "release", real)
        close.close(world.store, world.box, id, world.at)
        raise Stopped("the key was away a moment ago")

    monkeypatch.setattr(close, "release", too_late)
    with pytest.raises(Stopped):
        world.close(id)
    assert left(world, id) == DONE


# --- The preview ----------------------------------------------------------------------------------------


def test_the_preview_is_the_days_stored_participation(world: World, round_):
    with world.store.writing() as session:
        found = close.preview(session, world.people["studierektor"], round_[0], world.clock.today())
    assert found.outcome is Outcome.TWO
    assert found.on == world.clock.today()


def test_only_who_runs_it_sees_the_preview(world: World, round_):
    for who in ("verksamhetschef", "ovs", "admin", "other"):
        with pytest.raises(NotFound), world.store.writing() as session:
            close.preview(session, world.people[who], round_[0], world.clock.today())


def test_what_is_not_open_has_no_preview(world: World):
    id = world.plan()
    with pytest.raises(NotFound), world.store.writing() as session:
        close.preview(session, world.people["studierektor"], id, world.clock.today())


# --- The night's sweep ----------------------------------------------------------------------------------


@pytest.fixture
def swept(world: World, monkeypatch: pytest.MonkeyPatch) -> list[tuple[str, ...]]:
    """What was vacuumed."""
    found = []
    monkeypatch.setattr(Store, "vacuum", lambda _, *tables: found.append(tables))
    return found


def test_nothing_is_swept_where_nothing_was_destroyed(world: World, swept: list):
    world.open()
    close.sweep(world.store, world.clock.now())
    assert swept == []


def test_the_night_after_closing_all_that_answers_were_in_is_swept(world: World, round_, swept: list):
    world.close(round_[0])
    world.clock.forward(days=1)
    close.sweep(world.store, world.clock.now())
    assert swept == [("code", "ballot", "comment", "recipient")]


def test_three_nights_after_closing_nothing_is_swept_again(world: World, round_, swept: list):
    world.close(round_[0])
    world.clock.forward(days=3)
    close.sweep(world.store, world.clock.now())
    assert swept == []


def test_a_closing_that_was_stuck_for_a_week_is_swept_when_it_is_done(world: World, round_, swept: list):
    id = round_[0]
    path = world.box.keys.folder / f"{id}.key"
    secret = path.read_bytes()
    path.unlink()
    with pytest.raises(Stopped):
        world.close(id)
    world.clock.forward(days=7)
    path.write_bytes(secret)
    world.close(id)
    close.sweep(world.store, world.clock.now() + timedelta(hours=12))
    assert len(swept) == 1


def test_after_closing_a_form_that_was_filled_in_is_not_received(world: World, round_):
    world.close(round_[0])
    with pytest.raises(Ended), world.store.writing() as session:
        answer.hand_in(session, world.box, round_[1][Role.ST_LAKARE][0], {}, {})
