"""What is done about breaches, told for the tests of following up."""

from datetime import date

from sqlalchemy import insert, select
from world import World, people

from scoring.rounds import Mode
from stins.services.close import Moment
from stins.services.followup import acting, opening, reading
from stins.services.followup.values import (
    Case,
    Event,
    Progress,
    Wanted,
)
from stins.services.typed import keep
from stins.store.tables import (
    Audit,
    Comment,
    Deficiency,
    Destruction,
    ExternalReview,
    FollowUp,
    FollowUpEvent,
    Inspection,
    Node,
    Release,
    Table,
)

ENDED = {"closed": "Rutinen finns och är känd.", "dismissed": "Kravet gäller inte längre."}


def inspected(world: World, answers=None, by: str = "studierektor", **changes) -> str:
    """Hold an inspection in which all answer alike, and give its id.

    The first of its kind in a world where nothing was held is held in truth, and laid in other such worlds.
    """
    answers = answers or {"B3": 0, "B7": 0, "E13": 0, "D7": 1}
    kind = _kind(world, answers, by, changes)
    if kind in _HELD_BEFORE:
        id, rows = _HELD_BEFORE[kind]
        with world.store.writing() as session:
            for table, some in rows.items():
                session.execute(insert(table), some)
        return id
    id, codes = world.open(by=by, **changes)
    world.all_hand_in(codes, answers=answers)
    world.close(id, by)
    if kind:
        _HELD_BEFORE[kind] = id, _stored(world, id)
    return id


_HELD_BEFORE: dict[str, tuple[str, dict[type[Table], list[dict]]]] = {}


def _kind(world: World, answers, by: str, changes) -> str:
    """Name all that an inspection hangs on; empty where something was held or reviewed before it."""
    with world.store.reading() as session:
        if session.scalar(select(Inspection.id)) or session.scalar(select(ExternalReview.id)):
            return ""
        numbers = session.scalars(select(Node.settings).where(Node.settings.is_not(None))).all()
    return repr((world.clock.instant, answers, world.people[by], world.places, changes, numbers))


def _stored(world: World, id: str) -> dict[type[Table], list[dict]]:
    """Give what is stored of an inspection that was held: its answers, codes and key are destroyed."""
    of = {
        Inspection: Inspection.id == id,
        Release: Release.inspection_id == id,
        Comment: Comment.inspection_id == id,
        Destruction: Destruction.inspection_id == id,
        FollowUp: FollowUp.inspection_id == id,
        FollowUpEvent: FollowUpEvent.follow_up_id.in_(select(FollowUp.id)),
        Audit: Audit.subject == id,
    }
    found = {}
    with world.store.reading() as session:
        for table, which in of.items():
            columns = [column.name for column in table.__table__.columns]
            rows = [
                {n: getattr(row, n) for n in columns} for row in session.scalars(select(table).where(which))
            ]
            if rows:
                found[table] = rows
    return found


def everyone(world: World, who: str) -> tuple[Case, ...]:
    with world.store.reading() as session:
        return reading.cases(session, world.people[who])


def of(world: World, criterion: str, who: str = "studierektor") -> Case:
    """Give the follow-up of a criterion."""
    return next(case for case in everyone(world, who) if case.criterion == criterion)


def told(world: World, id: str, who: str = "studierektor") -> tuple[Event, ...]:
    with world.store.reading() as session:
        return reading.case(session, world.people[who], id)[1]


def wanted(what: str = "Skriv en rutin", **changes) -> Wanted:
    values = {"who": "", "due_on": None, "status": Progress.PLANNED, "evidence": ""} | changes
    return Wanted(what, **values)


def add(world: World, id: str, by: str = "studierektor", **changes) -> str:
    with world.store.writing() as session:
        return acting.add(session, world.box, world.people[by], id, wanted(**changes), world.clock.now())


def add_loose(world: World, id: str, criterion: str, by: str = "studierektor", **changes) -> str:
    with world.store.writing() as session:
        return acting.add_loose(session, world.box, world.people[by], id, criterion, wanted(**changes))


def change(world: World, id: str, by: str = "studierektor", **changes) -> None:
    with world.store.writing() as session:
        mark = reading.planned(session, world.people[by], id).step.mark
        acting.change(session, world.box, world.people[by], id, mark, wanted(**changes), world.clock.now())


def take_up(world: World, id: str, criterion: str, who: str = "studierektor") -> str:
    with world.store.writing() as session:
        person, at = world.people[who], world.at
        return acting.take_up(session, world.box, person, id, criterion, at.now, at.today)


def decide(world: World, act: str, id: str, reason: str | None = None, who: str = "ovs") -> None:
    at = world.at
    with world.store.writing() as session:
        person, reason = (
            world.people[who],
            ENDED.get(act, "Bristen är tillbaka.") if reason is None else reason,
        )
        match act:
            case "closed":
                acting.close(session, world.box, person, id, reason, at.now, at.today)
            case "dismissed":
                acting.dismiss(session, world.box, person, id, reason, at.now, at.today)
            case "reopened":
                acting.reopen(session, world.box, person, id, reason, at.now)


def mended(world: World, criterion: str = "B3") -> str:
    """Give a follow-up about which something is done, with evidence."""
    id = of(world, criterion).id
    add(world, id, status=Progress.DONE, evidence="Rutin 12 på intranätet")
    return id


def deficient(world: World, *regulations: bool, where: str = "unit") -> list[str]:
    """Register a review with deficiencies and open what is to be followed up; give the deficiencies' ids."""
    with world.store.writing() as session:
        review = ExternalReview(
            id=world.box.new_id(),
            node_id=world.places[where].id,
            reported_on=date(2026, 8, 31),
            reviewer="SPUR",
            grades={},
            report="",
        )
        session.add(review)
        session.flush()
        found = [
            Deficiency(
                id=world.box.new_id(), review_id=review.id, area="B", text="Handledare saknas", regulation=is_
            )
            for is_ in regulations
        ]
        session.add_all(found)
        session.flush()
        by = world.people["studierektor"].id
        opening.open_deficiencies(session, world.box, by, review, found, world.clock.now())
        return [each.id for each in found]


def typed_in(world: World) -> str:
    from typed_rounds import filled, read

    with world.store.writing() as session:
        return keep(
            session,
            world.box,
            world.people["studierektor"],
            world.places["unit"].id,
            read(filled()),
            Moment(world.clock.now(), world.clock.today()),
        )


def talked(world: World) -> str:
    return inspected(world, {"B3": 0, "D7": 1, "E13": 0}, mode=Mode.DIALOGUE, eligible=people(1, 2, 0, 1))


def inspected_again(world: World, first: str, answers=None, areas=None, **changes) -> str:
    """Hold an extra review of the first, led from above, when the circle allows it, and give its id."""
    world.clock.forward(days=100)
    id = world.plan(**changes)
    with world.store.writing() as session:
        row = session.get(Inspection, id)
        row.parent_id, row.areas = first, areas
        if areas:
            row.facts = {id: fact for id, fact in row.facts.items() if id[0] in areas}
    codes = world.open_planned(id, "ovs")
    world.all_hand_in(codes, answers=answers or {})
    world.close(id, "ovs")
    return id
