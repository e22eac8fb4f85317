"""For machines: alive, ready, and where to report a weakness."""

from flask import Blueprint, Response

from stins.services.health import is_ready
from stins.web import here

blueprint = Blueprint("machines", __name__)


@blueprint.get("/halsa")
def alive() -> Response:
    """Say that the process answers."""
    return Response("ok\n", content_type="text/plain; charset=utf-8")


@blueprint.get("/redo")
def ready() -> Response:
    """Say whether the database answers and its schema is the newest."""
    if is_ready(here.store()):
        return Response("ok\n", content_type="text/plain; charset=utf-8")
    return Response("not ready\n", 503, content_type="text/plain; charset=utf-8")


@blueprint.get("/.well-known/security.txt")
def security() -> Response:
    """Say where to report a weakness (RFC 9116). Without a contact there is nothing to say."""
    contact = here.settings().contact
    if not contact:
        return Response("", 404, content_type="text/plain; charset=utf-8")
    address = contact if ":" in contact else f"mailto:{contact}"
    year = here.today().year + 1
    text = f"Contact: {address}\nExpires: {year}-12-31T23:00:00Z\nPreferred-Languages: sv, en\n"
    return Response(text, content_type="text/plain; charset=utf-8")
