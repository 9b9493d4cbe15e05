"""Where objects lie below the local folder: `tenant/kind/id`, reached without following symbolic links.

So no link planted there leads a reader or a writer out of the folder. What is inside a file is decided in
`local_files`; nothing here is asynchronous.
"""

import os
import stat
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import BinaryIO

from leadsail.ports.object_store import (
    InvalidObjectKey,
    ListedObject,
    ObjectExists,
    ObjectKey,
    ObjectNotFound,
    ObjectPrefix,
    ObjectStoreUnavailable,
    StoredObject,
    parse_key,
)
from leadsail.providers.object_store.local_files import PartFile, content_size, open_object

_DIRECTORY = os.O_RDONLY | os.O_DIRECTORY


class ObjectTree:
    """The directories below `root`. Made when needed, they stay, so that no writer loses one half-way."""

    def __init__(self, root: Path) -> None:
        self._root = root

    def publish(self, part: PartFile, key: ObjectKey, content_type: str, *, replace: bool) -> StoredObject:
        """Put the finished part in its place. Raises `ObjectExists` where `replace` is not set and one is there."""
        with self._directory(key.rpartition("/")[0], create=True) as folder:
            try:
                return part.publish(folder, key, content_type, replace=replace)
            except FileExistsError:
                raise ObjectExists(key) from None

    def open(self, key: ObjectKey) -> tuple[BinaryIO, StoredObject]:
        """The object's file and what it says of itself; raises `ObjectNotFound` or `ObjectDamaged`."""
        try:
            with self._directory(key.rpartition("/")[0]) as folder:
                return open_object(folder, key)
        except FileNotFoundError:
            raise ObjectNotFound(key) from None

    def remove(self, key: ObjectKey) -> None:
        """Remove the object, if there is one."""
        directory, _, name = key.rpartition("/")
        with suppress(FileNotFoundError), self._directory(directory) as folder:
            os.unlink(name, dir_fd=folder)
            os.fsync(folder)

    def remove_all(self, prefix: ObjectPrefix) -> int:
        """Remove every file below `prefix`, whoever put it there, and say how many there were."""
        removed = 0
        for _, name, folder in self._names(prefix):
            with suppress(FileNotFoundError):
                os.unlink(name, dir_fd=folder)
                removed += 1
        return removed

    def objects(self, prefix: ObjectPrefix) -> Iterator[ListedObject]:
        """Every object below `prefix`; what cannot be an object is passed over."""
        for path, name, folder in self._names(prefix):
            with suppress(FileNotFoundError, InvalidObjectKey):
                key = parse_key(os.path.normpath(f"{prefix}{path}/{name}"))
                size = content_size(os.stat(name, dir_fd=folder, follow_symlinks=False))
                if size is not None:
                    yield ListedObject(key, size)

    def _names(self, prefix: ObjectPrefix) -> Iterator[tuple[str, str, int]]:
        """Directory, name and open directory of everything below `prefix` that is not a real directory."""
        with suppress(FileNotFoundError), self._directory(prefix.rstrip("/")) as top:
            for path, directories, files, folder in os.fwalk(".", dir_fd=top, onerror=_fail):
                links = [name for name in directories if _is_link(name, folder)]
                for name in (*files, *links):
                    yield path, name, folder

    @contextmanager
    def _directory(self, path: str, *, create: bool = False) -> Iterator[int]:
        current = self._open_root()
        try:
            for step in path.split("/"):
                if create:
                    _make_directory(step, current)
                parent, current = current, os.open(step, _DIRECTORY | os.O_NOFOLLOW, dir_fd=current)
                os.close(parent)
            yield current
        finally:
            os.close(current)

    def _open_root(self) -> int:
        try:
            return os.open(self._root, _DIRECTORY)
        except FileNotFoundError:
            raise ObjectStoreUnavailable(
                f"The object folder {self._root} is gone; bring it back (is its disk mounted?) and restart."
            ) from None


def _make_directory(name: str, parent: int) -> None:
    with suppress(FileExistsError):
        os.mkdir(name, mode=0o700, dir_fd=parent)
        os.fsync(parent)


def _is_link(name: str, folder: int) -> bool:
    return stat.S_ISLNK(os.stat(name, dir_fd=folder, follow_symlinks=False).st_mode)


def _fail(error: OSError) -> None:
    raise error
