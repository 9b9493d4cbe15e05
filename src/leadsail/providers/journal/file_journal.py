"""The journal in a file of this machine, for any number of processes on it.

What is done to the file's bytes stands in `lines_of_file`; here it is awaited, and the system's errors are put into
the port's words.
"""

import asyncio
from collections.abc import AsyncIterator, Callable, Iterator, Sequence
from contextlib import contextmanager
from itertools import islice
from pathlib import Path
from typing import ParamSpec, TypeVar

from leadsail.ports.journal import Entry, JournalUnavailable, NewEntry, Position
from leadsail.providers.journal.lines_of_file import LinesOfFile

_READ_AT_ONCE = 1_000

P = ParamSpec("P")
T = TypeVar("T")


class FileJournal:
    """A `Journal` in `folder`, which is made when something is first asked of it and belongs to the platform alone.

    `notice` is told in a sentence when a line was found torn, as a crash in the middle of a write leaves it, and cut.
    """

    def __init__(self, folder: Path, notice: Callable[[str], None] = lambda _: None) -> None:
        self._folder = folder
        self._lines = LinesOfFile(folder, notice)

    async def append(self, entry: NewEntry) -> Position:
        """See `Journal`."""
        [position] = await self.append_all([entry])
        return position

    async def append_all(self, entries: Sequence[NewEntry]) -> list[Position]:
        """See `Journal`."""
        return await self._in_thread(self._lines.append, entries) if entries else []

    async def read(self, after: int = 0) -> AsyncIterator[Entry]:
        """See `Journal`."""
        found = await self._in_thread(self._lines.entries, after)
        while batch := await self._in_thread(_batch, found):
            for entry in batch:
                yield entry

    async def last(self) -> Position | None:
        """See `Journal`."""
        return await self._in_thread(self._lines.last)

    async def identity(self) -> str:
        """See `Journal`."""
        return await self._in_thread(self._lines.identity)

    async def _in_thread(self, work: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
        with self._explained():
            return await asyncio.to_thread(work, *args, **kwargs)

    @contextmanager
    def _explained(self) -> Iterator[None]:
        try:
            yield
        except OSError as error:
            raise JournalUnavailable(
                f"The journal in {self._folder} cannot be used ({error.strerror}); nothing was kept. It must be a"
                " folder that the account running LeadSail may write to, on a disk with room."
            ) from error


def _batch(found: Iterator[Entry]) -> list[Entry]:
    return list(islice(found, _READ_AT_ONCE))
