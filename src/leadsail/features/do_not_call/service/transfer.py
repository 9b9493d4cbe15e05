"""Whole lists: taking one in line by line, and giving ours out."""

import csv
from collections.abc import AsyncIterator, Iterable
from dataclasses import dataclass, field
from io import StringIO
from itertools import islice
from typing import Any, TypeAlias

import asyncpg

from leadsail.features.do_not_call.models import EntryFilter, FaultyLine, OptOut
from leadsail.features.do_not_call.repository import EntryRepository
from leadsail.features.do_not_call.rules.lines import ListLine, fault, guarded, list_lines
from leadsail.features.do_not_call.schemas import ImportedNumbers, ImportFault, NumbersToImport
from leadsail.features.do_not_call.service.barring import Asking, Barring
from leadsail.features.do_not_call.service.numbers import SecretNumbers, is_number
from leadsail.features.leads.service import LeadService
from leadsail.foundation.clock import Clock
from leadsail.foundation.database import Database, Work
from leadsail.foundation.web.schemas import timestamp

MOST_FAULTS = 1_000
"""How many faulty lines an answer names; all are counted."""

Told: TypeAlias = tuple[int, str, ListLine | str]
"""A line's number, its text and its meaning, which is a message where it has none."""

_AT_ONCE = 500
_COLUMNS = ("entryId", "phone", "phoneHash", "source", "channel", "reason", "liftedFor", "addedBy", "createdAt")


@dataclass(slots=True)
class _Tally:
    received: int = 0
    added: int = 0
    already_listed: int = 0
    faulty: int = 0
    faults: list[FaultyLine] = field(default_factory=list)

    def note(self, line: int, text: str, message: str) -> None:
        self.faulty += 1
        if len(self.faults) < MOST_FAULTS:
            self.faults.append(fault(line, text, message))


class ListTransferService:
    """Imports and exports. They take units of work of their own, so that a long list holds few numbers at a time."""

    def __init__(
        self, database: Database, clock: Clock, leads: LeadService, barring: Barring, numbers: SecretNumbers
    ) -> None:
        self._database = database
        self._clock = clock
        self._leads = leads
        self._barring = barring
        self._numbers = numbers

    async def import_lines(self, tenant_id: str, actor: str, wanted: NumbersToImport) -> ImportedNumbers:
        """Put numbers on the list, the good lines at any rate; a faulty one is told by its place, from 1 on."""
        lines, tally = list_lines(wanted.numbers), _Tally()
        while batch := list(islice(lines, _AT_ONCE)):
            tally.received += len(batch)
            async with self._database.work(tenant_id, actor) as work:
                await self._bar(work, batch, wanted.reason, tally)
        faults = [ImportFault(line=found.line, value=found.value, message=found.message) for found in tally.faults]
        return ImportedNumbers(
            received=tally.received,
            added=tally.added,
            already_listed=tally.already_listed,
            faulty=tally.faulty,
            faults=faults,
        )

    async def export(self, tenant_id: str, actor: str) -> AsyncIterator[str]:
        """The live list as comma-separated lines (RFC 4180), newest first, fit to be imported again.

        No cell is taken for a formula by a spreadsheet. Of an erased person there is the hash alone.
        """
        yield _csv([_COLUMNS])
        after: str | None = None
        while True:
            async with self._database.work(tenant_id, actor) as work:
                rows = await EntryRepository(work).page(EntryFilter(), after, _AT_ONCE)
            if not rows:
                return
            yield _csv(_cells(row) for row in rows)
            after = rows[-1]["entry_id"]

    async def _bar(self, work: Work, batch: Iterable[Told], reason: str | None, tally: _Tally) -> None:
        askings: dict[bytes, Asking] = {}
        for line, text, told in batch:
            asking = told if isinstance(told, str) else await self._asking(work, told, line, reason)
            if isinstance(asking, str):
                tally.note(line, text, asking)
            elif asking.hashes[0] in askings:
                tally.already_listed += 1
            else:
                askings[asking.hashes[0]] = asking
        if askings:
            done = await self._barring.bar(work, list(askings.values()), self._clock.now())
            tally.added += sum(one.is_new for one in done)
            tally.already_listed += sum(not one.is_new for one in done)

    async def _asking(self, work: Work, told: ListLine, line: int, reason: str | None) -> Asking | str:
        phone = await self._leads.number(work, told.phone) if told.phone else ""
        if phone and not is_number(phone):
            return "not a phone number"
        hashes = self._numbers.hashes_of(phone) if phone else (told.phone_hash or b"",)
        return Asking(OptOut(phone, "import", evidence={"line": line}, reason=told.reason or reason), hashes)


def _cells(row: asyncpg.Record) -> list[str]:
    told = {
        "entryId": row["entry_id"],
        "phone": row["phone"],
        "phoneHash": None if row["phone"] else row["phone_hash"].hex(),
        "source": row["source"],
        "channel": row["channel"],
        "reason": row["reason"],
        "liftedFor": " ".join(row["lifted_for"]),
        "addedBy": row["added_by"],
        "createdAt": timestamp(row["created_at"]),
    }
    return [guarded(told[name] or "") for name in _COLUMNS]


def _csv(rows: Iterable[Iterable[Any]]) -> str:
    written = StringIO()
    csv.writer(written, lineterminator="\r\n").writerows(rows)
    return written.getvalue()
