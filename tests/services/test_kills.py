"""What was acknowledged is counted once: whatever is killed, and whoever closes at the same moment."""

import os
import random
import select
import signal
import threading
from collections import Counter
from collections.abc import Callable, Iterator
from itertools import count
from time import perf_counter

import pytest
from sqlalchemy import select as select_rows
from world import World, people

from questionnaires.model import Role
from stins.box import codes as box_codes
from stins.services import answer, close, invite
from stins.services.answer import Ended, Handed, NoSuchCode
from stins.services.inspections import find
from stins.services.invite import CircleBroken, NotADraft
from stins.services.rights import Office
from stins.store.opening import Store
from stins.store.tables import Code
from tests.services.evidence import TWELVE, answered, body, body_to_come, left

ST, HL = Role.ST_LAKARE, Role.HANDLEDARE
SCALE = (3, 2, 1, 0, "vet_ej", "ej_aktuellt")


def marked(questions: tuple, number: int) -> dict[str, object]:
    """Fill a form in so that it tells which it is: ``number`` in base six."""
    answers = {}
    for question in questions:
        number, digit = divmod(number, len(SCALE))
        answers[question.id] = SCALE[digit]
    return answers


def number_of(ballot) -> int:
    """Give the number that a ballot was marked with."""
    return sum(SCALE.index(each.value) * 6**place for place, each in enumerate(ballot.answers.values()))


def child(work: Callable[[int], None]) -> tuple[int, int]:
    """Fork a process that works and tells of it through a pipe; give its id and the pipe's end."""
    reading, writing = os.pipe()
    pid = os.fork()
    if pid:
        os.close(writing)
        return pid, reading
    try:
        os.close(reading)
        work(writing)
    finally:
        os._exit(0)


def kill(pid: int, pipe: int, *, after: int, seconds: float) -> tuple[bytes, bool]:
    """Kill a child some time after it has told so many bytes; give all that it told, and if it was killed."""
    heard = b""
    while len(heard) < after and (told := os.read(pipe, after - len(heard))):
        heard += told
    until = perf_counter() + seconds
    while (waiting := until - perf_counter()) > 0 and select.select([pipe], [], [], waiting)[0]:
        told = os.read(pipe, 4096)
        if not told:
            break
        heard += told
    os.kill(pid, signal.SIGKILL)
    was_killed = os.WIFSIGNALED(os.waitpid(pid, 0)[1])
    while told := os.read(pipe, 4096):
        heard += told
    os.close(pipe)
    return heard, was_killed


@pytest.fixture
def url(database: str) -> str:
    return database


@pytest.fixture
def kills(world: World) -> int:
    """How often a process is killed: fewer times on PostgreSQL, where beginning takes longer."""
    return 100 if world.store.is_sqlite else 30


@pytest.mark.slow
def test_no_acknowledged_hand_in_is_lost_or_doubled_by_a_hundred_kills(world: World, url: str, kills: int):
    id, codes = world.open(eligible=people(3 * kills // 2, 3 * kills // 2))
    numbered = list(enumerate(code for fresh in codes.values() for code in fresh))
    with world.store.reading() as session:
        questions = {role: answer.form(session, world.box, codes[role][0]).questions for role in (ST, HL)}
    role_of = {code: role for role, fresh in codes.items() for code in fresh}
    world.store.dispose()
    acknowledged: set[int] = set()

    def hand_in_all(pipe: int) -> None:
        store = Store(url)
        for number, code in numbered:
            if number in acknowledged:
                continue
            with store.writing() as session:
                filled = marked(questions[role_of[code]], number)
                answer.hand_in(session, world.box, code, filled, {})
            os.write(pipe, number.to_bytes(2))

    dice = random.Random(20261122)
    for _ in range(kills):
        acks = dice.randint(0, 2)
        seconds = dice.uniform(0, 0.006 if acks else 0.03)
        heard, was_killed = kill(*child(hand_in_all), after=2 * acks, seconds=seconds)
        assert was_killed, "it ended before it was killed"
        acknowledged |= {int.from_bytes(heard[start : start + 2]) for start in range(0, len(heard), 2)}
    found = left(world, id)
    assert len(acknowledged) > kills / 2
    assert found.ballots == found.spent
    assert found.codes == len(numbered)
    with world.store.reading() as session:
        ballots = close.opened(session, world.box, find(session, id)[0])
        spent = set(session.scalars(select_rows(Code.mac).where(Code.spent)))
    held = Counter(number_of(ballot) for ballot in ballots)
    assert set(held.values()) <= {1}
    assert acknowledged <= held.keys()
    assert spent == {box_codes.mac(world.box.pepper, code) for number, code in numbered if number in held}
    world.close(id)
    assert left(world, id).step == "done"


@pytest.mark.slow
def test_a_closing_that_is_killed_again_and_again_ends_as_one_that_was_not(world: World, url: str):
    dice, killed = random.Random(3), 0
    for _ in range(6 if world.store.is_sqlite else 3):
        id, _ = answered(world)
        expected = body_to_come(world, id)
        world.store.dispose()

        def shut(pipe: int, id: str = id) -> None:
            store = Store(url)
            close.close(store, world.box, id, world.at, world.people["studierektor"])
            os.write(pipe, b"closed")

        for attempt in count():
            seconds = dice.uniform(0.001, 0.05) * (1 + attempt / 4)
            heard, was_killed = kill(*child(shut), after=0, seconds=seconds)
            killed += was_killed
            if heard == b"closed":
                break
            check_whole(world, id)
            world.store.dispose()
        found = left(world, id)
        assert (found.state, found.step, found.released, found.comments) == ("closed", "done", 1, 12)
        assert (found.ballots, found.codes, found.noted, found.key) == (0, 0, 1, False)
        assert body(world, id) == expected
        world.clock.forward(days=100)
    assert killed, "every process closed before it was killed"


def check_whole(world: World, id: str) -> None:
    found = left(world, id)
    if found.state == "closed":
        assert (found.ballots, found.codes, found.released, found.comments) == (0, 0, 1, 12)
        assert not (found.noted and (found.key or found.mirrored))
    else:
        assert (found.ballots, found.spent, found.released, found.comments) == (12, 12, 0, 0)
        assert found.key


# --- Many at once ---------------------------------------------------------------------------------------


def all_at_once(works: list[Callable[[], None]]) -> None:
    """Let threads begin together and wait for them; raise the first error of any."""
    together, faults = threading.Barrier(len(works)), []

    def run(work: Callable[[], None]) -> None:
        together.wait()
        try:
            work()
        except Exception as fault:  # noqa: BLE001 - whatever it is, the test must see it
            faults.append(fault)

    threads = [threading.Thread(target=run, args=(work,)) for work in works]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    for fault in faults:
        raise fault


@pytest.fixture
def alone() -> Iterator[threading.Lock]:
    """What threads add their findings under."""
    return threading.Lock()


@pytest.mark.slow
@pytest.mark.parametrize("head_start", [0, 2, 5])
def test_hand_ins_that_race_a_closing_are_counted_or_not_acknowledged(
    world: World, alone: threading.Lock, head_start: int
):
    id, codes = world.open(eligible=people(12, 12))
    handed: Counter[object] = Counter()
    begun = threading.Semaphore(0)

    def respondents(fresh: tuple[str, ...]) -> Callable[[], None]:
        def work() -> None:
            for code in fresh:
                try:
                    outcome: object = world.hand_in(code)
                except (Ended, NoSuchCode) as ended:
                    outcome = type(ended)
                with alone:
                    handed[outcome] += 1
                begun.release()

        return work

    def closer() -> None:
        for _ in range(head_start):
            begun.acquire(timeout=30)
        world.close(id)

    everybody = codes[ST] + codes[HL]
    all_at_once([closer, *(respondents(everybody[start::4]) for start in range(4))])
    with world.store.reading() as session:
        note = close.Destruction
        what = session.scalar(select_rows(note.what).where(note.inspection_id == id))
    assert handed[Handed.ALREADY] == 0
    assert what["ballots"] == handed[Handed.RECEIVED] >= head_start
    assert sum(handed.values()) == what["codes"] == 24
    assert left(world, id).step == "done"


@pytest.mark.slow
def test_one_code_handed_in_by_many_at_once_is_received_once(world: World, alone: threading.Lock):
    id, codes = world.open(eligible=TWELVE)
    handed: Counter[Handed] = Counter()

    def respondent() -> None:
        outcome = world.hand_in(codes[ST][0])
        with alone:
            handed[outcome] += 1

    all_at_once([respondent] * 8)
    assert handed == {Handed.RECEIVED: 1, Handed.ALREADY: 7}
    assert (left(world, id).ballots, left(world, id).spent) == (1, 1)


@pytest.mark.slow
def test_all_who_hand_in_at_once_are_received(world: World, alone: threading.Lock):
    id, codes = world.open(eligible=people(8, 8))
    handed: Counter[Handed] = Counter()

    def respondent(code: str) -> Callable[[], None]:
        def work() -> None:
            outcome = world.hand_in(code)
            with alone:
                handed[outcome] += 1

        return work

    all_at_once([respondent(code) for code in codes[ST]])
    all_at_once([respondent(code) for code in codes[HL]])
    assert handed == {Handed.RECEIVED: 16}
    assert (left(world, id).ballots, left(world, id).spent) == (16, 16)


@pytest.mark.slow
def test_two_neighbours_who_open_at_once_do_not_both_open(world: World, alone: threading.Lock):
    world.person("sr_member", Office.STUDIEREKTOR, "member")
    drafts = {"group": world.plan("group", by="group"), "sr_member": world.plan("member", by="sr_member")}
    outcomes: Counter[bool] = Counter()

    def opener(who: str) -> Callable[[], None]:
        def work() -> None:
            try:
                opened = bool(world.open_planned(drafts[who], by=who))
            except CircleBroken:
                opened = False
            with alone:
                outcomes[opened] += 1

        return work

    all_at_once([opener(who) for who in drafts])
    assert outcomes == {True: 1, False: 1}


@pytest.mark.slow
def test_one_draft_opened_twice_at_once_opens_once(world: World, alone: threading.Lock):
    id, opened, refused = world.plan(), [], []

    def opener() -> None:
        try:
            opened.append(world.open_planned(id))
        except NotADraft as refusal:
            refused.append(refusal)

    all_at_once([opener, opener])
    assert (len(opened), len(refused)) == (1, 1)
    assert left(world, id).codes == 18


@pytest.mark.slow
def test_codes_made_anew_while_somebody_hands_in_leave_nobody_half_answered(world: World):
    id, codes = world.open(eligible=TWELVE)
    handed, fresh = [], []

    def respondent() -> None:
        try:
            handed.append(world.hand_in(codes[ST][0]))
        except (Ended, NoSuchCode):
            handed.append(None)

    def studierektor() -> None:
        try:
            with world.store.writing() as session:
                now = world.clock.now()
                fresh.append(invite.codes_anew(session, world.box, world.people["studierektor"], id, now))
        except invite.AlreadyAnswered:
            fresh.append(None)

    all_at_once([respondent, studierektor])
    found = left(world, id)
    assert found.codes == 12
    if handed == [Handed.RECEIVED]:
        assert (fresh, found.ballots, found.spent) == ([None], 1, 1)
    else:
        assert fresh[0] is not None
        assert (found.ballots, found.spent) == (0, 0)
