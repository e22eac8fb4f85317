"""A table of a layout file, read key by key; what is wrong is kept and the reading goes on."""

from collections.abc import Iterable
from typing import Any

from stins.workbook.read.cells import MAX_COLUMN, MAX_ROW, cell_of, column_number
from stins.workbook.read.faults import N_, Fault, plain, shown
from stins.workbook.read.grid import Spot

_WANTED = N_("%(value)s kan inte stå här; skriv %(wanted)s")


class Keys:
    """One table. ``place`` is how it is called in faults, such as ``block 2``."""

    def __init__(self, raw: Any, place: str, known: Iterable[str] | None, faults: list[Fault]) -> None:
        self.place = place
        self.faults = faults
        self.raw: dict[str, Any] = raw if isinstance(raw, dict) else {}
        self.is_table = isinstance(raw, dict)
        if not self.is_table:
            self.add("", N_("här ska stå en tabell med nycklar"))
        for key in self.raw:
            if known is not None and key not in known:
                message = N_("okänd nyckel; ta bort den, eller använd någon av %(known)s")
                self.add(key, message, known=", ".join(known))

    def add(self, key: str, message: str, **about: str | int) -> None:
        """Keep a fault of a key."""
        place = ".".join(part for part in (self.place, plain(key)) if part)
        self.faults.append(Fault(place, message, about))

    def wrong(self, key: str, wanted: str) -> None:
        """Keep that a key's value will not do; ``wanted`` is what to write instead."""
        self.add(key, _WANTED, value=shown(self.raw[key]), wanted=wanted)

    def text(self, key: str) -> str:
        """Give a text, empty where there is none."""
        value = self.raw.get(key)
        if isinstance(value, str) and value.strip():
            return value
        if value is not None:
            self.wrong(key, '"…"')
        return ""

    def texts(self, key: str) -> tuple[str, ...]:
        """Give a list of texts, empty where there is none; a text alone is a list of one."""
        value = self.raw.get(key, [])
        listed = [value] if isinstance(value, str) else value
        if isinstance(listed, list) and all(isinstance(each, str) for each in listed):
            return tuple(listed)
        self.wrong(key, '["…", "…"]')
        return ()

    def within(self, key: str, least: int, most: int, default: int) -> int:
        """Give a whole number."""
        value = self.raw.get(key, default)
        if type(value) is int and least <= value <= most:
            return value
        self.wrong(key, f"{least}–{most}")
        return default

    def one_of(self, key: str, allowed: Iterable[str]) -> str:
        """Give one of a few words; empty when it is none of them or missing."""
        value = self.raw.get(key)
        words = list(allowed)
        if isinstance(value, str) and value in words:
            return value
        if value is None:
            self.add(key, N_("saknas; skriv någon av %(words)s"), words=", ".join(words))
        else:
            self.wrong(key, ", ".join(words))
        return ""

    def column(self, key: str, default: int) -> int:
        """Give the number of a column named by its letters."""
        value = self.raw.get(key)
        if value is None:
            return default
        number = _column(value) if isinstance(value, str) else None
        if number is None:
            self.wrong(key, '"A"')
        return number or default

    def columns(self, key: str) -> range:
        """Give columns written as ``"C:AF"``, or one as ``"C"``; an empty range when they are wrong."""
        value = self.raw[key]
        first, _, last = value.partition(":") if isinstance(value, str) else ("", "", "")
        return self._span(key, _column(first), _column(last or first), '"C:AF"')

    def rows(self, key: str) -> range:
        """Give rows written as ``"5:40"``, or one as ``5``; an empty range when they are wrong."""
        first, _, last = str(self.raw[key]).partition(":")
        return self._span(key, _row(first), _row(last or first), '"5:40"')

    def _span(self, key: str, first: int | None, last: int | None, wanted: str) -> range:
        if first is None or last is None or last < first:
            self.wrong(key, wanted)
            return range(0)
        return range(first, last + 1)

    def cell(self, key: str) -> tuple[int, int] | None:
        """Give the row and column of a cell of the block's tab, such as ``"D5"``."""
        value = self.raw[key]
        found = _cell(value) if isinstance(value, str) else None
        if found is None:
            self.wrong(key, '"D5"')
        return found

    def spot(self, key: str) -> Spot | None:
        """Give the cell in ``{ cell = "Framsida!C5" }``; nothing when it is wrong."""
        value: dict[str, Any] = self.raw[key]
        written = value.get("cell")
        tab, _, name = written.rpartition("!") if isinstance(written, str) else ("", "", "")
        found = _cell(name)
        if set(value) == {"cell"} and tab and found:
            return Spot(_unquoted(tab), *found)
        self.wrong(key, '{ cell = "Framsida!C5" }')
        return None


def _unquoted(tab: str) -> str:
    """Take off the quotation marks that Excel puts around a tab's name with a space in it."""
    quoted = len(tab) > 2 and tab[0] == tab[-1] == "'"
    return tab[1:-1].replace("''", "'") if quoted else tab


def _column(name: str) -> int | None:
    found = _cell(f"{name}1")
    return found[1] if found and found[0] == 1 else None


def _row(name: str) -> int | None:
    found = _cell(f"A{name}")
    return found[0] if found and found[1] == column_number("A") else None


def _cell(name: str) -> tuple[int, int] | None:
    found = cell_of(name.strip().upper())
    return found if found and found[0] <= MAX_ROW and found[1] <= MAX_COLUMN else None
