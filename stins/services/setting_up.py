"""Setting an installation up: its schema, its region and its first administrator."""

from datetime import datetime

from sqlalchemy import select

from stins.services import organisation, staff
from stins.services.installation import Installation
from stins.services.rights import Kind, Office
from stins.store import schema
from stins.store.opening import Store
from stins.store.tables import Assignment


def bring_up_to_date(store: Store) -> None:
    """Bring the database's schema up to the newest."""
    schema.upgrade(store)


def has_admin(store: Store) -> bool:
    """Say whether somebody may administer the installation."""
    with store.reading() as session:
        return session.scalar(select(Assignment).where(Assignment.role == Office.ADMIN).limit(1)) is not None


def first_admin(
    found: Installation, now: datetime, *, region: str, name: str, email: str, password: str
) -> str:
    """Make the region and the account that administers it; give the region's id."""
    with found.store.writing() as session:
        top = organisation.add_place(session, found.box, Kind.REGION, region, None)
        account = staff.add_account(session, found.box, name, email, password)
        staff.assign(session, account, top.id, Office.ADMIN)
        staff.note(session, found.box, now, account, "init", top.id)
    return top.id
