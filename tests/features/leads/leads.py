"""What tests of leads start from: a campaign, a person, and a lead made of both."""

from typing import Any

import httpx2


async def new_campaign(api: httpx2.AsyncClient, name: str = "Solar Ohio") -> str:
    """A campaign of a fresh client and offer; its id."""
    client = await api.post("/clients", json={"name": "Sunny Solar", "abbrev": "SUN"})
    offer = await api.post("/offers", json={"name": "Rooftop solar", "abbrev": "ROOF"})
    new = {
        "name": name,
        "clientId": client.json()["data"]["clientId"],
        "offerId": offer.json()["data"]["offerId"],
    }
    campaign = await api.post("/campaigns", json=new)
    return str(campaign.json()["data"]["campaignId"])


def person(campaign_id: str, **details: Any) -> dict[str, Any]:
    """The body that creates a lead."""
    return {
        "campaignId": campaign_id,
        "firstName": "Ann",
        "lastName": "Lee",
        "email": "ann.lee@example.com",
        "phone": "(415) 555-2671",
    } | details


async def new_lead(api: httpx2.AsyncClient, campaign_id: str | None = None, **details: Any) -> dict[str, Any]:
    """A stored lead as `GET` shows it."""
    campaign_id = campaign_id or await new_campaign(api)
    created = await api.post("/leads", json=person(campaign_id, **details))
    return await lead_of(api, created.json()["data"]["leadId"])


async def lead_of(api: httpx2.AsyncClient, lead_id: str) -> dict[str, Any]:
    """A lead as `GET` shows it now."""
    answer = await api.get(f"/leads/{lead_id}")
    data: dict[str, Any] = answer.json()["data"]
    return data
