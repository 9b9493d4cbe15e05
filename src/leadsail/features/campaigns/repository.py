"""The SQL of campaigns beyond what every configuration record needs."""

from collections.abc import Iterable
from typing import Any, Literal

from leadsail.foundation.database import Work

Kind = Literal["voice agent", "SMS agent", "prompt template"]
_PLACES: dict[Kind, tuple[str, str]] = {
    "voice agent": ("voice_agent", "agent_id"),
    "SMS agent": ("sms_agent", "agent_id"),
    "prompt template": ("prompt_template", "prompt_template_id"),
}


class CampaignRepository:
    """The campaigns of the tenant whose unit of work this is."""

    def __init__(self, work: Work) -> None:
        self._work = work

    async def wait_for_turn(self) -> None:
        """Let creations in one tenant take turns, so that a code found free stays free until it is used."""
        await self._work.execute(
            "select pg_advisory_xact_lock(hashtextextended('campaign codes of ' || $1, 0))",
            self._work.tenant_id,
        )

    async def exists(self, campaign_id: str) -> bool:
        """Whether the code is in use."""
        query = "select exists (select from campaign where tenant_id = $1 and campaign_id = $2)"
        return bool(await self._work.fetchval(query, self._work.tenant_id, campaign_id))

    async def references(self, campaign_ids: Iterable[str]) -> list[dict[str, Any]]:
        """The campaigns among these ids as other records show them."""
        rows = await self._work.fetch(
            "select campaign_reference(c, cl.body, o.body) as reference from campaign c"
            " join client cl on cl.tenant_id = c.tenant_id and cl.client_id = c.client_id"
            " join offer o on o.tenant_id = c.tenant_id and o.offer_id = c.offer_id"
            " where c.tenant_id = $1 and c.campaign_id = any ($2::text[])",
            self._work.tenant_id, list(campaign_ids),
        )  # fmt: skip
        return [row["reference"] for row in rows]

    async def missing(self, kind: Kind, ids: Iterable[str]) -> set[str]:
        """Those of `ids` that name no record of this kind, which no foreign key guards because they stand in a list."""
        table, column = _PLACES[kind]
        rows = await self._work.fetch(
            "select id from unnest($2::text[]) as id"
            f" where not exists (select from {table} where tenant_id = $1 and {column} = id)",
            self._work.tenant_id, list(ids),
        )  # fmt: skip
        return {row["id"] for row in rows}
