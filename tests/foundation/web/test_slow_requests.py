"""Slow clients and slow statements over real sockets: refused in time, and in nobody else's way."""

import asyncio
from collections.abc import AsyncIterator

import asyncpg
import httpx2
import pytest

from leadsail.entrypoints.api import ApiOptions
from leadsail.entrypoints.wiring import Platform
from leadsail.foundation.encryption import MasterKey
from leadsail.foundation.web.front_door import RequestLimits
from leadsail.ports.journal import Journal
from tests.conftest import TestTenant, eventually
from tests.foundation.web.serving import own_platform, serving

IMPATIENT = ApiOptions(rate_per_second=0, access_log=False, limits=RequestLimits(body_seconds=0.5, seconds=1))


@pytest.fixture(scope="module")
def impatient_platform(database_url: str, master_key: MasterKey, journal: Journal) -> Platform:
    """A platform with two connections."""
    return own_platform(database_url, master_key, journal, size=2)


@pytest.fixture(scope="module")
async def impatient(impatient_platform: Platform) -> AsyncIterator[str]:
    """The address of a server that waits half a second for a body and a second for an answer."""
    async with serving(impatient_platform, IMPATIENT) as address:
        yield address


@pytest.fixture
async def client(impatient: str, tenant: TestTenant) -> AsyncIterator[httpx2.AsyncClient]:
    headers = {"X-API-Key": tenant.key}
    async with httpx2.AsyncClient(base_url=f"{impatient}/api/v1", headers=headers, timeout=30) as client:
        yield client


async def half_a_request(address: str, key: str) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
    """Send all of a request but the end of its body."""
    reader, writer = await asyncio.open_connection(*address.removeprefix("http://").split(":"))
    head = "POST /api/v1/clients HTTP/1.1\r\nHost: leadsail.test\r\nContent-Type: application/json\r\n"
    writer.write(f'{head}X-API-Key: {key}\r\nContent-Length: 100\r\n\r\n{{"name": "A'.encode())
    await writer.drain()
    return reader, writer


class TestABodyThatDoesNotEnd:
    async def test_is_given_up(self, impatient: str, tenant: TestTenant) -> None:
        reader, writer = await half_a_request(impatient, tenant.key)

        answer = await reader.readuntil(b"in time")
        writer.close()

        assert answer.startswith(b"HTTP/1.1 408 ")
        assert b'"code":"REQUEST_TIMEOUT"' in answer

    async def test_holds_no_connection_to_the_database(
        self, impatient: str, tenant: TestTenant, client: httpx2.AsyncClient
    ) -> None:
        waiting = [await half_a_request(impatient, tenant.key) for _ in range(20)]

        answer = await client.get("/clients")

        assert answer.status_code == 200
        for _, writer in waiting:
            writer.close()


class TestAnEffectThatTakesTooLong:
    async def test_is_given_up_whole(
        self, client: httpx2.AsyncClient, impatient_platform: Platform, platform: Platform, tenant: TestTenant
    ) -> None:
        made = (await client.post("/clients", json={"name": "A", "abbrev": "A"})).json()["data"]
        async with platform.database.work(tenant.tenant_id, "test") as blocker:
            await blocker.execute("select from client where client_id = $1 for update", made["clientId"])

            answer = await client.patch(f"/clients/{made['clientId']}", json={"name": "B"})

        assert (answer.status_code, answer.json()["error"]["code"]) == (503, "UNAVAILABLE")
        assert int(answer.headers["retry-after"]) >= 1
        assert (await client.get(f"/clients/{made['clientId']}")).json()["data"] == made
        await eventually(lambda: _is_idle(impatient_platform))


async def _is_idle(platform: Platform) -> bool:
    pool: asyncpg.Pool[asyncpg.Record] = platform.database.pool
    return pool.get_idle_size() == pool.get_size()
