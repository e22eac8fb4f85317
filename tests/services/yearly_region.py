"""A small region with every kind of event, laid straight in the tables, and releases for it."""

import hashlib
from datetime import date
from itertools import islice

from world import World

from benchmarks.populations import releases
from stins.store.tables import ExternalReview, FollowUp, FollowUpReport, Inspection, Release

BODY = next(islice(releases(1), 1))


def reviewed(world: World, where: str, day: date, **grades: str) -> str:
    id = world.box.new_id()
    with world.store.writing() as session:
        session.add(
            ExternalReview(
                id=id,
                node_id=world.places[where].id,
                reported_on=day,
                reviewer="SPUR",
                grades=grades,
                report="",
            )
        )
    return id


def held(
    world: World,
    where: str,
    day: date,
    mode: str = "anonymous",
    parent=None,
    areas=None,
    body: str = BODY,
) -> str:
    id = world.box.new_id()
    with world.store.writing() as session:
        session.add(
            Inspection(
                id=id, unit_id=world.places[where].id, catalogue="2026", rules="2026", parameters={},
                areas=areas, mode=mode, k=5, state="closed", opens_on=day, closes_on=day, eligible={},
                comments="off", public_key=None, seal=None, facts={}, parent_id=parent, participation=None,
                participation_on=None, extended=False, step="done",
            )
        )  # fmt: skip
        session.flush()
        digest = hashlib.sha256(body.encode()).hexdigest()
        session.add(Release(inspection_id=id, body=body, sha256=digest, closed_on=day))
    return id


def followed(world: World, where: str, source: str, days: tuple[date, date, date | None], **how: str) -> str:
    """Follow up a criterion: opened, due, ended."""
    opened, due, ended = days
    values = {"criterion": "B3", "state": "closed" if ended else "open"} | how
    id = world.box.new_id()
    with world.store.writing() as session:
        session.add(
            FollowUp(
                id=id, node_id=world.places[where].id, inspection_id=source, deficiency_id=None,
                preliminary=False, opened_on=opened, due_on=due, ended_on=ended, met_in_id=None, **values,
            )
        )  # fmt: skip
    return id


def reported(world: World, where: str, source: str, day: date, state: str = "approved") -> str:
    id = world.box.new_id()
    with world.store.writing() as session:
        session.add(
            FollowUpReport(
                id=id,
                node_id=world.places[where].id,
                inspection_id=source,
                review_id=None,
                lang="sv",
                state=state,
                since=day,
                handed_in_on=day,
                approved_on=day,
            )
        )
    return id


def year_2025(world: World) -> None:
    """Lay the year of the worked example."""
    reviewed(world, "unit", date(2019, 6, 1))  # five years have passed when 2025 ends
    reviewed(world, "group", date(2025, 3, 1))  # in time for both members
    reviewed(world, "far", date(2020, 12, 31))  # five years old on the day: still in time
    reviewed(world, "other", date(2026, 1, 1))  # the year after: never reviewed in 2025
    first = held(world, "unit", date(2025, 1, 10))
    held(world, "unit", date(2025, 9, 1), parent=first, areas=["B"])
    held(world, "other", date(2025, 5, 5), "dialogue")
    held(world, "far", date(2025, 5, 5), "typed")
    held(world, "far", date(2026, 1, 1))
    in_time = reported(world, "unit", first, date(2025, 7, 10))
    opened, due = date(2025, 1, 10), date(2025, 7, 10)
    followed(world, "unit", first, (opened, due, due), criterion="B3", report_id=in_time)
    followed(world, "unit", first, (opened, due, date(2025, 7, 11)), criterion="B7", report_id=in_time)
    followed(world, "unit", first, (opened, due, date(2026, 2, 1)), criterion="D7")
    followed(world, "unit", first, (opened, due, due), criterion="E13", state="dismissed")
    old = held(world, "group", date(2024, 3, 1))
    late = reported(world, "group", old, date(2025, 2, 1))
    opened, due = date(2024, 3, 1), date(2024, 9, 1)
    followed(world, "group", old, (opened, due, date(2024, 9, 1)), criterion="B3", report_id=late)
    followed(world, "group", old, (date(2025, 12, 1), date(2026, 6, 1), None), criterion="B7")
    reported(world, "group", old, date(2025, 2, 1), state="handed_in")
