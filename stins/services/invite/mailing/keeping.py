"""A draft's addresses: kept, read again, and the draft opened with them."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import delete
from sqlalchemy.orm import Session

from questionnaires.model import Role
from scoring.rounds import Mode
from stins.box import Box
from stins.services import staff
from stins.services.inspections import eligible_of, terms_of
from stins.services.invite import addresses
from stins.services.invite.addresses import Doubt
from stins.services.invite.checks import wrong_numbers
from stins.services.invite.codes import Codes, open_
from stins.services.invite.mailing import cards
from stins.services.invite.plans import draft
from stins.services.invite.refused import InTwoRoles, NoAddresses, NotRead, NumberDiffers, ReadsTheResult
from stins.services.organisation import place
from stins.services.refusals import Refused, Several
from stins.services.rights import Person, may_read
from stins.store.tables import Inspection, Recipient

FEW_MAY_READ = (Role.ST_LAKARE, Role.HANDLEDARE)
"""The roles that nobody answers as who may read the result."""


@dataclass(frozen=True, slots=True)
class Review:
    """What will happen when a draft is opened: how many get mail, how many slips, and what may be a slip.

    ``wrong`` stands in the way until it is mended.
    """

    mailed: Mapping[Role, int]
    slips: Mapping[Role, int]
    doubts: tuple[Doubt, ...]
    wrong: tuple[Refused, ...]


def keep(
    session: Session, box: Box, person: Person, id: str, boxes: Mapping[Role, str], *, adjust: bool = False
) -> tuple[str, ...]:
    """Keep the addresses of a draft instead of those before; give those that stood more than once.

    A role whose box is empty gets slips. With ``adjust`` the plan is changed to as many in each role as there
    are addresses. Raises :class:`Several` with everything that is odd, and then keeps nothing.
    """
    row = draft(session, person, id, lock=True)
    read = {role: addresses.read(boxes.get(role, "")) for role in asked(row)}
    found = {role: each.addresses for role, each in read.items() if each.addresses}
    refusals: list[Refused] = [NotRead(role, odd=each.odd) for role, each in read.items() if each.odd]
    refusals += _wrong_people(session, row, found)
    if not refusals:
        refusals += _adjusted(row, found) if adjust else _differing(row, found)
    if refusals:
        raise Several(refusals)
    session.execute(delete(Recipient).where(Recipient.inspection_id == id))
    if found:
        cards.store(session, box, id, found)
    return tuple(address for each in read.values() for address in each.again)


def asked(row: Inspection) -> tuple[Role, ...]:
    """Give the roles that are asked anything."""
    terms = terms_of(row)
    return tuple(role for role in Role if terms.catalogue.questionnaires[role].within(terms.areas))


def kept(session: Session, box: Box, person: Person, id: str) -> dict[Role, str]:
    """Give a draft's boxes as they were kept, an address a line; every role that is asked has one."""
    row = draft(session, person, id)
    held = cards.by_role(session, box, id)
    return {role: "\n".join(held.get(role, ())) for role in asked(row)}


def review(session: Session, box: Box, person: Person, id: str) -> Review | None:
    """Give what a draft with addresses will be when it is opened, or ``None`` where it has none."""
    row = draft(session, person, id)
    found = cards.by_role(session, box, id)
    if not found:
        return None
    return Review(
        mailed={role: len(held) for role, held in found.items()},
        slips={role: number for role, number in eligible_of(row).items() if role not in found},
        doubts=addresses.doubts(address for held in found.values() for address in held),
        wrong=tuple(_in_the_way(session, row, found)),
    )


def open_by_mail(session: Session, box: Box, person: Person, id: str, now: datetime, today: date) -> Codes:
    """Open a draft whose addresses are kept; give the codes of the roles without any, to be shown once.

    Codes to mail are made when their turn comes. Raises as :func:`open_` does, :class:`NoAddresses`, and
    :class:`Several` where the addresses no longer fit the plan.
    """
    row = draft(session, person, id, lock=True)
    found = cards.by_role(session, box, id)
    if not found:
        raise NoAddresses
    if wrong := _in_the_way(session, row, found):
        raise Several(wrong)
    fresh = open_(session, box, person, id, now, today, mailed=frozenset(found))
    numbers = ", ".join(f"{role} {len(held)}" for role, held in found.items())
    staff.note(session, box, now, person.id, "codes_mailed", id, numbers)
    return fresh


def _in_the_way(session: Session, row: Inspection, found: Mapping[Role, tuple[str, ...]]) -> list[Refused]:
    return [*_wrong_people(session, row, found), *_differing(row, found)]


def _wrong_people(session: Session, row: Inspection, found: Mapping[Role, tuple[str, ...]]) -> list[Refused]:
    """Nobody has two codes, and who may read the result is nobody's cover."""
    twice = addresses.shared(found)
    where, dialogue = place(session, row.unit_id), row.mode == Mode.DIALOGUE
    readers = {
        addresses.same(each.email)
        for each in staff.people(session)
        if may_read(each, where, dialogue=dialogue)
    }
    refusals: list[Refused] = []
    for role, held in found.items():
        if both := tuple(each for each in held if addresses.same(each) in twice):
            refusals.append(InTwoRoles(role, addresses=both))
        if role in FEW_MAY_READ and (own := tuple(e for e in held if addresses.same(e) in readers)):
            refusals.append(ReadsTheResult(role, addresses=own))
    return refusals


def _differing(row: Inspection, found: Mapping[Role, tuple[str, ...]]) -> list[Refused]:
    """As many codes exist as are declared: addresses and declared numbers must be the same."""
    declared = eligible_of(row)
    return [
        NumberDiffers(role, have=len(held), declared=declared.get(role, 0))
        for role, held in found.items()
        if len(held) != declared.get(role, 0)
    ]


def _adjusted(row: Inspection, found: Mapping[Role, tuple[str, ...]]) -> list[Refused]:
    """Declare as many as there are addresses, where a plan may say so."""
    wanted = eligible_of(row) | {role: len(held) for role, held in found.items()}
    terms = terms_of(row)
    wrong = wrong_numbers(wanted, terms.mode, terms.k, terms.rules.release)
    if not wrong:
        row.eligible = {str(role): wanted[role] for role in Role if wanted.get(role)}
    return wrong
