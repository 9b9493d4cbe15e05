"""The journal in an object store, for many machines: one object an entry, each put only where nothing is yet."""

import secrets
from collections.abc import AsyncIterator, Sequence

from leadsail.ports.journal import (
    Entry,
    JournalDamaged,
    JournalUnavailable,
    NewEntry,
    Position,
    entry_of,
    line_of,
    origin_of,
    whole_entry,
)
from leadsail.ports.object_store import (
    ObjectDamaged,
    ObjectExists,
    ObjectKey,
    ObjectNotFound,
    ObjectStore,
    ObjectStoreError,
    object_key,
)

_JSON = "application/json"
_NAME = object_key("journal", "about", "identity")


class ObjectJournal:
    """A `Journal` whose entry number n is the object `journal/entry/<n>`: its line, then a line that tells the writer.

    Of several that append at once, one puts the next number and the others try the number after it. The last number
    that was seen is remembered, as a place to look on from.
    """

    def __init__(self, store: ObjectStore) -> None:
        self._store = store
        self._seen: Position | None = None

    async def append(self, entry: NewEntry) -> Position:
        """See `Journal`."""
        token = secrets.token_hex(16).encode()
        while True:
            line, position = line_of(entry, await self._end())
            content = line + b"\n" + token
            # What is there already may be ours, from a request whose answer was lost.
            if await self._put(_key(position.sequence), content) or await self._content(position.sequence) == content:
                self._seen = position
                return position

    async def append_all(self, entries: Sequence[NewEntry]) -> list[Position]:
        """See `Journal`. Each entry waits for the store by itself."""
        return [await self.append(entry) for entry in entries]

    async def read(self, after: int = 0) -> AsyncIterator[Entry]:
        """See `Journal`."""
        end = (await self._end()).sequence
        # Entry `after` is read again, so that what follows is held against it.
        before = await self._position_of(max(0, min(after, end) - 1))
        while before.sequence < end:
            sequence = before.sequence + 1
            entry = entry_of(_line(await self._content(sequence) or b""), before, _key(sequence))
            before = entry.position
            if before.sequence > after:
                yield entry

    async def last(self) -> Position | None:
        """See `Journal`."""
        end = await self._end()
        return end if end.sequence else None

    async def identity(self) -> str:
        """See `Journal`."""
        if (name := await self._name()) is None:
            await self._put(_NAME, f"jrn_{secrets.token_hex(16)}".encode())
            name = await self._name()
        if name is None:
            raise JournalUnavailable(f"The object store does not give back {_NAME}, which was put there just now.")
        return name

    async def _name(self) -> str | None:
        try:
            return (await self._store.get(_NAME)).decode()
        except ObjectNotFound:
            return None
        except (ObjectDamaged, UnicodeDecodeError) as error:
            raise JournalDamaged(0, _NAME, "does not tell the journal's name") from error
        except ObjectStoreError as error:
            raise _unavailable(error) from error

    async def _end(self) -> Position:
        """The position of the last entry, looked for from the last one that was seen."""
        position = self._seen or await self._found_end()
        while (content := await self._content(position.sequence + 1)) is not None:
            position = entry_of(_line(content), position, _key(position.sequence + 1)).position
        self._seen = position
        return position

    async def _found_end(self) -> Position:
        """The position of an entry near the end: numbers have no gaps, so doubling and halving find it."""
        low, high = 0, 1
        while await self._is_there(high):
            low, high = high, high * 2
        while high - low > 1:
            middle = (low + high) // 2
            low, high = (middle, high) if await self._is_there(middle) else (low, middle)
        return await self._position_of(low)

    async def _position_of(self, sequence: int) -> Position:
        """The position of an entry that is there, by its own account; 0 is what stands in front of the first."""
        if sequence == 0:
            return origin_of(await self.identity())
        entry = whole_entry(_line(await self._content(sequence) or b""))
        if entry is None:
            raise JournalDamaged(sequence, _key(sequence), "was changed: its hash is of something else")
        return entry.position

    async def _content(self, sequence: int) -> bytes | None:
        """What is kept of an entry; None where there is none."""
        try:
            return await self._store.get(_key(sequence))
        except ObjectNotFound:
            return None
        except ObjectDamaged as error:
            raise JournalDamaged(sequence, _key(sequence), "was changed after it was put") from error
        except ObjectStoreError as error:
            raise _unavailable(error) from error

    async def _is_there(self, sequence: int) -> bool:
        try:
            await self._store.head(_key(sequence))
        except ObjectNotFound:
            return False
        except ObjectDamaged:
            return True
        except ObjectStoreError as error:
            raise _unavailable(error) from error
        return True

    async def _put(self, key: ObjectKey, content: bytes) -> bool:
        """Put an object where there is none; False where there was one."""
        try:
            await self._store.put_new(key, content, _JSON)
        except ObjectExists:
            return False
        except ObjectStoreError as error:
            raise _unavailable(error) from error
        return True


def _key(sequence: int) -> ObjectKey:
    return object_key("journal", "entry", f"{sequence:016d}")


def _line(content: bytes) -> bytes:
    return content.partition(b"\n")[0]


def _unavailable(error: ObjectStoreError) -> JournalUnavailable:
    return JournalUnavailable(f"The journal's object store cannot be used, so nothing is known to be kept. {error}")
