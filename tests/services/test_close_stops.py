"""Whatever is not as the program left it stops a closing: nothing is deleted, and who must know is told."""

import secrets
from collections.abc import Callable

import pytest
from nacl.public import PublicKey, SealedBox
from sqlalchemy import select
from world import World

from questionnaires.model import Role
from scoring.audit import Refused
from stins.box.sealing import Contents, seal_ballot
from stins.services import close, health, oversight, void
from stins.services.answer import NoSuchCode
from stins.services.close import Stopped
from stins.services.inspections import find
from stins.store.tables import Ballot, Inspection
from tests.services.evidence import Left, answered, body_to_come, change, left

STOPPED = Left("closing", "stopped", 12, 12, 12, 0, 0, 0, key=True, mirrored=True)


@pytest.fixture
def id(world: World) -> str:
    """An open inspection in which all twelve have handed in."""
    return answered(world)[0]


def stops(world: World, id: str, because: str) -> None:
    """Check that closing stops for a reason, deletes nothing, and says so to who must act."""
    before = left(world, id)
    with pytest.raises(Stopped, match=because):
        world.close(id)
    found = left(world, id)
    assert (found.state, found.step) == ("closing", "stopped")
    assert (found.ballots, found.codes, found.spent) == (before.ballots, before.codes, before.spent)
    assert (found.released, found.comments, found.noted) == (0, 0, 0)
    assert (found.key, found.mirrored) == (before.key, before.mirrored)
    with world.store.reading() as session:
        for who in ("studierektor", "admin"):
            assert [each for each, _ in void.stuck(session, world.people[who])] == [id]
            needs = oversight.needs(session, world.people[who], world.clock.today())
            assert needs[0].matter is oversight.Matter.STUCK
        for who in ("verksamhetschef", "ovs", "other", "region"):
            assert void.stuck(session, world.people[who]) == ()
    lines = list(health.troubles(world.installation))
    assert any(f"inspection {id} is stuck in closing" in line for line in lines)


def put_in(world: World, id: str, sealed: bytes, ballot: bytes | None = None) -> None:
    """Put a ballot in, and make a code spent so that the numbers agree."""
    change(
        world,
        "INSERT INTO ballot (id, inspection_id, sealed) VALUES (:ballot, :id, :sealed)",
        ballot=ballot or secrets.token_bytes(16),
        id=id,
        sealed=sealed,
    )
    change(
        world,
        "INSERT INTO code (mac, inspection_id, role, spent) VALUES (:mac, :id, 'st_lakare', true)",
        mac=secrets.token_bytes(32),
        id=id,
    )


def row(world: World, id: str) -> Inspection:
    with world.store.reading() as session:
        found = find(session, id)[0]
        session.expunge(found)
        return found


def test_a_ballot_made_with_the_public_key_alone_stops_it(world: World, id: str):
    public = PublicKey(row(world, id).public_key)
    put_in(world, id, bytes(SealedBox(public).encrypt(bytes(32 * 1024))))
    stops(world, id, "not sealed to this inspection's key")


def test_a_ballot_made_with_the_public_key_and_the_seal_stops_it(world: World, id: str):
    held = Contents(Role.ST_LAKARE, {}, {})
    found, ballot = row(world, id), secrets.token_bytes(16)
    forged = seal_ballot(b"", found.public_key, ballot, found.seal, held, with_comments=True)
    put_in(world, id, forged, ballot)
    stops(world, id, "not handed in through the program")


def test_a_ballot_copied_under_a_new_id_stops_it(world: World, id: str):
    with world.store.reading() as session:
        copied = session.scalar(select(Ballot.sealed).limit(1))
    put_in(world, id, copied)
    stops(world, id, "another inspection or another promise")


def test_a_ballot_of_another_inspection_stops_it(world: World, id: str):
    other, codes = world.open("far", by="far")
    world.hand_in(codes[Role.ST_LAKARE][0])
    change(world, "UPDATE ballot SET inspection_id = :id WHERE inspection_id = :other", id=id, other=other)
    stops(world, id, "not sealed to this inspection's key")


def test_a_changed_ballot_stops_it(world: World, id: str):
    with world.store.reading() as session:
        ballot, sealed = session.execute(select(Ballot.id, Ballot.sealed).limit(1)).one()
    changed = sealed[:-1] + bytes([sealed[-1] ^ 1])
    change(world, "UPDATE ballot SET sealed = :sealed WHERE id = :id", sealed=changed, id=ballot)
    stops(world, id, "not sealed to this inspection's key")


@pytest.mark.parametrize("which", ["ballot", "code"])
def test_a_ballot_or_a_code_that_was_taken_away_stops_it(world: World, id: str, which: str):
    key = {"ballot": "id", "code": "mac"}[which]
    change(world, f"DELETE FROM {which} WHERE {key} = (SELECT {key} FROM {which} LIMIT 1)")
    stops(world, id, "not as many as the spent codes")


def test_a_code_made_unspent_stops_it(world: World, id: str):
    change(world, "UPDATE code SET spent = false WHERE mac = (SELECT mac FROM code LIMIT 1)")
    stops(world, id, "not as many as the spent codes")


def test_codes_that_agree_in_all_but_not_in_each_role_stop_it(world: World, id: str):
    change(
        world,
        "UPDATE code SET role = 'handledare' "
        "WHERE mac = (SELECT mac FROM code WHERE role = 'st_lakare' LIMIT 1)",
    )
    stops(world, id, "in all and in each role")


def test_a_code_of_no_role_stops_it(world: World, id: str):
    change(world, "UPDATE code SET role = 'patient' WHERE mac = (SELECT mac FROM code LIMIT 1)")
    stops(world, id, "a role that there is not")


def test_a_missing_key_stops_it(world: World, id: str):
    (world.box.keys.folder / f"{id}.key").unlink()
    stops(world, id, "put it back from the key mirror")


def test_a_key_that_is_not_whole_stops_it(world: World, id: str):
    (world.box.keys.folder / f"{id}.key").write_bytes(b"half")
    stops(world, id, "is not whole")


def test_another_key_stops_it(world: World, id: str):
    (world.box.keys.folder / f"{id}.key").write_bytes(secrets.token_bytes(32))
    stops(world, id, "not sealed to this inspection's key")


SEALED = {
    "catalogue": "'1999'",
    "rules": "'1999'",
    "mode": "'dialogue'",
    "k": "4",
    "areas": """'["A"]'""",
    "parameters": """'{"supervision_talks": 1}'""",
    "comments": "'off'",
    "public_key": ":bytes",
    "seal": ":bytes",
    "parent_id": "id",
    "unit_id": ":unit",
}


@pytest.mark.parametrize("column", SEALED)
def test_a_promise_changed_in_the_database_stops_it(world: World, id: str, column: str):
    value = SEALED[column]
    values = {"bytes": secrets.token_bytes(32)} if ":bytes" in value else {}
    values |= {"unit": world.places["other"].id} if ":unit" in value else {}
    change(world, f"UPDATE inspection SET {column} = {value} WHERE id = :id", id=id, **values)
    if column in ("unit_id", "parent_id"):  # another leads it then; the timer comes to it all the same
        with pytest.raises(Stopped, match="no longer what was promised"):
            world.close(id, by=None)
        assert left(world, id) == STOPPED
    else:
        stops(world, id, "no longer what was promised")


def test_a_seal_that_was_removed_stops_it(world: World, id: str):
    change(world, "UPDATE inspection SET seal = NULL WHERE id = :id", id=id)
    stops(world, id, "no longer what was promised")


def test_an_auditor_who_refuses_stops_it(world: World, id: str, monkeypatch: pytest.MonkeyPatch):
    def refuse(*_: object) -> None:
        raise Refused(("a lone disagree is left", "a scale stands on too few"))

    monkeypatch.setattr(close, "audit", refuse)
    stops(world, id, "the auditor refuses the release: a lone disagree is left; a scale stands on too few")


def test_a_release_that_shows_too_much_is_refused_by_the_real_auditor(
    world: World, id: str, monkeypatch: pytest.MonkeyPatch
):
    real = close.release_document

    def showing_more(result: object) -> dict:
        document = real(result)
        document["results"]["A1"]["st"]["disagree"] = 1
        return document

    monkeypatch.setattr(close, "release_document", showing_more)
    stops(world, id, "the auditor refuses")


def test_a_fault_in_a_ballot_is_told_without_its_answers(
    world: World, id: str, monkeypatch: pytest.MonkeyPatch
):
    def other_contents(*_: object) -> Contents:
        return Contents(Role.ST_LAKARE, {"A1": "hemligt"}, {})

    monkeypatch.setattr(close, "open_ballot", other_contents)
    with pytest.raises(Stopped) as caught:
        world.close(id)
    assert str(caught.value) == "a ballot does not answer the questions of its role"
    assert caught.value.__cause__ is None


def mend_key(world: World, id: str) -> Callable[[], None]:
    path = world.box.keys.folder / f"{id}.key"
    secret = path.read_bytes()
    path.unlink()
    return lambda: path.write_bytes(secret) and None


def test_what_is_mended_closes_with_nothing_lost(world: World, id: str):
    expected = body_to_come(world, id)
    mend = mend_key(world, id)
    stops(world, id, "put it back")
    mend()
    world.close(id)
    found = left(world, id)
    assert (found.state, found.step, found.comments, found.noted) == ("closed", "done", 12, 1)
    with world.store.reading() as session:
        assert session.scalar(select(close.ReleaseRow.body)) == expected


def test_a_stopped_closing_stays_stopped_for_another_who_tries(world: World, id: str):
    mend_key(world, id)
    stops(world, id, "put it back")
    stops(world, id, "put it back")


def test_hand_ins_are_refused_while_it_is_stopped(world: World):
    id, codes = world.open()
    mend_key(world, id)
    with pytest.raises(Stopped):
        world.close(id)
    with pytest.raises(NoSuchCode):
        world.hand_in(codes[Role.ST_LAKARE][0])
    with pytest.raises(close.NotFound), world.store.writing() as session:
        close.preview(session, world.people["studierektor"], id, world.clock.today())
