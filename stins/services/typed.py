"""Typed answers: a filled-in workbook becomes an inspection of mode typed, all at once or not at all."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from questionnaires.model import Fact, Role
from questionnaires.read import catalogue
from scoring.documents.objects import parse
from scoring.documents.write import release_document
from scoring.release import Release, publish
from scoring.rounds import Comments, Mode
from stins.box import Box
from stins.services import staff
from stins.services.close import Moment, audited, store_release
from stins.services.inspections import circle
from stins.services.invite import PEOPLE_MOST, wrong_facts
from stins.services.organisation import lock_region, place, region_settings
from stins.services.refusals import NotFound
from stins.services.rights import Kind, Person, Place, may_run
from stins.store.tables import Inspection
from stins.store.tables import Release as ReleaseRow
from stins.workbook import places
from stins.workbook.read.faults import N_, Fault, Faulty
from stins.workbook.read.filled import Filled, read_filled, round_
from stins.workbook.read.grid import Grid, Spot, read
from stins.workbook.read.layout import parse_layout, read_by_layout
from stins.workbook.read.plan import Layout, Source


@dataclass(frozen=True, slots=True)
class Typed:
    """A workbook that could be read: what is in it, and where each thing stands.

    ``layout`` is how it was read where it is not our own.
    """

    filled: Filled
    grid: Grid
    layout: Layout | None

    def at(self, name: str) -> str:
        """Give the cell of a defined name, or the layout's key where no cell is read for it."""
        if self.layout is None:
            area = self.grid.names.get(name)
            return area.spot.name if area else ""
        key, source = _in_layout(self.layout, name)
        return source.name if isinstance(source, Spot) else key


def read_typed(content: bytes, filename: str, layout: str | None) -> Typed:
    """Read a filled-in workbook, one laid out otherwise by its layout file's text.

    Raises :class:`stins.workbook.read.faults.Unreadable` or, with everything that is wrong in it,
    :class:`stins.workbook.read.faults.Faulty`. Nothing is kept.
    """
    described = None if layout is None else parse_layout(layout)
    grid = read(content, filename)
    filled = read_filled(grid) if described is None else read_by_layout(grid, described)
    return Typed(filled, grid, described)


def keep(session: Session, box: Box, person: Person, unit_id: str, typed: Typed, at: Moment) -> str:
    """Publish, audit and store typed answers as a closed inspection of a unit, and give its id.

    The same rules of what is shown hold as for answers from the web, and one circle at a time; there are no
    codes, no comments and no destruction note. Raises :class:`NotFound` for a unit that is not the person's,
    :class:`stins.workbook.read.faults.Faulty` with everything that stands in the way, and
    :class:`stins.services.close.Stopped` where the auditor refuses.
    """
    where = place(session, unit_id)
    if not may_run(person, where) or where.kind not in (Kind.ENHET, Kind.GRUPP):
        raise NotFound
    lock_region(session, where)
    k = region_settings(session, where, catalogue(typed.filled.catalogue)).k
    release = publish(round_(typed.filled, k))
    faults = [*_wrong(typed, where, k, at.today), *_in_the_way(session, typed, where, release)]
    if faults:
        raise Faulty(faults)
    row = _inspection(box.new_id(), where, typed.filled, k)
    session.add(row)
    session.flush()
    audited(session, row, where, release, typed.filled.ballots)
    store_release(session, box, row, release)
    staff.note(session, box, at.now, person.id, "typed", row.id)
    session.flush()
    return row.id


def _wrong(typed: Typed, where: Place, k: int, today: date) -> list[Fault]:
    """Everything that the workbook says and that does not hold here."""
    filled = typed.filled
    people = Counter(ballot.role for ballot in filled.ballots)
    counted = people[Role.ST_LAKARE] + people[Role.HANDLEDARE]
    named = filled.unit.strip().casefold()
    checks: list[tuple[bool, str, str, Mapping[str, str | int]]] = [
        (
            bool(named) and named != where.name.casefold(),
            places.UNIT,
            N_("arbetsboken gäller %(unit)s, men du har valt %(chosen)s; ändra det som är fel"),
            {"unit": filled.unit.strip(), "chosen": where.name},
        ),
        (
            filled.closed_on > today,
            places.LAST_DAY,
            N_("sista dagen har inte varit än; vänta, eller skriv den dag då svaren samlades in"),
            {},
        ),
        (
            filled.k not in (None, k),
            places.K,
            N_("det står %(found)s, men här gäller %(k)s; hämta en ny arbetsbok här och för över svaren"),
            {"found": filled.k or 0, "k": k},
        ),
        (
            counted < k,
            "",
            N_(
                "Bara %(counted)s ST-läkare och handledare är inskrivna, och minst %(k)s behövs för att "
                "något ska visas. Låt fler svara, eller inspektera grannenheter tillsammans."
            ),
            {"counted": counted, "k": k},
        ),
        (
            any(number > PEOPLE_MOST for number in people.values()),
            "",
            N_("Fler än %(most)s personer i en roll. Dela upp svaren på enheter."),
            {"most": PEOPLE_MOST},
        ),
    ]
    faults = [Fault(typed.at(name), message, about) for holds, name, message, about in checks if holds]
    return faults + _wrong_facts(typed, filled.facts)


def _wrong_facts(typed: Typed, facts: Mapping[str, Fact]) -> list[Fault]:
    missing = (
        N_("uppgiften %(id)s saknas; skriv den i arbetsboken, eller under facts i layouten")
        if typed.layout
        else N_("uppgiften %(id)s saknas; välj i listan")
    )
    never = N_("har ingen granskning gjorts är A3 Nej, och A4 lämnas tom")
    return [
        Fault(
            typed.at(places.fact(refusal.about["id"])),
            never if refusal.about["never"] and refusal.about["id"] in ("A3", "A4") else missing,
            {"id": refusal.about["id"]},
        )
        for refusal in wrong_facts(facts, catalogue(typed.filled.catalogue))
    ]


def _in_layout(layout: Layout, name: str) -> tuple[str, Source]:
    """Give a layout's key for a defined name of our own, and what it says of it."""
    fact = name.removeprefix(places.fact(""))
    if fact != name:
        return f"facts.{fact}", layout.facts.get(fact)
    sources = {places.UNIT: ("unit", layout.unit), places.LAST_DAY: ("last_day", layout.last_day)}
    return sources.get(name, ("", None))


def _in_the_way(session: Session, typed: Typed, where: Place, release: Release) -> list[Fault]:
    """Give what other inspections have against it: one circle at a time, and the same answers once only."""
    if _stored_before(session, where, release):
        message = N_("De här svaren är redan inlästa för %(place)s. De finns bland inspektionerna.")
        return [Fault("", message, {"place": where.name})]
    obstacle = circle(session, where, typed.filled.closed_on)
    if obstacle is None:
        return []
    near = N_(
        "för nära en annan inspektion på %(place)s: två resultat nära varandra kan jämföras så att enskilda "
        "svar går att räkna ut; sista dagen kan tidigast vara %(day)s"
    )
    open_ = N_(
        "En inspektion pågår på %(place)s. En inspektion i taget: annars kan två resultat jämföras så att "
        "enskilda svar går att räkna ut. Avsluta den först."
    )
    if obstacle.free_on is None:
        return [Fault("", open_, {"place": obstacle.place})]
    about = {"place": obstacle.place, "day": obstacle.free_on.isoformat()}
    return [Fault(typed.at(places.LAST_DAY), near, about)]


def _stored_before(session: Session, where: Place, release: Release) -> bool:
    new = release_document(release)
    rows = session.scalars(
        select(ReleaseRow.body)
        .join(Inspection, Inspection.id == ReleaseRow.inspection_id)
        .where(Inspection.unit_id == where.id, Inspection.mode == Mode.TYPED)
    )
    return bool(release.cells) and any(
        all(before[key] == new[key] for key in ("cells", "results")) for before in map(parse, rows)
    )


def _inspection(id: str, where: Place, filled: Filled, k: int) -> Inspection:
    people = Counter(ballot.role for ballot in filled.ballots)
    return Inspection(
        id=id,
        unit_id=where.id,
        catalogue=filled.catalogue,
        rules=filled.rules,
        parameters=dict(filled.parameters),
        areas=None,
        mode=Mode.TYPED,
        k=k,
        state="closed",
        opens_on=filled.closed_on,
        closes_on=filled.closed_on,
        eligible={role: people[role] for role in Role if people[role]},
        comments=Comments.OFF,
        public_key=None,
        seal=None,
        facts=dict(filled.facts),
        parent_id=None,
        participation=None,
        participation_on=None,
        extended=False,
        step="done",
    )
