"""A tenant and its own settings."""

import httpx2
import pytest

from leadsail.entrypoints.wiring import Platform
from leadsail.features.tenants.service import TenantService
from leadsail.foundation.web.front_door import FrontDoor
from tests.conftest import NewTenant, TestTenant, client_of


class TestReadingATenant:
    async def test_shows_the_keys_own(self, api: httpx2.AsyncClient, tenant: TestTenant) -> None:
        answer = await api.get("/tenant")

        shown = answer.json()["data"]
        assert (answer.status_code, answer.headers["etag"]) == (200, '"1"')
        assert shown == {
            "tenantId": tenant.tenant_id,
            "name": "Test",
            "country": "US",
            "timezone": "America/New_York",
            "createdAt": shown["createdAt"],
            "updatedAt": shown["createdAt"],
        }


class TestChangingATenant:
    async def test_changes_what_was_sent_alone(self, api: httpx2.AsyncClient) -> None:
        answer = await api.patch("/tenant", json={"name": " Sunny ", "country": "DE"})

        shown = answer.json()["data"]
        assert (shown["name"], shown["country"], shown["timezone"]) == ("Sunny", "DE", "America/New_York")
        assert answer.headers["etag"] == '"2"'
        assert (await api.get("/tenant")).json()["data"] == shown

    @pytest.mark.parametrize(
        ("change", "line"),
        [
            ({"name": None}, "name: is required"),
            ({"country": "us"}, "country: string should match pattern '^[A-Z]{2}$'"),
            ({"timezone": "Mars/Base"}, "timezone: must be an IANA time zone such as America/Chicago"),
            ({"tenantId": "org_other"}, "tenantId: is not a field of this request"),
            ({"name": " "}, "name: string should have at least 1 character"),
        ],
    )
    async def test_refuses_what_cannot_be(self, api: httpx2.AsyncClient, change: dict[str, str], line: str) -> None:
        answer = await api.patch("/tenant", json=change)

        assert (answer.status_code, answer.json()["error"]["details"]) == (400, [line])

    async def test_names_each_field_that_cannot_be_cleared(self, api: httpx2.AsyncClient) -> None:
        answer = await api.patch("/tenant", json={"country": None, "timezone": None, "name": "X"})

        assert answer.json()["error"]["details"] == ["country: is required", "timezone: is required"]

    async def test_refuses_to_overwrite_a_newer_version(self, api: httpx2.AsyncClient) -> None:
        await api.patch("/tenant", json={"name": "First"})

        stale = await api.patch("/tenant", json={"name": "Second"}, headers={"If-Match": '"1"'})
        fresh = await api.patch("/tenant", json={"name": "Second"}, headers={"If-Match": '"2"'})

        assert (stale.status_code, stale.json()["error"]["code"]) == (409, "CONFLICT")
        assert fresh.status_code == 200

    async def test_needs_the_scope_admin(self, app: FrontDoor, new_tenant: NewTenant) -> None:
        async with client_of(app, (await new_tenant(scopes=["read", "write"])).key) as api:
            assert (await api.patch("/tenant", json={"name": "X"})).status_code == 403

    async def test_leaves_other_tenants_alone(
        self, app: FrontDoor, api: httpx2.AsyncClient, new_tenant: NewTenant
    ) -> None:
        other = await new_tenant("Other")

        await api.patch("/tenant", json={"name": "Changed"})

        async with client_of(app, other.key) as theirs:
            assert (await theirs.get("/tenant")).json()["data"]["name"] == "Other"


class TestTheInstallation:
    async def test_lists_its_tenants_oldest_first(self, platform: Platform, new_tenant: NewTenant) -> None:
        made = [(await new_tenant(name)).tenant_id for name in ("First", "Second")]

        tenants = await platform.service(TenantService).all()

        ids = [tenant_id for tenant_id, _, _ in tenants]
        assert ids.index(made[0]) < ids.index(made[1])
        assert [age for _, _, age in tenants] == sorted(age for _, _, age in tenants)

    async def test_tells_a_tenants_country(
        self, api: httpx2.AsyncClient, platform: Platform, tenant: TestTenant
    ) -> None:
        tenants = platform.service(TenantService)
        await api.patch("/tenant", json={"country": "DE"})

        async with platform.database.work(tenant.tenant_id, "test") as work:
            assert await tenants.country(work) == "DE"
