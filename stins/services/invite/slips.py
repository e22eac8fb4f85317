"""Codes that were just shown come back to be printed: they are looked up by mac, and nothing is kept."""

from collections.abc import Mapping, Sequence

from sqlalchemy import select
from sqlalchemy.orm import Session

from questionnaires.model import Role
from stins.box import Box, codes
from stins.services.invite.plans import own
from stins.services.invite.refused import CodesUnknown, NotOpen
from stins.services.rights import Person
from stins.store.tables import Code


def shown(
    session: Session, box: Box, person: Person, id: str, typed: Mapping[Role, Sequence[str]]
) -> dict[Role, dict[str, str]]:
    """Give the codes of an open inspection that are to be printed, to who leads it.

    In role order: each code as it is shown, and as it is. Whether a code is spent is not asked, so that
    printing tells nobody. Raises :class:`NotOpen`, and :class:`CodesUnknown` where any of them is none of the
    inspection's for its role, or there is none at all.
    """
    if own(session, person, id, lock=False).state != "open":
        raise NotOpen
    wanted = {role: [codes.normalise(code) for code in typed.get(role, ())] for role in Role}
    held = session.execute(select(Code.mac, Code.role).where(Code.inspection_id == id))
    known = {(mac, Role(role)) for mac, role in held}
    found = {
        role: {codes.grouped(code): code for code in all_ if code} for role, all_ in wanted.items() if all_
    }
    macs = {(codes.mac(box.pepper, code), role) for role, all_ in found.items() for code in all_.values()}
    if not macs or not macs <= known or sum(map(len, wanted.values())) != len(macs):
        raise CodesUnknown
    return found
