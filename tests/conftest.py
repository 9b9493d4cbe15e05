"""What every test may ask for: a real PostgreSQL, the platform on it, tenants of its own, and a client of the API."""

import asyncio
import os
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import httpx2
import pytest
import uvicorn
from hypothesis import HealthCheck, settings

from leadsail.entrypoints.api import ApiOptions, create_api
from leadsail.entrypoints.preparation import prepare_database
from leadsail.entrypoints.wiring import Platform, wire
from leadsail.features.tenants.schemas import NewKey
from leadsail.features.tenants.service import KeyService, TenantService
from leadsail.foundation.clock import SystemClock
from leadsail.foundation.database import Database
from leadsail.foundation.embedded_postgres import EmbeddedPostgres
from leadsail.foundation.encryption import MasterKey
from leadsail.foundation.job_queue.pgqueuer_queue import PgQueuerQueue
from leadsail.foundation.logs import configure_logs
from leadsail.foundation.web.front_door import FrontDoor
from leadsail.ports.journal import Journal
from leadsail.providers.journal import FileJournal
from tests.run_folder import run_folder

# The same examples in every run, and no failure because the machine is busy.
settings.register_profile("steady", derandomize=True, deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("steady")

ALL_SCOPES = ["read", "write", "call", "sms", "admin"]


@pytest.fixture(scope="session")
def open_folder() -> Iterator[Path]:
    """This run's own folder, which any account may enter. Nothing in it outlives the run, even if that is killed."""
    with run_folder(Path("/tmp")) as folder:  # noqa: S108 - only the names inside it are ours, and they are random
        yield folder


@pytest.fixture(scope="session")
def master_key() -> MasterKey:
    """This run's master key."""
    return MasterKey(os.urandom(32))


@pytest.fixture(scope="session")
async def server(open_folder: Path) -> AsyncIterator[EmbeddedPostgres]:
    """A running embedded PostgreSQL; its owner role is no superuser, as in production."""
    server = EmbeddedPostgres(open_folder / "data")
    await server.start()
    yield server
    await server.stop()


@pytest.fixture(scope="session")
async def database_url(server: EmbeddedPostgres, master_key: MasterKey) -> str:
    """The address of a database at the newest schema, as the application's role."""
    await prepare_database(server.url("leadsail_owner"), role=None, master_key=master_key, progress=lambda _: None)
    return server.url()


@pytest.fixture(scope="session")
def journal(open_folder: Path) -> Journal:
    """This run's journal, which belongs to its database."""
    return FileJournal(open_folder / "journal")


@pytest.fixture(scope="session")
async def platform(database_url: str, master_key: MasterKey, journal: Journal) -> AsyncIterator[Platform]:
    """The platform's services on the real database."""
    queue = PgQueuerQueue()
    database = Database(database_url, queue)
    await database.open()
    yield wire(database=database, queue=queue, clock=SystemClock(), master_key=master_key, journal=journal)
    await database.close()


@dataclass(frozen=True)
class TestTenant:
    """A tenant with a key that may do everything."""

    __test__ = False

    tenant_id: str
    key: str


NewTenant = Callable[..., Awaitable[TestTenant]]


@pytest.fixture(scope="session")
def new_tenant(platform: Platform) -> NewTenant:
    """Make a tenant of one's own, so that tests never meet each other's data."""

    async def make(name: str = "Test", scopes: list[str] | None = None) -> TestTenant:
        tenant_id = await platform.service(TenantService).create(name)
        async with platform.database.work(tenant_id, "test") as work:
            new = NewKey.model_validate({"name": "test", "scopes": scopes or ALL_SCOPES})
            minted = await platform.service(KeyService).mint(work, new)
        return TestTenant(tenant_id, minted.key)

    return make


@pytest.fixture
async def tenant(new_tenant: NewTenant) -> TestTenant:
    """This test's own tenant."""
    return await new_tenant()


@pytest.fixture(scope="session")
async def app(platform: Platform) -> FrontDoor:
    """The web application in this process, with no rate limit in the way."""
    return create_api(platform, configure_logs("test", level="ERROR"), ApiOptions(rate_per_second=0))


@pytest.fixture
async def api(app: FrontDoor, tenant: TestTenant) -> AsyncIterator[httpx2.AsyncClient]:
    """A client of the API with the test's own tenant's key."""
    async with client_of(app, tenant.key) as client:
        yield client


def client_of(app: FrontDoor, key: str | None) -> httpx2.AsyncClient:
    """A client that speaks to the application in this process with `key`."""
    headers = {"X-API-Key": key} if key else {}
    transport = httpx2.ASGITransport(app=app)
    return httpx2.AsyncClient(transport=transport, base_url="http://leadsail.test/api/v1", headers=headers)


async def eventually(condition: Callable[[], Awaitable[bool]], *, within: float = 30) -> None:
    """Wait until `condition` holds; fails after `within` seconds."""
    async with asyncio.timeout(within):
        while not await condition():  # noqa: ASYNC110 - conditions of databases and processes ring no bell
            await asyncio.sleep(0.02)


@pytest.fixture(scope="session")
async def server_url(database_url: str, master_key: MasterKey, journal: Journal) -> AsyncIterator[str]:
    """The web application on a real socket of this machine; the address of its API."""
    queue = PgQueuerQueue()
    own = wire(
        database=Database(database_url, queue),
        queue=queue,
        clock=SystemClock(),
        master_key=master_key,
        journal=journal,
    )
    options = ApiOptions(rate_per_second=0, access_log=False)
    stopping = asyncio.Event()
    door = create_api(own, configure_logs("test", level="ERROR"), options, stopping.is_set)
    server = uvicorn.Server(uvicorn.Config(door, host="127.0.0.1", port=0, log_config=None, access_log=False))
    serving = asyncio.create_task(server.serve())

    async def started() -> bool:
        return server.started

    await eventually(started)
    port = server.servers[0].sockets[0].getsockname()[1]
    yield f"http://127.0.0.1:{port}/api/v1"
    stopping.set()
    server.should_exit = True
    await serving
