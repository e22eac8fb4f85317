"""The demo region. Its people are invented; its answers are drawn by a stated model from a fixed seed.

The model: each unit has a level for each area (0–1) and a drift for each criterion; each person has a
leniency. Their sum, with noise, picks one of 3, 2, 1 and 0; a small share does not know or is not concerned.
Everything goes through the services and the sealed box that a real inspection goes through.
"""

import random
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from questionnaires.model import Fact, Role
from scoring.rounds import Comments, Mode
from stins.box.codes import grouped
from stins.services import answer, close, invite, organisation, report, reviews, setting_up, staff
from stins.services.close import Moment
from stins.services.followup import acting, reading
from stins.services.followup.values import Progress
from stins.services.followup.values import Wanted as Step
from stins.services.installation import Installation
from stins.services.invite import Plan
from stins.services.report import CommentState, Decision
from stins.services.reviews.values import Shortcoming, Wanted
from stins.services.rights import Kind, Office, Person, Place

SEED = 2026
WELL = {"A2": "ja", "A3": "ja", "A4": "ja", "A8": "ja", "B9": "ja", "F6": "delvis"}
NEVER = {"A2": "nej", "A3": "nej", "A8": "delvis", "B9": "nej", "F6": "nej"}
BEST = (
    "Bra stämning och lätt att fråga äldre kollegor.",
    "Handledarsamtalen ligger i schemat och blir av.",
    "Vi har en studierektor som svarar och ordnar.",
    "Introduktionen var genomtänkt och gav en bra start.",
)
IMPROVE = (
    "Självstudietiden försvinner när det är kort om folk.",
    "Återkopplingen efter bedömningar är ofta bara muntlig.",
    "Vi behöver fler specialister som kan instruera på mottagningen.",
    "Placeringarna styrs av schemat mer än av våra program.",
)


@dataclass(frozen=True, slots=True)
class Unit:
    """A demo unit: how many may answer and do, how good each area is, what is stated, and which history."""

    name: str
    eligible: Mapping[Role, int]
    answering: Mapping[Role, int]
    levels: Mapping[str, float]
    facts: Mapping[str, str]
    days_ago: tuple[int, ...]
    mode: Mode = Mode.ANONYMOUS
    comments: bool = False
    not_concerned: tuple[str, ...] = ()
    reviewed: int = 0
    """How many days ago somebody outside reported on the unit; 0 when nobody has."""
    found_wanting: str = ""
    """What that review found against a föreskrift, in area D."""


@dataclass(frozen=True, slots=True)
class Account:
    """A demo account: its address, and what it is."""

    email: str
    what: str


@dataclass(frozen=True, slots=True)
class Demo:
    """What somebody needs to try the demo. Codes are in groups of four, by role."""

    password: str
    accounts: tuple[Account, ...]
    open_unit: str
    codes: Mapping[Role, tuple[str, ...]]


def people(st: int, handledare: int, studierektor: int = 1, verksamhetschef: int = 1) -> dict[Role, int]:
    """Give numbers by role."""
    return dict(zip(Role, (st, handledare, studierektor, verksamhetschef), strict=True))


def _levels(*levels: float) -> dict[str, float]:
    return dict(zip("ABCDEFGH", levels, strict=True))


LARGE = Unit(
    "Stora kliniken", people(18, 24), people(15, 19),
    _levels(0.93, 0.97, 0.72, 0.9, 0.8, 0.82, 0.93, 0.95), WELL, (400, 20), comments=True, reviewed=790,
)  # fmt: skip
MIDDLE = Unit(
    "Mellankliniken", people(7, 10), people(6, 8),
    _levels(0.85, 0.9, 0.9, 0.7, 0.75, 0.9, 0.62, 0.9), WELL, (380, 12), comments=True, reviewed=1_700,
    not_concerned=("A7", "C5", "D6", "D10", "D12", "G1", "G2"),
)  # fmt: skip
NORTH_SMALL = Unit(
    "Lilla kliniken", people(4, 8), people(3, 7),
    _levels(0.9, 0.95, 0.9, 0.93, 0.95, 0.9, 0.9, 0.95), WELL | {"A4": "delvis"}, (150,), reviewed=155,
    found_wanting="Individuella utbildningsprogram saknas för två av fyra ST-läkare.",
)  # fmt: skip
OPEN = Unit(
    "Öppna mottagningen", people(8, 10), people(3, 4),
    _levels(0.9, 0.9, 0.8, 0.9, 0.8, 0.8, 0.9, 0.9), WELL, (385,), reviewed=1_500,
)  # fmt: skip
SOUTH_SMALL = Unit(
    "Kustkliniken", people(5, 9), people(4, 8),
    _levels(0.7, 0.6, 0.6, 0.5, 0.6, 0.5, 0.4, 0.6), NEVER, (60,),
)  # fmt: skip
DIALOGUE = Unit(
    "Bergets vårdcentral", people(1, 2, 1, 1), people(1, 2, 1, 1),
    _levels(0.9, 0.95, 0.8, 0.9, 0.9, 0.7, 0.8, 0.9), WELL, (45,), mode=Mode.DIALOGUE, reviewed=900,
)  # fmt: skip
GROUP = Unit(
    "Dalens vårdcentraler", people(7, 9, 1, 3), people(6, 8, 1, 2),
    _levels(0.85, 0.95, 0.9, 0.8, 0.9, 0.7, 0.75, 0.9), WELL, (240,), reviewed=1_050,
)  # fmt: skip
TOO_FEW = Unit(
    "Skärgårdsmottagningen",
    people(5, 6),
    people(2, 1),
    dict.fromkeys("ABCDEFGH", 0.8),
    WELL,
    (30,),
    reviewed=1_200,
)
MEMBERS = ("Ådalens vårdcentral", "Ängens vårdcentral", "Östra vårdcentralen")
NORTH, SOUTH = (LARGE, MIDDLE, NORTH_SMALL, OPEN), (SOUTH_SMALL, DIALOGUE, TOO_FEW)


def build(found: Installation, at: Moment, password: str) -> Demo:
    """Build the demo region in an empty installation: its tree, its accounts, a year of inspections."""
    return _Builder(found, at, password).build()


class _Builder:
    def __init__(self, found: Installation, at: Moment, password: str) -> None:
        self.found, self.at, self.password = found, at, password
        self.draw = random.Random(SEED)  # noqa: S311 - the same demo every time is what is wanted
        self.accounts: list[Account] = []

    def build(self) -> Demo:
        region = setting_up.first_admin(
            self.found,
            self.at.now,
            region="Demoregionen",
            name="Demo Administratör",
            email="admin@demo.example",
            password=self.password,
        )
        self.accounts.append(Account("admin@demo.example", "administratör"))
        self._account("rad", "Demo Rådet", Office.REGION, region, "regionens ATBTST-råd")
        codes: Mapping[Role, tuple[str, ...]] = {}
        for name, word, units in (("Förvaltning Nord", "nord", NORTH), ("Förvaltning Syd", "syd", SOUTH)):
            part = self._place(Kind.FORVALTNING, name, region)
            reviewer = self._account(
                f"ovs.{word}",
                f"Demo Överblick {word.title()}",
                Office.OVS,
                part.id,
                f"övergripande studierektor, {name}",
            )
            for unit in units:
                place = self._place(Kind.ENHET, unit.name, part.id)
                runner = self._leaders(unit, place)
                self._past(unit, place, runner, reviewer)
                if unit is OPEN:
                    codes = self._left_open(unit, place, runner)
            if units is SOUTH:
                self._group(part, reviewer)
        return Demo(self.password, tuple(self.accounts), OPEN.name, codes)

    def _group(self, part: Place, reviewer: Person) -> None:
        group = self._place(Kind.GRUPP, GROUP.name, part.id)
        for member in MEMBERS:
            self._place(Kind.ENHET, member, group.id)
        self._past(GROUP, group, self._leaders(GROUP, group), reviewer)

    def _past(self, unit: Unit, place: Place, runner: Person, reviewer: Person) -> None:
        """Let everything happen that has happened to a unit, in its order."""
        if unit.reviewed:
            self._reviewed(unit, place, runner)
        self._history(unit, place, runner, reviewer)
        self._begun(runner)

    def _reviewed(self, unit: Unit, place: Place, runner: Person) -> None:
        day = self.at.today - timedelta(days=unit.reviewed)
        grades = {
            area: "ABCD"[sum(level < limit for limit in (0.9, 0.75, 0.6))]
            for area, level in unit.levels.items()
        }
        wanting = (Shortcoming("D", unit.found_wanting, regulation=True),) if unit.found_wanting else ()
        if wanting:
            grades["D"] = "D"
        wanted = Wanted(place.id, day, "Demogranskarna", grades, "", wanting)
        with self.found.store.writing() as session:
            reviews.register(session, self.found.box, runner, wanted, _on(day).now, day)

    def _begun(self, runner: Person) -> None:
        """Let the unit have begun with the breach that is due first, if there is one."""
        with self.found.store.writing() as session:
            cases = reading.cases(session, runner)
            if cases:
                begun = cases[0].opened_on + timedelta(days=10)
                step = Step(
                    "Gå igenom rutinen på nästa handledarträff.",
                    "Studierektorn",
                    begun + timedelta(days=60),
                    Progress.UNDER_WAY,
                    "",
                )
                acting.add(session, self.found.box, runner, cases[0].id, step, _on(begun).now)

    def _place(self, kind: Kind, name: str, parent: str) -> Place:
        with self.found.store.writing() as session:
            return organisation.add_place(session, self.found.box, kind, name, parent)

    def _account(self, word: str, name: str, office: Office, place: str, what: str) -> Person:
        email = f"{word}@demo.example"
        with self.found.store.writing() as session:
            id = staff.add_account(session, self.found.box, name, email, self.password)
            staff.assign(session, id, place, office)
            person = staff.person(session, id)
        self.accounts.append(Account(email, what))
        return person

    def _leaders(self, unit: Unit, place: Place) -> Person:
        word = unit.name.split()[0].lower().translate(str.maketrans("åäö", "aao"))
        runner = self._account(
            f"sr.{word}", f"Demo Studierektor {unit.name.split()[0]}", Office.STUDIEREKTOR, place.id,
            f"studierektor, {unit.name}",
        )  # fmt: skip
        if unit is LARGE:
            self._account(
                f"vc.{word}", f"Demo Chef {unit.name.split()[0]}", Office.VERKSAMHETSCHEF, place.id,
                f"verksamhetschef, {unit.name}",
            )  # fmt: skip
        return runner

    def _history(self, unit: Unit, place: Place, runner: Person, reviewer: Person) -> None:
        for number, days in enumerate(unit.days_ago):
            closed = self.at.today - timedelta(days=days)
            worse = 0.12 * (len(unit.days_ago) - 1 - number)  # every round a little better than the last
            id, codes = self._opened(unit, place, runner, closed - timedelta(days=21), closed)
            self._answered(unit, id, codes, worse)
            close.close(self.found.store, self.found.box, id, _on(closed), runner)
            if unit.comments and (unit is LARGE or number + 1 < len(unit.days_ago)):
                self._read(id, reviewer, closed + timedelta(days=2))

    def _left_open(self, unit: Unit, place: Place, runner: Person) -> Mapping[Role, tuple[str, ...]]:
        opened, closes = self.at.today - timedelta(days=5), self.at.today + timedelta(days=16)
        id, codes = self._opened(unit, place, runner, opened, closes)
        left = self._answered(unit, id, codes, 0)
        return {role: tuple(grouped(code) for code in unused[:2]) for role, unused in left.items()}

    def _opened(
        self, unit: Unit, place: Place, runner: Person, opens: date, closes: date
    ) -> tuple[str, Mapping[Role, tuple[str, ...]]]:
        comments = Comments.REVIEWED if unit.comments else Comments.OFF
        facts = {id: Fact(fact) for id, fact in unit.facts.items()}
        wanted = Plan(place.id, closes, unit.eligible, facts, comments, unit.mode)
        with self.found.store.writing() as session:
            id = invite.plan(session, self.found.box, runner, wanted, opens)
            fresh = invite.open_(session, self.found.box, runner, id, _on(opens).now, opens)
        return id, fresh.by_role

    def _answered(
        self, unit: Unit, id: str, codes: Mapping[Role, tuple[str, ...]], worse: float
    ) -> Mapping[Role, tuple[str, ...]]:
        """Let the first of each role's codes answer; give those left over."""
        drift = {c: self.draw.gauss(0, 0.07) for c in invite.current_catalogue().criteria}
        for role, fresh in codes.items():
            for code in fresh[: unit.answering[role]]:
                with self.found.store.reading() as session:
                    form = answer.form(session, self.found.box, code)
                leniency = self.draw.gauss(0, 0.06)
                answers = {
                    q.id: self._one(unit, q.id, q.area, drift.get(q.id, 0) + leniency - worse)
                    for q in form.questions
                }
                comments = self._comments() if form.comment_fields else {}
                with self.found.store.writing() as session:
                    answer.hand_in(session, self.found.box, code, answers, comments)
        return {role: fresh[unit.answering[role] :] for role, fresh in codes.items()}

    def _one(self, unit: Unit, id: str, area: str, shift: float) -> int | str:
        chance = self.draw.random()
        if chance < (0.4 if id in unit.not_concerned else 0.01):
            return "ej_aktuellt"
        if chance > 0.97:
            return "vet_ej"
        level = unit.levels.get(area, 0.85) + shift + self.draw.gauss(0, 0.12)
        return sum(level > limit for limit in (0.35, 0.58, 0.82))

    def _comments(self) -> dict[str, str]:
        found = {}
        if self.draw.random() < 0.35:
            found["best"] = self.draw.choice(BEST)
        if self.draw.random() < 0.35:
            found["improve"] = self.draw.choice(IMPROVE)
        return found

    def _read(self, id: str, reviewer: Person, on: date) -> None:
        with self.found.store.writing() as session:
            _, waiting = report.unread(session, reviewer, id)
            decisions = {c.id: Decision(c.id, CommentState.SHOWN) for c in waiting}
            report.decide(session, self.found.box, reviewer, id, decisions, _on(on).now)


def _on(day: date) -> Moment:
    return Moment(datetime.combine(day, time(12)), day)
