"""Whether an installation is well: for machines, and for who runs it."""

import stat
from collections.abc import Iterator
from pathlib import Path

from sqlalchemy import select, text
from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import Session

from stins.box.sealing import Forged
from stins.config import Mail, Settings
from stins.services.inspections import check_seal
from stins.services.installation import Installation
from stins.services.mail import outbox, smtp
from stins.store import schema
from stins.store.opening import PRAGMAS, Store, Unreachable
from stins.store.tables import Inspection

NO_MAIL = "STINS_SMTP_HOST is not set: no reminders are sent by mail, home shows the same"

NO_CODES_BY_MAIL = (
    "e-mail of codes is off: nobody is offered it; to turn it on set STINS_SMTP_HOST and STINS_MAIL_FROM"
)


def is_ready(store: Store) -> bool:
    """Say whether the database answers and its schema is the newest."""
    try:
        with store.reading() as session:
            session.execute(text("SELECT 1"))
        return schema.is_current(store)
    except (Unreachable, OperationalError):
        return False


def troubles(installation: Installation) -> Iterator[str]:
    """Find what is wrong with an installation: a line each, with the remedy."""
    yield from _settings(installation.settings)
    if installation.settings.mail is not None:
        yield from _mail(installation.settings.mail)
    try:
        if not schema.is_current(installation.store):
            yield "the database's schema is not the newest; run `stins init`"
            return
        with installation.store.reading() as session:
            yield from _pragmas(installation.store, session)
            yield from _inspections(installation, session)
            yield from _unsent(session)
    except (Unreachable, OperationalError) as error:
        yield f"the database does not answer ({type(error).__name__}); look at STINS_DATABASE"


def _settings(settings: Settings) -> Iterator[str]:
    for path in (settings.secret_key_file, settings.pepper_file):
        yield from _open_to_others(path, 0o077, "chmod 600")
    for folder in filter(None, (settings.key_dir, settings.key_mirror)):
        if folder.is_dir():
            yield from _open_to_others(folder, 0o077, "chmod 700")
        else:
            yield f"{folder} is no folder; run `stins init`"
    if settings.key_mirror and settings.key_mirror.resolve() == settings.key_dir.resolve():
        yield "STINS_KEY_MIRROR and STINS_KEY_DIR are the same folder; a mirror belongs elsewhere"
    if not settings.operator:
        yield "STINS_OPERATOR is not set; respondents should be told who runs the service"
    if not settings.contact:
        yield "STINS_CONTACT is not set; there is nowhere to report a weakness"


def _mail(mail: Mail) -> Iterator[str]:
    path = mail.password_file
    if path is not None and path.is_file():
        yield from _open_to_others(path, 0o077, "chmod 600")
    elif path is not None:
        yield f"STINS_SMTP_PASSWORD_FILE: there is no file {path}; write the password there"
        return
    try:
        with smtp.line(mail) as line:
            yield from _no_return_path(mail, line)
    except smtp.ServerAway as away:
        yield f"the mail server {mail.host} cannot be used: {away}; look at STINS_SMTP_…"


def _no_return_path(mail: Mail, line: smtp.Line) -> Iterator[str]:
    try:
        line.takes_nowhere()
    except smtp.ServerAway as away:
        yield (
            f"codes cannot be mailed through {mail.host}: {away}; "
            "let it take mail from STINS with MAIL FROM:<>, or hand codes out as slips"
        )


def _unsent(session: Session) -> Iterator[str]:
    for failure in outbox.failures(session):
        yield (
            f"{failure.number} mail(s) to {failure.name} could not be sent ({failure.trouble}); "
            "look at the account's address"
        )


def _open_to_others(path: Path, bits: int, remedy: str) -> Iterator[str]:
    try:
        mode = path.stat().st_mode
    except OSError:
        yield f"{path} cannot be read; run `stins init`"
        return
    if stat.S_IMODE(mode) & bits:
        yield f"{path} can be read by others on this machine; run `{remedy} {path}`"


def _pragmas(store: Store, session: Session) -> Iterator[str]:
    if not store.is_sqlite:
        return
    expected = {"synchronous": "3", "secure_delete": "1", "foreign_keys": "1", "journal_mode": "delete"}
    for name in PRAGMAS.keys() & expected.keys():
        found = str(session.execute(text(f"PRAGMA {name}")).scalar())
        if found != expected[name]:
            yield f"SQLite's {name} is {found}, not {expected[name]}; is the database opened elsewhere too?"


def _inspections(installation: Installation, session: Session) -> Iterator[str]:
    rows = session.scalars(select(Inspection).order_by(Inspection.id)).all()
    kept = set(installation.box.keys.kept())
    for row in rows:
        if row.state in ("open", "closing") and not installation.box.keys.has(row.id):
            yield f"the key of inspection {row.id} is missing; put it back from the key mirror"
        if row.state == "closing":
            yield f"inspection {row.id} is stuck in closing; run `stins close-due` and read what it says"
        if row.state == "closed" and row.step != "done":
            yield f"inspection {row.id} is closed but its key is not destroyed; run `stins close-due`"
        if row.state in ("open", "closing"):
            try:
                check_seal(installation.box, row)
            except Forged as forged:
                yield f"{forged}; somebody has changed it in the database"
    alive = {row.id for row in rows if row.state in ("draft", "open", "closing") or row.step != "done"}
    for stray in sorted(kept - alive):
        yield f"the key folder holds a key of inspection {stray}, which is closed or unknown; destroy it"
