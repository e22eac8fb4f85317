"""What there is to remind of, read with as many queries for one unit as for two thousand."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from sqlalchemy import and_, func, select
from sqlalchemy.orm import Session, aliased

from questionnaires.read import catalogue
from stins.services import staff
from stins.services.followup.reading import HANDED
from stins.services.followup.reporting.rows import is_returned
from stins.services.followup.values import State
from stins.services.organisation import place_of, swedish
from stins.services.reminders import kinds
from stins.services.reminders.days import SOON, breach_stage, review_stage, waiting_stage
from stins.services.reminders.kinds import Kind
from stins.services.reviews.reading import every_clock
from stins.services.reviews.values import Clock
from stins.services.rights import UNIT_OFFICES, Office, Person, Place, may_decide
from stins.services.rights import Kind as PlaceKind
from stins.store.tables import (
    Deficiency,
    FollowUp,
    FollowUpReport,
    FollowUpReportSignature,
    FollowUpReportVersion,
    Inspection,
    Node,
    Reminded,
)

ON_PAPER = "on_paper"
"""What a report waits for where no account can sign for a unit: that somebody records a paper."""


Rank = tuple[str, int, str]
"""Where a breach stands among those of its day and place: area by area, D2 before D10."""


@dataclass(frozen=True, slots=True)
class Breach:
    """An open follow-up that is late or due soon: ``what`` names the criterion, or the deficiency's area."""

    id: str
    place: Place
    what: str
    due_on: date
    handed_in: bool
    rank: Rank


@dataclass(frozen=True, slots=True)
class Report:
    """A report that waits since a day: in which state, and which units have signed its newest version."""

    id: str
    place: Place
    state: str
    since: date
    signed: frozenset[str]


@dataclass(frozen=True, slots=True)
class Due:
    """Something to remind a person of, unless it was done at this stage. ``day`` is when, or since when."""

    kind: Kind
    account_id: str
    subject: str
    stage: str
    place: Place | None = None
    what: str = ""
    day: date | None = None
    rank: Rank = ("", 0, "")

    @property
    def mark(self) -> tuple[str, str, str]:
        """What is kept of it when it is done."""
        return self.account_id, self.subject, self.stage


@dataclass(frozen=True, slots=True)
class Matters:
    """Everything that reminders are made of, on a day. ``units_of`` has the units right below a place.

    ``on_paper`` are the reports that wait for a signature that no account can give.
    """

    people: tuple[Person, ...]
    breaches: tuple[Breach, ...]
    reports: tuple[Report, ...]
    clocks: tuple[Clock, ...]
    on_paper: frozenset[str]
    units_of: Mapping[str, Sequence[Place]]
    off: frozenset[tuple[str, Kind]]

    def is_off(self, due: Due) -> bool:
        """Say whether the person does not want it."""
        return (due.account_id, due.kind) in self.off


def read(session: Session, today: date) -> Matters:
    """Read everything that reminders are made of."""
    clocks = every_clock(session, today)
    units: dict[str, list[Place]] = {}
    for clock in clocks:
        units.setdefault(clock.place.parent_id or "", []).append(clock.place)
    people, reports = staff.people(session), tuple(_reports(session))
    there = _Offices(people)
    return Matters(
        people,
        tuple(sorted(_breaches(session, today), key=_in_order)),
        reports,
        clocks,
        frozenset(each.id for each in reports if _is_on_paper(each, units, there)),
        units,
        kinds.everybodys(session),
    )


def due(matters: Matters, today: date) -> Iterator[Due]:
    """Give what each person should be told, whether or not it has been; the digest is made elsewhere."""
    there = _Offices(matters.people)
    for made in (_of_breaches, _of_reports, _of_reviews):
        yield from (each for each in made(matters, there, today) if not matters.is_off(each))


def unmarked(session: Session, found: Collection[Due]) -> list[Due]:
    """Leave out what has been done."""
    subjects = {each.subject for each in found}
    rows = session.execute(
        select(Reminded.account_id, Reminded.subject, Reminded.stage).where(Reminded.subject.in_(subjects))
    )
    marks = {tuple(row) for row in rows}
    return [each for each in found if each.mark not in marks]


class _Offices:
    """Who holds which offices where, so that those above a place are found without looking at everybody."""

    def __init__(self, people: Collection[Person]) -> None:
        self.held: dict[tuple[Office, str], list[Person]] = {}
        for person in people:
            for held in person.held:
                self.held.setdefault((held.office, held.place.id), []).append(person)

    def reaching(self, place: Place, *offices: Office) -> tuple[Person, ...]:
        """Give those with one of the offices at the place or above it, each once, by id."""
        ids = place.path.rstrip("/").split("/")
        found = {p.id: p for id in ids for office in offices for p in self.held.get((office, id), ())}
        return tuple(found[id] for id in sorted(found))


def _of_breaches(matters: Matters, there: _Offices, today: date) -> Iterator[Due]:
    for breach in matters.breaches:
        stage = breach_stage(breach.due_on, today)
        if breach.handed_in or not stage:
            continue
        kind = Kind.BREACH_OVERDUE if breach.due_on < today else Kind.BREACH_DUE
        for person in _in_charge(breach.place, matters, there):
            yield Due(
                kind, person.id, breach.id, stage, breach.place, breach.what, breach.due_on, breach.rank
            )


def _in_charge(place: Place, matters: Matters, there: _Offices) -> Iterator[Person]:
    """Give those for whom ``is_in_charge`` holds: who leads the place, and the heads of a grupp's units."""
    units = matters.units_of.get(place.id, ()) if place.kind is PlaceKind.GRUPP else ()
    heads = {p.id: p for unit in units for p in there.reaching(unit, Office.VERKSAMHETSCHEF)}
    found = heads | {p.id: p for p in there.reaching(place, *UNIT_OFFICES)}
    yield from (found[id] for id in sorted(found))


def _of_reviews(matters: Matters, there: _Offices, today: date) -> Iterator[Due]:
    for clock in matters.clocks:
        stage = review_stage(clock.due_on, today) if clock.due_on else ""
        if stage:
            for person in there.reaching(clock.place, *UNIT_OFFICES):
                yield Due(Kind.REVIEW_DUE, person.id, clock.place.id, stage, clock.place, "", clock.due_on)


def _of_reports(matters: Matters, there: _Offices, today: date) -> Iterator[Due]:
    for report in matters.reports:
        stage = waiting_stage(report.state, report.since, today)
        waits = [(report.state, person) for person in _awaited(report, matters, there)]
        if report.id in matters.on_paper:
            waits += [(ON_PAPER, person) for person in _deciding(report.place, there)]
        for what, person in waits:
            yield Due(Kind.REPORT_WAITING, person.id, report.id, stage, report.place, what, report.since)


def _awaited(report: Report, matters: Matters, there: _Offices) -> tuple[Person, ...]:
    """Give whom a report waits for: who signs, who approves, or who writes it anew."""
    match report.state:
        case "signing":
            unsigned = _unsigned(report, matters.units_of)
            chiefs = {p.id: p for unit in unsigned for p in there.reaching(unit, Office.VERKSAMHETSCHEF)}
            return tuple(chiefs[id] for id in sorted(chiefs))
        case "handed_in":
            return _deciding(report.place, there)
        case _:
            return there.reaching(report.place, Office.STUDIEREKTOR)


def _deciding(place: Place, there: _Offices) -> tuple[Person, ...]:
    return tuple(person for person in there.reaching(place, Office.OVS) if may_decide(person, place))


def _unsigned(report: Report, units_of: Mapping[str, Sequence[Place]]) -> list[Place]:
    units = units_of.get(report.place.id) or (report.place,)
    return [unit for unit in units if unit.id not in report.signed]


def _is_on_paper(report: Report, units_of: Mapping[str, Sequence[Place]], there: _Offices) -> bool:
    """Whether a signature is waited for that no account can give: a paper is to be recorded."""
    return report.state == "signing" and not all(
        there.reaching(unit, Office.VERKSAMHETSCHEF) for unit in _unsigned(report, units_of)
    )


def _in_order(breach: Breach) -> tuple[date, str, Rank, str]:
    return breach.due_on, swedish(breach.place.name), breach.rank, breach.id


def _breaches(session: Session, today: date) -> Iterator[Breach]:
    rows = session.execute(
        select(FollowUp, Node, Inspection.catalogue, Deficiency.area, FollowUpReport.state)
        .join(Node, Node.id == FollowUp.node_id)
        .outerjoin(Inspection, Inspection.id == FollowUp.inspection_id)
        .outerjoin(Deficiency, Deficiency.id == FollowUp.deficiency_id)
        .outerjoin(FollowUpReport, FollowUpReport.id == FollowUp.report_id)
        .where(FollowUp.state == State.OPEN, FollowUp.due_on <= today + timedelta(days=SOON))
    )
    for row, node, version, area, report in rows:
        what, criterion = _named(row, version, area), row.criterion or ""
        rank = (area or criterion[:1], len(criterion), criterion)
        yield Breach(row.id, place_of(node), what, row.due_on, report in HANDED, rank)


def _named(row: FollowUp, version: str | None, area: str | None) -> str:
    """Name what is wanting: no text that somebody wrote, for a mail is read on the way."""
    if row.criterion and version:
        found = catalogue(version)
        criterion = found.criteria[row.criterion]
        return f"{row.criterion}, {found.areas[criterion.area].name.plain('sv')}"
    return f"område {area}, från extern granskning"


def _reports(session: Session) -> Iterator[Report]:
    """Give the reports that wait for somebody: a draft only where it was sent back and not rewritten."""
    newest = (
        select(
            FollowUpReportVersion.report_id,
            func.max(FollowUpReportVersion.number).label("number"),
        )
        .group_by(FollowUpReportVersion.report_id)
        .subquery()
    )
    signature = aliased(FollowUpReportSignature)
    rows = session.execute(
        select(FollowUpReport, Node, signature.node_id)
        .join(Node, Node.id == FollowUpReport.node_id)
        .outerjoin(newest, newest.c.report_id == FollowUpReport.id)
        .outerjoin(
            signature,
            and_(signature.report_id == FollowUpReport.id, signature.number == newest.c.number),
        )
        .where(FollowUpReport.state.in_(("signing", "handed_in")) | is_returned())
        .order_by(FollowUpReport.since, FollowUpReport.id)
    )
    found: dict[str, tuple[FollowUpReport, Place, set[str]]] = {}
    for row, node, signed in rows:
        found.setdefault(row.id, (row, place_of(node), set()))[2].add(signed or "")
    for row, place, signatures in found.values():
        yield Report(row.id, place, row.state, row.since, frozenset(signatures - {""}))
