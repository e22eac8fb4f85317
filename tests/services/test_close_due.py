"""What time asks for is done by a timer: once, however often and from however many hosts it runs."""

import threading
from datetime import date

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session
from world import World

from questionnaires.model import Role
from stins.services import close, invite, participation, report, staff
from stins.services.close import Stopped
from stins.store.tables import Audit, Comment, Inspection, StaffSession
from tests.services.evidence import acts, answered, body_to_come, change, details, left, unmirror


def due(world: World) -> tuple[str, ...]:
    return close.close_due(world.store, world.box, world.at)


def row(world: World, id: str) -> tuple[str, date, bool]:
    with world.store.reading() as session:
        found = session.get(Inspection, id)
        return found.state, found.closes_on, found.extended


def lose_key(world: World, id: str) -> bytes:
    path = world.box.keys.folder / f"{id}.key"
    secret = path.read_bytes()
    path.unlink()
    return secret


def test_nothing_is_done_to_a_draft_or_before_time_is_out(world: World):
    draft, (open_, _) = world.plan("other", by="other"), world.open()
    world.clock.forward(days=21)
    assert due(world) == ()
    assert row(world, draft)[0] == "draft"
    assert row(world, open_)[0] == "open"


def test_the_day_after_the_last_it_closes_by_itself(world: World):
    id, _ = answered(world)
    world.clock.forward(days=22)
    assert due(world) == ()
    assert left(world, id).step == "done"


def test_what_the_timer_closes_is_audited_as_nobodys(world: World):
    id, _ = answered(world)
    world.clock.forward(days=22)
    due(world)
    with world.store.reading() as session:
        assert session.execute(
            select(Audit.account_id).where(Audit.subject == id, Audit.act == "close")
        ).scalars().all() == [None]


def test_with_too_few_answers_it_extends_itself_by_14_days(world: World):
    id, _ = world.open()
    last = row(world, id)[1]
    world.clock.forward(days=22)
    assert due(world) == ()
    assert row(world, id) == ("open", last.replace(day=27), True)


def test_it_extends_itself_once_only(world: World):
    id, _ = world.open()
    world.clock.forward(days=22)
    due(world)
    world.clock.forward(days=14)
    assert due(world) == ()
    assert row(world, id)[0] == "closed"


def test_after_a_long_silence_it_is_extended_from_today(world: World):
    id, _ = world.open()
    world.clock.forward(days=100)
    due(world)
    state, last, extended = row(world, id)
    assert (state, (last - world.clock.today()).days, extended) == ("open", 14, True)


def test_codes_still_hold_after_it_has_extended_itself(world: World):
    id, codes = world.open()
    world.clock.forward(days=22)
    due(world)
    world.hand_in(codes[Role.ST_LAKARE][0])
    assert left(world, id).spent == 1


def test_an_interrupted_closing_is_taken_up(world: World):
    id, _ = answered(world)
    expected = body_to_come(world, id)
    with world.store.writing() as session:
        close.begin(session, world.box, id, world.at, None)
    assert due(world) == ()
    with world.store.reading() as session:
        assert session.scalar(select(close.ReleaseRow.body)) == expected


def test_a_key_that_was_left_is_destroyed_and_noted(world: World, monkeypatch: pytest.MonkeyPatch):
    id, _ = answered(world)
    with monkeypatch.context() as patch:
        patch.setattr(close, "destroy", lambda *_: None)
        world.close(id)
    assert left(world, id).key
    due(world)
    found = left(world, id)
    assert (found.step, found.noted, found.key, found.mirrored) == ("done", 1, False, False)


def test_what_has_stopped_is_told_in_a_line_and_tried_again(world: World):
    id, _ = answered(world)
    secret = lose_key(world, id)
    world.clock.forward(days=22)
    assert due(world) == (
        f"inspection {id}: closing has stopped: the key of inspection {id} is not in the key folder; "
        "put it back from the key mirror, then close again",
    )
    (world.box.keys.folder / f"{id}.key").write_bytes(secret)
    assert due(world) == ()
    assert left(world, id).step == "done"


def test_stuck_for_30_days_it_is_made_void(world: World):
    id, _ = answered(world)
    lose_key(world, id)
    world.clock.forward(days=22)
    due(world)
    world.clock.forward(days=30)
    assert due(world) == ()
    found = left(world, id)
    assert (found.state, found.ballots, found.codes, found.released) == ("void", 0, 0, 0)
    assert not found.mirrored
    assert details(world, id, "void") == ["closing was stuck for 30 days"]


def test_stuck_for_less_it_is_kept(world: World):
    id, _ = answered(world)
    lose_key(world, id)
    world.clock.forward(days=22)
    due(world)
    world.clock.forward(days=29)
    assert len(due(world)) == 1
    assert left(world, id).ballots == 12


def test_a_closing_that_lost_its_audit_line_is_never_made_void_by_itself(world: World):
    id, _ = answered(world)
    lose_key(world, id)
    change(world, "UPDATE inspection SET state = 'closing' WHERE id = :id", id=id)
    world.clock.forward(days=90)
    assert len(due(world)) == 1


def test_what_another_host_has_closed_meanwhile_is_not_made_void(
    world: World, monkeypatch: pytest.MonkeyPatch
):
    id, _ = answered(world)
    secret, real = lose_key(world, id), close.close
    with pytest.raises(Stopped):
        world.close(id)
    world.clock.forward(days=31)

    def raced(*args: object) -> None:
        (world.box.keys.folder / f"{id}.key").write_bytes(secret)
        real(*args)
        raise Stopped("the key was away a moment ago")

    monkeypatch.setattr(close, "close", raced)
    assert len(due(world)) == 1
    assert left(world, id).released == 1
    assert left(world, id).step == "done"


@pytest.mark.parametrize("column", ["catalogue", "k"])
def test_a_broken_promise_does_not_extend_itself_but_is_shown(world: World, column: str):
    id, _ = world.open()
    change(world, f"UPDATE inspection SET {column} = '9' WHERE id = :id", id=id)
    world.clock.forward(days=22)
    assert "no longer what was promised" in due(world)[0]
    assert row(world, id)[0] == "closing"


def test_a_code_of_no_role_does_not_extend_itself_but_is_shown(world: World):
    id, codes = world.open()
    world.hand_in(codes[Role.ST_LAKARE][0])
    change(world, "UPDATE code SET role = 'patient'")
    world.clock.forward(days=22)
    assert "a role that there is not" in due(world)[0]
    assert row(world, id)[0] == "closing"


def test_one_that_cannot_be_closed_does_not_hold_up_the_others(world: World):
    ids = [answered(world, unit=unit, by=by)[0] for unit, by in (("unit", "studierektor"), ("far", "far"))]
    lose_key(world, min(ids))
    world.clock.forward(days=22)
    assert len(due(world)) == 1
    assert left(world, max(ids)).step == "done"


def test_a_key_that_cannot_be_destroyed_does_not_hold_up_the_others(world: World):
    ids = [answered(world, unit=unit, by=by)[0] for unit, by in (("unit", "studierektor"), ("far", "far"))]
    path = unmirror(world)
    world.clock.forward(days=22)
    assert [line.split(": ")[1] for line in due(world)] == ["its key is not destroyed"] * 2
    assert [left(world, id).state for id in ids] == ["closed", "closed"]
    assert [left(world, id).noted for id in ids] == [0, 0]
    path.mkdir()
    assert due(world) == ()
    assert [left(world, id).step for id in ids] == ["done", "done"]


def test_running_twice_changes_nothing(world: World):
    id, _ = answered(world)
    world.clock.forward(days=22)
    due(world)
    before = (left(world, id), acts(world, id))
    due(world)
    assert (left(world, id), acts(world, id)) == before


def test_two_hosts_at_once_do_it_once(world: World):
    id, _ = answered(world)
    few, _ = world.open("far", by="far")
    expected = body_to_come(world, id).replace("2026-11-22", "2026-12-14")
    world.clock.forward(days=22)
    together, troubles, faults = threading.Barrier(3), [], []

    def host() -> None:
        together.wait()
        try:
            troubles.extend(due(world))
        except Exception as fault:  # noqa: BLE001 - whatever it is, the test must see it
            faults.append(fault)

    hosts = [threading.Thread(target=host) for _ in range(3)]
    for each in hosts:
        each.start()
    for each in hosts:
        each.join()
    assert (troubles, faults) == ([], [])
    assert left(world, id).step == "done"
    assert acts(world, id).count("close") == 1
    assert row(world, few)[1:] == (date(2026, 12, 27), True)
    with world.store.reading() as session:
        assert session.scalar(select(close.ReleaseRow.body)) == expected
        assert session.scalar(select(func.count()).select_from(Comment)) == 12


def test_an_extension_by_hand_at_the_same_moment_holds(world: World, monkeypatch: pytest.MonkeyPatch):
    id, _ = world.open()
    world.clock.forward(days=22)
    later = world.clock.today().replace(day=30)
    real = close._extended

    def raced(*args: object) -> bool:
        with world.store.writing() as session:
            at = world.at
            invite.extend(session, world.box, world.people["studierektor"], id, later, at.now, at.today)
        return real(*args)

    monkeypatch.setattr(close, "_extended", raced)
    assert due(world) == ()
    assert row(world, id) == ("open", later, False)


# --- Comments that nobody reads, sessions that nobody uses ----------------------------------------------


def texts(session: Session) -> set[str]:
    return set(session.scalars(select(Comment.text)))


def test_for_60_days_unread_comments_are_kept(world: World):
    id, _ = answered(world)
    world.close(id)
    world.clock.forward(days=60)
    due(world)
    with world.store.reading() as session:
        assert "" not in texts(session)


def test_after_60_days_unread_comments_are_destroyed_and_the_result_says_so(world: World):
    id, _ = answered(world)
    world.close(id)
    world.clock.forward(days=61)
    due(world)
    with world.store.reading() as session:
        assert texts(session) == {""}
        found = report.result(session, world.people["studierektor"], id)
    assert found.comments == report.CommentCount(waiting=0, redacted=0, withheld=0, unread=12)
    assert found.release.comments == {}
    assert acts(world, id).count("comments_unread") == 1


def test_their_destruction_is_audited_once(world: World):
    id, _ = answered(world)
    world.close(id)
    world.clock.forward(days=61)
    due(world)
    world.clock.forward(days=1)
    due(world)
    assert acts(world, id).count("comments_unread") == 1


def test_comments_that_were_read_are_kept(world: World):
    id, _ = answered(world)
    world.close(id)
    with world.store.writing() as session:
        waiting = report.unread(session, world.people["ovs"], id)[1]
        kept = {c.id: report.Decision(c.id, report.CommentState.SHOWN) for c in waiting}
        report.decide(session, world.box, world.people["ovs"], id, kept, world.clock.now())
    world.clock.forward(days=100)
    due(world)
    with world.store.reading() as session:
        assert "" not in texts(session)


def test_sessions_that_no_longer_hold_are_forgotten(world: World, password: str):
    with world.store.writing() as session:
        staff.sign_in(session, world.box, "admin@prov.example", password, "192.0.2.1", world.clock.now())
    world.clock.forward(hours=1)
    due(world)
    with world.store.reading() as session:
        assert session.scalar(select(func.count()).select_from(StaffSession)) == 0


def test_the_outcome_that_decides_the_extension_counts_no_boss(world: World):
    id, codes = world.open()
    for role in (Role.STUDIEREKTOR, Role.VERKSAMHETSCHEF):
        world.hand_in(codes[role][0])
    for code in codes[Role.ST_LAKARE][:4]:
        world.hand_in(code)
    with world.store.reading() as session:
        found = session.get(Inspection, id)
        spent = participation.spent(session, id)
        assert sum(spent.values()) == 6
        assert participation.outcome(close.terms_of(found), spent) is participation.Outcome.NONE
    world.clock.forward(days=22)
    due(world)
    assert row(world, id)[2]
