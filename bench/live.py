"""The live form of the read: assembled from 40 turns instead of passed through."""

from collections.abc import Sequence
from statistics import median

from bench.installation import Api, Installation
from bench.loads import Round, wrk
from bench.reads import write_lua
from bench.seeding import TENANTS, TURNS
from leadsail.entrypoints.wiring import Platform
from leadsail.features.interactions.schemas import NewInteraction, NewTurn
from leadsail.features.interactions.service import InteractionService

_CALL = {"source": "phone", "direction": "outbound", "voiceAI": {"provider": "builtin", "agentId": "agent_1"}}


async def measure_live_reads(
    it: Installation, api: Api, platform: Platform, keys: Sequence[str], *, seconds: int
) -> Round:
    """One live call of 40 turns in each of a hundred tenants, read at random."""
    tenants = min(100, TENANTS)
    ids = [await _call_with(platform, f"org_bench{number}", TURNS) for number in range(tenants)]
    lua = write_lua(it.folder, keys[:tenants], tenants - 1, prefix="LIVE")
    names = ",".join(f'"{name}"' for name in ids)
    text = lua.read_text().replace('"/api/v1/interactions/LIVE" .. i', '"/api/v1/interactions/" .. ids[i + 1]')
    lua.write_text(f"local ids = {{{names}}}\n{text}")
    wrk(it, api, lua, 2)
    return wrk(it, api, lua, seconds)


async def _live_call(platform: Platform, tenant_id: str) -> str:
    service = platform.service(InteractionService)
    new = NewInteraction.model_validate(
        {
            "leadId": "lead_1", "campaignId": "SUN", "clientId": "client_1", "offerId": "offer_1", "type": "call",
            "phone": "+15002550123", "telephony": {"provider": "sandbox", "phoneNumber": "+15002550100"}, "call": _CALL,
        }
    )  # fmt: skip
    async with platform.database.work(tenant_id, "bench") as work:
        return await service.open(work, new)


async def _call_with(platform: Platform, tenant_id: str, turns: int) -> str:
    """A live call in which `turns` turns were said."""
    interaction_id = await _live_call(platform, tenant_id)
    for _ in range(turns):
        await _append(platform, tenant_id, interaction_id)
    return interaction_id


async def _append(platform: Platform, tenant_id: str, interaction_id: str) -> None:
    said = "please call me back about the solar quote that we discussed on tuesday morning"
    turn = NewTurn(role="agent", message=said, source="system", speaker="voice_agent")
    async with platform.database.work(tenant_id, "bench") as work:
        await platform.service(InteractionService).append(work, interaction_id, turn)


async def measure_appends(platform: Platform) -> tuple[float, float]:
    """Microseconds to append the 10th turn of a call and the 1,000th: medians of 20 calls each, in turns.

    Each 1,000th stands beside a 10th, so that both meet the same machine at the same moment.
    """
    early: list[float] = []
    late: list[float] = []
    for _ in range(20):
        short = await _call_with(platform, "org_bench0", 9)
        long = await _call_with(platform, "org_bench0", 999)
        for interaction_id, times in ((short, early), (long, late)):
            before = platform.clock.monotonic()
            await _append(platform, "org_bench0", interaction_id)
            times.append((platform.clock.monotonic() - before) * 1e6)
    return median(early), median(late)
