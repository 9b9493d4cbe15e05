"""The bell: wakes whoever waits for a row to change."""

import asyncio
from collections.abc import AsyncIterator

import pytest

from leadsail.entrypoints.wiring import Platform
from leadsail.foundation.database.listening import Bell
from tests.conftest import eventually

FOREVER = 60.0


@pytest.fixture
async def bell(platform: Platform) -> AsyncIterator[Bell]:
    """A bell that listens."""
    bell = Bell(platform.database, "test_bell")
    task = asyncio.create_task(bell.run())
    await eventually(lambda: _is_listening(platform))
    yield bell
    task.cancel()
    await asyncio.wait([task])


async def _is_listening(platform: Platform) -> bool:
    query = "select count(*) from pg_stat_activity where query ilike 'listen%test_bell%'"
    return bool(await platform.database.fetchval(query) > 0)


async def notify(platform: Platform, name: str) -> None:
    await platform.database.fetch("select pg_notify('test_bell', $1)", name)


class TestANotification:
    async def test_wakes_all_who_wait_for_its_name(self, bell: Bell, platform: Platform) -> None:
        waiting = [asyncio.create_task(bell.wait("int_1", FOREVER)) for _ in range(3)]
        other = asyncio.create_task(bell.wait("int_2", FOREVER))
        await asyncio.sleep(0)

        await notify(platform, "int_1")

        async with asyncio.timeout(30):
            await asyncio.gather(*waiting)
        assert not other.done()
        other.cancel()

    async def test_after_a_lost_connection_rings_again(self, bell: Bell, platform: Platform) -> None:
        await platform.database.fetch(
            "select pg_terminate_backend(pid) from pg_stat_activity where query ilike 'listen%test_bell%'"
        )
        rung = asyncio.create_task(bell.wait("int_1", FOREVER))

        async def has_rung() -> bool:
            await notify(platform, "int_1")
            return rung.done()

        await eventually(has_rung)


class TestSilence:
    async def test_ends_the_wait_by_itself(self, platform: Platform) -> None:
        bell = Bell(platform.database, "test_bell")

        await bell.wait("int_1", 0.01)

        assert not bell._waiting, "nobody is remembered who has left"

    async def test_of_whoever_left_is_not_kept(self, platform: Platform) -> None:
        bell = Bell(platform.database, "test_bell")
        waiting = asyncio.create_task(bell.wait("int_1", FOREVER))
        await asyncio.sleep(0)

        waiting.cancel()
        await asyncio.wait([waiting])

        assert not bell._waiting
        bell.ring("int_1")
