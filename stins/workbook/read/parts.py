"""One part of XML, looked through as a stream: no document types, no entities, no cells too far out."""

from dataclasses import dataclass
from xml.etree.ElementTree import ParseError

from defusedxml.common import DefusedXmlException
from defusedxml.ElementTree import DefusedXMLParser

from stins.workbook.read.cells import MAX_COLUMN, MAX_ROW, cell_name, cell_of
from stins.workbook.read.faults import N_, Unreadable

MAX_CELLS = 100_000
MAX_TEXT = 32_767
_MAX_DEPTH = 100

DAMAGED = N_("Filen är skadad eller inte hel. Hämta den på nytt, eller öppna den i Excel och spara den igen.")
DOCTYPE = N_(
    "Filen definierar en dokumenttyp eller egna teckenkoder, vilket Excel aldrig gör. Öppna den i "
    "Excel och "
    "spara den på nytt."
)
STRICT = N_(
    "Filen är sparad som Strict Open XML. Välj Spara som i Excel och filtypen Excel-arbetsbok (.xlsx), "
    "utan ordet Strict."
)
FAR = N_(
    "här står något långt utanför tabellerna; bara 2 000 rader och 300 kolumner läses. Ta bort det "
    "och spara på nytt"
)
MANY_CELLS = N_("Filen har mer än 100 000 ifyllda celler. Ta bort de flikar som inte hör till arbetsboken.")
LONG = N_("texten är längre än 32 767 tecken, mer än en cell rymmer; korta den")

_STRICT = "http://purl.oclc.org/ooxml/spreadsheetml"
_HYPERLINK = "/hyperlink"
_FILLED = ("v", "is", "f")
_TEXTS = ("v", "is", "si")


@dataclass(slots=True)
class Bounds:
    """How far out cells with content stand in any tab, and how many there are."""

    row: int = 1
    column: int = 1
    cells: int = 0


class Looker:
    """Takes the chunks of a part.

    A ``lenient`` part may break off as XML, but not hold a document type; one to ``skip`` is no XML at all.
    """

    def __init__(
        self, name: str = "", bounds: Bounds | None = None, *, lenient: bool = False, skip: bool = False
    ) -> None:
        self.name = name
        self.lenient = lenient
        self._seen = _Seen(name, bounds or Bounds())
        self._parser = DefusedXMLParser(target=self._seen, forbid_dtd=True)
        self._done = skip

    @property
    def content_types(self) -> set[str]:
        """Give the types of parts that were listed."""
        return self._seen.content_types

    @property
    def links_out(self) -> bool:
        """Say whether a relationship points out of the file; links that a reader clicks are not counted."""
        return self._seen.links_out

    def feed(self, chunk: bytes) -> None:
        """Take the next piece. Raises :class:`Unreadable`."""
        if self._done:
            return
        try:
            self._parser.feed(chunk)
        except DefusedXmlException:
            raise Unreadable(DOCTYPE, self.name) from None
        except (ParseError, ValueError, LookupError):
            self._break()

    def close(self) -> None:
        """Take the end. Raises :class:`Unreadable`."""
        if self._done:
            return
        try:
            self._parser.close()
        except ParseError:
            self._break()

    def _break(self) -> None:
        if not self.lenient:
            raise Unreadable(DAMAGED, self.name) from None
        self._done = True


class _Seen:
    """What the parser tells: only counters are kept."""

    def __init__(self, name: str, bounds: Bounds) -> None:
        self.name = name
        self.bounds = bounds
        self.content_types: set[str] = set()
        self.links_out = False
        self._depth = 0
        self._row = self._column = 0
        self._empty_cell = False
        self._text_depth = 0
        self._characters = 0

    def start(self, tag: str, attributes: dict[str, str]) -> None:
        self._depth += 1
        if self._depth > _MAX_DEPTH:
            raise Unreadable(DAMAGED, self.name)
        namespace, _, name = tag.rpartition("}")
        if self._depth == 1 and namespace.startswith("{" + _STRICT):
            raise Unreadable(STRICT)
        if name == "c":
            self._cell(attributes)
        elif name in _FILLED and self._empty_cell:
            self._fill()
        elif name == "row":
            self._row, self._column = int(attributes.get("r", self._row + 1)), 0
        elif name in ("Override", "Default", "Relationship"):
            self._declared(attributes)
        if name in _TEXTS and not self._text_depth:
            self._text_depth, self._characters = self._depth, 0

    def end(self, tag: str) -> None:
        if self._depth == self._text_depth:
            self._text_depth = 0
        self._depth -= 1

    def data(self, text: str) -> None:
        if self._text_depth:
            self._characters += len(text)
            if self._characters > MAX_TEXT:
                raise Unreadable(LONG, self._place())

    def close(self) -> None:
        """End, as the parser's interface has it."""

    def _cell(self, attributes: dict[str, str]) -> None:
        self._empty_cell = True
        if "r" not in attributes:
            self._column += 1
            return
        found = cell_of(attributes["r"])
        if not found:
            raise Unreadable(DAMAGED, self.name)
        self._row, self._column = found

    def _fill(self) -> None:
        """Count a cell once, when the first of its contents comes."""
        self._empty_cell = False
        if self._row > MAX_ROW or self._column > MAX_COLUMN:
            raise Unreadable(FAR, self._place())
        self.bounds.cells += 1
        if self.bounds.cells > MAX_CELLS:
            raise Unreadable(MANY_CELLS)
        self.bounds.row = max(self.bounds.row, self._row)
        self.bounds.column = max(self.bounds.column, self._column)

    def _place(self) -> str:
        return f"{self.name}!{cell_name(self._row, self._column)}" if self._row else self.name

    def _declared(self, attributes: dict[str, str]) -> None:
        self.content_types.add(attributes.get("ContentType", ""))
        kind, mode = attributes.get("Type", ""), attributes.get("TargetMode", "")
        if mode == "External" and not kind.endswith(_HYPERLINK):
            self.links_out = True


def text_begins(start: bytes) -> bool:
    """Say whether a part begins as XML does, in any of the ways to write characters that parsers know."""
    return start.lstrip(b"\xef\xbb\xbf\xfe\xff\0 \t\r\n").startswith(b"<")
