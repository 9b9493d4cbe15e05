"""Puts on the list what the journal holds and the database does not: after a crash, or a copy that was put back."""

from collections.abc import AsyncIterator, Sequence
from itertools import groupby
from typing import Any

from leadsail.features.do_not_call.models import OptOut, Reconciled
from leadsail.features.do_not_call.repository import EntryRepository
from leadsail.features.do_not_call.service.barring import Asking, Barring, event_of
from leadsail.features.do_not_call.service.numbers import SecretNumbers
from leadsail.foundation.database import Database
from leadsail.ports.journal import Entry, Journal

_AT_ONCE = 1_000
_ACTOR = "journal"


class JournalReplay:
    """Holds the journal against the database. It only ever adds: what lifts or removes is not done again.

    An opt-out that the database lost is in force again even where it was lifted or removed later, because it cannot be
    known whether the loss took that along; whoever lifted it can do so again.
    """

    def __init__(self, database: Database, barring: Barring, numbers: SecretNumbers) -> None:
        self._database = database
        self._barring = barring
        self._numbers = numbers

    async def reconcile(self, journal: Journal, *, after: int = 0) -> Reconciled:
        """Add every opt-out after entry `after` that is not known here. Repeating it adds nothing.

        Raises `JournalError`; what was added until then stays.
        """
        read, added, unknown, upto = 0, 0, 0, after
        async for batch in _batches(journal.read(after)):
            read, upto = read + len(batch), batch[-1].position.sequence
            opt_outs = sorted((entry for entry in batch if entry.kind == "opt_out"), key=_tenant)
            for tenant_id, entries in groupby(opt_outs, key=_tenant):
                told = list(entries)
                missing = await self._missing(tenant_id, told)
                unknown += len(told) if missing is None else 0
                for entry in missing or ():
                    added += await self._apply(tenant_id, entry)
        return Reconciled(read, added, unknown, upto)

    async def _missing(self, tenant_id: str, entries: Sequence[Entry]) -> list[Entry] | None:
        """The entries that took no effect; None where the database has no such organisation."""
        async with self._database.work(tenant_id, _ACTOR) as work:
            repository = EntryRepository(work)
            if not await repository.has_tenant():
                return None
            known = await repository.known_lines([entry.position.sequence for entry in entries])
        return [entry for entry in entries if entry.position.sequence not in known]

    async def _apply(self, tenant_id: str, entry: Entry) -> bool:
        """Put one number on the list, unless its own transaction did so while we waited for the number."""
        asking, line = self._asking(tenant_id, entry), entry.position.sequence
        async with self._database.work(tenant_id, _ACTOR) as work:
            await self._barring.hold(work, [asking.opt_out.phone])
            repository = EntryRepository(work)
            if await repository.known_lines([line]):
                return False
            later = await repository.superseding(asking.hashes, line)
            if later is None:
                await self._barring.bar_late(work, asking, line, entry.at)
            else:
                await repository.add_events(
                    [event_of(work, asking, later, "repeated", entry.at) | {"journal_sequence": line}]
                )
        return later is None

    def _asking(self, tenant_id: str, entry: Entry) -> Asking:
        """What the entry says. A number that cannot be decrypted any more is barred by its hash alone."""
        told: dict[str, Any] = dict(entry.payload)
        phone_hash = bytes.fromhex(told["phoneHash"])
        phone = self._numbers.open(tenant_id, told["phone"], phone_hash) if "phone" in told else None
        opt_out = OptOut(
            phone or "",
            told["source"],
            told.get("channel"),
            {"journalEntry": entry.position.sequence},
            told.get("sender"),
            told.get("leadId"),
            told.get("interactionId"),
        )
        return Asking(opt_out, self._numbers.hashes_of(phone) if phone else (phone_hash,))


def _tenant(entry: Entry) -> str:
    return str(entry.payload["tenant"])


async def _batches(entries: AsyncIterator[Entry]) -> AsyncIterator[list[Entry]]:
    batch: list[Entry] = []
    async for entry in entries:
        batch.append(entry)
        if len(batch) == _AT_ONCE:
            yield batch
            batch = []
    if batch:
        yield batch
