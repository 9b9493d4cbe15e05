"""The headers of a campaign's webhooks may hold secrets: clients read them unchanged, the database never does."""

import json

import httpx2

from leadsail.entrypoints.wiring import Platform
from tests.conftest import TestTenant
from tests.features.campaigns.making import campaign, owners

_SECRET = "s3cret-token-value"
_WEBHOOKS = {"url": "https://crm.example/hook", "headers": {"X-Token": _SECRET}}


async def _kept(platform: Platform, tenant: TestTenant) -> str:
    """Everything that the database keeps of the tenant's campaigns and answers."""
    async with platform.database.work(tenant.tenant_id, "test") as work:
        bodies = await work.fetch("select body from campaign")
        answers = await work.fetch("select answer from idempotency_key")
    return json.dumps([row["body"] for row in bodies]) + json.dumps([row["answer"] for row in answers])


class TestKeepingWebhookHeaders:
    async def test_shows_them_to_whoever_may_read(self, api: httpx2.AsyncClient) -> None:
        stored = await campaign(api, webhooks=_WEBHOOKS)

        read = await api.get(f"/campaigns/{stored['campaignId']}")
        listed = await api.get("/campaigns")

        assert stored["webhooks"]["headers"] == {"X-Token": _SECRET}
        assert read.json()["data"]["webhooks"] == stored["webhooks"]
        assert listed.json()["data"]["campaigns"][0]["webhooks"] == stored["webhooks"]

    async def test_stores_them_encrypted_only(
        self, api: httpx2.AsyncClient, platform: Platform, tenant: TestTenant
    ) -> None:
        await campaign(api, webhooks=_WEBHOOKS)

        kept = await _kept(platform, tenant)

        assert '"X-Token": "lsb1.' in kept
        assert _SECRET not in kept

    async def test_keeps_them_through_changes_and_archiving(
        self, api: httpx2.AsyncClient, platform: Platform, tenant: TestTenant
    ) -> None:
        stored = await campaign(api, webhooks=_WEBHOOKS)
        path = f"/campaigns/{stored['campaignId']}"

        await api.patch(path, json={"webhooks": {"events": {"lead.delivered": True}}})
        await api.post(f"{path}/archive")

        read = (await api.get(path)).json()["data"]["webhooks"]
        assert (read["headers"], read["events"]) == ({"X-Token": _SECRET}, {"lead.delivered": True})
        assert _SECRET not in await _kept(platform, tenant)

    async def test_replaces_them_as_a_whole(self, api: httpx2.AsyncClient) -> None:
        stored = await campaign(api, webhooks=_WEBHOOKS)

        answer = await api.patch(
            f"/campaigns/{stored['campaignId']}", json={"webhooks": {"headers": {"X-Other": "new"}}}
        )

        assert answer.json()["data"]["webhooks"]["headers"] == {"X-Other": "new"}

    async def test_repeats_the_answer_that_shows_them_from_a_sealed_copy(
        self, api: httpx2.AsyncClient, platform: Platform, tenant: TestTenant
    ) -> None:
        body = {"name": "Texas", **await owners(api), "webhooks": _WEBHOOKS}

        first = await api.post("/campaigns", json=body, headers={"Idempotency-Key": "k1"})
        again = await api.post("/campaigns", json=body, headers={"Idempotency-Key": "k1"})

        assert first.headers["cache-control"] == "no-store"
        assert (again.status_code, again.content) == (201, first.content)
        assert _SECRET not in await _kept(platform, tenant)
