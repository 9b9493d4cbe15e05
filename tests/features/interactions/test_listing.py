"""Lists of interactions: of one lead, and filtered."""

from datetime import timedelta
from typing import Any

import httpx2
import pytest

from tests.features.interactions.calls import Conversations, Rehearsal
from tests.features.leads.leads import new_campaign, new_lead


async def ids(api: httpx2.AsyncClient, **query: str) -> list[str]:
    answer = await api.get("/interactions", params=query)
    assert answer.status_code == 200, answer.text
    return [interaction["interactionId"] for interaction in answer.json()["data"]["interactions"]]


class TestALeadsInteractions:
    async def test_come_newest_first_calls_and_threads_alike(
        self, talk: Conversations, api: httpx2.AsyncClient
    ) -> None:
        lead = await new_lead(api)
        call, thread = await talk.call(lead), await talk.thread(lead)
        await talk.call(await new_lead(api, lead["campaign"]["campaignId"]))

        answer = await api.get(f"/interactions/lead/{lead['leadId']}")

        listed = answer.json()["data"]["interactions"]
        assert [interaction["interactionId"] for interaction in listed] == [thread, call]
        assert listed[1] == await talk.read(call)

    async def test_are_an_empty_list_before_the_first(self, api: httpx2.AsyncClient) -> None:
        lead = await new_lead(api)

        answer = await api.get(f"/interactions/lead/{lead['leadId']}")

        assert answer.json() == {"success": True, "data": {"interactions": []}}

    async def test_of_an_unknown_lead_are_not_found(self, api: httpx2.AsyncClient) -> None:
        assert (await api.get("/interactions/lead/lead_1")).status_code == 404


class TestFilters:
    async def test_narrow_the_list_together(self, talk: Conversations, api: httpx2.AsyncClient) -> None:
        lead, other = await new_lead(api), await new_lead(api)
        busy, good = await talk.call(lead), await talk.call(lead)
        thread = await talk.thread(other)
        await talk.close(busy, "busy")
        await talk.close(good, "qualified")

        campaign = lead["campaign"]
        assert await ids(api) == [thread, good, busy]
        assert await ids(api, leadId=lead["leadId"]) == [good, busy]
        assert await ids(api, type="sms") == [thread]
        assert await ids(api, status="busy") == [busy]
        assert await ids(api, campaignIds=campaign["campaignId"]) == [good, busy]
        assert await ids(api, clientIds=f"nobody, {campaign['clientId']}") == [good, busy]
        assert await ids(api, offerIds=campaign["offerId"], status="qualified") == [good]

    async def test_take_dates_as_whole_days_both_included(self, talk: Conversations, api: httpx2.AsyncClient) -> None:
        call = await talk.call()
        today = (await talk.read(call))["createdAt"][:10]

        assert await ids(api, startDate=today, endDate=today) == [call]
        assert await ids(api, endDate="2001-01-01") == []
        assert await ids(api, startDate="2999-01-01") == []

    async def test_take_instants_to_the_millisecond_both_included(
        self, rehearsal: Rehearsal, api: httpx2.AsyncClient
    ) -> None:
        first = await rehearsal.call()
        rehearsal.clock.advance(timedelta(milliseconds=1))
        second = await rehearsal.call()

        assert await ids(api, endDate="2026-01-02T03:04:05.678Z") == [first]
        assert await ids(api, startDate="2026-01-02T03:04:05.679Z") == [second]
        assert await ids(api, startDate="2026-01-02T03:04:05.678Z", endDate="2026-01-02T03:04:05.679Z") == [
            second,
            first,
        ]

    @pytest.mark.parametrize(
        ("query", "line"),
        [
            ({"startDate": "yesterday"}, "startDate: must be an ISO 8601 date or date-time"),
            ({"cursor": "int_1"}, "cursor: must be the `nextCursor` of an earlier page"),
            ({"cursor": "1767323045678"}, "cursor: must be the `nextCursor` of an earlier page"),
            ({"cursor": "².int_1"}, "cursor: must be the `nextCursor` of an earlier page"),
            ({"cursor": "999999999999999.int_1"}, "cursor: must be the `nextCursor` of an earlier page"),
            ({"limit": "0"}, "limit: must be a whole number from 1 on"),
            ({"type": "fax"}, "type: input should be 'call', 'sms' or 'email'"),
        ],
    )
    async def test_name_what_is_wrong_with_them(
        self, api: httpx2.AsyncClient, query: dict[str, str], line: str
    ) -> None:
        answer = await api.get("/interactions", params=query)

        assert (answer.status_code, answer.json()["error"]["details"]) == (400, [line])


async def pages(api: httpx2.AsyncClient, limit: int) -> list[list[str]]:
    """Every page of the list, from the newest to the last."""
    seen: list[list[str]] = []
    query: dict[str, Any] = {"limit": str(limit)}
    while True:
        page = (await api.get("/interactions", params=query)).json()["data"]
        seen.append([interaction["interactionId"] for interaction in page["interactions"]])
        assert page["hasMore"] is ("nextCursor" in page)
        if not page["hasMore"]:
            return seen
        query["cursor"] = page["nextCursor"]


class TestPages:
    async def test_follow_each_other_without_gap_or_repeat(self, talk: Conversations, api: httpx2.AsyncClient) -> None:
        lead = await new_lead(api, await new_campaign(api))
        placed = [await talk.call(lead) for _ in range(7)]
        await talk.close(placed[3])
        await talk.seal(placed[3])

        newest = placed[::-1]
        assert await pages(api, 3) == [newest[:3], newest[3:6], newest[6:]]

    async def test_end_with_a_full_one_where_it_fits(self, talk: Conversations, api: httpx2.AsyncClient) -> None:
        lead = await new_lead(api)
        placed = [await talk.call(lead) for _ in range(4)]

        assert await pages(api, 2) == [[placed[3], placed[2]], [placed[1], placed[0]]]

    async def test_tell_those_of_one_moment_apart(self, rehearsal: Rehearsal, api: httpx2.AsyncClient) -> None:
        lead = await new_lead(api)
        placed = sorted([await rehearsal.call(lead) for _ in range(5)], reverse=True)

        assert await pages(api, 2) == [placed[:2], placed[2:4], placed[4:]]
