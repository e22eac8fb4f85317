"""Who may do what: a role at a node reaches everything at and below it."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from enum import StrEnum


class Kind(StrEnum):
    """The kinds of places in the tree, from the top."""

    REGION = "region"
    FORVALTNING = "forvaltning"
    GRUPP = "grupp"
    ENHET = "enhet"


class Office(StrEnum):
    """What a member of staff may be at a node."""

    STUDIEREKTOR = "studierektor"
    VERKSAMHETSCHEF = "verksamhetschef"
    OVS = "ovs"
    REGION = "region"
    ADMIN = "admin"


@dataclass(frozen=True, slots=True)
class Place:
    """A node of the organisation. ``path`` is its ids from the region down, each followed by a slash."""

    id: str
    parent_id: str | None
    kind: Kind
    name: str
    path: str

    def is_within(self, path: str) -> bool:
        """Say whether this is the place of ``path`` or lies below it."""
        return self.path.startswith(path)


@dataclass(frozen=True, slots=True)
class Held:
    """A role that a person has at a place."""

    office: Office
    place: Place


@dataclass(frozen=True, slots=True)
class Person:
    """A member of staff and what he or she is, where."""

    id: str
    name: str
    email: str
    held: tuple[Held, ...]

    def holds(self, *offices: Office) -> bool:
        """Say whether the person has one of the roles anywhere."""
        return any(held.office in offices for held in self.held)

    def reaches(self, place: Place, *offices: Office) -> bool:
        """Say whether the person has one of the roles at the place or above it."""
        return any(held.office in offices and place.is_within(held.place.path) for held in self.held)

    def paths(self, *offices: Office) -> tuple[str, ...]:
        """Give the paths of the places where the person has one of the roles."""
        return tuple(held.place.path for held in self.held if held.office in offices)


UNIT_OFFICES = (Office.STUDIEREKTOR, Office.VERKSAMHETSCHEF)


def may_run(person: Person, place: Place) -> bool:
    """Whether the person plans the unit's own inspections there."""
    return person.reaches(place, Office.STUDIEREKTOR)


def may_lead(person: Person, place: Place, *, extra: bool) -> bool:
    """Whether the person runs an inspection there; an extra internal review is led from above."""
    return may_decide(person, place) if extra else may_run(person, place)


def may_see(person: Person, place: Place) -> bool:
    """Whether the person sees that an inspection is held there, and how far it has come."""
    return person.reaches(place, *UNIT_OFFICES, Office.OVS) or _is_member(person, place)


def may_read(person: Person, place: Place, *, dialogue: bool) -> bool:
    """Whether the person reads the result. Above the unit a dialogue is only known to have been held."""
    own = person.reaches(place, *UNIT_OFFICES) or _is_member(person, place)
    return own or (person.reaches(place, Office.OVS) and not dialogue)


def may_review(person: Person, place: Place) -> bool:
    """Whether the person reads comments first: övergripande studierektor above, with no role on the unit."""
    above = any(
        held.office is Office.OVS and place.is_within(held.place.path) and held.place.id != place.id
        for held in person.held
    )
    return above and not person.reaches(place, *UNIT_OFFICES) and not _is_member(person, place)


def may_follow(person: Person, place: Place) -> bool:
    """Whether the person sees what is done about breaches there: as for inspections."""
    return may_see(person, place)


def may_act(person: Person, place: Place) -> bool:
    """Whether the person writes what is done about breaches there."""
    return person.reaches(place, *UNIT_OFFICES)


def is_in_charge(person: Person, place: Place) -> bool:
    """Whether what is to be mended there is the person's: who leads it, and of a grupp each unit's head.

    The verksamhetschef of a unit signs for it what the grupp reports.
    """
    heads = place.kind is Kind.GRUPP and _leads_within(person, place, (Office.VERKSAMHETSCHEF,))
    return heads or may_act(person, place)


def may_decide(person: Person, place: Place) -> bool:
    """Whether the person decides that a breach is mended: from above, and not the one who is to mend it."""
    return may_review(person, place)


def may_register(person: Person, place: Place) -> bool:
    """Whether the person registers an external review there. Only units and groups of them are reviewed."""
    return place.kind in (Kind.ENHET, Kind.GRUPP) and person.reaches(place, Office.STUDIEREKTOR, Office.OVS)


def may_know_reviews(person: Person, place: Place) -> bool:
    """Whether the person knows by whom a unit was reviewed, when, and with which grades."""
    return may_follow(person, place) or person.reaches(place, Office.REGION)


def reviewers(people: Iterable[Person], place: Place) -> tuple[Person, ...]:
    """Give those who may read the comments of an inspection there before the unit does."""
    return tuple(person for person in people if may_review(person, place))


def _is_member(person: Person, place: Place) -> bool:
    """Whether the person leads a unit that belongs to a grupp: its members refer to the grupp's result."""
    return place.kind is Kind.GRUPP and _leads_within(person, place, UNIT_OFFICES)


def _leads_within(person: Person, place: Place, offices: Collection[Office]) -> bool:
    return any(held.office in offices and held.place.is_within(place.path) for held in person.held)
