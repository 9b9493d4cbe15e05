"""Installations of a test's own: a database with its journal, which may be tampered with, backed up and put back."""

import secrets
from collections.abc import Awaitable, Callable
from dataclasses import dataclass

import asyncpg

from leadsail.entrypoints.wiring import Platform, wire
from leadsail.features.contact_gate.repository.decisions import SealRepository
from leadsail.features.contact_gate.service.audit import AuditService
from leadsail.features.contact_gate.service.holds import HoldService
from leadsail.features.contact_gate.service.memory import MemoryService, ProviderHistory, Witnesses
from leadsail.features.contact_gate.service.requests import Judgement
from leadsail.features.contact_gate.service.verification import VerificationService, Verified
from leadsail.features.do_not_call.models import OptOut
from leadsail.features.do_not_call.service import DoNotCallService
from leadsail.foundation.clock import SystemClock
from leadsail.foundation.database import Database
from leadsail.foundation.embedded_postgres import EmbeddedPostgres
from leadsail.foundation.embedded_postgres.roles import database_privileges
from leadsail.foundation.encryption import KeyedHash, MasterKey
from leadsail.foundation.job_queue.pgqueuer_queue import PgQueuerQueue
from leadsail.providers.journal import FileJournal

TENANT = "org_own"
"""The one organisation of such an installation."""

_TABLES = (
    "contact_decision", "contact_attempt", "decision_seal", "contact_hold", "platform_hold", "do_not_call",
    "do_not_call_event", "erasure", "journal_link",
)  # fmt: skip
"""What a test changes; each after those that it refers to."""
_COPY, _PUT, _CLEAR = (
    "create table backup.{0} as table leadsail.{0}",
    "insert into {0} select * from backup.{0}",
    "delete from {0}",
)
_CLEARED = [_CLEAR.format(table) for table in reversed(_TABLES)]


@dataclass
class Installation:
    """A database with its journal, and the services that keep the two together."""

    name: str
    database: Database
    owner_url: str
    journal: FileJournal
    key: MasterKey
    histories: tuple[ProviderHistory, ...] = ()
    machine: str = "here"

    @property
    def clock(self) -> SystemClock:
        """This machine's."""
        return SystemClock()

    @property
    def holds(self) -> HoldService:
        """The emergency stop."""
        return HoldService(self.database, self.clock)

    @property
    def audit(self) -> AuditService:
        """The keeper of decisions."""
        return AuditService(self.clock, KeyedHash(self.key), "The rule {}".format, phone_purpose="contact-phone")

    @property
    def memory(self) -> MemoryService:
        """The comparison with the journal, as of a process that has just started."""
        witnesses = Witnesses(self.journal, self.do_not_call, self.histories)
        return MemoryService(self.database, self.clock, self.holds, witnesses, machine=self.machine)

    @property
    def platform(self) -> Platform:
        """Everything, wired as in production."""
        queue = PgQueuerQueue()
        return wire(database=self.database, queue=queue, clock=self.clock, master_key=self.key, journal=self.journal)

    @property
    def do_not_call(self) -> DoNotCallService:
        """The list of those who asked to be left alone."""
        return self.platform.service(DoNotCallService)

    @property
    def seals(self) -> SealRepository:
        """The chain."""
        return SealRepository(self.database)

    async def keep(self, *judgements: Judgement) -> list[str]:
        """Commit decisions; answers their ids."""
        async with self.database.work(TENANT, "test") as work:
            return await self.audit.append(work, [self.audit.entry(None, "plan", one) for one in judgements])

    async def opt_out(self, phone: str) -> None:
        """A number asks by text to be left alone."""
        async with self.database.work(TENANT, "test") as work:
            await self.do_not_call.opt_out(work, OptOut(phone, "sms", "sms", {"words": "STOP"}))

    async def suppressed(self, phone: str) -> bool:
        """Whether a number is on the list."""
        async with self.database.work(TENANT, "test") as work:
            return (await self.do_not_call.facts(work, [phone]))[phone].entry is not None

    async def verify(self) -> Verified:
        """Everything recomputed."""
        service = VerificationService(self.database, self.clock, KeyedHash(self.key), self.journal)
        return await service.verify([TENANT], lambda _: None)

    async def tamper(self, statement: str, *args: object) -> None:
        """Change the database as only somebody with the owner's rights could."""
        connection = await asyncpg.connect(self.owner_url, server_settings={"search_path": "leadsail"})
        try:
            await connection.execute(statement, *args)
        finally:
            await connection.close()

    async def back_up(self) -> None:
        """Remember all of the database as it is now; the journal is not part of a backup."""
        await self.tamper(
            ";".join(["drop schema if exists backup cascade", "create schema backup", *map(_COPY.format, _TABLES)])
        )

    async def put_back(self) -> None:
        """Make the database what it was when it was backed up."""
        await self.tamper(";".join([*_CLEARED, *map(_PUT.format, _TABLES)]))

    async def clear(self) -> None:
        """Make the database what it was when it was new."""
        await self.tamper(";".join([*_CLEARED, "insert into journal_link default values"]))

    async def held(self) -> list[str | None]:
        """Why the whole installation is held."""
        return [hold.code for hold in await self.holds.on_platform()]


NewInstallation = Callable[..., Awaitable[Installation]]


async def copied_database(server: EmbeddedPostgres, pattern: str) -> str:
    """A new database like `pattern`. It is never dropped, which would take seconds; it goes with the run's server."""
    name = f"own_{secrets.token_hex(4)}"
    statement = f"create database {name} template {pattern} owner leadsail_owner"
    await as_superuser(server, statement, *database_privileges(name))
    return name


async def as_superuser(server: EmbeddedPostgres, *statements: str) -> None:
    """What only PostgreSQL's own account may do."""
    connection = await asyncpg.connect(server.url("postgres", "postgres"))
    try:
        for statement in statements:
            await connection.execute(statement)
    finally:
        await connection.close()
