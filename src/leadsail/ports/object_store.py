"""What we ask of a store for recordings, imports and other files; not how a folder or a bucket does it.

ObjectStoreError
├── InvalidObjectKey          the key, prefix, content type or byte range cannot exist in any store
├── ObjectNotFound            nothing is kept under this key
├── ObjectExists              something is kept under this key, and was to stay
├── ByteRangeOutside          the range begins behind the object's last byte
├── ObjectDamaged             the bytes are not the ones that were put
├── ObjectStoreRefused        credentials, permissions or set-up are wrong; an operator must act
└── ObjectStoreUnavailable    the store cannot be reached now; trying again can help
"""

import re
from collections.abc import AsyncIterable, AsyncIterator
from dataclasses import dataclass
from typing import ClassVar, NewType, Protocol, TypeAlias

ObjectKey = NewType("ObjectKey", str)
"""`tenant/kind/id`, as made by `object_key` or checked by `parse_key`; every store checks it again."""

ObjectPrefix = NewType("ObjectPrefix", str)
"""`tenant/` or `tenant/kind/`, as made by `object_prefix`; never empty, so nothing lists or deletes all tenants."""

Content: TypeAlias = bytes | AsyncIterable[bytes]
"""What can be put: the bytes, or a source that yields them piece by piece."""

# Lower case only, because two keys that differ in case are one file on some file systems. No dot, so that neither
# `..` nor a store's hidden working files can be named.
_SEGMENT = re.compile(r"[a-z0-9][a-z0-9_-]{0,79}")
_CONTENT_TYPE = re.compile(r"[a-z0-9]+/[a-z0-9][a-z0-9_.+-]*(; ?[a-z0-9-]+=[A-Za-z0-9_.+-]+)*")
_LONGEST_CONTENT_TYPE = 127


class ObjectStoreError(Exception):
    """Anything that keeps a store from doing what it was asked; `retryable` says whether waiting can help."""

    retryable: ClassVar[bool] = False


class InvalidObjectKey(ObjectStoreError):
    """The caller named what cannot exist in any store: a mistake in the program or a hostile input."""


class ObjectNotFound(ObjectStoreError):
    """Nothing is kept under this key."""

    def __init__(self, key: ObjectKey) -> None:
        super().__init__(f"There is no object {key}: it was deleted or never written.")


class ObjectExists(ObjectStoreError):
    """Something is kept under this key already."""

    def __init__(self, key: ObjectKey) -> None:
        super().__init__(f"There is an object {key} already; it stays as it is.")


class ByteRangeOutside(ObjectStoreError):
    """The asked range begins behind the last byte (HTTP 416 in RFC 9110)."""

    def __init__(self, start: int, size: int) -> None:
        self.size = size
        super().__init__(f"The range begins at byte {start}, but the object has {size} bytes; ask for less.")


class ObjectDamaged(ObjectStoreError):
    """What the store gave back is not what was put there."""

    def __init__(self, key: ObjectKey) -> None:
        super().__init__(f"Object {key} does not match the hash stored with it; restore it from a backup or delete it.")


class ObjectStoreRefused(ObjectStoreError):
    """The store will keep refusing until an operator changes its set-up."""


class ObjectStoreUnavailable(ObjectStoreError):
    """The store cannot be reached or is out of order now."""

    retryable: ClassVar[bool] = True


@dataclass(frozen=True, slots=True)
class StoredObject:
    """One object: its size in bytes, the SHA-256 of its content in lower-case hex, and its media type."""

    key: ObjectKey
    size: int
    sha256: str
    content_type: str


@dataclass(frozen=True, slots=True)
class ListedObject:
    """What a listing tells of an object; size in bytes."""

    key: ObjectKey
    size: int


@dataclass(frozen=True, slots=True)
class ByteRange:
    """Bytes from `start` up to but not including `end`; without `end`, to the last byte.

    Raises `InvalidObjectKey` when it is empty or begins before the first byte.
    """

    start: int
    end: int | None = None

    def __post_init__(self) -> None:
        if self.start < 0 or (self.end is not None and self.end <= self.start):
            raise InvalidObjectKey(f"A range from {self.start} to {self.end} holds no byte; give start < end.")

    def within(self, size: int) -> tuple[int, int]:
        """The part of the range that an object of `size` bytes has; raises `ByteRangeOutside` when it has none."""
        if self.start >= size:
            raise ByteRangeOutside(self.start, size)
        return self.start, size if self.end is None else min(self.end, size)


@dataclass(frozen=True, slots=True)
class ObjectStoreCapabilities:
    """What a store can and cannot do."""

    shared_between_machines: bool
    """Whether what one machine puts, another machine gets."""


class ObjectStore(Protocol):
    """Keeps whole objects under keys.

    Every method may also raise `InvalidObjectKey`, `ObjectStoreRefused` and `ObjectStoreUnavailable`.
    """

    capabilities: ObjectStoreCapabilities

    async def put(self, key: ObjectKey, content: Content, content_type: str) -> StoredObject:
        """Keep `content` under `key`, in place of what was there.

        Readers see the old object or the whole new one, never a part, whatever becomes of the writer. An error
        raised by the source of `content` passes through and leaves the old object.
        """
        ...

    async def put_new(self, key: ObjectKey, content: Content, content_type: str) -> StoredObject:
        """As `put`, but only where nothing is; of several at once one succeeds. Raises `ObjectExists`.

        After a failure that left the outcome open, what is there may be the caller's own.
        """
        ...

    async def get(self, key: ObjectKey) -> bytes:
        """The whole content; raises `ObjectNotFound`, or `ObjectDamaged` when the hash does not match."""
        ...

    def stream(self, key: ObjectKey, byte_range: ByteRange | None = None) -> AsyncIterator[bytes]:
        """The content, or a range of it, in pieces of at most about a megabyte.

        Raises at the first step `ObjectNotFound` or `ByteRangeOutside`. A whole object is checked against its
        hash, so `ObjectDamaged` may come after the last piece; a range is checked for its length only.
        """
        ...

    async def head(self, key: ObjectKey) -> StoredObject:
        """What is kept under `key`, without its content; raises `ObjectNotFound`."""
        ...

    async def delete(self, key: ObjectKey) -> None:
        """Forget the object; nothing happens when there is none."""
        ...

    async def delete_prefix(self, prefix: ObjectPrefix) -> int:
        """Forget every object under `prefix` and say how many there were; safe to repeat after a failure."""
        ...

    def list(self, prefix: ObjectPrefix) -> AsyncIterator[ListedObject]:
        """Every object under `prefix`, in no particular order."""
        ...


def object_key(tenant_id: str, kind: str, object_id: str) -> ObjectKey:
    """The key of one object; the tenant stands first, so that no tenant's objects mix with another's.

    Each part is 1 to 80 lower-case letters, digits, `_` or `-`, beginning with a letter or digit; raises
    `InvalidObjectKey` otherwise.
    """
    return ObjectKey("/".join(_segment(part) for part in (tenant_id, kind, object_id)))


def object_prefix(tenant_id: str, kind: str | None = None) -> ObjectPrefix:
    """What the keys of one tenant, or of one kind of its objects, begin with. Raises `InvalidObjectKey`."""
    parts = [tenant_id] if kind is None else [tenant_id, kind]
    return ObjectPrefix("".join(f"{_segment(part)}/" for part in parts))


def parse_key(text: str) -> ObjectKey:
    """`text` as a key, if it is one; raises `InvalidObjectKey`."""
    parts = text.split("/")
    if len(parts) != 3:
        raise InvalidObjectKey(f"{text[:300]!r} is not an object key; build keys with object_key().")
    return object_key(*parts)


def parse_prefix(text: str) -> ObjectPrefix:
    """`text` as a prefix, if it is one; raises `InvalidObjectKey`."""
    *parts, rest = text.split("/")
    if rest or len(parts) not in {1, 2}:
        raise InvalidObjectKey(f"{text[:300]!r} is not an object prefix; build prefixes with object_prefix().")
    return object_prefix(*parts)


def parse_content_type(text: str) -> str:
    """`text` as a media type such as `audio/wav`, at most 127 characters; raises `InvalidObjectKey`."""
    if len(text) > _LONGEST_CONTENT_TYPE or not _CONTENT_TYPE.fullmatch(text):
        raise InvalidObjectKey(f"{text[:300]!r} is not a media type; write it like audio/wav.")
    return text


def _segment(text: str) -> str:
    if not _SEGMENT.fullmatch(text):
        raise InvalidObjectKey(
            f"{text[:100]!r} cannot be part of an object key; "
            "use 1 to 80 lower-case letters, digits, _ or -, beginning with a letter or digit."
        )
    return text
