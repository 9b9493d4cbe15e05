"""How an API key is spelled (contract 7.7): a prefix that tells its kind, random base62, and a checksum.

The checksum lets a secret scanner, and this server, tell a real key from a random string without asking anybody;
the idea is GitHub's token format. Nothing here stores or compares keys.
"""

import binascii
import re
from collections.abc import Callable

SCOPES = ("read", "write", "call", "sms", "admin")
DEFAULT_SCOPES = ("read", "write", "call", "sms")
KINDS = ("live", "test")

_ALPHABET = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
_RANDOM_CHARACTERS = 33  # 33 * log2(62) = 196 bits
_CHECKSUM_CHARACTERS = 6  # 62^6 > 2^32
_SHAPE = re.compile(rf"(ls_(?:live|test)_[0-9A-Za-z]{{{_RANDOM_CHARACTERS}}})([0-9A-Za-z]{{{_CHECKSUM_CHARACTERS}}})")


def mint_key(kind: str, random_below: Callable[[int], int]) -> str:
    """A fresh key of `kind` (`live` or `test`); `random_below(n)` draws from 0 to n-1 and must be cryptographic."""
    drawn = "".join(_ALPHABET[random_below(len(_ALPHABET))] for _ in range(_RANDOM_CHARACTERS))
    stem = f"ls_{kind}_{drawn}"
    return stem + _checksum(stem)


def is_key(text: str) -> bool:
    """Whether `text` is spelled like a key and its checksum agrees."""
    match = _SHAPE.fullmatch(text)
    return match is not None and _checksum(match[1]) == match[2]


def hint(key: str) -> str:
    """How a key is listed: its prefix and last four characters, enough to recognise it and too little to use it."""
    return f"{key[:8]}…{key[-4:]}"


def _checksum(stem: str) -> str:
    rest, digits = binascii.crc32(stem.encode()), ""
    for _ in range(_CHECKSUM_CHARACTERS):
        rest, digit = divmod(rest, len(_ALPHABET))
        digits = _ALPHABET[digit] + digits
    return digits
