"""How a number is recognised without being stored: keyed hashes for the tables, encrypted text for the journal."""

import re

from leadsail.foundation.encryption import KeyedHash, SecretBox, SecretError, SecretPlace

# The same as of the hashes that an erased lead leaves, so that both are recognised as one number.
_PURPOSE = "suppression-phone"


class SecretNumbers:
    """Hides phone numbers and finds them again."""

    def __init__(self, keyed_hash: KeyedHash, secret_box: SecretBox) -> None:
        self._hash = keyed_hash
        self._box = secret_box

    def hash_of(self, phone: str) -> bytes:
        """What a number is stored under."""
        return self._hash.of(_PURPOSE, phone)

    def hashes_of(self, phone: str) -> tuple[bytes, ...]:
        """Everything that a number may be stored under, the present hash first."""
        return self._hash.candidates(_PURPOSE, phone)

    def fingerprint(self, text: bytes) -> str:
        """A hash of evidence, by which it is recognised in somebody else's files."""
        return self._hash.of("suppression-evidence", text).hex()

    def seal(self, tenant_id: str, phone: str) -> str:
        """A number, encrypted for the journal."""
        return self._box.seal(phone.encode(), self._place(tenant_id, self.hash_of(phone)))

    def open(self, tenant_id: str, sealed: str, phone_hash: bytes) -> str | None:
        """A number of the journal; None where the key that encrypted it is not here any more."""
        try:
            return self._box.open(sealed, self._place(tenant_id, phone_hash)).decode()
        except SecretError:
            return None

    def _place(self, tenant_id: str, phone_hash: bytes) -> SecretPlace:
        return SecretPlace(tenant_id, "journal", phone_hash.hex(), "phone")


def is_number(text: str) -> bool:
    """Whether `text` is a number in E.164, which is all that can be told of a number without ringing it."""
    return re.fullmatch(r"\+[1-9][0-9]{6,14}", text) is not None
