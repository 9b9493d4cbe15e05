"""The guard between tenants, as the database's own catalogue tells it."""

import pytest

from tests.isolation.catalogue import DEFINERS, SHARED_TABLES, Connection, definers, faults, tenant_tables

TABLE = "create table planted (tenant_id text not null, id text not null, primary key (tenant_id, id));"
GUARDED = f"{TABLE} select protect('planted');"
TENANT = "create policy tenant on planted to leadsail_app"
FUNCTION = "create function planted(for_tenant text) returns text language sql security definer"
SAFE = "set search_path = leadsail, pg_temp"
TO_READER = "alter function planted owner to leadsail_reader;"


class TestTheSchema:
    async def test_has_no_hole(self, owner: Connection) -> None:
        assert await faults(owner) == []

    async def test_has_the_tables_and_functions_that_are_listed(self, owner: Connection) -> None:
        """A list with strangers on it would let one in under their name later."""
        tables = await owner.fetch("select relname from pg_class where relnamespace = 'leadsail'::regnamespace")

        assert SHARED_TABLES.keys() <= {row["relname"] for row in tables}
        assert {role: await definers(owner, role) for role in DEFINERS} == DEFINERS
        assert len(await tenant_tables(owner)) >= 18

    async def test_a_guarded_table_more_is_no_hole(self, owner: Connection) -> None:
        await owner.execute(GUARDED)

        assert await faults(owner) == []


class TestAPlantedHole:
    @pytest.mark.parametrize(
        ("planted", "line"),
        [
            (TABLE, "planted does not enable and force row-level security"),
            (f"{GUARDED} alter table planted no force row level security;", "planted does not enable and force"),
            (f"{GUARDED} alter table planted disable row level security;", "planted does not enable and force"),
            (
                f"{GUARDED} alter table planted drop constraint planted_pkey, alter tenant_id drop not null;",
                "planted may",
            ),
            ("create table planted (id text primary key);", "planted has no tenant and is not on the list"),
            ("create view planted as select * from lead;", "planted is a view that reads with its owner's rights"),
            ("create materialized view planted as select * from lead;", "planted is a copy or a door that no policy"),
            (f"{GUARDED} grant truncate on planted to leadsail_app;", "planted gives the application more than rows"),
            (f"{GUARDED} grant select on planted to public;", "planted is open to everybody"),
        ],
    )
    async def test_in_a_table_is_named(self, owner: Connection, planted: str, line: str) -> None:
        await owner.execute(planted)

        assert any(fault.startswith(line) for fault in await faults(owner))

    @pytest.mark.parametrize(
        ("planted", "line"),
        [
            (f"{GUARDED} drop policy tenant on planted;", "planted lacks the policy tenant"),
            (f"{GUARDED} drop policy owner on planted;", "planted lacks the policy owner"),
            (f"{GUARDED} create policy more on planted using (true);", "planted has a strange policy more"),
            (
                f"{GUARDED} drop policy tenant on planted; {TENANT} using (true) with check (true);",
                "planted has a strange policy tenant",
            ),
            (
                f"{GUARDED} alter policy tenant on planted with check (true);",
                "planted has a strange policy tenant",
            ),
            (
                f"{GUARDED} alter policy reader on planted to public;",
                "planted has a strange policy reader",
            ),
            (f"{GUARDED} create policy system on planted using (true);", "planted has a strange policy system"),
        ],
    )
    async def test_in_a_policy_is_named(self, owner: Connection, planted: str, line: str) -> None:
        await owner.execute(planted)

        assert line in await faults(owner)

    @pytest.mark.parametrize(
        ("planted", "line"),
        [
            (f"{GUARDED} alter table planted add unique (id);", "planted has a key planted_id_key that begins with id"),
            (f"{GUARDED} create unique index on planted (id);", "planted has a key planted_id_idx that begins with id"),
            (
                f"{GUARDED} alter table planted add foreign key (id) references tenant (tenant_id);",
                "planted has a key planted_id_fkey that begins with id to tenant_id",
            ),
            (
                "create table planted (tenant_id text not null, id text primary key); select protect('planted');",
                "planted has a key planted_pkey that begins with id",
            ),
        ],
    )
    async def test_in_a_key_is_named(self, owner: Connection, planted: str, line: str) -> None:
        await owner.execute(planted)

        assert line in await faults(owner)

    @pytest.mark.parametrize(
        ("planted", "line"),
        [
            (f"{FUNCTION} {SAFE} return for_tenant;", "leadsail_owner's planted is not on the list"),
            (f"{FUNCTION} {SAFE} return for_tenant; {TO_READER}", "leadsail_reader's planted is not on the list"),
            (
                f"{FUNCTION} return for_tenant; {TO_READER}",
                "leadsail_reader's planted takes names from whoever calls it",
            ),
            (
                f"{FUNCTION} set search_path = public return for_tenant; {TO_READER}",
                "leadsail_reader's planted takes names from whoever calls it",
            ),
            (
                f"{FUNCTION} {SAFE} return for_tenant; grant execute on function planted to public;",
                "planted is open to everybody",
            ),
            (
                f"{FUNCTION.replace('for_tenant', 'id')} {SAFE} return id; {TO_READER}",
                "leadsail_reader's planted does not name its tenant",
            ),
            ("grant create on schema leadsail to leadsail_app;", "leadsail_app may create in the schema"),
        ],
    )
    async def test_in_a_function_is_named(self, owner: Connection, planted: str, line: str) -> None:
        await owner.execute(planted)

        assert line in await faults(owner)

    @pytest.mark.parametrize(
        ("planted", "line"),
        [
            ("alter role leadsail_app bypassrls;", "leadsail_app sees past row-level security or may"),
            ("alter role leadsail_owner superuser;", "leadsail_owner sees past row-level security or may"),
            ("alter role leadsail_reader login;", "leadsail_reader can log in"),
            ("grant leadsail_system to leadsail_app;", "leadsail_app has the rights of leadsail_system"),
            (
                "grant leadsail_reader to leadsail_owner with inherit true;",
                "leadsail_owner has the rights of leadsail_reader",
            ),
        ],
    )
    async def test_in_a_role_is_named(self, superuser: Connection, planted: str, line: str) -> None:
        await superuser.execute(planted)

        assert line in await faults(superuser)
