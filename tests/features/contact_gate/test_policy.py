"""What a tenant sets for all its contacts: only ever stricter than the law."""

import asyncio
from datetime import UTC, date, datetime, timedelta
from typing import Any

import httpx2
import pytest

from leadsail.entrypoints.wiring import Platform
from leadsail.features.contact_gate.models import DayHours, TenantTerms
from leadsail.features.contact_gate.service.policy import ContactPolicyService
from leadsail.features.tenants.service import TenantService
from leadsail.foundation.web.front_door import FrontDoor
from tests.conftest import NewTenant, TestTenant, client_of

PLAIN = {"allowedCountries": [], "closedDays": [], "sellersStrict": False, "sellerNames": []}
FULL = {
    "hours": {"mon": {"active": True, "start": "09:30", "end": "18:00"}, "sun": {"active": False}},
    "maxAttemptsPerDay": 1,
    "maxAttemptsPerWeek": 4,
    "allowedCountries": ["US", "CA"],
    "closedDays": ["2026-12-24", "2026-12-31"],
    "sellersStrict": True,
    "sellerNames": ["Sunny Solar LLC"],
    "reassignedCheckDays": 30,
    "californiaAcknowledged": {"by": "Maria Diaz", "at": "2026-01-02T15:04:05.678Z"},
}


async def changed(api: httpx2.AsyncClient, **change: Any) -> dict[str, Any]:
    answer = await api.patch("/contact-policy", json=change)
    assert answer.status_code == 200, answer.text
    policy: dict[str, Any] = answer.json()["data"]
    return policy


async def terms_of(platform: Platform, tenant: TestTenant, client_name: str | None = None) -> TenantTerms:
    """What the gate is told."""
    async with platform.database.work(tenant.tenant_id, "test") as work:
        own = (await platform.service(TenantService).read(work)).value
        return await platform.service(ContactPolicyService).terms(work, own, client_name)


class TestReadingThePolicy:
    async def test_leaves_everything_to_the_law_at_first(self, api: httpx2.AsyncClient) -> None:
        answer = await api.get("/contact-policy")

        assert (answer.status_code, answer.headers["etag"]) == (200, '"0"')
        assert answer.json()["data"] == PLAIN

    async def test_shows_what_was_set(self, api: httpx2.AsyncClient) -> None:
        policy = await changed(api, **FULL)

        answer = await api.get("/contact-policy")

        assert (answer.json()["data"], answer.headers["etag"]) == (policy, '"1"')

    async def test_shows_nothing_of_another_tenants(
        self, api: httpx2.AsyncClient, app: FrontDoor, new_tenant: NewTenant
    ) -> None:
        theirs = await new_tenant("Other")
        async with client_of(app, theirs.key) as their_api:
            await changed(their_api, **FULL)

        assert (await api.get("/contact-policy")).json()["data"] == PLAIN


class TestChangingThePolicy:
    async def test_keeps_all_that_it_is_told(self, api: httpx2.AsyncClient) -> None:
        policy = await changed(api, **FULL)

        hours = {
            "mon": {"active": True, "start": "09:30", "end": "18:00"},
            "sun": {"active": False, "start": "09:00", "end": "20:00"},
        }
        assert policy == FULL | {
            "hours": hours,
            "allowedCountries": ["CA", "US"],
            "updatedAt": policy["updatedAt"],
        }

    async def test_leaves_what_is_absent_and_clears_what_is_null(self, api: httpx2.AsyncClient) -> None:
        before = await changed(api, **FULL)

        nulls = dict.fromkeys(["maxAttemptsPerDay", "allowedCountries", "sellersStrict", "californiaAcknowledged"])
        policy = await changed(api, **nulls)

        assert policy["hours"] == before["hours"]
        assert policy["maxAttemptsPerWeek"] == 4
        assert (policy["allowedCountries"], policy["sellersStrict"]) == ([], False)
        assert {"maxAttemptsPerDay", "californiaAcknowledged"}.isdisjoint(policy)

    async def test_merges_the_hours_day_by_day(self, api: httpx2.AsyncClient) -> None:
        await changed(api, **FULL)

        policy = await changed(api, hours={"mon": None, "tue": {"start": "10:00"}})

        assert policy["hours"] == {
            "tue": {"active": True, "start": "10:00", "end": "20:00"},
            "sun": {"active": False, "start": "09:00", "end": "20:00"},
        }

    async def test_forgets_hours_without_a_day(self, api: httpx2.AsyncClient) -> None:
        await changed(api, hours={"mon": {"active": False}})

        assert "hours" not in await changed(api, hours={"mon": None})

    async def test_keeps_each_day_country_and_name_once(self, api: httpx2.AsyncClient) -> None:
        policy = await changed(
            api,
            closedDays=["2026-12-31", "2026-12-24", "2026-12-31"],
            allowedCountries=["US", "GB", "US"],
            sellerNames=["Sunny", "Bright", "Sunny"],
        )

        assert policy["closedDays"] == ["2026-12-24", "2026-12-31"]
        assert policy["allowedCountries"] == ["GB", "US"]
        assert policy["sellerNames"] == ["Sunny", "Bright"]

    @pytest.mark.parametrize(
        ("wrong", "line"),
        [
            ({"hours": {"mon": {"start": "20:00"}}}, "hours.mon: start must be before end"),
            ({"hours": {"mon": {"end": "25:00"}}}, "hours.mon.end: string should match pattern"),
            ({"hours": {"holiday": {}}}, "hours.holiday: is not a field of this request"),
            ({"maxAttemptsPerDay": 0}, "maxAttemptsPerDay: input should be greater than or equal to 1"),
            (
                {"maxAttemptsPerDay": 3, "maxAttemptsPerWeek": 2},
                "maxAttemptsPerDay: must not be more than maxAttemptsPerWeek",
            ),
            (
                {"allowedCountries": ["UK"]},
                "allowedCountries.0: must be the ISO 3166-1 code of a country with telephones, such as US or GB",
            ),
            ({"closedDays": ["2026-02-30"]}, "closedDays.0: must be a day of the calendar, spelled YYYY-MM-DD"),
            ({"sellerNames": [" "]}, "sellerNames.0: string should have at least 1 character"),
            ({"reassignedCheckDays": 0}, "reassignedCheckDays: input should be greater than or equal to 1"),
            ({"californiaAcknowledged": {"by": "Maria"}}, "californiaAcknowledged.at: is required"),
            ({"updatedAt": "2026-01-01T00:00:00Z"}, "updatedAt: is not a field of this request"),
        ],
    )
    async def test_refuses_what_cannot_be(self, api: httpx2.AsyncClient, wrong: dict[str, Any], line: str) -> None:
        answer = await api.patch("/contact-policy", json=wrong)

        assert answer.status_code == 400
        [said] = answer.json()["error"]["details"]
        assert said.startswith(line)
        assert (await api.get("/contact-policy")).headers["etag"] == '"0"'

    async def test_judges_a_change_with_what_stands(self, api: httpx2.AsyncClient) -> None:
        await changed(api, maxAttemptsPerWeek=2)

        answer = await api.patch("/contact-policy", json={"maxAttemptsPerDay": 3})

        assert answer.json()["error"]["details"] == ["maxAttemptsPerDay: must not be more than maxAttemptsPerWeek"]

    async def test_refuses_an_acknowledgement_of_the_future(self, api: httpx2.AsyncClient) -> None:
        tomorrow = (datetime.now(UTC) + timedelta(days=1)).isoformat()

        answer = await api.patch("/contact-policy", json={"californiaAcknowledged": {"by": "Maria", "at": tomorrow}})

        assert answer.json()["error"]["details"] == ["californiaAcknowledged.at: must not lie in the future"]

    async def test_is_refused_when_somebody_was_faster(self, api: httpx2.AsyncClient) -> None:
        seen = (await api.get("/contact-policy")).headers["etag"]
        first = await api.patch("/contact-policy", json={"sellersStrict": True}, headers={"If-Match": seen})

        second = await api.patch("/contact-policy", json={"sellersStrict": False}, headers={"If-Match": seen})

        assert (first.status_code, second.status_code) == (200, 409)
        assert (await api.get("/contact-policy")).json()["data"]["sellersStrict"] is True

    async def test_by_many_at_once_loses_none(self, api: httpx2.AsyncClient) -> None:
        changes: list[dict[str, Any]] = [{"hours": {day: {"active": False}}} for day in ("mon", "tue", "wed", "thu")]

        await asyncio.gather(*(changed(api, **change) for change in changes))

        answer = await api.get("/contact-policy")
        assert sorted(answer.json()["data"]["hours"]) == ["mon", "thu", "tue", "wed"]
        assert answer.headers["etag"] == '"4"'

    async def test_needs_the_scope_admin(self, app: FrontDoor, new_tenant: NewTenant) -> None:
        writer = await new_tenant(scopes=["read", "write"])

        async with client_of(app, writer.key) as api:
            read = await api.get("/contact-policy")
            change = await api.patch("/contact-policy", json={"sellersStrict": True})

        assert (read.status_code, change.status_code) == (200, 403)


class TestWhatTheGateIsTold:
    async def test_of_a_tenant_that_set_nothing(self, platform: Platform, tenant: TestTenant) -> None:
        assert await terms_of(platform, tenant) == TenantTerms(country="US", names=("Test",))

    async def test_of_everything_that_was_set(
        self, api: httpx2.AsyncClient, platform: Platform, tenant: TestTenant
    ) -> None:
        await changed(api, **FULL)

        open_, closed, monday = DayHours(0, 1440), DayHours(0, 0), DayHours(570, 1080)
        assert await terms_of(platform, tenant, "Sunny Solar") == TenantTerms(
            country="US",
            names=("Test", "Sunny Solar", "Sunny Solar LLC"),
            hours=(monday, open_, open_, open_, open_, open_, closed),
            max_attempts_per_day=1,
            max_attempts_per_week=4,
            allowed_countries=frozenset({"US", "CA"}),
            sellers_strict=True,
            reassigned_check_days=30,
            california_acknowledged=True,
            closed_days=frozenset({date(2026, 12, 24), date(2026, 12, 31)}),
        )

    async def test_of_a_day_that_ends_at_midnight(
        self, api: httpx2.AsyncClient, platform: Platform, tenant: TestTenant
    ) -> None:
        await changed(api, hours={"fri": {"start": "00:00", "end": "24:00"}})

        terms = await terms_of(platform, tenant)

        assert terms.hours is not None
        assert terms.hours[4] == DayHours(0, 1440)

    async def test_of_a_name_that_is_all_of_them_once(
        self, api: httpx2.AsyncClient, platform: Platform, tenant: TestTenant
    ) -> None:
        await changed(api, sellerNames=["Test", "Sunny Solar"])

        assert (await terms_of(platform, tenant, "Sunny Solar")).names == ("Test", "Sunny Solar")
