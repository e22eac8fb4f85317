"""Where an e-mailed code goes: an address that can be read only with the pepper, and in its own row."""

import hashlib
import hmac

from nacl.bindings import sodium_pad, sodium_unpad
from nacl.exceptions import CryptoError
from nacl.secret import SecretBox

from stins.box.codes import Entropy
from stins.box.sealing import Forged

SIZE = 512
"""What every card is padded to: how long an address is tells nobody whose it is."""


def seal_card(pepper: bytes, entropy: Entropy, row: str, card: bytes) -> bytes:
    """Encrypt what is known of an address for one row alone; all get the same size.

    ``row`` names the row: what is sealed for one cannot be opened in another. Raises :class:`ValueError`
    where the card is larger than 511 bytes.
    """
    padded = sodium_pad(card, SIZE)
    if len(padded) != SIZE:
        raise ValueError("a card is larger than its place")
    return bytes(SecretBox(_key(pepper, row)).encrypt(padded, entropy(SecretBox.NONCE_SIZE)))


def open_card(pepper: bytes, row: str, sealed: bytes) -> bytes:
    """Decrypt a card. Raises :class:`Forged` where it was not sealed under this pepper for this row."""
    try:
        return bytes(sodium_unpad(SecretBox(_key(pepper, row)).decrypt(sealed), SIZE))
    except (CryptoError, ValueError):
        raise Forged("an address is not what the program itself stored") from None


def _key(pepper: bytes, row: str) -> bytes:
    return hmac.digest(pepper, b"stins address\0" + row.encode(), hashlib.sha256)
