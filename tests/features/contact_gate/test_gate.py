"""Attempts: planned, asked about again under the lock, and let go ahead at most once."""

import asyncio
from datetime import UTC, datetime
from typing import Any

import httpx2
import pytest

from leadsail.entrypoints.wiring import Platform
from leadsail.features.contact_gate.errors import AttemptNotPlanned
from leadsail.features.contact_gate.models import Allow, Deny, Hold
from leadsail.features.contact_gate.service.audit import AuditService
from leadsail.features.contact_gate.service.gate import ContactGate
from leadsail.features.contact_gate.service.requests import ContactRequest, Planned, Refused
from leadsail.features.do_not_call.models import OptOut
from leadsail.features.do_not_call.service import DoNotCallService
from leadsail.foundation.encryption import MasterKey
from leadsail.foundation.errors import NotFound
from leadsail.ports.contact_permit import Permit
from tests.conftest import TestTenant
from tests.features.contact_gate.dialing import platform_at
from tests.features.contact_gate.test_contact_check import lead_in, ready_campaign

NOON = datetime(2026, 11, 24, 18, tzinfo=UTC)
NIGHT = datetime(2026, 11, 25, 3, tzinfo=UTC)
SANDBOX = "+15002550142"


class Gate:
    """The gate of one tenant, each use in a unit of work of its own."""

    def __init__(self, platform: Platform, tenant_id: str) -> None:
        self.platform = platform
        self.tenant_id = tenant_id

    async def plan(self, **request: Any) -> Planned:
        """Plan one attempt."""
        async with self.platform.database.work(self.tenant_id, "test") as work:
            return await self.platform.service(ContactGate).plan(work, ContactRequest(**{"channel": "call", **request}))

    async def commit(self, planned: Planned) -> Permit | Refused:
        """Ask whether it may go ahead."""
        async with self.platform.database.work(self.tenant_id, "test") as work:
            return await self.platform.service(ContactGate).commit(work, planned.attempt_id)

    async def opt_out(self, phone: str) -> None:
        """The handset asks to be left alone."""
        async with self.platform.database.work(self.tenant_id, "test") as work:
            await self.platform.service(DoNotCallService).opt_out(work, OptOut(phone, "sms", "sms"))

    async def attempts(self) -> list[dict[str, Any]]:
        """All attempts of the tenant, in order."""
        async with self.platform.database.work(self.tenant_id, "test") as work:
            rows = await work.fetch("select * from contact_attempt order by created_at, attempt_id")
        return [dict(row) for row in rows]

    def at(self, master_key: MasterKey, instant: datetime) -> "Gate":
        """The same at another time."""
        return Gate(platform_at(self.platform, master_key, instant), self.tenant_id)


@pytest.fixture
def gate(platform: Platform, master_key: MasterKey, tenant: TestTenant) -> Gate:
    """The gate of this test's tenant, at noon."""
    return Gate(platform, tenant.tenant_id).at(master_key, NOON)


class TestPlanning:
    async def test_what_is_allowed_is_planned_with_its_decision(self, gate: Gate) -> None:
        planned = await gate.plan(phone=SANDBOX)

        [attempt] = await gate.attempts()
        assert isinstance(planned.judgement.decision, Allow)
        assert (attempt["state"], attempt["phone"], attempt["planned_at"]) == ("planned", SANDBOX, NOON)
        async with gate.platform.database.work(gate.tenant_id, "test") as work:
            [kept] = await gate.platform.service(AuditService).of_attempt(work, planned.attempt_id)
        assert (kept.stage, kept.outcome) == ("plan", "allow")

    async def test_what_time_cures_is_planned_for_then(self, api: httpx2.AsyncClient, gate: Gate) -> None:
        lead_id = await lead_in(api, (await ready_campaign(api))["campaignId"])

        planned = await gate.plan(lead_id=lead_id, at=NIGHT)

        [attempt] = await gate.attempts()
        assert isinstance(planned.judgement.decision, Hold)
        assert (attempt["state"], attempt["code"]) == ("planned", "OUTSIDE_LEGAL_HOURS")
        assert attempt["planned_at"] == datetime(2026, 11, 25, 13, tzinfo=UTC)

    async def test_what_nothing_cures_is_blocked(self, api: httpx2.AsyncClient, gate: Gate) -> None:
        lead_id = await lead_in(api, (await ready_campaign(api))["campaignId"], compliance={})

        planned = await gate.plan(lead_id=lead_id)

        [attempt] = await gate.attempts()
        assert isinstance(planned.judgement.decision, Deny)
        assert (attempt["state"], attempt["code"]) == ("blocked", "CONSENT_MISSING")

    async def test_a_thousand_are_judged_as_one_by_one(self, api: httpx2.AsyncClient, gate: Gate) -> None:
        campaign_id = (await ready_campaign(api))["campaignId"]
        agreed = [await lead_in(api, campaign_id, phone=f"+1305555{n:04d}", email=f"a{n}@x.org") for n in range(3)]
        silent = await lead_in(api, campaign_id, phone="+13055559999", email="b@x.org", compliance={})
        requests = [ContactRequest("call", lead_id=lead_id, at=NOON) for lead_id in [*agreed, silent]]

        async with gate.platform.database.work(gate.tenant_id, "test") as work:
            service = gate.platform.service(ContactGate)
            together = await service.plan_many(work, requests)
            apart = [await service.check(work, request) for request in requests]

        assert [one.judgement.decision for one in together] == [one.decision for one in apart]
        assert [type(one.judgement.decision) for one in together] == [Allow, Allow, Allow, Deny]


class TestCommitting:
    async def test_gives_a_permit_and_notes_it(self, gate: Gate) -> None:
        permit = await gate.commit(await gate.plan(phone=SANDBOX))

        [attempt] = await gate.attempts()
        assert isinstance(permit, Permit)
        assert (permit.number, permit.channel) == (SANDBOX, "call")
        assert (attempt["state"], attempt["committed_at"]) == ("dialing", NOON)
        assert attempt["lock_order"] == permit.lock_order

    async def test_happens_once(self, gate: Gate) -> None:
        planned = await gate.plan(phone=SANDBOX)
        await gate.commit(planned)

        with pytest.raises(AttemptNotPlanned, match="it is dialing"):
            await gate.commit(planned)

    async def test_happens_once_also_when_many_try_at_the_same_moment(self, gate: Gate) -> None:
        planned = await gate.plan(phone=SANDBOX)

        answers = await asyncio.gather(*(gate.commit(planned) for _ in range(6)), return_exceptions=True)

        assert sorted(type(answer).__name__ for answer in answers) == ["AttemptNotPlanned"] * 5 + ["Permit"]

    async def test_two_attempts_never_ring_one_number_at_once(self, gate: Gate) -> None:
        first, second = await gate.plan(phone=SANDBOX), await gate.plan(phone=SANDBOX)

        answers = await asyncio.gather(gate.commit(first), gate.commit(second))

        [refused] = [answer for answer in answers if isinstance(answer, Refused)]
        assert isinstance(refused.judgement.decision, Deny)
        assert refused.judgement.decision.code == "CALL_IN_PROGRESS"
        assert refused.planned_at is not None

    async def test_after_an_opt_out_finds_nothing_to_commit(self, gate: Gate) -> None:
        planned = await gate.plan(phone=SANDBOX)
        await gate.opt_out(SANDBOX)

        with pytest.raises(AttemptNotPlanned, match="it is canceled"):
            await gate.commit(planned)

    async def test_asks_again_since_the_evening_has_come(
        self, api: httpx2.AsyncClient, gate: Gate, master_key: MasterKey
    ) -> None:
        lead_id = await lead_in(api, (await ready_campaign(api))["campaignId"])
        planned = await gate.plan(lead_id=lead_id)

        answer = await gate.at(master_key, NIGHT).commit(planned)

        [attempt] = await gate.attempts()
        assert isinstance(answer, Refused)
        assert attempt["state"] == "planned"
        assert attempt["planned_at"] == answer.planned_at == datetime(2026, 11, 25, 13, tzinfo=UTC)

    async def test_during_a_hold_waits_for_its_end(self, api: httpx2.AsyncClient, gate: Gate) -> None:
        """A hold stops everything at once and loses nothing."""
        planned = await gate.plan(phone=SANDBOX)
        await api.post("/hold", json={"reason": "a wrong script"})
        held = await gate.commit(planned)
        await api.post("/release", json={"reason": "mended"})

        released = await gate.commit(planned)

        assert isinstance(held, Refused)
        assert held.planned_at is not None
        assert isinstance(released, Permit)

    async def test_of_what_never_was_is_refused(self, gate: Gate) -> None:
        async with gate.platform.database.work(gate.tenant_id, "test") as work:
            with pytest.raises(NotFound):
                await gate.platform.service(ContactGate).commit(work, "att_nobody")


class TestAskingForNow:
    async def test_goes_ahead_or_leaves_nothing_behind(
        self, api: httpx2.AsyncClient, gate: Gate, master_key: MasterKey
    ) -> None:
        """Somebody who was told no must not find out tomorrow that it was done after all."""
        lead_id = await lead_in(api, (await ready_campaign(api))["campaignId"])
        night = gate.at(master_key, NIGHT)

        async with night.platform.database.work(gate.tenant_id, "test") as work:
            request = ContactRequest("call", lead_id=lead_id)
            planned, answer = await night.platform.service(ContactGate).plan_and_commit(work, request)

        [attempt] = await gate.attempts()
        assert answer is None
        assert isinstance(planned.judgement.decision, Hold)
        assert attempt["state"] == "blocked"


class TestOptingOut:
    async def test_plans_one_confirmation_and_lets_it_pass(self, gate: Gate) -> None:
        await gate.opt_out(SANDBOX)
        await gate.opt_out(SANDBOX)

        [confirmation] = await gate.attempts()
        assert (confirmation["purpose"], confirmation["channel"]) == ("opt_out_confirmation", "sms")
        assert confirmation["state"] == "planned"

    async def test_by_another_number_of_the_person_stops_what_is_planned(
        self, api: httpx2.AsyncClient, gate: Gate
    ) -> None:
        campaign_id = (await ready_campaign(api))["campaignId"]
        await lead_in(api, campaign_id, phone="+15002550143")
        planned = await gate.plan(lead_id=await lead_in(api, campaign_id, phone=SANDBOX))
        await gate.opt_out("+15002550143")

        answer = await gate.commit(planned)

        assert isinstance(answer, Refused)
        assert isinstance(answer.judgement.decision, Deny)
        assert answer.judgement.decision.code == "DO_NOT_CALL"


class TestErasing:
    async def test_takes_the_number_and_keeps_what_counts(self, api: httpx2.AsyncClient, gate: Gate) -> None:
        lead_id = await lead_in(api, (await ready_campaign(api))["campaignId"])
        await gate.commit(await gate.plan(lead_id=lead_id))

        await api.delete(f"/leads/{lead_id}")

        [attempt] = await gate.attempts()
        assert attempt["phone"] is None
        assert attempt["committed_at"] == NOON
        assert attempt["phone_hash"]
