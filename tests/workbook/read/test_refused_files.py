"""Every kind of file that is not a filled-in workbook gets its own sentence, at once."""

import io
import random
import signal
import struct
import subprocess
import sys
import zipfile
from collections.abc import Callable
from pathlib import Path

import effort
import pytest

from stins.workbook.read import child, grid, kinds, package, parts
from stins.workbook.read.faults import Unreadable
from tests.workbook.read.sheets import part, repacked, saved, workbook_of

PLAIN = workbook_of({"Blad": {"A1": "text", "B2": 3}})
SHEET = "xl/worksheets/sheet1.xml"
TYPES = "[Content_Types].xml"
RELS = "xl/_rels/workbook.xml.rels"
MAIN = 'xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"'
STRINGS = "application/vnd.openxmlformats-officedocument.spreadsheetml.sharedStrings+xml"
NOISE = random.Random(1).randbytes(64 * 1024)


def guard(content: bytes, filename: str) -> None:
    """Look through a file as reading does: first outside, then in the process of its own."""
    kinds.refuse_other_kinds(content, filename)
    package.look_through(content)


def zipped(parts: dict[str, bytes], method: int = zipfile.ZIP_DEFLATED) -> bytes:
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", method) as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    return made.getvalue()


def changed(name: str, old: str, new: str) -> bytes:
    before = part(PLAIN, name)
    assert old in before
    return repacked(PLAIN, {name: before.replace(old, new).encode()})


def typed(content_type: str) -> bytes:
    """Make a package whose main part is of another type than a workbook's."""
    override = f'<Override PartName="/x.xml" ContentType="application/{content_type}"/>'
    return zipped({TYPES: f"<Types>{override}</Types>".encode(), "x.xml": b"<x/>"})


def sheet(rows: str) -> bytes:
    return repacked(
        PLAIN,
        {SHEET: f"<worksheet {MAIN}><sheetData>{rows}</sheetData></worksheet>".encode()},
    )


def declared(content: bytes, size: int) -> bytes:
    """Write another unpacked size for the first part, in the archive's list."""
    at = content.index(b"PK\x01\x02")
    return content[: at + 24] + struct.pack("<I", size) + content[at + 28 :]


def encrypted(content: bytes) -> bytes:
    at = content.index(b"PK\x01\x02")
    return content[: at + 8] + b"\x01" + content[at + 9 :]


def doubled() -> bytes:
    return PLAIN_DOUBLE.replace(b"xl/Sheet1.xml", b"xl/sheet2.xml")


PLAIN_DOUBLE = repacked(PLAIN, {"xl/sheet2.xml": b"<x/>", "xl/Sheet1.xml": b"<x/>"})


def cells(number: int) -> str:
    return "".join(
        f'<row r="{row}">' + "".join(f"<c><v>{row * at % 997}</v></c>" for at in range(250)) + "</row>"
        for row in range(1, number // 250 + 1)
    )


def varied(size: int) -> bytes:
    """Give elements that pack well, but not so well that they are refused for it."""
    chance = random.Random(2)
    pieces, length = [], 0
    while length < size:
        piece = f'<e a="{chance.randrange(10**6)}"/>' + "<e/>" * 150
        pieces.append(piece)
        length += len(piece)
    return f"<x>{''.join(pieces)}</x>".encode()


XML = b'<?xml version="1.0"?>'
FILES: dict[str, tuple[Callable[[], bytes], str, str]] = {
    "nothing": (lambda: b"", "a.xlsx", kinds.EMPTY),
    "a megabyte": (lambda: PLAIN + bytes(1024 * 1024), "a.xlsx", kinds.TOO_BIG),
    "named as one with macros": (lambda: PLAIN, "a.XLSM", kinds.MACROS),
    "named as an old one": (lambda: PLAIN, "a.xls", kinds.OLD),
    "named as a binary one": (lambda: PLAIN, "a.xlsb", kinds.BINARY),
    "named as OpenDocument": (lambda: PLAIN, "a.ods", kinds.OPEN_DOCUMENT),
    "named otherwise": (lambda: PLAIN, "a.zip", kinds.NAME),
    "an old workbook": (lambda: b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600), "a.xlsx", kinds.OLD),
    "one with a password": (
        lambda: b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600) + "EncryptedPackage".encode("utf-16-le"),
        "a.xlsx",
        kinds.LOCKED,
    ),
    "a JPEG": (lambda: b"\xff\xd8\xff\xe0" + bytes(20), "a.xlsx", kinds.PICTURE),
    "a PNG": (lambda: b"\x89PNG\r\n\x1a\n" + bytes(20), "a.xlsx", kinds.PICTURE),
    "a GIF": (lambda: b"GIF89a" + bytes(20), "a.xlsx", kinds.PICTURE),
    "a TIFF": (lambda: b"II*\0" + bytes(20), "a.xlsx", kinds.PICTURE),
    "a WebP": (lambda: b"RIFF\0\0\0\0WEBP", "a.xlsx", kinds.PICTURE),
    "a HEIC": (lambda: b"\0\0\0\x18ftypheic" + bytes(20), "bild.heic", kinds.PICTURE),
    "a film": (lambda: b"\0\0\0\x18ftypisom" + bytes(20), "a.xlsx", kinds.UNKNOWN),
    "a PDF": (lambda: b"%PDF-1.7\n", "a.pdf", kinds.PDF),
    "a CSV": (lambda: "fråga;svar\r\nA1;3\r\n".encode("cp1252"), "a.csv", kinds.TEXT),
    "a text in UTF-16": (lambda: "fråga\tsvar".encode("utf-16"), "a.xlsx", kinds.TEXT),
    "something": (lambda: b"\x00\x01\x02", "a.xlsx", kinds.UNKNOWN),
    "half a file": (lambda: PLAIN[: len(PLAIN) // 2], "a.xlsx", parts.DAMAGED),
    "a broken part": (lambda: PLAIN[:60] + b"\xff" * 40 + PLAIN[100:], "a.xlsx", parts.DAMAGED),
    "any archive": (lambda: zipped({"a.txt": b"text"}), "a.xlsx", package.NOT_A_WORKBOOK),
    "another package": (lambda: typed("vnd.other+xml"), "a.xlsx", package.NOT_A_WORKBOOK),
    "a Word document": (
        lambda: typed("vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"),
        "a.xlsx",
        package.DOCUMENT,
    ),
    "an OpenDocument inside": (
        lambda: zipped({"mimetype": b"application/vnd.oasis.opendocument.spreadsheet"}),
        "a.xlsx",
        kinds.OPEN_DOCUMENT,
    ),
    "a binary workbook inside": (
        lambda: typed("vnd.ms-excel.sheet.binary.macroEnabled.main"), "a.xlsx", kinds.BINARY,
    ),
    "a workbook made for macros": (
        lambda: typed("vnd.ms-excel.sheet.macroEnabled.main+xml"), "a.xlsx", kinds.MACROS,
    ),
    "macros": (lambda: repacked(PLAIN, {"xl/vbaProject.bin": NOISE}), "a.xlsx", kinds.MACROS),
    "two hundred and one parts": (
        lambda: repacked(PLAIN, {f"xl/p{number}.xml": b"<x/>" for number in range(201)}),
        "a.xlsx",
        package.MANY_PARTS,
    ),
    "declared too large": (lambda: declared(PLAIN, 21 * 1024 * 1024), "a.xlsx", package.LARGE),
    "a bomb": (lambda: repacked(PLAIN, {"xl/x.xml": bytes(19 * 1024 * 1024)}), "a.xlsx", package.BOMB),
    "a part that is a bomb": (
        lambda: repacked(PLAIN, {"xl/a.bin": NOISE, "xl/b.bin": bytes(1024 * 1024)}),
        "a.xlsx",
        package.BOMB,
    ),
    "links to other files": (
        lambda: repacked(PLAIN, {"xl/externalLinks/externalLink1.xml": b"<x/>"}), "a.xlsx", package.LINKS,
    ),
    "a relationship out": (
        lambda: changed(RELS, "</Relationships>", '<Relationship Type="t/image" TargetMode="External" '
                        'Target="http://x"/></Relationships>'),
        "a.xlsx",
        package.LINKS,
    ),
    "connections": (lambda: repacked(PLAIN, {"xl/connections.xml": b"<x/>"}), "a.xlsx", package.CONNECTIONS),
    "embedded objects": (
        lambda: repacked(PLAIN, {"xl/embeddings/oleObject1.bin": NOISE}), "a.xlsx", package.OBJECTS,
    ),
    "an object by its bytes": (
        lambda: repacked(PLAIN, {"xl/x.bin": b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"}), "a.xlsx", package.OBJECTS,
    ),
    "an archive by its name": (lambda: repacked(PLAIN, {"xl/x.zip": b"x"}), "a.xlsx", package.ARCHIVE),
    "an archive by its bytes": (lambda: repacked(PLAIN, {"xl/x.bin": PLAIN}), "a.xlsx", package.ARCHIVE),
    "two parts of one name": (doubled, "a.xlsx", package.DOUBLE),
    "a part named as a way out": (lambda: repacked(PLAIN, {"xl/../../x": b"x"}), "a.xlsx", package.ASTRAY),
    "a part named from the root": (lambda: repacked(PLAIN, {"/etc/x": b"x"}), "a.xlsx", package.ASTRAY),
    "encrypted parts": (lambda: encrypted(PLAIN), "a.xlsx", package.LOCKED_PART),
    "packed oddly": (lambda: zipped({TYPES: b"<x/>"}, zipfile.ZIP_BZIP2), "a.xlsx", package.PACKED),
    "a document type": (
        lambda: repacked(PLAIN, {"xl/x.xml": XML + b"<!DOCTYPE x><x/>"}), "a.xlsx", parts.DOCTYPE,
    ),
    "entities in a sheet": (
        lambda: repacked(PLAIN, {SHEET: XML + b'<!DOCTYPE x [<!ENTITY a "b">]><x>&a;</x>'}),
        "a.xlsx",
        parts.DOCTYPE,
    ),
    "a document type in a drawing": (
        lambda: repacked(PLAIN, {"xl/x.vml": b"<!DOCTYPE x><x/>"}), "a.xlsx", parts.DOCTYPE,
    ),
    "a document type in UTF-16": (
        lambda: repacked(PLAIN, {"xl/x.png": "<!DOCTYPE x><x/>".encode("utf-16")}), "a.xlsx", parts.DOCTYPE,
    ),
    "XML that breaks off": (lambda: repacked(PLAIN, {"xl/x.xml": b"<x><y>"}), "a.xlsx", parts.DAMAGED),
    "XML that is wrong": (lambda: repacked(PLAIN, {"xl/x.xml": b"<x></y>"}), "a.xlsx", parts.DAMAGED),
    "an unknown alphabet": (
        lambda: repacked(PLAIN, {"xl/x.xml": b'<?xml version="1.0" encoding="klingon"?><x/>'}),
        "a.xlsx",
        parts.DAMAGED,
    ),
    "XML nested without end": (lambda: repacked(PLAIN, {"xl/x.xml": b"<x>" * 3000}), "a.xlsx", parts.DAMAGED),
    "Strict Open XML": (
        lambda: repacked(PLAIN, {SHEET: b'<worksheet xmlns="http://purl.oclc.org/ooxml/spreadsheetml/main"/>'}),
        "a.xlsx",
        parts.STRICT,
    ),
    "a cell in the last row": (
        lambda: sheet('<row r="1048576"><c r="A1048576"><v>1</v></c></row>'), "a.xlsx", parts.FAR,
    ),
    "a cell in the last column": (
        lambda: sheet('<row r="1"><c r="XFD1" t="inlineStr"><is><t/></is></c></row>'), "a.xlsx", parts.FAR,
    ),
    "a million cells without names": (
        lambda: sheet('<row r="1999">' + "<c/>" * 300 + "<c><f>1</f></c></row>"), "a.xlsx", parts.FAR,
    ),
    "a cell that is no cell": (lambda: sheet('<row><c r="ÅÄÖ"/></row>'), "a.xlsx", parts.DAMAGED),
    "a row that is no row": (lambda: sheet('<row r="x"/>'), "a.xlsx", parts.DAMAGED),
    "more than a hundred thousand cells": (
        lambda: sheet(cells(100_250)),
        "a.xlsx",
        parts.MANY_CELLS,
    ),
    "a cell that is a book": (
        lambda: sheet(f'<row><c t="str"><v>{"x" * 32_768}</v></c></row>'), "a.xlsx", parts.LONG,
    ),
    "a text that is a book": (
        lambda: repacked(PLAIN, {"xl/s.xml": f"<sst><si><t>{'x' * 32_768}</t></si></sst>".encode()}),
        "a.xlsx",
        parts.LONG,
    ),
}  # fmt: skip


@pytest.mark.parametrize("kind", FILES)
def test_a_file_of_another_kind_is_refused_with_its_own_sentence(kind: str):
    make, name, message = FILES[kind]
    content = make()
    with effort.less_than(2), pytest.raises(Unreadable) as refused:
        grid.read(content, name)
    assert refused.value.fault.message == message
    with pytest.raises(Unreadable) as refused:
        guard(content, name)
    assert refused.value.fault.message == message


def test_the_sentences_differ_and_end_with_a_remedy():
    messages = {message for _, _, message in FILES.values()}
    assert len({message.split(".")[0] for message in messages}) == len(messages)
    for message in messages:
        assert len(message) > 40


def test_a_cell_far_out_is_named():
    with pytest.raises(Unreadable, match=r"^xl/worksheets/sheet1\.xml!KO1999: här står något långt utanför"):
        guard(sheet('<row r="1999">' + "<c/>" * 300 + "<c><f>1</f></c></row>"), "a.xlsx")


def test_rows_and_columns_that_are_only_formatted_are_no_fault():
    empty = '<row r="1048576"><c r="A1048576" s="0"/></row>'
    found = grid.read(sheet(f'<row r="3"><c r="B3"><v>2</v></c></row>{empty}'), "a.xlsx")
    assert dict(found.sheets["Blad"]) == {(3, 2): 2}


def test_a_link_in_a_cell_is_let_through_and_never_followed():
    import openpyxl

    workbook = openpyxl.Workbook()
    cell = workbook.worksheets[0]["A1"]
    cell.value, cell.hyperlink = "läs mer", "https://exempel.example/"
    assert grid.read(saved(workbook), "a.xlsx").sheets["Sheet"][1, 1] == "läs mer"


def test_pictures_and_loose_drawings_in_the_file_are_passed_over():
    content = repacked(PLAIN, {"xl/media/a.png": b"\x89PNG" + NOISE, "xl/b/": b""})
    assert grid.read(content, "A.XLSX ").sheets["Blad"][2, 2] == 3
    guard(content, "A.XLSX ")


def test_a_loose_drawing_that_only_breaks_off_is_passed_over():
    for broken in (b"<xml><br>", b"<xml></br>" + b" " * 70_000):
        assert grid.read(repacked(PLAIN, {"xl/a.vml": broken}), "a.xlsx").sheets["Blad"]
        guard(repacked(PLAIN, {"xl/a.vml": broken}), "a.xlsx")


def test_unpacked_sizes_are_counted_and_not_only_believed(monkeypatch: pytest.MonkeyPatch):
    def believed(parts: object, size: int) -> None:
        """Believe whatever is declared."""

    monkeypatch.setattr(package, "_refuse_bombs", believed)
    monkeypatch.setattr(package, "MAX_UNPACKED", 4096)
    with pytest.raises(Unreadable, match="20 MB när den packas upp"):
        guard(PLAIN, "a.xlsx")


def test_a_file_that_takes_long_is_given_up_within_two_seconds():
    content = repacked(PLAIN, {"xl/styles.xml": varied(17 * 1024 * 1024), "xl/a.bin": NOISE})
    assert len(content) < 1024 * 1024
    with effort.less_than(2), pytest.raises(Unreadable, match="för lång tid"):
        grid.read(content, "a.xlsx")


@pytest.mark.parametrize(
    "greed",
    ["bytearray(600 * 1024 * 1024)", "open('x', 'wb', 0).write(b'x')", "exec('while True: pass')"],
    ids=["memory", "disk", "time"],
)
def test_the_process_that_reads_is_bounded_by_the_kernel(greed: str, tmp_path: Path):
    limited = f"import runpy; runpy.run_path({child.__file__!r})['limit'](); {greed}"
    with effort.less_than(2):
        done = subprocess.run(
            [sys.executable, "-I", "-c", limited], stderr=subprocess.PIPE, cwd=tmp_path, check=False
        )
    assert done.returncode == -signal.SIGPROF or b"MemoryError" in done.stderr or b"too large" in done.stderr


def test_one_text_in_thousands_of_cells_is_refused_before_it_is_written_out():
    long = f"<sst {MAIN}><si><t>{'x' * 30_000}</t></si></sst>"
    rows = "".join(f'<row r="{number}"><c t="s"><v>0</v></c></row>' for number in range(1, 200))
    listed = part(PLAIN, TYPES).replace(
        "</Types>", f'<Override PartName="/xl/s.xml" ContentType="{STRINGS}"/></Types>'
    )
    content = repacked(sheet(rows), {"xl/s.xml": long.encode(), TYPES: listed.encode()})
    with pytest.raises(Unreadable, match="mycket mer text"):
        grid.read(content, "a.xlsx")
