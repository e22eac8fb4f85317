"""A region of many units with ten years behind it, laid straight in the tables: living it takes long.

Every unit has held inspections, was reviewed from outside, and followed up what was wrong, mostly in time.
"""

import hashlib
import random
from collections.abc import Iterator, Mapping, Sequence
from datetime import date, datetime, time, timedelta
from itertools import islice
from typing import Any

from sqlalchemy import insert, text
from world import PASSWORD, World

from benchmarks.populations import releases
from questionnaires.read import catalogue
from scoring.documents.objects import parse
from scoring.documents.read import read_release
from scoring.rules import rules
from scoring.verdict import assess
from stins.services import staff
from stins.services.followup.opening import mend_by
from stins.services.rights import Kind, Office
from stins.store.tables import (
    Account,
    Action,
    Assignment,
    Deficiency,
    Destruction,
    ExternalReview,
    FollowUp,
    FollowUpEvent,
    FollowUpReport,
    FollowUpReportVersion,
    Inspection,
    Node,
    Release,
    Table,
)

SEED = 2026
YEARS = 10
ROUNDS = 3
BODIES = 40
A_FORVALTNING = 100
FORESKRIFTER = tuple(c.id for c in catalogue("2026").criteria.values() if c.level == "F" and not c.facts)

Rows = dict[type[Table], list[dict[str, Any]]]


class Region:
    """The region beside the tests' small world, in its installation: ``people`` are added to the world's."""

    def __init__(self, world: World, units: int) -> None:
        self.world, self.units = world, units
        self.draw = random.Random(SEED)
        self.today = world.clock.today()
        self.rows: Rows = {table: [] for table in _ORDER}
        self.bodies = list(islice(_bodies(), BODIES))
        self.secret = staff._hasher().hash(PASSWORD)

    def build(self) -> "Region":
        """Lay everything and give the region, with ``studierektor_here``, ``ovs_here`` and ``ovs_all``."""
        top = self._node(Kind.REGION, "Stora regionen", None)
        self._account("ovs_all", Office.OVS, top)
        self._account("rad", Office.REGION, top)
        for number in range(-(-self.units // A_FORVALTNING)):
            part = self._node(Kind.FORVALTNING, f"Förvaltning {number}", top)
            self._account(f"ovs_{number}", Office.OVS, part)
            for unit in range(min(A_FORVALTNING, self.units - number * A_FORVALTNING)):
                self._unit(f"{number}_{unit}", part)
        with self.world.store.writing() as session:
            for table, rows in self.rows.items():
                session.execute(insert(table), rows)
            if not self.world.store.is_sqlite:
                session.execute(text("ANALYZE"))  # as autovacuum would have, many times in ten years
        return self

    def counts(self) -> Mapping[str, int]:
        """Give how many rows each table was given."""
        return {table.__tablename__: len(rows) for table, rows in self.rows.items()}

    def _unit(self, name: str, part: Mapping[str, str]) -> None:
        unit = self._node(Kind.ENHET, f"Enhet {name}", part)
        self._account(f"sr_{name}", Office.STUDIEREKTOR, unit)
        self._account(f"vc_{name}", Office.VERKSAMHETSCHEF, unit)
        for number in range(ROUNDS):
            age = timedelta(days=YEARS * 365 * number // ROUNDS + self.draw.randint(20, 900))
            self._round(unit["id"], self.today - age)
        for years in (self.draw.randint(0, 5), self.draw.randint(6, 9))[: self.draw.randint(0, 2)]:
            self._review(unit["id"], self.today - timedelta(days=365 * years + self.draw.randint(1, 300)))

    def _round(self, node: str, closed: date) -> None:
        id, body, sha256, breaches = self._id(), *self.draw.choice(self.bodies)
        self.rows[Inspection].append(
            {
                "id": id, "unit_id": node, "catalogue": "2026", "rules": "2026", "parameters": _PARAMETERS,
                "areas": None, "mode": "anonymous", "k": 5, "state": "closed",
                "opens_on": closed - timedelta(days=21), "closes_on": closed,
                "eligible": {"st_lakare": 8, "handledare": 9},
                "comments": "off", "public_key": None, "seal": None, "facts": {"A2": "ja"}, "parent_id": None,
                "participation": None, "participation_on": None, "extended": False, "step": "done",
            }
        )  # fmt: skip
        self.rows[Release].append({"inspection_id": id, "body": body, "sha256": sha256, "closed_on": closed})
        self.rows[Destruction].append(
            {"inspection_id": id, "what": {"ballots": 12, "codes": 17, "key": 1}, "on": closed}
        )
        found = list(breaches) or [self.draw.choice(FORESKRIFTER)]
        self._followed(node, closed, [{"inspection_id": id, "criterion": each} for each in found[:3]])

    def _review(self, node: str, day: date) -> None:
        id, deficiency = self._id(), self._id()
        self.rows[ExternalReview].append(
            {"id": id, "node_id": node, "reported_on": day, "reviewer": "Granskarna", "report": "",
             "grades": {area: self.draw.choice("AABC") for area in "ABCDEFGH"}}
        )  # fmt: skip
        self.rows[Deficiency].append(
            {"id": deficiency, "review_id": id, "area": "D", "text": "Program saknas.", "regulation": True}
        )
        self._followed(node, day, [{"deficiency_id": deficiency}], review=id)

    def _followed(
        self, node: str, opened: date, sources: Sequence[Mapping[str, str]], review: str | None = None
    ) -> None:
        """Follow up what was found on a day: what is old is mostly closed and reported."""
        old = self.today - opened > timedelta(days=250)
        report = self._report(node, opened, sources[0].get("inspection_id"), review) if old else None
        for source in sources:
            id = self._id()
            open_ = not old or self.draw.random() < 0.02
            self.rows[FollowUp].append(
                {"id": id, "node_id": node, "inspection_id": None, "criterion": None, "deficiency_id": None,
                 "preliminary": False, "opened_on": opened, "due_on": mend_by(opened),
                 "state": "open" if open_ else "closed", "met_in_id": None, "report_id": report,
                 "ended_on": None if open_ else mend_by(opened)} | source
            )  # fmt: skip
            for number in range(2):
                self.rows[Action].append(
                    {"id": self._id(), "node_id": node, "follow_up_id": id, "inspection_id": None,
                     "criterion": None, "what": f"Åtgärd {number}", "who": "Studierektorn",
                     "due_on": opened + timedelta(days=60), "evidence": "" if open_ else "Rutinen finns.",
                     "status": "planned" if open_ else "verified"}
                )  # fmt: skip
                self.rows[FollowUpEvent].append(
                    {"id": self._id(), "follow_up_id": id, "at": _noon(opened), "account_id": None,
                     "act": "opened", "detail": ""}
                )  # fmt: skip

    def _report(self, node: str, opened: date, inspection: str | None, review: str | None) -> str:
        id, day = self._id(), opened + timedelta(days=self.draw.randint(100, 240))
        self.rows[FollowUpReport].append(
            {"id": id, "node_id": node, "inspection_id": inspection, "review_id": review,
             "lang": "sv", "state": "approved", "since": day, "handed_in_on": day, "approved_on": day}
        )  # fmt: skip
        self.rows[FollowUpReportVersion].append(
            {
                "report_id": id,
                "number": 1,
                "text": "# Rapport\n\nKlart.",
                "at": _noon(day),
                "account_id": None,
            }
        )
        return id

    def _node(self, kind: Kind, name: str, above: Mapping[str, str] | None) -> dict[str, str]:
        id = self._id()
        path = f"{above['path'] if above else ''}{id}/"
        row = {"id": id, "parent_id": above and above["id"], "kind": kind, "name": name, "path": path}
        self.rows[Node].append(row | {"settings": None})
        return row

    def _account(self, who: str, office: Office, at: Mapping[str, str]) -> None:
        id = self._id()
        self.rows[Account].append(
            {"id": id, "email": f"{who}@prov.example", "name": f"Prov {who}", "password_hash": self.secret,
             "active": True}
        )  # fmt: skip
        self.rows[Assignment].append({"account_id": id, "node_id": at["id"], "role": office})

    def _id(self) -> str:
        return f"{self.draw.getrandbits(128):032x}"


_ORDER: tuple[type[Table], ...] = (
    Node,
    Account,
    Assignment,
    Inspection,
    Release,
    Destruction,
    ExternalReview,
    Deficiency,
    FollowUpReport,
    FollowUpReportVersion,
    FollowUp,
    Action,
    FollowUpEvent,
)
_PARAMETERS = {id: parameter.default for id, parameter in catalogue("2026").parameters.items()}


def _bodies() -> Iterator[tuple[str, str, tuple[str, ...]]]:
    """Give release bodies with their digests and what they find broken."""
    for body in releases(BODIES):
        release = read_release(parse(body))
        verdict = assess(release, catalogue(release.catalogue), rules(release.rules))
        yield body, hashlib.sha256(body.encode()).hexdigest(), verdict.breaches


def _noon(day: date) -> datetime:
    return datetime.combine(day, time(12))
