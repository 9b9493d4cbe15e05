"""A lock on the data folder, so that no two LeadSails start a server in it. It ends with its holder."""

import fcntl
import os
from pathlib import Path

from leadsail.foundation.embedded_postgres.errors import DataFolderInUseError


class FolderLock:
    """An flock(2) on a small file in the folder, which also notes who holds it."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._file: int | None = None

    def take(self) -> None:
        """Take the lock, at once or not at all; taking it twice is harmless.

        Raises DataFolderInUseError if somebody else holds it.
        """
        if self._file is not None:
            return
        file = os.open(self._folder / "postgres.lock", os.O_RDWR | os.O_CREAT, 0o600)
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            holder = os.pread(file, 20, 0).decode(errors="replace").strip()
            os.close(file)
            raise DataFolderInUseError(
                f"Another LeadSail (process {holder}) already works in {self._folder}; "
                "stop it first, or give this one a folder of its own with --data-dir."
            ) from None
        os.ftruncate(file, 0)
        os.pwrite(file, f"{os.getpid()}\n".encode(), 0)
        self._file = file

    def release(self) -> None:
        """Give the lock back, if we hold it. The file stays: removing it would open a race."""
        if self._file is not None:
            os.close(self._file)
            self._file = None
