"""The demo's story, told to a tenant of a test's own."""

from typing import Any

import httpx2

from leadsail.entrypoints.demo.demo import reset
from leadsail.entrypoints.wiring import Platform
from leadsail.foundation.clock import ManualClock, SystemClock
from leadsail.foundation.encryption import MasterKey
from tests.features.contact_gate.dialing import platform_at


async def tell(platform: Platform, master_key: MasterKey, tenant_id: str) -> dict[str, Any]:
    """Tell it, or tell it anew, as `leadsail demo reset` does; answers the ids that demo.json would hold."""
    there = platform_at(platform, master_key, SystemClock().now())
    assert isinstance(there.clock, ManualClock)
    return await reset(there, there.clock, {"tenantId": tenant_id})


async def talks(api: httpx2.AsyncClient, **wanted: str) -> list[dict[str, Any]]:
    """The conversations of the demo whose fields are as `wanted`, the newest first."""
    answer = await api.get("/interactions", params={"limit": 100})
    assert answer.status_code == 200, answer.text
    found: list[dict[str, Any]] = answer.json()["data"]["interactions"]
    return [talk for talk in found if all(talk[name] == value for name, value in wanted.items())]
