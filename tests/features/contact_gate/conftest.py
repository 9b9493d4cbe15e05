"""Attempts, keys and rule books of the gate, and installations of their own for what a whole installation shares."""

from collections.abc import AsyncIterator
from datetime import datetime
from pathlib import Path

import asyncpg
import httpx2
import pytest

from leadsail.entrypoints.api import ApiOptions, create_api
from leadsail.entrypoints.preparation import prepare_database
from leadsail.entrypoints.wiring import Platform, wire
from leadsail.features.contact_gate.service.requests import ContactRequest
from leadsail.features.tenants.schemas import NewKey
from leadsail.features.tenants.service import KeyService
from leadsail.foundation.database import Database
from leadsail.foundation.embedded_postgres import EmbeddedPostgres
from leadsail.foundation.embedded_postgres.roles import database_privileges
from leadsail.foundation.encryption import MasterKey
from leadsail.foundation.job_queue.pgqueuer_queue import PgQueuerQueue
from leadsail.foundation.logs import configure_logs
from leadsail.foundation.web.front_door import FrontDoor
from leadsail.ports.contact_permit import Permit
from leadsail.providers.journal import FileJournal
from tests.conftest import TestTenant, client_of
from tests.features.contact_gate.dialing import Dial, dialed, platform_at
from tests.features.contact_gate.installations import (
    TENANT,
    Installation,
    NewInstallation,
    as_superuser,
    copied_database,
)

PATTERN = "own_pattern"


@pytest.fixture(scope="session")
async def pattern(server: EmbeddedPostgres, master_key: MasterKey) -> str:
    """A prepared database with one tenant, to be copied."""
    await as_superuser(server, f"create database {PATTERN} owner leadsail_owner", *database_privileges(PATTERN))
    url = server.url("leadsail_owner", PATTERN)
    await prepare_database(url, role=None, master_key=master_key, progress=lambda _: None)
    connection = await asyncpg.connect(url, server_settings={"search_path": "leadsail"})
    await connection.execute(
        "insert into tenant (tenant_id, name, country, timezone, created_at, updated_at)"
        " values ($1, 'Own', 'US', 'America/New_York', now(), now())",
        TENANT,
    )
    await connection.close()
    return PATTERN


@pytest.fixture(scope="session")
def spare_databases() -> list[str]:
    """Copies of the pattern that are as they were made."""
    return []


@pytest.fixture
async def new_installation(
    server: EmbeddedPostgres, pattern: str, master_key: MasterKey, tmp_path: Path, spare_databases: list[str]
) -> AsyncIterator[NewInstallation]:
    """Make an installation; `copy_of` names another one's database, `journal` the folder of its journal."""
    made: list[Installation] = []

    async def make(copy_of: str = pattern, journal: str = "journal") -> Installation:
        name = (
            spare_databases.pop() if spare_databases and copy_of == pattern else await copied_database(server, copy_of)
        )
        database = Database(server.url(database=name), PgQueuerQueue(), size=4)
        await database.open()
        url = server.url("leadsail_owner", name)
        made.append(Installation(name, database, url, FileJournal(tmp_path / journal), master_key))
        return made[-1]

    yield make
    for installation in made:
        await installation.database.close()
        await installation.clear()
        spare_databases.append(installation.name)


@pytest.fixture
async def own(new_installation: NewInstallation) -> Installation:
    """An installation of the test's own."""
    return await new_installation()


@pytest.fixture
def dial(platform: Platform, master_key: MasterKey, tenant: TestTenant) -> Dial:
    """Let an attempt with a lead of this test's tenant go ahead, now or at any instant."""

    async def act(lead_id: str, *, at: str | None = None, ended: bool = False) -> Permit:
        when = datetime.fromisoformat(at) if at else platform.clock.now()
        there = platform_at(platform, master_key, when)
        return await dialed(there, tenant.tenant_id, ContactRequest("call", lead_id=lead_id), ended=ended)

    return act


@pytest.fixture
async def test_key_api(app: FrontDoor, platform: Platform, tenant: TestTenant) -> AsyncIterator[httpx2.AsyncClient]:
    """A client of the API with a test key of the test's own tenant."""
    async with platform.database.work(tenant.tenant_id, "test") as work:
        minted = await platform.service(KeyService).mint(work, NewKey(name="test", kind="test"))
    async with client_of(app, minted.key) as client:
        yield client


@pytest.fixture
async def broken_rules_api(
    platform: Platform, master_key: MasterKey, tenant: TestTenant, tmp_path: Path
) -> AsyncIterator[httpx2.AsyncClient]:
    """A client of an API whose rule book cannot be read."""
    (tmp_path / "us_federal.yaml").write_text("rules: [")
    broken = wire(
        database=platform.database, queue=platform.queue, clock=platform.clock, master_key=master_key,
        journal=platform.journal, rules_dir=tmp_path,
    )  # fmt: skip
    door = create_api(broken, configure_logs("test", level="ERROR"), ApiOptions(rate_per_second=0))
    async with client_of(door, tenant.key) as client:
        yield client
