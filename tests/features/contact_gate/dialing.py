"""Attempts as the gate lets them through, at any instant, for tests that need a past."""

from collections.abc import Awaitable, Callable
from datetime import datetime

from leadsail.entrypoints.wiring import Platform, wire
from leadsail.features.contact_gate.service.gate import ContactGate
from leadsail.features.contact_gate.service.requests import ContactRequest
from leadsail.foundation.clock import ManualClock
from leadsail.foundation.encryption import MasterKey
from leadsail.ports.contact_permit import Permit

Dial = Callable[..., Awaitable[Permit]]
"""`dial(lead_id, at=None, ended=False)`: the permit of an attempt that went ahead."""


def platform_at(platform: Platform, master_key: MasterKey, at: datetime) -> Platform:
    """The same platform, on the same database, with its clock stopped at `at`."""
    return wire(
        database=platform.database,
        queue=platform.queue,
        clock=ManualClock(at),
        master_key=master_key,
        journal=platform.journal,
    )


async def dialed(platform: Platform, tenant_id: str, request: ContactRequest, *, ended: bool) -> Permit:
    """An attempt that the gate lets go ahead; fails when it does not."""
    gate = platform.service(ContactGate)
    async with platform.database.work(tenant_id, "test") as work:
        planned, answer = await gate.plan_and_commit(work, request)
        assert isinstance(answer, Permit), planned.judgement.decision
        if ended:
            await gate.follow(work, answer.attempt_id, "ended", outcome="no_answer")
    return answer
