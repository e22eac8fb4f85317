"""A code opens one form, spent or not; a complete form is received once; nothing of who is kept."""

import pytest
from sqlalchemy import func, select
from world import World, people

from questionnaires.model import Role
from scoring.ballots import BallotFault
from scoring.rounds import Comments, Mode
from stins.box import codes as box_codes
from stins.box.sealing import SIZE, SIZE_WITH_COMMENTS, Forged
from stins.services import answer, close, inspections, invite, promise
from stins.services.answer import Ended, Form, Handed, NoSuchCode
from stins.store.tables import Ballot, Code
from tests.services.evidence import TWELVE, change, left

ST = Role.ST_LAKARE


def form(world: World, code: str) -> Form:
    with world.store.reading() as session:
        return answer.form(session, world.box, code)


def hand_in(world: World, code: str, answers: dict, comments: dict | None = None) -> Handed:
    with world.store.writing() as session:
        return answer.hand_in(session, world.box, code, answers, comments or {})


def full(world: World, code: str, value: object = 3) -> dict[str, object]:
    return {question.id: value for question in form(world, code).questions}


def test_a_code_opens_the_form_of_its_role(world: World):
    id, codes = world.open()
    found = form(world, codes[ST][0])
    assert (found.inspection, found.role, found.place) == (id, ST, world.places["unit"])
    assert [q.id for q in found.questions] == [
        q.id for q in found.terms.catalogue.questionnaires[ST].questions
    ]


@pytest.mark.parametrize("spelling", [str.lower, box_codes.grouped, lambda c: f" {c[:9]} {c[9:]}\n"])
def test_a_code_opens_it_however_it_is_typed(world: World, spelling):
    _, codes = world.open()
    assert form(world, spelling(codes[ST][0])) == form(world, codes[ST][0])


def test_the_form_tells_the_promises_own_numbers(world: World):
    _, codes = world.open(eligible=TWELVE, comments=Comments.REVIEWED)
    found = form(world, codes[ST][0])
    assert (found.codes, found.terms.k, found.is_dialogue) == (TWELVE, 5, False)
    assert {"best", "improve"} < set(found.comment_fields)


def test_without_comments_no_field_is_shown(world: World):
    _, codes = world.open()
    assert form(world, codes[ST][0]).comment_fields == ()


def test_a_dialogue_says_that_it_is_one(world: World):
    _, codes = world.open(eligible=people(1, 1, 0, 1), mode=Mode.DIALOGUE)
    assert form(world, codes[ST][0]).is_dialogue


def test_a_spent_and_an_unspent_code_open_the_same_form(world: World):
    _, codes = world.open()
    before = form(world, codes[ST][0])
    world.hand_in(codes[ST][0])
    assert form(world, codes[ST][0]) == form(world, codes[ST][1]) == before


@pytest.mark.parametrize("typed", ["", "nej", "0" * 24, "Z" * 24, "0" * 23, "\ud800"])
def test_a_code_that_opens_nothing_is_told_in_one_way(world: World, typed: str):
    world.open()
    with pytest.raises(NoSuchCode):
        form(world, typed)
    with pytest.raises(Ended):
        hand_in(world, typed, {})


def test_a_complete_form_is_received(world: World):
    id, codes = world.open()
    assert hand_in(world, codes[ST][0], full(world, codes[ST][0])) is Handed.RECEIVED
    found = left(world, id)
    assert (found.ballots, found.spent, found.codes) == (1, 1, 18)


def test_a_complete_form_with_a_spent_code_was_received_already(world: World):
    id, codes = world.open()
    world.hand_in(codes[ST][0])
    assert hand_in(world, codes[ST][0], full(world, codes[ST][0], 0)) is Handed.ALREADY
    assert left(world, id).ballots == 1


def missing(answers: dict) -> dict:
    return dict(list(answers.items())[1:])


def wrong(answers: dict) -> dict:
    return answers | {next(iter(answers)): 7}


def too_many(answers: dict) -> dict:
    return answers | {"Z9": 3}


@pytest.mark.parametrize("spent", [False, True])
@pytest.mark.parametrize("fault", [missing, wrong, too_many])
def test_an_incomplete_form_is_a_fault_whether_the_code_is_spent_or_not(world: World, fault, spent: bool):
    id, codes = world.open()
    if spent:
        world.hand_in(codes[ST][0])
    with pytest.raises(BallotFault):
        hand_in(world, codes[ST][0], fault(full(world, codes[ST][0])))
    assert left(world, id).ballots == spent


def test_a_comment_where_none_is_asked_for_is_a_fault(world: World):
    id, codes = world.open()
    with pytest.raises(BallotFault, match="none are asked for"):
        hand_in(world, codes[ST][0], full(world, codes[ST][0]), {"best": "x" * 5000})
    assert left(world, id).spent == 0


def test_a_comment_that_is_too_long_is_a_fault(world: World):
    _, codes = world.open(comments=Comments.REVIEWED)
    with pytest.raises(BallotFault, match="2001 characters"):
        hand_in(world, codes[ST][0], full(world, codes[ST][0]), {"best": "x" * 2001})


@pytest.mark.parametrize(
    ("comments", "size"), [(Comments.OFF, SIZE), (Comments.REVIEWED, SIZE_WITH_COMMENTS)]
)
def test_every_sealed_ballot_of_an_inspection_has_one_size(world: World, comments: Comments, size: int):
    _, codes = world.open(comments=comments)
    fields = form(world, codes[ST][0]).comment_fields
    for number, code in enumerate((codes[ST][0], codes[Role.HANDLEDARE][0], codes[ST][1])):
        long = dict.fromkeys(fields, "\0" * 2000) if number == 2 else {}
        hand_in(world, code, full(world, code, ("ej_aktuellt", 0, 3)[number]), long)
    with world.store.reading() as session:
        assert set(session.scalars(select(func.length(Ballot.sealed)))) == {size + 48}


def test_codes_of_a_closed_inspection_open_nothing(world: World):
    id, codes = world.open()
    answers = full(world, codes[ST][0])
    world.close(id)
    with pytest.raises(NoSuchCode):
        form(world, codes[ST][0])
    with pytest.raises(Ended):
        hand_in(world, codes[ST][0], answers)


def test_codes_of_an_inspection_in_closing_open_nothing(world: World):
    id, codes = world.open()
    answers = full(world, codes[ST][0])
    with world.store.writing() as session:
        close.begin(session, world.box, id, world.at, None)
    with pytest.raises(NoSuchCode):
        form(world, codes[ST][0])
    with pytest.raises(Ended):
        hand_in(world, codes[ST][0], answers)
    assert left(world, id).spent == 0


def test_a_code_whose_inspection_is_gone_opens_nothing(world: World, monkeypatch: pytest.MonkeyPatch):
    _, codes = world.open()
    answers = full(world, codes[ST][0])

    def gone(*_: object, **__: object) -> None:
        raise inspections.NotFound

    monkeypatch.setattr(answer, "find", gone)
    with pytest.raises(Ended):
        hand_in(world, codes[ST][0], answers)


def test_codes_made_anew_between_looking_and_handing_in_end_it(world: World, monkeypatch: pytest.MonkeyPatch):
    id, codes = world.open()
    answers, real = full(world, codes[ST][0]), answer._locked

    def raced(session, inspection):
        found = real(session, inspection)
        invite.codes_anew(session, world.box, world.people["studierektor"], id, world.clock.now())
        return found

    monkeypatch.setattr(answer, "_locked", raced)
    with pytest.raises(Ended):
        hand_in(world, codes[ST][0], answers)
    assert left(world, id).ballots == 0


@pytest.mark.parametrize(
    "sql",
    [
        "UPDATE inspection SET k = 4",
        "UPDATE inspection SET seal = NULL",
        "UPDATE inspection SET catalogue = 'none'",
        "UPDATE inspection SET comments = 'reviewed'",
    ],
)
def test_a_broken_promise_shows_no_form_and_takes_no_answer(world: World, sql: str):
    id, codes = world.open()
    answers = full(world, codes[ST][0])
    change(world, sql)
    with pytest.raises(Forged):
        form(world, codes[ST][0])
    with pytest.raises(Forged):
        hand_in(world, codes[ST][0], answers)
    assert left(world, id).ballots == 0


def test_all_codes_are_written_anew_at_each_hand_in(world: World):
    _, codes = world.open(eligible=TWELVE)
    with world.store.reading() as session:
        before = session.execute(select(Code.mac, Code.role).order_by(Code.mac)).all()
    for code in codes[ST]:
        world.hand_in(code)
    with world.store.reading() as session:
        rows = session.execute(select(Code.mac, Code.role).order_by(Code.mac)).all()
        assert rows == before
        spent = session.scalars(select(Code.mac).where(Code.spent)).all()
    assert sorted(spent) == sorted(box_codes.mac(world.box.pepper, code) for code in codes[ST])


def test_another_inspections_codes_are_not_touched(world: World):
    _, codes = world.open()
    other, _ = world.open("other", by="other")
    world.hand_in(codes[ST][0])
    found = left(world, other)
    assert (found.codes, found.spent) == (18, 0)


# --- The promise, told from real settings ---------------------------------------------------------------


def test_the_promise_is_told_from_the_inspections_settings(world: World):
    id, _ = world.open(comments=Comments.REVIEWED)
    with world.store.reading() as session:
        told = promise.told(session, id)
    assert (told.place, told.k, told.has_comments, told.is_dialogue) == ("Kliniken", 5, True, False)
    assert told.codes == people(7, 9, 1, 1)


@pytest.mark.parametrize("which", ["none", "draft"])
def test_the_promise_of_what_is_not_open_names_no_place(world: World, which: str):
    id = world.plan() if which == "draft" else "00000000"
    with world.store.reading() as session:
        told = promise.told(session, id)
    assert (told.place, told.k, told.codes, told.closes_on) == ("", 5, {}, None)
