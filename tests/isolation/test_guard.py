"""Row-level security at work: what the application sees, and what it can do, in another tenant's rows."""

import asyncpg
import pytest

from leadsail.entrypoints.wiring import Platform
from leadsail.foundation.database import Work
from tests.conftest import TestTenant
from tests.isolation.catalogue import DEFINERS, Connection, tenant_tables
from tests.isolation.world import CANARY, SECOND_NUMBER, World

# Each as the reader's functions are called; $1 is a tenant, $2 an id that the furnished tenant has.
READS = {
    "read_lead": ("select * from read_lead($1, $2)", "/leads/{leadId}"),
    "list_leads": (
        "select * from list_leads($1, null, null, null, null, null, null, null, null, null, 100) where lead_id = $2",
        "/leads/{leadId}",
    ),
    "people_of": (
        (
            f"select number from people_of($1, array['{SECOND_NUMBER}']) p, unnest(p.numbers) as number"  # noqa: S608 - a constant
            f" where number <> '{SECOND_NUMBER}' and $2 <> ''"
        ),
        "/leads/{leadId}",
    ),
    "read_interaction": ("select * from read_interaction($1, $2)", "/interactions/{interactionId}"),
    "interaction_state": ("select * from interaction_state($1, $2)", "/interactions/{interactionId}"),
    "read_open_interaction": ("select * from read_open_interaction($1, $2)", "/interactions/{interactionId}"),
    "list_interactions": (
        "select * from list_interactions($1, $2, null, null, null, null, null, null, null, null, null, 100)",
        "/leads/{leadId}",
    ),
    "read_interaction_events": ("select * from read_interaction_events($1, $2, 0)", "/interactions/{interactionId}"),
}


@pytest.fixture
async def tables(owner: Connection) -> list[str]:
    return await tenant_tables(owner)


class TestTheOwner:
    async def test_sees_every_tenants_rows(self, owner: Connection, world: World, tables: list[str]) -> None:
        counts = {table: await _count(owner, table, world.tenant.tenant_id) for table in tables}

        assert [table for table, count in counts.items() if not count] == []

    async def test_can_fill_in_old_rows(self, owner: Connection, world: World, tables: list[str]) -> None:
        """FORCE binds the owner too; without a policy of its own a backfill would silently do nothing."""
        touch = "update {} set tenant_id = tenant_id where tenant_id = $1"
        changed = {table: await owner.execute(touch.format(table), world.tenant.tenant_id) for table in tables}

        assert [table for table, tag in changed.items() if tag == "UPDATE 0"] == []


class TestTheApplication:
    @pytest.mark.usefixtures("world")
    async def test_sees_nothing_before_it_names_a_tenant(self, platform: Platform, tables: list[str]) -> None:
        seen = {table: await platform.database.fetchval(f"select count(*) from {table}") for table in tables}  # noqa: S608 - the catalogue's own names

        assert [table for table, count in seen.items() if count] == []

    async def test_sees_nothing_of_another_tenant(
        self, platform: Platform, tables: list[str], world: World, stranger: TestTenant
    ) -> None:
        async with platform.database.work(stranger.tenant_id, "test") as work:
            seen = {table: await _count(work, table, world.tenant.tenant_id) for table in tables}

        assert [table for table, count in seen.items() if count] == []

    async def test_changes_nothing_of_another_tenant(
        self, platform: Platform, tables: list[str], world: World, stranger: TestTenant
    ) -> None:
        changed = []
        async with platform.database.work(stranger.tenant_id, "test") as work:
            for table in tables:
                for statement in (f"update {table} set tenant_id = tenant_id", f"delete from {table}"):  # noqa: S608 - the catalogue's own names
                    try:
                        async with work.savepoint():
                            changed.append(
                                await work.execute(f"{statement} where tenant_id = $1", world.tenant.tenant_id)
                            )
                    except asyncpg.InsufficientPrivilegeError as error:
                        assert "permission denied" in str(error)  # noqa: PT017 - some tables are only ever added to

        assert set(changed) == {"UPDATE 0", "DELETE 0"}

    async def test_can_plant_nothing_in_another_tenant(
        self, platform: Platform, tables: list[str], world: World, stranger: TestTenant
    ) -> None:
        """The policy is checked before any constraint is, so even nonsense is refused for the right reason."""
        async with platform.database.work(stranger.tenant_id, "test") as work:
            for table in tables:
                with pytest.raises(asyncpg.InsufficientPrivilegeError, match="row-level security"):
                    async with work.savepoint():
                        await work.execute(f"insert into {table} (tenant_id) values ($1)", world.tenant.tenant_id)  # noqa: S608 - the catalogue's own names

    async def test_can_move_no_row_to_another_tenant(
        self, platform: Platform, world: World, stranger: TestTenant
    ) -> None:
        with pytest.raises(asyncpg.InsufficientPrivilegeError, match="row-level security"):
            async with platform.database.work(stranger.tenant_id, "test") as work:
                await work.execute("update api_key set tenant_id = $1", world.tenant.tenant_id)

    async def test_cannot_take_another_role(self, platform: Platform) -> None:
        for role in ("leadsail_owner", "leadsail_reader", "leadsail_system", "postgres"):
            with pytest.raises(asyncpg.InsufficientPrivilegeError):
                await platform.database.fetch(f"set role {role}")

    async def test_cannot_switch_the_guard_off(self, platform: Platform) -> None:
        with pytest.raises(asyncpg.InsufficientPrivilegeError):
            await platform.database.fetch("alter table lead disable row level security")
        with pytest.raises(asyncpg.InsufficientPrivilegeError):
            await platform.database.fetch("truncate lead cascade")


class TestTheReadersFunctions:
    def test_are_all_tried_here(self) -> None:
        assert READS.keys() == DEFINERS["leadsail_reader"]

    @pytest.mark.parametrize("function", sorted(READS))
    async def test_answer_the_tenant_that_is_named_alone(
        self, platform: Platform, function: str, world: World, stranger: TestTenant
    ) -> None:
        query, of = READS[function]

        theirs = await _rows(platform, query, world.tenant.tenant_id, world.ids[of])
        ours = await _rows(platform, query, stranger.tenant_id, world.ids[of])

        assert theirs
        assert ours == []

    async def test_show_the_canary_to_its_owner(self, platform: Platform, world: World) -> None:
        """Else the test above would prove nothing."""
        query, of = READS["read_open_interaction"]

        [row] = await _rows(platform, query, world.tenant.tenant_id, world.ids[of])

        assert CANARY in row


async def _count(connection: "Connection | Work", table: str, tenant_id: str) -> int:
    count: int = await connection.fetchval(f"select count(*) from {table} where tenant_id = $1", tenant_id)  # noqa: S608 - the catalogue's own names
    return count


async def _rows(platform: Platform, query: str, tenant_id: str, record_id: str) -> list[str]:
    rows = await platform.database.fetch(f"select found::text from ({query}) as found", tenant_id, record_id)  # noqa: S608 - one of READS
    return [row["found"] for row in rows]
