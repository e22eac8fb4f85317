"""What the demo's units have done about what was found: one in time, one late, one not yet."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from questionnaires.model import Role
from stins.services import invite
from stins.services.close import Moment
from stins.services.demo.units import MIDDLE, NORTH_SMALL, Unit
from stins.services.followup import acting, comparing, extra, reading, reporting
from stins.services.followup.values import Case, Progress, Wanted
from stins.services.installation import Installation
from stins.services.rights import Person

ROUTINE = "Gå igenom rutinen på nästa handledarträff."
SEEN = "Protokollet från handledarträffen, och rutinen på intranätet."


@dataclass(frozen=True, slots=True)
class Story:
    """Who does what at a unit: its studierektor, the övergripande studierektor, its head if it has one."""

    found: Installation
    today: date
    runner: Person
    reviewer: Person
    head: Person | None

    def tell(self, unit: Unit) -> None:
        """Let the unit do what it has done lately."""
        if unit is MIDDLE:
            self._reported(self._first_source(), self.today - timedelta(days=9))
        elif unit is NORTH_SMALL:
            self._begun_with_first()
            self._reported(self._first_source(), self.today - timedelta(days=4))
        else:
            self._begun_with_first()

    def mended(self, inspection: str) -> None:
        """Let everything be mended, reported, approved and closed in time."""
        cases = self._cases(inspection)
        for case in cases:
            self._act(case, Progress.VERIFIED, SEEN, case.opened_on + timedelta(days=100))
        opened = cases[0].opened_on
        report = self._reported({"inspection": inspection}, opened + timedelta(days=150))
        self._signed_and_approved(report, opened + timedelta(days=155))
        for case in cases:
            at = on(opened + timedelta(days=165))
            with self.found.store.writing() as session:
                reason = "Rutinen finns och är känd."
                acting.close(session, self.found.box, self.reviewer, case.id, reason, at.now, at.today)

    def begun_with(self, inspection: str) -> None:
        """Let something be done about every breach, and half of it be finished."""
        for number, case in enumerate(self._cases(inspection)):
            done = (Progress.DONE, SEEN) if number % 2 else (Progress.UNDER_WAY, "")
            self._act(case, *done, case.opened_on + timedelta(days=90))

    def review_again(
        self, inspection: str, opens: date, closes: date
    ) -> tuple[str, Mapping[Role, tuple[str, ...]]]:
        """Open an extra internal review of the areas with breaches, and give its id and codes."""
        with self.found.store.writing() as session:
            ground = extra.ground(session, self.reviewer, inspection, closes, opens)
            wanted = extra.Plan(closes, ground.first.eligible, ground.areas, ground.facts)
            id = extra.plan(session, self.found.box, self.reviewer, inspection, wanted, opens).id
            at = on(opens)
            fresh = invite.open_(session, self.found.box, self.reviewer, id, at.now, at.today)
        return id, fresh.by_role

    def met(self, inspection: str, day: date) -> None:
        """Let the unit close what the review found met and that it can show."""
        at = on(day)
        for case in self._cases(inspection):
            with self.found.store.writing() as session:
                if comparing.outlook(session, case, "sv").met_on and case.has_evidence:
                    acting.close_as_met(session, self.found.box, self.runner, case.id, at.now, at.today)

    def _reported(self, source: Mapping[str, str], day: date) -> str:
        """Let a report be written and sent to be signed."""
        at = on(day)
        with self.found.store.writing() as session:
            id = reporting.begin(session, self.found.box, self.runner, "sv", at.now, at.today, **source)
            reporting.send(session, self.found.box, self.runner, id, 1, at.now, at.today)
        return id

    def _signed_and_approved(self, report: str, day: date) -> None:
        if self.head is None:
            raise ValueError("the unit has no head to sign")
        signed, approved = on(day), on(day + timedelta(days=10))
        with self.found.store.writing() as session:
            unit = frozenset({self.head.held[0].place.id})
            reporting.sign(session, self.found.box, self.head, report, 1, unit, signed.now, signed.today)
        with self.found.store.writing() as session:
            who, box = self.reviewer, self.found.box
            reporting.approve(session, box, who, report, 1, "", approved.now, approved.today)

    def _begun_with_first(self) -> None:
        """Let the unit have begun with the breach that is due first, if there is one."""
        with self.found.store.reading() as session:
            cases = reading.cases(session, self.runner)
        if cases and cases[0].is_open:
            self._act(cases[0], Progress.UNDER_WAY, "", cases[0].opened_on + timedelta(days=10))

    def _first_source(self) -> Mapping[str, str]:
        with self.found.store.reading() as session:
            first = reading.cases(session, self.runner)[0]
        return {"inspection": first.inspection} if first.inspection else {"review": first.review}

    def _cases(self, inspection: str) -> list[Case]:
        with self.found.store.reading() as session:
            return [
                case
                for case in reading.cases(session, self.runner)
                if case.inspection == inspection and case.is_open
            ]

    def _act(self, case: Case, status: Progress, evidence: str, day: date) -> None:
        wanted = Wanted(ROUTINE, "Studierektorn", day + timedelta(days=30), status, evidence)
        with self.found.store.writing() as session:
            acting.add(session, self.found.box, self.runner, case.id, wanted, on(day).now)


def on(day: date) -> Moment:
    """Give noon of a day."""
    return Moment(datetime.combine(day, time(12)), day)
