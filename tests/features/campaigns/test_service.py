"""What the rest of the platform may ask of campaigns."""

import asyncio

import httpx2
import pytest

from leadsail.entrypoints.wiring import Platform
from leadsail.features.campaigns.schemas import NewCampaign
from leadsail.features.campaigns.service import CampaignService
from leadsail.foundation.encryption import MasterKey, SecretBox
from tests.conftest import TestTenant, eventually
from tests.features.campaigns.making import campaign, owners


@pytest.fixture
def unlucky(platform: Platform, master_key: MasterKey) -> CampaignService:
    """A service that draws the same sign every time."""
    return CampaignService(platform.clock, SecretBox(master_key), lambda _: 0)


class TestChoosingACode:
    async def test_grows_longer_when_the_short_ones_are_taken(
        self, api: httpx2.AsyncClient, platform: Platform, tenant: TestTenant, unlucky: CampaignService
    ) -> None:
        new = NewCampaign.model_validate({"name": "Texas", **await owners(api)})

        async with platform.database.work(tenant.tenant_id, "test") as work:
            codes = [(await unlucky.create(work, new)).value.campaign_id for _ in range(3)]

        assert codes == ["222", "2222", "22222"]

    async def test_gives_two_creations_at_once_two_codes(
        self, api: httpx2.AsyncClient, platform: Platform, tenant: TestTenant, unlucky: CampaignService
    ) -> None:
        new = NewCampaign.model_validate({"name": "Texas", **await owners(api)})

        async def create() -> str:
            async with platform.database.work(tenant.tenant_id, "test") as work:
                return (await unlucky.create(work, new)).value.campaign_id

        async def one_waits() -> bool:
            return bool(await platform.database.fetch("select from pg_locks where not granted"))

        async with platform.database.work(tenant.tenant_id, "test") as work:
            first = (await unlucky.create(work, new)).value.campaign_id
            second = asyncio.create_task(create())
            await eventually(one_waits)

        assert (first, await second) == ("222", "2222")


class TestReferringToCampaigns:
    async def test_shows_names_of_today_and_leaves_out_the_unknown(
        self, api: httpx2.AsyncClient, platform: Platform, tenant: TestTenant
    ) -> None:
        stored = await campaign(api, campaignId="HXZ")

        async with platform.database.work(tenant.tenant_id, "test") as work:
            found = await platform.service(CampaignService).references_to(work, ["HXZ", "ZZZ"])

        assert {code: reference.model_dump(by_alias=True) for code, reference in found.items()} == {
            "HXZ": {
                "campaignId": "HXZ",
                "name": "Texas",
                "clientId": stored["clientId"],
                "clientName": "Sunny Solar",
                "clientAbbrev": "SUN",
                "offerId": stored["offerId"],
                "offerName": "Rooftop panels",
                "offerAbbrev": "ROOF",
            }
        }
