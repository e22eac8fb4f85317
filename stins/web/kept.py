"""What somebody wrote outlives the session: it goes back with the page, and nothing is kept on the server.

Only what a page of this site sends is taken, which the browser tells (``Sec-Fetch-Site``): a stranger's page
can neither put words in a form that waits nor have one sent.
"""

from dataclasses import dataclass
from urllib.parse import unquote, urlsplit

from flask import current_app, request, url_for
from werkzeug.exceptions import HTTPException

FORMS = frozenset(
    {
        "admin.add_account",
        "admin.add_place",
        "admin.set_region",
        "extra.new",
        "followup.change",
        "followup.decide",
        "followup.new",
        "followup.show",
        "followup_reports.decide",
        "followup_reports.edit",
        "invite.change",
        "invite.extend",
        "invite.plan",
        "reviews.correct",
        "reviews.register",
        "settings.choose",
    }
)
"""What is written here may wait. Never codes, addresses or comments, which the next person to sign in must
not see; nor what destroys or signs, which is done with a button that says so."""

WITH_FILES = frozenset({"reviews.import_", "typed.workbook"})
WHERE, PREFIX = "kept_for", "kept."
BUTTON = "act"
SECRET = ("password", "losenord", "lösenord", "csrf")


@dataclass(frozen=True, slots=True)
class Kept:
    """A form that was not taken: the address it is for, on this site, and its fields in order."""

    where: str
    fields: tuple[tuple[str, str], ...]

    @property
    def carried(self) -> tuple[tuple[str, str], ...]:
        """Give the fields that carry it through the form to sign in with."""
        return ((WHERE, self.where), *((PREFIX + name, value) for name, value in self.fields))

    @property
    def texts(self) -> tuple[str, ...]:
        """Give what was written in words; the rest are choices, numbers and days."""
        return tuple(value for _name, value in self.fields if len(value.split()) > 1)


def found() -> Kept | None:
    """Give the form that this request sends, or carries while somebody signs in, if it may wait."""
    if not _is_from_own_page():
        return None
    if request.endpoint == "sign_in.sign_in":
        carried = [(name, value) for name, value in _sent() if name.startswith(PREFIX)]
        return _kept(
            request.form.get(WHERE, ""), [(name.removeprefix(PREFIX), value) for name, value in carried]
        )
    return _kept(request.full_path, _sent())


def had_file() -> bool:
    """Say whether this request, sent by a page of ours, brings a file. Files cannot be given back."""
    files = request.files.values() if _is_from_own_page() and request.endpoint in WITH_FILES else ()
    return any(file.filename for file in files)


def is_own(address: str) -> bool:
    """Say whether an address can lead nowhere but to this site."""
    return address.startswith("/") and not address.startswith(("//", "/\\")) and not urlsplit(address).netloc


def _is_from_own_page() -> bool:
    return request.method == "POST" and request.headers.get("Sec-Fetch-Site") == "same-origin"


def _sent() -> list[tuple[str, str]]:
    return list(request.form.items(multi=True))


def _kept(address: str, sent: list[tuple[str, str]]) -> Kept | None:
    fields = tuple((name, value) for name, value in sent if not any(word in name.lower() for word in SECRET))
    where = _where(address)
    return Kept(where, fields) if where and any(name != BUTTON for name, _value in fields) else None


def _where(address: str) -> str | None:
    """Give an address anew, as the routes write it, if it is one of a form that may wait."""
    if not is_own(address):
        return None
    parts = urlsplit(address)
    try:
        endpoint, values = current_app.url_map.bind("").match(unquote(parts.path), method="POST")
    except HTTPException:
        return None
    if endpoint not in FORMS:
        return None
    return url_for(endpoint, **values) + (f"?{parts.query}" if parts.query else "")
