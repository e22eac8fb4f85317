"""An inspection whose codes go by mail: addresses for its roles, and what became of them."""

import re
from collections import Counter
from collections.abc import Mapping
from dataclasses import replace

from sqlalchemy import select
from world import World, people

from questionnaires.model import Role
from stins.box import codes as box_codes
from stins.config import Mail
from stins.services.installation import Installation
from stins.services.invite import mailing
from stins.services.invite.mailing import Tally, cards
from stins.store.tables import Code, Recipient

ST, HL = Role.ST_LAKARE, Role.HANDLEDARE
SIX = people(3, 2, 1)
CODE = re.compile(r"^ +((?:[0-9A-Z]{4}-){5}[0-9A-Z]{4})$", re.MULTILINE)


def addresses(role: Role, number: int) -> list[str]:
    """Make addresses of a role."""
    return [f"{role}.{place}@sjukhus.example" for place in range(1, number + 1)]


def using(world: World, mail: Mail | None) -> World:
    """Let the world's installation send through a server."""
    found = world.installation
    settings = replace(found.settings, mail=mail)
    world.installation = Installation(settings, found.secret_key, found.store, found.box)
    return world


def planned(world: World, eligible: Mapping[Role, int] | None = None, slips: tuple[Role, ...] = ()) -> str:
    """Plan an inspection and keep addresses for every role but those that get slips."""
    eligible = eligible or people(5, 4, 1, 1)
    id = world.plan(eligible=eligible)
    boxes = {role: "\n".join(addresses(role, n)) for role, n in eligible.items() if role not in slips}
    with world.store.writing() as session:
        mailing.keep(session, world.box, world.people["studierektor"], id, boxes)
    return id


def opened(world: World, eligible: Mapping[Role, int] | None = None, slips: tuple[Role, ...] = ()):
    """Open an inspection by mail; give its id and the codes of the roles that get slips."""
    id = planned(world, eligible, slips)
    return id, open_planned(world, id)


def open_planned(world: World, id: str) -> Mapping[Role, tuple[str, ...]]:
    """Open a draft whose addresses are kept."""
    with world.store.writing() as session:
        who, at = world.people["studierektor"], world.at
        return mailing.open_by_mail(session, world.box, who, id, at.now, at.today).by_role


def send(world: World, id: str) -> Tally:
    """Send what waits, as the child does."""
    return mailing.send(world.store, world.box, world.installation.settings, id, lambda: world.at)


def looked(world: World, id: str) -> mailing.Mailing:
    """Give how far the mail has come."""
    with world.store.reading() as session:
        found = mailing.mailing(session, world.box, world.people["studierektor"], id, world.clock.now())
    assert found is not None
    return found


def states(world: World, id: str) -> dict[str, str]:
    """Give the stored state of each address."""
    with world.store.reading() as session:
        rows = session.scalars(select(Recipient).where(Recipient.inspection_id == id)).all()
        return {cards.opened(world.box, row).address: row.state for row in rows}


def codes_stored(world: World, id: str) -> Counter[str]:
    """Count the codes that exist, by role."""
    with world.store.reading() as session:
        return Counter(session.scalars(select(Code.role).where(Code.inspection_id == id)))


def code_in(message) -> str:
    """Give the code that a mail brings."""
    found = set(CODE.findall(message.get_content().replace("\r\n", "\n")))
    assert len(found) == 1, found
    code = box_codes.normalise(found.pop())
    assert code
    return code
