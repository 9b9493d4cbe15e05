"""API keys that were recognised a moment ago, so that not every request asks the database.

A key is trusted from memory only while a heartbeat, at most a second old, says that no key has changed since it was
looked up. A revocation therefore holds in every process within a second, and when the database is silent every key
is looked up again, which is to say refused until the database is back.
"""

import hashlib
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import datetime

from leadsail.foundation.clock import Clock
from leadsail.foundation.web.caller import Caller

_TRUSTED_SECONDS = 1.0
_MOST_KEYS = 20_000


@dataclass(frozen=True, slots=True)
class KnownKey:
    """A key that opens something, until it expires."""

    caller: Caller
    expires_at: datetime | None


Lookup = Callable[[str], Awaitable[KnownKey | None]]


class KeyCache:
    """An `Authenticator` in front of the database. `used` collects the keys seen since it was last emptied."""

    def __init__(self, lookup: Lookup, clock: Clock) -> None:
        self._lookup = lookup
        self._clock = clock
        self._known: dict[bytes, KnownKey] = {}
        self._epoch = -1
        self._heard_at = float("-inf")
        self.used: set[Caller] = set()

    def hear(self, epoch: int, asked_at: float) -> None:
        """Take note of a heartbeat: the keys' epoch, asked for at `asked_at` (monotonic)."""
        if epoch != self._epoch:
            self._known.clear()
            self._epoch = epoch
        self._heard_at = asked_at

    async def identify(self, key: str) -> Caller | None:
        """See `Authenticator`."""
        digest = hashlib.sha256(key.encode()).digest()
        fresh = self._clock.monotonic() - self._heard_at < _TRUSTED_SECONDS
        known = self._known.get(digest) if fresh else None
        if known is None:
            epoch = self._epoch
            known = await self._lookup(key)
            if known is None:
                return None
            if fresh and epoch == self._epoch:
                self._remember(digest, known)
        return self._unexpired(known)

    def _remember(self, digest: bytes, known: KnownKey) -> None:
        if len(self._known) >= _MOST_KEYS:
            self._known.clear()
        self._known[digest] = known

    def _unexpired(self, known: KnownKey) -> Caller | None:
        if known.expires_at is not None and known.expires_at <= self._clock.now():
            return None
        self.used.add(known.caller)
        return known.caller
