"""Programs that are wrong in one thing, each caught by a check that the real program passes."""

from collections.abc import Callable
from itertools import count

import pytest
from sqlalchemy import select, update
from sqlalchemy.orm import Session
from world import World

from questionnaires.model import Role
from scoring.audit import Refused
from stins.box import Box, codes, keys
from stins.box.keys import KeyFolder
from stins.services import answer, close, staff
from stins.services.close import Stopped
from stins.services.inspections import find
from stins.store.tables import Code
from tests.attacks.storage_checks import (
    CHEAP,
    arrivals,
    codes_of,
    opened,
    paired_by_transaction,
    told_by_ids,
    told_by_the_form,
)
from tests.services.evidence import answered, left

Patch = pytest.MonkeyPatch
ST = Role.ST_LAKARE


@pytest.fixture(autouse=True)
def _cheap_hashing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(staff, "_hasher", lambda: CHEAP)


# --- The checks -----------------------------------------------------------------------------------------


def keys_after_closing(world: World, monkeypatch: Patch) -> list[str]:
    id, _ = answered(world)
    world.close(id)
    return [f"the key of {kept} is left" for kept in world.box.keys.kept()]


def pairs_after_hand_ins(world: World, monkeypatch: Patch) -> list[str]:
    id, fresh = opened(world)
    arrivals(world, codes_of(fresh)[:4])
    if world.store.is_sqlite:
        return []
    with world.store.reading() as session:
        return paired_by_transaction(session, id)


def order_of_ids(world: World, monkeypatch: Patch) -> list[str]:
    _, fresh = opened(world)
    return told_by_ids(arrivals(world, codes_of(fresh)))


def release_against_the_auditor(world: World, monkeypatch: Patch) -> list[str]:
    id, _ = answered(world)

    def refuse(*_: object) -> None:
        raise Refused(("a lone disagree is left",))

    monkeypatch.setattr(close, "audit", refuse)
    with pytest.raises(Stopped):
        world.close(id)
    found = left(world, id)
    lost = [] if (found.ballots, found.spent) == (12, 12) else ["the ballots are gone"]
    return lost + (["the release is out"] if found.released else [])


def note_against_the_key(world: World, monkeypatch: Patch) -> list[str]:
    id, _ = answered(world)

    def locked(_: object) -> None:
        raise OSError("read-only file system")

    monkeypatch.setattr(keys, "_shred", locked)
    with pytest.raises(OSError, match="read-only"):
        world.close(id)
    found = left(world, id)
    return ["the note says destroyed, but the key is there"] if found.noted and found.key else []


def spent_against_unspent(world: World, monkeypatch: Patch) -> list[str]:
    _, fresh = opened(world)
    world.hand_in(fresh[ST][0])
    return told_by_the_form(world, fresh[ST][0], fresh[ST][1])


def key_against_the_release(world: World, monkeypatch: Patch) -> list[str]:
    id, _ = answered(world)
    real = close.store_release

    def full(*args: object) -> None:
        real(*args)
        raise OSError("no space left on device")

    with monkeypatch.context() as patch:
        patch.setattr(close, "store_release", full)
        with pytest.raises(OSError, match="no space"):
            world.close(id)
    return [] if left(world, id).key else ["the key is gone, but nothing is released"]


# --- The mutants ----------------------------------------------------------------------------------------


def key_kept_in_the_mirror(world: World, monkeypatch: Patch) -> None:
    real = KeyFolder.destroy
    monkeypatch.setattr(
        KeyFolder, "destroy", lambda self, inspection: real(KeyFolder(self.folder), inspection)
    )


def key_kept_in_the_folder(world: World, monkeypatch: Patch) -> None:
    monkeypatch.setattr(KeyFolder, "destroy", lambda *_: None)


def one_code_written_alone(world: World, monkeypatch: Patch) -> None:
    def spend(session: Session, inspection: str, mac: bytes) -> bool:
        changed = update(Code).where(Code.mac == mac, Code.spent.is_(False)).values(spent=True)
        return session.execute(changed).rowcount == 1

    monkeypatch.setattr(answer, "_spend", spend)


def ids_in_sequence(world: World, monkeypatch: Patch) -> None:
    numbers, real = count(1), world.box.entropy

    def entropy(size: int) -> bytes:
        return next(numbers).to_bytes(size) if size == 16 else real(size)

    found = world.installation
    box = Box(found.box.pepper, found.box.keys, entropy)
    world.installation = type(found)(found.settings, found.secret_key, found.store, box)


def ids_by_the_clock(world: World, monkeypatch: Patch) -> None:
    numbers, real = count(10**12), world.box.entropy

    def entropy(size: int) -> bytes:
        return next(numbers).to_bytes(8) + real(8) if size == 16 else real(size)

    found = world.installation
    box = Box(found.box.pepper, found.box.keys, entropy)
    world.installation = type(found)(found.settings, found.secret_key, found.store, box)


def release_before_the_auditor(world: World, monkeypatch: Patch) -> None:
    audit_later: list[Callable[[], None]] = []
    real = close.audited
    monkeypatch.setattr(close, "audited", lambda *args: audit_later.append(lambda: real(*args)))
    release = close.release

    def too_early(session: Session, *args: object) -> None:
        release(session, *args)
        row = find(session, args[1])[0]
        row.state, row.step = "closing", "begun"
        session.flush()
        # Committed before it is audited.
        session.connection().exec_driver_sql("COMMIT")
        session.connection().exec_driver_sql("BEGIN")
        audit_later.pop()()

    monkeypatch.setattr(close, "release", too_early)


def note_before_the_key(world: World, monkeypatch: Patch) -> None:
    real = close.destroy

    def destroy(store: object, box: Box, *args: object) -> None:
        with monkeypatch.context() as patch:
            patch.setattr(KeyFolder, "destroy", lambda *_: None)
            real(store, box, *args)
        box.keys.destroy(args[0])

    monkeypatch.setattr(close, "destroy", destroy)


def a_form_that_says_spent(world: World, monkeypatch: Patch) -> None:
    real = answer.form

    def form(session: Session, box: Box, typed: str) -> answer.Form:
        mac = codes.mac(box.pepper, codes.normalise(typed) or "")
        if session.scalar(select(Code.spent).where(Code.mac == mac)):
            raise answer.NoSuchCode
        return real(session, box, typed)

    monkeypatch.setattr(answer, "form", form)


def spent_looked_at_before_the_answers(world: World, monkeypatch: Patch) -> None:
    real = answer.hand_in

    def hand_in(session: Session, box: Box, typed: str, *args: object) -> answer.Handed:
        mac = codes.mac(box.pepper, codes.normalise(typed) or "")
        if session.scalar(select(Code.spent).where(Code.mac == mac)):
            return answer.Handed.ALREADY
        return real(session, box, typed, *args)

    monkeypatch.setattr(answer, "hand_in", hand_in)


def key_before_the_release(world: World, monkeypatch: Patch) -> None:
    real = close._delete_answers, close.store_release

    def write(session: Session, box: Box, row: close.Inspection, result: object) -> None:
        box.keys.destroy(row.id)
        real[1](session, box, row, result)

    monkeypatch.setattr(close, "store_release", write)


CHECKS = [
    (keys_after_closing, [key_kept_in_the_mirror, key_kept_in_the_folder]),
    (pairs_after_hand_ins, [one_code_written_alone]),
    (order_of_ids, [ids_in_sequence, ids_by_the_clock]),
    (release_against_the_auditor, [release_before_the_auditor]),
    (note_against_the_key, [note_before_the_key]),
    (spent_against_unspent, [a_form_that_says_spent, spent_looked_at_before_the_answers]),
    (key_against_the_release, [key_before_the_release]),
]
MUTANTS = [(check, mutant) for check, mutants in CHECKS for mutant in mutants]


def named(value: Callable) -> str:
    return value.__name__


@pytest.mark.parametrize("check", [check for check, _ in CHECKS], ids=named)
def test_the_real_program_passes(world: World, monkeypatch: Patch, check: Callable):
    assert check(world, monkeypatch) == []


@pytest.mark.parametrize(("check", "mutant"), MUTANTS, ids=named)
def test_a_mutant_is_caught(world: World, monkeypatch: Patch, check: Callable, mutant: Callable):
    mutant(world, monkeypatch)
    found = check(world, monkeypatch)
    if check is pairs_after_hand_ins and world.store.is_sqlite:
        assert found == []  # SQLite has no system column that could tell
    else:
        assert found
