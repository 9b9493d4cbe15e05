"""Lanes: a few connections for the reads that everybody waits for."""

import asyncio
from collections.abc import AsyncIterator

import asyncpg
import pytest

from leadsail.foundation.database.lanes import Lanes
from tests.conftest import eventually

PID = "select pg_backend_pid() as pid"


class Connections:
    """Makes connections and counts them; can be told to fail."""

    def __init__(self, url: str) -> None:
        self.url = url
        self.made: list[asyncpg.Connection[asyncpg.Record]] = []
        self.failing = False

    async def connect(self) -> "asyncpg.Connection[asyncpg.Record]":
        if self.failing:
            raise ConnectionRefusedError("nobody listens")
        connection: asyncpg.Connection[asyncpg.Record] = await asyncpg.connect(self.url)
        self.made.append(connection)
        return connection


@pytest.fixture
def connections(database_url: str) -> Connections:
    return Connections(database_url)


@pytest.fixture
async def lanes(connections: Connections) -> AsyncIterator[Lanes]:
    """Two lanes."""
    lanes = Lanes(connections.connect, 2)
    yield lanes
    await lanes.close()
    assert all(connection.is_closed() for connection in connections.made)


class TestReading:
    async def test_answers_a_row_or_nothing(self, lanes: Lanes) -> None:
        row = await lanes.fetchrow("select $1::int + 1 as sum", 41)

        assert row is not None
        assert row["sum"] == 42
        assert await lanes.fetchrow("select 1 where false") is None

    async def test_by_many_uses_no_more_lanes_than_there_are(self, lanes: Lanes, connections: Connections) -> None:
        rows = await asyncio.gather(*(lanes.fetchrow("select $1::int as n, pg_sleep(0.001)", n) for n in range(50)))

        assert [row["n"] for row in rows if row] == list(range(50))
        assert len(connections.made) == 2

    async def test_by_one_uses_one(self, lanes: Lanes, connections: Connections) -> None:
        for _ in range(5):
            await lanes.fetchrow(PID)

        assert len(connections.made) == 1


class TestALaneThatFails:
    async def test_is_replaced_after_a_wrong_statement(self, lanes: Lanes, connections: Connections) -> None:
        with pytest.raises(asyncpg.DivisionByZeroError):
            await lanes.fetchrow("select 1 / 0")

        assert await lanes.fetchrow(PID)
        assert connections.made[0].is_closed()

    async def test_is_replaced_after_it_was_cut(self, lanes: Lanes, connections: Connections) -> None:
        row = await lanes.fetchrow(PID)
        assert row is not None

        connections.made[0].terminate()

        again = await lanes.fetchrow(PID)
        assert again is not None
        assert again["pid"] != row["pid"]

    async def test_keeps_nobody_waiting_when_none_can_be_made(self, lanes: Lanes, connections: Connections) -> None:
        connections.failing = True
        outcomes = await asyncio.gather(*(lanes.fetchrow(PID) for _ in range(10)), return_exceptions=True)
        connections.failing = False

        assert all(isinstance(outcome, ConnectionRefusedError) for outcome in outcomes)
        assert await lanes.fetchrow(PID)


class TestLeavingTheQueue:
    async def test_at_ones_turn_passes_it_on(self, connections: Connections) -> None:
        lanes = Lanes(connections.connect, 1)

        async def read_then_stop_the_next() -> None:
            await lanes.fetchrow(PID)
            second.cancel()  # It has been woken and has not run yet.

        first = asyncio.create_task(read_then_stop_the_next())
        await asyncio.sleep(0)
        second, third = [asyncio.create_task(_read(lanes)) for _ in range(2)]

        async with asyncio.timeout(30):
            await first
            assert await third
        assert second.cancelled()
        await lanes.close()

    async def test_does_not_strand_those_behind(self, lanes: Lanes) -> None:
        reads = [asyncio.create_task(_read(lanes)) for _ in range(40)]
        for number, read in enumerate(reads):
            await asyncio.sleep(0)
            if number % 3 == 0:
                read.cancel()

        await asyncio.wait(reads, timeout=30)

        assert all(read.done() for read in reads)
        assert all(read.cancelled() or read.result() for read in reads)
        await eventually(lambda: _works(lanes))


async def _read(lanes: Lanes) -> bool:
    return await lanes.fetchrow("select pg_sleep(0.005)") is not None


async def _works(lanes: Lanes) -> bool:
    return len([row for row in await asyncio.gather(*(lanes.fetchrow(PID) for _ in range(4))) if row]) == 4
