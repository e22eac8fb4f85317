"""Inputs that several forms share."""

from typing import Any

from flask_babel import gettext as _
from wtforms import DateField


class Day(DateField):
    """A day that tells how it is to be written, with an ``example`` that would do."""

    def __init__(self, label: Any, validators: Any = None, *, example: str, **how: Any) -> None:
        super().__init__(label, validators, **how)
        self.example = example

    def process_formdata(self, valuelist: list[str]) -> None:
        """Read the day. Raises :class:`ValueError` with a sentence for the user."""
        try:
            super().process_formdata(valuelist)
        except ValueError:
            sentence = _("Skriv dagen som år-månad-dag, till exempel %(example)s.", example=self.example)
            raise ValueError(sentence) from None
