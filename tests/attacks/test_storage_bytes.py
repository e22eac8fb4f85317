"""A thief of every file finds no plain answer while an inspection is open, and nothing after it."""

import io
import secrets
import zipfile
from pathlib import Path

import pytest
from sqlalchemy import text
from world import World

from questionnaires.model import Role
from stins.services import answer, close, report, staff, void, workbooks
from tests.attacks.storage_checks import (
    CHEAP,
    Disk,
    arrivals,
    codes_of,
    holding,
    opened,
    private_keys,
    spellings,
    stored,
)


@pytest.fixture(autouse=True)
def _cheap_hashing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(staff, "_hasher", lambda: CHEAP)


@pytest.fixture
def disk(world: World, request: pytest.FixtureRequest, tmp_path: Path) -> Disk:
    """Every file of the world."""
    if world.store.is_sqlite:
        return Disk(world, tmp_path, None)
    return Disk(world, tmp_path, request.getfixturevalue("postgresql_server").socket / "data")


@pytest.fixture
def marker() -> str:
    """A comment like no other, which names somebody."""
    return f"Göran Hemlig {secrets.token_hex(8)} sade det i korridoren"


@pytest.fixture
def round_(world: World, marker: str) -> tuple[str, list[str]]:
    """An inspection in which all have handed in, the same remark in every comment; its id and its codes."""
    id, codes = opened(world)
    arrivals(world, codes_of(codes), comments={"best": marker, "A": marker})
    return id, codes_of(codes)


def plain(marker: str, codes: list[str]) -> dict[str, bytes]:
    """Give what may stand nowhere while an inspection is open."""
    found = {f"comment in {code}": marker.encode(code) for code in ("utf-8", "utf-16-le", "latin-1")}
    found["name"] = marker[:29].encode()
    found["answers"] = b'"A1":3'
    for code in codes:
        found |= spellings(code)
    return found


def analyse(world: World) -> None:
    """Gather statistics, as PostgreSQL does by itself: they are copies of values, outside the tables."""
    with world.store.writing() as session:
        session.execute(text("ANALYZE"))


def test_the_search_finds_what_is_there(world: World, disk: Disk, round_):
    wanted = stored(world)
    macs = [name for name in wanted if name.startswith("mac") and "hexadecimal" not in name]
    found = "\n".join(holding(disk.all(), wanted))
    assert macs
    assert all(name in found for name in macs)
    assert "ciphertext" in found


def test_while_it_is_open_no_comment_answer_or_code_stands_anywhere(
    world: World, disk: Disk, round_, marker: str
):
    if not world.store.is_sqlite:
        analyse(world)
    assert holding(disk.all(), plain(marker, round_[1])) == []


def test_not_even_the_journal_of_a_hand_in_under_way_holds_one(world: World, disk: Disk, marker: str):
    _, codes = opened(world)
    code = codes[Role.ST_LAKARE][0]
    with world.store.reading() as session:
        filled = {question.id: 3 for question in answer.form(session, world.box, code).questions}
    with world.store.writing() as session:
        answer.hand_in(session, world.box, code, filled, {"best": marker})
        session.flush()
        beside = disk.database()
        assert not world.store.is_sqlite or any(path.name.endswith("-journal") for path in beside)
        assert holding(beside, plain(marker, [code])) == []


def test_while_it_is_open_the_key_stands_in_its_folder_and_mirror_alone(world: World, disk: Disk, round_):
    keys = private_keys(world)
    assert keys
    assert holding([*disk.database(), disk.dump()], keys) == []
    assert len(holding(disk.keys(), keys)) == 2


def test_the_pepper_stands_in_no_file_of_the_database(world: World, disk: Disk, round_):
    pepper = {"pepper": world.box.pepper, "pepper in hexadecimal": world.box.pepper.hex().encode()}
    assert holding([*disk.database(), disk.dump()], pepper) == []


def test_after_closing_and_the_nights_sweep_no_trace_of_a_code_or_ballot_is_left(
    world: World, disk: Disk, round_, marker: str
):
    id, codes = round_
    wanted = stored(world) | private_keys(world)
    for code in codes:
        wanted |= spellings(code)
    if not world.store.is_sqlite:
        analyse(world)
    world.close(id)
    close.sweep(world.store, world.clock.now())
    assert holding(disk.all(), wanted) == []


def test_a_comment_that_was_withheld_or_cut_is_gone_after_the_nights_sweep(
    world: World, disk: Disk, round_, marker: str
):
    id, _ = round_
    world.close(id)
    with world.store.reading() as session:
        waiting = report.unread(session, world.people["ovs"], id)[1]
    assert holding(disk.all(), {"comment": marker.encode()})
    if not world.store.is_sqlite:
        analyse(world)
    redacted = report.Decision("", report.CommentState.REDACTED, "[…] i korridoren")
    withheld = report.Decision("", report.CommentState.WITHHELD)
    decisions = {each.id: (redacted, withheld)[number % 2] for number, each in enumerate(waiting)}
    with world.store.writing() as session:
        report.decide(session, world.box, world.people["ovs"], id, decisions, world.clock.now())
    close.sweep(world.store, world.clock.now())
    name = marker.removesuffix(" sade det i korridoren").encode()
    assert holding(disk.all(), {"comment": marker.encode(), "name": name}) == []


def test_comments_that_nobody_read_are_gone_after_60_days_and_the_nights_sweep(
    world: World, disk: Disk, round_, marker: str
):
    world.close(round_[0])
    if not world.store.is_sqlite:
        analyse(world)
    world.clock.forward(days=61)
    close.close_due(world.store, world.box, world.at)
    close.sweep(world.store, world.clock.now())
    assert holding(disk.all(), {"comment": marker.encode()}) == []


def test_the_workbook_holds_no_code_and_no_comment_but_those_shown(
    world: World, disk: Disk, round_, marker: str, tmp_path: Path
):
    id, codes = round_
    wanted = stored(world) | private_keys(world)
    for code in codes:
        wanted |= spellings(code)
    name = {"name": marker.removesuffix(" sade det i korridoren").encode()}
    world.close(id)
    assert holding(unpacked(world, id, tmp_path / "unread"), wanted | name) == []
    with world.store.reading() as session:
        waiting = report.unread(session, world.people["ovs"], id)[1]
    cut = report.Decision("", report.CommentState.REDACTED, "[…] i korridoren")
    with world.store.writing() as session:
        decisions = {each.id: cut for each in waiting}
        report.decide(session, world.box, world.people["ovs"], id, decisions, world.clock.now())
    files = unpacked(world, id, tmp_path / "read")
    assert holding(files, wanted | name) == []
    assert holding(files, {"what was left": "[…] i korridoren".encode()})


def unpacked(world: World, id: str, folder: Path) -> list[Path]:
    """Give every part of a result's workbook as a file."""
    with world.store.reading() as session:
        found = report.result(session, world.people["studierektor"], id)
        content = workbooks.export(session, found, "sv")
    with zipfile.ZipFile(io.BytesIO(content)) as package:
        package.extractall(folder)
    return [path for path in folder.rglob("*") if path.is_file()]


def test_of_a_void_inspection_nothing_is_left(world: World, disk: Disk, round_, marker: str):
    id, codes = round_
    wanted = stored(world) | private_keys(world) | plain(marker, codes)
    if not world.store.is_sqlite:
        analyse(world)
    with world.store.writing() as session:
        for who in ("studierektor", "admin"):
            void.ask(session, world.box, world.people[who], id, "fel enhet", world.clock.now())
    close.sweep(world.store, world.clock.now())
    assert holding(disk.all(), wanted) == []
    assert disk.keys() == []


def test_codes_that_were_made_anew_leave_no_mac_after_the_sweep(world: World, disk: Disk):
    from stins.services import invite

    id, _ = opened(world)
    wanted = stored(world)
    with world.store.writing() as session:
        invite.codes_anew(session, world.box, world.people["studierektor"], id, world.clock.now())
    world.close(id)
    close.sweep(world.store, world.clock.now())
    assert holding(disk.all(), wanted) == []


def test_another_open_inspection_lives_through_the_sweep(world: World, round_):
    other, codes = opened(world, unit="far", by="far", comments="off")
    world.hand_in(codes[Role.ST_LAKARE][0])
    world.close(round_[0])
    close.sweep(world.store, world.clock.now())
    world.hand_in(codes[Role.ST_LAKARE][1])
    world.close(other, by="far")
