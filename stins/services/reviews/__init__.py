"""External reviews: the register of what somebody outside found, by unit."""

from stins.services.reviews.facts_stated import facts
from stins.services.reviews.importing import import_, read_sheet, template
from stins.services.reviews.reading import clocks, latest, review, reviews
from stins.services.reviews.registering import faults, register, units_for

__all__ = [
    "clocks",
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
