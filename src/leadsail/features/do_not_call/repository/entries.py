"""The SQL of the do-not-call list: entries, and what happened to each."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

import asyncpg

from leadsail.features.do_not_call.models import EntryFilter
from leadsail.foundation.database import Work

_COLUMNS = (
    "entry_id, phone_hash, phone, source, channel, reason, evidence, sender, lead_id, interaction_id, lifted_for,"
    " times_asked, last_asked_at, added_by, created_at, updated_at, removed_by, removed_at, removed_reason,"
    " removed_evidence, version"
)
_NEW = (
    "entry_id text, phone_hash text, phone text, sandbox boolean, source text, channel text, reason text,"
    " evidence jsonb, sender text,"
    " lead_id text, interaction_id text, journal_sequence bigint, added_by text, at timestamptz"
)
_EVENT = (
    "entry_id text, kind text, source text, channel text, sender text, evidence jsonb, lead_id text,"
    " interaction_id text, journal_sequence bigint, actor text, at timestamptz"
)


class UnknownCursorError(LookupError):
    """The cursor names no entry."""


class EntryRepository:
    """The list of the tenant whose unit of work this is. Who changes it holds the numbers."""

    def __init__(self, work: Work) -> None:
        self._work = work

    async def live(self, hashes: Sequence[bytes]) -> list[asyncpg.Record]:
        """The live entries stored under any of these hashes, kept from changing until the unit of work ends."""
        return await self._work.fetch(
            f"select {_COLUMNS} from do_not_call where tenant_id = $1 and phone_hash = any ($2)"
            " and removed_at is null order by entry_id for update",
            self._work.tenant_id, list(hashes),
        )  # fmt: skip

    async def get(self, entry_id: str, *, lock: bool = False) -> asyncpg.Record | None:
        """One entry, removed or not."""
        return await self._work.fetchrow(
            f"select {_COLUMNS} from do_not_call where tenant_id = $1 and entry_id = $2{' for update' if lock else ''}",
            self._work.tenant_id, entry_id,
        )  # fmt: skip

    async def events(self, entry_id: str) -> list[asyncpg.Record]:
        """What happened to an entry, the oldest first."""
        return await self._work.fetch(
            "select kind, at, source, channel, sender, lead_id, interaction_id, evidence, actor as by, journal_sequence"
            " from do_not_call_event where tenant_id = $1 and entry_id = $2 order by number",
            self._work.tenant_id, entry_id,
        )  # fmt: skip

    async def add(self, entries: Sequence[Mapping[str, Any]]) -> None:
        """Store new entries; each is told with its hash in hex."""
        await self._work.execute(
            "insert into do_not_call (tenant_id, entry_id, phone_hash, phone, sandbox, source, channel, reason,"
            " evidence, sender, lead_id, interaction_id, last_asked_at, journal_sequence, lock_order, added_by,"
            " created_at, updated_at)"
            " select $1, n.entry_id, decode(n.phone_hash, 'hex'), n.phone, n.sandbox, n.source, n.channel,"
            " n.reason, n.evidence, n.sender, n.lead_id, n.interaction_id, n.at, n.journal_sequence,"
            f" nextval('contact_order'), n.added_by, n.at, n.at from jsonb_to_recordset($2) as n ({_NEW})",
            self._work.tenant_id, list(entries),
        )  # fmt: skip

    async def add_events(self, events: Sequence[Mapping[str, Any]]) -> None:
        """Store what happened to entries, at most one event for each."""
        await self._work.execute(
            "insert into do_not_call_event (tenant_id, entry_id, number, kind, source, channel, sender, evidence,"
            " lead_id, interaction_id, journal_sequence, lock_order, actor, at)"
            " select $1, n.entry_id, 1 + (select count(*) from do_not_call_event e"
            "   where e.tenant_id = $1 and e.entry_id = n.entry_id), n.kind, n.source, n.channel, n.sender, n.evidence,"
            " n.lead_id, n.interaction_id, n.journal_sequence, nextval('contact_order'), n.actor, n.at"
            f" from jsonb_to_recordset($2) as n ({_EVENT})",
            self._work.tenant_id, list(events),
        )  # fmt: skip

    async def note_asked(self, entry_ids: Sequence[str], at: datetime) -> None:
        """Remember that these numbers asked again."""
        await self._work.execute(
            "update do_not_call set times_asked = times_asked + 1, last_asked_at = greatest(last_asked_at, $3),"
            " updated_at = $3, version = version + 1 where tenant_id = $1 and entry_id = any ($2)",
            self._work.tenant_id, list(entry_ids), at,
        )  # fmt: skip

    async def bar_again(self, entry_id: str, journal_sequence: int) -> None:
        """Take back what was lifted before this entry of the journal; what was lifted after it stays lifted."""
        await self._work.execute(
            "update do_not_call set lifted_for = array(select distinct e.sender from do_not_call_event e"
            "   where e.tenant_id = $1 and e.entry_id = $2 and e.kind = 'lifted' and e.journal_sequence > $3),"
            " journal_sequence = greatest(journal_sequence, $3), lock_order = nextval('contact_order')"
            " where tenant_id = $1 and entry_id = $2",
            self._work.tenant_id, entry_id, journal_sequence,
        )  # fmt: skip

    async def lift(self, entry_id: str, sender: str, at: datetime) -> None:
        """Let one of our numbers through again."""
        await self._work.execute(
            "update do_not_call set lifted_for = lifted_for || $3::text, updated_at = $4, version = version + 1"
            " where tenant_id = $1 and entry_id = $2 and $3 <> all (lifted_for)",
            self._work.tenant_id, entry_id, sender, at,
        )  # fmt: skip

    async def remove(self, entry_id: str, *, reason: str, evidence: Mapping[str, Any], at: datetime) -> None:
        """Take an entry off the list; the row stays."""
        await self._work.execute(
            "update do_not_call set removed_at = $3, removed_by = $4, removed_reason = $5, removed_evidence = $6,"
            " updated_at = $3, version = version + 1 where tenant_id = $1 and entry_id = $2",
            self._work.tenant_id, entry_id, at, self._work.actor, reason, evidence,
        )  # fmt: skip

    async def live_of_sandbox(self) -> list[str]:
        """The live entries of the sandbox's numbers, the oldest first."""
        rows = await self._work.fetch(
            "select entry_id from do_not_call where tenant_id = $1 and sandbox and removed_at is null"
            " order by created_at, entry_id",
            self._work.tenant_id,
        )
        return [row["entry_id"] for row in rows]

    async def of_number(self, hashes: Sequence[bytes]) -> list[asyncpg.Record]:
        """Every entry stored under any of these hashes, removed ones included, the oldest first."""
        return await self._work.fetch(
            f"select {_COLUMNS} from do_not_call where tenant_id = $1 and phone_hash = any ($2)"
            " order by created_at, entry_id",
            self._work.tenant_id, list(hashes),
        )  # fmt: skip

    async def forget(self, entry_ids: Sequence[str]) -> None:
        """Leave of these entries nothing that names or quotes a person."""
        await self._work.execute(
            "update do_not_call set phone = null, reason = null, evidence = '{}',"
            " removed_reason = null, version = version + 1,"
            " removed_evidence = case when removed_evidence is not null then '{}'::jsonb end"
            " where tenant_id = $1 and entry_id = any ($2)",
            self._work.tenant_id, list(entry_ids),
        )  # fmt: skip
        await self._work.execute(
            "update do_not_call_event set evidence = '{}' where tenant_id = $1 and entry_id = any ($2)",
            self._work.tenant_id, list(entry_ids),
        )  # fmt: skip

    async def known_lines(self, sequences: Sequence[int]) -> set[int]:
        """Which of these entries of the journal took effect here."""
        rows = await self._work.fetch(
            "select journal_sequence from do_not_call_event where tenant_id = $1 and journal_sequence = any ($2)",
            self._work.tenant_id, list(sequences),
        )  # fmt: skip
        return {row["journal_sequence"] for row in rows}

    async def superseding(self, hashes: Sequence[bytes], sequence: int) -> str | None:
        """The list's entry in which a later opt-out of the number than this entry of the journal took effect."""
        entry_id: str | None = await self._work.fetchval(
            "select d.entry_id from do_not_call d join do_not_call_event e"
            " on e.tenant_id = d.tenant_id and e.entry_id = d.entry_id"
            " where d.tenant_id = $1 and d.phone_hash = any ($2) and e.kind = 'opt_out' and e.journal_sequence > $3"
            " order by e.journal_sequence limit 1",
            self._work.tenant_id, list(hashes), sequence,
        )  # fmt: skip
        return entry_id

    async def has_tenant(self) -> bool:
        """Whether this database knows the organisation at all."""
        query = "select exists (select from tenant where tenant_id = $1)"
        return bool(await self._work.fetchval(query, self._work.tenant_id))

    async def was_confirmed(self, entry_id: str) -> bool:
        """Whether this entry's number asked from its handset before, and so was told."""
        return bool(
            await self._work.fetchval(
                "select exists (select from do_not_call_event where tenant_id = $1 and entry_id = $2"
                " and source in ('sms', 'speech', 'key_press') and kind in ('opt_out', 'repeated'))",
                self._work.tenant_id, entry_id,
            )
        )  # fmt: skip

    async def page(self, wanted: EntryFilter, after: str | None, limit: int) -> list[asyncpg.Record]:
        """At most `limit` entries, newest first, that come after the entry `after`. Raises `UnknownCursorError`."""
        after_at = None
        if after is not None:
            query = "select created_at from do_not_call where tenant_id = $1 and entry_id = $2"
            after_at = await self._work.fetchval(query, self._work.tenant_id, after)
            if after_at is None:
                raise UnknownCursorError
        return await self._work.fetch(
            f"select {_COLUMNS} from do_not_call where tenant_id = $1"
            " and ($2::bytea[] is null or phone_hash = any ($2)) and ($3::text is null or source = $3)"
            " and ($4 or removed_at is null)"
            " and ($5::timestamptz is null or created_at >= $5) and ($6::timestamptz is null or created_at < $6)"
            ' and ($7::timestamptz is null or (created_at, entry_id) < ($7, $8::text collate "C"))'
            " order by created_at desc, entry_id desc limit $9",
            self._work.tenant_id, wanted.hashes, wanted.source, wanted.include_removed, wanted.since, wanted.until,
            after_at, after, limit,
        )  # fmt: skip
