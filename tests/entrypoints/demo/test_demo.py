"""The demo: every call and text of ours went through the gate, and a reset ends the rehearsal and nothing else."""

from collections.abc import AsyncIterator
from typing import Any

import asyncpg
import httpx2
import pytest

from leadsail.entrypoints.refusals import Refusal
from leadsail.entrypoints.wiring import Platform
from leadsail.features.contact_gate.schemas.holds import NewHold
from leadsail.features.contact_gate.service.gate import ContactGate
from leadsail.features.contact_gate.service.holds import HoldService
from leadsail.features.do_not_call.models import OptOut
from leadsail.features.do_not_call.service import DoNotCallService
from leadsail.foundation.database import Work
from leadsail.foundation.encryption import MasterKey
from tests.conftest import TestTenant
from tests.entrypoints.demo.telling import talks, tell

DENISE, SAM, MARIA, SOMEBODY = "+15005550108", "+15005550110", "+15005550100", "+13055550142"


@pytest.fixture
async def told(platform: Platform, master_key: MasterKey, tenant: TestTenant) -> dict[str, Any]:
    """The demo in this test's tenant."""
    return await tell(platform, master_key, tenant.tenant_id)


@pytest.fixture
async def work(platform: Platform, tenant: TestTenant) -> AsyncIterator[Work]:
    """A unit of work of this test's tenant."""
    async with platform.database.work(tenant.tenant_id, "test") as work:
        yield work


def _began_with_us(talk: dict[str, Any]) -> bool:
    return bool((talk.get("call") or talk["sms"])["direction"] == "outbound")


async def _code(api: httpx2.AsyncClient, phone: str) -> str | None:
    """What stands against calling a number now."""
    answer = await api.post("/contact-check", json={"phone": phone, "channel": "call"})
    assert answer.status_code == 200, answer.text
    code: str | None = answer.json()["data"].get("code")
    return code


@pytest.mark.usefixtures("told")
class TestTheStory:
    async def test_was_allowed_call_by_call_and_text_by_text(
        self, api: httpx2.AsyncClient, platform: Platform, work: Work
    ) -> None:
        gate, everything = platform.service(ContactGate), await talks(api)
        ours = [talk for talk in everything if _began_with_us(talk) and talk["status"] != "canceled"]

        attempts = {talk["interactionId"]: await gate.attempts_of(work, talk["interactionId"]) for talk in ours}

        assert len(ours) > 30
        assert [one for one in ours if not any(row["committed_at"] for row in attempts[one["interactionId"]])] == []

    async def test_is_about_sandbox_numbers_alone(self, api: httpx2.AsyncClient, work: Work) -> None:
        numbers = {talk["phone"] for talk in await talks(api)}
        outside = await work.fetchval("select count(*) from contact_attempt where not sandbox")

        assert {number[:5] for number in numbers} == {"+1500"}
        assert outside == 0

    async def test_leaves_one_call_running(self, api: httpx2.AsyncClient) -> None:
        assert await _code(api, SAM) == "CALL_IN_PROGRESS"
        assert await _code(api, MARIA) is None

    async def test_put_who_asked_for_it_on_the_list(self, api: httpx2.AsyncClient) -> None:
        answer = await api.get("/do-not-call")

        entries = {entry["phone"]: entry for entry in answer.json()["data"]["entries"]}
        assert entries[DENISE]["evidence"]["words"].endswith("Take me off your list.")
        assert await _code(api, DENISE) == "DO_NOT_CALL"

    async def test_asks_for_nothing_twice(self, work: Work) -> None:
        """Confirmations of opt-outs apart, nothing is planned that a later release would carry out."""
        waiting = await work.fetch("select purpose from contact_attempt where state in ('planned', 'claimed')")

        assert {row["purpose"] for row in waiting} <= {"opt_out_confirmation"}


@pytest.mark.usefixtures("told")
class TestResetting:
    async def test_ends_the_rehearsal(
        self, api: httpx2.AsyncClient, platform: Platform, master_key: MasterKey, tenant: TestTenant
    ) -> None:
        """Attempts and opt-outs of sandbox numbers count no more, also of those whose lead was erased before."""
        async with platform.database.work(tenant.tenant_id, "test") as work:
            for phone in (MARIA, "+15002220199"):
                await platform.service(DoNotCallService).opt_out(work, OptOut(phone, "sms", "sms", {"words": "STOP"}))
        maria = (await talks(api, phone=MARIA))[0]["leadId"]
        assert (await api.delete(f"/leads/{maria}", params={"mode": "erase"})).status_code == 200

        await tell(platform, master_key, tenant.tenant_id)

        assert (await _code(api, MARIA), await _code(api, "+15002220199")) == (None, None)
        assert await _code(api, DENISE) == "DO_NOT_CALL"
        async with platform.database.work(tenant.tenant_id, "test") as work:
            mine = "select count(*) from contact_attempt where phone = $1 and cleared_at is null"
            assert await work.fetchval(mine, MARIA) == 3

    async def test_leaves_other_numbers_alone(
        self, api: httpx2.AsyncClient, platform: Platform, master_key: MasterKey, tenant: TestTenant
    ) -> None:
        async with platform.database.work(tenant.tenant_id, "test") as work:
            await platform.service(DoNotCallService).opt_out(work, OptOut(SOMEBODY, "sms", "sms", {"words": "STOP"}))

        await tell(platform, master_key, tenant.tenant_id)

        assert await _code(api, SOMEBODY) == "DO_NOT_CALL"

    async def test_is_refused_whole_while_contact_is_on_hold(
        self, api: httpx2.AsyncClient, platform: Platform, master_key: MasterKey, tenant: TestTenant
    ) -> None:
        before = await talks(api)
        async with platform.database.work(tenant.tenant_id, "test") as work:
            await platform.service(HoldService).place(work, NewHold(reason="test"))

        with pytest.raises(Refusal, match="PLATFORM_ON_HOLD"):
            await tell(platform, master_key, tenant.tenant_id)

        assert await talks(api) == before


class TestTheDatabase:
    async def test_clears_no_other_number(self, platform: Platform, tenant: TestTenant, work: Work) -> None:
        await _plan(work, tenant, SOMEBODY)

        assert await platform.service(ContactGate).clear_sandbox(work) == 0

    async def test_lets_nobody_else_clear_one(self, platform: Platform, tenant: TestTenant) -> None:
        with pytest.raises(asyncpg.CheckViolationError, match="the_sandbox_alone_is_cleared"):
            async with platform.database.work(tenant.tenant_id, "test") as work:
                await _plan(work, tenant, SOMEBODY)
                await work.execute("update contact_attempt set cleared_at = now()")

    async def test_takes_no_other_number_for_the_sandboxs(self, platform: Platform, tenant: TestTenant) -> None:
        with pytest.raises(asyncpg.CheckViolationError, match="the_sandbox_alone_is_cleared"):
            async with platform.database.work(tenant.tenant_id, "test") as work:
                await _plan(work, tenant, SOMEBODY)
                await work.execute("update contact_attempt set sandbox = true")


async def _plan(work: Work, tenant: TestTenant, phone: str) -> None:
    await work.execute(
        "insert into contact_attempt (tenant_id, attempt_id, phone_hash, phone, channel, purpose, state, planned_at,"
        " created_at, updated_at)"
        " values ($1, 'att_x', 'hash', $2, 'call', 'marketing', 'planned', now(), now(), now())",
        tenant.tenant_id,
        phone,
    )
