"""The SQL of decisions and of the chain that seals them."""

from collections.abc import Sequence
from dataclasses import dataclass, fields
from datetime import datetime
from operator import attrgetter

import asyncpg

from leadsail.foundation.database import Database, Work

_COLUMNS = (
    "d.decision_id, d.attempt_id, d.lead_id, d.interaction_id, d.phone_hash, d.stage, d.outcome, d.code, d.at,"
    " d.body::text as body, d.body_digest, d.digest, d.created_at"
)
_SEALED_BY = (
    "(select s.number from decision_seal s where s.era = d.era and s.up_to_transaction >= d.transaction"
    " order by s.up_to_transaction limit 1) as seal"
)


@dataclass(frozen=True, slots=True)
class DecisionRow:
    """A decision as it is stored; `body` is the text that `body_digest` is made of."""

    decision_id: str
    attempt_id: str | None
    lead_id: str | None
    interaction_id: str | None
    phone_hash: bytes
    stage: str
    outcome: str
    code: str | None
    at: datetime
    body: str
    body_digest: bytes
    digest: bytes
    created_at: datetime


_VALUES = attrgetter(*(field.name for field in fields(DecisionRow)))


class DecisionRepository:
    """The decisions of the tenant whose unit of work this is."""

    def __init__(self, work: Work) -> None:
        self._work = work

    async def add(self, rows: Sequence[DecisionRow]) -> None:
        """Store decisions, all of them in one statement."""
        await self._work.execute(
            "insert into contact_decision (tenant_id, decision_id, attempt_id, lead_id, interaction_id, phone_hash,"
            " stage, outcome, code, at, body, body_digest, digest, created_at, era)"
            " select $1, d.id, d.attempt, d.lead, d.interaction, d.hash, d.stage, d.outcome, d.code, d.at,"
            " d.body::json, d.body_digest, d.digest, d.created, l.era from journal_link l, unnest($2::text[],"
            " $3::text[], $4::text[], $5::text[], $6::bytea[], $7::text[], $8::text[], $9::text[], $10::timestamptz[],"
            " $11::text[], $12::bytea[], $13::bytea[], $14::timestamptz[]) as d (id, attempt, lead, interaction, hash,"
            " stage, outcome, code, at, body, body_digest, digest, created)",
            self._work.tenant_id,
            *(list(column) for column in zip(*map(_VALUES, rows), strict=True)),
        )

    async def of_attempt(self, attempt_id: str) -> list[asyncpg.Record]:
        """Every decision about one attempt, in order, with the number of its seal."""
        return await self._work.fetch(
            f"select {_COLUMNS}, {_SEALED_BY} from contact_decision d where tenant_id = $1 and attempt_id = $2"
            " order by created_at, decision_id",
            self._work.tenant_id, attempt_id,
        )  # fmt: skip

    async def of_interaction(self, interaction_id: str) -> list[asyncpg.Record]:
        """As `of_attempt`, of all attempts of a conversation."""
        return await self._work.fetch(
            f"select {_COLUMNS}, {_SEALED_BY} from contact_decision d where tenant_id = $1 and (interaction_id = $2"
            " or attempt_id in (select attempt_id from contact_attempt where tenant_id = $1 and interaction_id = $2))"
            " order by created_at, decision_id",
            self._work.tenant_id, interaction_id,
        )  # fmt: skip

    async def after(self, decision_id: str, limit: int) -> list[asyncpg.Record]:
        """The next decisions by id, each with whether its lead was erased; an empty id begins."""
        return await self._work.fetch(
            f"select {_COLUMNS}, exists (select from erasure e where e.tenant_id = d.tenant_id"
            " and e.lead_id = d.lead_id) as erased"
            " from contact_decision d where tenant_id = $1 and decision_id > $2 order by decision_id limit $3",
            self._work.tenant_id, decision_id, limit,
        )  # fmt: skip

    async def empty(self, lead_id: str) -> None:
        """Take what a lead's decisions tell of the person out of them."""
        await self._work.execute("select empty_decisions($1)", lead_id)


class SealRepository:
    """The chain over the decisions of all tenants."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def seal(self, at: datetime) -> int:
        """Seal what no running transaction can precede any more, at most about 5,000; answers how many."""
        count: int = await self._database.fetchval("select seal_decisions($1)", at)
        return count

    async def after(self, number: int, limit: int) -> list[asyncpg.Record]:
        """The next seals, in order."""
        return await self._database.fetch(
            "select number, decisions, digests, head, sealed_at from decision_seal where number > $1"
            " order by number limit $2",
            number, limit,
        )  # fmt: skip

    async def heads_after(self, number: int, limit: int) -> list[tuple[int, bytes]]:
        """The next heads of the chain, in order."""
        query = "select number, head from decision_seal where number > $1 order by number limit $2"
        return [(row["number"], row["head"]) for row in await self._database.fetch(query, number, limit)]

    async def covered(self, number: int) -> dict[str, bytes]:
        """The digests of the decisions that really stand where the seal stands, by `tenant/decision`."""
        rows = await self._database.fetch("select decision, digest from decisions_under($1)", number)
        return {row["decision"]: row["digest"] for row in rows}

    async def unsealed(self) -> list[asyncpg.Record]:
        """What no seal covers: `decision`, `created_at`, and whether it was `slipped_in` behind an earlier seal."""
        return await self._database.fetch("select decision, created_at, slipped_in from decisions_unsealed()")
