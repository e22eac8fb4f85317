"""The demo's units: how many may answer and do, how good each area is, what is stated, and which history."""

from collections.abc import Mapping
from dataclasses import dataclass

from questionnaires.model import Role
from scoring.rounds import Mode

WELL = {"A2": "ja", "A3": "ja", "A4": "ja", "A8": "ja", "B9": "ja", "F6": "delvis"}
NEVER = {"A2": "nej", "A3": "nej", "A8": "delvis", "B9": "nej", "F6": "nej"}
BEST = (
    "Bra stämning och lätt att fråga äldre kollegor.",
    "Handledarsamtalen ligger i schemat och blir av.",
    "Vi har en studierektor som svarar och ordnar.",
    "Introduktionen var genomtänkt och gav en bra start.",
)
IMPROVE = (
    "Självstudietiden försvinner när det är kort om folk.",
    "Återkopplingen efter bedömningar är ofta bara muntlig.",
    "Vi behöver fler specialister som kan instruera på mottagningen.",
    "Placeringarna styrs av schemat mer än av våra program.",
)


@dataclass(frozen=True, slots=True)
class Unit:
    """A demo unit: how many may answer and do, how good each area is, what is stated, and which history."""

    name: str
    eligible: Mapping[Role, int]
    answering: Mapping[Role, int]
    levels: Mapping[str, float]
    facts: Mapping[str, str]
    days_ago: tuple[int, ...]
    mode: Mode = Mode.ANONYMOUS
    comments: bool = False
    not_concerned: tuple[str, ...] = ()
    reviewed: int = 0
    """How many days ago somebody outside reported on the unit; 0 when nobody has."""
    found_wanting: str = ""
    """What that review found against a föreskrift, in area D."""


def people(st: int, handledare: int, studierektor: int = 1, verksamhetschef: int = 1) -> dict[Role, int]:
    """Give numbers by role."""
    return dict(zip(Role, (st, handledare, studierektor, verksamhetschef), strict=True))


def _levels(*levels: float) -> dict[str, float]:
    return dict(zip("ABCDEFGH", levels, strict=True))


LARGE = Unit(
    "Stora kliniken", people(18, 24), people(15, 19),
    _levels(0.93, 0.97, 0.72, 0.9, 0.8, 0.82, 0.93, 0.95), WELL, (400, 20), comments=True, reviewed=790,
)  # fmt: skip
MIDDLE = Unit(
    "Mellankliniken", people(7, 10), people(6, 8),
    _levels(0.85, 0.9, 0.9, 0.7, 0.75, 0.9, 0.62, 0.9), WELL, (380, 12), comments=True, reviewed=1_700,
    not_concerned=("A7", "C5", "D6", "D10", "D12", "G1", "G2"),
)  # fmt: skip
NORTH_SMALL = Unit(
    "Lilla kliniken", people(4, 8), people(3, 7),
    _levels(0.9, 0.95, 0.9, 0.93, 0.95, 0.9, 0.9, 0.95), WELL | {"A4": "delvis"}, (150,), reviewed=155,
    found_wanting="Individuella utbildningsprogram saknas för två av fyra ST-läkare.",
)  # fmt: skip
OPEN = Unit(
    "Öppna mottagningen", people(8, 10), people(3, 4),
    _levels(0.9, 0.9, 0.8, 0.9, 0.8, 0.8, 0.9, 0.9), WELL, (385,), reviewed=1_500,
)  # fmt: skip
SOUTH_SMALL = Unit(
    "Kustkliniken", people(5, 9), people(4, 8),
    _levels(0.7, 0.6, 0.6, 0.5, 0.6, 0.5, 0.4, 0.6), NEVER, (60,),
)  # fmt: skip
DIALOGUE = Unit(
    "Bergets vårdcentral", people(1, 2, 1, 1), people(1, 2, 1, 1),
    _levels(0.9, 0.95, 0.8, 0.9, 0.9, 0.7, 0.8, 0.9), WELL, (45,), mode=Mode.DIALOGUE, reviewed=900,
)  # fmt: skip
GROUP = Unit(
    "Dalens vårdcentraler", people(7, 9, 1, 3), people(6, 8, 1, 2),
    _levels(0.85, 0.95, 0.9, 0.8, 0.9, 0.7, 0.75, 0.9), WELL, (240,), reviewed=1_050,
)  # fmt: skip
TOO_FEW = Unit(
    "Skärgårdsmottagningen",
    people(5, 6),
    people(2, 1),
    dict.fromkeys("ABCDEFGH", 0.8),
    WELL,
    (30,),
    reviewed=1_200,
)
MEMBERS = ("Ådalens vårdcentral", "Ängens vårdcentral", "Östra vårdcentralen")
NORTH, SOUTH = (LARGE, MIDDLE, NORTH_SMALL, OPEN), (SOUTH_SMALL, DIALOGUE, TOO_FEW)
