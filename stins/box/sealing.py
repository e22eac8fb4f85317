"""Sealing a ballot to its inspection's public key, and opening it again at closing.

A ballot's plaintext is ``id ‖ seal ‖ tag ‖ body``, padded to one size for the whole inspection. The seal says
what was promised; the tag, under the pepper, says that the program itself took the ballot in. Whoever can
write in the database, but has not the pepper, can forge neither.
"""

import hashlib
import hmac
import json
import struct
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from nacl.bindings import sodium_pad, sodium_unpad
from nacl.exceptions import CryptoError
from nacl.public import PrivateKey, PublicKey, SealedBox

SIZE = 4 * 1024
SIZE_WITH_COMMENTS = 32 * 1024
ID_BYTES = 16

_TAG = 32
_LENGTH = struct.Struct(">I")


class Forged(Exception):
    """A ballot or an inspection's promise is not what the program itself wrote."""


@dataclass(frozen=True, slots=True)
class Contents:
    """What a ballot holds: plain values, in the form of ballots.json."""

    role: str
    answers: Mapping[str, int | str]
    comments: Mapping[str, str]


def seal_of(pepper: bytes, promise: Mapping[str, Any]) -> bytes:
    """Give the 32 bytes that bind what was promised: HMAC of the promise's JSON under the pepper."""
    text = json.dumps(promise, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    return hmac.digest(pepper, b"stins seal\0" + text.encode(), hashlib.sha256)


def seal_ballot(
    pepper: bytes, public_key: bytes, id: bytes, seal: bytes, contents: Contents, *, with_comments: bool
) -> bytes:
    """Encrypt a ballot to the inspection's public key. All of one inspection get the same size."""
    body = _pack(contents)
    plain = id + seal + _tag(pepper, id, seal, body) + body
    padded = sodium_pad(plain, SIZE_WITH_COMMENTS if with_comments else SIZE)
    if len(padded) != (SIZE_WITH_COMMENTS if with_comments else SIZE):
        raise ValueError("a ballot's contents are larger than its form allows")
    return bytes(SealedBox(PublicKey(public_key)).encrypt(padded))


def open_ballot(pepper: bytes, key: PrivateKey, id: bytes, seal: bytes, sealed: bytes) -> Contents:
    """Decrypt a ballot and check that it is its own: id, seal and tag. Raises :class:`Forged`."""
    try:
        padded = bytes(SealedBox(key).decrypt(sealed))
        plain = sodium_unpad(padded, len(padded))
    except (CryptoError, ValueError):
        raise Forged("a ballot was not sealed to this inspection's key") from None
    head, tag, body = plain[: ID_BYTES + _TAG], plain[ID_BYTES + _TAG :][:_TAG], plain[ID_BYTES + 2 * _TAG :]
    if not hmac.compare_digest(head, id + seal):
        raise Forged("a ballot was made for another inspection or another promise")
    if not hmac.compare_digest(tag, _tag(pepper, id, seal, body)):
        raise Forged("a ballot was not handed in through the program")
    return _unpack(body)


def _tag(pepper: bytes, id: bytes, seal: bytes, body: bytes) -> bytes:
    return hmac.digest(pepper, b"stins ballot\0" + id + seal + body, hashlib.sha256)


def _pack(contents: Contents) -> bytes:
    # Comments stand after the JSON as they are: escaped in it, they could outgrow the fixed size.
    texts = {field: text.encode() for field, text in contents.comments.items()}
    lengths = {field: len(text) for field, text in texts.items()}
    header = {"role": contents.role, "answers": dict(contents.answers), "comments": lengths}
    packed = json.dumps(header, separators=(",", ":")).encode()
    return _LENGTH.pack(len(packed)) + packed + b"".join(texts.values())


def _unpack(body: bytes) -> Contents:
    (length,) = _LENGTH.unpack_from(body)
    header = json.loads(body[_LENGTH.size :][:length])
    rest = body[_LENGTH.size + length :]
    comments = {}
    for field, size in header["comments"].items():
        comments[field], rest = rest[:size].decode(), rest[size:]
    return Contents(header["role"], header["answers"], comments)
