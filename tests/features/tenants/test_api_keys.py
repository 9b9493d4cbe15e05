"""API keys: made once, shown once, listed by a hint, closed for good."""

import hashlib
import subprocess
from datetime import timedelta
from pathlib import Path

import httpx2
import pytest

from leadsail.entrypoints.wiring import Platform
from leadsail.features.tenants.rules import is_key
from leadsail.features.tenants.service import KeyService
from leadsail.foundation.embedded_postgres import EmbeddedPostgres
from leadsail.foundation.web.caller import Caller
from leadsail.foundation.web.front_door import FrontDoor
from leadsail.foundation.web.schemas import timestamp
from tests.conftest import NewTenant, TestTenant, client_of


class TestMakingAKey:
    async def test_shows_it_and_what_it_may_do(self, api: httpx2.AsyncClient) -> None:
        answer = await api.post("/api-keys", json={"name": "CRM sync"})

        made = answer.json()["data"]
        assert answer.status_code == 201
        assert is_key(made["key"])
        assert made["hint"] == f"ls_live_…{made['key'][-4:]}"
        assert (made["kind"], made["scopes"]) == ("live", ["call", "read", "sms", "write"])
        assert made["createdBy"].startswith("key_")
        assert made.keys() == {"keyId", "name", "kind", "hint", "scopes", "createdBy", "createdAt", "key"}

    async def test_is_never_kept_by_anybody_on_the_way(self, api: httpx2.AsyncClient) -> None:
        answer = await api.post("/api-keys", json={"name": "CRM sync"})

        assert answer.headers["cache-control"] == "no-store"

    async def test_may_narrow_it(self, api: httpx2.AsyncClient, app: FrontDoor, platform: Platform) -> None:
        expires = timestamp(platform.clock.now() + timedelta(days=1))
        new = {"name": "report", "kind": "test", "scopes": ["read", "read"], "expiresAt": expires}

        made = (await api.post("/api-keys", json=new)).json()["data"]

        assert made["key"].startswith("ls_test_")
        assert (made["scopes"], made["expiresAt"]) == (["read"], expires)
        async with client_of(app, made["key"]) as reader:
            assert (await reader.get("/clients")).status_code == 200
            assert (await reader.post("/clients", json={"name": "A", "abbrev": "A"})).status_code == 403

    @pytest.mark.parametrize(
        ("new", "line"),
        [
            ({}, "name: is required"),
            ({"name": "x", "scopes": []}, "scopes: list should have at least 1 item after validation, not 0"),
            ({"name": "x", "scopes": ["root"]}, "scopes.0: input should be 'read', 'write', 'call', 'sms' or 'admin'"),
            ({"name": "x", "kind": "prod"}, "kind: input should be 'live' or 'test'"),
            ({"name": "x", "expiresAt": "2020-01-01T00:00:00Z"}, "expiresAt: must lie in the future"),
            (
                {"name": "x", "expiresAt": "9999-12-31T23:59:59-14:00"},
                "expiresAt: must lie in the years 1 to 9999 of UTC",
            ),
            ({"name": "x", "key": "ls_live_mine"}, "key: is not a field of this request"),
            ({"name": "x", "tenantId": "org_other"}, "tenantId: is not a field of this request"),
        ],
    )
    async def test_refuses_what_cannot_be(self, api: httpx2.AsyncClient, new: dict[str, str], line: str) -> None:
        answer = await api.post("/api-keys", json=new)

        assert (answer.status_code, answer.json()["error"]["details"]) == (400, [line])

    async def test_needs_the_scope_admin(self, app: FrontDoor, new_tenant: NewTenant) -> None:
        async with client_of(app, (await new_tenant(scopes=["read", "write"])).key) as api:
            assert (await api.post("/api-keys", json={"name": "more"})).status_code == 403


class TestListingKeys:
    async def test_shows_all_newest_first_and_none_whole(self, api: httpx2.AsyncClient, tenant: TestTenant) -> None:
        made = (await api.post("/api-keys", json={"name": "second"})).json()["data"]

        answer = await api.get("/api-keys")

        assert [key["name"] for key in answer.json()["data"]["apiKeys"]] == ["second", "test"]
        assert made["key"] not in answer.text
        assert tenant.key not in answer.text

    async def test_shows_nobody_elses(self, api: httpx2.AsyncClient, new_tenant: NewTenant) -> None:
        other = await new_tenant("Other")

        answer = await api.get("/api-keys")

        assert len(answer.json()["data"]["apiKeys"]) == 1
        assert f"…{other.key[-4:]}" not in answer.text


class TestRevokingAKey:
    async def test_closes_it_for_good(self, api: httpx2.AsyncClient, app: FrontDoor) -> None:
        made = (await api.post("/api-keys", json={"name": "leaked"})).json()["data"]

        answer = await api.post(f"/api-keys/{made['keyId']}/revoke")

        assert answer.status_code == 200
        assert answer.json()["data"]["revokedAt"] >= made["createdAt"]
        async with client_of(app, made["key"]) as closed:
            assert (await closed.get("/clients")).status_code == 401

    async def test_twice_keeps_the_first_time(self, api: httpx2.AsyncClient) -> None:
        key_id = (await api.post("/api-keys", json={"name": "leaked"})).json()["data"]["keyId"]

        first = await api.post(f"/api-keys/{key_id}/revoke")
        second = await api.post(f"/api-keys/{key_id}/revoke")

        assert second.json() == first.json()

    async def test_of_nobody_knows_what_is_not_found(self, api: httpx2.AsyncClient) -> None:
        assert (await api.post("/api-keys/key_none/revoke")).status_code == 404

    async def test_of_another_tenant_is_not_found_and_changes_nothing(
        self, api: httpx2.AsyncClient, app: FrontDoor, new_tenant: NewTenant
    ) -> None:
        async with client_of(app, (await new_tenant("Other")).key) as theirs:
            key_id = (await theirs.get("/api-keys")).json()["data"]["apiKeys"][0]["keyId"]

            refused = await api.post(f"/api-keys/{key_id}/revoke")

            assert refused.status_code == 404
            assert (await theirs.get("/clients")).status_code == 200


class TestUsingAKey:
    async def test_is_written_down(self, api: httpx2.AsyncClient, platform: Platform, tenant: TestTenant) -> None:
        [key] = (await api.get("/api-keys")).json()["data"]["apiKeys"]
        caller = Caller(tenant.tenant_id, key["keyId"], "live", frozenset())

        await platform.service(KeyService).note_uses([caller])

        [used] = (await api.get("/api-keys")).json()["data"]["apiKeys"]
        assert "lastUsedAt" not in key
        assert used["lastUsedAt"] >= used["createdAt"]

    async def test_is_not_news_to_those_who_remember_keys(self, platform: Platform, api: httpx2.AsyncClient) -> None:
        """Else every process would forget its keys each time one is used."""
        [key] = (await api.get("/api-keys")).json()["data"]["apiKeys"]
        epoch = "select key_epoch from database_heartbeat()"
        tenant_id = (await api.get("/tenant")).json()["data"]["tenantId"]

        async with platform.database.work(tenant_id, "test") as work:
            before = await work.fetchval(epoch)
            await work.execute("update api_key set last_used_at = now() where key_id = $1", key["keyId"])
            after_use = await work.fetchval(epoch)
            await work.execute("update api_key set revoked_at = now() where key_id = $1", key["keyId"])
            after_revocation = await work.fetchval(epoch)

        assert before == after_use < after_revocation


class TestADumpOfTheDatabase:
    async def test_holds_no_key_and_no_plain_digest_of_one(
        self, server: EmbeddedPostgres, api: httpx2.AsyncClient, tenant: TestTenant
    ) -> None:
        made = (await api.post("/api-keys", json={"name": "CRM"}, headers={"Idempotency-Key": "1"})).json()["data"][
            "key"
        ]

        dump = _dump(server)

        assert tenant.tenant_id in dump
        for key in (tenant.key, made):
            assert key not in dump
            assert key[8:-6] not in dump
            assert hashlib.sha256(key.encode()).hexdigest() not in dump


def _dump(server: EmbeddedPostgres) -> str:
    command: list[str | Path] = [
        server.binaries / "pg_dump",
        "--enable-row-security",
        "--dbname",
        server.url("leadsail_owner"),
    ]
    return subprocess.run(command, check=True, capture_output=True, text=True).stdout  # noqa: S603 - our own program
