"""Pasted addresses are read, whatever they were copied from. Names are dropped at once and kept nowhere."""

import re
import unicodedata
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum

from questionnaires.model import Role

ADDRESS_MOST = 254
SHOWN_MOST = 80
DISTANCE = 2
"""How many letters apart two domains may be for one to be a slip of the other."""

_LOCAL = re.compile(r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+(\.[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+)*")
_LABEL = re.compile(r"[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?")
_TOP = re.compile(r"[a-z]{2,63}|xn--[a-z0-9-]{1,59}")
_QUOTED = re.compile(r'"[^"\n]*"')
_BRACKETED = re.compile(r"<([^<>,;]*)>")
_REMARK = re.compile(r"\([^()]*\)")
_TYPED_LIKE = re.compile(r"\S+\.[A-Za-z]{2,}")


class Wrong(StrEnum):
    """Why something that was pasted is no address."""

    UNREADABLE = "unreadable"
    LETTERS = "letters"


@dataclass(frozen=True, slots=True)
class Odd:
    """Something that cannot be read: as it was written, on which line, and what is wrong with it."""

    line: int
    text: str
    why: Wrong


@dataclass(frozen=True, slots=True)
class Read:
    """What a box held: each address once, those that stood there again, and what cannot be read."""

    addresses: tuple[str, ...] = ()
    again: tuple[str, ...] = ()
    odd: tuple[Odd, ...] = ()


@dataclass(frozen=True, slots=True)
class Doubt:
    """An address that may be a slip, and the domain that was perhaps meant."""

    address: str
    meant: str


def read(text: str) -> Read:
    """Read a box: addresses apart by commas, semicolons, tabs, spaces or lines, with or without names.

    ``Name <a@b>``, ``"B, C" <d@e>``, ``C, B <d@e>``, ``mailto:`` and columns copied from a sheet are read.
    """
    found: dict[str, str] = {}
    again: dict[str, None] = {}
    odd: list[Odd] = []
    for number, line in enumerate(_plain(text).split("\n"), 1):
        for each in _of_line(number, line):
            if isinstance(each, Odd):
                odd.append(each)
            elif same(each) in found:
                again[found[same(each)]] = None
            else:
                found[same(each)] = each
    return Read(tuple(found.values()), tuple(again), tuple(odd))


def same(address: str) -> str:
    """Give what two ways of writing one address have in common."""
    return address.lower()


def shared(by_role: Mapping[Role, Iterable[str]]) -> dict[str, tuple[Role, ...]]:
    """Give the addresses that stand in more than one role, with those roles: nobody has two codes."""
    roles: dict[str, list[Role]] = {}
    for role, addresses in by_role.items():
        for address in addresses:
            roles.setdefault(same(address), []).append(role)
    return {address: tuple(of) for address, of in roles.items() if len(of) > 1}


def doubts(addresses: Iterable[str]) -> tuple[Doubt, ...]:
    """Give the addresses whose domain stands alone and is a letter or two from one that many have."""
    addresses = tuple(addresses)
    counts = Counter(_domain(address) for address in addresses)
    common = [domain for domain, count in counts.most_common() if count > 1]
    found = []
    for address in addresses:
        domain = _domain(address)
        if counts[domain] == 1:
            near = (other for other in common if _near(domain, other))
            found += [Doubt(address, other) for other in near][:1]
    return tuple(found)


def _plain(text: str) -> str:
    """Make every kind of space a space and every kind of line end one, and drop what cannot be seen."""
    text = "\n".join(text.splitlines())
    spaced = ("\t" if c == "\t" else " " if c.isspace() and c != "\n" else c for c in text)
    return "".join(c for c in spaced if c in "\n\t" or unicodedata.category(c) not in ("Cc", "Cf"))


def _of_line(number: int, line: str) -> Iterator[str | Odd]:
    for part in _apart(line, ";"):
        pieces = _pieces(part)
        readings = [_reading(piece) for piece in pieces]
        is_row = sum(1 for reading in readings if reading) == 1  # a name, an address, perhaps a telephone
        for piece, reading in zip(pieces, readings, strict=True):
            if reading:
                yield from reading
            elif not (is_row and _is_name(piece)):
                yield Odd(number, _cut(piece), _why(piece))


def _pieces(part: str) -> list[str]:
    """Cut a part at commas and tabs; ``C, B <d@e>`` stays whole, as its name was written with a comma."""
    pieces: list[str] = []
    for cell in _apart(part, "\t"):
        name = ""
        written = _apart(cell, ",")
        for piece, after in zip(written, [*written[1:], ""], strict=False):
            if _is_name(piece) and _is_bracketed(after):
                name = f"{name}{piece}, "
            else:
                pieces.append(name + piece)
                name = ""
    return pieces


def _is_bracketed(piece: str) -> bool:
    """Say whether a piece is the rest of a name with its address in brackets."""
    return "@" in piece and "@" not in piece.partition("<")[0]


def _apart(text: str, sign: str) -> list[str]:
    """Cut a text at a sign, but not within quotes or brackets."""
    covered = text
    for kept in (_QUOTED, _BRACKETED):
        covered = kept.sub(lambda found: "x" * len(found[0]), covered)
    pieces, start = [], 0
    for place, letter in enumerate(covered):
        if letter == sign:
            pieces.append(text[start:place])
            start = place + 1
    return [stripped for piece in [*pieces, text[start:]] if (stripped := piece.strip(" '"))]


def _reading(piece: str) -> tuple[str, ...]:
    """Give the addresses of a piece, or nothing where any of it that looks like one is not."""
    bracketed = _BRACKETED.findall(piece)
    if bracketed:
        wanted = [_bare(each) for each in bracketed]
        beside = _words(_BRACKETED.sub(" ", piece))
        if any("@" in word and _bare(word) not in wanted for word in beside):
            return ()
    else:
        wanted = [_bare(word) for word in _words(piece) if "@" in word]
    addresses = [_address(each) for each in wanted]
    return tuple(dict.fromkeys(addresses)) if addresses and all(addresses) else ()


def _words(text: str) -> list[str]:
    return _REMARK.sub(" ", text.replace('"', " ")).split()


def _bare(word: str) -> str:
    """Take away what stands around an address: mailto:, quotes, a full stop at the end."""
    word = word.lstrip("'`<[").rstrip("'`>].:!")
    if word[:7].lower() == "mailto:":
        word = word[7:].partition("?")[0]
    return word


def _address(word: str) -> str:
    """Give an address with its domain in small letters, or nothing where no mail could reach it."""
    local, at, domain = word.rpartition("@")
    domain = domain.lower()
    *labels, top = domain.split(".")
    fit = (
        at
        and len(word) <= ADDRESS_MOST
        and len(local) <= 64
        and _LOCAL.fullmatch(local)
        and labels
        and all(_LABEL.fullmatch(label) for label in labels)
        and _TOP.fullmatch(top)
    )
    return f"{local}@{domain}" if fit else ""


def _is_name(piece: str) -> bool:
    """Say whether a piece is a name, or what else stands beside an address: no slip of an address."""
    return "@" not in piece and "<" not in piece and not _TYPED_LIKE.fullmatch(piece.strip('"'))


def _why(piece: str) -> Wrong:
    """Tell letters such as å apart: the address may be right, but not every mail server takes it."""
    plain = unicodedata.normalize("NFD", piece)
    without = "".join(c for c in plain if not unicodedata.combining(c))
    return Wrong.LETTERS if not _reading(piece) and _reading(without) else Wrong.UNREADABLE


def _cut(piece: str) -> str:
    return piece if len(piece) <= SHOWN_MOST else piece[: SHOWN_MOST - 1] + "…"


def _domain(address: str) -> str:
    return same(address).rpartition("@")[2]


def _near(one: str, other: str) -> bool:
    """Say whether two words differ by few letters, one that is too many, missing, wrong or moved."""
    if one == other or abs(len(one) - len(other)) > DISTANCE:
        return False
    before: list[int] = []
    above = list(range(len(other) + 1))
    for row, letter in enumerate(one, 1):
        line = [row]
        for column, another in enumerate(other, 1):
            best = min(above[column] + 1, line[column - 1] + 1, above[column - 1] + (letter != another))
            if before and column > 1 and letter == other[column - 2] and one[row - 2] == another:
                best = min(best, before[column - 2] + 1)
            line.append(best)
        before, above = above, line
    return above[-1] <= DISTANCE
