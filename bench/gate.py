"""The contact gate: one decision, a thousand leads planned, and how soon an opt-out holds in another process."""

import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from statistics import median

import httpx2

from bench.installation import Api
from leadsail.entrypoints.wiring import Platform
from leadsail.features.agents.schemas import NewPhoneNumber, NewVoiceAgent
from leadsail.features.agents.service import PhoneNumberService, VoiceAgentService
from leadsail.features.campaigns.schemas import AgentSlot, CampaignChange
from leadsail.features.campaigns.service import CampaignService
from leadsail.features.contact_gate.models import Allow
from leadsail.features.contact_gate.rules.decision import decide
from leadsail.features.contact_gate.service.gate import ContactGate
from leadsail.features.contact_gate.service.requests import ContactRequest, Knowledge
from leadsail.features.contact_gate.service.rule_books import RuleBooks
from leadsail.features.do_not_call.models import OptOut
from leadsail.features.do_not_call.service import DoNotCallService
from leadsail.features.leads.schemas import NewLead
from leadsail.features.leads.service import LeadService

_TENANT = "org_bench1"
_NOON = datetime(2026, 11, 24, 18, tzinfo=UTC)
"""A Tuesday, one o'clock in Florida."""
_LEADS = 1_000
_OPT_OUTS = 50


@dataclass(frozen=True, slots=True)
class GateFigures:
    """What the gate takes, in the units that the names end with.

    `decide_unknown_us` is a decision where the place is unknown; an opt-out is `acknowledged` by the process that was
    told, and `in_effect` once another process refuses the person on both channels.
    """

    decide_us: float
    decide_unknown_us: float
    plan_seconds: float
    acknowledged_ms: float
    in_effect_ms: float
    in_effect_worst_ms: float


async def measure_gate(platform: Platform, api: Api, key: str) -> GateFigures:
    """All of it, on the leads of one tenant."""
    await _prepare_campaign(platform)
    leads = [await _lead(platform, number) for number in range(_LEADS)]
    usual, unknown = await _knowledge(platform, leads[0]), await _knowledge(platform, None)
    acknowledged, effects = await _opt_outs(platform, api, key)
    return GateFigures(
        decide_us=_decision_us(usual),
        decide_unknown_us=_decision_us(unknown),
        plan_seconds=median([await _plan_all(platform, leads) for _ in range(3)]),
        acknowledged_ms=median(acknowledged),
        in_effect_ms=median(effects),
        in_effect_worst_ms=max(effects),
    )


async def _prepare_campaign(platform: Platform) -> None:
    async with platform.database.work(_TENANT, "bench") as work:
        number = NewPhoneNumber(number="+14155550100", provider="twilio", capabilities=["voice"])
        ours = await platform.service(PhoneNumberService).create(work, number)
        agent = await platform.service(VoiceAgentService).create(work, NewVoiceAgent(name="Ava"))
        slot = AgentSlot(agent_id=agent.value.agent_id, phone_number_id=ours.value.phone_number_id)
        await platform.service(CampaignService).change(work, "SUN", CampaignChange.model_validate({"voice": slot}))


async def _lead(platform: Platform, number: int) -> str:
    """A lead in Florida who agreed in writing; every tenth has a second lead with the same e-mail."""
    consent = {"tcpaConsent": True, "consentText": "Sunny Solar may call me", "consentAt": "2026-11-20T10:00:00Z",
               "ipAddress": "203.0.113.7"}  # fmt: skip
    new = NewLead.model_validate(
        {
            "campaignId": "SUN", "firstName": "Ann", "lastName": "Lee", "email": f"gate{number // 10 * 10}@example.com"
            if number % 10 < 2 else f"gate{number}@example.com", "phone": f"+1305555{number:04d}",
            "address": {"state": "FL", "zip": "33101"}, "compliance": consent,
        }
    )  # fmt: skip
    async with platform.database.work(_TENANT, "bench") as work:
        return (await platform.service(LeadService).create(work, new)).lead_id


async def _knowledge(platform: Platform, lead_id: str | None) -> Knowledge:
    request = ContactRequest("call", lead_id=lead_id, phone=None if lead_id else "+18005550142", at=_NOON)
    async with platform.database.work(_TENANT, "bench") as work:
        return (await platform.service(ContactGate).check(work, request)).knowledge


def _decision_us(known: Knowledge, times: int = 2_000, batches: int = 9) -> float:
    """Median microseconds of one decision, over batches, warm."""
    rules = RuleBooks().current()

    def once() -> object:
        return decide(known.contact, known.intent, known.history, known.terms, rules)

    once()
    return median(_seconds(once, times) / times * 1e6 for _ in range(batches))


def _seconds(act: Callable[[], object], times: int) -> float:
    before = time.perf_counter()
    for _ in range(times):
        act()
    return time.perf_counter() - before


async def _plan_all(platform: Platform, leads: list[str]) -> float:
    """Seconds to plan an attempt with every lead and commit them."""
    requests = [ContactRequest("call", lead_id=lead_id, at=_NOON) for lead_id in leads]
    before = time.perf_counter()
    async with platform.database.work(_TENANT, "bench") as work:
        planned = await platform.service(ContactGate).plan_many(work, requests)
    spent = time.perf_counter() - before
    refused = [one for one in planned if not isinstance(one.judgement.decision, Allow)]
    if refused:
        raise RuntimeError(f"{len(refused)} of {len(planned)} leads were refused: {refused[0].judgement.decision}")
    return spent


async def _opt_outs(platform: Platform, api: Api, key: str) -> tuple[list[float], list[float]]:
    """Milliseconds until each opt-out's answer, and until the api, another process, says no on both channels."""
    acknowledged, effects = [], []
    headers = {"X-API-Key": key}
    async with httpx2.AsyncClient(trust_env=False, base_url=f"{api.url}/api/v1", headers=headers) as client:
        for number in range(_OPT_OUTS):
            phone = f"+1500{4_000_000 + number}"
            before = time.perf_counter()
            async with platform.database.work(_TENANT, "bench") as work:
                await platform.service(DoNotCallService).opt_out(work, OptOut(phone, "sms", "sms"))
            acknowledged.append((time.perf_counter() - before) * 1e3)
            for channel in ("call", "sms"):
                while not await _is_refused(client, phone, channel):
                    pass
            effects.append((time.perf_counter() - before) * 1e3)
    return acknowledged, effects


async def _is_refused(client: httpx2.AsyncClient, phone: str, channel: str) -> bool:
    answer = await client.post("/contact-check", json={"phone": phone, "channel": channel})
    answer.raise_for_status()
    return bool(answer.json()["data"].get("code") == "DO_NOT_CALL")
