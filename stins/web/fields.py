"""Inputs that several forms share."""

from typing import Any

from flask_babel import gettext as _
from wtforms import DateField

YEARS = range(2000, 2101)
"""Those that a day may lie in: another is a slip of the pen."""


class Day(DateField):
    """A day of our time that tells how it is to be written, with an ``example`` that would do."""

    data: Any  # a date or None: WTForms sets it, and the services check what is missing

    def __init__(self, label: Any, validators: Any = None, *, example: str, **how: Any) -> None:
        super().__init__(label, validators, **how)
        self.example = example

    def process_formdata(self, valuelist: list[str]) -> None:
        """Read the day. Raises :class:`ValueError` with a sentence for the user."""
        try:
            super().process_formdata([value.strip() for value in valuelist])
        except ValueError:
            sentence = _("Skriv dagen som år-månad-dag, till exempel %(example)s.", example=self.example)
            raise ValueError(sentence) from None
        if self.data and self.data.year not in YEARS:
            self.data = None
            sentence = _(
                "Året ska vara mellan %(first)s och %(last)s. Skriv dagen som %(example)s.",
                first=YEARS[0],
                last=YEARS[-1],
                example=self.example,
            )
            raise ValueError(sentence)
