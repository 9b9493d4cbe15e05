"""Content on its way in or out, the same for every store: cut into pieces, counted and hashed."""

import hashlib
from collections.abc import AsyncIterable, AsyncIterator

from leadsail.ports.object_store import Content, ObjectDamaged, StoredObject

PIECE = 1024 * 1024
"""Bytes that are read or handed on at once."""


async def pieces(content: Content) -> AsyncIterator[bytes]:
    """The content piece by piece, however it was given."""
    if not isinstance(content, AsyncIterable):
        yield content
        return
    async for piece in content:
        yield piece


async def verified(content: AsyncIterable[bytes], stored: StoredObject) -> AsyncIterator[bytes]:
    """Pass the content on, then raise `ObjectDamaged` if it was not the whole of what was stored."""
    digest = hashlib.sha256()
    async for piece in content:
        digest.update(piece)
        yield piece
    if digest.hexdigest() != stored.sha256:
        raise ObjectDamaged(stored.key)
