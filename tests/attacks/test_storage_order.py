"""No order and no system column of the database pairs a code with a ballot."""

import hashlib
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest
from sqlalchemy import func, select, text
from world import StillClock, World

from questionnaires.model import Role
from stins.box import Box
from stins.box.keys import KeyFolder
from stins.services import staff
from stins.services.installation import Installation
from stins.store.opening import Store
from stins.store.tables import Ballot, Code
from tests.attacks.storage_checks import (
    CHEAP,
    arrivals,
    codes_of,
    layout,
    opened,
    out_of_order,
    paired_by_transaction,
    told_by_ids,
)


@pytest.fixture(autouse=True)
def _cheap_hashing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(staff, "_hasher", lambda: CHEAP)


def dumped(world: World, table: str) -> list[str]:
    """Give a table's rows in the order in which the database itself lays them out, without asking for any."""
    with world.store.reading() as session:
        key = {"code": "mac", "ballot": "id"}[table]
        rows = session.execute(text(f"SELECT * FROM {table}")).mappings()  # all: no index holds as much
        return [bytes(row[key]).hex() for row in rows]


def test_after_several_hand_ins_all_codes_were_written_in_one_transaction(world: World):
    id, codes = opened(world)
    for code in codes_of(codes)[:5]:
        arrivals(world, [code])
        if world.store.is_sqlite:
            assert dumped(world, "code") == sorted(dumped(world, "code"))
            continue
        with world.store.reading() as session:
            assert session.scalar(text("SELECT count(DISTINCT CAST(xmin AS text)) FROM code")) == 1
            assert paired_by_transaction(session, id) == []


def test_codes_lie_in_order_of_mac_whoever_has_answered(world: World):
    id, codes = opened(world)
    arrivals(world, codes_of(codes)[::-1])
    if world.store.is_sqlite:
        assert dumped(world, "code") == sorted(dumped(world, "code"))
        return
    with world.store.reading() as session:
        assert out_of_order(session, id) == []


def test_codes_that_were_added_later_are_not_told_apart_after_the_next_hand_in(world: World):
    from stins.services import invite

    id, codes = opened(world)
    arrivals(world, codes[Role.ST_LAKARE][:1])
    with world.store.writing() as session:
        more = {Role.ST_LAKARE: 1}
        invite.add_codes(session, world.box, world.people["studierektor"], id, more, world.clock.now())
    arrivals(world, codes[Role.ST_LAKARE][1:2])
    if world.store.is_sqlite:
        assert dumped(world, "code") == sorted(dumped(world, "code"))
        return
    with world.store.reading() as session:
        assert paired_by_transaction(session, id) == out_of_order(session, id) == []


def test_no_two_inspections_share_a_transaction(world: World):
    _, codes = opened(world)
    _, others = opened(world, unit="far", by="far", comments="off")
    arrivals(world, [codes[Role.ST_LAKARE][0], others[Role.ST_LAKARE][0], codes[Role.ST_LAKARE][1]])
    if world.store.is_sqlite:
        assert dumped(world, "code") == sorted(dumped(world, "code"))
        return
    with world.store.reading() as session:
        transactions = session.execute(
            text("SELECT inspection_id, count(DISTINCT CAST(xmin AS text)) FROM code GROUP BY 1")
        ).all()
    assert sorted(count for _, count in transactions) == [1, 1]


def test_ballots_are_dumped_in_key_order_or_in_order_of_arrival_and_neither_is_that_of_codes(world: World):
    _, codes = opened(world)
    order = arrivals(world, codes_of(codes))
    told = told_by_ids(order)
    assert told == []
    if world.store.is_sqlite:
        assert dumped(world, "ballot") == sorted(dumped(world, "ballot"))


def test_every_sealed_ballot_is_as_long_as_every_other(world: World):
    _, codes = opened(world)
    for number, code in enumerate(codes_of(codes)):
        remark = {"best": "x" * (150 * number)} if number % 2 else {}
        arrivals(world, [code], default=("ej_aktuellt", 0, 3)[number % 3], comments=remark)
    with world.store.reading() as session:
        assert session.scalar(select(func.count(func.length(Ballot.sealed).distinct()))) == 1


# --- Two histories, one layout --------------------------------------------------------------------------


def counting() -> Callable[[int], bytes]:
    """Give random-looking bytes that are the same in every history."""
    state = [0]

    def entropy(size: int) -> bytes:
        state[0] += 1
        return hashlib.shake_256(state[0].to_bytes(8)).digest(size)

    return entropy


@pytest.fixture
def histories(
    request: pytest.FixtureRequest, database: str, tmp_path: Path
) -> Iterator[list[tuple[World, Path | None]]]:
    """Two worlds on databases of their own in which the same codes and ids are made."""
    with ExitStack() as stack:
        found = []
        for number in range(2):
            folder = tmp_path / str(number)
            folder.mkdir()
            path = None
            if database.startswith("sqlite"):
                path = folder / "stins.sqlite"
                path.write_bytes(request.getfixturevalue("sqlite_template"))
                url = f"sqlite:///{path}"
            else:
                url = stack.enter_context(request.getfixturevalue("postgresql_server").fresh(untouched=True))
            (folder / "mirror").mkdir()
            box = Box(bytes(32), KeyFolder(folder / "keys", folder / "mirror"), counting())
            store = Store(url)
            stack.callback(store.dispose)
            found.append((World(Installation(None, b"", store, box), StillClock()).build(), path))
        yield found


@pytest.mark.parametrize("who", ["forwards and backwards", "some and others"])
def test_where_codes_lie_does_not_tell_which_were_used_or_in_which_order(histories, who: str):
    layouts, macs = [], []
    for number, (world, path) in enumerate(histories):
        _, codes = opened(world)
        all_codes = codes_of(codes)
        order = all_codes[::-1] if number else all_codes
        arrivals(world, order if who == "forwards and backwards" else order[:5])
        layouts.append(layout(world, path))
        with world.store.reading() as session:
            macs.append(sorted(session.scalars(select(Code.mac))))
    assert macs[0] == macs[1]
    assert layouts[0] == layouts[1]


def test_where_ballots_lie_does_not_tell_by_whose_code_they_came(histories):
    found = []
    for number, (world, _) in enumerate(histories):
        _, codes = opened(world)
        arrivals(world, codes_of(codes)[:: -1 if number else 1])
        found.append(dumped(world, "ballot"))
    assert found[0] == found[1]
