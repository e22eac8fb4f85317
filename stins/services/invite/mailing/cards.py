"""An address as it is stored: sealed for its own row, with what the server last said of it."""

from collections.abc import Iterable, Mapping

from sqlalchemy import Select, insert, select
from sqlalchemy.orm import Session

from questionnaires.model import Role
from stins.box import Box
from stins.box.addresses import open_card, seal_card
from stins.services.invite.mailing.values import Card, State
from stins.store.tables import Recipient


def rows(id: str) -> Select[Recipient]:
    """Select the addresses of an inspection, in no order that tells anything."""
    return select(Recipient).where(Recipient.inspection_id == id).order_by(Recipient.id)


def store(session: Session, box: Box, id: str, by_role: Mapping[Role, Iterable[str]]) -> None:
    """Store addresses that wait, in order of their random ids: none tells where it stood."""
    found = []
    for role, addresses in by_role.items():
        for address in addresses:
            row = {"id": box.new_id(), "inspection_id": id, "role": role, "state": State.WAITING}
            found.append(row | {"address": _seal(box, row["id"], id, role, Card(address))})
    session.execute(insert(Recipient), sorted(found, key=lambda row: row["id"]))


def opened(box: Box, row: Recipient) -> Card:
    """Open what is sealed of an address. Raises :class:`stins.box.sealing.Forged`."""
    return Card.unpacked(open_card(box.pepper, _name(row.id, row.inspection_id, row.role), row.address))


def sealed(box: Box, row: Recipient, card: Card) -> bytes:
    """Seal what is known of an address, for its row."""
    return _seal(box, row.id, row.inspection_id, row.role, card)


def by_role(session: Session, box: Box, id: str) -> dict[Role, tuple[str, ...]]:
    """Give the addresses of an inspection, in order of the alphabet."""
    found: dict[Role, list[str]] = {}
    for row in session.scalars(rows(id)):
        found.setdefault(Role(row.role), []).append(opened(box, row).address)
    return {role: tuple(sorted(found[role])) for role in Role if role in found}


def _seal(box: Box, id: str, inspection: str, role: str, card: Card) -> bytes:
    return seal_card(box.pepper, box.entropy, _name(id, inspection, role), card.packed())


def _name(id: str, inspection: str, role: str) -> str:
    return f"{id} {inspection} {role}"
