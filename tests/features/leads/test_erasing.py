"""Erasing a person: nothing that names anybody is left, and what suppresses and proves stays."""

from typing import Any

import httpx2

from leadsail.entrypoints.wiring import Platform
from leadsail.features.leads.events import LeadErased
from leadsail.features.leads.service import LeadService
from leadsail.features.tenants.service import TenantService
from leadsail.foundation.clock import SystemClock
from leadsail.foundation.database import Work
from leadsail.foundation.encryption import KeyedHash, MasterKey
from leadsail.foundation.event_bus import EventBus
from leadsail.foundation.web.front_door import FrontDoor
from tests.conftest import NewTenant, TestTenant, client_of
from tests.features.leads.leads import lead_of, new_lead


async def remains_of(platform: Platform, tenant: TestTenant, lead_id: str) -> dict[str, Any]:
    """What is stored of an erased lead."""
    async with platform.database.work(tenant.tenant_id, "test") as work:
        row = await work.fetchrow(
            "select * from erasure where tenant_id = $1 and lead_id = $2", tenant.tenant_id, lead_id
        )
    return dict(row or {})


class TestErasingALead:
    async def test_answers_when_it_was_done(self, api: httpx2.AsyncClient) -> None:
        lead = await new_lead(api)

        answer = await api.delete(f"/leads/{lead['leadId']}")

        assert answer.status_code == 200
        data = answer.json()["data"]
        assert data["leadId"] == lead["leadId"]
        assert data["erasedAt"] >= lead["createdAt"]

    async def test_the_lead_is_gone_from_every_read(self, api: httpx2.AsyncClient) -> None:
        lead = await new_lead(api)

        await api.delete(f"/leads/{lead['leadId']}")

        assert (await api.get(f"/leads/{lead['leadId']}")).status_code == 404
        assert (await api.get(f"/leads/{lead['leadId']}/submissions")).status_code == 404
        assert (await api.get("/leads", params={"search": "ann"})).json()["data"]["leads"] == []

    async def test_a_second_time_finds_nothing(self, api: httpx2.AsyncClient) -> None:
        lead = await new_lead(api)
        await api.delete(f"/leads/{lead['leadId']}")

        again = await api.delete(f"/leads/{lead['leadId']}")

        assert (again.status_code, again.json()["error"]["code"]) == (404, "NOT_FOUND")

    async def test_keeps_hashes_that_recognise_phone_and_email(
        self, api: httpx2.AsyncClient, platform: Platform, tenant: TestTenant, master_key: MasterKey
    ) -> None:
        lead = await new_lead(api, email="Ann.Lee@example.com", phone="(415) 555-2671")

        await api.delete(f"/leads/{lead['leadId']}")

        keyed_hash = KeyedHash(master_key)
        remains = await remains_of(platform, tenant, lead["leadId"])
        assert remains["phone_hash"] == keyed_hash.of("suppression-phone", "+14155552671")
        assert remains["email_hash"] == keyed_hash.of("suppression-email", "ann.lee@example.com")
        assert remains["erased_by"].startswith("key_")

    async def test_keeps_nothing_that_names_the_person(
        self, api: httpx2.AsyncClient, platform: Platform, tenant: TestTenant
    ) -> None:
        lead = await new_lead(api, notes=[{"text": "secret note"}], compliance={"ipAddress": "203.0.113.7"})

        await api.delete(f"/leads/{lead['leadId']}")

        kept = str(await remains_of(platform, tenant, lead["leadId"]))
        named = [word for word in ("Ann", "ann.lee", "4155552671", "secret note", "203.0.113.7") if word in kept]
        assert named == []

    async def test_another_tenants_lead_is_as_unknown_as_none(
        self, api: httpx2.AsyncClient, app: FrontDoor, new_tenant: NewTenant
    ) -> None:
        theirs = await new_tenant("Other")
        async with client_of(app, theirs.key) as their_api:
            their_lead = await new_lead(their_api)

            foreign = await api.delete(f"/leads/{their_lead['leadId']}")
            unknown = await api.delete("/leads/lead_nobody")

            assert (foreign.status_code, foreign.content) == (404, unknown.content)
            assert await lead_of(their_api, their_lead["leadId"]) == their_lead

    async def test_needs_the_scope_to_write(self, app: FrontDoor, new_tenant: NewTenant) -> None:
        reader = await new_tenant(scopes=["read"])

        async with client_of(app, reader.key) as api:
            answer = await api.delete("/leads/lead_nobody")

        assert answer.status_code == 403


class TestWhoKeepsSomethingOfTheLead:
    async def test_leaves_evidence_while_the_lead_is_still_there(
        self, api: httpx2.AsyncClient, platform: Platform, tenant: TestTenant, master_key: MasterKey
    ) -> None:
        async def prove(work: Work, event: LeadErased) -> None:
            count = await work.fetchval("select count(*) from submission where lead_id = $1", event.lead_id)
            event.proof["submissions"] = count

        bus = EventBus(inside={LeadErased: [prove]})
        leads = LeadService(SystemClock(), bus, platform.service(TenantService), KeyedHash(master_key))
        lead = await new_lead(api)

        async with platform.database.work(tenant.tenant_id, "test") as work:
            await leads.erase(work, lead["leadId"])

        proof = (await remains_of(platform, tenant, lead["leadId"]))["proof"]
        assert proof["submissions"] == 1
        assert len(proof["compliance"]) == 64
