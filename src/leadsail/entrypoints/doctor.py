"""The examination behind `leadsail doctor`: each check looks at one thing and says what it found, and what helps.

Nothing is started or changed, so it can be run whether the platform is up or not.
"""

import os
import platform as machine
import shutil
import socket
import stat
import sys
from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import Enum
from pathlib import Path
from urllib.parse import urlsplit

import asyncpg

from leadsail import __version__
from leadsail.entrypoints.database_address import DatabaseAddress, database_address
from leadsail.entrypoints.installation import Installation, inspect, master_key_file, master_key_for
from leadsail.entrypoints.listening import status_of
from leadsail.features.contact_gate.service.rule_books import RuleBooks
from leadsail.foundation.clock import SystemClock
from leadsail.foundation.embedded_postgres import EmbeddedPostgres, EmbeddedPostgresError
from leadsail.foundation.embedded_postgres.accounts import first_closed_folder, server_account
from leadsail.foundation.encryption import MasterKeyError
from leadsail.foundation.job_queue.pgqueuer_queue import PgQueuerQueue
from leadsail.foundation.job_queue.pgqueuer_version import SCHEMA_VERSION
from leadsail.foundation.settings import Settings
from leadsail.migrations.newest import NEWEST

_LEAST_DISK = 1_000_000_000
_MOST_DRIFT_SECONDS = 2.0
_MOST_UNSEALED_SECONDS = 60
_TESTED = ("x86_64", "aarch64")
_LOOPBACK = ("127.0.0.1", "::1", "localhost")


class Level(Enum):
    """How much a finding matters."""

    GOOD = "good"
    NOTE = "note"
    WRONG = "wrong"


@dataclass(frozen=True, slots=True)
class Finding:
    """What was found, and what to do about it where something is wrong."""

    level: Level
    what: str
    remedy: str = ""


Check = Callable[[Settings], Awaitable[Finding]]


async def examine(settings: Settings) -> AsyncIterator[Finding]:
    """Every finding, in the order in which one would look."""
    for check in (_versions, _programs, _folder, _disk, _rules, _port, _exposure, _public_address):
        yield await check(settings)
    async for finding in _database(settings):
        yield finding


def _good(what: str) -> Finding:
    return Finding(Level.GOOD, what)


def _note(what: str, remedy: str = "") -> Finding:
    return Finding(Level.NOTE, what, remedy)


def _wrong(what: str, remedy: str) -> Finding:
    return Finding(Level.WRONG, what, remedy)


async def _versions(_: Settings) -> Finding:
    what = f"LeadSail {__version__}, Python {machine.python_version()}, {machine.system()} {machine.machine()}"
    if sys.platform != "linux" or machine.machine() not in _TESTED:
        return _note(what, "This system is untested; Linux on x86-64 and arm64 is what LeadSail is made for.")
    return _good(what)


async def _programs(settings: Settings) -> Finding:
    if settings.database_url is not None:
        return _note("PostgreSQL is a server of your own, not the embedded one")
    try:
        return _good(f"the programs of PostgreSQL {EmbeddedPostgres(settings.data_dir).version} can be run")
    except EmbeddedPostgresError as error:
        return _wrong("PostgreSQL's programs cannot be run", str(error))


async def _folder(settings: Settings) -> Finding:
    folder = settings.data_dir
    if not folder.exists():
        return _note(f"the data folder {folder} is not there yet", "leadsail up makes it")
    if not os.access(folder, os.R_OK | os.W_OK | os.X_OK):
        return _wrong(
            f"the data folder {folder} cannot be written",
            f"run as its owner (uid {folder.stat().st_uid}), or hand it over: chown -R {os.geteuid()} {folder}",
        )
    if settings.database_url is None and EmbeddedPostgres(folder).cluster.exists():
        account = server_account()
        if closed := first_closed_folder(folder, account):
            return _wrong(f"PostgreSQL's account {account.name} cannot enter {closed}", f"chmod o+x {closed}")
    return _exposed_files(folder) or _good(f"the data folder {folder} is ours")


def _exposed_files(folder: Path) -> Finding | None:
    for name in ("master.key", "demo.json"):
        path = folder / name
        if path.exists() and stat.S_IMODE(path.stat().st_mode) & 0o077:
            return _wrong(f"{path} can be read by other accounts", f"chmod 600 {path}")
    return None


async def _disk(settings: Settings) -> Finding:
    place = next(path for path in (settings.data_dir, *settings.data_dir.parents) if path.exists())
    free = shutil.disk_usage(place).free
    what = f"{free / 1e9:,.1f} GB of disk are free at {place}"
    if free < _LEAST_DISK:
        return _wrong(what, "make room: PostgreSQL stops when the disk is full, and nothing can be stored")
    return _good(what)


async def _rules(settings: Settings) -> Finding:
    books = RuleBooks(settings.rules_dir)
    if problems := books.problems():
        return _wrong(
            f"nobody is called or texted, because the rule book cannot be used: {problems[0]}", "leadsail rules check"
        )
    what = f"the rule book holds {len(books.rules())} rules"
    if stale := books.warnings(SystemClock().now()):
        return _note(
            f"{what}, and nobody has checked {len(stale)} of them for 90 days", "leadsail rules check names them"
        )
    if unverified := sum(not rule.verified for rule in books.rules()):
        return _note(f"{what}; {unverified} of them are not verified", "leadsail rules show tells which")
    return _good(what)


async def _port(settings: Settings) -> Finding:
    where = f"{settings.host}:{settings.port}"
    tls = settings.tls_cert is not None
    status = await status_of(settings.host, settings.port, "/readyz", tls=tls)
    if status == 200:
        return _good(f"LeadSail is up and ready at {where}")
    if status == 503:
        return _wrong(
            f"LeadSail is up at {where} but not ready", f"see the database below and {settings.data_dir}/logs"
        )
    if status is not None or not _is_free(settings):
        return _wrong(f"another program holds {where}", "stop it (`ss -ltnp` shows it) or choose another --port")
    return _note(f"LeadSail is not running, {where} is free", "start it with: leadsail up")


def _is_free(settings: Settings) -> bool:
    family = socket.AF_INET6 if ":" in settings.host else socket.AF_INET
    try:
        socket.create_server((settings.host, settings.port), family=family).close()
    except OSError:
        return False
    return True


async def _exposure(settings: Settings) -> Finding:
    public = urlsplit(settings.public_url or "")
    if settings.host in _LOOPBACK and not settings.public_url:
        return _note("only this machine can reach the API", "to open it: --host 0.0.0.0, TLS or a proxy, --public-url")
    if settings.tls_cert is None and public.scheme != "https":
        return _wrong(
            "API keys travel in the clear",
            "give --tls-cert and --tls-key, or a proxy with TLS and its https address as --public-url",
        )
    return _good("API keys travel encrypted")


async def _public_address(settings: Settings) -> Finding:
    if not settings.public_url:
        return _note("no public address is set", "webhooks and recordings need one: --public-url https://…")
    parts = urlsplit(settings.public_url)
    if parts.scheme not in ("http", "https") or not parts.hostname:
        return _wrong(f"{settings.public_url} is no address", "write it as https://leads.example.com")
    tls = parts.scheme == "https"
    port = parts.port or (443 if tls else 80)
    status = await status_of(parts.hostname, port, f"{parts.path.rstrip('/')}/healthz", tls=tls, verified=True)
    if status == 200:
        return _good(f"{settings.public_url} leads here")
    answer = f"answers {status}" if status else "does not answer"
    return _wrong(
        f"{settings.public_url} {answer}",
        "check its DNS name, certificate and proxy; some networks cannot reach their own public address from inside",
    )


async def _database(settings: Settings) -> AsyncIterator[Finding]:
    address = database_address(settings)
    try:
        installed = await inspect(address.app)
    except (OSError, TimeoutError, asyncpg.PostgresError, asyncpg.InterfaceError) as error:
        yield _unreachable(settings, error)
        yield await _key(settings, None)
        return
    yield _schema(installed)
    yield await _key(settings, installed)
    async for finding in _living(address, installed):
        yield finding


def _unreachable(settings: Settings, error: Exception) -> Finding:
    if settings.database_url is not None:
        return _wrong(
            f"the database does not answer ({type(error).__name__}: {error})",
            "start that server, or mend the address in --database-url",
        )
    if not EmbeddedPostgres(settings.data_dir).cluster.exists():
        return _note("there is no database yet", "leadsail up makes it")
    return _note("the database is not running", "leadsail up starts it; with it up, leadsail doctor sees more")


def _schema(installed: Installation) -> Finding:
    if installed.schema is None:
        return _wrong("the database is empty", "leadsail db migrate, or leadsail up, sets it up")
    if (installed.schema, installed.queue) != (NEWEST, SCHEMA_VERSION):
        return _wrong(
            f"the database is at schema {installed.schema} with {installed.queue}, not {NEWEST} with {SCHEMA_VERSION}",
            "run: leadsail db migrate (with the newest release that was ever used on it)",
        )
    return _good(f"the database answers, schema {installed.schema}, queue {installed.queue}")


async def _key(settings: Settings, installed: Installation | None) -> Finding:
    path = master_key_file(settings)
    if settings.master_key is None and not path.exists() and (installed is None or installed.key_check is None):
        return _note("there is no master key yet", "the first start makes one; keep a copy of it apart from backups")
    place = "LEADSAIL_MASTER_KEY" if settings.master_key else str(path)
    # Without the database only the key itself can be judged; none is made here, since there is one.
    try:
        master_key_for(settings, installed or Installation())
    except MasterKeyError as error:
        return _wrong(f"the master key in {place} cannot be used", str(error))
    return _good(f"the master key in {place} {'fits the database' if installed else 'can be read'}")


async def _living(address: DatabaseAddress, installed: Installation) -> AsyncIterator[Finding]:
    """What only a running database of this release can tell."""
    session = {"role": address.app.role} if address.app.role else {}
    connection = await asyncpg.connect(address.app.url, timeout=10, server_settings=session)
    try:
        yield await _clock(connection)
        if installed.is_current:
            yield await _jobs(connection)
            yield await _holds(connection)
            yield await _seals(connection)
    finally:
        await connection.close()


async def _clock(connection: "asyncpg.Connection[asyncpg.Record]") -> Finding:
    theirs: datetime = await connection.fetchval("select clock_timestamp()")
    drift = abs((theirs.astimezone(UTC) - SystemClock().now()).total_seconds())
    if drift > _MOST_DRIFT_SECONDS:
        return _wrong(f"this machine's clock is {drift:.1f} s off the database's", "set up time synchronisation (NTP)")
    return _good("this machine's clock agrees with the database's")


async def _jobs(connection: "asyncpg.Connection[asyncpg.Record]") -> Finding:
    stats = await PgQueuerQueue().stats(connection)
    if stats.held:
        names = ", ".join(f"{one.held} x {one.name}" for one in stats.names if one.held)
        return _wrong(f"jobs were given up: {names}", "see the worker's log for why; the records they are about wait")
    if stats.oldest_due_seconds > 60:
        return _wrong(f"the oldest job is {stats.oldest_due_seconds:,.0f} s late", "start a worker, or more of them")
    return _good("no job is held or late")


async def _holds(connection: "asyncpg.Connection[asyncpg.Record]") -> Finding:
    held = await connection.fetch("select code, reason from leadsail.platform_hold where lifted_at is null")
    reasons = "; ".join(row["reason"] for row in held)
    if any(row["code"] != "operator" for row in held):
        return _wrong(f"nobody is called or texted: {reasons}", "see docs/operating.md, after a restore")
    if held:
        return _note(f"nobody is called or texted: {reasons}", "leadsail release --platform --reason … ends it")
    return _good("the platform is not on hold")


async def _seals(connection: "asyncpg.Connection[asyncpg.Record]") -> Finding:
    row = await connection.fetchrow(
        "select count(*) as count, extract(epoch from clock_timestamp() - min(created_at)) as age"
        " from leadsail.decisions_unsealed() where not slipped_in"
    )
    count, age = (row["count"], float(row["age"] or 0)) if row else (0, 0.0)
    if age > _MOST_UNSEALED_SECONDS:
        return _wrong(
            f"{count:,} decisions wait to be sealed, the oldest for {age:,.0f} s",
            "start a worker; if one runs, its log says what keeps it from the journal",
        )
    return _good("decisions are sealed as they are made")
