"""`leadsail db backup` and `restore`: nothing is lost on the way, and nothing is lost by mistake."""

import asyncio
import stat
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import asyncpg
import pytest

from leadsail.foundation.embedded_postgres import EmbeddedPostgres
from tests.entrypoints.commands.running import Up, removed, run
from tests.run_folder import new_folder

_CATALOGUE = """
select 'function', p.oid::regprocedure::text, r.rolname, p.proacl::text, p.prosecdef::text
from pg_proc p join pg_roles r on r.oid = proowner
where pronamespace in ('leadsail'::regnamespace, 'queue'::regnamespace)
    and not exists (select from pg_depend where objid = p.oid and deptype = 'e')
union all
select 'table', c.oid::regclass::text, r.rolname, c.relacl::text, c.relrowsecurity::text || c.relforcerowsecurity::text
from pg_class c join pg_roles r on r.oid = relowner
where relnamespace in ('leadsail'::regnamespace, 'queue'::regnamespace) and relkind in ('r', 'i', 'S', 'v')
union all
select 'policy', polrelid::regclass::text || '.' || polname, polroles::regrole[]::text, polcmd::text,
    pg_get_expr(polqual, polrelid) || coalesce(pg_get_expr(polwithcheck, polrelid), '')
from pg_policy
union all
select 'trigger', tgrelid::regclass::text || '.' || tgname, pg_get_triggerdef(oid), null, null
from pg_trigger where not tgisinternal
union all
select 'schema', nspname, nspowner::regrole::text, nspacl::text, null
from pg_namespace where nspname in ('leadsail', 'queue')
union all
select 'defaults', defaclrole::regrole::text, defaclobjtype::text, defaclacl::text, null from pg_default_acl
union all
select 'extension', extname, extnamespace::regnamespace::text, extowner::regrole::text, null from pg_extension
order by 1, 2
"""
_TABLES = "select schemaname || '.' || tablename from pg_tables where schemaname in ('leadsail', 'queue') order by 1"


async def _all_of(data_dir: Path) -> tuple[Any, Any]:
    """The catalogue and every row of a database whose platform is down."""
    server = EmbeddedPostgres(data_dir)
    await server.start()
    connection = await asyncpg.connect(server.url("leadsail_owner"))
    try:
        catalogue = [tuple(row) for row in await connection.fetch(_CATALOGUE)]
        tables = [row[0] for row in await connection.fetch(_TABLES)]
        rows = {
            table: sorted(row[0] for row in await connection.fetch(f"select t::text from {table} t"))  # noqa: S608
            for table in tables
        }
    finally:
        await connection.close()
        await server.stop()
    return catalogue, rows


@pytest.fixture(scope="session")
def copy(demo_folder: Path, open_folder: Path) -> Iterator[Path]:
    """A copy of the demo's database, made while its platform was down."""
    path = new_folder(open_folder)
    done = run("db", "backup", str(path / "demo.dump"), "--data-dir", str(demo_folder))
    assert done.returncode == 0, done.stderr
    yield path / "demo.dump"
    removed(path)


class TestBackingUp:
    def test_works_while_the_platform_is_up(self, up: Up, folder: Path) -> None:
        file = folder / "now.dump"

        done = run("db", "backup", str(file), "--data-dir", str(up.data_dir))

        assert done.returncode == 0
        assert stat.S_IMODE(file.stat().st_mode) == 0o600
        assert list(folder.iterdir()) == [file]
        assert "keep the master key" in done.stdout

    def test_of_nothing_says_so(self, folder: Path) -> None:
        refused = run("db", "backup", str(folder / "x"), "--data-dir", str(folder / "data"))

        assert refused.returncode == 1
        assert "There is no database in" in refused.stderr


class TestRestoring:
    def test_brings_back_every_row_right_and_policy(self, copy: Path, folder: Path, demo_folder: Path) -> None:
        new = folder / "new"

        done = run("db", "restore", str(copy), "--data-dir", str(new))

        assert done.returncode == 0, done.stderr
        assert "belongs to another master key" in done.stderr
        before, after = asyncio.run(_all_of(demo_folder)), asyncio.run(_all_of(new))
        held, _ = after[1].pop("leadsail.platform_hold"), before[1].pop("leadsail.platform_hold")
        assert after[0] == before[0]
        assert after[1] == before[1]
        assert ["restored_backup" in row for row in held] == [True]
        assert sum(len(rows) for rows in after[1].values()) > 500

    def test_over_data_needs_to_be_told_so(self, copy: Path, data_dir: Path) -> None:
        refused = run("db", "restore", str(copy), "--data-dir", str(data_dir))
        unasked = run("db", "restore", str(copy), "--replace", "--data-dir", str(data_dir))
        told = run("db", "restore", str(copy), "--replace", "--yes", "--data-dir", str(data_dir))

        assert (refused.returncode, unasked.returncode, told.returncode) == (1, 1, 0)
        assert "--replace" in refused.stderr

    def test_under_a_running_platform_is_refused(self, up: Up, copy: Path) -> None:
        refused = run("db", "restore", str(copy), "--replace", "--yes", "--data-dir", str(up.data_dir))

        assert refused.returncode == 1
        assert "stop it first" in refused.stderr

    def test_of_something_else_changes_nothing(self, data_dir: Path) -> None:
        refused = run("db", "restore", __file__, "--replace", "--yes", "--data-dir", str(data_dir))

        assert refused.returncode == 1
        assert "pg_restore failed" in refused.stderr
