"""The server's log: where it is, how it stays small, and its last lines for an error message."""

import asyncio
import contextlib
import os
import shutil
from pathlib import Path
from typing import BinaryIO

LIMIT = 10 * 1024 * 1024
"""Bytes after which the log is set aside. One older file is kept, so both together stay near twice this."""

_LOOK_EVERY = 60.0  # seconds


def last_lines(text: str, count: int = 12) -> str:
    """As much of a log as an error message should carry."""
    return "\n".join(text.splitlines()[-count:])


class LogFile:
    """One file that programs append to while we keep it short."""

    def __init__(self, path: Path, *, limit: int = LIMIT) -> None:
        self.path = path
        self._limit = limit
        self._began = 0

    def open(self) -> BinaryIO:
        """A handle to append to; what is written from now on is what `last_lines` returns."""
        self.path.parent.mkdir(exist_ok=True)
        self.path.touch(mode=0o600)
        self.shorten()
        file = self.path.open("ab")
        self._began = file.tell()
        return file

    def last_lines(self) -> str:
        """The newest lines written since the last `open`."""
        with self.path.open("rb") as file:
            end = file.seek(0, os.SEEK_END)
            file.seek(max(self._began, end - 16_384))
            return last_lines(file.read().decode(errors="replace"))

    def note(self, text: str) -> None:
        """Append what a program said elsewhere, if the disk has room for it."""
        with contextlib.suppress(OSError), self.open() as file:
            file.write(text.encode() + b"\n")

    def shorten(self) -> None:
        """Set the content aside once it is too long. Writers hold the file open: it is emptied, not moved."""
        if self.path.exists() and self.path.stat().st_size > self._limit:
            shutil.copyfile(self.path, self.path.with_suffix(".log.1"))
            os.truncate(self.path, 0)
            self._began = 0

    async def stay_short(self) -> None:
        """Shorten the file now and then, for ever."""
        while True:
            await asyncio.sleep(_LOOK_EVERY)
            with contextlib.suppress(OSError):  # a full disk is told where data is written
                await asyncio.to_thread(self.shorten)
