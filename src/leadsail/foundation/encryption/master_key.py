"""The one secret all others hang on: where it comes from, and the keys derived from it.

MasterKeyError
├── MasterKeyMalformed    the text is not 32 random bytes in base64 or hex
├── MasterKeyExposed      others may read the key's file
└── MasterKeyMissing      there is no key file, or it cannot be read or written
"""

import base64
import binascii
import hmac
import os
import secrets
import stat
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Self

from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

_SIZE = 32
_FEWEST_DIFFERENT_BYTES = 16
"""32 random bytes hold about 30 different ones; fewer than 16 is a placeholder, not a key."""

_REMEDY = "make one with: openssl rand -base64 32"


class MasterKeyError(Exception):
    """The master key cannot be had; nothing may start without it."""


class MasterKeyMalformed(MasterKeyError):
    """The text cannot be a master key."""


class MasterKeyExposed(MasterKeyError):
    """Somebody else may have read the key."""


class MasterKeyMissing(MasterKeyError):
    """There is no key to be read."""


@dataclass(frozen=True, slots=True)
class MasterKey:
    """32 secret random bytes; every use has a key of its own, derived from them by HKDF-SHA256 (RFC 5869).

    Raises `MasterKeyMalformed` when the material is too short, too long, or plainly not random.
    """

    material: bytes = field(repr=False)

    def __post_init__(self) -> None:
        if len(self.material) != _SIZE:
            raise MasterKeyMalformed(f"A master key has 32 bytes, this one {len(self.material)}; {_REMEDY}")
        if len(set(self.material)) < _FEWEST_DIFFERENT_BYTES:
            raise MasterKeyMalformed(f"This master key repeats itself and can be guessed; {_REMEDY}")

    @classmethod
    def parse(cls, text: str) -> Self:
        """A key written as 64 hex digits or in base64, as an operator sets it. Raises `MasterKeyMalformed`."""
        written = text.strip()
        with suppress(ValueError):
            if len(written) == 2 * _SIZE:
                return cls(bytes.fromhex(written))
        try:
            padded = written.rstrip("=") + "=" * (-len(written.rstrip("=")) % 4)
            material = base64.b64decode(padded.translate(str.maketrans("-_", "+/")), validate=True)
        except (binascii.Error, ValueError):
            raise MasterKeyMalformed(
                f"The master key is neither 64 hex digits nor base64 of 32 bytes; {_REMEDY}"
            ) from None
        return cls(material)

    @classmethod
    def read(cls, path: Path) -> Self:
        """The key kept in the file `path`.

        Raises `MasterKeyMissing`, `MasterKeyMalformed`, or `MasterKeyExposed` when the file belongs to another
        account or anybody but its owner may read or change it.
        """
        try:
            with path.open("rb") as file:
                _refuse_exposed(path, os.fstat(file.fileno()))
                content = file.read(1024)
        except OSError as error:
            raise MasterKeyMissing(
                f"The master key in {path} cannot be read ({error.strerror}); "
                "restore it from your backup: without it stored secrets cannot be decrypted."
            ) from error
        return cls.parse(content.decode("ascii", "replace"))

    @classmethod
    def read_or_create(cls, path: Path, *, random_bytes: Callable[[int], bytes] = secrets.token_bytes) -> Self:
        """The key kept in the file `path`; when there is no file, a new key is written there, mode 0600.

        Of several that start at once, all get the same key. Call it only where no secret has been stored yet:
        a key that was lost is restored, not replaced. Raises what `read` raises.
        """
        try:
            if not path.exists():
                _create(path, base64.b64encode(random_bytes(_SIZE)) + b"\n")
        except OSError as error:
            raise MasterKeyMissing(
                f"A new master key cannot be written to {path} ({error.strerror}); make its folder writable."
            ) from error
        return cls.read(path)

    @property
    def id(self) -> str:
        """A public name for the key, 16 hex digits; it goes into every value that the key encrypted."""
        return self.derive("key-id")[:8].hex()

    def check_value(self) -> str:
        """A value to store in the database; by it a later start sees that it was given another key."""
        return self.derive("check-value").hex()

    def matches(self, check_value: str) -> bool:
        """Whether `check_value` came from this key, compared in constant time."""
        return hmac.compare_digest(self.check_value().encode(), check_value.encode())

    def derive(self, *purpose: str) -> bytes:
        """A 32-byte key for one purpose only; other purposes give keys that tell nothing about it."""
        hkdf = HKDF(algorithm=SHA256(), length=_SIZE, salt=None, info=unambiguous("leadsail", *purpose))
        return hkdf.derive(self.material)


def unambiguous(*parts: str) -> bytes:
    """The parts in bytes that no other parts give: each stands behind its length (4 bytes, big-endian)."""
    encoded = [part.encode() for part in parts]
    return b"".join(len(part).to_bytes(4, "big") + part for part in encoded)


def _refuse_exposed(path: Path, status: os.stat_result) -> None:
    if status.st_uid not in {os.geteuid(), 0}:
        raise MasterKeyExposed(
            f"The master key in {path} belongs to another account; give it to the one that runs LeadSail: "
            f"chown {os.geteuid()} {path}"
        )
    if stat.S_IMODE(status.st_mode) & 0o077:
        raise MasterKeyExposed(
            f"The master key in {path} may be read or changed by other accounts; close it: chmod 600 {path}"
        )


def _create(path: Path, content: bytes) -> None:
    """Write the file whole or not at all; the first of several writers wins and the others change nothing."""
    draft = path.with_name(f".{path.name}.{secrets.token_hex(8)}")
    descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    try:
        with os.fdopen(descriptor, "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        with suppress(FileExistsError):
            os.link(draft, path)  # unlike a rename, never replaces a key
    finally:
        draft.unlink()
    _sync_folder(path.parent)


def _sync_folder(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
