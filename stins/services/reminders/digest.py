"""The month's digest for the övergripande studierektor: how it stands in each förvaltning, and no result."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import TypeVar

from stins.services.reminders.days import digest_stage
from stins.services.reminders.kinds import Kind
from stins.services.reminders.matters import Breach, Due, Matters, Report
from stins.services.reviews.values import Clock
from stins.services.reviews.values import Due as ClockState
from stins.services.rights import Kind as PlaceKind
from stins.services.rights import Office, Person, Place

SUBJECT = "digest"
LINES_MOST = 10
PRESSING = (ClockState.OVERDUE, ClockState.SIX_MONTHS, ClockState.TWELVE_MONTHS)

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Part:
    """How it stands in a förvaltning, or in what the person oversees of it. The most pressing come first.

    ``papers`` are the reports whose signature on paper is to be recorded.

    A breach whose report has come in is among them: that it is mended is hers to decide.
    """

    place: Place
    late: tuple[Breach, ...]
    soon: tuple[Breach, ...]
    reports: tuple[Report, ...]
    papers: tuple[Report, ...]
    overdue: tuple[Clock, ...]
    ahead: tuple[Clock, ...]
    never: tuple[Clock, ...]

    @property
    def is_empty(self) -> bool:
        """Whether there is nothing to tell."""
        reports, clocks = self.reports or self.papers, self.overdue or self.ahead or self.never
        return not (self.late or self.soon or reports or clocks)


def due(matters: Matters, today: date) -> Iterator[Due]:
    """Give the digest to everybody who oversees something, once a month from its first working day on."""
    stage = digest_stage(today)
    for person in matters.people if stage else ():
        made = Due(Kind.DIGEST, person.id, SUBJECT, stage, day=today)
        if person.holds(Office.OVS) and not matters.is_off(made):
            yield made


class Digests:
    """Makes digests, each förvaltning's matters sorted out once."""

    def __init__(self, matters: Matters, places: Sequence[Place], today: date) -> None:
        self.today = today
        self.parts = {place.id: place for place in places if place.kind is PlaceKind.FORVALTNING}
        self.breaches = _by_part(matters.breaches, lambda each: each.place)
        self.reports = _by_part(
            [each for each in matters.reports if each.state == "handed_in"], lambda each: each.place
        )
        self.papers = _by_part(
            [each for each in matters.reports if each.id in matters.on_paper], lambda each: each.place
        )
        self.clocks = _by_part(matters.clocks, lambda each: each.place)

    def of(self, person: Person) -> tuple[Part, ...]:
        """Give a part for each förvaltning in which the person oversees something that there is to tell."""
        paths = person.paths(Office.OVS)
        ids = {id for path in paths for id in path.rstrip("/").split("/")}
        above_all = any(path.count("/") == 1 for path in paths)
        parts = (self._part(place, paths) for id, place in self.parts.items() if above_all or id in ids)
        return tuple(part for part in parts if not part.is_empty)

    def _part(self, place: Place, paths: Sequence[str]) -> Part:
        def mine(where: Place) -> bool:
            return any(where.is_within(path) for path in paths)

        breaches = [each for each in self.breaches.get(place.id, ()) if mine(each.place)]
        clocks = [each for each in self.clocks.get(place.id, ()) if mine(each.place)]
        return Part(
            place=place,
            late=tuple(each for each in breaches if each.due_on < self.today),
            soon=tuple(each for each in breaches if each.due_on >= self.today),
            reports=tuple(each for each in self.reports.get(place.id, ()) if mine(each.place)),
            papers=tuple(each for each in self.papers.get(place.id, ()) if mine(each.place)),
            overdue=tuple(each for each in clocks if each.state is ClockState.OVERDUE),
            ahead=tuple(each for each in clocks if each.state in PRESSING[1:]),
            never=tuple(each for each in clocks if each.state is ClockState.NEVER),
        )


def _by_part(found: Sequence[T], where: Callable[[T], Place]) -> dict[str, list[T]]:
    sorted_out: dict[str, list[T]] = {}
    for each in found:
        ids = where(each).path.split("/")
        sorted_out.setdefault(ids[1], []).append(each)
    return sorted_out
