"""How many requests a key may make: a generic cell rate algorithm per key, in this process.

GCRA (ITU-T I.371) keeps one number a key, the "theoretical arrival time", and needs no timer. The limit guards the
process against a runaway client; nothing that money or law depends on is decided by it, so it is not shared
between processes. Headers follow the IETF draft "RateLimit header fields for HTTP", version 11.
"""

import math
from dataclasses import dataclass

_FORGET_ABOVE = 100_000


@dataclass(frozen=True, slots=True)
class Verdict:
    """Whether a request may pass, how many more may follow at once, and the seconds until that is `burst` again."""

    allowed: bool
    remaining: int
    reset: int
    retry_after: int


class RateLimiter:
    """`rate` requests a second on average, `burst` at once; a rate of 0 switches it off."""

    def __init__(self, *, rate: float, burst: int) -> None:
        self.rate = rate
        self.burst = burst
        self._interval = 1 / rate if rate else 0.0
        self._tolerance = self._interval * burst
        self._arrivals: dict[str, float] = {}

    @property
    def enabled(self) -> bool:
        """Whether anything is limited at all."""
        return self.rate > 0

    @property
    def policy(self) -> str:
        """The `RateLimit-Policy` header: quota `q` per window of `w` seconds."""
        return f'"default";q={self.burst};w={max(1, math.ceil(self._tolerance))}'

    def take(self, key: str, now: float) -> Verdict:
        """Count one request of `key` at `now` (monotonic seconds)."""
        arrival = max(self._arrivals.get(key, now), now)
        ahead = arrival + self._interval - now
        if ahead > self._tolerance + 1e-9:
            wait = math.ceil(ahead - self._tolerance)
            return Verdict(allowed=False, remaining=0, reset=max(1, wait), retry_after=max(1, wait))
        self._arrivals[key] = now + ahead
        if len(self._arrivals) > _FORGET_ABOVE:
            self._forget_idle(now)
        remaining = int((self._tolerance - ahead) / self._interval + 1e-9)
        return Verdict(allowed=True, remaining=remaining, reset=math.ceil(ahead), retry_after=0)

    def _forget_idle(self, now: float) -> None:
        self._arrivals = {key: arrival for key, arrival in self._arrivals.items() if arrival > now}
