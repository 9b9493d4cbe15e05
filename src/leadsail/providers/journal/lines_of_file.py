"""The bytes of the journal's file: locked appends, cut-off tails, reading from any line. Nothing is asynchronous."""

import fcntl
import os
import secrets
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from io import SEEK_END
from pathlib import Path
from typing import BinaryIO

import orjson

from leadsail.ports.journal import (
    Entry,
    JournalDamaged,
    NewEntry,
    Position,
    entry_of,
    line_of,
    origin_of,
    whole_entry,
)

_PIECE = 65_536


class LinesOfFile:
    """The lines of `folder/journal.jsonl`: the journal's name, then the entries, so that entry 1 is on line 2.

    No state is kept between calls, so what other processes wrote is never overlooked.
    """

    def __init__(self, folder: Path, notice: Callable[[str], None]) -> None:
        self._folder = folder
        self._path = folder / "journal.jsonl"
        self._notice = notice

    def append(self, entries: Sequence[NewEntry]) -> list[Position]:
        """Write the entries' lines behind the last and sync them."""
        self._make()
        with self._locked() as file:
            end = self._cut_torn_tail(file)
            before, positions, written = self._last(file, end), [], bytearray()
            for entry in entries:
                line, before = line_of(entry, before)
                written += line + b"\n"
                positions.append(before)
            try:
                _write(file.fileno(), written, end)
            except OSError:
                # What nobody was told is there must not look as if it were.
                with suppress(OSError):
                    os.ftruncate(file.fileno(), end)
                raise
        return positions

    def last(self) -> Position | None:
        """The position of the last whole line; None where there is only the name."""
        self._make()
        with self._path.open("rb") as file:
            position = self._last(file, _end_of_lines(file))
        return position if position.sequence else None

    def entries(self, after: int) -> Iterator[Entry]:
        """The entries after number `after`, as many as there are now, each checked against the one before."""
        self._make()
        with self._path.open("rb") as file:
            end = _end_of_lines(file)
            start, before = self._place_of(file, end, after)
            file.seek(start)
            while start < end:
                line = file.readline()
                start += len(line)
                entry = entry_of(line.rstrip(b"\n"), before, self._place(before.sequence + 1))
                before = entry.position
                if before.sequence > after:
                    yield entry

    def identity(self) -> str:
        """The journal's random name."""
        self._make()
        with self._path.open("rb") as file:
            return self._named(file)[0]

    def _place(self, sequence: int) -> str:
        return f"{self._path}, line {sequence + 1}"

    def _make(self) -> None:
        """Make the file with a name in it where there is none; of several that begin at once, all find the same."""
        if self._path.exists():
            return
        self._folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        draft = self._folder / f".{secrets.token_hex(8)}"
        named = orjson.dumps({"journal": f"jrn_{secrets.token_hex(16)}", "format": 1}) + b"\n"
        descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        try:
            _write(descriptor, named, 0)
        finally:
            os.close(descriptor)
        with suppress(FileExistsError):
            os.link(draft, self._path)  # unlike a rename, never replaces a journal
        draft.unlink()
        _sync(self._folder)
        _sync(self._folder.parent)

    def _named(self, file: BinaryIO) -> tuple[str, int]:
        """The journal's name, and where the line that tells it ends."""
        line, mark, _ = os.pread(file.fileno(), _PIECE, 0).partition(b"\n")
        try:
            return str(orjson.loads(line)["journal"]), len(line) + len(mark)
        except (ValueError, KeyError, TypeError):
            raise JournalDamaged(0, self._place(0), "does not tell the journal's name") from None

    @contextmanager
    def _locked(self) -> Iterator[BinaryIO]:
        """The file as its name leads to it, held against every other writer, in this process or another."""
        while True:
            with self._path.open("r+b") as file:
                fcntl.flock(file, fcntl.LOCK_EX)  # given back when the file is closed
                if os.path.samestat(os.fstat(file.fileno()), self._path.stat()):
                    yield file
                    return

    def _cut_torn_tail(self, file: BinaryIO) -> int:
        """Remove what stands behind the last whole line, which was never answered; where the file ends then."""
        end, size = _end_of_lines(file), os.fstat(file.fileno()).st_size
        if end < size:
            os.ftruncate(file.fileno(), end)
            os.fsync(file.fileno())
            self._notice(f"The journal {self._path} ended in a torn line of {size - end} bytes, which was cut off")
        return end

    def _last(self, file: BinaryIO, end: int) -> Position:
        identity, first = self._named(file)
        if end <= first:
            return origin_of(identity)
        entry = whole_entry(_line_at(file, _line_start(file, end - 1)))
        if entry is None:
            sequence = _count_lines(file, end) - 1
            raise JournalDamaged(sequence, self._place(sequence), "was changed: its hash is of something else")
        return entry.position

    def _place_of(self, file: BinaryIO, end: int, after: int) -> tuple[int, Position]:
        """Where to begin to read for what comes after entry `after`: an offset, and the position in front of it.

        Halving finds it in a file of any size. Where a damaged line is met on the way, everything is read from the
        first entry on, which tells the damaged one by its number.
        """
        identity, first = self._named(file)
        start, before = first, origin_of(identity)
        low, high = first, end
        while after and high - low > _PIECE:
            middle = _line_start(file, (low + high) // 2)
            if middle <= low:
                break
            entry = whole_entry(_line_at(file, middle))
            if entry is None:
                return first, origin_of(identity)
            if entry.position.sequence > after:
                high = middle
            else:
                low = start = middle
                before = Position(entry.position.sequence - 1, entry.before)
        return start, before


def _end_of_lines(file: BinaryIO) -> int:
    """Where the last whole line ends."""
    return _line_start(file, file.seek(0, SEEK_END))


def _line_start(file: BinaryIO, offset: int) -> int:
    """Where the line begins that `offset` stands in: behind the last line break before it."""
    end = offset
    while end > 0:
        start = max(0, end - _PIECE)
        found = os.pread(file.fileno(), end - start, start).rfind(b"\n")
        if found >= 0:
            return start + found + 1
        end = start
    return 0


def _line_at(file: BinaryIO, start: int) -> bytes:
    file.seek(start)
    return file.readline().rstrip(b"\n")


def _count_lines(file: BinaryIO, end: int) -> int:
    return sum(os.pread(file.fileno(), min(_PIECE, end - at), at).count(b"\n") for at in range(0, end, _PIECE))


def _write(descriptor: int, content: bytes | bytearray, offset: int) -> None:
    rest = memoryview(content)
    while rest:
        written = os.pwrite(descriptor, rest, offset)
        offset, rest = offset + written, rest[written:]
    os.fsync(descriptor)


def _sync(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
