"""Which page of which long list is asked for: ``?visa=`` names the list and ``?sida=`` the page."""

from flask import request


def page_asked(part: str) -> int:
    """Give the number of the page that is asked for of a list; of the lists beside it, the first."""
    return request.args.get("sida", 1, type=int) if request.args.get("visa") == part else 1
