"""What is wrong in a file, said so that whoever filled it in can mend it."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from types import MappingProxyType
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from stins.workbook.speech import Speech

MOST_SHOWN = 200
_LONGEST = 40


def N_(message: str) -> str:  # noqa: N802 - the name by which texts to be translated are found
    """Mark a text for translation; it is translated when the fault is said."""
    return message


@dataclass(frozen=True, slots=True)
class Fault:
    """What is wrong and what to do about it.

    ``place`` is a cell, column or tab such as ``Svar Handledare!D14``, a key of a layout, or empty for the
    whole file. ``message`` is a Swedish text in which ``about`` is put in by name.
    """

    place: str
    message: str
    about: Mapping[str, str | int] = field(default_factory=lambda: MappingProxyType({}))

    def said(self, _: "Speech") -> str:
        """Give the fault as one line in the language of ``_``."""
        text = _(self.message) % self.about
        return f"{self.place}: {text}" if self.place else text


class Unreadable(Exception):
    """The file as a whole cannot be read; ``fault`` says why and what to do."""

    def __init__(self, message: str, place: str = "", **about: str | int) -> None:
        """Keep the fault; as text it is in Swedish."""
        self.fault = Fault(place, message, about)
        super().__init__(self.fault.said(str))


class Faulty(Exception):
    """The file is of the right kind but something in it is wrong; ``faults`` holds everything, in order."""

    def __init__(self, faults: Iterable[Fault]) -> None:
        """Keep the faults; as text they are a line each, in Swedish."""
        self.faults = tuple(faults)
        super().__init__("\n".join(self.said(str)))

    def said(self, _: "Speech") -> list[str]:
        """Give a line for each fault, and where they are very many a last line telling how many more."""
        lines = [fault.said(_) for fault in self.faults[:MOST_SHOWN]]
        if len(self.faults) > MOST_SHOWN:
            more = N_("… och %(count)d till; rätta de här först")
            lines.append(_(more) % {"count": len(self.faults) - MOST_SHOWN})
        return lines


def shown(value: object) -> str:
    """Write a file's value so that it can stand in a sentence: short and without control characters."""
    match value:
        case bool():
            return "SANT" if value else "FALSKT"
        case float():
            return f"{value:.12g}".replace(".", ",")
        case datetime() | date():
            return value.isoformat()[:10]
        case str():
            return f"'{plain(value)}'"
        case _:
            return plain(str(value))


def plain(text: str) -> str:
    """Give a text as a short single line."""
    # Cut first: the text may be very long.
    line = "".join(character if character.isprintable() else " " for character in text[: _LONGEST + 1])
    return line if len(line) <= _LONGEST else line[: _LONGEST - 1] + "…"
