"""What is inside the file: an .xlsx file is a zip archive of XML parts, and every part is looked through."""

import io
import re
import zipfile
import zlib
from collections.abc import Iterator
from itertools import chain

from stins.workbook.read.faults import N_, Unreadable, plain
from stins.workbook.read.kinds import BINARY, MACROS, OPEN_DOCUMENT, ZIP
from stins.workbook.read.parts import DAMAGED, Bounds, Looker, text_begins

MAX_PARTS = 200
MAX_UNPACKED = 20 * 1024 * 1024
MAX_RATIO = 100
_TINY = 128 * 1024
_CHUNK = 64 * 1024

NOT_A_WORKBOOK = N_(
    "Filen är ett zip-arkiv men ingen arbetsbok. Packa upp det, och välj den ifyllda arbetsboken (.xlsx)."
)
DOCUMENT = N_("Filen är ett Word- eller PowerPoint-dokument. Välj den ifyllda arbetsboken (.xlsx).")
MANY_PARTS = N_(
    "Filen består av mer än 200 delar. Ta bort bilder, diagram och flikar som inte hör till arbetsboken."
)
LARGE = N_("Filen blir större än 20 MB när den packas upp. Ta bort det som inte hör till arbetsboken.")
BOMB = N_(
    "Filen är hoppressad till under en hundradel, så som skadliga filer ofta är. Kopiera svaren till "
    "en ny arbetsbok "
    "och välj den."
)
LINKS = N_(
    "Filen hämtar värden ur andra filer. Välj Data, Redigera länkar och Bryt länk i Excel, spara "
    "och försök igen."
)
CONNECTIONS = N_(
    "Filen hämtar data utifrån, från en databas eller webbplats. Ta bort anslutningarna under Data, "
    "Frågor och anslutningar."
)
OBJECTS = N_(
    "Filen har andra filer eller kontroller inbäddade i sig. Ta bort dem och spara arbetsboken på nytt."
)
ARCHIVE = N_("Filen har en annan packad fil (zip) i sig. Kopiera svaren till en ny arbetsbok och välj den.")
DOUBLE = N_("Filen har två delar med samma namn. Öppna den i Excel och spara den på nytt.")
ASTRAY = N_("Filen har en del som pekar ut ur arkivet. Öppna den i Excel och spara den på nytt.")
LOCKED_PART = N_("Filen har krypterade delar. Spara arbetsboken på nytt i Excel, utan lösenord.")
PACKED = N_("Filen är packad på ett sätt som Excel inte använder. Öppna den i Excel och spara den på nytt.")

_TYPES = "[Content_Types].xml"
_WORKBOOK = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"
_PARTS = (
    (re.compile(r"vbaproject|vbadata|(^|/)xl/(macrosheets|intlmacrosheets|dialogsheets)/", re.I), MACROS),
    (re.compile(r"(^|/)xl/externallinks/", re.I), LINKS),
    (re.compile(r"(^|/)xl/(connections\.xml|querytables/|model/)", re.I), CONNECTIONS),
    (re.compile(r"(^|/)xl/(embeddings|activex)/", re.I), OBJECTS),
    (re.compile(r"\.(zip|7z|rar|gz|bz2|xz|tar|jar|xls[xmb]?|docx|pptx|ods)$", re.I), ARCHIVE),
)
_ARCHIVES = (ZIP, b"PK\x05\x06", b"Rar!", b"7z\xbc\xaf\x27\x1c", b"\x1f\x8b\x08", b"BZh", b"\xfd7zXZ")
_OLE2 = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"


def look_through(content: bytes) -> Bounds:
    """Read every part of an .xlsx file once and give how far out its cells stand.

    Memory used is bounded by a part's chunk. Raises :class:`Unreadable` with what is wrong first.
    """
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            _refuse_by_list(archive.infolist(), len(content))
            _refuse_other_packages(archive)
            return _looked_through(archive)
    except Unreadable:
        raise
    except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, ValueError, OSError):
        raise Unreadable(DAMAGED) from None


def _refuse_by_list(parts: list[zipfile.ZipInfo], size: int) -> None:
    """Refuse by the archive's list of contents, before anything is unpacked."""
    if len(parts) > MAX_PARTS:
        raise Unreadable(MANY_PARTS)
    seen: set[str] = set()
    for part in parts:
        name = part.orig_filename
        if part.flag_bits & 0x1:
            raise Unreadable(LOCKED_PART)
        if part.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
            raise Unreadable(PACKED)
        if _is_astray(name):
            raise Unreadable(ASTRAY, plain(name))
        if name.lower() in seen:
            raise Unreadable(DOUBLE, plain(name))
        seen.add(name.lower())
    _refuse_bombs(parts, size)


def _is_astray(name: str) -> bool:
    return name.startswith("/") or "\\" in name or ":" in name or "\0" in name or ".." in name.split("/")


def _refuse_bombs(parts: list[zipfile.ZipInfo], size: int) -> None:
    unpacked = sum(part.file_size for part in parts)
    if unpacked > MAX_UNPACKED:
        raise Unreadable(LARGE)
    if unpacked > MAX_RATIO * size:
        raise Unreadable(BOMB)
    for part in parts:
        if part.file_size > max(_TINY, MAX_RATIO * part.compress_size):
            raise Unreadable(BOMB, plain(part.filename))


def _refuse_other_packages(archive: zipfile.ZipFile) -> None:
    names = archive.namelist()
    if "mimetype" in names and b"opendocument" in archive.open("mimetype").read(200):
        raise Unreadable(OPEN_DOCUMENT)
    if _TYPES not in names:
        raise Unreadable(NOT_A_WORKBOOK)
    types = Looker()
    for chunk in _chunks(archive, archive.getinfo(_TYPES)):
        types.feed(chunk)
    types.close()
    _refuse_types(types.content_types)
    for pattern, message in _PARTS:
        for name in names:
            if pattern.search(name):
                raise Unreadable(message, plain(name))


def _refuse_types(types: set[str]) -> None:
    if any(".wordprocessingml." in each or ".presentationml." in each for each in types):
        raise Unreadable(DOCUMENT)
    if any("sheet.binary" in each for each in types):
        raise Unreadable(BINARY)
    if any("macroEnabled" in each or "vbaProject" in each for each in types):
        raise Unreadable(MACROS)
    if _WORKBOOK not in types:
        raise Unreadable(NOT_A_WORKBOOK)


def _chunks(archive: zipfile.ZipFile, part: zipfile.ZipInfo) -> Iterator[bytes]:
    with archive.open(part) as stream:
        while chunk := stream.read(_CHUNK):
            yield chunk


def _looked_through(archive: zipfile.ZipFile) -> Bounds:
    bounds = Bounds()
    unpacked = 0
    for part in archive.infolist():
        chunks = _chunks(archive, part)
        start = next(chunks, b"")
        looker = _looker(part.filename, start, bounds)
        for chunk in chain((start,), chunks):
            unpacked += len(chunk)
            if unpacked > MAX_UNPACKED:
                raise Unreadable(LARGE)
            looker.feed(chunk)
        looker.close()
        if looker.links_out:
            raise Unreadable(LINKS, plain(part.filename))
    return bounds


def _looker(name: str, start: bytes, bounds: Bounds) -> Looker:
    """Give what looks through a part; a part that is no XML, such as a picture, is only recognised."""
    if start.startswith(_ARCHIVES):
        raise Unreadable(ARCHIVE, plain(name))
    if start.startswith(_OLE2):
        raise Unreadable(OBJECTS, plain(name))
    ending = name.lower().rpartition(".")[2]
    is_xml = ending in ("xml", "rels") or text_begins(start)
    return Looker(plain(name), bounds, lenient=ending == "vml", skip=not is_xml)
