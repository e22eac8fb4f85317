"""Rights as conditions on ``Node``, so that a query finds what a person may know of and nothing else.

Each says in SQL what the right of the same kind in ``rights`` says of one place; a test holds them alike.
"""

from collections.abc import Iterable

from sqlalchemy import ColumnElement, and_, false, or_

from stins.services.rights import UNIT_OFFICES, Kind, Office, Person
from stins.store.tables import Node

Condition = ColumnElement[bool]


def within(paths: Iterable[str]) -> Condition:
    """Give the condition that a node lies at or below one of the paths; of none at all it never holds."""
    return or_(false(), *(Node.path.startswith(path, autoescape=True) for path in paths))


def reached(person: Person, *offices: Office) -> Condition:
    """Give where the person has one of the roles, there or above."""
    return within(person.paths(*offices))


def seen(person: Person) -> Condition:
    """Give where ``may_see`` holds, and with it ``may_follow``."""
    return reached(person, *UNIT_OFFICES, Office.OVS) | _member(person)


def read(person: Person) -> Condition:
    """Give where ``may_read`` holds for a dialogue too; the övergripande studierektor reads the others."""
    return reached(person, *UNIT_OFFICES) | _member(person)


def acted_on(person: Person) -> Condition:
    """Give where ``may_act`` holds."""
    return reached(person, *UNIT_OFFICES)


def in_charge(person: Person) -> Condition:
    """Give where ``is_in_charge`` holds."""
    return acted_on(person) | _member(person, Office.VERKSAMHETSCHEF)


def reviews_known(person: Person) -> Condition:
    """Give where ``may_know_reviews`` holds."""
    return seen(person) | reached(person, Office.REGION)


def decided_on(person: Person) -> Condition:
    """Give where ``may_decide`` and ``may_review`` hold: below her, and nowhere that she has a role."""
    below = or_(
        false(),
        *(
            and_(Node.path.startswith(path, autoescape=True), Node.path != path)
            for path in person.paths(Office.OVS)
        ),
    )
    return below & ~reached(person, *UNIT_OFFICES) & ~_member(person)


def _member(person: Person, *offices: Office) -> Condition:
    """Give the grupper whose units the person leads, with one of the roles where they are named."""
    above = {id for path in person.paths(*(offices or UNIT_OFFICES)) for id in path.rstrip("/").split("/")}
    return (Node.kind == Kind.GRUPP) & Node.id.in_(sorted(above))
