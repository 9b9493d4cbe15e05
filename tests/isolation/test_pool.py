"""Connections are shared by all tenants, one after the other: nothing of one is left for the next."""

import asyncio
from collections.abc import AsyncIterator
from random import Random

import pytest

from leadsail.entrypoints.wiring import Platform
from leadsail.features.clients.schemas import NewClient
from leadsail.features.clients.service import ClientService
from leadsail.foundation.database import Database
from leadsail.foundation.encryption import MasterKey
from leadsail.foundation.ids import new_id
from leadsail.foundation.records import Filter
from leadsail.foundation.web.pagination import Page
from leadsail.ports.journal import Journal
from tests.conftest import eventually
from tests.foundation.web.serving import own_platform

TENANTS = 200
CONNECTIONS = 5


@pytest.fixture
async def crowded(database_url: str, master_key: MasterKey, journal: Journal) -> AsyncIterator[Platform]:
    """A platform with fewer connections than tenants."""
    platform = own_platform(database_url, master_key, journal, size=CONNECTIONS)
    await platform.database.open()
    yield platform
    await platform.database.close()


@pytest.fixture
async def tenants(crowded: Platform) -> list[str]:
    """Tenants without anything else."""
    ids = [new_id("org") for _ in range(TENANTS)]
    for tenant_id in ids:
        async with crowded.database.work(tenant_id, "test") as work:
            await work.execute(
                "insert into tenant (tenant_id, name, country, timezone, created_at, updated_at)"
                " values ($1, $1, 'US', 'UTC', now(), now())",
                tenant_id,
            )
    return ids


class TestManyTenantsOnFewConnections:
    async def test_see_their_own_rows_alone(self, crowded: Platform, tenants: list[str]) -> None:
        seen = await asyncio.gather(*(_write_and_read(crowded, tenant_id, 3) for tenant_id in tenants))

        assert [names == {tenant_id} for names, tenant_id in zip(seen, tenants, strict=True)] == [True] * TENANTS

    async def test_see_their_own_even_when_others_leave_at_any_moment(
        self, crowded: Platform, tenants: list[str]
    ) -> None:
        random = Random(7)  # noqa: S311 - which task leaves when is no secret
        tasks = [asyncio.create_task(_write_and_read(crowded, tenant_id, 3)) for tenant_id in tenants]
        for task in random.sample(tasks, TENANTS // 2):
            for _ in range(random.randrange(6)):
                await asyncio.sleep(0)
            task.cancel()

        seen = await asyncio.gather(*tasks, return_exceptions=True)

        finished = [
            (names, tenant_id) for names, tenant_id in zip(seen, tenants, strict=True) if isinstance(names, set)
        ]
        assert len(finished) >= TENANTS // 2
        assert all(names == {tenant_id} for names, tenant_id in finished)
        assert all(isinstance(names, (set, asyncio.CancelledError)) for names in seen)
        await eventually(lambda: _all_are_back(crowded.database))
        assert await _whose_rows(crowded, tenants[0]) <= {tenants[0]}

    async def test_leave_no_name_behind(self, crowded: Platform, tenants: list[str]) -> None:
        await asyncio.gather(*(_write_and_read(crowded, tenant_id, 1) for tenant_id in tenants[:20]))

        left = await asyncio.gather(*(_setting(crowded.database) for _ in range(CONNECTIONS)))

        assert set(left) <= {None, ""}
        assert await crowded.database.fetchval("select count(*) from client") == 0


async def _write_and_read(platform: Platform, tenant_id: str, times: int) -> set[str]:
    for _ in range(times):
        async with platform.database.work(tenant_id, "test") as work:
            await platform.service(ClientService).create(work, NewClient(name=tenant_id, abbrev="T"))
    return await _whose_rows(platform, tenant_id)


async def _whose_rows(platform: Platform, tenant_id: str) -> set[str]:
    """The names of all clients that this tenant sees, with no filter but the guard's and the service's own."""
    async with platform.database.work(tenant_id, "test") as work:
        clients, _ = await platform.service(ClientService).page(work, Filter(), Page(1, 100))
        unfiltered = await work.fetch("select body ->> 'name' as name from client")
    return {client.name for client in clients} | {row["name"] for row in unfiltered}


async def _setting(database: Database) -> str | None:
    setting: str | None = await database.fetchval("select current_setting('app.tenant', true) from pg_sleep(0.05)")
    return setting


async def _all_are_back(database: Database) -> bool:
    in_use = await database.fetchval(
        "select count(*) from pg_stat_activity where state like 'idle in transaction%' and usename = 'leadsail_app'"
    )
    return in_use == 0 and database.pool.get_size() - database.pool.get_idle_size() == 0
