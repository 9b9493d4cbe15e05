"""Units of work: all or nothing, of one tenant, whatever happens on the way."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import suppress

import asyncpg
import pytest

from leadsail.entrypoints.wiring import Platform
from leadsail.foundation.database import Database
from leadsail.foundation.encryption import MasterKey
from leadsail.ports.journal import Journal
from tests.conftest import TestTenant, eventually
from tests.foundation.web.serving import own_platform

ADD = "insert into client (tenant_id, client_id, body, created_at, updated_at) values ($1, $2, '{}', now(), now())"
MINE = "select client_id from client order by client_id"


@pytest.fixture
async def database(database_url: str, master_key: MasterKey, journal: Journal) -> AsyncIterator[Database]:
    """A database with two connections."""
    database = own_platform(database_url, master_key, journal, size=2).database
    await database.open()
    yield database
    await database.close()


async def clients(database: Database, tenant: TestTenant) -> list[str]:
    async with database.work(tenant.tenant_id, "test") as work:
        return [row["client_id"] for row in await work.fetch(MINE)]


class TestAUnitOfWork:
    async def test_commits_when_it_ends_well(self, database: Database, tenant: TestTenant) -> None:
        async with database.work(tenant.tenant_id, "test") as work:
            await work.execute(ADD, tenant.tenant_id, "a")
            await work.execute(ADD, tenant.tenant_id, "b")

        assert await clients(database, tenant) == ["a", "b"]

    async def test_is_undone_when_it_raises(self, database: Database, tenant: TestTenant) -> None:
        with pytest.raises(ValueError, match="changed my mind"):
            async with database.work(tenant.tenant_id, "test") as work:
                await work.execute(ADD, tenant.tenant_id, "a")
                raise ValueError("changed my mind")

        assert await clients(database, tenant) == []

    async def test_whose_failure_was_overlooked_does_not_pretend(self, database: Database, tenant: TestTenant) -> None:
        """PostgreSQL answers such a COMMIT with a quiet ROLLBACK, and a client would be told a success."""
        with pytest.raises(RuntimeError, match="nothing of it was stored"):
            async with database.work(tenant.tenant_id, "test") as work:
                await work.execute(ADD, tenant.tenant_id, "a")
                with suppress(asyncpg.UniqueViolationError):
                    await work.execute(ADD, tenant.tenant_id, "a")

        assert await clients(database, tenant) == []

    async def test_without_statements_takes_no_connection(self, database: Database, tenant: TestTenant) -> None:
        works = [database.work(tenant.tenant_id, "test") for _ in range(10)]
        for work in works:
            await work.__aenter__()

        assert await clients(database, tenant) == []
        for work in works:
            await work.__aexit__(None, None, None)

    async def test_is_over_once_it_ended(self, database: Database, tenant: TestTenant) -> None:
        async with database.work(tenant.tenant_id, "test") as work:
            await work.fetch(MINE)

        with pytest.raises(RuntimeError, match="open a new one"):
            await work.fetch(MINE)

    @pytest.mark.parametrize("tenant_id", ["", "org_", "org_A", "org_1'; drop table lead; --", "org_1\n", "lead_1"])
    async def test_has_a_tenant_of_the_documented_shape(self, database: Database, tenant_id: str) -> None:
        with pytest.raises(ValueError, match="is not a tenant id"):
            async with database.work(tenant_id, "test"):
                pass


class TestAPart:
    async def test_that_fails_is_undone_by_itself(self, database: Database, tenant: TestTenant) -> None:
        async with database.work(tenant.tenant_id, "test") as work:
            await work.execute(ADD, tenant.tenant_id, "a")
            with pytest.raises(asyncpg.UniqueViolationError):
                async with work.savepoint():
                    await work.execute(ADD, tenant.tenant_id, "b")
                    await work.execute(ADD, tenant.tenant_id, "a")
            async with work.savepoint():
                await work.execute(ADD, tenant.tenant_id, "c")

        assert await clients(database, tenant) == ["a", "c"]


class TestASingleStatement:
    async def test_commits_by_itself_and_ends_the_work(self, database: Database, tenant: TestTenant) -> None:
        async with database.work(tenant.tenant_id, "test") as work:
            row = await work.only("select txid_current() as it")

            with pytest.raises(RuntimeError, match="open a new one"):
                await work.fetch(MINE)

        assert row is not None
        assert await database.fetchval("select txid_status($1)", row["it"]) == "committed"

    async def test_joins_a_transaction_that_is_open(self, database: Database, tenant: TestTenant) -> None:
        with pytest.raises(ValueError, match="no"):
            async with database.work(tenant.tenant_id, "test") as work:
                await work.execute(ADD, tenant.tenant_id, "a")
                await work.only(f"{ADD} returning client_id", tenant.tenant_id, "b")
                raise ValueError("no")

        assert await clients(database, tenant) == []


class TestLeavingInTheMiddle:
    @pytest.mark.parametrize("ticks", [*range(0, 30, 3)])
    async def test_leaves_no_transaction_open(self, database: Database, tenant: TestTenant, ticks: int) -> None:
        async def write() -> None:
            async with database.work(tenant.tenant_id, "test") as work:
                await work.execute(ADD, tenant.tenant_id, "a")
                await work.execute("select pg_sleep(60)")

        task = asyncio.create_task(write())
        for _ in range(ticks):
            await asyncio.sleep(0)
        task.cancel()
        await asyncio.wait([task])

        assert task.cancelled()
        await eventually(lambda: _all_are_back(database))
        assert await clients(database, tenant) == []

    async def test_during_a_statement_frees_its_locks(
        self, database: Database, platform: Platform, tenant: TestTenant
    ) -> None:
        async def hold() -> None:
            async with database.work(tenant.tenant_id, "test") as work:
                await work.execute("select from tenant for update")
                holding.set()
                await work.execute("select pg_sleep(60)")

        holding = asyncio.Event()
        task = asyncio.create_task(hold())
        await holding.wait()
        task.cancel()
        await asyncio.wait([task])

        async with platform.database.work(tenant.tenant_id, "test") as work:
            assert await work.fetch("select from tenant for update nowait")

    async def test_a_statement_does_not_outlive_its_limit(self, database: Database, tenant: TestTenant) -> None:
        """No test waits for the fifteen seconds; that the server has been told is enough."""
        async with database.work(tenant.tenant_id, "test") as work:
            limits = {
                name: await work.fetchval(f"show {name}")
                for name in ("statement_timeout", "lock_timeout", "idle_in_transaction_session_timeout")
            }

        assert limits == {
            "statement_timeout": "15s",
            "lock_timeout": "10s",
            "idle_in_transaction_session_timeout": "30s",
        }


async def _all_are_back(database: Database) -> bool:
    if database.pool.get_size() != database.pool.get_idle_size():
        return False
    query = "select count(*) from pg_stat_activity where query like '%pg_sleep(60)' and state <> 'idle'"
    return bool(await database.fetchval(query) == 0)
