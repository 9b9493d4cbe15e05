"""What we ask of a journal: to keep, outside the database, what must never be forgotten. Not where it is kept.

Opt-outs are written here before they commit, and the heads of the sealed chain of decisions, so that a database that
was put back from a copy can be told from the one that is missing. A journal only grows.

JournalError
├── JournalDamaged        a line is not the one that was written
└── JournalUnavailable    it cannot be read or written now; trying again can help
"""

import hashlib
from collections.abc import AsyncIterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Literal, Protocol, TypeAlias

import orjson
from pydantic import JsonValue

from leadsail.foundation.clock import to_milliseconds

EntryKind: TypeAlias = Literal["opt_out", "lifted", "removed", "head", "released"]
"""A number asked to be left alone; its handset started again; an admin took it off the list; a head of the chain of
decisions; a hold after a restored copy was released."""

_HASH_MARK = b',"hash":"'


class JournalError(Exception):
    """Anything that keeps a journal from doing what it was asked."""


class JournalDamaged(JournalError):
    """Entry number `sequence`, counted from 1, is not the one that was written, or one before it is missing.

    0 stands for the journal's own name. `place` says where that is, as an operator looks it up.
    """

    def __init__(self, sequence: int, place: str, what: str) -> None:
        self.sequence = sequence
        super().__init__(
            f"Entry {sequence} of the journal ({place}) {what}; put the journal back from its own backup, or find out"
            " who changed it. Nothing may be called or texted until it is whole."
        )


class JournalUnavailable(JournalError):
    """The journal cannot be used now."""


@dataclass(frozen=True, slots=True)
class NewEntry:
    """Something to be kept. The payload holds no plain number, name or word of a person: it can never be erased."""

    kind: EntryKind
    at: datetime
    payload: Mapping[str, JsonValue] = field(repr=False)


@dataclass(frozen=True, slots=True)
class Position:
    """How far a journal is: the number of its last entry from 1, and its hash, which stands for all before it too."""

    sequence: int
    hash: str


@dataclass(frozen=True, slots=True)
class Entry:
    """Something that was kept."""

    position: Position
    kind: EntryKind
    at: datetime
    payload: Mapping[str, JsonValue] = field(repr=False)
    before: str
    """The hash of the entry before it."""


class Journal(Protocol):
    """Keeps entries in the order of their arrival; many processes may append at once.

    Every method may raise `JournalUnavailable`.
    """

    async def append(self, entry: NewEntry) -> Position:
        """Keep an entry; returns once it would survive a power cut. Raises `JournalDamaged` if the last one is."""
        ...

    async def append_all(self, entries: Sequence[NewEntry]) -> list[Position]:
        """Keep several in this order; a crash may leave only the first of them. One wait for the disk, if possible."""
        ...

    def read(self, after: int = 0) -> AsyncIterator[Entry]:
        """The entries after number `after` that are there now; raises `JournalDamaged` at a bad one."""
        ...

    async def last(self) -> Position | None:
        """Where the journal ends; None while it is empty."""
        ...

    async def identity(self) -> str:
        """A random name, made with the journal: another journal has another."""
        ...


def origin_of(identity: str) -> Position:
    """What stands in front of the first entry of the journal of this name."""
    return Position(0, hashlib.sha256(identity.encode()).hexdigest())


def line_of(entry: NewEntry, before: Position) -> tuple[bytes, Position]:
    """The JSON line that keeps `entry` behind `before`, and its position.

    The hash is SHA-256 over all of the line in front of it, the hash of the line before included.
    """
    body = {
        "sequence": before.sequence + 1,
        "kind": entry.kind,
        "at": to_milliseconds(entry.at).isoformat(timespec="milliseconds"),
        "payload": dict(entry.payload),
        "before": before.hash,
    }
    signed = orjson.dumps(body)[:-1]
    digest = hashlib.sha256(signed).hexdigest()
    return signed + _HASH_MARK + digest.encode() + b'"}', Position(before.sequence + 1, digest)


def entry_of(line: bytes, before: Position, place: str) -> Entry:
    """The entry that `line` keeps, which must stand behind `before`. Raises `JournalDamaged` unless it does."""
    entry = whole_entry(line)
    if entry is None:
        raise JournalDamaged(before.sequence + 1, place, "was changed: its hash is of something else")
    if entry.position.sequence != before.sequence + 1 or entry.before != before.hash:
        raise JournalDamaged(before.sequence + 1, place, "does not follow the one before it")
    return entry


def whole_entry(line: bytes) -> Entry | None:
    """The entry that `line` keeps, wherever it stands; None when any of it was changed."""
    signed, mark, rest = line.rpartition(_HASH_MARK)
    digest = hashlib.sha256(signed).hexdigest()
    if not mark or rest != digest.encode() + b'"}':
        return None
    # What the hash covers was written by `line_of`, so it is whole.
    body: dict[str, Any] = orjson.loads(signed + b"}")
    at = datetime.fromisoformat(body["at"])
    return Entry(Position(body["sequence"], digest), body["kind"], at, body["payload"], body["before"])
