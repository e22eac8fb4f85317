"""The one-time right to answer: 120 bits in Crockford's base32, of which the database keeps only a mac."""

import hashlib
import hmac
import unicodedata
from collections.abc import Callable

ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
LENGTH = 24
GROUP = 4
BYTES = LENGTH * 5 // 8

Entropy = Callable[[int], bytes]

_MISREAD = str.maketrans("OIL", "011")


def make(entropy: Entropy) -> str:
    """Make a code of 15 bytes from ``entropy``: 24 characters, without separators."""
    number = int.from_bytes(entropy(BYTES))
    return "".join(ALPHABET[number >> 5 * place & 31] for place in reversed(range(LENGTH)))


def normalise(typed: str) -> str | None:
    """Give the code somebody meant, or ``None`` where it cannot be one.

    Tolerant to case, spaces, hyphens and dashes, full-width characters, and to O for 0, I and L for 1.
    """
    kept = (c for c in unicodedata.normalize("NFKC", typed).upper() if unicodedata.category(c)[0] in "LN")
    code = "".join(kept).translate(_MISREAD)
    return code if len(code) == LENGTH and set(code) <= set(ALPHABET) else None


def grouped(code: str) -> str:
    """Give a code in groups of four, as it is shown and printed."""
    return "-".join(code[start : start + GROUP] for start in range(0, LENGTH, GROUP))


def mac(pepper: bytes, code: str) -> bytes:
    """Give the 32 bytes by which the database knows a code: HMAC-SHA256 under the pepper."""
    return hmac.digest(pepper, code.encode(), hashlib.sha256)
