"""Pages, limits and periods, whose query parameters are strings."""

from datetime import UTC, datetime

import httpx2
import pytest
from hypothesis import given
from hypothesis import strategies as st

from leadsail.foundation.errors import InvalidInput
from leadsail.foundation.web.pagination import Page, boolean, listed, positive_number


class TestWholeNumbers:
    @given(st.integers(1, 10**12 - 1))
    def test_are_read(self, number: int) -> None:
        assert positive_number("page", str(number), 1) == number

    @pytest.mark.parametrize("text", ["", "0", "-1", "1.0", "1e3", " 1", "+1", "one", "\u0663", "1" * 13, "9" * 5000])
    def test_are_nothing_else(self, text: str) -> None:
        with pytest.raises(InvalidInput) as refusal:
            positive_number("page", text, 1)

        assert refusal.value.details == ["page: must be a whole number from 1 on"]


class TestSwitches:
    @pytest.mark.parametrize(("text", "value"), [("true", True), ("false", False), ("", None), (None, None)])
    def test_are_the_two_words(self, text: str | None, *, value: bool | None) -> None:
        assert boolean("active", text) is value

    @pytest.mark.parametrize("text", ["True", "1", "yes", " true"])
    def test_are_nothing_else(self, text: str) -> None:
        with pytest.raises(InvalidInput) as refusal:
            boolean("active", text)

        assert refusal.value.details == ['active: must be "true" or "false"']


class TestCommaSeparatedLists:
    @pytest.mark.parametrize(
        ("text", "members"),
        [("HXZ", ["HXZ"]), ("HXZ, U4D", ["HXZ", "U4D"]), (",HXZ,,", ["HXZ"]), ("", None), (" , ", None), (None, None)],
    )
    def test_ignore_what_is_empty(self, text: str | None, members: list[str] | None) -> None:
        assert listed(text) == members


class TestAPage:
    def test_begins_after_those_before_it(self) -> None:
        assert [Page(number, 25).offset for number in (1, 2, 3)] == [0, 25, 50]


class TestLimits:
    @pytest.mark.parametrize(
        ("asked", "given"), [(None, 100), ("1", 1), ("100", 100), ("101", 100), ("999999999999", 100)]
    )
    async def test_above_a_hundred_are_a_hundred(self, api: httpx2.AsyncClient, asked: str | None, given: int) -> None:
        answer = await api.get("/clients", params={"limit": asked} if asked else {})

        assert answer.json()["data"]["pagination"] == {"total": 0, "page": 1, "limit": given}

    async def test_a_page_far_behind_the_end_is_empty(self, api: httpx2.AsyncClient) -> None:
        answer = await api.get("/clients?page=999999999999")

        assert (answer.status_code, answer.json()["data"]["clients"]) == (200, [])

    @pytest.mark.parametrize("query", ["page=0", "page=x", "limit=0", "limit=-5", "limit=1e2", "page=", "limit="])
    async def test_that_are_no_numbers_are_refused(self, api: httpx2.AsyncClient, query: str) -> None:
        answer = await api.get(f"/clients?{query}")

        assert answer.status_code == 400
        name = query.partition("=")[0]
        assert answer.json()["error"]["details"] == [f"{name}: must be a whole number from 1 on"]


class TestPeriods:
    @pytest.mark.parametrize(
        "query",
        [
            "startDate=0001-01-01",
            "endDate=9999-12-30",
            "startDate=0001-01-01T00:00:00Z&endDate=9999-12-31T23:59:59Z",
            "startDate=2026-W01-1",
            "startDate=2026-01-01T00:00:00%2B02:00",
            "startDate=9999-12-31&endDate=0001-01-01",
        ],
    )
    async def test_reach_from_end_to_end_of_the_calendar(self, api: httpx2.AsyncClient, query: str) -> None:
        assert (await api.get(f"/leads?{query}")).status_code == 200

    @pytest.mark.parametrize(
        ("query", "line"),
        [
            ("startDate=yesterday", "startDate: must be an ISO 8601 date or date-time"),
            ("startDate=2026-02-30", "startDate: must be an ISO 8601 date or date-time"),
            ("startDate=10000-01-01", "startDate: must be an ISO 8601 date or date-time"),
            ("endDate=1767225600", "endDate: must be an ISO 8601 date or date-time"),
            ("startDate=0001-01-01T00:00:00%2B14:00", "startDate: must be an ISO 8601 date or date-time"),
            ("endDate=9999-12-31T23:59:59-14:00", "endDate: must be an ISO 8601 date or date-time"),
            ("endDate=9999-12-31", "endDate: must lie before the end of the year 9999"),
            ("endDate=9999-12-31T23:59:59.999999Z", "endDate: must lie before the end of the year 9999"),
        ],
    )
    async def test_outside_it_are_refused_by_name(self, api: httpx2.AsyncClient, query: str, line: str) -> None:
        answer = await api.get(f"/leads?{query}")

        assert (answer.status_code, answer.json()["error"]["details"]) == (400, [line])

    async def test_of_one_day_include_the_whole_of_it(self, api: httpx2.AsyncClient) -> None:
        lead = await _lead(api)
        day = datetime.fromisoformat(lead["createdAt"]).astimezone(UTC).date()

        async def found(query: str) -> int:
            return len((await api.get(f"/leads?{query}")).json()["data"]["leads"])

        assert await found(f"startDate={day}&endDate={day}") == 1
        assert await found(f"startDate={day:%G-W%V-%u}&endDate={day:%G-W%V-%u}") == 1
        assert await found(f"startDate={lead['createdAt']}&endDate={lead['createdAt']}") == 1
        assert await found("endDate=2000-01-01") == 0


async def _lead(api: httpx2.AsyncClient) -> dict[str, str]:
    client = (await api.post("/clients", json={"name": "Sun", "abbrev": "SUN"})).json()["data"]["clientId"]
    offer = (await api.post("/offers", json={"name": "Roof", "abbrev": "ROOF"})).json()["data"]["offerId"]
    campaign = {"campaignId": "HXZ", "name": "Solar", "clientId": client, "offerId": offer}
    assert (await api.post("/campaigns", json=campaign)).status_code == 201
    lead = {"campaignId": "HXZ", "firstName": "Ann", "lastName": "Lee", "phone": "+12025550123", "email": "a@b.example"}
    answer = await api.post("/leads", json=lead)
    assert answer.status_code == 201, answer.text
    stored: dict[str, str] = (await api.get(f"/leads/{answer.json()['data']['leadId']}")).json()["data"]
    return stored
