"""Two tenants: one furnished, one that must not see any of it."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import TypeAlias

import asyncpg
import httpx2
import pytest

from leadsail.entrypoints.wiring import Platform
from leadsail.foundation.embedded_postgres import EmbeddedPostgres
from leadsail.foundation.web.front_door import FrontDoor
from tests.conftest import NewTenant, TestTenant, client_of
from tests.isolation.world import World, furnish

Connection: TypeAlias = "asyncpg.Connection[asyncpg.Record]"


@pytest.fixture(scope="package")
async def world(platform: Platform, app: FrontDoor, new_tenant: NewTenant) -> World:
    """Somebody else's tenant."""
    tenant = await new_tenant("Other")
    async with client_of(app, tenant.key) as theirs:
        return await furnish(platform, theirs, tenant)


@pytest.fixture(scope="package")
async def stranger(new_tenant: NewTenant) -> TestTenant:
    """A tenant that owns nothing."""
    return await new_tenant("Stranger")


@pytest.fixture
async def outside(app: FrontDoor, stranger: TestTenant) -> AsyncIterator[httpx2.AsyncClient]:
    """A client of the API with the stranger's key, and an id of its own for each request that is always the same."""
    async with client_of(app, stranger.key) as client:
        client.headers["X-Request-Id"] = "same"
        yield client


@pytest.fixture
async def owner(server: EmbeddedPostgres, database_url: str) -> AsyncIterator[Connection]:
    """The owner's connection, inside a transaction that is undone."""
    assert database_url
    async with _undone(server.url("leadsail_owner")) as connection:
        yield connection


@pytest.fixture
async def superuser(server: EmbeddedPostgres, database_url: str) -> AsyncIterator[Connection]:
    """What nobody has at run time, inside a transaction that is undone."""
    assert database_url
    async with _undone(server.url("postgres")) as connection:
        yield connection


@asynccontextmanager
async def _undone(url: str) -> AsyncIterator[Connection]:
    connection = await asyncpg.connect(url, server_settings={"search_path": "leadsail"})
    transaction = connection.transaction()
    await transaction.start()
    yield connection
    await transaction.rollback()
    await connection.close()
