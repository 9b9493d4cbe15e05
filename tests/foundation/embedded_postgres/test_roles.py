"""The database roles, as the first migration finds them."""

from pathlib import Path

import asyncpg
import pytest

from leadsail.foundation.embedded_postgres import ROLE_STATEMENTS, EmbeddedPostgres
from tests.foundation.embedded_postgres.running import StartsServer, column, execute, value

OURS = ["leadsail_app", "leadsail_owner", "leadsail_reader", "leadsail_system"]
FORGET_THE_ROLES = [f"drop role {name}" for name in OURS]


class TestRoles:
    async def test_no_role_has_power_over_the_server(self, server: EmbeddedPostgres) -> None:
        harmless = await column(
            server.url(),
            "select rolname::text from pg_roles where rolname like 'leadsail%' and not (rolsuper or rolbypassrls "
            "or rolcreaterole or rolcreatedb or rolreplication) order by 1",
        )

        assert harmless == OURS

    async def test_only_owner_and_app_may_log_in(self, server: EmbeddedPostgres) -> None:
        names = await column(
            server.url(),
            "select rolname::text from pg_roles where rolcanlogin and rolname like 'leadsail%' order by 1",
        )

        assert names == ["leadsail_app", "leadsail_owner"]

    @pytest.mark.parametrize("role", ["leadsail_reader", "leadsail_system"])
    async def test_the_owner_can_hand_a_function_over(self, server: EmbeddedPostgres, role: str) -> None:
        owner = server.url("leadsail_owner")
        await execute(
            owner,
            f"create schema for_{role}",
            f"grant create on schema for_{role} to {role}",
            f"create function for_{role}.one() returns int language sql return 1",
        )

        await execute(owner, f"alter function for_{role}.one() owner to {role}")

        owners = await column(owner, "select proowner::regrole::text from pg_proc where proname = 'one'")
        assert role in owners

    @pytest.mark.parametrize("role", ["leadsail_reader", "leadsail_system"])
    async def test_the_owner_inherits_nothing(self, server: EmbeddedPostgres, role: str) -> None:
        inherits = await value(server.url("leadsail_owner"), f"select pg_has_role('leadsail_owner', '{role}', 'usage')")

        assert inherits is False

    async def test_the_app_is_a_member_of_nothing(self, server: EmbeddedPostgres) -> None:
        memberships = await column(
            server.url(), "select roleid::regrole::text from pg_auth_members where member = 'leadsail_app'::regrole"
        )

        assert memberships == []


class TestDatabase:
    async def test_the_owner_owns_it(self, server: EmbeddedPostgres) -> None:
        owner = await value(server.url(), "select datdba::regrole::text from pg_database where datname = 'leadsail'")

        assert owner == "leadsail_owner"

    @pytest.mark.parametrize("right", ["connect", "temporary", "create"])
    async def test_the_public_has_no_right_in_it(self, server: EmbeddedPostgres, right: str) -> None:
        allowed = await value(server.url(), f"select has_database_privilege('leadsail_reader', 'leadsail', '{right}')")

        assert allowed is False

    async def test_the_app_may_only_connect(self, server: EmbeddedPostgres) -> None:
        rights = await column(
            server.url(),
            "select r from unnest(array['connect', 'temporary', 'create']) r "
            "where has_database_privilege('leadsail_app', 'leadsail', r)",
        )

        assert rights == ["connect"]


class TestOtherServers:
    """The same statements serve a server that somebody else runs."""

    async def test_they_need_no_superuser(self, own_data_dir: Path, a_server: StartsServer) -> None:
        server = await a_server(own_data_dir)
        admin = server.url("postgres", "postgres")
        await execute(admin, "drop database leadsail", *FORGET_THE_ROLES, "create role helper createrole")

        await execute(admin, "set session authorization helper", *ROLE_STATEMENTS, *ROLE_STATEMENTS)

        names = await column(admin, "select rolname::text from pg_roles where rolname like 'leadsail%' order by 1")
        assert names == OURS

    async def test_once_done_they_need_no_right_at_all(self, server: EmbeddedPostgres) -> None:
        await execute(server.url("leadsail_app"), *ROLE_STATEMENTS)

    async def test_a_role_that_sees_everything_is_refused(self, own_data_dir: Path, a_server: StartsServer) -> None:
        """A role made by hand with too much power would void row-level security without a sound."""
        server = await a_server(own_data_dir)
        admin = server.url("postgres")
        await execute(admin, "alter role leadsail_app bypassrls")

        with pytest.raises(asyncpg.RaiseError, match="leadsail_app is a superuser or bypasses row-level security"):
            await execute(admin, *ROLE_STATEMENTS)
