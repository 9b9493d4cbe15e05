"""Hashes that only the master key can make: for what must be recognised again but never read."""

import hmac
from collections.abc import Sequence

from leadsail.foundation.encryption.master_key import MasterKey


class KeyedHash:
    """HMAC-SHA256 (RFC 2104) under a key of its own for each purpose, so that purposes tell nothing of each other.

    A hash cannot be made anew under a new master key, because its value is gone: a previous key is kept for as
    long as hashes made with it are stored, and look-ups ask for all `candidates`.
    """

    def __init__(self, current: MasterKey, previous: Sequence[MasterKey] = ()) -> None:
        self._keys = (current, *previous)
        self._derived: dict[str, tuple[bytes, ...]] = {}

    def of(self, purpose: str, value: str | bytes) -> bytes:
        """The 32-byte hash to store; text counts as its UTF-8 bytes."""
        return _hash(self._keys_for(purpose)[0], value)

    def candidates(self, purpose: str, value: str | bytes) -> tuple[bytes, ...]:
        """Every hash under which `value` may have been stored, the current key's first."""
        return tuple(_hash(key, value) for key in self._keys_for(purpose))

    def _keys_for(self, purpose: str) -> tuple[bytes, ...]:
        """The keys of a purpose, derived once: purposes are few, and deriving costs twenty times a hash."""
        derived = self._derived.get(purpose)
        if derived is None:
            derived = self._derived[purpose] = tuple(key.derive("keyed-hash", purpose) for key in self._keys)
        return derived


def _hash(key: bytes, value: str | bytes) -> bytes:
    message = value.encode() if isinstance(value, str) else value
    return hmac.digest(key, message, "sha256")
