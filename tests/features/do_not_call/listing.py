"""What tests of the do-not-call list start from: numbers that ask to be left alone, and what is stored of them."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import httpx2

from leadsail.entrypoints.wiring import Platform
from leadsail.features.do_not_call.models import OptOut, Suppressed, SuppressionFacts
from leadsail.features.do_not_call.service import DoNotCallService
from leadsail.foundation.database import Work
from leadsail.ports.journal import Entry

ANN = "+14155552671"
BEN = "+15125550100"
OURS = "+15002550100"
OTHER_OURS = "+15002550101"


@dataclass(frozen=True)
class Listing:
    """The list of one tenant, used as other features use it."""

    platform: Platform
    tenant_id: str

    @property
    def service(self) -> DoNotCallService:
        return self.platform.service(DoNotCallService)

    def work(self, actor: str = "test") -> Any:
        return self.platform.database.work(self.tenant_id, actor)

    async def opt_out(self, phone: str = ANN, **told: Any) -> Suppressed:
        """Somebody texts STOP, unless told otherwise."""
        new = {"source": "sms", "channel": "sms", "evidence": {"words": "STOP"}, "sender": OURS} | told
        async with self.work() as work:
            return await self.service.opt_out(work, OptOut(phone, **new))

    async def start(self, phone: str = ANN, sender: str = OURS) -> bool:
        """The handset texts START."""
        async with self.work() as work:
            return await self.service.start(work, phone, sender, {"words": "START"})

    async def facts(self, phone: str = ANN) -> SuppressionFacts:
        return (await self.all_facts([phone]))[phone]

    async def all_facts(self, phones: Sequence[str]) -> dict[str, SuppressionFacts]:
        async with self.work() as work:
            return dict(await self.service.facts(work, phones))

    async def is_barred(self, phone: str = ANN) -> bool:
        return (await self.facts(phone)).entry is not None

    async def journalled(self) -> list[Entry]:
        """What the journal holds of this tenant."""
        return [entry async for entry in self.platform.journal.read() if entry.payload["tenant"] == self.tenant_id]

    async def rows(self, table: str = "do_not_call") -> list[dict[str, Any]]:
        async with self.work() as work:
            return [dict(row) for row in await _all(work, table)]


async def _all(work: Work, table: str) -> list[Any]:
    return await work.fetch(f"select * from {table} where tenant_id = $1", work.tenant_id)  # noqa: S608 - a test names it


async def put_on(api: httpx2.AsyncClient, phone: str = ANN, **told: Any) -> dict[str, Any]:
    """Put a number on the list through the API; the entry."""
    answer = await api.post("/do-not-call", json={"phone": phone} | told)
    assert answer.is_success, answer.text
    data: dict[str, Any] = answer.json()["data"]
    return data


async def listed(api: httpx2.AsyncClient, **params: str) -> list[dict[str, Any]]:
    """The first page of the list."""
    answer = await api.get("/do-not-call", params=params)
    assert answer.status_code == 200, answer.text
    entries: list[dict[str, Any]] = answer.json()["data"]["entries"]
    return entries
