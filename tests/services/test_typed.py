"""A filled-in workbook becomes an inspection of mode typed, by the same rules as any other, or not at all."""

import contextlib
import io
import random
import threading
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import date, datetime, timedelta
from types import MappingProxyType

import pytest
from openpyxl import Workbook
from sqlalchemy import func, inspect, select
from typed_rounds import RULES, STATED, USUAL, changed, filled, read, round_of, shown
from world import TODAY, World, people, question_ids

from questionnaires.model import Fact, Role
from scoring.audit import audit
from scoring.documents.write import digest, frozen, release_document
from scoring.release import publish
from scoring.rounds import Comments, Mode
from stins.services import (
    close,
    health,
    inspections,
    invite,
    organisation,
    oversight,
    report,
    typed,
    workbooks,
)
from stins.services.close import Moment, Stopped
from stins.services.invite import CircleBroken
from stins.services.organisation import RegionSettings
from stins.services.refusals import NotFound
from stins.services.rights import Kind, Office
from stins.services.typed import Typed, read_typed
from stins.store.tables import Audit, Ballot, Code, Comment, Destruction, Inspection, Release
from stins.workbook import places
from stins.workbook.read.faults import Faulty, Unreadable
from stins.workbook.read.filled import Filled
from stins.workbook.read.grid import Grid
from tests.scoring.scoring_samples import numbers_of
from tests.services.evidence import acts, body
from tests.workbook.inspections import typed as typed_rounds

LAST_DAY = shown(places.LAST_DAY)
TABLES = (Inspection, Release, Audit, Comment, Code, Ballot, Destruction)


def keep(world: World, what: bytes | Typed, unit: str = "unit", by: str = "studierektor") -> str:
    """Keep a filled-in workbook and give the inspection's id."""
    held = what if isinstance(what, Typed) else read(what)
    with world.store.writing() as session:
        return typed.keep(session, world.box, world.people[by], world.places[unit].id, held, world.at)


def stored(world: World) -> list[int]:
    """Count the rows of every table that an inspection may leave something in."""
    with world.store.reading() as session:
        return [session.scalar(select(func.count()).select_from(table)) for table in TABLES]


def faults(world: World, what: bytes | Typed, unit: str = "unit", by: str = "studierektor") -> list[str]:
    """Give everything that a workbook is refused for; nothing may then be stored."""
    before = stored(world)
    with pytest.raises(Faulty) as caught:
        keep(world, what, unit, by)
    assert stored(world) == before
    return caught.value.said(str)


def row(world: World, id: str) -> dict[str, object]:
    """Give every column of an inspection."""
    with world.store.reading() as session:
        found = session.get(Inspection, id)
        return {column.key: getattr(found, column.key) for column in inspect(Inspection).columns}


def typed_of(round_, *, k: int | None = None, unit: str = "") -> Typed:
    """Give a round as it is read from a workbook, without any file."""
    parameters = {id: each.default for id, each in round_.terms.catalogue.parameters.items()}
    held = Filled(
        kind=places.BLANK,
        catalogue="2026",
        rules=RULES.id,
        unit=unit,
        closed_on=round_.closed_on,
        k=k,
        parameters=MappingProxyType(parameters),
        facts=round_.facts,
        ballots=round_.ballots,
    )
    return Typed(held, Grid({}, {}), None)


def on(day: date, seed: int = 1) -> bytes:
    """Fill in a workbook of a day; another seed gives other answers."""
    return filled(round_of(people(7, 9, 1, 1), seed=seed, closed_on=day))


def closed(world: World, unit: str = "unit", by: str = "studierektor", *, answered: bool = True) -> str:
    """Hold an inspection on the web."""
    id, codes = world.open(unit, by)
    if answered:
        world.all_hand_in(codes)
    world.close(id, by)
    return id


# --- What becomes of it ---------------------------------------------------------------------------------


def test_a_filled_in_workbook_is_released_by_the_very_code_that_closing_uses(world: World):
    id = keep(world, filled())
    expected = publish(USUAL)
    assert body(world, id) == frozen(expected)
    with world.store.reading() as session:
        held = session.get(Release, id)
    assert (held.sha256, held.closed_on) == (digest(expected), TODAY)


def test_its_row_holds_what_was_stated_and_nothing_of_codes_or_keys(world: World):
    day = TODAY - timedelta(days=40)
    id = keep(world, on(day))
    assert row(world, id) == {
        "id": id,
        "unit_id": world.places["unit"].id,
        "catalogue": "2026",
        "rules": RULES.id,
        "parameters": {id: each.default for id, each in USUAL.terms.catalogue.parameters.items()},
        "areas": None,
        "mode": "typed",
        "k": 5,
        "state": "closed",
        "opens_on": day,
        "closes_on": day,
        "eligible": {"st_lakare": 7, "handledare": 9, "studierektor": 1, "verksamhetschef": 1},
        "comments": "off",
        "public_key": None,
        "seal": None,
        "facts": {id: str(fact) for id, fact in STATED.items()},
        "parent_id": None,
        "participation": None,
        "participation_on": None,
        "extended": False,
        "step": "done",
    }  # fmt: skip


def test_it_leaves_an_inspection_a_release_and_an_audit_line_and_no_more(world: World):
    before = stored(world)
    id = keep(world, filled())
    more = dict(zip(TABLES, (now - was for was, now in zip(before, stored(world), strict=True)), strict=True))
    assert {table for table, number in more.items() if number} == {Inspection, Release, Audit}
    assert set(more.values()) == {0, 1}
    assert acts(world, id) == ["typed"]
    assert list(world.box.keys.kept()) == []


@pytest.mark.parametrize("who", ["studierektor", "verksamhetschef", "ovs"])
def test_the_unit_and_who_oversees_it_read_the_result_marked_as_typed(world: World, who: str):
    id = keep(world, filled())
    with world.store.reading() as session:
        found = report.result(session, world.people[who], id)
    assert found.summary.mode is found.release.mode is Mode.TYPED
    assert found.destroyed is None
    assert found.release.comments == {}
    assert found.release.redacted == 0


@pytest.mark.parametrize("who", ["admin", "region", "other", "ovs_away", "group", "far"])
def test_nobody_else_reads_it(world: World, who: str):
    id = keep(world, filled())
    with pytest.raises(NotFound), world.store.reading() as session:
        report.result(session, world.people[who], id)


def test_whoever_leaves_a_role_empty_is_not_among_those_who_may_answer(world: World):
    id = keep(world, filled(round_of(people(0, 6))))
    assert row(world, id)["eligible"] == {"handledare": 6}


def test_a_grupp_can_be_typed_in_and_its_members_read_it(world: World):
    id = keep(world, filled(unit="Vårdcentralerna"), "group", "group")
    with world.store.reading() as session:
        assert report.result(session, world.people["member"], id).release.cells


def test_the_overview_shows_it_as_typed_with_its_own_grades(world: World):
    id = keep(world, filled())
    with world.store.reading() as session:
        units = {each.place.name: each for each in oversight.units(session, world.people["ovs"])}
        expected = report.result(session, world.people["ovs"], id).verdict
    shown_row = units["Kliniken"]
    assert (shown_row.inspection, shown_row.mode, shown_row.closed_on) == (id, Mode.TYPED, TODAY)
    assert shown_row.grades == {area: each.grade for area, each in expected.areas.items()}
    assert units["Grannkliniken"].inspection == ""


def test_answers_from_the_web_and_typed_ones_stand_each_by_themselves(world: World):
    web = closed(world)
    before = body(world, web)
    world.clock.forward(days=90)
    id = keep(world, on(world.clock.today()))
    assert body(world, web) == before
    assert body(world, id) == frozen(publish(round_of(people(7, 9, 1, 1), closed_on=world.clock.today())))
    with world.store.reading() as session:
        (latest,) = [u for u in oversight.units(session, world.people["ovs"]) if u.inspection]
        listed = inspections.listed(session, world.people["studierektor"])
    assert (latest.inspection, latest.mode) == (id, Mode.TYPED)
    assert {about.id: about.mode for about in listed} == {web: Mode.ANONYMOUS, id: Mode.TYPED}


def test_an_older_one_typed_in_later_does_not_stand_as_the_latest(world: World):
    first = keep(world, on(TODAY))
    second = keep(
        world,
        filled(round_of(people(8, 8), closed_on=TODAY - timedelta(days=400)), unit=""),
        "other",
        "other",
    )
    with world.store.reading() as session:
        latest = {u.place.name: u.inspection for u in oversight.units(session, world.people["ovs"])}
    assert (latest["Kliniken"], latest["Grannkliniken"]) == (first, second)


def test_time_leaves_it_alone(world: World):
    id = keep(world, filled())
    before, text = row(world, id), body(world, id)
    later = Moment(world.clock.now() + timedelta(days=400), TODAY + timedelta(days=400))
    for _ in range(2):
        assert close.close_due(world.store, world.box, later) == ()
        close.sweep(world.store, later.now)
    assert (row(world, id), body(world, id)) == (before, text)
    with world.store.reading() as session:
        assert session.scalar(select(func.count()).select_from(Destruction)) == 0


def test_nothing_is_swept_for_its_sake(world: World, monkeypatch: pytest.MonkeyPatch):
    swept = []
    monkeypatch.setattr(type(world.store), "vacuum", lambda *tables: swept.append(tables))
    keep(world, filled())
    close.sweep(world.store, world.clock.now())
    assert swept == []


def test_the_doctor_has_nothing_to_say_of_it(world: World):
    before = set(health.troubles(world.installation))
    id = keep(world, filled())
    assert set(health.troubles(world.installation)) == before
    assert not any(id in line for line in before)


@pytest.mark.parametrize("act", ["extend", "codes_anew", "add_codes"])
def test_what_is_done_to_open_inspections_is_not_done_to_it(world: World, act: str):
    id = keep(world, filled())
    more = {
        "extend": (TODAY + timedelta(days=9), world.clock.now(), TODAY),
        "codes_anew": (world.clock.now(),),
        "add_codes": (people(1, 0), world.clock.now()),
    }[act]
    with pytest.raises(invite.NotOpen), world.store.writing() as session:
        getattr(invite, act)(session, world.box, world.people["studierektor"], id, *more)


def test_what_it_stated_is_proposed_at_the_next_inspection(world: World):
    keep(world, filled())
    with world.store.reading() as session:
        assert invite.facts_latest(session, world.places["unit"].id) == STATED


# --- What is shown is decided as for answers from the web -----------------------------------------------


@pytest.mark.parametrize("k", [4, 5, 7])
def test_what_is_shown_follows_k_exactly_as_for_anonymous_answers(world: World, k: int):
    world.person("everywhere", Office.STUDIEREKTOR, "region")
    with world.store.writing() as session:
        parameters = {id: each.default for id, each in USUAL.terms.catalogue.parameters.items()}
        wanted = RegionSettings(k, parameters)
        organisation.set_region(session, world.places["region"].id, wanted, USUAL.terms.catalogue)
    samples = [sample for sample in typed_rounds(9, k, k) if sample.release.cells]
    assert len({len(sample.release.cells) for sample in samples}) == 2
    for number, sample in enumerate(samples):
        name = f"Enhet {number}"
        world.place(name, Kind.ENHET, name, world.places["away"])
        round_ = replace(sample.round_, facts=STATED)
        id = keep(world, typed_of(round_, k=random.Random(number).choice([None, k])), name, "everywhere")
        terms = replace(round_.terms, mode=Mode.ANONYMOUS, comments=Comments.OFF)
        web = publish(replace(round_, terms=terms))
        with world.store.reading() as session:
            found = report.result_of(session, id).release
        assert (found.cells, found.results) == (web.cells, web.results)
        audit(release_document(found), numbers_of(round_), round_.terms.catalogue)


def test_the_order_of_the_columns_does_not_matter(world: World):
    backwards = replace(USUAL, ballots=USUAL.ballots[::-1])
    first = keep(world, typed_of(USUAL))
    second = keep(world, typed_of(backwards), "other", "other")
    assert body(world, first) == body(world, second)


def test_where_the_auditor_refuses_nothing_is_stored(world: World, monkeypatch: pytest.MonkeyPatch):
    publishing = typed.publish
    monkeypatch.setattr(typed, "publish", lambda round_: replace(publishing(round_), k=4))
    before = stored(world)
    with pytest.raises(Stopped, match="k is not what was promised"):
        keep(world, filled())
    assert stored(world) == before


# --- One circle at a time -------------------------------------------------------------------------------


def opening(world: World, unit: str = "unit", by: str = "studierektor") -> date | None:
    """Try to open an inspection on the web; give the day from which it can be, or nothing when it opens."""
    id = world.plan(unit, by)
    try:
        world.open_planned(id, by)
    except CircleBroken as broken:
        return broken.about["obstacle"].free_on
    return None


def test_after_typed_answers_none_opens_at_the_unit_for_90_days(world: World):
    keep(world, on(TODAY))
    free = TODAY + timedelta(days=90)
    assert opening(world) == free
    world.clock.forward(days=89)
    assert opening(world) == free
    world.clock.forward(days=1)
    assert opening(world) is None


def test_after_typed_answers_of_a_grupp_none_opens_at_its_members_for_12_months(world: World):
    keep(world, filled(unit="Vårdcentralerna"), "group", "group")
    world.clock.forward(days=364)
    assert opening(world, "member", "group") == date(2027, 11, 22)
    assert opening(world) is None
    world.clock.forward(days=1)
    assert opening(world, "member", "group") is None


@pytest.mark.parametrize(("unit", "opened"), [("unit", "unit"), ("group", "member"), ("member", "group")])
def test_while_an_inspection_is_open_nothing_is_typed_there_above_it_or_below_it(
    world: World, unit: str, opened: str
):
    by = "studierektor" if unit == "unit" else "group"
    world.open(opened, by)
    (line,) = faults(world, filled(unit=""), unit, by)
    assert line.startswith(f"En inspektion pågår på {world.places[opened].name}.")
    assert line.endswith("Avsluta den först.")


def test_a_draft_and_one_that_released_nothing_stand_in_nobodys_way(world: World):
    closed(world, answered=False)
    world.plan()
    assert keep(world, filled())


def test_within_90_days_of_a_result_nothing_is_typed_and_the_day_is_named(world: World):
    closed(world)
    world.clock.forward(days=200)
    (line,) = faults(world, on(TODAY + timedelta(days=89)))
    assert line.startswith(f"{LAST_DAY}: för nära en annan inspektion på Kliniken")
    assert line.endswith((TODAY + timedelta(days=90)).isoformat())
    assert keep(world, on(TODAY + timedelta(days=90)))


def test_within_12_months_of_a_neighbours_result_nothing_is_typed(world: World):
    closed(world, "member", "group")
    world.clock.forward(days=400)
    (line,) = faults(
        world, filled(round_of(people(6, 6), closed_on=date(2027, 11, 21)), unit=""), "group", "group"
    )
    assert "på Norra vårdcentralen" in line
    assert line.endswith("2027-11-22")
    day = round_of(people(6, 6), closed_on=date(2027, 11, 22))
    assert keep(world, filled(day, unit=""), "group", "group")


def test_nothing_is_typed_as_from_before_a_later_result(world: World):
    closed(world)
    (line,) = faults(world, on(TODAY - timedelta(days=1000)))
    assert line.startswith(f"{LAST_DAY}: för nära")


def test_typed_answers_stand_in_the_way_of_others_as_well(world: World):
    keep(world, on(TODAY))
    world.clock.forward(days=89)
    (line,) = faults(world, on(world.clock.today(), seed=2))
    assert line.startswith(f"{LAST_DAY}: för nära")
    world.clock.forward(days=1)
    assert keep(world, on(world.clock.today(), seed=2))


def test_of_two_who_hand_in_at_the_same_moment_one_is_told_of_the_other(
    world: World, monkeypatch: pytest.MonkeyPatch
):
    both, settings = threading.Barrier(2), typed.region_settings

    def met(*about):
        # Only one may be here at a time: whoever waits for the other waits in vain.
        with contextlib.suppress(threading.BrokenBarrierError):
            both.wait(timeout=0.5)
        return settings(*about)

    monkeypatch.setattr(typed, "region_settings", met)

    def attempt(seed: int) -> str:
        try:
            return keep(world, typed_of(round_of(people(7, 9), seed=seed)))
        except Faulty as faulty:
            return faulty.said(str)[0]

    with ThreadPoolExecutor(2) as pool:
        told = sorted(pool.map(attempt, (1, 2)), key=len)
    assert row(world, told[0])["state"] == "closed"
    assert told[1].startswith("för nära en annan inspektion på Kliniken")


# --- The same answers -----------------------------------------------------------------------------------


@pytest.mark.parametrize("days", [0, 30, 91, 1000])
def test_the_same_answers_are_refused_however_long_after(world: World, days: int):
    keep(world, on(TODAY))
    world.clock.forward(days=days)
    (line,) = faults(world, on(world.clock.today()))
    assert line == "De här svaren är redan inlästa för Kliniken. De finns bland inspektionerna."


def test_the_same_answers_in_other_columns_with_other_facts_are_the_same(world: World):
    keep(world, typed_of(USUAL))
    world.clock.forward(days=500)
    disguised = replace(
        USUAL,
        ballots=USUAL.ballots[::-1],
        facts={**STATED, "A4": Fact.JA},
        closed_on=world.clock.today(),
    )
    (line,) = faults(world, typed_of(disguised))
    assert "redan inlästa" in line


def test_one_other_answer_makes_others_of_them_once_the_circle_has_passed(world: World):
    keep(world, on(TODAY))
    world.clock.forward(days=90)
    assert keep(world, on(world.clock.today(), seed=2))


# --- What is wrong is said, all at once -----------------------------------------------------------------


def test_a_workbook_of_another_unit_is_refused_by_both_names(world: World):
    (line,) = faults(world, filled(unit="Grannkliniken"))
    what = "arbetsboken gäller Grannkliniken, men du har valt Kliniken; ändra det som är fel"
    assert line == f"{shown(places.UNIT)}: {what}"


@pytest.mark.parametrize("name", ["", "kliniken", "  KLINIKEN "])
def test_a_workbook_that_names_no_unit_or_ours_in_other_letters_is_taken(world: World, name: str):
    assert keep(world, filled(unit=name))


@pytest.mark.parametrize("k", [4, 6])
def test_another_k_than_the_regions_is_refused(world: World, k: int):
    (line,) = faults(world, changed(filled(), **{places.K: k}))
    assert line.startswith(f"{shown(places.K)}: det står {k}, men här gäller 5")


def test_a_day_that_has_not_been_is_refused(world: World):
    (line,) = faults(world, on(TODAY + timedelta(days=1)))
    assert line.startswith(f"{LAST_DAY}: sista dagen har inte varit än")


def test_every_fact_that_is_missing_is_named_by_its_cell(world: World):
    lines = faults(world, filled(round_of(people(6, 6), facts={})))
    assert lines == [f"{shown(places.fact(id))}: uppgiften {id} saknas; välj i listan" for id in STATED]


def test_without_any_external_review_there_is_nothing_to_state_of_it(world: World):
    wrong = {**STATED, "A2": Fact.NEJ}
    lines = faults(world, filled(round_of(people(6, 6), facts=wrong)))
    never = "har ingen granskning gjorts är A3 Nej, och A4 lämnas tom"
    assert lines == [f"{shown(places.fact(id))}: {never}" for id in ("A3", "A4")]
    right = {id: fact for id, fact in wrong.items() if id != "A4"} | {"A3": Fact.NEJ}
    assert keep(world, filled(round_of(people(6, 6), facts=right)))


@pytest.mark.parametrize("numbers", [people(0, 0, 3, 3), people(4, 0, 1, 1), people(2, 2)])
def test_too_few_who_count_are_refused_with_what_to_do(world: World, numbers: Mapping[Role, int]):
    counted = numbers.get(Role.ST_LAKARE, 0) + numbers.get(Role.HANDLEDARE, 0)
    (line,) = faults(world, filled(round_of(numbers)))
    assert line.startswith(f"Bara {counted} ST-läkare och handledare är inskrivna, och minst 5 behövs")
    assert "inspektera grannenheter tillsammans" in line


def test_more_people_than_a_role_may_have_are_refused(world: World):
    many = replace(USUAL, ballots=USUAL.ballots * 30)
    (line,) = faults(world, typed_of(many))
    assert line.startswith("Fler än 200 personer i en roll")


def test_everything_that_is_wrong_is_said_at_once(world: World):
    world.open()
    tomorrow = round_of(people(1, 2, 1), closed_on=TODAY + timedelta(days=1), facts={"A2": Fact.JA})
    file = changed(filled(tomorrow, unit="Fjärrkliniken"), **{places.K: 6})
    lines = faults(world, file)
    beginnings = [
        *[shown(name) for name in (places.UNIT, places.LAST_DAY, places.K)],
        "Bara 3 ST-läkare",
        *[shown(places.fact(id)) for id in STATED if id != "A2"],
        "En inspektion pågår på Kliniken",
    ]
    assert [line.startswith(begin) for line, begin in zip(lines, beginnings, strict=True)] == [True] * len(
        lines
    )


def test_an_exported_result_is_refused_with_that_reason(world: World):
    id = keep(world, filled())
    with world.store.reading() as session:
        file = workbooks.export_stored(session, id, "sv")
    with pytest.raises(Unreadable) as caught:
        read_typed(file, "resultat.xlsx", None)
    assert caught.value.fault.said(str).startswith("Det här är ett exporterat resultat, inte en arbetsbok")


@pytest.mark.parametrize(
    ("unit", "by"),
    [
        ("unit", "verksamhetschef"),
        ("unit", "ovs"),
        ("unit", "admin"),
        ("unit", "region"),
        ("unit", "other"),
        ("other", "studierektor"),
        ("part", "studierektor"),
        ("region", "studierektor"),
    ],
)
def test_what_is_not_ones_own_unit_is_not_found(world: World, unit: str, by: str):
    before = stored(world)
    with pytest.raises(NotFound):
        keep(world, filled(), unit, by)
    assert stored(world) == before


@pytest.mark.parametrize("unit", ["region", "part"])
def test_answers_are_typed_for_a_unit_or_a_grupp_and_nothing_above(world: World, unit: str):
    world.person("everywhere", Office.STUDIEREKTOR, "region")
    with pytest.raises(NotFound):
        keep(world, filled(unit=""), unit, "everywhere")


def test_a_unit_that_there_is_not_is_not_found(world: World):
    with pytest.raises(NotFound), world.store.writing() as session:
        typed.keep(session, world.box, world.people["studierektor"], "", read(filled()), world.at)


# --- Workbooks laid out otherwise -----------------------------------------------------------------------

TABS = {Role.ST_LAKARE: "Läkare", Role.HANDLEDARE: "Handledarna"}
LAYOUT = """
catalogue = "2026"
last_day = {{ cell = "Framsida!B2" }}
unit = {{ cell = "Framsida!B1" }}

[facts]
{facts}

[answers]
"Instämmer helt" = 3
"Instämmer" = 2
"Delvis" = 1
"Inte alls" = 0
"Vet ej" = "vet_ej"
"-" = "ej_aktuellt"

[[block]]
role = "st_lakare"
tab = "Läkare"
ids = 1
first_column = "A"
rows = "2:20"

[[block]]
role = "handledare"
tab = "Handledarna"
ids = 1
first_column = "A"
rows = "2:20"
"""
WORDS = {
    3: "Instämmer helt",
    2: "Instämmer",
    1: "Delvis",
    0: "Inte alls",
    "vet_ej": "Vet ej",
    "ej_aktuellt": "-",
}
STATED_IN_LAYOUT = "\n".join(f'{id} = "{fact}"' for id, fact in STATED.items())
OLD_ROUND = round_of(people(5, 6))


def old_workbook(unit: str = "Kliniken", day: date = TODAY) -> bytes:
    """Make a workbook with a person on each row and answers in words."""
    book = Workbook()
    front = book.worksheets[0]
    front.title = "Framsida"
    front["B1"], front["B2"] = unit, datetime(day.year, day.month, day.day)  # noqa: DTZ001 - a cell has no zone
    for role, tab in TABS.items():
        sheet = book.create_sheet(tab)
        sheet.append(question_ids(role))
        for ballot in OLD_ROUND.ballots:
            if ballot.role is role:
                sheet.append([WORDS[ballot.answers[id].value] for id in question_ids(role)])
    file = io.BytesIO()
    book.save(file)
    return file.getvalue()


def test_a_workbook_of_another_layout_is_kept_as_our_own_is(world: World):
    held = read_typed(old_workbook(), "v4.xlsx", LAYOUT.format(facts=STATED_IN_LAYOUT))
    id = keep(world, held)
    assert body(world, id) == frozen(publish(OLD_ROUND))
    assert row(world, id)["eligible"] == {"st_lakare": 5, "handledare": 6}


def test_what_another_layout_lacks_is_named_by_its_cell_or_by_its_key(world: World):
    tomorrow = TODAY + timedelta(days=1)
    facts = STATED_IN_LAYOUT.replace('A2 = "ja"', "").replace('A8 = "ja"', 'A8 = { cell = "Framsida!B9" }')
    layout = LAYOUT.format(facts=facts)
    lines = faults(world, read_typed(old_workbook("Fjärrkliniken", tomorrow), "v4.xlsx", layout))
    assert [line.partition(": ")[0] for line in lines] == [
        "Framsida!B1",
        "Framsida!B2",
        "facts.A2",
        "Framsida!B9",
    ]
    assert lines[2].endswith("uppgiften A2 saknas; skriv den i arbetsboken, eller under facts i layouten")
    stated = layout.replace('{ cell = "Framsida!B2" }', tomorrow.isoformat())
    lines = faults(world, read_typed(old_workbook("Fjärrkliniken"), "v4.xlsx", stated))
    assert [line.partition(": ")[0] for line in lines] == [
        "Framsida!B1",
        "last_day",
        "facts.A2",
        "Framsida!B9",
    ]


def test_a_layout_that_cannot_be_used_is_told_before_the_file_is_read():
    with pytest.raises(Faulty):
        read_typed(b"ingen arbetsbok", "v4.xlsx", "catalogue = 7")
