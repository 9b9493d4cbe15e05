"""The emergency stop: placed and lifted by a tenant, by the operator, or by the platform itself."""

import asyncio
from datetime import timedelta

import httpx2
import pytest

from leadsail.entrypoints.wiring import Platform
from leadsail.features.contact_gate.schemas.holds import NewHold
from leadsail.features.contact_gate.service.holds import HoldService
from leadsail.foundation.clock import SystemClock
from leadsail.foundation.web.front_door import FrontDoor
from tests.conftest import NewTenant, TestTenant, client_of
from tests.features.contact_gate.installations import TENANT, Installation
from tests.features.leads.leads import new_campaign

WHY = {"reason": "Wrong list was imported"}


async def held(platform: Platform, tenant: TestTenant, campaign_id: str | None = None) -> tuple[str, ...]:
    """What the gate would be told at its next commit."""
    async with platform.database.work(tenant.tenant_id, "test") as work:
        return await platform.service(HoldService).in_force(work, campaign_id)


class TestHoldingEverything:
    async def test_answers_who_did_it_when_and_why(self, api: httpx2.AsyncClient) -> None:
        answer = await api.post("/hold", json=WHY)

        hold = answer.json()["data"]
        assert answer.status_code == 200
        assert hold["holdId"].startswith("hold_")
        assert hold["placedBy"].startswith("key_")
        assert hold["placedAt"]
        assert {name: hold[name] for name in hold if name not in ("holdId", "placedBy", "placedAt")} == WHY | {
            "scope": "tenant"
        }

    async def test_is_in_force_at_the_next_commit(
        self, api: httpx2.AsyncClient, platform: Platform, tenant: TestTenant
    ) -> None:
        before = await held(platform, tenant, "HXZ")

        await api.post("/hold", json=WHY)

        assert before == ()
        assert await held(platform, tenant, "HXZ") == ("tenant: Wrong list was imported",)
        assert await held(platform, tenant) == ("tenant: Wrong list was imported",)

    async def test_a_second_time_answers_the_first_hold(self, api: httpx2.AsyncClient) -> None:
        first = (await api.post("/hold", json=WHY)).json()["data"]

        second = await api.post("/hold", json={"reason": "Once more"})

        assert (second.status_code, second.json()["data"]) == (200, first)

    async def test_many_times_at_once_makes_one_hold(self, api: httpx2.AsyncClient) -> None:
        answers = await asyncio.gather(*(api.post("/hold", json=WHY) for _ in range(10)))

        assert len({answer.json()["data"]["holdId"] for answer in answers}) == 1
        assert len((await api.get("/holds")).json()["data"]["holds"]) == 1

    async def test_binds_no_other_tenant(
        self, api: httpx2.AsyncClient, platform: Platform, new_tenant: NewTenant
    ) -> None:
        other = await new_tenant("Other")

        await api.post("/hold", json=WHY)

        assert await held(platform, other) == ()

    async def test_needs_the_scope_admin(self, app: FrontDoor, new_tenant: NewTenant) -> None:
        writer = await new_tenant(scopes=["read", "write", "call", "sms"])

        async with client_of(app, writer.key) as api:
            refused = [(await api.post(path, json=WHY)).status_code for path in ("/hold", "/release")]

        assert refused == [403, 403]

    @pytest.mark.parametrize(
        ("body", "fault"),
        [
            ({}, "reason: is required"),
            ({"reason": "  "}, "reason: string should have at least 1 character"),
            (WHY | {"campaignId": "NONE"}, "campaignId: no such campaign"),
            (WHY | {"campaignId": "Zoë"}, "campaignId: no such campaign"),
            (WHY | {"until": "tomorrow"}, "until: is not a field of this request"),
        ],
    )
    async def test_of_what_cannot_be_held_is_refused(
        self, api: httpx2.AsyncClient, body: dict[str, str], fault: str
    ) -> None:
        answer = await api.post("/hold", json=body)

        assert answer.status_code == 400
        assert answer.json()["error"]["details"] == [fault]


class TestHoldingACampaign:
    async def test_binds_that_campaign_alone(
        self, api: httpx2.AsyncClient, platform: Platform, tenant: TestTenant
    ) -> None:
        campaign_id = await new_campaign(api)

        hold = (await api.post("/hold", json=WHY | {"campaignId": campaign_id})).json()["data"]

        assert (hold["scope"], hold["campaignId"]) == ("campaign", campaign_id)
        assert await held(platform, tenant, campaign_id) == ("campaign: Wrong list was imported",)
        assert await held(platform, tenant, "OTHER") == ()
        assert await held(platform, tenant) == ()

    async def test_of_another_tenant_is_like_one_that_never_was(
        self, app: FrontDoor, api: httpx2.AsyncClient, new_tenant: NewTenant
    ) -> None:
        async with client_of(app, (await new_tenant("Other")).key) as theirs:
            foreign = await theirs.post("/hold", json=WHY | {"campaignId": await new_campaign(api)})
            unknown = await theirs.post("/hold", json=WHY | {"campaignId": "NONE"})

        assert (foreign.status_code, foreign.content) == (unknown.status_code, unknown.content)

    async def test_stays_when_everything_else_is_released(
        self, api: httpx2.AsyncClient, platform: Platform, tenant: TestTenant
    ) -> None:
        campaign_id = await new_campaign(api)
        await api.post("/hold", json=WHY)
        await api.post("/hold", json={"reason": "Under review", "campaignId": campaign_id})

        await api.post("/release", json={"reason": "Cleaned"})

        assert await held(platform, tenant, campaign_id) == ("campaign: Under review",)


class TestReleasing:
    async def test_lets_contacts_go_on_and_is_recorded(
        self, api: httpx2.AsyncClient, platform: Platform, tenant: TestTenant
    ) -> None:
        await api.post("/hold", json=WHY)

        answer = await api.post("/release", json={"reason": "Cleaned"})

        lifted = answer.json()["data"]["released"]
        assert (lifted["liftReason"], lifted["liftedBy"][:4], lifted["reason"]) == ("Cleaned", "key_", WHY["reason"])
        assert lifted["liftedAt"] >= lifted["placedAt"]
        assert await held(platform, tenant) == ()

    async def test_of_what_is_not_held_releases_nothing(self, api: httpx2.AsyncClient) -> None:
        answer = await api.post("/release", json={"reason": "Cleaned", "campaignId": "NONE"})

        assert (answer.status_code, answer.json()["data"]) == (200, {"stillHeld": []})

    async def test_tells_what_is_held_nevertheless(self, api: httpx2.AsyncClient) -> None:
        await api.post("/hold", json=WHY | {"campaignId": await new_campaign(api)})

        answer = await api.post("/release", json={"reason": "Cleaned"})

        [held] = answer.json()["data"]["stillHeld"]
        assert (held["scope"], held["reason"]) == ("campaign", WHY["reason"])

    async def test_cannot_lift_what_the_platform_holds(self, own: Installation) -> None:
        await own.holds.place_on_platform("operator", reason="Maintenance", by="cli")

        async with own.database.work(TENANT, "test") as work:
            assert await own.holds.in_force(work, None) == ("operator: Maintenance",)


class TestListingHolds:
    async def test_shows_the_newest_first_page_by_page(self, api: httpx2.AsyncClient) -> None:
        for number in range(3):
            await api.post("/hold", json={"reason": f"Reason {number}"})
            await api.post("/release", json={"reason": "Over"})

        first = (await api.get("/holds", params={"limit": "2"})).json()["data"]
        second = (await api.get("/holds", params={"limit": "2", "cursor": first["nextCursor"]})).json()["data"]

        told = [hold["reason"] for page in (first, second) for hold in page["holds"]]
        assert told == ["Reason 2", "Reason 1", "Reason 0"]
        assert (first["hasMore"], second["hasMore"], "nextCursor" in second) == (True, False, False)

    async def test_can_be_narrowed_to_those_in_force(self, api: httpx2.AsyncClient) -> None:
        await api.post("/hold", json={"reason": "Over soon"})
        await api.post("/release", json={"reason": "Over"})
        await api.post("/hold", json=WHY)

        active = (await api.get("/holds", params={"active": "true"})).json()["data"]["holds"]
        lifted = (await api.get("/holds", params={"active": "false"})).json()["data"]["holds"]

        assert [hold["reason"] for hold in active] == [WHY["reason"]]
        assert [hold["reason"] for hold in lifted] == ["Over soon"]

    async def test_tells_what_the_platform_holds_now(self, own: Installation) -> None:
        await own.holds.place_on_platform("operator", reason="Maintenance", by="cli")
        async with own.database.work(TENANT, "test") as work:
            await own.holds.place(work, NewHold(reason="Mine"))
            found, _ = await own.holds.page(work, in_force=None, after=None, limit=10)

        assert [(hold.scope, hold.code, hold.reason) for hold in found] == [
            ("tenant", None, "Mine"),
            ("platform", "operator", "Maintenance"),
        ]


class TestHoldingThePlatform:
    async def test_binds_every_tenant_until_it_is_lifted(self, own: Installation) -> None:
        placed = await own.holds.place_on_platform("operator", reason="Maintenance", by="cli")
        again = await own.holds.place_on_platform("operator", reason="Twice", by="cli")
        async with own.database.work(TENANT, "test") as work:
            during = await own.holds.in_force(work, "HXZ")

        lifted = await own.holds.lift_from_platform("operator", reason="Done", by="cli")

        assert placed is not None
        assert again is None
        assert during == ("operator: Maintenance",)
        assert [(hold.hold_id, hold.lift_reason) for hold in lifted] == [(placed.hold_id, "Done")]
        assert await own.held() == []


class TestAClockThatIsOff:
    @pytest.mark.parametrize(("seconds", "is_held"), [(1.9, False), (-1.9, False), (2.1, True), (-2.1, True)])
    async def test_by_more_than_two_seconds_holds_this_process(
        self, own: Installation, seconds: float, *, is_held: bool
    ) -> None:
        clock = SystemClock()
        clock.offset = timedelta(seconds=seconds)

        async with own.database.work(TENANT, "test") as work:
            reasons = await HoldService(own.database, clock).in_force(work, None)

        assert bool(reasons) is is_held
        assert all(reason.startswith("clock: this machine's clock is 2.1 s off") for reason in reasons)
