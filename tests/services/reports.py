"""Written reports, told for the tests of them."""

from datetime import date

from world import World

from stins.services.followup import reporting
from stins.services.followup.reporting import Begun, Paper, Written


def begin(
    world: World, inspection: str = "", by: str = "studierektor", *, review: str = "", lang: str = "sv"
):
    with world.store.writing() as session:
        person, at = world.people[by], world.at
        of = {"inspection": inspection, "review": review}
        return reporting.begin(session, world.box, person, lang, at.now, at.today, **of)


def beginning(world: World, inspection: str = "", by: str = "studierektor", *, review: str = "") -> Begun:
    with world.store.reading() as session:
        person = world.people[by]
        return reporting.beginning(session, person, inspection=inspection, review=review)


def read(world: World, id: str, who: str = "studierektor") -> Written:
    with world.store.reading() as session:
        return reporting.report(session, world.people[who], id)


def edit(world: World, id: str, text: str, by: str = "studierektor", number: int | None = None) -> None:
    number = newest(world, id) if number is None else number
    with world.store.writing() as session:
        at = world.at
        reporting.edit(session, world.box, world.people[by], id, text, number, at.now, at.today)


def redraft(world: World, id: str, by: str = "studierektor", lang: str = "sv") -> None:
    with world.store.writing() as session:
        reporting.redraft(session, world.box, world.people[by], id, lang, world.clock.now())


def send(world: World, id: str, by: str = "studierektor", number: int | None = None) -> None:
    number = newest(world, id) if number is None else number
    with world.store.writing() as session:
        reporting.send(session, world.box, world.people[by], id, number, world.at.now, world.at.today)


def sign(world: World, id: str, by: str = "verksamhetschef", *units: str, number: int | None = None) -> bool:
    number = newest(world, id) if number is None else number
    ids = frozenset(world.places[unit].id for unit in units or ("unit",))
    with world.store.writing() as session:
        at = world.at
        return reporting.sign(session, world.box, world.people[by], id, number, ids, at.now, at.today)


def record(
    world: World,
    id: str,
    unit: str,
    name: str = "Karin Ek",
    day: date | None = None,
    by: str = "ovs",
    number: int | None = None,
) -> bool:
    number = newest(world, id) if number is None else number
    paper = Paper(world.places[unit].id, name, day)
    with world.store.writing() as session:
        at = world.at
        return reporting.record(session, world.box, world.people[by], id, number, paper, at.now, at.today)


def approve(world: World, id: str, by: str = "ovs", number: int | None = None, comment: str = "") -> None:
    number = newest(world, id) if number is None else number
    with world.store.writing() as session:
        at = world.at
        reporting.approve(session, world.box, world.people[by], id, number, comment, at.now, at.today)


def return_(
    world: World, id: str, comment: str = "Skriv vem som gör vad.", by: str = "ovs", number: int | None = None
) -> None:
    number = newest(world, id) if number is None else number
    with world.store.writing() as session:
        at = world.at
        reporting.return_(session, world.box, world.people[by], id, number, comment, at.now, at.today)


def newest(world: World, id: str) -> int:
    from stins.services.followup.reporting import rows

    with world.store.reading() as session:
        return rows.current(session, id).number


def waiting(world: World, who: str):
    with world.store.reading() as session:
        return [(each.task, each.place.name) for each in reporting.waiting(session, world.people[who])]


def handed_in(world: World, inspection: str) -> str:
    """Give a report that was drafted, sent and signed."""
    id = begin(world, inspection)
    send(world, id)
    assert sign(world, id)
    return id


def approved(world: World, inspection: str) -> str:
    id = handed_in(world, inspection)
    approve(world, id)
    return id
