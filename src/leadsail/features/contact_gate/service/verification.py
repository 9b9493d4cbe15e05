"""Recomputes every digest and every seal, compares the chain with the journal, and names what is not as it was."""

import hashlib
from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TypeAlias

import asyncpg

from leadsail.features.contact_gate.repository.decisions import DecisionRepository, SealRepository
from leadsail.features.contact_gate.service.digests import is_body, is_whole
from leadsail.features.contact_gate.service.heads import Heads
from leadsail.foundation.clock import Clock
from leadsail.foundation.database import Database
from leadsail.foundation.encryption import KeyedHash
from leadsail.ports.journal import Journal, JournalError

Say: TypeAlias = Callable[[str], None]

_AT_ONCE = 500
_SAY_EVERY_SECONDS = 2.0


@dataclass(slots=True)
class Verified:
    """What a verification has seen; `findings` holds one sentence for each thing that is wrong."""

    decisions: int = 0
    erased: int = 0
    seals: int = 0
    unsealed: int = 0
    unjournaled: int = 0
    findings: list[str] = field(default_factory=list)


class VerificationService:
    """Proves, or disproves, that no decision was changed, taken away or slipped in since it was made."""

    def __init__(self, database: Database, clock: Clock, keyed_hash: KeyedHash, journal: Journal) -> None:
        self._database = database
        self._clock = clock
        self._hash = keyed_hash
        self._journal = journal
        self._seals = SealRepository(database)

    async def verify(self, tenant_ids: Sequence[str], say: Say) -> Verified:
        """Look at everything there is; `say` is told every two seconds how far it is."""
        seen, progress = Verified(), _Progress(self._clock, say)
        for tenant_id in tenant_ids:
            async for row in self._decisions(tenant_id):
                self._weigh(seen, tenant_id, row)
                progress.tell(f"{seen.decisions:,} decisions recomputed")
        heads = await self._chain(seen, progress)
        await self._tail(seen)
        await self._compare(seen, heads)
        return seen

    async def _decisions(self, tenant_id: str) -> AsyncIterator[asyncpg.Record]:
        last = ""
        while True:
            async with self._database.work(tenant_id, "audit") as work:
                rows = await DecisionRepository(work).after(last, _AT_ONCE)
            for row in rows:
                yield row
            if len(rows) < _AT_ONCE:
                return
            last = rows[-1]["decision_id"]

    def _weigh(self, seen: Verified, tenant_id: str, row: asyncpg.Record) -> None:
        """Judge one decision by itself. An erased lead's has no body any more; its columns still prove themselves."""
        seen.decisions += 1
        name = f"{tenant_id}/{row['decision_id']}"
        if not is_whole(self._hash, tenant_id, dict(row), row["digest"]):
            seen.findings.append(f"The decision {name} was changed after it was made: its columns are not as they were")
        if row["body"] is None:
            seen.erased += row["erased"]
            if not row["erased"]:
                seen.findings.append(f"The decision {name} was emptied, although its lead was not erased")
        elif not is_body(self._hash, row["body"], row["body_digest"]):
            seen.findings.append(
                f"The decision {name} was changed after it was made: what it rests on is not as it was"
            )

    async def _chain(self, seen: Verified, progress: "_Progress") -> dict[int, bytes]:
        """Follow the chain from its beginning; answers every head by its number."""
        heads: dict[int, bytes] = {}
        previous, number = b"", 0
        while seals := await self._seals.after(number, _AT_ONCE):
            for seal in seals:
                if seal["number"] != number + 1:
                    seen.findings.append(f"{_seals(number + 1, seal['number'] - 1)} missing from the chain")
                elif head_of(previous, seal["decisions"], seal["digests"]) != seal["head"]:
                    seen.findings.append(f"Seal {seal['number']} was rewritten: its head does not follow from the last")
                await self._cover(seen, seal)
                number, previous = seal["number"], seal["head"]
                heads[number] = previous
                progress.tell(f"{number:,} seals recomputed")
        seen.seals = len(heads)
        return heads

    async def _cover(self, seen: Verified, seal: asyncpg.Record) -> None:
        """Compare what a seal lists with what stands there."""
        sealed = dict(zip(seal["decisions"], seal["digests"], strict=True))
        there = await self._seals.covered(seal["number"])
        for name in sealed.keys() - there.keys():
            seen.findings.append(f"The decision {name} is missing: seal {seal['number']} has it, the table has not")
        for name in there.keys() - sealed.keys():
            seen.findings.append(
                f"The decision {name} was slipped in: seal {seal['number']} should have it, and has not"
            )
        for name in sealed.keys() & there.keys():
            if sealed[name] != there[name]:
                seen.findings.append(f"The decision {name} was changed after seal {seal['number']} was made over it")

    async def _tail(self, seen: Verified) -> None:
        for row in await self._seals.unsealed():
            if row["slipped_in"]:
                seen.findings.append(f"The decision {row['decision']} was slipped in: no seal of its time has it")
            else:
                seen.unsealed += 1

    async def _compare(self, seen: Verified, heads: Mapping[int, bytes]) -> None:
        """Hold the chain against the journal, which nobody changes who changes the database alone."""
        journal = Heads()
        try:
            async for entry in self._journal.read():
                journal.hear(entry)
        except JournalError as error:
            seen.findings.append(str(error))
            return
        for number in sorted(journal.contradicted):
            seen.findings.append(f"The journal names two heads for seal {number}: two databases wrote to it")
        for number, head in sorted(journal.known.items()):
            if number not in heads:
                seen.findings.append(f"Seal {number} is in the journal and not in the database, which is an older copy")
            elif heads[number] != head:
                seen.findings.append(f"Seal {number} is not the one that the journal knows: the chain was rewritten")
        _missing_in_journal(seen, heads, journal)


class _Progress:
    """Says how far it is, not too often."""

    def __init__(self, clock: Clock, say: Say) -> None:
        self._clock = clock
        self._say = say
        self._told_at = clock.monotonic()

    def tell(self, line: str) -> None:
        if self._clock.monotonic() - self._told_at >= _SAY_EVERY_SECONDS:
            self._told_at = self._clock.monotonic()
            self._say(line)


def head_of(previous: bytes, decisions: Sequence[str], digests: Sequence[bytes]) -> bytes:
    """The head of a seal: SHA-256 of the previous head and of every decision's name and digest, in order."""
    content = b"".join(name.encode() + digest for name, digest in zip(decisions, digests, strict=True))
    return hashlib.sha256(previous + content).digest()


def _missing_in_journal(seen: Verified, heads: Mapping[int, bytes], journal: Heads) -> None:
    """A gap inside the journal's chain is wrong; what lies before its first head stood in a journal that was lost."""
    first, last = min(journal.known, default=1), max(journal.known, default=journal.resumed_after)
    gaps = [number for number in heads if first < number < last and number not in journal.known]
    if gaps:
        seen.findings.append(f"{_seals(min(gaps), max(gaps))} missing from the journal, which knows what follows")
    seen.unjournaled = sum(number > last for number in heads)


def _seals(first: int, last: int) -> str:
    return f"Seal {first} is" if first == last else f"Seals {first} to {last} are"
