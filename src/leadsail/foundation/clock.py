"""The only place that reads the time: everything else is given a `Clock`, so that a week passes in a test's second."""

import asyncio
import time
from datetime import UTC, datetime, timedelta
from typing import Protocol

_TREMBLE = timedelta(milliseconds=50)


class Clock(Protocol):
    """What the product knows of time."""

    def now(self) -> datetime:
        """The present instant in UTC, cut to milliseconds (the precision of the wire contract)."""
        ...

    def monotonic(self) -> float:
        """Seconds that never go back, for measuring durations."""
        ...

    async def sleep(self, seconds: float) -> None:
        """Let `seconds` pass."""
        ...


def to_milliseconds(instant: datetime) -> datetime:
    """`instant` in UTC without the digits that the wire contract cannot show."""
    utc = instant.astimezone(UTC)
    return utc.replace(microsecond=utc.microsecond // 1000 * 1000)


class SystemClock:
    """The machine's clock, corrected by how far the database's is ahead of it (`offset`).

    Several machines that serve one database then agree on what "now" is. `follow` is called with each fresh
    reading of the database's clock; `offset` is there for whoever must refuse to act on a wrong clock.
    """

    def __init__(self) -> None:
        self.offset = timedelta(0)

    def now(self) -> datetime:
        """See `Clock`."""
        return to_milliseconds(datetime.now(UTC) + self.offset)

    def monotonic(self) -> float:
        """See `Clock`."""
        return time.monotonic()

    async def sleep(self, seconds: float) -> None:
        """See `Clock`."""
        await asyncio.sleep(seconds)

    def offset_seconds(self) -> float:
        """`offset` as a number; positive when the database's clock is ahead."""
        return self.offset.total_seconds()

    def follow(self, database_now: datetime) -> None:
        """Take over the database's time; what a reading may be off by in transit does not make the clock tremble."""
        offset = database_now - datetime.now(UTC)
        if abs(offset - self.offset) > _TREMBLE:
            self.offset = offset


class ManualClock:
    """A clock that moves only when told to; shipped because simulations are part of the product."""

    def __init__(self, start: datetime) -> None:
        self._now = start.astimezone(UTC)
        self._elapsed = 0.0

    def now(self) -> datetime:
        """See `Clock`."""
        return to_milliseconds(self._now)

    def monotonic(self) -> float:
        """See `Clock`."""
        return self._elapsed

    async def sleep(self, seconds: float) -> None:
        """Jump ahead by `seconds` at once."""
        self.advance(timedelta(seconds=seconds))
        await asyncio.sleep(0)

    def advance(self, by: timedelta) -> None:
        """Move ahead by `by`."""
        self._now += by
        self._elapsed += by.total_seconds()
