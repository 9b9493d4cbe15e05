"""A key that is closed in one process is closed in every other, and its use is written down."""

from collections.abc import AsyncIterator
from pathlib import Path

import httpx2
import pytest

from leadsail.foundation.encryption import MasterKey
from tests.conftest import eventually
from tests.foundation.web.serving import ApiProcess, api_process


@pytest.fixture(scope="module")
async def other_process(
    database_url: str, master_key: MasterKey, tmp_path_factory: pytest.TempPathFactory, open_folder: Path
) -> AsyncIterator[ApiProcess]:
    folder: Path = tmp_path_factory.mktemp("api")
    async with api_process(database_url, master_key, folder, open_folder) as process:
        yield process


class TestAnotherProcess:
    async def test_refuses_a_revoked_key_it_remembered(
        self, api: httpx2.AsyncClient, other_process: ApiProcess
    ) -> None:
        made = (await api.post("/api-keys", json={"name": "leaked"})).json()["data"]
        headers = {"X-API-Key": made["key"]}
        async with httpx2.AsyncClient(base_url=other_process.url, headers=headers) as there:
            remembered = [(await there.get("/api/v1/clients")).status_code for _ in range(3)]

            await api.post(f"/api-keys/{made['keyId']}/revoke")

            await eventually(lambda: _is_refused(there))
        assert remembered == [200] * 3

    async def test_still_serves_the_others(self, api: httpx2.AsyncClient, other_process: ApiProcess) -> None:
        kept, closed = [(await api.post("/api-keys", json={"name": "x"})).json()["data"] for _ in range(2)]
        async with httpx2.AsyncClient(base_url=other_process.url) as there:
            await api.post(f"/api-keys/{closed['keyId']}/revoke")

            answer = await there.get("/api/v1/clients", headers={"X-API-Key": kept["key"]})

        assert answer.status_code == 200


async def _is_refused(client: httpx2.AsyncClient) -> bool:
    return (await client.get("/api/v1/clients")).status_code == 401
