"""Named refusals. Each is said to the user in his own words by ``web.sentences``."""

from collections.abc import Mapping
from typing import Any


class Refused(Exception):
    """What somebody asked for cannot be done now. Nothing was stored.

    ``about`` are the values that the sentence needs; ``field`` names the input it concerns, or is empty.
    """

    def __init__(self, field: str = "", **about: Any) -> None:
        super().__init__(type(self).__name__)
        self.field = field
        self.about: Mapping[str, Any] = about


class Several(Exception):
    """More than one thing is wrong with what was asked for; every one is in ``refusals``."""

    def __init__(self, refusals: list[Refused]) -> None:
        super().__init__(", ".join(type(refusal).__name__ for refusal in refusals))
        self.refusals = refusals


class NotFound(Exception):
    """It does not exist, or not for this person: the two are not told apart."""
