"""The demo region. Its people are invented; its answers are drawn by a stated model from a fixed seed.

The model: each unit has a level for each area (0–1) and a drift for each criterion; each person has a
leniency. Their sum, with noise, picks one of 3, 2, 1 and 0; a small share does not know or is not concerned.
Everything goes through the services and the sealed box that a real inspection goes through.
"""

import random
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta

from questionnaires.model import Fact, Role
from scoring.rounds import Comments
from stins.box.codes import grouped
from stins.services import answer, close, invite, organisation, report, reviews, setting_up, staff
from stins.services.close import Moment
from stins.services.demo.follow_up import Story, on
from stins.services.demo.units import (
    BEST,
    GROUP,
    IMPROVE,
    LARGE,
    MEMBERS,
    MIDDLE,
    NORTH,
    NORTH_SMALL,
    OPEN,
    SOUTH,
    Unit,
)
from stins.services.installation import Installation
from stins.services.invite import Plan
from stins.services.report import CommentState, Decision
from stins.services.reviews.values import Shortcoming, Wanted
from stins.services.rights import Kind, Office, Person, Place

SEED = 2026


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


def build(found: Installation, at: Moment, password: str) -> Demo:
    """Build the demo region in an empty installation: its tree, its accounts, a year of inspections."""
    return _Builder(found, at, password).build()


class _Builder:
    def __init__(self, found: Installation, at: Moment, password: str) -> None:
        self.found, self.at, self.password = found, at, password
        self.draw = random.Random(SEED)  # noqa: S311 - the same demo every time is what is wanted
        self.accounts: list[Account] = []
        self.heads: dict[str, Person] = {}

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
        self._story(unit, place, runner, reviewer).tell(unit)

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
            reviews.register(session, self.found.box, runner, wanted, on(day).now, day)

    def _story(self, unit: Unit, place: Place, runner: Person, reviewer: Person) -> Story:
        return Story(self.found, self.at.today, runner, reviewer, self.heads.get(place.id))

    def _first_closed(
        self, unit: Unit, place: Place, runner: Person, reviewer: Person, inspection: str
    ) -> None:
        """Let the unit do something about what its first inspection found, before it holds the next."""
        story = self._story(unit, place, runner, reviewer)
        if unit is LARGE:
            story.mended(inspection)
        if unit is MIDDLE:
            story.begun_with(inspection)
            opens, closes = (self.at.today - timedelta(days=days) for days in (221, 200))
            id, codes = story.review_again(inspection, opens, closes)
            self._answered(unit, id, codes, -0.1)
            close.close(self.found.store, self.found.box, id, on(closes), reviewer)
            story.met(inspection, closes + timedelta(days=7))

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
        if unit in (LARGE, NORTH_SMALL):
            self.heads[place.id] = self._account(
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
            close.close(self.found.store, self.found.box, id, on(closed), runner)
            if number == 0:
                self._first_closed(unit, place, runner, reviewer, id)
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
            fresh = invite.open_(session, self.found.box, runner, id, on(opens).now, opens)
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

    def _read(self, id: str, reviewer: Person, day: date) -> None:
        with self.found.store.writing() as session:
            _, waiting = report.unread(session, reviewer, id)
            decisions = {c.id: Decision(c.id, CommentState.SHOWN) for c in waiting}
            report.decide(session, self.found.box, reviewer, id, decisions, on(day).now)
