"""Reads PostgreSQL's catalogue and names every hole in the guard between tenants."""

from typing import TypeAlias

import asyncpg

Connection: TypeAlias = "asyncpg.Connection[asyncpg.Record]"

SHARED_TABLES = {
    "installation": "one row about this installation: the master key's check value, the queue's version",
    "schema_version": "the migration tool's own note",
    "api_key_epoch": "one number that grows when any key changes",
    "decision_seal": "the chain over all tenants' decisions: ids and keyed hashes",
    "journal_link": "one row about this database and its journal",
    "platform_hold": "stops of the whole installation",
}
"""Tables that belong to no tenant, and why."""

DEFINERS = {
    "leadsail_reader": {
        "interaction_state",
        "list_interactions",
        "list_leads",
        "people_of",
        "read_interaction",
        "read_interaction_events",
        "read_lead",
        "read_open_interaction",
    },
    "leadsail_system": {
        "advance_api_key_epoch",
        "all_tenants",
        "begin_era",
        "count_holds",
        "database_heartbeat",
        "decisions_under",
        "decisions_unsealed",
        "empty_decisions",
        "forget_idempotency_keys",
        "identify_key",
        "seal_decisions",
    },
}
"""Every function that acts with its owner's rights: the reader's name their tenant, the system's have none yet."""

_GUARD = "(tenant_id = current_setting('app.tenant'::text, true))"

_TABLES = """
select c.relname as name, c.relkind::text as kind, c.relrowsecurity as enabled, c.relforcerowsecurity as forced,
       coalesce(bool_or(a.attname = 'tenant_id'), false) as has_tenant,
       coalesce(bool_or(a.attname = 'tenant_id' and a.attnotnull), false) as always_has_tenant,
       pg_get_userbyid(c.relowner) as owner,
       coalesce('security_invoker=true' = any(c.reloptions), false) as as_caller,
       has_table_privilege('leadsail_app', c.oid, 'truncate, references, trigger, maintain') as too_much,
       exists (select from aclexplode(c.relacl) where grantee = 0) as for_everybody
from pg_class c left join pg_attribute a on a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped
where c.relnamespace = 'leadsail'::regnamespace and c.relkind in ('r', 'p', 'v', 'm', 'f')
group by c.oid order by 1
"""

_POLICIES = """
select tablename as name, policyname as policy, permissive, roles::text[] as roles, cmd, qual, with_check
from pg_policies where schemaname = 'leadsail' order by 1, 2
"""

_KEYS = """
select i.indrelid::regclass::text as name, i.indexrelid::regclass::text as key,
       pg_get_indexdef(i.indexrelid, 1, true) as first
from pg_index i join pg_class c on c.oid = i.indrelid
where c.relnamespace = 'leadsail'::regnamespace and i.indisunique
union all
select k.conrelid::regclass::text, k.conname,
       case when f.attname = t.attname then f.attname::text else f.attname || ' to ' || t.attname end
from pg_constraint k
join pg_attribute f on f.attrelid = k.conrelid and f.attnum = k.conkey[1]
join pg_attribute t on t.attrelid = k.confrelid and t.attnum = k.confkey[1]
where k.connamespace = 'leadsail'::regnamespace and k.contype = 'f'
order by 1, 2
"""

_ROLES = """
select rolname as name, rolcanlogin as logs_in,
       rolsuper or rolbypassrls or rolcreaterole or rolcreatedb or rolreplication as powerful
from pg_roles where rolname like 'leadsail%' order by 1
"""

_MEMBERS = """
select member::regrole::text as member, roleid::regrole::text as of, inherit_option as inherits
from pg_auth_members where member::regrole::text like 'leadsail%'
"""

_FUNCTIONS = """
select p.proname as name, p.prosecdef as definer, pg_get_userbyid(p.proowner) as owner,
       coalesce('search_path=leadsail, pg_temp' = any(p.proconfig), false) as fixed_path,
       p.proargnames[1] as first_argument,
       coalesce((select bool_or(grantee = 0) from aclexplode(p.proacl)), true) as for_everybody
from pg_proc p
where p.pronamespace = 'leadsail'::regnamespace
  and not exists (select from pg_depend d where d.objid = p.oid and d.deptype = 'e')
order by 1
"""


async def faults(connection: Connection) -> list[str]:
    """Every hole, a line each."""
    return [
        *await _table_faults(connection),
        *await _policy_faults(connection),
        *await _key_faults(connection),
        *await _role_faults(connection),
        *await _function_faults(connection),
    ]


async def tenant_tables(connection: Connection) -> list[str]:
    """The tables that hold tenants' rows."""
    return [row["name"] for row in await connection.fetch(_TABLES) if row["has_tenant"]]


async def definers(connection: Connection, owner: str) -> set[str]:
    """The functions that act with the rights of `owner`."""
    rows = await connection.fetch(_FUNCTIONS)
    return {row["name"] for row in rows if row["definer"] and row["owner"] == owner}


async def _table_faults(connection: Connection) -> list[str]:
    found = []
    for row in await connection.fetch(_TABLES):
        reasons = {
            "is a view that reads with its owner's rights": row["kind"] == "v" and not row["as_caller"],
            "is a copy or a door that no policy guards": row["kind"] in "mf",
            "has no tenant and is not on the list": not row["has_tenant"] and row["name"] not in SHARED_TABLES,
            "may hold rows without a tenant": row["has_tenant"]
            and not row["always_has_tenant"]
            and row["kind"] in "rp",
            "does not enable and force row-level security": row["has_tenant"]
            and row["kind"] in "rp"
            and not (row["enabled"] and row["forced"]),
            "is not the owner's": row["owner"] != "leadsail_owner",
            "gives the application more than rows": row["too_much"],
            "is open to everybody": row["for_everybody"],
        }
        found += [f"{row['name']} {reason}" for reason, holds in reasons.items() if holds]
    return found


async def _policy_faults(connection: Connection) -> list[str]:
    expected = {
        "tenant": (["leadsail_app"], "ALL", _GUARD, _GUARD),
        "owner": (["leadsail_owner"], "ALL", "true", "true"),
        "reader": (["leadsail_reader"], "SELECT", "true", None),
    }
    found, seen = [], set()
    for row in await connection.fetch(_POLICIES):
        seen.add((row["name"], row["policy"]))
        actual = (row["roles"], row["cmd"], row["qual"], row["with_check"])
        if row["policy"] == "system":
            fine = row["roles"] == ["leadsail_system"]
        else:
            fine = row["permissive"] == "PERMISSIVE" and expected.get(row["policy"]) == actual
        if not fine:
            found.append(f"{row['name']} has a strange policy {row['policy']}")
    for table in await tenant_tables(connection):
        found += [f"{table} lacks the policy {policy}" for policy in expected if (table, policy) not in seen]
    return found


async def _key_faults(connection: Connection) -> list[str]:
    rows = await connection.fetch(_KEYS)
    return [
        f"{row['name']} has a key {row['key']} that begins with {row['first']}"
        for row in rows
        if row["first"] != "tenant_id" and row["name"] not in SHARED_TABLES
    ]


async def _role_faults(connection: Connection) -> list[str]:
    roles, members = await connection.fetch(_ROLES), await connection.fetch(_MEMBERS)
    found = [f"{row['name']} sees past row-level security or may" for row in roles if row["powerful"]]
    found += [f"{row['name']} can log in" for row in roles if row["logs_in"] and row["name"] in DEFINERS]
    for row in members:
        if row["member"] != "leadsail_owner" or row["inherits"]:
            found.append(f"{row['member']} has the rights of {row['of']}")
    if await connection.fetchval("select has_schema_privilege('leadsail_app', 'leadsail', 'create')"):
        found.append("leadsail_app may create in the schema")
    return found


async def _function_faults(connection: Connection) -> list[str]:
    found = []
    for row in await connection.fetch(_FUNCTIONS):
        if row["for_everybody"]:
            found.append(f"{row['name']} is open to everybody")
        if not row["definer"]:
            continue
        reasons = {
            "is not on the list": row["name"] not in DEFINERS.get(row["owner"], ()),
            "takes names from whoever calls it": not row["fixed_path"],
            "does not name its tenant": row["owner"] == "leadsail_reader" and row["first_argument"] != "for_tenant",
        }
        found += [f"{row['owner']}'s {row['name']} {reason}" for reason, holds in reasons.items() if holds]
    return found
