"""The written report: begun, edited, signed, returned, approved; who does what, and what cannot be done."""

import threading
from datetime import date, timedelta

import pytest
from sqlalchemy import func, select
from statements import counted
from world import TODAY, World, people

from stins.services import staff
from stins.services.followup import reporting
from stins.services.followup.reporting import Task
from stins.services.followup.reporting import values as refusals
from stins.services.followup.reporting.values import REPORT_MOST
from stins.services.followup.values import ReportAct, ReportState, TooLong
from stins.services.refusals import NotFound, Refused
from stins.services.rights import Kind as PlaceKind
from stins.services.rights import Office
from stins.store.tables import (
    Account,
    FollowUpReport,
    FollowUpReportFile,
    FollowUpReportSignature,
    FollowUpReportVersion,
)
from tests.services.following import (
    add,
    decide,
    deficient,
    everyone,
    inspected,
    of,
    take_up,
    talked,
    told,
)
from tests.services.reports import (
    approve,
    approved,
    begin,
    beginning,
    edit,
    handed_in,
    newest,
    read,
    record,
    redraft,
    return_,
    send,
    sign,
    waiting,
)

EVERYBODY = (
    "studierektor",
    "verksamhetschef",
    "ovs",
    "ovs_away",
    "region",
    "admin",
    "other",
    "member",
    "far",
)
WRITES = {"studierektor", "verksamhetschef"}


def may(act) -> bool:
    """Say whether somebody may, whatever else is in the way."""
    try:
        act()
    except NotFound:
        return False
    except Refused:
        pass
    return True


def review_of(world: World) -> str:
    deficient(world, True)
    return of(world, "").review


def count(world: World, table) -> int:
    with world.store.reading() as session:
        return session.scalar(select(func.count()).select_from(table))


# --- Beginning ----------------------------------------------------------------------------------------


def test_a_report_is_begun_with_the_programs_draft_of_everything_that_is_followed_up(world: World):
    inspection = inspected(world)
    id = begin(world, inspection)
    found = read(world, id)
    assert [case.criterion for case in found.cases] == ["B3", "B7", "E13"]
    assert (found.state, found.since, found.lang, found.added) == (ReportState.DRAFT, TODAY, "sv", ())
    assert [(each.number, each.who) for each in found.versions] == [(1, "")]
    assert [(each.act, each.who) for each in found.history] == [(ReportAct.DRAFTED, "Prov studierektor")]
    assert {case.report.id for case in everyone(world, "studierektor")} == {id}


def test_two_who_begin_get_the_same_report(world: World):
    inspection = inspected(world)
    assert begin(world, inspection) == begin(world, inspection, "verksamhetschef")
    assert beginning(world, inspection).report
    assert count(world, FollowUpReport) == 1


def test_two_who_begin_at_once_get_the_same_report(world: World):
    inspection = inspected(world)
    start, ids, faults = threading.Barrier(4), [], []

    def one() -> None:
        start.wait()
        try:
            ids.append(begin(world, inspection))
        except Exception as fault:  # noqa: BLE001 - told below
            faults.append(fault)

    threads = [threading.Thread(target=one) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert faults == []
    assert len(ids) == 4
    assert len(set(ids)) == count(world, FollowUpReport) == count(world, FollowUpReportVersion) == 1


def test_a_report_follows_an_external_review_too(world: World):
    deficient(world, True, False, True)
    review = of(world, "").review
    id = begin(world, review=review)
    found = read(world, id)
    assert (found.source.review, found.source.reviewer, len(found.cases)) == (review, "SPUR", 2)
    assert found.annex.breaches == ()
    assert "inga enkätsvar" in found.annex.why_none
    assert "## Område B, brist 2" in found.current.text


@pytest.mark.parametrize("who", EVERYBODY)
def test_who_writes(world: World, who: str):
    inspection = inspected(world)
    assert may(lambda: beginning(world, inspection, who)) is (who in WRITES)
    assert may(lambda: begin(world, inspection, who)) is (who in WRITES)
    id = begin(world, inspection)
    assert may(lambda: edit(world, id, "Något annat", who)) is (who in WRITES)
    assert may(lambda: redraft(world, id, who)) is (who in WRITES)
    assert may(lambda: send(world, id, who)) is (who in WRITES)


@pytest.mark.parametrize("who", EVERYBODY)
def test_who_reads(world: World, who: str):
    id = begin(world, inspected(world))
    sees = WRITES | {"ovs"}
    assert may(lambda: read(world, id, who)) is (who in sees)
    with world.store.reading() as session:
        person = world.people[who]
        for ask in (reporting.as_pdf, reporting.as_docx, lambda *a: reporting.version(*a, 1)):
            assert may(lambda ask=ask: ask(session, person, id)) is (who in sees)


@pytest.mark.parametrize("who", EVERYBODY)
def test_who_signs_and_who_decides(world: World, who: str):
    id = begin(world, inspected(world))
    send(world, id)
    assert may(lambda: sign(world, id, who)) is (who == "verksamhetschef")
    assert may(lambda: record(world, id, "unit", by=who)) is (who == "ovs")
    if who != "verksamhetschef":
        sign(world, id)
    assert may(lambda: return_(world, id, "", who)) is (who == "ovs")
    assert may(lambda: approve(world, id, who)) is (who == "ovs")


@pytest.mark.parametrize("of_", [{"inspection": "x"}, {"review": "x"}, {}])
def test_what_there_is_not_is_not_found(world: World, of_: dict):
    with pytest.raises(NotFound):
        begin(world, **of_)
    for ask in (read, edit, redraft, send, sign, approve):
        with pytest.raises(NotFound):
            ask(world, "x", *(["text", "studierektor", 1] if ask is edit else []), **_number(ask))


def _number(ask) -> dict:
    return {"number": 1} if ask in (send, sign, approve) else {}


def test_an_inspection_that_has_no_result_has_nothing_to_report(world: World):
    id, _codes = world.open()
    with pytest.raises(NotFound):
        begin(world, id)


def test_where_nothing_is_followed_up_there_is_nothing_to_report(world: World):
    with pytest.raises(refusals.NothingToReport):
        begin(world, inspected(world, {"D7": 1}))


def test_what_was_dismissed_is_not_reported(world: World):
    inspection = inspected(world)
    decide(world, "dismissed", of(world, "E13").id)
    assert [case.criterion for case in beginning(world, inspection).cases] == ["B3", "B7"]
    assert not of(world, "E13").may_be_reported


def test_what_was_reported_is_not_reported_again(world: World):
    inspection = inspected(world)
    approved(world, inspection)
    with pytest.raises(refusals.NothingToReport):
        begin(world, inspection)


def test_what_is_taken_up_while_it_is_a_draft_is_included_when_it_is_drafted_anew(world: World):
    inspection = talked(world)
    take_up(world, inspection, "B3")
    id = begin(world, inspection)
    take_up(world, inspection, "E13")
    found = read(world, id)
    assert [case.criterion for case in found.cases] == ["B3"]
    assert [case.criterion for case in found.added] == ["E13"]
    redraft(world, id)
    found = read(world, id)
    assert [case.criterion for case in found.cases] == ["B3", "E13"]
    assert found.added == ()
    assert (found.current.number, found.versions[0].who) == (2, "")
    assert "## E13" in found.current.text


@pytest.mark.parametrize("act", ["edit", "send"])
def test_what_is_taken_up_is_included_when_it_is_edited_or_sent(world: World, act: str):
    inspection = talked(world)
    take_up(world, inspection, "B3")
    id = begin(world, inspection)
    take_up(world, inspection, "E13")
    edit(world, id, "Ny text") if act == "edit" else send(world, id)
    assert {case.criterion for case in read(world, id).cases} == {"B3", "E13"}


def test_what_is_taken_up_after_an_approved_report_gets_one_of_its_own(world: World):
    inspection = talked(world)
    take_up(world, inspection, "B3")
    first = approved(world, inspection)
    take_up(world, inspection, "E13")
    second = begin(world, inspection)
    assert second != first
    assert [case.criterion for case in read(world, second).cases] == ["E13"]
    assert [case.criterion for case in read(world, first).cases] == ["B3"]


def test_a_draft_is_written_in_the_language_of_who_asks(world: World):
    id = begin(world, inspected(world))
    redraft(world, id, lang="en")
    found = read(world, id)
    assert found.lang == "en"
    assert "All supervisors" in found.current.text or "supervis" in found.current.text


# --- Editing ------------------------------------------------------------------------------------------


def test_every_text_is_kept_as_a_version(world: World):
    id = begin(world, inspected(world))
    draft = read(world, id).current.text
    edit(world, id, "# Kort\r\n\r\nVi har gjort allt.\x00\x0b\ufffe\ufdd0\U0001ffff\r\n")
    found = read(world, id)
    assert found.current.text == "# Kort\n\nVi har gjort allt."
    assert [(each.number, each.who) for each in found.versions] == [(2, "Prov studierektor"), (1, "")]
    with world.store.reading() as session:
        assert reporting.version(session, world.people["ovs"], id, 1)[1].text == draft
        with pytest.raises(NotFound):
            reporting.version(session, world.people["ovs"], id, 3)


def test_a_text_that_is_as_it_was_is_no_new_version(world: World):
    id = begin(world, inspected(world))
    send(world, id)
    edit(world, id, read(world, id).current.text + "\n")
    assert newest(world, id) == 1
    assert read(world, id).state is ReportState.SIGNING


@pytest.mark.parametrize(
    ("text", "refusal"), [(" \n\t", refusals.TextMissing), ("å" * (REPORT_MOST + 1), TooLong)]
)
def test_a_text_has_some_length(world: World, text: str, refusal: type[Refused]):
    id = begin(world, inspected(world))
    with pytest.raises(refusal) as refused:
        edit(world, id, text)
    assert refused.value.field == "text"
    edit(world, id, "å" * REPORT_MOST)


def test_who_edits_an_old_version_is_told_so(world: World):
    id = begin(world, inspected(world))
    edit(world, id, "Mitt", "verksamhetschef", 1)
    with pytest.raises(refusals.EditedMeanwhile) as refused:
        edit(world, id, "Ditt", "studierektor", 1)
    assert refused.value.about["number"] == 2
    assert read(world, id).current.text == "Mitt"


def test_an_edit_makes_it_a_draft_again_and_leaves_the_signatures_behind(world: World):
    group = _group(world)
    id = begin(world, group, "group")
    send(world, id, "group")
    sign(world, id, "member", "member")
    world.clock.forward(days=1)
    edit(world, id, "Ny text", "group")
    found = read(world, id, "group")
    assert (found.state, found.since) == (ReportState.DRAFT, TODAY + timedelta(days=1))
    assert [each.signature for each in found.signings] == [None, None]
    assert count(world, FollowUpReportSignature) == 1
    assert ReportAct.SIGNED in [each.act for each in found.history]
    send(world, id, "group")
    assert not sign(world, id, "member", "member")


@pytest.mark.parametrize("state", ["handed_in", "approved"])
def test_what_is_handed_in_is_not_edited(world: World, state: str):
    id = {"handed_in": handed_in, "approved": approved}[state](world, inspected(world))
    with pytest.raises(refusals.NotEditable):
        edit(world, id, "Ny text")
    for ask in (redraft, send):
        with pytest.raises(refusals.NotADraft):
            ask(world, id)
    assert not read(world, id).may_write


def test_what_waits_for_a_signature_is_not_sent_or_drafted_again(world: World):
    id = begin(world, inspected(world))
    send(world, id)
    for ask in (redraft, send):
        with pytest.raises(refusals.NotADraft):
            ask(world, id)


def test_only_what_was_read_is_sent(world: World):
    id = begin(world, inspected(world))
    edit(world, id, "Ny text")
    with pytest.raises(refusals.VersionChanged):
        send(world, id, number=1)


# --- Signing ------------------------------------------------------------------------------------------


def test_the_last_signature_hands_it_in(world: World):
    id = begin(world, inspected(world))
    send(world, id)
    world.clock.forward(days=3)
    assert read(world, id, "verksamhetschef").signs == (world.places["unit"],)
    assert sign(world, id)
    found = read(world, id)
    day = TODAY + timedelta(days=3)
    assert (found.state, found.handed_in_on, found.since, found.missing) == (
        ReportState.HANDED_IN,
        day,
        day,
        (),
    )
    (signing,) = found.signings
    assert (signing.signature.name, signing.signature.signed_on, signing.signature.on_paper) == (
        "Prov verksamhetschef",
        day,
        False,
    )
    assert [each.act for each in found.history] == [
        ReportAct.HANDED_IN,
        ReportAct.SIGNED,
        ReportAct.SENT,
        ReportAct.DRAFTED,
    ]


def test_only_what_was_read_is_signed(world: World):
    id = begin(world, inspected(world))
    with pytest.raises(refusals.NotSigning):
        sign(world, id)
    send(world, id)
    edit(world, id, "Ny text")
    send(world, id)
    with pytest.raises(refusals.VersionChanged):
        sign(world, id, number=1)
    assert sign(world, id, number=2)
    with pytest.raises(refusals.NotSigning):
        sign(world, id, number=2)


def test_a_head_of_the_forvaltning_signs_for_a_unit_without_one(world: World):
    group = _group(world)
    world.person("above", Office.VERKSAMHETSCHEF, "part")
    id = begin(world, group, "group")
    send(world, id, "group")
    assert not sign(world, id, "above", "second")
    assert sign(world, id, "member", "member")


def test_a_signature_is_for_a_unit_that_waits_for_it_and_is_ones_own(world: World):
    id = begin(world, _group(world), "group")
    send(world, id, "group")
    for units in (("second",), ("unit",), ("member", "second")):
        with pytest.raises(refusals.UnitMissing):
            sign(world, id, "member", *units)
    sign(world, id, "member", "member")
    with pytest.raises(refusals.UnitMissing):
        sign(world, id, "member", "member")


def test_a_grupp_of_three_of_which_one_has_no_account(world: World):
    world.places["third"] = world.place("third", _enhet(), "Östra vårdcentralen", world.places["group"])
    world.person("second", Office.VERKSAMHETSCHEF, "second")
    id = begin(world, _group(world), "group")
    send(world, id, "group")
    assert not sign(world, id, "member", "member")
    assert not sign(world, id, "second", "second")
    found = read(world, id, "ovs")
    assert found.missing == found.records == (world.places["third"],)
    assert waiting(world, "ovs") == [(Task.RECORD, "Vårdcentralerna")]
    world.clock.forward(days=5)
    assert record(world, id, "third", "  Karin   Ek ", TODAY + timedelta(days=2))
    found = read(world, id, "ovs")
    assert (found.state, found.handed_in_on, found.since) == (
        ReportState.HANDED_IN,
        TODAY + timedelta(days=2),
        TODAY + timedelta(days=5),
    )
    paper = next(each.signature for each in found.signings if each.unit == world.places["third"])
    assert (paper.name, paper.on_paper) == ("Karin Ek", True)
    approve(world, id)


def _enhet():
    from stins.services.rights import Kind

    return Kind.ENHET


def _group(world: World) -> str:
    id, codes = world.open("group", "group", eligible=people(6, 6))
    world.all_hand_in(codes, answers={"B3": 0})
    world.close(id, "group")
    return id


def test_paper_is_recorded_only_where_no_account_can_sign(world: World):
    id = begin(world, inspected(world))
    send(world, id)
    with pytest.raises(refusals.UnitMissing):
        record(world, id, "unit", day=TODAY)
    with world.store.writing() as session:
        session.get(Account, world.people["verksamhetschef"].id).active = False
    assert read(world, id, "ovs").records == (world.places["unit"],)
    assert record(world, id, "unit", day=TODAY)


@pytest.mark.parametrize(
    ("name", "days", "refusal", "field"),
    [
        (" ", 0, refusals.NameMissing, "name"),
        ("å" * 201, 0, TooLong, "name"),
        ("Karin Ek", None, refusals.PaperDayWrong, "signed_on"),
        ("Karin Ek", 1, refusals.PaperDayWrong, "signed_on"),
        ("Karin Ek", -1, refusals.PaperDayWrong, "signed_on"),
    ],
)
def test_a_paper_has_a_name_and_a_day_on_which_it_could_be_signed(
    world: World, name: str, days: int | None, refusal: type[Refused], field: str
):
    id = begin(world, inspected(world))
    send(world, id)
    with world.store.writing() as session:
        staff.withdraw(
            session,
            world.people["verksamhetschef"].id,
            world.places["unit"].id,
            Office.VERKSAMHETSCHEF,
        )
    with pytest.raises(refusal) as refused:
        record(world, id, "unit", name, None if days is None else TODAY + timedelta(days=days))
    assert refused.value.field == field
    assert read(world, id).state is ReportState.SIGNING


# --- Deciding -----------------------------------------------------------------------------------------


def test_what_is_approved_is_kept_as_it_was(world: World):
    id = handed_in(world, inspected(world))
    world.clock.forward(days=9)
    approve(world, id)
    found = read(world, id)
    assert (found.state, found.approved_on, found.handed_in_on) == (
        ReportState.APPROVED,
        TODAY + timedelta(days=9),
        TODAY,
    )
    with world.store.reading() as session:
        kept = session.get(FollowUpReportFile, id).pdf
    add(world, of(world, "B3").id)
    with world.store.reading() as session:
        assert reporting.as_pdf(session, world.people["studierektor"], id) == kept
        assert kept.startswith(b"%PDF")


def test_a_report_that_is_returned_is_a_draft_again_and_must_be_written_anew(world: World):
    id = handed_in(world, inspected(world))
    return_(world, id, "Skriv vem\r\nsom gör vad.")
    found = read(world, id)
    assert (found.state, found.handed_in_on, found.comment) == (
        ReportState.DRAFT,
        None,
        "Skriv vem\nsom gör vad.",
    )
    with pytest.raises(refusals.ReturnedUnchanged):
        send(world, id)
    edit(world, id, "Studierektorn gör det.")
    send(world, id)
    assert read(world, id).comment == ""
    sign(world, id)
    approve(world, id)
    assert read(world, id).state is ReportState.APPROVED


def test_who_returns_says_why(world: World):
    id = handed_in(world, inspected(world))
    for comment, refusal in ((" \n", refusals.CommentMissing), ("å" * 4001, TooLong)):
        with pytest.raises(refusal) as refused:
            return_(world, id, comment)
        assert refused.value.field == "comment"


@pytest.mark.parametrize("ask", [approve, return_])
def test_only_what_is_handed_in_and_was_read_is_decided_on(world: World, ask):
    id = begin(world, inspected(world))
    with pytest.raises(refusals.NotHandedIn):
        ask(world, id)
    send(world, id)
    sign(world, id)
    with pytest.raises(refusals.VersionChanged):
        ask(world, id, number=7)
    ask(world, id)
    with pytest.raises(refusals.NotHandedIn):
        ask(world, id)


def test_who_has_signed_does_not_approve(world: World):
    person = world.person("both", Office.VERKSAMHETSCHEF, "unit")
    id = begin(world, inspected(world))
    send(world, id)
    sign(world, id, "both")
    with world.store.writing() as session:
        staff.withdraw(session, person.id, world.places["unit"].id, Office.VERKSAMHETSCHEF)
        staff.assign(session, person.id, world.places["part"].id, Office.OVS)
        world.people["both"] = staff.person(session, person.id)
    with pytest.raises(refusals.SignedByYou):
        approve(world, id, "both")
    return_(world, id, by="both")


def at_once(*acts) -> list[str]:
    """Do several things at the same moment; give what came of each."""
    start, came = threading.Barrier(len(acts)), []

    def one(act) -> None:
        start.wait()
        try:
            act()
        except Refused as refused:
            came.append(type(refused).__name__)
        else:
            came.append("done")

    threads = [threading.Thread(target=one, args=(act,)) for act in acts]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return sorted(came)


def test_of_two_decisions_at_once_one_holds(world: World):
    id = handed_in(world, inspected(world))
    number = newest(world, id)
    came = at_once(lambda: approve(world, id, number=number), lambda: return_(world, id, number=number))
    assert came == ["NotHandedIn", "done"]
    acts = [each.act for each in read(world, id).history]
    assert (ReportAct.APPROVED in acts) is not (ReportAct.RETURNED in acts)


def test_of_two_texts_at_once_one_is_saved(world: World):
    id = begin(world, inspected(world))
    came = at_once(
        lambda: edit(world, id, "Mitt", number=1), lambda: edit(world, id, "Ditt", "verksamhetschef", 1)
    )
    assert came == ["EditedMeanwhile", "done"]
    assert newest(world, id) == 2


def test_the_two_last_signatures_at_once_hand_it_in_once(world: World):
    world.person("second", Office.VERKSAMHETSCHEF, "second")
    id = begin(world, _group(world), "group")
    send(world, id, "group")
    came = at_once(
        lambda: sign(world, id, "member", "member", number=1),
        lambda: sign(world, id, "second", "second", number=1),
    )
    assert came == ["done", "done"]
    assert [each.act for each in read(world, id, "group").history].count(ReportAct.HANDED_IN) == 1


# --- Reported -----------------------------------------------------------------------------------------


@pytest.mark.parametrize(("days", "late"), [(0, 0), (181, 0), (182, 1), (193, 12)])
def test_it_is_reported_on_the_day_it_was_handed_in_however_long_the_approval_takes(
    world: World, days: int, late: int
):
    inspection = inspected(world)
    world.clock.forward(days=days)
    id = handed_in(world, inspection)
    assert of(world, "B3").reported_on is None
    assert of(world, "B3").report.state is ReportState.HANDED_IN
    world.clock.forward(days=60)
    approve(world, id)
    case = of(world, "B3")
    assert (case.reported_on, case.reported_late) == (TODAY + timedelta(days=days), late)
    assert case.is_open


def test_a_follow_ups_history_tells_of_its_report(world: World):
    inspection = inspected(world)
    world.clock.forward(days=1)
    id = approved(world, inspection)
    events = told(world, of(world, "B3").id)
    assert [each.act for each in events][:5] == [
        ReportAct.APPROVED,
        ReportAct.HANDED_IN,
        ReportAct.SIGNED,
        ReportAct.SENT,
        ReportAct.DRAFTED,
    ]
    assert {each.report for each in events[:5]} == {id}
    assert events[-1].report == ""


# --- What waits for whom ------------------------------------------------------------------------------


def test_what_a_report_waits_for_and_from_whom(world: World):
    inspection = inspected(world)
    id = begin(world, inspection)
    everybody = ("studierektor", "verksamhetschef", "ovs", "other", "far", "region", "admin", "ovs_away")

    def asked() -> dict:
        return {who: tasks for who in everybody if (tasks := [task for task, _ in waiting(world, who)])}

    assert asked() == {"studierektor": [Task.FINISH]}
    send(world, id)
    assert asked() == {"verksamhetschef": [Task.SIGN]}
    sign(world, id)
    assert asked() == {"ovs": [Task.APPROVE]}
    return_(world, id)
    assert asked() == {"studierektor": [Task.REWRITE], "verksamhetschef": [Task.REWRITE]}
    edit(world, id, "Ny text")
    send(world, id)
    sign(world, id)
    approve(world, id)
    assert asked() == {}


def test_a_report_is_back_until_another_text_is_saved_and_its_comment_stands_until_it_is_sent(world: World):
    id = handed_in(world, inspected(world))
    return_(world, id, "Skriv mer.")
    world.clock.forward(minutes=1)
    edit(world, id, "Ny text")
    assert waiting(world, "studierektor") == [(Task.FINISH, "Kliniken")]
    assert waiting(world, "verksamhetschef") == []
    assert read(world, id).comment == "Skriv mer."
    send(world, id)
    world.clock.forward(minutes=1)
    edit(world, id, "Ännu en text")
    assert waiting(world, "studierektor") == [(Task.FINISH, "Kliniken")]
    assert read(world, id).comment == ""


def test_the_units_that_sign_stand_as_swedes_sort(world: World):
    for number, name in enumerate(("Östra enheten", "Ängens enhet", "Åsens enhet")):
        world.place(f"extra{number}", PlaceKind.ENHET, name, world.places["group"])
    units = [each.unit.name for each in read(world, begin(world, _group(world), "group"), "group").signings]
    assert units[-3:] == ["Åsens enhet", "Ängens enhet", "Östra enheten"]


def test_what_waits_tells_since_when_and_until_when(world: World):
    id = begin(world, inspected(world))
    world.clock.forward(days=2)
    send(world, id)
    with world.store.reading() as session:
        (found,) = reporting.waiting(session, world.people["verksamhetschef"])
    assert (found.report, found.since, found.due_on, found.units) == (
        id,
        TODAY + timedelta(days=2),
        date(2027, 5, 22),
        (world.places["unit"],),
    )


def test_what_is_to_be_written_stands_by_source(world: World):
    inspection = inspected(world)
    review = review_of(world)
    with world.store.reading() as session:
        found = reporting.to_write(session, world.people["studierektor"])
        assert reporting.to_write(session, world.people["ovs"]) == ()
    assert {(each.inspection, each.review, each.number) for each in found} == {
        (inspection, "", 3),
        ("", review, 1),
    }
    assert [each.due_on for each in found] == sorted(each.due_on for each in found)
    begin(world, inspection)
    with world.store.reading() as session:
        assert len(reporting.to_write(session, world.people["studierektor"])) == 1


def test_the_database_is_asked_as_often_however_much_waits(world: World):
    def asked(who: str) -> int:
        with world.store.reading() as session, counted(world.store) as sent:
            reporting.waiting(session, world.people[who])
        return len(sent)

    send(world, begin(world, inspected(world)))
    few = asked("ovs"), asked("verksamhetschef")
    id, codes = world.open("other", "other")
    world.all_hand_in(codes, answers={"B7": 0})
    world.close(id, "other")
    send(world, begin(world, id, "other"), "other")
    group = begin(world, _group(world), "group")
    send(world, group, "group")
    assert (asked("ovs"), asked("verksamhetschef")) == few
    assert [task for task, _ in waiting(world, "ovs")] == [Task.RECORD, Task.RECORD]
