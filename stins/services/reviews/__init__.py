"""External reviews: the register of what somebody outside found, by unit."""

from stins.services.reviews import correcting
from stins.services.reviews.facts_stated import facts
from stins.services.reviews.importing import import_, template
from stins.services.reviews.reading import clock_page, clocks, due, latest, review, reviews
from stins.services.reviews.registering import faults, register, units_for
from stins.services.reviews.uploading import read_sheet

__all__ = [
    "clock_page",
    "clocks",
    "correcting",
    "due",
    "facts",
    "faults",
    "import_",
    "latest",
    "read_sheet",
    "register",
    "review",
    "reviews",
    "template",
    "units_for",
]
