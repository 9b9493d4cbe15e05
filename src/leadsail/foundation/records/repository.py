"""The SQL of configuration records, the same for every table of the kind. Private to `RecordService`."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

import asyncpg

from leadsail.foundation.database import Work


@dataclass(frozen=True, slots=True)
class RecordTable:
    """Where records of one kind live and how they are named on the wire.

    `fields` maps a list filter's name to the SQL that reads it, besides those every record has; `search` are the
    expressions that a text search looks into. Both are constants of the product, never input.
    """

    name: str
    id_column: str
    id_field: str
    prefix: str
    search: tuple[str, ...] = ("body ->> 'name'",)
    fields: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Record:
    """A stored record; `body` is its wire form without id and times."""

    id: str
    body: dict[str, Any]
    version: int
    created_at: datetime
    updated_at: datetime
    archived_at: datetime | None


@dataclass(frozen=True, slots=True)
class Filter:
    """Which records a list shows; None does not filter. `equal` is keyed by `RecordTable.fields`."""

    active: bool | None = None
    search: str | None = None
    include_archived: bool = False
    equal: Mapping[str, str | None] = field(default_factory=dict)


class RecordRepository:
    """The records of one table, of the tenant whose unit of work this is."""

    def __init__(self, work: Work, table: RecordTable) -> None:
        self._work = work
        self._table = table

    async def get(self, record_id: str, *, lock: bool = False) -> Record | None:
        """The record, locked against other changes until the unit of work ends where `lock` is set."""
        row = await self._work.fetchrow(
            f"select {self._columns} from {self._table.name}"
            f" where tenant_id = $1 and {self._table.id_column} = $2{' for update' if lock else ''}",
            self._work.tenant_id, record_id,
        )  # fmt: skip
        return _record(row) if row else None

    async def add(self, record_id: str, body: Mapping[str, Any], now: datetime) -> bool:
        """Store a new record; False when the id is taken."""
        added = await self._work.fetchval(
            f"insert into {self._table.name} (tenant_id, {self._table.id_column}, body, created_at, updated_at)"
            f" values ($1, $2, $3, $4, $4) on conflict (tenant_id, {self._table.id_column}) do nothing returning true",
            self._work.tenant_id, record_id, body, now,
        )  # fmt: skip
        return bool(added)

    async def save(
        self, record_id: str, body: Mapping[str, Any], archived_at: datetime | None, now: datetime
    ) -> Record:
        """Replace a record's body and archived state; its version grows by one."""
        row = await self._work.fetchrow(
            f"update {self._table.name} set body = $3, archived_at = $4, updated_at = $5, version = version + 1"
            f" where tenant_id = $1 and {self._table.id_column} = $2 returning {self._columns}",
            self._work.tenant_id, record_id, body, archived_at, now,
        )  # fmt: skip
        if row is None:
            raise LookupError(f"{self._table.name} {record_id} is gone")
        return _record(row)

    async def page(self, wanted: Filter, *, limit: int | None, offset: int) -> tuple[list[Record], int]:
        """One page, newest first, and how many match in all."""
        condition, values = self._condition(wanted)
        total = await self._work.fetchval(f"select count(*) from {self._table.name} where {condition}", *values)
        rows = await self._work.fetch(
            f"select {self._columns} from {self._table.name} where {condition}"
            f" order by created_at desc, {self._table.id_column} desc"
            f" limit ${len(values) + 1} offset ${len(values) + 2}",
            *values, limit, offset,
        )  # fmt: skip
        return [_record(row) for row in rows], total

    @property
    def _columns(self) -> str:
        return f"{self._table.id_column} as id, body, version, created_at, updated_at, archived_at"

    def _condition(self, wanted: Filter) -> tuple[str, list[object]]:
        parts = ["tenant_id = $1"]
        arguments: list[object] = [self._work.tenant_id]
        if not wanted.include_archived:
            parts.append("archived_at is null")
        if wanted.active is not None:
            arguments.append(wanted.active)
            parts.append(f"(body ->> 'active')::boolean = ${len(arguments)}")
        for name, value in wanted.equal.items():
            if value is not None:
                arguments.append(value)
                parts.append(f"{self._table.fields[name]} = ${len(arguments)}")
        if wanted.search:
            arguments.append(like_pattern(wanted.search))
            where = " or ".join(f"lower({column}) like ${len(arguments)}" for column in self._table.search)
            parts.append(f"({where})")
        return " and ".join(parts), arguments


def like_pattern(text: str) -> str:
    """The LIKE pattern that finds `text` anywhere, whatever signs it holds, in lower-case text."""
    escaped = text.strip().lower().replace("\\", r"\\").replace("%", r"\%").replace("_", r"\_")
    return f"%{escaped}%"


def _record(row: asyncpg.Record) -> Record:
    return Record(**dict(row))
