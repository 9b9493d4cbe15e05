"""How one object lies in the local folder: content, then a trailer with its hash and media type, in one file.

One file, so that content and description appear and vanish together. Where the files lie is not decided here, nor
is anything asynchronous.
"""

import fcntl
import hashlib
import os
import stat
import struct
import tempfile
import threading
from contextlib import suppress
from pathlib import Path
from typing import BinaryIO

from leadsail.ports.object_store import InvalidObjectKey, ObjectDamaged, ObjectKey, StoredObject, parse_content_type

_MAGIC = b"LSobj\x00\x00\x01"
_TRAILER = struct.Struct(f">128p32s{len(_MAGIC)}s")
"""Media type as a Pascal string, SHA-256 of the content, and a mark with this format's version."""


class PartFile:
    """An object that is still being written: it has no name that a reader could ask for.

    The writer holds a lock on the file for as long as it lives, so that `sweep` can tell the remains of a
    killed writer from work in progress. Methods may be called from any thread; a `close` waits for what still runs.
    """

    def __init__(self, incoming: Path) -> None:
        descriptor, path = tempfile.mkstemp(dir=incoming, suffix=".part")  # mode 0600, O_EXCL
        self._file = os.fdopen(descriptor, "wb")
        self._path = Path(path)
        self._digest = hashlib.sha256()
        self._size = 0
        self._turn = threading.Lock()
        fcntl.flock(descriptor, fcntl.LOCK_EX)

    def write(self, piece: bytes) -> None:
        """Append a piece of the content."""
        with self._turn:
            self._file.write(piece)
            self._digest.update(piece)
            self._size += len(piece)

    def publish(self, folder: int, key: ObjectKey, content_type: str, *, replace: bool) -> StoredObject:
        """Make the object visible under the last part of its key in the open directory `folder`, for good.

        The file is synced before it gets its name and the directory after, so that a power cut leaves the old
        object or the whole new one. Raises `FileExistsError` where there is one and `replace` is not set.
        """
        name = key.rpartition("/")[2]
        with self._turn:
            self._file.write(_TRAILER.pack(content_type.encode("ascii"), self._digest.digest(), _MAGIC))
            self._file.flush()
            os.fsync(self._file.fileno())
            if replace:
                os.replace(self._path, name, dst_dir_fd=folder)
            else:
                os.link(self._path, name, dst_dir_fd=folder)
            os.fsync(folder)
        return StoredObject(key, self._size, self._digest.hexdigest(), content_type)

    def close(self) -> None:
        """Stop writing; whatever was not published is gone."""
        with self._turn:
            self._file.close()
            self._path.unlink(missing_ok=True)


def sweep(incoming: Path) -> None:
    """Remove what killed writers left behind; files of living writers are locked and stay."""
    # A file that was made but not locked yet may go too; its writer then fails as unavailable and can try again.
    for path in incoming.glob("*.part"):
        with suppress(FileNotFoundError, BlockingIOError), path.open("rb") as leftover:
            fcntl.flock(leftover, fcntl.LOCK_EX | fcntl.LOCK_NB)
            path.unlink()


def open_object(folder: int, key: ObjectKey) -> tuple[BinaryIO, StoredObject]:
    """Open the object in the directory `folder`, never through a symbolic link, and read its trailer.

    Raises `ObjectDamaged` when it has no whole trailer.
    """
    # O_NONBLOCK: a named pipe put here by someone else must not hang the reader.
    flags = os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK
    file = os.fdopen(os.open(key.rpartition("/")[2], flags, dir_fd=folder), "rb")
    try:
        return file, _describe(file.fileno(), key)
    except BaseException:
        file.close()
        raise


def content_size(status: os.stat_result) -> int | None:
    """Bytes of content in a file with this status; None when it cannot be an object."""
    size = status.st_size - _TRAILER.size
    return size if stat.S_ISREG(status.st_mode) and size >= 0 else None


def _describe(descriptor: int, key: ObjectKey) -> StoredObject:
    size = content_size(os.fstat(descriptor))
    if size is None:
        raise ObjectDamaged(key)
    content_type, digest, magic = _TRAILER.unpack(os.pread(descriptor, _TRAILER.size, size))
    if magic != _MAGIC:
        raise ObjectDamaged(key)
    try:
        return StoredObject(key, size, digest.hex(), parse_content_type(content_type.decode("ascii", "replace")))
    except InvalidObjectKey:
        raise ObjectDamaged(key) from None
