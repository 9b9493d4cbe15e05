"""PostgreSQL goes away and comes back, while the platform stays up."""

import shutil
from collections.abc import AsyncIterator
from pathlib import Path

import httpx2
import pytest

from leadsail.entrypoints.api import ApiOptions
from leadsail.entrypoints.preparation import prepare_database
from leadsail.entrypoints.wiring import Platform
from leadsail.features.tenants.schemas import NewKey
from leadsail.features.tenants.service import KeyService, TenantService
from leadsail.foundation.embedded_postgres import EmbeddedPostgres
from leadsail.foundation.encryption import MasterKey
from leadsail.providers.journal import FileJournal
from tests.conftest import eventually
from tests.foundation.web.serving import own_platform, serving
from tests.run_folder import new_folder


@pytest.fixture(scope="module")
async def own_server(open_folder: Path) -> AsyncIterator[EmbeddedPostgres]:
    """A server that nobody else needs."""
    folder = new_folder(open_folder)
    server = EmbeddedPostgres(folder / "data")
    await server.start()
    yield server
    await server.stop()
    shutil.rmtree(folder)


@pytest.fixture(scope="module")
async def address(
    own_server: EmbeddedPostgres, master_key: MasterKey, tmp_path_factory: pytest.TempPathFactory
) -> AsyncIterator[tuple[str, Platform]]:
    await prepare_database(own_server.url("leadsail_owner"), role=None, master_key=master_key, progress=lambda _: None)
    platform = own_platform(own_server.url(), master_key, FileJournal(tmp_path_factory.mktemp("journal")))
    async with serving(platform, ApiOptions(access_log=False)) as address:
        yield address, platform


class TestAnOutage:
    async def test_is_told_and_gets_over_by_itself(
        self, own_server: EmbeddedPostgres, address: tuple[str, Platform]
    ) -> None:
        url, platform = address
        key = await _new_key(platform)
        async with httpx2.AsyncClient(base_url=url, headers={"X-API-Key": key}, timeout=60) as client:
            made = await client.post("/api/v1/clients", json={"name": "A", "abbrev": "A"})
            assert (await client.get("/api/v1/interactions/int_none")).status_code == 404
            await own_server.stop()

            refused = [
                await client.get("/api/v1/clients"),
                await client.post("/api/v1/clients", json={"name": "B", "abbrev": "B"}),
                await client.get("/api/v1/interactions/int_none"),
                await client.get("/readyz"),
            ]
            alive = await client.get("/healthz")
            await own_server.start()
            await eventually(lambda: _is_ready(client))
            kept = await client.get("/api/v1/clients")

        assert [answer.status_code for answer in refused] == [503] * 4
        assert {answer.json()["error"]["code"] for answer in refused} == {"UNAVAILABLE"}
        assert all(int(answer.headers["retry-after"]) >= 1 for answer in refused)
        assert alive.status_code == 200
        assert kept.json()["data"]["clients"] == [made.json()["data"]]


async def _is_ready(client: httpx2.AsyncClient) -> bool:
    answers = [await client.get(path) for path in ("/readyz", "/api/v1/clients", "/api/v1/interactions/int_none")]
    return [answer.status_code for answer in answers] == [200, 200, 404]


async def _new_key(platform: Platform) -> str:
    tenant_id = await platform.service(TenantService).create("Test")
    async with platform.database.work(tenant_id, "test") as work:
        return (await platform.service(KeyService).mint(work, NewKey(name="test"))).key
