"""Copies of the database: made while it runs, put back whole or not at all, both as the owner, who is no superuser.

The owner meets two obstacles that a superuser never sees. Row-level security hides rows from a dump unless it is told
to pass through the policies. And once a function has been handed to another role, the owner may neither say who runs
it nor use it in a trigger: so everything is put back as the owner's, and handed over at the end, as migrations do.
"""

import asyncio
import os
import re
import shutil
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import unquote, urlsplit, urlunsplit

import asyncpg

from leadsail.entrypoints.database_address import Login
from leadsail.entrypoints.refusals import Refusal
from leadsail.foundation.embedded_postgres.binaries import find_installation
from leadsail.foundation.embedded_postgres.children import run
from leadsail.foundation.embedded_postgres.roles import APP, OWNER, READER, SYSTEM
from leadsail.foundation.ids import new_id
from leadsail.migrations.newest import NEWEST

Say = Callable[[str], None]

_SCHEMAS = ("leadsail", "queue")
_SAY_EVERY_SECONDS = 2.0
_PROLOGUE = f"""
set role {OWNER};
set client_min_messages = warning;
drop schema if exists queue cascade;
drop schema if exists leadsail cascade;
create schema leadsail;
alter default privileges for role {OWNER} revoke execute on functions from public;
grant usage on schema leadsail to {APP}, {READER}, {SYSTEM};
grant create on schema leadsail to {READER}, {SYSTEM};
"""
# What was put back has forgotten what came after it was copied: it is held in the same moment.
_HELD = """
do $$
begin
    if to_regclass('leadsail.platform_hold') is not null then
        insert into leadsail.platform_hold (hold_id, code, reason, placed_by, placed_at)
            values (
                '{hold_id}', 'restored_backup',
                'A backup was put back; run leadsail journal replay, which applies the opt-outs that it has forgotten'
                ' and then lets contacts go on', 'cli', clock_timestamp()
            )
            on conflict do nothing;
    end if;
end $$;
"""
# A line of the table of contents: number, two ids, what it is, where and of what name, whose.
_OUR_SCHEMA = re.compile(r"^\d+; \d+ \d+ SCHEMA - leadsail ")
_HANDED_OVER = re.compile(rf"^\d+; \d+ \d+ FUNCTION (\w+) (.+\)) ({READER}|{SYSTEM})$", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class Contents:
    """What a copy says of itself; None where it is no copy of ours."""

    schema: str | None
    key_check: str | None


class Copies:
    """Makes and puts back copies of the database where `owner` leads, with PostgreSQL's own programs."""

    def __init__(self, owner: Login, say: Say, *, programs: Path | None = None) -> None:
        self._owner = owner
        self._say = say
        self._programs = programs or find_installation().folder
        self._address, self._environment = _without_password(owner.url)

    async def make(self, target: Path) -> int:
        """Write a copy to `target`, whole or not at all; answers its size in bytes. Raises `Refusal`."""
        draft = target.with_name(f".{target.name}.partial")
        try:
            draft.touch(mode=0o600)
            role = [f"--role={self._owner.role}"] if self._owner.role else []
            extensions = [f"--extension={name}" for name in await self._extensions()]
            schemas = [f"--schema={name}" for name in _SCHEMAS]
            await self._run(
                ["pg_dump", "--format=custom", "--enable-row-security", *role, *schemas, *extensions,
                 f"--file={draft}", f"--dbname={self._address}"],
                progress=lambda: f"{draft.stat().st_size / 1e6:,.1f} MB written",
            )  # fmt: skip
            await asyncio.to_thread(_make_durable, draft)
            size = draft.stat().st_size
            draft.replace(target)
        finally:
            draft.unlink(missing_ok=True)
        return size

    async def look_into(self, copy: Path) -> Contents:
        """Which schema a copy has and which master key it belongs to. Raises `Refusal` when it cannot be read."""
        text = await self._run(
            ["pg_restore", "--data-only", "--schema=leadsail", "--table=schema_version", "--table=installation",
             "--file=-", str(copy)],
        )  # fmt: skip
        schema = _copied(text, "schema_version", "version_num")
        if schema is None:
            raise Refusal(f"{copy} is no copy of a LeadSail database; name a file that leadsail db backup wrote.")
        return Contents(schema, _copied(text, "installation", "master_key_check"))

    async def put_back(self, copy: Path) -> None:
        """Replace everything in the database by the copy, in one transaction. Raises `Refusal`."""
        contents = await self._run(["pg_restore", "--list", str(copy)])
        psql = await self._start(
            ["psql", "--no-psqlrc", "--quiet", "--single-transaction", "--set=ON_ERROR_STOP=1", "--output=/dev/null",
             f"--dbname={self._address}"],
            stdin=asyncio.subprocess.PIPE,
        )  # fmt: skip
        feeding = asyncio.create_task(self._feed(psql, copy, contents))
        complaint = (await psql.stderr.read()).decode(errors="replace") if psql.stderr else ""
        status = await psql.wait()
        fault = (await asyncio.gather(feeding, return_exceptions=True))[0]
        if status != 0 or fault is not None:
            raise Refusal(f"The copy could not be put back, and nothing was changed: {_last(complaint) or fault}")

    async def _feed(self, psql: asyncio.subprocess.Process, copy: Path, contents: str) -> None:
        """Write the whole script; where it breaks off, psql is killed, so that nothing is committed."""
        if psql.stdin is None:
            return
        try:
            psql.stdin.write(_PROLOGUE.encode())
            await self._pour(psql.stdin, copy, contents)
            for schema, function, role in _HANDED_OVER.findall(contents):
                psql.stdin.write(f"alter function {schema}.{function} owner to {role};\n".encode())
            psql.stdin.write(_HELD.format(hold_id=new_id("hold")).encode())
        except BaseException:
            psql.kill()
            raise
        finally:
            psql.stdin.close()

    async def _pour(self, into: asyncio.StreamWriter, copy: Path, contents: str) -> None:
        """All of the copy as SQL, but the schema that the prologue has made."""
        reading, writing = os.pipe()
        process = await self._start(
            ["pg_restore", "--no-owner", f"--use-list=/dev/fd/{reading}", "--file=-", str(copy)], files=[reading]
        )
        os.close(reading)
        with os.fdopen(writing, "w") as chosen:
            lines = [line for line in contents.splitlines() if not _OUR_SCHEMA.match(line)]
            await asyncio.to_thread(chosen.write, "\n".join([*lines, ""]))
        if process.stdout is not None:
            while chunk := await process.stdout.read(1 << 20):
                into.write(chunk)
                await into.drain()
        if await process.wait() != 0:
            said = (await process.stderr.read()).decode(errors="replace") if process.stderr else ""
            raise Refusal(f"{copy} cannot be read to its end ({_last(said)}); use another copy.")

    async def _extensions(self) -> list[str]:
        connection = await asyncpg.connect(self._owner.url, timeout=10)
        try:
            rows = await connection.fetch(
                "select extname from pg_extension join pg_namespace n on n.oid = extnamespace where nspname = $1",
                _SCHEMAS[0],
            )
            return [row["extname"] for row in rows]
        finally:
            await connection.close()

    async def _run(self, command: list[str], progress: Callable[[], str] | None = None) -> str:
        process = await self._start(command)
        talking = asyncio.create_task(process.communicate())
        while not (await asyncio.wait([talking], timeout=_SAY_EVERY_SECONDS))[0]:
            if progress:
                self._say(progress())
        output, complaint = talking.result()
        if process.returncode != 0:
            raise Refusal(f"{command[0]} failed: {_last(complaint.decode(errors='replace'))}")
        return output.decode(errors="replace")

    async def _start(
        self, command: list[str], *, stdin: int = asyncio.subprocess.DEVNULL, files: Sequence[int] = ()
    ) -> asyncio.subprocess.Process:
        return await asyncio.create_subprocess_exec(
            self._programs / command[0], *command[1:], env=self._environment, pass_fds=files,
            stdin=stdin, stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.PIPE,
        )  # fmt: skip


async def refuse_unless_restorable(owner: Login, contents: Contents, *, replace: bool) -> None:
    """Raise `Refusal` where a copy must not be put back: it is too new, somebody is at work, or data would be lost."""
    if contents.schema is not None and contents.schema > NEWEST:
        raise Refusal(
            f"This copy has schema {contents.schema} and this release knows {NEWEST}; install the release that made"
            " it, or a newer one, and try again."
        )
    connection = await asyncpg.connect(owner.url, timeout=10)
    try:
        if owner.role:
            await connection.execute(f"set role {owner.role}")
        if await connection.fetchval(
            "select count(*) from pg_stat_activity"
            " where datname = current_database() and application_name like 'leadsail%'"
        ):
            raise Refusal("LeadSail is at work in this database; stop it first (leadsail up, api and worker).")
        if not replace and await _has_tenants(connection):
            raise Refusal("This database is not empty; with --replace all that is in it is given up for the copy.")
    finally:
        await connection.close()


async def _has_tenants(connection: "asyncpg.Connection[asyncpg.Record]") -> bool:
    if not await connection.fetchval(
        "select exists (select from pg_tables where schemaname = 'leadsail' and tablename = 'tenant')"
    ):
        return False
    return bool(await connection.fetchval("select exists (select from leadsail.tenant)"))


def programs_for(*, embedded: bool) -> Path:
    """The folder of `pg_dump`: ours, or for another server the machine's where it is as new, since it may know TLS."""
    ours = find_installation()
    found = None if embedded else shutil.which("pg_dump")
    if found and (version := re.search(r"\(PostgreSQL\) (\d+)", run([found, "--version"]))):
        return Path(found).parent if int(version[1]) >= ours.major else ours.folder
    return ours.folder


def _without_password(url: str) -> tuple[str, dict[str, str]]:
    """The address for a command line, which everybody may read, and an environment that holds the password."""
    parts = urlsplit(url)
    environment = dict(os.environ)
    if parts.password is not None:
        environment["PGPASSWORD"] = unquote(parts.password)
        user, _, host = parts.netloc.rpartition("@")
        parts = parts._replace(netloc=f"{user.partition(':')[0]}@{host}")
    return urlunsplit(parts), environment


def _copied(script: str, table: str, column: str) -> str | None:
    """One value of a table of one row, out of the COPY block of a script."""
    block = re.search(rf"^COPY leadsail\.{table} \(([^)]*)\) FROM stdin;\n(.*)$", script, re.MULTILINE)
    if block is None or block[2] == "\\.":
        return None
    row = dict(zip(block[1].split(", "), block[2].split("\t"), strict=True))
    return row.get(column)


def _make_durable(path: Path) -> None:
    for what in (path, path.parent):
        handle = os.open(what, os.O_RDONLY)
        try:
            with suppress(OSError):  # some file systems do not sync folders
                os.fsync(handle)
        finally:
            os.close(handle)


def _last(text: str) -> str:
    return " ".join(text.split("\n")[-4:]).strip()
