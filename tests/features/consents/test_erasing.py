"""Erasing a person takes what they agreed to along; what proves that it was there stays as keyed hashes."""

import asyncio
from typing import Any

import httpx2

from leadsail.entrypoints.wiring import Platform
from tests.conftest import TestTenant
from tests.features.consents.making import GIVEN, PHONE, in_force, listed, recorded
from tests.features.leads.leads import new_campaign, new_lead


async def kept(platform: Platform, tenant: TestTenant, query: str) -> list[dict[str, Any]]:
    """Rows as they are stored."""
    async with platform.database.work(tenant.tenant_id, "test") as work:
        return [dict(row) for row in await work.fetch(query)]


class TestErasingALead:
    async def test_clears_what_was_recorded_for_its_number(
        self, api: httpx2.AsyncClient, platform: Platform, tenant: TestTenant
    ) -> None:
        lead = await new_lead(api)
        of_lead = await recorded(api, leadId=lead["leadId"], text="Ann says yes", ipAddress="203.0.113.7")
        by_phone = await recorded(api)
        other = await recorded(api, phone="+15125550143")
        withdrawn = await api.post(f"/consents/{of_lead['consentId']}/withdraw", json={"reason": "Ann said no"})
        assert withdrawn.status_code == 200

        await api.delete(f"/leads/{lead['leadId']}")

        assert await listed(api) == [other["consentId"]]
        assert (await api.get(f"/consents/{by_phone['consentId']}")).status_code == 404
        rows = await kept(platform, tenant, "select * from consent where body is null")
        assert {row["consent_id"] for row in rows} == {of_lead["consentId"], by_phone["consentId"]}
        assert all(len(row["evidence_hash"]) == len(row["phone_hash"]) == 32 for row in rows)
        assert [word for word in ("Ann", "4155552671", "203.0.113.7", lead["leadId"]) if word in str(rows)] == []

    async def test_leaves_proof_that_names_nobody(
        self, api: httpx2.AsyncClient, platform: Platform, tenant: TestTenant
    ) -> None:
        lead = await new_lead(api)
        consent = await recorded(api, leadId=lead["leadId"], text="Ann says yes")

        await api.delete(f"/leads/{lead['leadId']}")

        [erasure] = await kept(platform, tenant, "select proof from erasure")
        [row] = await kept(platform, tenant, "select evidence_hash from consent")
        assert erasure["proof"]["consents"] == [
            {
                "consentId": consent["consentId"],
                "kind": "written",
                "source": "api",
                "givenAt": GIVEN["givenAt"],
                "evidenceHash": row["evidence_hash"].hex(),
            }
        ]

    async def test_clears_what_was_recorded_for_a_number_it_had_before(self, api: httpx2.AsyncClient) -> None:
        lead = await new_lead(api)
        await recorded(api, leadId=lead["leadId"])
        await api.patch(f"/leads/{lead['leadId']}", json={"phone": "+15125550143"})

        await api.delete(f"/leads/{lead['leadId']}")

        assert await listed(api) == []

    async def test_lets_a_new_lead_of_that_number_begin_without_consent(self, api: httpx2.AsyncClient) -> None:
        lead = await new_lead(api)
        await recorded(api)
        await api.delete(f"/leads/{lead['leadId']}")

        again = await new_lead(api)

        assert await in_force(api, again["leadId"]) == []

    async def test_lets_the_same_consent_be_recorded_anew(self, api: httpx2.AsyncClient) -> None:
        lead = await new_lead(api)
        first = await recorded(api)
        await api.delete(f"/leads/{lead['leadId']}")

        second = await recorded(api)

        assert second["consentId"] != first["consentId"]

    async def test_brings_no_withdrawn_consent_back(self, api: httpx2.AsyncClient) -> None:
        lead = await new_lead(api)
        consent = await recorded(api)
        await api.post(f"/consents/{consent['consentId']}/withdraw", json={"reason": "Asked"})
        await api.delete(f"/leads/{lead['leadId']}")

        again = await api.post("/consents", json=GIVEN | {"phone": PHONE})

        assert again.status_code == 409

    async def test_of_one_number_twice_at_once_succeeds(self, api: httpx2.AsyncClient) -> None:
        campaign_id = await new_campaign(api)
        leads = [(await new_lead(api, campaign_id))["leadId"] for _ in range(4)]
        for number in range(10):
            await recorded(api, jornayaLeadId=str(number))

        answers = await asyncio.gather(*(api.delete(f"/leads/{lead_id}") for lead_id in leads))

        assert [answer.status_code for answer in answers] == [200] * 4
        assert await listed(api) == []
