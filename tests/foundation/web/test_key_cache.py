"""Keys kept in memory: only while a fresh heartbeat vouches for them."""

from collections.abc import Awaitable, Callable
from datetime import UTC, datetime, timedelta

import pytest

from leadsail.foundation.clock import ManualClock
from leadsail.foundation.web.caller import Caller
from leadsail.foundation.web.key_cache import KeyCache, KnownKey

ANN = Caller("org_1", "key_1", "live", frozenset({"read"}))
BO = Caller("org_2", "key_2", "live", frozenset({"read"}))


class KeyStore:
    """What the database knows, and how often it was asked."""

    def __init__(self) -> None:
        self.keys: dict[str, KnownKey] = {"ann": KnownKey(ANN, None), "bo": KnownKey(BO, None)}
        self.asked = 0
        self.meanwhile: Callable[[], None] = lambda: None

    async def look_up(self, key: str) -> KnownKey | None:
        self.asked += 1
        known = self.keys.get(key)
        self.meanwhile()
        return known


@pytest.fixture
def clock() -> ManualClock:
    return ManualClock(datetime(2026, 1, 1, tzinfo=UTC))


@pytest.fixture
def store() -> KeyStore:
    return KeyStore()


@pytest.fixture
def cache(store: KeyStore, clock: ManualClock) -> KeyCache:
    """A cache that has just heard a heartbeat."""
    cache = KeyCache(store.look_up, clock)
    cache.hear(1, clock.monotonic())
    return cache


Lookup = Callable[[str], Awaitable[KnownKey | None]]


class TestAKnownKey:
    async def test_is_looked_up_once(self, cache: KeyCache, store: KeyStore) -> None:
        callers = [await cache.identify("ann") for _ in range(5)]

        assert callers == [ANN] * 5
        assert store.asked == 1

    async def test_is_never_taken_for_another(self, cache: KeyCache) -> None:
        assert [await cache.identify(key) for key in ("ann", "bo", "ann", "an", "nn")] == [ANN, BO, ANN, None, None]

    async def test_is_noted_as_used(self, cache: KeyCache) -> None:
        await cache.identify("ann")
        await cache.identify("ann")

        assert cache.used == {ANN}

    async def test_is_refused_from_the_instant_it_expires(
        self, cache: KeyCache, store: KeyStore, clock: ManualClock
    ) -> None:
        store.keys["ann"] = KnownKey(ANN, clock.now() + timedelta(milliseconds=500))
        await cache.identify("ann")

        clock.advance(timedelta(milliseconds=500))

        assert await cache.identify("ann") is None
        assert store.asked == 1, "the memory itself knew"


class TestAnUnknownKey:
    async def test_is_asked_for_each_time(self, cache: KeyCache, store: KeyStore) -> None:
        assert [await cache.identify("nobody") for _ in range(3)] == [None] * 3
        assert store.asked == 3
        assert not cache.used


class TestAHeartbeat:
    async def test_with_news_makes_it_forget(self, cache: KeyCache, store: KeyStore, clock: ManualClock) -> None:
        await cache.identify("ann")
        del store.keys["ann"]

        cache.hear(2, clock.monotonic())

        assert await cache.identify("ann") is None

    async def test_without_news_lets_it_remember(self, cache: KeyCache, store: KeyStore, clock: ManualClock) -> None:
        await cache.identify("ann")

        clock.advance(timedelta(seconds=0.9))
        cache.hear(1, clock.monotonic())
        clock.advance(timedelta(seconds=0.9))

        assert await cache.identify("ann") == ANN
        assert store.asked == 1

    async def test_older_than_a_second_vouches_for_nothing(
        self, cache: KeyCache, store: KeyStore, clock: ManualClock
    ) -> None:
        await cache.identify("ann")
        del store.keys["ann"]

        clock.advance(timedelta(seconds=1))

        assert await cache.identify("ann") is None

    async def test_counts_from_when_it_was_asked_for(
        self, cache: KeyCache, store: KeyStore, clock: ManualClock
    ) -> None:
        await cache.identify("ann")
        asked_at = clock.monotonic()

        clock.advance(timedelta(seconds=3))
        cache.hear(1, asked_at)
        await cache.identify("ann")

        assert store.asked == 2, "an answer that took three seconds says nothing about the present"

    async def test_heard_during_a_lookup_discards_what_it_found(
        self, cache: KeyCache, store: KeyStore, clock: ManualClock
    ) -> None:
        """The key was read, then revoked, then the heartbeat told so: the reading is out of date."""

        def revoke() -> None:
            del store.keys["ann"]
            store.meanwhile = lambda: None
            cache.hear(2, clock.monotonic())

        store.meanwhile = revoke
        await cache.identify("ann")

        assert await cache.identify("ann") is None

    async def test_never_heard_means_asking_each_time(self, store: KeyStore, clock: ManualClock) -> None:
        cache = KeyCache(store.look_up, clock)

        await cache.identify("ann")
        await cache.identify("ann")

        assert store.asked == 2
