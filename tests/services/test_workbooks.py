"""The export of a stored inspection holds what is done about it."""

from datetime import date
from io import BytesIO

from openpyxl import load_workbook
from world import World

from scoring.verdict import Status
from stins.services import report, workbooks
from stins.services.followup import acting, reading
from stins.services.followup.values import Progress, Wanted


def with_breaches(world: World) -> str:
    """Close an inspection in which supervision fails."""
    id, codes = world.open()
    world.all_hand_in(codes, answers={"E1": 0, "E2": 0, "C2": 1})
    world.close(id)
    return id


def plan_of(world: World, id: str) -> dict[str, list[object]]:
    """Read the export's action plan by criterion."""
    with world.store.reading() as session:
        result = report.result(session, world.people["studierektor"], id)
        book = load_workbook(BytesIO(workbooks.export(session, result, "sv")))
    rows = book["Åtgärdsplan"].iter_rows(min_row=7, max_col=10, values_only=True)
    return {str(row[0]): list(row[5:10]) for row in rows if row[0]}


def test_actions_stand_beside_their_criterion(world: World):
    id = with_breaches(world)
    lead = world.people["studierektor"]
    with world.store.writing() as session:
        case = next(case for case in reading.cases(session, lead) if case.criterion == "E1")
        for what, day, status, evidence in (
            ("Schemalägg handledning.", date(2027, 2, 1), Progress.DONE, "Schemat för våren"),
            ("Följ upp i maj.", date(2027, 5, 1), Progress.PLANNED, ""),
        ):
            wanted = Wanted(what, "Studierektor", day, status, evidence)
            acting.add(session, world.box, lead, case.id, wanted, world.clock.now())
        wanted = Wanted("Köp datorer.", "Verksamhetschef", None, Progress.UNDER_WAY, "")
        acting.add_loose(session, world.box, lead, id, "C2", wanted)
    plan = plan_of(world, id)
    what, who, day, status, evidence = plan["E1"]
    assert sorted(str(what).splitlines()) == ["Följ upp i maj.", "Schemalägg handledning."]
    assert (who, str(day)[:10], status, evidence) == (
        "Studierektor",
        "2027-05-01",
        "Planerad",
        "Schemat för våren",
    )
    assert plan["C2"][:2] == ["Köp datorer.", "Verksamhetschef"]
    assert plan["C2"][3] == "Pågår"
    assert (plan["B1"][:2], plan["B1"][3:]) == ([None, None], [None, None])


def test_a_breach_without_actions_has_its_day(world: World):
    id = with_breaches(world)
    with world.store.reading() as session:
        result = report.result(session, world.people["studierektor"], id)
        assert result.verdict.criteria["E2"].status is Status.NOT_MET
    assert str(plan_of(world, id)["E2"][2]).startswith("=IF(")
