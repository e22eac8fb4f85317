"""Codes by mail: addresses kept and refused, mailed against a real server, and what goes wrong."""

import threading
from collections import Counter
from dataclasses import replace
from datetime import timedelta
from email import message_from_bytes, policy

import mail_server
import pytest
from mail_server import Postbox
from sqlalchemy import select, text
from world import World, people

from questionnaires.model import Role
from scoring.rounds import Mode
from stins.box.addresses import SIZE
from stins.config import Security
from stins.services import answer, close, invite
from stins.services.answer import Handed
from stins.services.invite import mailing
from stins.services.invite.mailing import DayState, State, Tally
from stins.services.invite.mailing.turns import TURN
from stins.services.invite.mailing.values import TRIES_MOST, Card
from stins.services.invite.refused import (
    Addressed,
    InTwoRoles,
    Mailed,
    NoAddresses,
    NothingSent,
    NothingToRetry,
    NotRead,
    NumberDiffers,
    ReadsTheResult,
    RemindedThatDay,
    RemindersUsed,
    StillSending,
)
from stins.services.refusals import NotFound, Several
from stins.store.tables import Inspection, MailTurn, Recipient, ReminderDay
from tests.services.mailed import (
    HL,
    ST,
    addresses,
    code_in,
    codes_stored,
    looked,
    open_planned,
    opened,
    planned,
    send,
    states,
    using,
)

SR, VC = Role.STUDIEREKTOR, Role.VERKSAMHETSCHEF
EVERYBODY = people(5, 4, 1, 1)


@pytest.fixture
def postbox() -> Postbox:
    return Postbox()


@pytest.fixture
def mail(world: World, postbox: Postbox):
    """A mail server on a plain line, which the world's installation uses."""
    with mail_server.serving(postbox) as found:
        using(world, found)
        yield found


def keep(world: World, id: str, boxes, who: str = "studierektor", *, adjust: bool = False):
    with world.store.writing() as session:
        return mailing.keep(session, world.box, world.people[who], id, boxes, adjust=adjust)


def refused(world: World, id: str, boxes, *, adjust: bool = False):
    with pytest.raises(Several) as several:
        keep(world, id, boxes, adjust=adjust)
    return {(refusal.field, type(refusal)): refusal.about for refusal in several.value.refusals}


def stored(world: World, table=Recipient) -> list:
    with world.store.reading() as session:
        return list(session.scalars(select(table)))


def do(world: World, act, id: str, *values, today: bool = False):
    """Do something as the studierektor, now."""
    at = world.at
    with world.store.writing() as session:
        last = (at.today,) if today else ()
        return act(session, world.box, world.people["studierektor"], id, *values, at.now, *last)


# --- Before anything is sent ----------------------------------------------------------------------------


def test_addresses_are_kept_for_a_draft_and_read_again(world: World):
    id = world.plan(eligible=EVERYBODY)
    boxes = {ST: ", ".join(addresses(ST, 5)), VC: f"Chefen <{addresses(VC, 1)[0]}>"}
    assert keep(world, id, boxes) == ()
    with world.store.reading() as session:
        held = mailing.kept(session, world.box, world.people["studierektor"], id)
        found = mailing.review(session, world.box, world.people["studierektor"], id)
    assert held == {ST: "\n".join(addresses(ST, 5)), HL: "", SR: "", VC: addresses(VC, 1)[0]}
    assert (found.mailed, found.slips, found.doubts, found.wrong) == ({ST: 5, VC: 1}, {HL: 4, SR: 1}, (), ())


def test_boxes_that_are_kept_anew_replace_those_before(world: World):
    id = planned(world)
    keep(world, id, {ST: "\n".join(addresses(HL, 5))})
    assert states(world, id).keys() == set(addresses(HL, 5))
    keep(world, id, {})
    assert stored(world) == []


def test_an_address_that_stands_twice_is_kept_once_and_told(world: World):
    id = world.plan(eligible=EVERYBODY)
    given = addresses(ST, 5)
    assert keep(world, id, {ST: "\n".join([*given, given[0].upper()])}) == (given[0],)
    assert len(stored(world)) == 5


def test_everything_odd_is_told_at_once_and_nothing_is_kept(world: World):
    id = world.plan(eligible=EVERYBODY)
    both = addresses(ST, 5)
    found = refused(world, id, {ST: "\n".join(both), HL: f"{both[0]}\nanna.sjukhus.example"})
    assert found.keys() == {(ST, InTwoRoles), (HL, InTwoRoles), (HL, NotRead)}
    assert found[HL, InTwoRoles]["addresses"] == (both[0],)
    assert [(odd.line, odd.text) for odd in found[HL, NotRead]["odd"]] == [(2, "anna.sjukhus.example")]
    assert stored(world) == []


def test_another_number_than_the_declared_is_refused_and_may_be_made_the_declared(world: World):
    id = world.plan(eligible=EVERYBODY)
    boxes = {ST: "\n".join(addresses(ST, 7)), SR: "\n".join(addresses(SR, 2))}
    found = refused(world, id, boxes)
    assert found == {
        (ST, NumberDiffers): {"have": 7, "declared": 5},
        (SR, NumberDiffers): {"have": 2, "declared": 1},
    }
    keep(world, id, boxes, adjust=True)
    with world.store.reading() as session:
        assert session.get_one(Inspection, id).eligible == {ST: 7, HL: 4, SR: 2, VC: 1}


def test_a_plan_is_not_changed_to_numbers_it_could_not_have(world: World):
    id = world.plan(eligible=people(5, 1))
    assert refused(world, id, {ST: addresses(ST, 1)[0]}, adjust=True).keys() == {(ST, invite.TooFew)}


@pytest.mark.parametrize("role", [ST, HL])
def test_who_may_read_the_result_gets_no_code_as_anybody_who_counts(world: World, role: Role):
    id = world.plan(eligible=EVERYBODY)
    boxes = {role: "\n".join([*addresses(role, EVERYBODY[role] - 1), "OVS@prov.example"])}
    assert refused(world, id, boxes) == {(role, ReadsTheResult): {"addresses": ("OVS@prov.example",)}}


def test_who_may_read_the_result_may_answer_as_studierektor_or_chef(world: World):
    id = world.plan(eligible=EVERYBODY)
    keep(world, id, {SR: "studierektor@prov.example", VC: "verksamhetschef@prov.example"})
    assert len(stored(world)) == 2


def test_addresses_are_kept_by_who_runs_the_inspection_alone(world: World):
    id = world.plan(eligible=EVERYBODY)
    for who in ("verksamhetschef", "ovs", "admin", "other", "region"):
        with pytest.raises(NotFound):
            keep(world, id, {}, who)


def test_an_address_is_stored_sealed_all_of_one_size(world: World):
    planned(world)
    rows = stored(world)
    assert len({len(row.address) for row in rows}) == 1
    assert not [row for row in rows if b"sjukhus" in row.address]
    assert {row.state for row in rows} == {"waiting"}


def test_a_draft_that_is_thrown_away_takes_its_addresses_with_it(world: World):
    id = planned(world)
    with world.store.writing() as session:
        invite.throw_away(session, world.people["studierektor"], id)
    assert stored(world) == []


def test_addresses_of_a_draft_that_was_never_opened_are_forgotten_in_time(world: World):
    id = planned(world)
    other = planned(world)
    with world.store.writing() as session:
        session.get_one(Inspection, other).closes_on += timedelta(days=1)
    world.clock.forward(days=21 + 31)
    close.close_due(world.store, world.box, world.at)
    assert states(world, id) == {}
    assert len(states(world, other)) == 11


@pytest.mark.parametrize("said", ["550 " + '"' * 156, "550 " + "\\" * 156, "550 " + "\x07" * 156, "å" * 160])
def test_whatever_a_server_says_fits_beside_the_longest_address(said: str):
    card = Card("a" * 254, said, TRIES_MOST)
    packed = card.packed()
    assert len(packed) < SIZE
    found = Card.unpacked(packed)
    assert (found.address, found.tries) == (card.address, card.tries)
    assert said.startswith(found.said)
    assert found.said


def test_a_draft_with_addresses_is_not_opened_with_slips_for_the_same(world: World):
    id = planned(world)
    with pytest.raises(Addressed):
        world.open_planned(id)


def test_a_draft_without_addresses_is_not_opened_by_mail(world: World):
    id = world.plan()
    with pytest.raises(NoAddresses):
        open_planned(world, id)


def test_a_plan_that_changed_meanwhile_stands_in_the_way_of_opening(world: World):
    id = planned(world)
    with world.store.writing() as session:
        session.get_one(Inspection, id).eligible = {ST: 6, HL: 4, SR: 1, VC: 1}
    with world.store.reading() as session:
        found = mailing.review(session, world.box, world.people["studierektor"], id)
    assert [type(each) for each in found.wrong] == [NumberDiffers]
    with pytest.raises(Several):
        open_planned(world, id)


def test_opening_makes_codes_for_the_empty_boxes_alone(world: World):
    id, slips = opened(world, slips=(HL, VC))
    assert {role: len(made) for role, made in slips.items()} == {HL: 4, VC: 1}
    assert codes_stored(world, id) == {HL: 4, VC: 1}
    assert looked(world, id).total("waiting") == 6
    assert looked(world, id).left == {}


# --- Sending --------------------------------------------------------------------------------------------


def test_everybody_with_an_address_is_mailed_a_code_of_his_own_role(world: World, postbox: Postbox, mail):
    id, slips = opened(world, slips=(VC,))
    assert send(world, id) == Tally(sent=10)
    assert codes_stored(world, id) == Counter({ST: 5, HL: 4, SR: 1, VC: 1})
    assert set(states(world, id).values()) == {"sent"}
    given = [(to, code_in(message)) for to, message in postbox.taken]
    assert len({to for to, _ in given}) == len({code for _, code in given}) == 10
    for to, code in given:
        with world.store.reading() as session:
            assert answer.form(session, world.box, code).role == to.partition(".")[0]
        assert world.hand_in(code) is Handed.RECEIVED
    assert world.hand_in(slips[VC][0]) is Handed.RECEIVED
    world.close(id)


def test_a_mail_has_no_way_back_names_nobody_and_keeps_its_code_in_the_fragment(
    world: World, postbox: Postbox, mail
):
    id, _ = opened(world)
    send(world, id)
    assert postbox.senders == ["<>"] * 11
    ((message,),) = [postbox.to(addresses(ST, 1)[0])]
    body = message.get_content()
    assert message["To"] == addresses(ST, 1)[0]
    assert message["From"] == "STINS <stins@region.example>"
    assert message["Auto-Submitted"] == "auto-generated"
    assert message["Subject"] == "Din kod: så fungerar ST-utbildningen på Kliniken"
    assert message.get_content_type() == "text/plain"
    assert body.count(f"http://127.0.0.1:8000/svara#{code_in(message)}") == 2
    for part in (
        "Du svarar som ST-läkare, senast 13 december 2026",
        "by 13 December 2026",
        "minst 5 ST-läkare",
    ):
        assert part in body
    assert "inte anonym" not in body
    ids = {row.id for row in stored(world)} | {id}
    assert not [each for each in ids for content in postbox.content if each.encode() in content]
    assert all(content.isascii() for content in postbox.content)
    assert len({message["Message-ID"] for _, message in postbox.taken}) == 11


def test_a_dialogue_is_never_called_anonymous(world: World, postbox: Postbox, mail):
    id = world.plan(eligible=people(1, 2, 0, 1), mode=Mode.DIALOGUE)
    keep(world, id, {HL: "\n".join(addresses(HL, 2))})
    open_planned(world, id)
    send(world, id)
    body = postbox.to(addresses(HL, 1)[0])[0].get_content()
    assert "Enkäten är inte anonym" in body
    assert "The questionnaire is not anonymous" in body
    assert "minst 5" not in body


def test_the_order_is_random(world: World, postbox: Postbox, mail):
    id, _ = opened(world, people(20, 20))
    send(world, id)
    order = [to for to, _ in postbox.taken]
    assert order not in (sorted(order), list(states(world, id)))
    assert [to for to in order if to.startswith(ST)] != addresses(ST, 20)
    assert {to.partition(".")[0] for to in order[:20]} == {ST, HL}


def test_what_was_sent_is_not_sent_again(world: World, postbox: Postbox, mail):
    id, _ = opened(world)
    send(world, id)
    assert send(world, id) == Tally()
    assert len(postbox.taken) == 11


def test_addresses_that_somebody_set_back_in_the_database_get_no_second_code(
    world: World, postbox: Postbox, mail
):
    id, _ = opened(world)
    send(world, id)
    with world.store.writing() as session:
        session.execute(text("UPDATE recipient SET state = 'waiting'"))
    assert send(world, id) == Tally()
    assert len(postbox.taken) == 11
    assert codes_stored(world, id) == Counter(EVERYBODY)


@pytest.mark.parametrize("security", [Security.STARTTLS, Security.TLS])
def test_codes_leave_over_a_closed_line(
    world: World, postbox: Postbox, security: Security, tmp_path_factory: pytest.TempPathFactory
):
    trusted = mail_server.authority(tmp_path_factory.mktemp("authority"))
    stranger = mail_server.authority(tmp_path_factory.mktemp("stranger"))
    id, _ = opened(world)
    with mail_server.serving(postbox, trusted, security) as found:
        using(world, replace(found, ca_file=stranger.ca))
        assert "its certificate is not trusted" in send(world, id).away
        assert set(states(world, id).values()) == {"waiting"}
        assert postbox.asked == []
        using(world, found)
        assert send(world, id) == Tally(sent=11)


def test_an_inspection_that_is_closed_meanwhile_is_sent_nothing_more(world: World, postbox: Postbox, mail):
    id, _ = opened(world)

    def shut() -> None:
        if len(postbox.taken) == 2:
            world.close(id)

    postbox.at_data = shut
    send(world, id)
    assert len(postbox.taken) == 3
    assert stored(world) == stored(world, MailTurn) == []
    assert codes_stored(world, id) == {}


def test_nothing_is_sent_after_the_last_day(world: World, postbox: Postbox, mail):
    id, _ = opened(world)
    world.clock.forward(days=22)
    assert send(world, id) == Tally()
    assert postbox.asked == []


def test_without_a_mail_server_nothing_is_sent(world: World):
    id, _ = opened(world)
    assert send(world, id) == Tally()
    assert set(states(world, id).values()) == {"waiting"}


# --- What a server may do -------------------------------------------------------------------------------


def test_an_address_that_is_refused_has_its_code_deleted_and_is_named_with_the_servers_words(
    world: World, postbox: Postbox, mail
):
    wrong = addresses(ST, 2)[1]
    postbox.refuses[wrong] = f"550 5.1.1 <{wrong}>: no such user"
    id, _ = opened(world)
    assert send(world, id) == Tally(sent=10, failed=1)
    assert codes_stored(world, id)[ST] == 4
    found = looked(world, id)
    ((named,),) = [found.failed]
    assert (named.role, named.address) == (ST, wrong)
    assert named.said == f"550 5.1.1 <{wrong}>: no such user"
    assert found.counts[ST] == {State.SENT: 4, State.FAILED: 1}
    assert found.left == {ST: 1}
    assert send(world, id) == Tally()
    assert postbox.asked.count(wrong) == 1


def test_a_letter_that_is_refused_when_it_has_been_read_fails_too(world: World, postbox: Postbox, mail):
    postbox.refuses_text = "554 5.7.1 looks like spam"
    id, _ = opened(world)
    assert send(world, id) == Tally(failed=11)
    assert codes_stored(world, id) == {}


def test_a_greylisted_address_waits_without_a_code_and_gets_one_later(world: World, postbox: Postbox, mail):
    grey = addresses(HL, 1)[0]
    postbox.refuses[grey] = "451 4.7.1 greylisted, try again"
    id, _ = opened(world)
    assert send(world, id) == Tally(sent=10, later=1)
    assert (states(world, id)[grey], codes_stored(world, id)[HL]) == ("waiting", 3)
    assert looked(world, id).left == {}
    del postbox.refuses[grey]
    assert send(world, id) == Tally(sent=1)
    assert len(postbox.to(grey)) == 1
    assert codes_stored(world, id)[HL] == 4


def test_an_address_that_is_always_put_off_is_given_up_in_the_end(world: World, postbox: Postbox, mail):
    grey = addresses(HL, 1)[0]
    postbox.refuses[grey] = "451 4.7.1 greylisted"
    id, _ = opened(world)
    runs = [send(world, id) for _ in range(TRIES_MOST + 1)]
    assert [run.later for run in runs] == [1] * (TRIES_MOST - 1) + [0, 0]
    assert [run.failed for run in runs] == [0] * (TRIES_MOST - 1) + [1, 0]
    assert looked(world, id).failed[0].said == "451 4.7.1 greylisted"


def test_a_server_that_is_away_leaves_everybody_waiting(world: World, mail):
    id, _ = opened(world)
    using(world, replace(mail, port=1))
    assert send(world, id).away.startswith("it does not answer")
    assert set(states(world, id).values()) == {"waiting"}
    assert codes_stored(world, id) == {}
    assert looked(world, id).is_sending is False


@pytest.mark.parametrize("step", ["MAIL", "RCPT"])
def test_a_server_that_dies_between_letters_leaves_the_rest_waiting(
    world: World, postbox: Postbox, mail, step: str
):
    postbox.dies_at[step] = 4
    id, _ = opened(world)
    done = send(world, id)
    assert (done.sent, done.away) == (4, "the line was broken (SMTPServerDisconnected)")
    assert Counter(states(world, id).values()) == {"sent": 4, "waiting": 7}
    assert codes_stored(world, id).total() == 4
    postbox.dies_at.clear()
    assert send(world, id) == Tally(sent=7)
    check_nobody_has_two(world, id, postbox)


@pytest.mark.parametrize(("step", "waiting"), [("DATA", 6), ("taken", 7)])
def test_a_line_that_breaks_over_a_letter_leaves_one_uncertain_address_that_is_never_sent_to_again(
    world: World, postbox: Postbox, mail, step: str, waiting: int
):
    """Nobody can tell whether the letter was taken: here it was not, or it was."""
    postbox.dies_at[step] = 4
    id, _ = opened(world)
    assert send(world, id).away.startswith("the line was broken")
    found = looked(world, id)
    assert found.total("waiting") == waiting
    assert len(found.uncertain) == 1
    postbox.dies_at.clear()
    uncertain = found.uncertain[0].address
    send(world, id)
    assert states(world, id)[uncertain] == "sending"
    assert [each.address for each in looked(world, id).uncertain] == [uncertain]
    check_nobody_has_two(world, id, postbox)


def test_a_server_that_takes_no_null_return_path_leaves_everybody_waiting(
    world: World, postbox: Postbox, mail
):
    postbox.refuses_sender = "553 5.7.1 sender rejected"
    id, _ = opened(world)
    assert send(world, id).away == "it takes no mail without a return path (553)"
    assert set(states(world, id).values()) == {"waiting"}
    assert codes_stored(world, id) == {}


def test_a_server_that_takes_a_few_letters_on_each_line_gets_them_all(world: World, postbox: Postbox, mail):
    postbox.letters_a_line = 3
    id, _ = opened(world)
    assert send(world, id) == Tally(sent=11)
    assert list(postbox.lines.values()) == [3, 3, 3, 2]
    check_nobody_has_two(world, id, postbox)


def check_nobody_has_two(world: World, id: str, postbox: Postbox) -> None:
    """Nobody was sent two codes, and no more exist than are declared."""
    assert max(Counter(to for to, _ in postbox.taken).values()) == 1
    made, declared = codes_stored(world, id), EVERYBODY
    assert all(made[role] <= declared[role] for role in made)


# --- Spare codes, and trying again ----------------------------------------------------------------------


def test_a_spare_code_takes_the_place_of_one_that_was_refused(world: World, postbox: Postbox, mail):
    wrong = addresses(ST, 1)[0]
    postbox.refuses[wrong] = "550 5.1.1 no such user"
    id, _ = opened(world)
    send(world, id)
    ((spare,),) = do(world, mailing.spare, id, ST).by_role.values()
    assert codes_stored(world, id) == Counter(EVERYBODY)
    with world.store.reading() as session:
        assert answer.form(session, world.box, spare).codes == EVERYBODY
    found = looked(world, id)
    assert (found.left, found.can_retry) == ({}, False)
    with pytest.raises(NothingToRetry):
        do(world, mailing.retry, id)
    assert [each.address for each in found.failed] == [wrong]


def test_a_spare_code_for_whoever_lost_his_is_one_more_that_everybody_sees(world: World, mail):
    id, _ = opened(world)
    send(world, id)
    ((spare,),) = do(world, mailing.spare, id, HL).by_role.values()
    with world.store.reading() as session:
        assert answer.form(session, world.box, spare).codes == EVERYBODY | {HL: 5}
    assert codes_stored(world, id) == Counter(EVERYBODY | {HL: 5})


def test_a_spare_code_is_not_made_while_mail_is_being_sent(world: World, postbox: Postbox, mail):
    id, _ = opened(world)
    raised = []

    def spare() -> None:
        for act, *values in ((mailing.spare, ST), (mailing.retry,)):
            try:
                do(world, act, id, *values)
            except StillSending as refusal:
                raised.append(refusal)

    postbox.at_data = spare
    send(world, id)
    assert len(raised) == 22


def test_refused_addresses_may_be_tried_again(world: World, postbox: Postbox, mail):
    postbox.refuses |= dict.fromkeys(addresses(ST, 2), "550 5.7.1 relaying denied")
    id, _ = opened(world)
    send(world, id)
    assert looked(world, id).can_retry
    postbox.refuses.clear()
    do(world, mailing.retry, id)
    assert send(world, id) == Tally(sent=2)
    assert codes_stored(world, id) == Counter(EVERYBODY)
    check_nobody_has_two(world, id, postbox)


def test_there_is_nothing_to_try_again_where_nothing_was_refused(world: World, mail):
    id, _ = opened(world)
    with pytest.raises(NothingToRetry):
        do(world, mailing.retry, id)
    assert not looked(world, id).can_retry


def test_codes_that_are_mailed_are_not_made_anew(world: World, mail):
    id, _ = opened(world)
    with pytest.raises(Mailed):
        do(world, invite.codes_anew, id)


def test_lost_slips_are_made_anew_and_what_was_mailed_holds(world: World, postbox: Postbox, mail):
    id, lost = opened(world, slips=(HL,))
    send(world, id)
    fresh = do(world, invite.codes_anew, id).by_role
    assert {role: len(made) for role, made in fresh.items()} == {HL: 4}
    assert codes_stored(world, id) == Counter(EVERYBODY)
    with pytest.raises(answer.NoSuchCode), world.store.reading() as session:
        answer.form(session, world.box, lost[HL][0])
    for code in [*fresh[HL], *(code_in(message) for _, message in postbox.taken)]:
        assert world.hand_in(code) is Handed.RECEIVED


def test_codes_may_be_added_while_others_wait_to_be_mailed(world: World, postbox: Postbox, mail):
    id, _ = opened(world)
    do(world, invite.add_codes, id, {ST: 1})
    assert send(world, id) == Tally(sent=11)
    assert codes_stored(world, id) == Counter(EVERYBODY | {ST: 6})


# --- Nothing tells who has answered ---------------------------------------------------------------------


def test_an_answer_changes_nothing_that_is_known_of_any_address(world: World, postbox: Postbox, mail):
    postbox.refuses[addresses(ST, 1)[0]] = "550 5.1.1 no such user"
    id, _ = opened(world)
    send(world, id)
    before = [(row.id, row.state, row.address) for row in stored(world)], looked(world, id)
    for _, message in postbox.taken:
        world.hand_in(code_in(message))
    assert ([(row.id, row.state, row.address) for row in stored(world)], looked(world, id)) == before


def test_a_code_that_was_used_though_its_mail_was_refused_is_kept_and_the_address_fails_all_the_same(
    world: World, postbox: Postbox, mail
):
    """A server that reads a letter and then refuses it may have let somebody use the code."""
    id, _ = opened(world)
    found = []

    async def read_and_refuse(_server, _session, envelope) -> str:
        code = code_in(message_from_bytes(envelope.content, policy=policy.default))
        found.append(world.hand_in(code))
        return "554 5.7.1 no"

    postbox.handle_DATA = read_and_refuse
    assert send(world, id) == Tally(failed=11)
    assert found == [Handed.RECEIVED] * 11
    assert codes_stored(world, id) == Counter(EVERYBODY)
    assert set(states(world, id).values()) == {"failed"}


def test_a_code_is_never_written_in_a_transaction_with_an_address(world: World, postbox: Postbox, mail):
    if world.store.is_sqlite:
        return  # it does not tell which transaction wrote a row
    postbox.refuses[addresses(HL, 1)[0]] = "550 5.1.1 no such user"
    postbox.refuses[addresses(HL, 2)[1]] = "451 4.7.1 greylisted"
    id, _ = opened(world, slips=(VC,))
    seen: list[set[str]] = []

    def look() -> None:
        with world.store.reading() as session:
            wrote = [
                set(session.scalars(text(f"SELECT CAST(xmin AS text) FROM {table}")))
                for table in ("code", "recipient")
            ]
            assert len(wrote[0]) == 1, "a code stands apart from the others"
            seen.append(wrote[0] & wrote[1])

    look()
    postbox.at_data = look
    send(world, id)
    do(world, mailing.spare, id, HL)
    look()
    assert len(seen) == 10
    assert seen == [set()] * 10


def test_codes_lie_in_order_of_their_macs_after_mailing(world: World, mail):
    id, _ = opened(world)
    send(world, id)
    with world.store.reading() as session:
        order = "mac" if world.store.is_sqlite else "ctid"
        macs = [bytes(mac) for mac in session.scalars(text(f"SELECT mac FROM code ORDER BY {order}"))]
    assert macs == sorted(macs)


# --- Many at once ---------------------------------------------------------------------------------------


def test_two_who_send_at_once_send_each_mail_once(world: World, postbox: Postbox, mail):
    id, _ = opened(world, people(12, 12))
    done: list[Tally] = []
    together = threading.Barrier(3)

    def run() -> None:
        together.wait()
        done.append(send(world, id))

    threads = [threading.Thread(target=run) for _ in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sum(each.sent for each in done) == 24
    assert max(Counter(to for to, _ in postbox.taken).values()) == 1
    assert codes_stored(world, id).total() == 24
    assert stored(world, MailTurn) == []


def test_a_turn_that_was_lost_makes_no_more_codes(world: World, postbox: Postbox, mail):
    """A process that stood still wakes up when somebody else may have made a spare code."""
    id, _ = opened(world)

    def stand_still() -> None:
        if len(postbox.taken) == 3:
            world.clock.forward(seconds=TURN.seconds + 1)
            postbox.at_data = bool

    postbox.at_data = stand_still
    send(world, id)
    assert Counter(states(world, id).values()) == {"sent": 4, "waiting": 7}
    assert codes_stored(world, id).total() == 4
    assert send(world, id) == Tally(sent=7)


# --- Closing and void -----------------------------------------------------------------------------------


def test_closing_deletes_addresses_and_days_in_its_own_transaction(world: World, postbox: Postbox, mail):
    id, _ = opened(world)
    send(world, id)
    remind_on(world, id, 1)
    codes = {to: code_in(message) for to, message in postbox.taken}
    for code in codes.values():
        world.hand_in(code)
    at = world.at
    with world.store.writing() as session:
        close.begin(session, world.box, id, at, None)
    assert len(stored(world)) == 11
    with world.store.writing() as session:
        close.release(session, world.box, id, at)
    assert stored(world) == stored(world, ReminderDay) == []
    with world.store.reading() as session:
        found = mailing.mailing(session, world.box, world.people["studierektor"], id, at.now)
    assert found is None


def test_making_an_inspection_void_deletes_addresses_and_days(world: World, mail):
    id, _ = opened(world)
    send(world, id)
    remind_on(world, id, 1)
    with world.store.writing() as session:
        close.make_void(session, world.box, id, "fel enhet", world.clock.now(), None)
    assert stored(world) == stored(world, ReminderDay) == []


# --- Reminders ------------------------------------------------------------------------------------------


def remind_on(world: World, id: str, days: int) -> None:
    do(world, mailing.remind_on, id, world.clock.today() + timedelta(days=days), today=True)


def test_everybody_is_reminded_whatever_they_did_without_any_code(world: World, postbox: Postbox, mail):
    id, _ = opened(world, slips=(VC,))
    send(world, id)
    codes = {to: code_in(message) for to, message in postbox.taken}
    for code in list(codes.values())[:6]:
        world.hand_in(code)
    postbox.taken.clear()
    remind_on(world, id, 0)
    assert send(world, id) == Tally(reminded=10)
    assert Counter(to for to, _ in postbox.taken) == Counter(codes.keys())
    bodies = {message.get_content() for _, message in postbox.taken}
    assert len(bodies) == 1
    body = bodies.pop()
    assert "Tack om du redan svarat." in body
    assert "Thank you if you have already answered." in body
    assert "#" not in body
    assert not [code for code in codes.values() if code in body.replace("-", "")]
    assert set(postbox.senders) == {"<>"}
    assert [each.state for each in looked(world, id).reminders] == [DayState.SENT]
    assert send(world, id) == Tally()


def test_a_reminder_is_sent_on_its_day_and_once(world: World, postbox: Postbox, mail):
    id, _ = opened(world)
    send(world, id)
    postbox.taken.clear()
    remind_on(world, id, 7)
    world.clock.forward(days=6)
    assert send(world, id) == Tally()
    world.clock.forward(days=1)
    assert (send(world, id), send(world, id)) == (Tally(reminded=11), Tally())


def test_of_reminders_that_were_missed_the_latest_alone_is_sent(world: World, postbox: Postbox, mail):
    id, _ = opened(world)
    send(world, id)
    for days in (2, 4, 9):
        remind_on(world, id, days)
    world.clock.forward(days=5)
    assert send(world, id) == Tally(reminded=11)
    assert [(each.state, each.day.day) for each in looked(world, id).reminders] == [("sent", 26), ("set", 1)]


def test_never_more_than_three_reminders(world: World, mail):
    id, _ = opened(world)
    send(world, id)
    for days in (0, 1, 2):
        remind_on(world, id, days)
    send(world, id)
    with pytest.raises(RemindersUsed):
        remind_on(world, id, 3)
    assert looked(world, id).reminders_left == 0


def test_one_reminder_a_day(world: World, mail):
    id, _ = opened(world)
    send(world, id)
    remind_on(world, id, 0)
    send(world, id)
    with pytest.raises(RemindedThatDay):
        remind_on(world, id, 0)


@pytest.mark.parametrize("days", [-1, 22])
def test_no_reminder_before_today_or_after_the_last_day(world: World, mail, days: int):
    id, _ = opened(world)
    send(world, id)
    with pytest.raises(invite.DayWrong):
        remind_on(world, id, days)


def test_a_reminder_whose_inspection_has_ended_is_not_sent(world: World, postbox: Postbox, mail):
    id, _ = opened(world)
    send(world, id)
    remind_on(world, id, 21)
    postbox.taken.clear()
    world.clock.forward(days=22)
    assert send(world, id) == Tally()
    assert postbox.taken == []


def test_nobody_is_reminded_before_anybody_was_mailed_a_code(world: World, mail):
    id, _ = opened(world)
    with pytest.raises(NothingSent):
        remind_on(world, id, 0)


def test_who_was_refused_or_still_waits_is_not_reminded(world: World, postbox: Postbox, mail):
    wrong, grey = addresses(ST, 2)
    postbox.refuses |= {wrong: "550 no", grey: "450 later"}
    id, _ = opened(world)
    send(world, id)
    postbox.asked.clear()
    remind_on(world, id, 0)
    assert send(world, id).reminded == 9
    assert postbox.asked.count(grey) == 1  # for its code
    assert wrong not in postbox.asked


def test_a_reminder_that_has_not_begun_may_be_taken_back(world: World, mail):
    id, _ = opened(world)
    send(world, id)
    remind_on(world, id, 3)
    do(world, mailing.unset, id, world.clock.today() + timedelta(days=3))
    assert looked(world, id).reminders == ()
    remind_on(world, id, 0)
    send(world, id)
    do(world, mailing.unset, id, world.clock.today())
    assert [each.state for each in looked(world, id).reminders] == [DayState.SENT]


def test_a_reminder_waits_for_a_server_that_is_away(world: World, postbox: Postbox, mail):
    id, _ = opened(world)
    send(world, id)
    remind_on(world, id, 0)
    using(world, replace(mail, port=1))
    assert send(world, id).away.startswith("it does not answer")
    using(world, mail)
    assert send(world, id) == Tally(reminded=11)


def test_a_reminder_that_breaks_off_is_told_and_not_begun_again(world: World, postbox: Postbox, mail):
    id, _ = opened(world)
    send(world, id)
    postbox.dies_at["MAIL"] = 11 + 4
    remind_on(world, id, 0)
    done = send(world, id)
    assert done.reminded == 4
    assert done.away
    assert [each.state for each in looked(world, id).reminders] == [DayState.BROKEN]
    postbox.dies_at.clear()
    assert send(world, id) == Tally()


def test_two_who_remind_at_once_remind_each_once(world: World, postbox: Postbox, mail):
    id, _ = opened(world)
    send(world, id)
    postbox.taken.clear()
    remind_on(world, id, 0)
    threads = [threading.Thread(target=lambda: send(world, id)) for _ in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert Counter(Counter(to for to, _ in postbox.taken).values()) == {1: 11}


def test_whatever_waits_in_any_inspection_is_sent(world: World, postbox: Postbox, mail):
    id, _ = opened(world)
    closed, _ = world.open("far", "far")
    assert mailing.send_all(world.store, world.box, world.installation.settings, lambda: world.at) == Tally(
        sent=11
    )
    assert {to for to, _ in postbox.taken} == set(states(world, id))
    world.close(closed, by="far")
