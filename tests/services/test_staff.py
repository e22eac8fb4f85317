"""Staff sign in with good passwords and short sessions; roles that clash are never held together."""

from datetime import timedelta

import pytest
from argon2 import PasswordHasher, Type, extract_parameters
from sqlalchemy import func, select, text
from world import PASSWORD, World

from stins.services import staff
from stins.services.organisation import NameMissing
from stins.services.refusals import NotFound, Refused
from stins.services.rights import Office
from stins.services.staff import (
    EmailWrong,
    LastAdmin,
    PasswordWeak,
    RolesClash,
    SignedIn,
    SignInBlocked,
    SignInFailed,
)
from stins.store.tables import Account, Audit, StaffSession, Throttle

REAL_HASHER = staff._hasher
WHO, SOURCE = "studierektor@prov.example", "203.0.113.77"


def add(
    world: World, name: str = "Ny Person", email: str = "ny@prov.example", password: str = PASSWORD
) -> str:
    with world.store.writing() as session:
        return staff.add_account(session, world.box, name, email, password)


def sign_in(
    world: World, email: str = WHO, password: str = PASSWORD, source: str = SOURCE
) -> SignedIn | Refused:
    with world.store.writing() as session:
        return staff.sign_in(session, world.box, email, password, source, world.clock.now())


def token(world: World) -> str:
    found = sign_in(world)
    assert isinstance(found, SignedIn)
    return found.token


def whose(world: World, token: str) -> tuple[str, bool] | None:
    with world.store.reading() as session:
        found = staff.signed_in(session, token, world.clock.now())
    return (found[0].email, found[1]) if found else None


# --- Accounts -------------------------------------------------------------------------------------------


def test_a_name_and_an_address_are_kept_tidy(world: World):
    id = add(world, "  Eva \n  Ek ", " Eva.EK@prov.example ")
    with world.store.reading() as session:
        found = staff.person(session, id)
    assert (found.name, found.email, found.held) == ("Eva Ek", "eva.ek@prov.example", ())


@pytest.mark.parametrize("name", ["", "  ", "\n"])
def test_an_account_needs_a_name(world: World, name: str):
    with pytest.raises(NameMissing):
        add(world, name)


@pytest.mark.parametrize(
    "email", ["", "@", "eva", "@prov.example", "eva@", "eva ek@prov.example", "x" * 250 + "@p.se"]
)
def test_what_is_no_address_is_refused(world: World, email: str):
    with pytest.raises(EmailWrong):
        add(world, email=email)


def test_an_address_has_one_account(world: World):
    with pytest.raises(EmailWrong):
        add(world, email=WHO.upper())


@pytest.mark.parametrize(
    "password",
    [
        "elva tecken",
        "",
        "x" * 201,
        "aaaaaaaaaaaaaaaa",
        "abababababababab",
        "Lösenord1234567",
        "password password",
        "qwertyqwerty12",
        "StinsStinsStins1",
        "sommarsommar2026",
        "Valentina2026",
        "valentina.berg1",
    ],
)
def test_a_password_that_is_short_common_or_ones_own_name_is_refused(world: World, password: str):
    with pytest.raises(PasswordWeak) as caught:
        add(world, "Valentina Berg", "valentina.berg@prov.example", password)
    assert (caught.value.field, caught.value.about) == ("password", {"least": 12})


@pytest.mark.parametrize("password", ["fyra trygga ord", "öööö" + "qxzvbnäå", "åäöé " * 40])
def test_a_long_password_is_taken_whatever_it_is_made_of(world: World, password: str):
    assert add(world, password=password)


def test_only_an_argon2id_hash_is_stored(world: World, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(staff, "_hasher", REAL_HASHER)
    id = add(world)
    with world.store.reading() as session:
        stored = session.get(Account, id).password_hash
    found = extract_parameters(stored)
    assert found.type is Type.ID
    assert found.memory_cost >= 19 * 1024  # OWASP's least for argon2id
    assert PASSWORD not in stored


def test_the_same_password_has_two_hashes(world: World):
    ids = [add(world, email=f"{n}@prov.example") for n in "ab"]
    with world.store.reading() as session:
        assert len({session.get(Account, id).password_hash for id in ids}) == 2


def test_an_account_that_is_not_active_is_nobody(world: World):
    with world.store.writing() as session:
        session.get(Account, world.people["far"].id).active = False
    with world.store.reading() as session:
        with pytest.raises(NotFound):
            staff.person(session, world.people["far"].id)
        assert world.people["far"].id not in {person.id for person in staff.people(session)}
    assert isinstance(sign_in(world, "far@prov.example"), SignInFailed)


def test_people_are_listed_by_name_with_their_roles(world: World):
    with world.store.reading() as session:
        found = staff.people(session)
    assert [person.name for person in found] == sorted(person.name for person in found)
    assert {person.email: person.held for person in found} == {
        person.email: person.held for person in world.people.values()
    }


# --- Signing in -----------------------------------------------------------------------------------------


def test_signing_in_begins_a_session(world: World):
    assert whose(world, token(world)) == (WHO, False)


def test_the_address_is_taken_however_it_is_written(world: World):
    assert isinstance(sign_in(world, f" {WHO.upper()} "), SignedIn)


def test_each_signing_in_has_a_new_secret_token(world: World):
    first, second = token(world), token(world)
    assert first != second
    assert len(bytes.fromhex(first)) == 32


def test_the_token_is_not_in_the_database(world: World):
    mine = token(world)
    with world.store.reading() as session:
        stored = session.scalar(select(StaffSession.token))
    assert bytes.fromhex(mine) != stored
    assert mine.encode() not in stored


def test_signing_in_is_audited(world: World):
    token(world)
    with world.store.reading() as session:
        assert session.scalars(select(Audit.act)).all() == ["sign_in"]


@pytest.mark.parametrize(("email", "password"), [(WHO, "fel lösen här"), ("ingen@prov.example", PASSWORD)])
def test_a_wrong_address_and_a_wrong_password_are_not_told_apart(world: World, email: str, password: str):
    found = sign_in(world, email, password)
    assert type(found) is SignInFailed
    assert (found.field, found.about) == ("", {})


def test_a_hash_that_cannot_be_read_lets_nobody_in(world: World):
    with world.store.writing() as session:
        session.get(Account, world.people["studierektor"].id).password_hash = "broken"
    assert isinstance(sign_in(world), SignInFailed)


def test_an_old_hash_is_renewed_at_the_next_signing_in(world: World):
    old = PasswordHasher(time_cost=2, memory_cost=16, parallelism=1).hash(PASSWORD)
    with world.store.writing() as session:
        session.get(Account, world.people["studierektor"].id).password_hash = old
    token(world)
    with world.store.reading() as session:
        renewed = session.get(Account, world.people["studierektor"].id).password_hash
    assert renewed != old
    assert token(world)


def test_an_unknown_token_is_nobodys(world: World):
    assert whose(world, "00" * 32) is None
    assert whose(world, "") is None


def test_a_session_of_an_account_made_inactive_holds_no_more(world: World):
    mine = token(world)
    with world.store.writing() as session:
        session.get(Account, world.people["studierektor"].id).active = False
    assert whose(world, mine) is None


def test_signing_out_ends_that_session_alone(world: World):
    first, second = token(world), token(world)
    with world.store.writing() as session:
        staff.sign_out(session, first)
    assert whose(world, first) is None
    assert whose(world, second)


@pytest.mark.parametrize(("minutes", "holds"), [(30, True), (31, False)])
def test_a_session_ends_when_idle_for_30_minutes(world: World, minutes: int, holds: bool):
    mine = token(world)
    world.clock.forward(minutes=minutes)
    assert bool(whose(world, mine)) is holds


@pytest.mark.parametrize(("minutes", "mark"), [(1, False), (2, True)])
def test_a_session_is_marked_seen_once_a_minute(world: World, minutes: int, mark: bool):
    mine = token(world)
    world.clock.forward(minutes=minutes)
    assert whose(world, mine) == (WHO, mark)


def keep_using(world: World, mine: str, hours: int) -> None:
    for _ in range(hours * 3):
        world.clock.forward(minutes=20)
        with world.store.writing() as session:
            staff.seen(session, mine, world.clock.now())


def test_a_session_in_use_ends_after_10_hours(world: World):
    mine = token(world)
    keep_using(world, mine, hours=10)
    assert whose(world, mine)
    world.clock.forward(minutes=1)
    assert whose(world, mine) is None


def test_marking_an_ended_session_does_nothing(world: World):
    with world.store.writing() as session:
        staff.seen(session, "00" * 32, world.clock.now())
        assert session.scalar(select(func.count()).select_from(StaffSession)) == 0


# --- Throttling -----------------------------------------------------------------------------------------


def fail(world: World, times: int, email: str = WHO, source: str = SOURCE) -> list[type]:
    return [type(sign_in(world, email, "fel lösenord nu", source)) for _ in range(times)]


def test_after_five_failures_an_account_is_blocked_also_for_the_right_password(world: World):
    assert fail(world, 6) == [SignInFailed] * 5 + [SignInBlocked]
    assert isinstance(sign_in(world, source="198.51.100.1"), SignInBlocked)


def test_another_account_from_the_same_place_is_not_blocked(world: World):
    fail(world, 6)
    assert isinstance(sign_in(world, "ovs@prov.example"), SignedIn)


def test_a_block_grows_from_half_a_minute_to_a_quarter_of_an_hour(world: World):
    waits = []
    fail(world, 4)
    for _ in range(8):
        fail(world, 1)
        with world.store.reading() as session:
            until = session.scalar(select(func.max(Throttle.blocked_until)))
        waits.append((until - world.clock.now()).total_seconds())
        world.clock.instant = until
    assert waits == [32, 64, 128, 256, 512, 900, 900, 900]


def test_signing_in_forgets_the_failures(world: World):
    fail(world, 4)
    token(world)
    assert fail(world, 4) == [SignInFailed] * 4


def test_a_source_that_tries_many_accounts_is_blocked(world: World):
    for number in range(50):
        fail(world, 1, email=f"{number}@prov.example")
    assert isinstance(sign_in(world), SignInBlocked)
    assert isinstance(sign_in(world, source="198.51.100.1"), SignedIn)


def test_unknown_addresses_are_throttled_too(world: World):
    assert fail(world, 6, email="ingen@prov.example")[-1] is SignInBlocked


def test_no_address_is_stored_by_throttling(world: World):
    fail(world, 3)
    with world.store.reading() as session:
        subjects = session.scalars(select(Throttle.subject)).all()
    assert len(subjects) == 2
    assert not any(plain.encode() in subject for plain in (WHO, SOURCE) for subject in subjects)
    assert {len(subject) for subject in subjects} == {32}


def test_throttles_are_forgotten_when_they_are_over(world: World):
    fail(world, 6)
    world.clock.forward(hours=1)
    with world.store.writing() as session:
        staff.forget_old_sessions(session, world.clock.now())
        assert session.scalar(select(func.count()).select_from(Throttle)) == 0


def test_sessions_in_use_are_not_forgotten(world: World):
    mine = token(world)
    world.clock.forward(minutes=30)
    with world.store.writing() as session:
        staff.forget_old_sessions(session, world.clock.now())
    assert whose(world, mine)


def test_sessions_past_their_ten_hours_are_forgotten(world: World):
    mine = token(world)
    keep_using(world, mine, hours=11)
    with world.store.writing() as session:
        staff.forget_old_sessions(session, world.clock.now())
        assert session.scalar(select(func.count()).select_from(StaffSession)) == 0


# --- Roles ----------------------------------------------------------------------------------------------


def assign(world: World, who: str, where: str, office: Office) -> None:
    with world.store.writing() as session:
        staff.assign(session, world.people[who].id, world.places[where].id, office)


@pytest.mark.parametrize("office", [Office.STUDIEREKTOR, Office.VERKSAMHETSCHEF])
def test_who_runs_the_installation_never_runs_a_unit(world: World, office: Office):
    with pytest.raises(RolesClash):
        assign(world, "admin", "far", office)


@pytest.mark.parametrize("who", ["studierektor", "verksamhetschef"])
def test_who_runs_a_unit_never_runs_the_installation(world: World, who: str):
    with pytest.raises(RolesClash):
        assign(world, who, "region", Office.ADMIN)


def test_the_same_role_given_twice_is_one(world: World):
    assign(world, "ovs", "part", Office.OVS)
    with world.store.reading() as session:
        assert len(staff.person(session, world.people["ovs"].id).held) == 1


@pytest.mark.parametrize(("who", "where"), [("nobody", "unit"), ("ovs", "nowhere")])
def test_a_role_needs_somebody_and_somewhere(world: World, who: str, where: str):
    account = world.people[who].id if who in world.people else "00000000"
    node = world.places[where].id if where in world.places else "00000000"
    with pytest.raises(NotFound), world.store.writing() as session:
        staff.assign(session, account, node, Office.REGION)


def test_a_role_is_withdrawn_where_it_was_held_alone(world: World):
    assign(world, "ovs", "away", Office.OVS)
    with world.store.writing() as session:
        staff.withdraw(session, world.people["ovs"].id, world.places["part"].id, Office.OVS)
        held = staff.person(session, world.people["ovs"].id).held
    assert [each.place.id for each in held] == [world.places["away"].id]


def withdraw_admin(world: World, who: str) -> None:
    with world.store.writing() as session:
        staff.withdraw(session, world.people[who].id, world.places["region"].id, Office.ADMIN)


def test_the_last_admin_stays(world: World):
    with pytest.raises(LastAdmin):
        withdraw_admin(world, "admin")


def test_one_of_two_admins_may_go(world: World):
    assign(world, "region", "region", Office.ADMIN)
    withdraw_admin(world, "admin")
    with pytest.raises(LastAdmin):
        withdraw_admin(world, "region")


def test_what_a_role_that_is_not_held_is_withdrawn_from_does_nothing(world: World):
    withdraw_admin(world, "ovs")
    with world.store.reading() as session:
        assert session.scalar(text("SELECT count(*) FROM assignment WHERE role = 'admin'")) == 1


def test_an_audit_line_tells_who_did_what_when(world: World):
    with world.store.writing() as session:
        at = world.clock.now() + timedelta(seconds=1)
        staff.note(session, world.box, at, world.people["admin"].id, "prov", "ämne", "mer")
    with world.store.reading() as session:
        line = session.scalar(select(Audit))
        assert (line.at, line.account_id, line.act) == (at, world.people["admin"].id, "prov")
        assert (line.subject, line.detail) == ("ämne", "mer")
