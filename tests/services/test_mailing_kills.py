"""A process that mails codes is killed at every step: nobody gets two codes, and at most one is uncertain."""

import os
import signal
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager

import mail_server
import pytest
from mail_server import Postbox
from world import World, people

from stins.services.invite import mailing
from stins.services.invite.mailing.turns import TURN
from stins.store.opening import Session, Store
from tests.services.mailed import (
    HL,
    ST,
    addresses,
    code_in,
    codes_stored,
    looked,
    opened,
    send,
    states,
    using,
)

EVERYBODY = people(3, 3)
FIRST = 1
"""Taking the turn is the first transaction; then come three for each mail that is sent."""


class Dying(Store):
    """A store whose process is killed at a transaction: just before it is committed, or just after."""

    def __init__(self, url: str, at: int, *, before: bool) -> None:
        super().__init__(url)
        self.at, self.before, self.count = at, before, 0

    @contextmanager
    def writing(self) -> Iterator[Session]:
        """Open a transaction, perhaps the last."""
        self.count += 1
        dies = self.count == self.at
        with super().writing() as session:
            yield session
            session.flush()
            if dies and self.before:
                os.kill(os.getpid(), signal.SIGKILL)
        if dies:
            os.kill(os.getpid(), signal.SIGKILL)


@pytest.fixture
def postbox() -> Postbox:
    return Postbox()


@pytest.fixture
def mail(world: World, postbox: Postbox):
    """A mail server, which the world's installation uses."""
    with mail_server.serving(postbox) as found:
        using(world, found)
        yield found


def child(world: World, id: str, store: Store, told: Postbox | None = None) -> bool:
    """Send in a process of its own; say whether it was killed. ``told`` is given its number first."""
    world.store.dispose()
    reading, writing = os.pipe()
    pid = os.fork()
    if not pid:
        try:
            os.read(reading, 1)
            mailing.send(store, world.box, world.installation.settings, id, lambda: world.at)
        finally:
            os._exit(0)
    if told is not None:
        told.at_data = lambda: len(told.taken) == 2 and os.kill(pid, signal.SIGKILL)
    os.write(writing, b"!")
    status = os.waitpid(pid, 0)[1]
    os.close(reading)
    os.close(writing)
    return os.WIFSIGNALED(status)


def check(world: World, id: str, postbox: Postbox, sent: int) -> str | None:
    """Look at what a dead process left; then let another end it. Give the uncertain address, if any."""
    before = looked(world, id)
    assert before.is_sending, "nobody knows yet that it is dead"
    assert before.uncertain == ()
    assert send(world, id) == mailing.Tally(), "its turn has not run out"
    world.clock.forward(seconds=TURN.seconds + 1)
    found = looked(world, id)
    assert len(found.uncertain) <= 1
    assert found.total("sent") == sent
    assert found.total("waiting") == 6 - sent - len(found.uncertain)
    uncertain = found.uncertain[0].address if found.uncertain else None
    assert send(world, id).sent == found.total("waiting")
    after = Counter(to for to, _ in postbox.taken)
    assert max(after.values()) == 1, "somebody got two codes"
    assert set(states(world, id)) - after.keys() <= {uncertain}
    assert [each.address for each in looked(world, id).uncertain] == ([uncertain] if uncertain else [])
    made = codes_stored(world, id)
    assert all(made[role] <= EVERYBODY[role] for role in EVERYBODY)
    for _, message in postbox.taken:
        world.hand_in(code_in(message))
    return uncertain


STEPS = {
    "its turn": (FIRST, 0, False),
    "step 1, on its way": (FIRST + 4, 1, True),
    "step 2, a code": (FIRST + 5, 1, True),
    "step 4, sent": (FIRST + 6, 1, True),
}


@pytest.mark.parametrize("before", [True, False], ids=["before", "after"])
@pytest.mark.parametrize("step", STEPS)
def test_killed_before_or_after_the_commit_of(
    world: World, postbox: Postbox, mail, database: str, step: str, before: bool
):
    at, sent, on_its_way = STEPS[step]
    id, _ = opened(world, EVERYBODY)
    assert child(world, id, Dying(database, at, before=before))
    if step == "its turn" and before:
        assert send(world, id).sent == 6
        return
    is_settled = step == "step 4, sent" and not before
    is_claimed = on_its_way and not (step.startswith("step 1") and before) and not is_settled
    uncertain = check(world, id, postbox, sent + is_settled)
    assert (uncertain is not None) == is_claimed


def test_killed_while_the_server_reads_the_letter(world: World, postbox: Postbox, mail, database: str):
    id, _ = opened(world, EVERYBODY)
    assert child(world, id, Store(database), told=postbox)
    postbox.at_data = bool
    assert check(world, id, postbox, 2) is not None


@pytest.mark.parametrize("before", [True, False], ids=["before", "after"])
@pytest.mark.parametrize(("step", "at"), [("the code is deleted", 4), ("the address is given up", 5)])
def test_killed_over_a_mail_that_was_refused_when(
    world: World, postbox: Postbox, mail, database: str, step: str, at: int, before: bool
):
    id, _ = opened(world, EVERYBODY)
    postbox.refuses |= dict.fromkeys([*addresses(ST, 3), *addresses(HL, 3)], "550 5.1.1 no such user")
    assert child(world, id, Dying(database, at, before=before))
    world.clock.forward(seconds=TURN.seconds + 1)
    postbox.refuses.clear()
    found = looked(world, id)
    is_given_up = step == "the address is given up" and not before
    assert (found.total("failed"), found.total("uncertain")) == (int(is_given_up), int(not is_given_up))
    assert codes_stored(world, id).total() == int(step == "the code is deleted" and before)
    assert send(world, id).sent == 5
    assert max(Counter(to for to, _ in postbox.taken).values()) == 1


def test_killed_over_a_reminder_it_is_not_begun_again(world: World, postbox: Postbox, mail, database: str):
    id, _ = opened(world, EVERYBODY)
    send(world, id)
    at = world.at
    with world.store.writing() as session:
        who = world.people["studierektor"]
        mailing.remind_on(session, world.box, who, id, at.today, at.now, at.today)
    assert child(world, id, Dying(database, FIRST + 4, before=False))
    world.clock.forward(seconds=TURN.seconds + 1)
    assert [each.state for each in looked(world, id).reminders] == [mailing.DayState.BROKEN]
    assert send(world, id) == mailing.Tally()
    assert max(Counter(to for to, _ in postbox.taken[6:]).values()) == 1


def test_killed_again_and_again_each_death_leaves_at_most_one_uncertain(
    world: World, postbox: Postbox, mail, database: str
):
    everybody = people(6, 6)
    id, _ = opened(world, everybody)
    deaths = 0
    while child(world, id, Dying(database, FIRST + 6, before=deaths % 2 == 0)):
        deaths += 1
        world.clock.forward(seconds=TURN.seconds + 1)
        assert looked(world, id).total("uncertain") <= deaths
    assert deaths > 3
    assert looked(world, id).total("waiting") == 0
    assert max(Counter(to for to, _ in postbox.taken).values()) == 1
    assert codes_stored(world, id) == Counter(everybody)
