"""The SQL of registries: imported files, their numbers, and the answers of the reassigned-numbers database."""

from collections.abc import Sequence
from datetime import date, datetime

import asyncpg

from leadsail.features.do_not_call.models import Answer, NewRegistryFile
from leadsail.foundation.database import Work

_FILE = "file_id, registry, as_of, area_codes, lines, numbers, faults, imported_by, created_at, completed_at"
# A file is out of force once a newer one, or one of the same day that came later, covers all that it covers.
_OUTDATED = (
    "exists (select from registry_file n where n.tenant_id = f.tenant_id and n.registry = f.registry"
    " and n.completed_at is not null and (n.as_of, n.completed_at, n.file_id) > (f.as_of, f.completed_at, f.file_id)"
    " and (n.area_codes is null or n.area_codes @> f.area_codes))"
)


class RegistryRepository:
    """The registries of the tenant whose unit of work this is."""

    def __init__(self, work: Work) -> None:
        self._work = work

    async def begin(self, file_id: str, new: NewRegistryFile, now: datetime) -> None:
        """Store a file that does not count yet."""
        await self._work.execute(
            "insert into registry_file (tenant_id, file_id, registry, as_of, area_codes, imported_by, created_at)"
            " values ($1, $2, $3, $4, $5, $6, $7)",
            self._work.tenant_id, file_id, new.registry, new.as_of, new.area_codes and list(new.area_codes),
            self._work.actor, now,
        )  # fmt: skip

    async def add_numbers(self, file_id: str, numbers: Sequence[int]) -> int:
        """Store numbers of a file; answers how many are new to it."""
        tag = await self._work.execute(
            "insert into registry_number (tenant_id, file_id, number)"
            " select $1, $2, number from unnest($3::bigint[]) as number on conflict do nothing",
            self._work.tenant_id, file_id, numbers,
        )  # fmt: skip
        return int(tag.rpartition(" ")[2])

    async def add_answers(self, file_id: str, answers: Sequence[tuple[bytes, Answer, datetime]]) -> int:
        """Store answers, each the newest of its number; of one number's answers of one instant the last counts."""
        last = {phone_hash: (answer, at) for phone_hash, answer, at in sorted(answers, key=lambda told: told[2])}
        await self._work.execute(
            "insert into reassignment (tenant_id, file_id, phone_hash, answer, asked_at)"
            " select $1, $2, n.* from unnest($3::bytea[], $4::text[], $5::timestamptz[]) as n"
            " on conflict (tenant_id, phone_hash) do update"
            " set answer = excluded.answer, asked_at = excluded.asked_at, file_id = excluded.file_id"
            " where reassignment.asked_at <= excluded.asked_at",
            self._work.tenant_id, file_id, list(last), [answer for answer, _ in last.values()],
            [at for _, at in last.values()],
        )  # fmt: skip
        return len(last)

    async def complete(self, file_id: str, *, lines: int, numbers: int, faults: int, now: datetime) -> None:
        """Let a file count."""
        await self._work.execute(
            "update registry_file set lines = $3, numbers = $4, faults = $5, completed_at = $6"
            " where tenant_id = $1 and file_id = $2",
            self._work.tenant_id, file_id, lines, numbers, faults, now,
        )  # fmt: skip

    async def in_force(self) -> list[asyncpg.Record]:
        """The files that still speak for some numbers, the newest first."""
        return await self._work.fetch(
            f"select {_FILE} from registry_file f where f.tenant_id = $1 and f.completed_at is not null"
            f" and (f.registry = 'us_reassigned' or not {_OUTDATED}) order by f.as_of desc, f.completed_at desc",
            self._work.tenant_id,
        )

    async def count_answers(self) -> int:
        """For how many numbers there is an answer of the reassigned-numbers database."""
        query = "select count(*) from reassignment where tenant_id = $1"
        return int(await self._work.fetchval(query, self._work.tenant_id))

    async def drop_outdated(self, limit: int) -> int:
        """Delete up to `limit` numbers of files that speak for none any more; answers how many."""
        tag = await self._work.execute(
            "delete from registry_number where (tenant_id, file_id, number) in ("
            "  select r.tenant_id, r.file_id, r.number from registry_file f"
            "  join registry_number r on r.tenant_id = f.tenant_id and r.file_id = f.file_id"
            f"  where f.tenant_id = $1 and f.completed_at is not null and {_OUTDATED} limit $2)",
            self._work.tenant_id, limit,
        )  # fmt: skip
        return int(tag.rpartition(" ")[2])

    async def newest(self, registry: str) -> date | None:
        """The day of the newest file of a registry that counts."""
        day: date | None = await self._work.fetchval(
            "select max(as_of) from registry_file where tenant_id = $1 and registry = $2 and completed_at is not null",
            self._work.tenant_id, registry,
        )  # fmt: skip
        return day
