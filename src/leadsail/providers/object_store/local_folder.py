"""The store in a local folder, readable by nobody but the platform's account.

`local_tree` and `local_files` know the files; here they are awaited, and the system's errors put into the port's
words.
"""

import asyncio
import errno
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import contextmanager
from itertools import islice
from pathlib import Path
from typing import BinaryIO, ParamSpec, TypeVar

from leadsail.ports.object_store import (
    ByteRange,
    Content,
    ListedObject,
    ObjectKey,
    ObjectPrefix,
    ObjectStoreCapabilities,
    ObjectStoreError,
    ObjectStoreRefused,
    ObjectStoreUnavailable,
    StoredObject,
    parse_content_type,
    parse_key,
    parse_prefix,
)
from leadsail.providers.object_store.content import PIECE, pieces, verified
from leadsail.providers.object_store.local_files import PartFile, sweep
from leadsail.providers.object_store.local_tree import ObjectTree
from leadsail.providers.object_store.settings import LocalFolderSettings

_PRIVATE = 0o700
_LISTED_AT_ONCE = 500

P = ParamSpec("P")
T = TypeVar("T")


class LocalFolder:
    """An `ObjectStore` in a folder of this machine.

    Creating it makes the folder private and removes the remains of killed writers; it raises
    `ObjectStoreRefused` or `ObjectStoreUnavailable` when the folder cannot be had.
    """

    capabilities = ObjectStoreCapabilities(shared_between_machines=False)

    def __init__(self, settings: LocalFolderSettings) -> None:
        self._folder = settings.folder
        self._incoming = settings.folder / ".incoming"
        self._tree = ObjectTree(settings.folder)
        with self._explained():
            _make_private(self._folder)
            _make_private(self._incoming)
            sweep(self._incoming)

    async def put(self, key: ObjectKey, content: Content, content_type: str) -> StoredObject:
        """See `ObjectStore`."""
        return await self._put(key, content, content_type, replace=True)

    async def put_new(self, key: ObjectKey, content: Content, content_type: str) -> StoredObject:
        """See `ObjectStore`."""
        return await self._put(key, content, content_type, replace=False)

    async def _put(self, key: ObjectKey, content: Content, content_type: str, *, replace: bool) -> StoredObject:
        key, content_type = parse_key(key), parse_content_type(content_type)
        part = await self._in_thread(PartFile, self._incoming)
        try:
            async for piece in pieces(content):
                await self._in_thread(part.write, piece)
            return await self._in_thread(self._tree.publish, part, key, content_type, replace=replace)
        finally:
            part.close()

    async def get(self, key: ObjectKey) -> bytes:
        """See `ObjectStore`."""
        return b"".join([piece async for piece in self.stream(key)])

    async def stream(self, key: ObjectKey, byte_range: ByteRange | None = None) -> AsyncIterator[bytes]:
        """See `ObjectStore`."""
        file, stored = await self._in_thread(self._tree.open, parse_key(key))
        with file:
            if byte_range is None:
                content = verified(self._read(file, 0, stored.size), stored)
            else:
                content = self._read(file, *byte_range.within(stored.size))
            async for piece in content:
                yield piece

    async def head(self, key: ObjectKey) -> StoredObject:
        """See `ObjectStore`."""
        file, stored = await self._in_thread(self._tree.open, parse_key(key))
        file.close()
        return stored

    async def delete(self, key: ObjectKey) -> None:
        """See `ObjectStore`."""
        await self._in_thread(self._tree.remove, parse_key(key))

    async def delete_prefix(self, prefix: ObjectPrefix) -> int:
        """See `ObjectStore`."""
        return await self._in_thread(self._tree.remove_all, parse_prefix(prefix))

    async def list(self, prefix: ObjectPrefix) -> AsyncIterator[ListedObject]:
        """See `ObjectStore`."""
        found = self._tree.objects(parse_prefix(prefix))
        while batch := await self._in_thread(tuple, islice(found, _LISTED_AT_ONCE)):
            for listed in batch:
                yield listed

    async def _read(self, file: BinaryIO, start: int, end: int) -> AsyncIterator[bytes]:
        file.seek(start)
        while start < end and (piece := await self._in_thread(file.read, min(PIECE, end - start))):
            start += len(piece)
            yield piece

    async def _in_thread(self, work: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
        with self._explained():
            return await asyncio.to_thread(work, *args, **kwargs)

    @contextmanager
    def _explained(self) -> Iterator[None]:
        """Put what the operating system says into the port's words."""
        try:
            yield
        except OSError as error:
            raise _translated(error, self._folder) from error


def _make_private(folder: Path) -> None:
    folder.mkdir(mode=_PRIVATE, parents=True, exist_ok=True)
    folder.chmod(_PRIVATE)


def _translated(error: OSError, folder: Path) -> ObjectStoreError:
    match error.errno:
        case errno.ELOOP | errno.ENOTDIR | errno.EISDIR | errno.EEXIST:
            return ObjectStoreRefused(
                f"Something in the object folder {folder} is a link, a file or a folder where it must not be "
                f"({error.strerror}); find out who put it there and remove it."
            )
        case errno.EACCES | errno.EPERM | errno.EROFS:
            return ObjectStoreRefused(
                f"The object folder {folder} may not be used ({error.strerror}); "
                "let it belong to the account that runs LeadSail, on a writable disk."
            )
        case _:
            return ObjectStoreUnavailable(
                f"The object folder {folder} cannot be used now ({error.strerror}); check its disk."
            )
