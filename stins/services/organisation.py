"""The tree region → förvaltning → (grupp →) enhet, and the region's numbers."""

from collections.abc import Mapping
from dataclasses import dataclass

from sqlalchemy import ColumnElement, func, select
from sqlalchemy.orm import InstrumentedAttribute, Session

from questionnaires.model import Catalogue
from stins.box import Box
from stins.services.refusals import NotFound, Refused
from stins.services.rights import Kind, Place
from stins.store.tables import Node

K_DEFAULT, K_LEAST, K_MOST = 5, 4, 10

BELOW: Mapping[Kind, tuple[Kind, ...]] = {
    Kind.REGION: (Kind.FORVALTNING,),
    Kind.FORVALTNING: (Kind.GRUPP, Kind.ENHET),
    Kind.GRUPP: (Kind.ENHET,),
    Kind.ENHET: (),
}


class WrongPlace(Refused):
    """A place of this kind does not belong there."""


class NameMissing(Refused):
    """A place or a person needs a name."""


class NumberOutside(Refused):
    """A region's number is outside what is allowed: ``least`` to ``most``."""


@dataclass(frozen=True, slots=True)
class RegionSettings:
    """A region's own numbers: k, and the parameters of the catalogue."""

    k: int
    parameters: Mapping[str, int]


def place_of(node: Node) -> Place:
    """Give a row of the tree as a plain value."""
    return Place(node.id, node.parent_id, Kind(node.kind), node.name, node.path)


def place(session: Session, id: str) -> Place:
    """Give a place. Raises :class:`NotFound`."""
    node = session.get(Node, id)
    if node is None:
        raise NotFound
    return place_of(node)


def places(session: Session) -> tuple[Place, ...]:
    """Give the whole tree, each place before what lies below it, siblings by name."""
    found = {node.id: place_of(node) for node in session.scalars(select(Node))}

    def names(each: Place) -> tuple[str, ...]:
        return tuple(swedish(found[id].name) for id in each.path.rstrip("/").split("/"))

    return tuple(sorted(found.values(), key=names))


def swedish(name: str) -> str:
    """Give what a name is sorted by: å, ä and ö come last, in that order."""
    return name.casefold().translate(str.maketrans("åäö", "{|}"))


def in_swedish(name: InstrumentedAttribute[str]) -> ColumnElement[str]:
    """Give what a query sorts names by, as :func:`swedish` does, whatever the database's own order."""
    key: ColumnElement[str] = func.lower(name)
    for letters, last in (("åÅ", "zz1"), ("äÄ", "zz2"), ("öÖ", "zz3")):
        for letter in letters:
            key = func.replace(key, letter, last)
    return key


def add_place(session: Session, box: Box, kind: Kind, name: str, parent_id: str | None) -> Place:
    """Add a place to the tree. Raises :class:`NameMissing` or :class:`WrongPlace`."""
    name = " ".join(name.split())
    if not name:
        raise NameMissing("name")
    parent = place(session, parent_id) if parent_id else None
    if kind not in (BELOW[parent.kind] if parent else (Kind.REGION,)):
        raise WrongPlace("kind")
    id = box.new_id()
    node = Node(
        id=id,
        parent_id=parent and parent.id,
        kind=kind,
        name=name[:200],
        path=f"{parent.path if parent else ''}{id}/",
        settings=None,
    )
    session.add(node)
    session.flush()
    return place_of(node)


def lock_region(session: Session, at: Place) -> None:
    """Let nobody else open an inspection in the region of a place until this transaction ends."""
    session.execute(select(Node.id).where(Node.id == at.path.split("/")[0]).with_for_update())


def region_settings(session: Session, at: Place, catalogue: Catalogue) -> RegionSettings:
    """Give the numbers that hold at a place: its region's own, else the catalogue's defaults."""
    node = session.get(Node, at.path.split("/")[0])
    own = (node and node.settings) or {}
    parameters = {id: parameter.default for id, parameter in catalogue.parameters.items()}
    return RegionSettings(own.get("k", K_DEFAULT), parameters | own.get("parameters", {}))


def set_region(session: Session, region_id: str, wanted: RegionSettings, catalogue: Catalogue) -> None:
    """Set a region's numbers; they hold for inspections planned from now on.

    Raises :class:`NumberOutside` for the first number that is not allowed.
    """
    node = session.get(Node, region_id)
    if node is None or node.kind != Kind.REGION:
        raise NotFound
    if not K_LEAST <= wanted.k <= K_MOST:
        raise NumberOutside("k", least=K_LEAST, most=K_MOST)
    for id, parameter in catalogue.parameters.items():
        if not parameter.least <= wanted.parameters[id] <= parameter.most:
            raise NumberOutside(id, least=parameter.least, most=parameter.most)
    node.settings = {"k": wanted.k, "parameters": dict(wanted.parameters)}
