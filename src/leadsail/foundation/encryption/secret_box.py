"""Encrypts the secrets that tenants entrust to us, so that each opens in its own place only.

SecretError
├── SecretMalformed     the text is not a token of ours, or only a part of one
├── SecretKeyUnknown    it was encrypted under a master key that we were not given
└── SecretTampered      it was changed, or belongs to another tenant, record or field
"""

import base64
import re
import secrets
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from leadsail.foundation.encryption.master_key import MasterKey, unambiguous

_VERSION = "lsb1"
_NONCE_BYTES = 12
_TAG_BYTES = 16
_TOKEN = re.compile(rf"{_VERSION}\.([0-9a-f]{{16}})\.([A-Za-z0-9_-]+)")


class SecretError(Exception):
    """A stored secret cannot be opened."""


class SecretMalformed(SecretError):
    """The stored text is not an encrypted value, or was cut short."""

    def __init__(self) -> None:
        super().__init__("The stored text is not a whole encrypted value; enter the secret again.")


class SecretKeyUnknown(SecretError):
    """The value was encrypted under a key that we do not have."""

    def __init__(self, key_id: str) -> None:
        super().__init__(
            f"This secret was encrypted under master key {key_id}, which is not among the configured ones; "
            "add that key to the previous ones or enter the secret again."
        )


class SecretTampered(SecretError):
    """The value was altered or moved here from somewhere else."""

    def __init__(self, place: "SecretPlace") -> None:
        super().__init__(
            f"The secret in {place.field} of {place.record_kind} {place.record_id} was altered or moved here "
            "from another record; enter it again and find out who changed the database."
        )


@dataclass(frozen=True, slots=True)
class SecretPlace:
    """Where one secret belongs; a value encrypted for one place opens in no other."""

    tenant_id: str
    record_kind: str
    record_id: str
    field: str


class SecretBox:
    """Seals with the current master key and opens what the current or a previous one sealed.

    AES-256-GCM (NIST SP 800-38D) under a key of the tenant's own, with a random 96-bit nonce: safe for 2^32 values
    per tenant and master key. A token reads `lsb1.<key id>.<base64url of nonce, ciphertext and tag>`.
    """

    def __init__(
        self,
        current: MasterKey,
        previous: Sequence[MasterKey] = (),
        *,
        random_bytes: Callable[[int], bytes] = secrets.token_bytes,
    ) -> None:
        self._current = current
        self._keys = {key.id: key for key in (*previous, current)}
        self._random_bytes = random_bytes

    def seal(self, secret: bytes, place: SecretPlace) -> str:
        """Encrypt `secret` for `place`; two calls never give the same token."""
        nonce = self._random_bytes(_NONCE_BYTES)
        sealed = _cipher(self._current, place).encrypt(nonce, secret, _bound_to(self._current.id, place))
        return f"{_VERSION}.{self._current.id}.{base64.urlsafe_b64encode(nonce + sealed).decode().rstrip('=')}"

    def open(self, token: str, place: SecretPlace) -> bytes:
        """The secret that was sealed for `place`; raises a `SecretError` rather than give a wrong one."""
        key_id, sealed = _parse(token)
        key = self._keys.get(key_id)
        if key is None:
            raise SecretKeyUnknown(key_id)
        nonce, ciphertext = sealed[:_NONCE_BYTES], sealed[_NONCE_BYTES:]
        try:
            return _cipher(key, place).decrypt(nonce, ciphertext, _bound_to(key_id, place))
        except InvalidTag:
            raise SecretTampered(place) from None

    def needs_rotation(self, token: str) -> bool:
        """Whether `token` hangs on a key other than the current one; opening and sealing it again cures that."""
        return _parse(token)[0] != self._current.id


def _cipher(key: MasterKey, place: SecretPlace) -> AESGCM:
    return AESGCM(key.derive("secret-box", place.tenant_id))


def _bound_to(key_id: str, place: SecretPlace) -> bytes:
    """What is authenticated with a secret and not stored beside it."""
    return unambiguous(_VERSION, key_id, place.tenant_id, place.record_kind, place.record_id, place.field)


def _parse(token: str) -> tuple[str, bytes]:
    """Key id and sealed bytes; every token has exactly one spelling, so a respelled one is refused too."""
    found = _TOKEN.fullmatch(token)
    if not found or len(found[2]) % 4 == 1:
        raise SecretMalformed
    sealed = base64.urlsafe_b64decode(found[2] + "=" * (-len(found[2]) % 4))
    respelled = base64.urlsafe_b64encode(sealed).decode().rstrip("=")
    if respelled != found[2] or len(sealed) < _NONCE_BYTES + _TAG_BYTES:
        raise SecretMalformed
    return found[1], sealed
