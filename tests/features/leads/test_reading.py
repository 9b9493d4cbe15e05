"""Reading one lead, and listing leads by cursor, filters and search."""

from typing import Any

import httpx2
import pytest

from leadsail.foundation.web.front_door import FrontDoor
from tests.conftest import NewTenant, client_of
from tests.features.leads.leads import new_campaign, new_lead, person


async def ids(api: httpx2.AsyncClient, **filters: str) -> list[str]:
    """The ids that a list shows, in its order."""
    answer = await api.get("/leads", params=filters)
    return [lead["leadId"] for lead in answer.json()["data"]["leads"]]


async def three(api: httpx2.AsyncClient) -> list[str]:
    """The ids of three leads of one campaign, newest first."""
    campaign_id = await new_campaign(api)
    leads = [await new_lead(api, campaign_id, email=f"{n}@example.com", phone=f"415-555-000{n}") for n in range(3)]
    return [lead["leadId"] for lead in reversed(leads)]


class TestReadingALead:
    async def test_carries_an_entity_tag(self, api: httpx2.AsyncClient) -> None:
        lead = await new_lead(api)

        answer = await api.get(f"/leads/{lead['leadId']}")

        assert (answer.status_code, answer.headers["etag"]) == (200, '"1"')

    async def test_shows_todays_names_of_its_campaign(self, api: httpx2.AsyncClient) -> None:
        lead = await new_lead(api)
        await api.patch(f"/clients/{lead['campaign']['clientId']}", json={"name": "Moon Solar"})

        answer = await api.get(f"/leads/{lead['leadId']}")

        assert answer.json()["data"]["campaign"]["clientName"] == "Moon Solar"

    @pytest.mark.parametrize("path", ["/leads/{}", "/leads/{}/submissions"])
    async def test_another_tenants_is_as_unknown_as_none(
        self, api: httpx2.AsyncClient, app: FrontDoor, new_tenant: NewTenant, path: str
    ) -> None:
        theirs = await new_tenant("Other")
        async with client_of(app, theirs.key) as their_api:
            their_lead = await new_lead(their_api)

        foreign = await api.get(path.format(their_lead["leadId"]))
        unknown = await api.get(path.format("lead_nobody"))
        impossible = await api.get(path.format("%F0%9F%90%98" + "x" * 300))

        assert foreign.status_code == 404
        assert foreign.content == unknown.content == impossible.content


class TestListingLeads:
    async def test_shows_the_newest_first_in_the_shape_of_one(self, api: httpx2.AsyncClient) -> None:
        expected = await three(api)

        answer = await api.get("/leads")

        data = answer.json()["data"]
        assert [lead["leadId"] for lead in data["leads"]] == expected
        assert data["leads"][0] == (await api.get(f"/leads/{expected[0]}")).json()["data"]
        assert (data["hasMore"], "nextCursor" in data) == (False, False)

    async def test_goes_on_after_the_cursor_to_the_end(self, api: httpx2.AsyncClient) -> None:
        expected = await three(api)

        first = (await api.get("/leads", params={"limit": "2"})).json()["data"]
        second = (await api.get("/leads", params={"limit": "2", "cursor": first["nextCursor"]})).json()["data"]

        assert (first["hasMore"], first["nextCursor"]) == (True, expected[1])
        assert [lead["leadId"] for lead in first["leads"] + second["leads"]] == expected
        assert (second["hasMore"], "nextCursor" in second) == (False, False)

    async def test_goes_on_after_a_lead_that_was_erased(self, api: httpx2.AsyncClient) -> None:
        expected = await three(api)
        await api.delete(f"/leads/{expected[1]}")

        rest = await ids(api, cursor=expected[1])

        assert rest == expected[2:]

    async def test_shows_nothing_of_another_tenant(
        self, api: httpx2.AsyncClient, app: FrontDoor, new_tenant: NewTenant
    ) -> None:
        theirs = await new_tenant("Other")
        async with client_of(app, theirs.key) as their_api:
            their_lead = await new_lead(their_api)

        assert await ids(api) == []
        assert await ids(api, search="ann") == []
        assert await ids(api, campaignIds=their_lead["campaign"]["campaignId"]) == []


class TestFilteringLeads:
    async def test_by_campaigns_clients_and_offers(self, api: httpx2.AsyncClient) -> None:
        one, two, three = [await new_lead(api) for _ in range(3)]

        for parameter, field in (("campaignIds", "campaignId"), ("clientIds", "clientId"), ("offerIds", "offerId")):
            wanted = f"{one['campaign'][field]}, {three['campaign'][field]}"
            assert await ids(api, **{parameter: wanted}) == [three["leadId"], one["leadId"]]
        mixed = {"campaignIds": two["campaign"]["campaignId"], "clientIds": one["campaign"]["clientId"]}
        assert await ids(api, **mixed) == []

    async def test_by_status(self, api: httpx2.AsyncClient) -> None:
        newest, middle, oldest = await three(api)
        await api.patch(f"/leads/{middle}", json={"status": "qualified"})

        assert await ids(api, status="qualified") == [middle]
        assert await ids(api, status="new") == [newest, oldest]

    async def test_by_the_time_of_creation_with_both_ends(self, api: httpx2.AsyncClient) -> None:
        newest, middle, oldest = await three(api)
        at = (await api.get(f"/leads/{middle}")).json()["data"]["createdAt"]

        assert await ids(api, startDate=at) == [newest, middle]
        assert await ids(api, endDate=at) == [middle, oldest]
        assert await ids(api, startDate=at[:10], endDate=at[:10]) == [newest, middle, oldest]
        assert await ids(api, endDate="2020-01-01") == []

    @pytest.mark.parametrize(
        "search",
        ["ann", "LEE", "nn le", "ann.lee@", "+14155552671", "(415) 555-2671", "415.555", "5552671", "O'Neil_%"],
    )
    async def test_by_part_of_a_name_an_email_or_a_phone(self, api: httpx2.AsyncClient, search: str) -> None:
        wanted: dict[str, Any] = {"email": "ann.lee@example.com", "phone": "415 555 2671"}
        names = {"firstName": "O'Neil_%"} if search.startswith("O") else {"firstName": "Ann"}
        lead = await new_lead(api, **wanted, **names)
        await new_lead(api, firstName="Bob", lastName="ONeilX", email="bob@example.com", phone="212 555 0000")

        assert await ids(api, search=search) == [lead["leadId"]]

    async def test_by_its_id(self, api: httpx2.AsyncClient) -> None:
        _, middle, _ = await three(api)

        assert await ids(api, search=middle) == [middle]

    async def test_an_empty_filter_is_none(self, api: httpx2.AsyncClient) -> None:
        expected = await three(api)

        assert await ids(api, campaignIds="", clientIds=",", offerIds=" ", search=" ") == expected

    @pytest.mark.parametrize(
        ("filters", "line"),
        [
            ({"cursor": "lead_nobody"}, "cursor: no such lead; begin again without a cursor"),
            ({"cursor": "ü"}, "cursor: no such lead; begin again without a cursor"),
            ({"limit": "0"}, "limit: must be a whole number from 1 on"),
            ({"startDate": "yesterday"}, "startDate: must be an ISO 8601 date or date-time"),
            ({"search": "x" * 201}, "search: string should have at most 200 characters"),
        ],
    )
    async def test_a_wrong_one_is_refused(self, api: httpx2.AsyncClient, filters: dict[str, str], line: str) -> None:
        answer = await api.get("/leads", params=filters)

        assert (answer.status_code, answer.json()["error"]["details"]) == (400, [line])

    async def test_an_unknown_status_is_refused(self, api: httpx2.AsyncClient) -> None:
        answer = await api.get("/leads", params={"status": "happy"})

        assert answer.status_code == 400
        assert answer.json()["error"]["details"][0].startswith("status: input should be 'new', 'pending',")

    async def test_another_tenants_cursor_is_refused_like_an_unknown_one(
        self, api: httpx2.AsyncClient, app: FrontDoor, new_tenant: NewTenant
    ) -> None:
        theirs = await new_tenant("Other")
        async with client_of(app, theirs.key) as their_api:
            their_lead = await new_lead(their_api)

        foreign = await api.get("/leads", params={"cursor": their_lead["leadId"]})
        unknown = await api.get("/leads", params={"cursor": "lead_nobody"})

        assert (foreign.status_code, foreign.content) == (400, unknown.content)

    async def test_a_larger_limit_means_a_hundred(self, api: httpx2.AsyncClient) -> None:
        campaign_id = await new_campaign(api)
        for n in range(101):
            await api.post("/leads", json=person(campaign_id, email=f"{n}@example.com"))

        data = (await api.get("/leads", params={"limit": "5000"})).json()["data"]

        assert (len(data["leads"]), data["hasMore"]) == (100, True)
