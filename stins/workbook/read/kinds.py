"""What kind of file it is, told by its name and first bytes, so that each other kind gets its own answer."""

from stins.workbook.read.faults import N_, Unreadable

MAX_BYTES = 1024 * 1024

EMPTY = N_("Filen är tom. Spara arbetsboken på nytt och välj den igen.")
TOO_BIG = N_(
    "Filen är större än 1 MB, mycket mer än en ifylld arbetsbok. Ta bort bilder och främmande flikar, "
    "eller fyll i en ny arbetsbok."
)
MACROS = N_(
    "Filen får ha makron i sig, och sådana tas inte emot. Välj Spara som i Excel och filtypen "
    "Excel-arbetsbok (.xlsx), utan makron."
)
OLD = N_(
    "Filen är sparad i Excels gamla format (.xls). Öppna den, välj Spara som och filtypen "
    "Excel-arbetsbok (.xlsx)."
)
BINARY = N_(
    "Filen är sparad i binärt format (.xlsb). Välj Spara som i Excel och filtypen Excel-arbetsbok (.xlsx)."
)
OPEN_DOCUMENT = N_(
    "Filen är i OpenDocument-format (.ods). Öppna den i LibreOffice, välj Spara som och filtypen "
    "Excel (.xlsx)."
)
LOCKED = N_(
    "Filen är skyddad med lösenord. Öppna den i Excel, ta bort lösenordet under Arkiv, Info, och spara."
)
PICTURE = N_(
    "Filen är en bild. Svaren måste skrivas in i arbetsboken (.xlsx); ett foto av den kan inte läsas."
)
PDF = N_("Filen är en PDF. Välj själva arbetsboken (.xlsx), inte en utskrift av den.")
TEXT = N_(
    "Filen är en textfil, till exempel CSV. Välj själva arbetsboken (.xlsx); textfilen saknar det som visar "
    "var svaren hör hemma."
)
UNKNOWN = N_("Filen är ingen Excel-arbetsbok. Välj den ifyllda arbetsboken, vars namn slutar på .xlsx.")
NAME = N_(
    "Filens namn slutar inte på .xlsx. Är det en Excel-arbetsbok, så spara om den från Excel med den "
    "ändelsen."
)

_ENDINGS = {
    ".xlsm": MACROS,
    ".xltm": MACROS,
    ".xlam": MACROS,
    ".xlsb": BINARY,
    ".xls": OLD,
    ".xlt": OLD,
    ".ods": OPEN_DOCUMENT,
    ".ots": OPEN_DOCUMENT,
}
_PICTURES = (b"\xff\xd8\xff", b"\x89PNG", b"GIF8", b"II*\0", b"MM\0*", b"BM")
_PHONE_PICTURES = (b"heic", b"heix", b"hevc", b"heim", b"mif1", b"msf1", b"avif")
_OLE2 = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_UTF16 = (b"\xff\xfe", b"\xfe\xff")
ZIP = b"PK\x03\x04"


def refuse_other_kinds(content: bytes, filename: str) -> None:
    """Let through what begins as an .xlsx file does and is named so. Raises :class:`Unreadable`."""
    if not content:
        raise Unreadable(EMPTY)
    if len(content) > MAX_BYTES:
        raise Unreadable(TOO_BIG)
    name = filename.strip().lower()
    for ending, message in _ENDINGS.items():
        if name.endswith(ending):
            raise Unreadable(message)
    if not content.startswith(ZIP):
        raise Unreadable(_kind(content))
    if not name.endswith(".xlsx"):
        raise Unreadable(NAME)


def _kind(content: bytes) -> str:
    if content.startswith(_OLE2):
        return LOCKED if "EncryptedPackage".encode("utf-16-le") in content else OLD
    if _is_picture(content):
        return PICTURE
    if content.startswith(b"%PDF"):
        return PDF
    return TEXT if _is_text(content) else UNKNOWN


def _is_picture(content: bytes) -> bool:
    if content[4:8] == b"ftyp":
        return content[8:12] in _PHONE_PICTURES
    return content.startswith(_PICTURES) or (content[:4] == b"RIFF" and content[8:12] == b"WEBP")


def _is_text(content: bytes) -> bool:
    if content.startswith(_UTF16):
        return True
    # Excel writes CSV in the Windows character set, where every byte but a few control codes is a letter.
    return not any(byte < 32 and byte not in b"\t\n\r\f" for byte in content[:4096])
