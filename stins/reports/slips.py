"""Slips to cut apart and draw: eight to an A4, tagged PDF (PDF/UA-1), set by typst."""

import io
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import segno

from stins.reports.pdf import pdf as set_pdf

QUIET_ZONE = 4
"""Empty modules around a QR code (ISO/IEC 18004)."""


@dataclass(frozen=True, slots=True)
class Words:
    """What a role's slips say, all the same: whose unit, the role, until when, the promise in lines.

    ``picture`` describes the QR code to who cannot see it; ``english`` is for who reads no Swedish.
    """

    role: str
    unit: str
    what: str
    until: str
    address: str
    promise: tuple[str, ...]
    draw: str
    picture: str
    english: str


def pdf(title: str, roles: Sequence[tuple[Words, Mapping[str, str]]]) -> bytes:
    """Set the slips: for each role what they say, and its codes as shown with the address each opens.

    No page holds two roles. The address holds the code in its fragment, which no server is sent.
    """
    return set_pdf("slips", {"lang": "sv", "title": title, "slips": [_role(*each) for each in roles]})


def _role(words: Words, codes: Mapping[str, str]) -> dict[str, object]:
    return {
        "role": words.role,
        "unit": words.unit,
        "what": words.what,
        "until": words.until,
        "address": words.address,
        "promise": list(words.promise),
        "draw": words.draw,
        "picture": words.picture,
        "english": words.english,
        "codes": [{"code": shown, "qr": qr(address)} for shown, address in codes.items()],
    }


def qr(address: str) -> str:
    """Draw an address as a QR code that bears a fold, in SVG."""
    drawn = io.BytesIO()
    segno.make_qr(address, error="m").save(drawn, kind="svg", border=QUIET_ZONE, xmldecl=False, svgns=True)
    return drawn.getvalue().decode("ascii")
