"""A thief of every file finds no address and no code while codes are mailed, and no trace after it."""

import logging
import subprocess
import sys
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

import mail_server
import pytest
from mail_server import Postbox
from sqlalchemy import select, text
from world import World, people

from stins.config import environment
from stins.services import close, void
from stins.services.invite.mailing import cards
from stins.store.tables import Recipient
from tests.attacks.storage_checks import (
    Disk,
    holding,
    layout,
    out_of_order,
    pieces,
    spellings,
    stored,
    told_by_ids,
)
from tests.services.evidence import mirror
from tests.services.mailed import code_in, looked, opened, send, states, using

TWELVE = people(6, 5, 1)


@pytest.fixture
def postbox() -> Postbox:
    return Postbox()


@pytest.fixture
def world(world: World, postbox: Postbox):
    """A world with a mail server."""
    with mail_server.serving(postbox) as found:
        yield using(world, found)


@pytest.fixture
def disk(world: World, request: pytest.FixtureRequest, tmp_path: Path) -> Disk:
    """Every file of the world."""
    if world.store.is_sqlite:
        return Disk(world, tmp_path, None)
    return Disk(world, tmp_path, request.getfixturevalue("postgresql_server").socket / "data")


def named(world: World, id: str) -> dict[str, bytes]:
    """Give every way in which an address may be written."""
    found = {}
    for address in states(world, id):
        for written in (address, address.partition("@")[0], address.upper()):
            found[f"address {written}"] = written.encode()
            found[f"address {written} in UTF-16"] = written.encode("utf-16-le")
    return found


def mailed(postbox: Postbox) -> dict[str, bytes]:
    """Give every way in which the codes that were mailed may be written."""
    return {key: raw for _, message in postbox.taken for key, raw in spellings(code_in(message)).items()}


def sealed(world: World) -> dict[str, bytes]:
    """Give what is stored of addresses."""
    with world.store.reading() as session:
        rows = session.execute(select(Recipient.id, Recipient.address)).all()
    return {key: raw for id, held in rows for key, raw in pieces(f"address of {id}", held).items()}


def analyse(world: World) -> None:
    with world.store.writing() as session:
        session.execute(text("ANALYZE"))


def test_while_codes_are_mailed_no_address_and_no_code_stands_in_any_file(
    world: World, disk: Disk, postbox: Postbox, caplog: pytest.LogCaptureFixture
):
    postbox.refuses["handledare.1@sjukhus.example"] = "550 <handledare.1@sjukhus.example> no such user"
    id, _ = opened(world, TWELVE)
    wanted = named(world, id)
    seen: list[str] = []
    postbox.at_data = lambda: seen.extend(holding(disk.database(), wanted | mailed(postbox)))
    with caplog.at_level(logging.DEBUG, logger="stins"):
        send(world, id)
    mirror(world)
    if not world.store.is_sqlite:
        analyse(world)
    assert len(postbox.taken) == 11
    assert looked(world, id).failed[0].address == "handledare.1@sjukhus.example"
    assert seen == []
    assert holding(disk.all(), wanted | mailed(postbox)) == []
    assert not [record for record in caplog.records if record.name.startswith("stins")]


def test_not_even_the_journal_of_a_step_holds_an_address_or_a_code(
    world: World, disk: Disk, postbox: Postbox, monkeypatch: pytest.MonkeyPatch
):
    """Looked at just before each commit."""
    id, _ = opened(world, TWELVE)
    wanted, seen, looks = named(world, id), [], []
    real = type(world.store).writing

    def watched(store):

        @contextmanager
        def opening():
            with real(store) as session:
                yield session
                session.flush()
                beside = disk.database() if world.store.is_sqlite else []
                looks.append(any(path.name.endswith("-journal") for path in beside))
                seen.extend(holding(beside, wanted | mailed(postbox)))

        return opening()

    monkeypatch.setattr(type(world.store), "writing", watched)
    send(world, id)
    assert len(looks) == 3 + 3 * 12
    assert any(looks) == world.store.is_sqlite
    assert seen == []


def test_the_search_would_find_what_is_sealed(world: World, disk: Disk):
    opened(world, TWELVE)
    assert holding(disk.all(), sealed(world))


def test_after_closing_and_the_nights_sweep_no_address_is_left_not_even_sealed(
    world: World, disk: Disk, postbox: Postbox
):
    id, _ = opened(world, TWELVE)
    send(world, id)
    for _, message in postbox.taken:
        world.hand_in(code_in(message))
    mirror(world)
    if not world.store.is_sqlite:
        analyse(world)
    wanted = named(world, id) | sealed(world) | stored(world) | mailed(postbox)
    world.close(id)
    close.sweep(world.store, world.clock.now())
    assert holding(disk.all(), wanted) == []


def test_of_a_void_inspection_no_address_is_left(world: World, disk: Disk, postbox: Postbox):
    id, _ = opened(world, TWELVE)
    send(world, id)
    mirror(world)
    wanted = named(world, id) | sealed(world) | stored(world) | mailed(postbox)
    with world.store.writing() as session:
        for who in ("studierektor", "admin"):
            void.ask(session, world.box, world.people[who], id, "fel enhet", world.clock.now())
    close.sweep(world.store, world.clock.now())
    assert holding(disk.all(), wanted) == []


def test_neither_place_nor_transaction_nor_id_pairs_a_code_with_an_address(
    world: World, disk: Disk, postbox: Postbox
):
    id, _ = opened(world, people(12, 12))
    send(world, id)
    mirror(world)
    path = Path(world.store.url.database) if world.store.is_sqlite else None
    macs = [mac for _, mac in layout(world, path)]
    if path is None:
        with world.store.reading() as session:
            assert out_of_order(session, id) == []
            wrote = [
                session.scalars(text(f"SELECT DISTINCT CAST(xmin AS text) FROM {table}")).all()
                for table in ("code", "recipient")
            ]
        assert len(wrote[0]) == 1
        assert not set(wrote[0]) & set(wrote[1])
    else:
        assert macs in (sorted(macs), sorted(macs, reverse=True)), [mac.hex()[:4] for mac in macs]
    with world.store.reading() as session:
        rows = {cards.opened(world.box, row).address: row.id for row in session.scalars(select(Recipient))}
    for order in ([to for to, _ in postbox.taken], sorted(rows)):
        assert told_by_ids([bytes.fromhex(rows[to]) for to in order]) == [], "an id tells its turn"


def test_a_process_of_its_own_says_nothing_of_anybody(world: World, postbox: Postbox):
    """All that it writes out, at the loudest, holds no address and no code."""
    found = world.installation.settings
    found.pepper_file.write_text(world.box.pepper.hex())
    found.secret_key_file.write_text(world.installation.secret_key.hex())
    world.clock.instant = datetime.now(UTC).replace(tzinfo=None)
    postbox.refuses["handledare.1@sjukhus.example"] = "550 <handledare.1@sjukhus.example> no such user"
    postbox.dies_at["DATA"] = 8
    id, _ = opened(world, TWELVE)
    command = [sys.executable, "-X", "dev", "-m", "stins", "send-mail", id]
    done = subprocess.run(command, env=environment(found), capture_output=True, check=False)
    assert len(postbox.taken) == 8
    said = done.stdout + done.stderr
    wanted = named(world, id) | mailed(postbox)
    assert b"the line was broken" in said
    assert not [key for key, raw in wanted.items() if raw in said]
