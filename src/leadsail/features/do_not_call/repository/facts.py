"""The one query that tells everything known against contacting numbers."""

from collections.abc import Mapping, Sequence

import asyncpg

from leadsail.foundation.database import Work

# Everything is a subquery of its number, so that each is looked up by its index, however long the lists are: as joins
# they would tempt the planner to read a whole registry for a handful of numbers.
_QUERY = """
select a.phone, entries.*, answers.*, (
    select jsonb_object_agg(of.registry, jsonb_build_object('asOf', f.as_of, 'listed', coalesce((
        select true from registry_number n
        where n.tenant_id = $1 and n.file_id = f.file_id and n.number = a.number limit 1), false)))
    from unnest($4::text[]) as of (registry)
    cross join lateral (
        select f.file_id, f.as_of from registry_file f
        where f.tenant_id = $1 and f.registry = of.registry and f.completed_at is not null
          and (f.area_codes is null or (a.number / 10000000000 = 1
               and lpad((a.number / 10000000 % 1000)::text, 3, '0') = any (f.area_codes)))
        order by f.as_of desc, f.completed_at desc, f.file_id desc limit 1
    ) f
    where a.number is not null
) as registries
from (
    select phone, decode(hash, 'hex') as hash,
           case when phone ~ '^[+][1-9][0-9]{6,14}$' then substr(phone, 2)::bigint end as number
    from unnest($2::text[], $3::text[]) as given (phone, hash)
) a
cross join lateral (
    select max(d.last_asked_at) filter (where d.removed_at is null or not d.sandbox) as refused_at,
        jsonb_agg(jsonb_build_object(
            'entryId', d.entry_id, 'source', d.source, 'since', d.created_at, 'liftedFor', d.lifted_for)
            order by d.created_at, d.entry_id) filter (where d.removed_at is null) as live
    from do_not_call d where d.tenant_id = $1 and d.phone_hash = a.hash
) entries
left join lateral (
    select r.answer, r.asked_at from reassignment r
    where r.tenant_id = $1 and r.phone_hash = a.hash
) answers on true
"""


class FactRepository:
    """What is known, of the tenant whose unit of work this is."""

    def __init__(self, work: Work) -> None:
        self._work = work

    async def of(self, hashes: Mapping[str, Sequence[bytes]], registries: Sequence[str]) -> list[asyncpg.Record]:
        """A row for each hash of each phone; `hashes` are those that each may be stored under."""
        pairs = [(phone, one.hex()) for phone, several in hashes.items() for one in several]
        return await self._work.fetch(
            _QUERY, self._work.tenant_id, [phone for phone, _ in pairs], [text for _, text in pairs], list(registries)
        )
