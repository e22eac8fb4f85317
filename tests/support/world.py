"""A small world to test in: a region with units and people, a clock that stands still, and answers."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from typing import Any

from sqlalchemy import insert, select

from questionnaires.model import Fact, Role
from questionnaires.read import catalogue
from scoring.rounds import Comments, Mode
from stins.services import answer, close, invite, organisation, staff
from stins.services.close import Moment
from stins.services.installation import Installation
from stins.services.invite import Plan
from stins.services.rights import Kind, Office, Person, Place
from stins.store.opening import Session
from stins.store.tables import Account, Assignment, Node, Table

TODAY = date(2026, 11, 22)
PASSWORD = "fyra trygga ord i rad"
FACTS = {"A2": "ja", "A3": "ja", "A4": "delvis", "A8": "ja", "B9": "nej", "F6": "ja"}


class StillClock:
    """A clock that shows what it is set to."""

    def __init__(self, day: date = TODAY) -> None:
        self.instant = datetime.combine(day, time(10))

    def now(self) -> datetime:
        """Give the instant it is set to."""
        return self.instant

    def today(self) -> date:
        """Give the day it is set to."""
        return self.instant.date()

    def forward(self, **how: int) -> None:
        """Move it on."""
        self.instant += timedelta(**how)


@dataclass(frozen=True)
class LaidWorld:
    """What the building of the small world stores, to be laid in other databases at once."""

    rows: Mapping[type[Table], list[dict[str, Any]]]
    places: Mapping[str, Place]
    people: Mapping[str, Person]


@dataclass
class World:
    """A region with a förvaltning, two units and a grupp with two members, and one person for each office."""

    installation: Installation
    clock: StillClock
    places: dict[str, Place] = field(default_factory=dict)
    people: dict[str, Person] = field(default_factory=dict)

    @property
    def store(self):
        return self.installation.store

    @property
    def box(self):
        return self.installation.box

    @property
    def at(self) -> Moment:
        return Moment(self.clock.now(), self.clock.today())

    def build(self) -> "World":
        """Make the places and the people."""
        with self.store.writing() as session:
            self._build(session)
        return self

    def laid(self) -> LaidWorld:
        """Give what was stored, to be laid elsewhere."""
        with self.store.reading() as session:
            rows = {
                table: [
                    {column.name: getattr(row, column.name) for column in table.__table__.columns}
                    for row in session.scalars(select(table))
                ]
                for table in (Node, Account, Assignment)
            }
        rows[Node].sort(key=lambda row: len(row["path"]))  # what lies above comes first
        return LaidWorld(rows, self.places, self.people)

    def lay(self, laid: LaidWorld) -> "World":
        """Lay a world that was built elsewhere."""
        with self.store.writing() as session:
            for table, rows in laid.rows.items():
                session.execute(insert(table), rows)
        self.places, self.people = dict(laid.places), dict(laid.people)
        return self

    def _build(self, session: Session) -> None:
        region = self._place(session, "region", Kind.REGION, "Regionen", None)
        part = self._place(session, "part", Kind.FORVALTNING, "Förvaltningen", region)
        self._place(session, "unit", Kind.ENHET, "Kliniken", part)
        self._place(session, "other", Kind.ENHET, "Grannkliniken", part)
        group = self._place(session, "group", Kind.GRUPP, "Vårdcentralerna", part)
        self._place(session, "member", Kind.ENHET, "Norra vårdcentralen", group)
        self._place(session, "second", Kind.ENHET, "Södra vårdcentralen", group)
        away = self._place(session, "away", Kind.FORVALTNING, "Andra förvaltningen", region)
        self._place(session, "far", Kind.ENHET, "Fjärrkliniken", away)
        for who, office, where in (
            ("admin", Office.ADMIN, "region"),
            ("region", Office.REGION, "region"),
            ("ovs", Office.OVS, "part"),
            ("ovs_away", Office.OVS, "away"),
            ("studierektor", Office.STUDIEREKTOR, "unit"),
            ("verksamhetschef", Office.VERKSAMHETSCHEF, "unit"),
            ("other", Office.STUDIEREKTOR, "other"),
            ("group", Office.STUDIEREKTOR, "group"),
            ("member", Office.VERKSAMHETSCHEF, "member"),
            ("far", Office.STUDIEREKTOR, "far"),
        ):
            self._person(session, who, office, where)

    def place(self, key: str, kind: Kind, name: str, parent: Place | None) -> Place:
        """Add a place."""
        with self.store.writing() as session:
            return self._place(session, key, kind, name, parent)

    def _place(self, session: Session, key: str, kind: Kind, name: str, parent: Place | None) -> Place:
        self.places[key] = organisation.add_place(session, self.box, kind, name, parent and parent.id)
        return self.places[key]

    def person(self, key: str, office: Office, where: str) -> Person:
        """Add an account with an office."""
        with self.store.writing() as session:
            return self._person(session, key, office, where)

    def _person(self, session: Session, key: str, office: Office, where: str) -> Person:
        id = staff.add_account(session, self.box, f"Prov {key}", f"{key}@prov.example", PASSWORD)
        staff.assign(session, id, self.places[where].id, office)
        self.people[key] = staff.person(session, id)
        return self.people[key]

    def plan(self, unit: str = "unit", by: str = "studierektor", **changes) -> str:
        """Plan an inspection and give its id."""
        wanted = {
            "unit_id": self.places[unit].id,
            "closes_on": self.clock.today() + timedelta(days=21),
            "eligible": people(7, 9, 1, 1),
            "facts": {id: Fact(fact) for id, fact in FACTS.items()},
            "comments": Comments.OFF,
            "mode": Mode.ANONYMOUS,
        } | changes
        with self.store.writing() as session:
            return invite.plan(session, self.box, self.people[by], Plan(**wanted), self.clock.today())

    def open(self, unit: str = "unit", by: str = "studierektor", **changes):
        """Plan and open an inspection; give its id and its codes by role."""
        id = self.plan(unit, by, **changes)
        return id, self.open_planned(id, by)

    def open_planned(self, id: str, by: str = "studierektor") -> Mapping[Role, tuple[str, ...]]:
        """Open a draft and give its codes by role."""
        with self.store.writing() as session:
            person, at = self.people[by], self.at
            return invite.open_(session, self.box, person, id, at.now, at.today).by_role

    def hand_in(self, code: str, answers=None, comments=None, default: object = 3):
        """Hand in a complete form: ``answers`` where given, else the default."""
        return self._hand_in(code, self._asked(code), answers, comments, default)

    def all_hand_in(
        self, codes: Mapping[Role, tuple[str, ...]], answers=None, comments=None, default: object = 3
    ) -> None:
        """Let everybody with a code hand in; those of a role are asked the same."""
        for fresh in filter(None, codes.values()):
            questions = self._asked(fresh[0])
            for code in fresh:
                self._hand_in(code, questions, answers, comments, default)

    def _asked(self, code: str) -> tuple[str, ...]:
        with self.store.reading() as session:
            return tuple(question.id for question in answer.form(session, self.box, code).questions)

    def _hand_in(self, code: str, questions: tuple[str, ...], answers, comments, default: object):
        filled = {id: (answers or {}).get(id, default) for id in questions}
        with self.store.writing() as session:
            return answer.hand_in(session, self.box, code, filled, comments or {})

    def close(self, id: str, by: str | None = "studierektor") -> None:
        """Close an inspection."""
        close.close(self.store, self.box, id, self.at, self.people[by] if by else None)


def people(st: int, handledare: int, studierektor: int = 0, verksamhetschef: int = 0) -> dict[Role, int]:
    """Give numbers by role, those of none left out."""
    numbers = zip(Role, (st, handledare, studierektor, verksamhetschef), strict=True)
    return {role: number for role, number in numbers if number}


def question_ids(role: Role) -> tuple[str, ...]:
    """Give what a role is asked, in order."""
    return tuple(question.id for question in catalogue("2026").questionnaires[role].questions)
