"""The use cases of the list: putting on, lifting, removing, reading, and what an erasure leaves."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime
from functools import lru_cache
from typing import Any

import asyncpg
import orjson
from pydantic import JsonValue

from leadsail.features.do_not_call.models import (
    EntryFilter,
    Evidence,
    ListedNumber,
    OptOut,
    ReassignmentAnswer,
    Reconciled,
    Registry,
    RegistryStanding,
    Source,
    Suppressed,
    SuppressionFacts,
)
from leadsail.features.do_not_call.repository import EntryRepository, FactRepository, UnknownCursorError
from leadsail.features.do_not_call.rules.ages import drawn_at
from leadsail.features.do_not_call.schemas import DoNotCallEntry, DoNotCallEvent, DoNotCallRecord
from leadsail.features.do_not_call.service.barring import Asking, Barring
from leadsail.features.do_not_call.service.numbers import SecretNumbers, is_number
from leadsail.features.do_not_call.service.replaying import JournalReplay
from leadsail.features.leads.events import LeadErased, LeadOptedOut
from leadsail.features.leads.service import LeadService
from leadsail.foundation.clock import Clock
from leadsail.foundation.database import Work
from leadsail.foundation.errors import InvalidInput, NotFound
from leadsail.foundation.ids import is_possible_id
from leadsail.foundation.records.service import Stored
from leadsail.foundation.web.schemas import timestamp
from leadsail.ports.journal import Journal

REGISTRIES: tuple[Registry, ...] = ("us_dnc", "ca_dncl", "gb_tps")


class DoNotCallService:
    """The numbers that asked this organisation to leave them alone."""

    def __init__(
        self, clock: Clock, leads: LeadService, barring: Barring, numbers: SecretNumbers, replay: JournalReplay
    ) -> None:
        self._clock = clock
        self._leads = leads
        self._barring = barring
        self._numbers = numbers
        self._replay = replay

    async def opt_out(self, work: Work, opt_out: OptOut) -> Suppressed:
        """Stop every way of contacting a number, in the caller's unit of work.

        The journal is written first; then the number is on the list, its leads are `dnc`, and who listens to
        `NumberOptedOut` calls off what was planned. A number that is on the list already stays in its entry, and what
        it said is kept as further evidence. Raises `Unavailable` when the journal cannot be written.
        """
        phone = await self._leads.number(work, opt_out.phone)
        sender = await self._leads.number(work, opt_out.sender) if opt_out.sender else None
        asking = Asking(replace(opt_out, phone=phone, sender=sender), self._numbers.hashes_of(phone))
        [suppressed] = await self._barring.bar(work, [asking], self._clock.now())
        return suppressed

    async def ask(self, work: Work, opt_out: OptOut) -> Suppressed:
        """As `opt_out`, for a number that somebody typed. Raises `InvalidInput` where it is none."""
        phone = await self._leads.number(work, opt_out.phone)
        if not is_number(phone):
            raise InvalidInput("phone: not a phone number; write it with its country, such as +14155552671")
        return await self.opt_out(work, replace(opt_out, phone=phone))

    async def start(self, work: Work, phone: str, sender: str, evidence: Evidence) -> bool:
        """Let one of our numbers through again, since the handset itself texted START to it.

        Whoever calls this has the message of that handset in hand: nothing else may lift, no import and no API. The
        entry stays, and bars every other of our numbers. Answers whether anything changed.
        """
        phone, sender = await self._leads.number(work, phone), await self._leads.number(work, sender)
        await self._barring.hold(work, [phone])
        repository, now = EntryRepository(work), self._clock.now()
        rows = await repository.live(self._numbers.hashes_of(phone))
        barring = [row for row in rows if sender not in row["lifted_for"]]
        told = [_named(row) | {"sender": sender} for row in barring]
        for row, line in zip(barring, await self._barring.write(work, "lifted", now, told), strict=True):
            await repository.lift(row["entry_id"], sender, now)
            event = _event(work, row, "lifted", source="sms", channel="sms", sender=sender, evidence=dict(evidence))
            await repository.add_events([event | {"journal_sequence": line, "at": now}])
        return bool(barring)

    async def remove(self, work: Work, entry_id: str, *, reason: str, evidence: Evidence) -> Stored[DoNotCallEntry]:
        """Take a number off the list, on an admin's word; both are kept. Repeating it changes nothing.

        Raises `NotFound`, or `Unavailable` when the journal cannot be written.
        """
        repository, now = EntryRepository(work), self._clock.now()
        await self._barring.hold(work, [(await self._row(work, entry_id))["phone"]])
        row = await repository.get(entry_id, lock=True)
        if row is not None and row["removed_at"] is None:
            [line] = await self._barring.write(work, "removed", now, [_named(row)])
            await repository.remove(entry_id, reason=reason, evidence=dict(evidence), at=now)
            event = _event(work, row, "removed", source="manual", evidence=dict(evidence) | {"reason": reason})
            await repository.add_events([event | {"journal_sequence": line, "at": now}])
        return await self.entry(work, entry_id)

    async def clear_sandbox(self, work: Work) -> int:
        """End a rehearsal: take the sandbox's numbers off the list, and no others; answers how many those were.

        Raises `Unavailable` when the journal cannot be written.
        """
        entries = await EntryRepository(work).live_of_sandbox()
        for entry_id in entries:
            await self.remove(work, entry_id, reason="The sandbox was cleared", evidence={})
        return len(entries)

    async def hear_lead(self, work: Work, lead: LeadOptedOut) -> None:
        """A lead was marked as not to be contacted: so is its number, everywhere."""
        source: Source = "api" if work.actor.startswith("key_") else "manual"
        evidence: dict[str, JsonValue] = {"leadId": lead.lead_id, "markedBy": work.actor}
        await self.opt_out(work, OptOut(lead.phone, source, evidence=evidence, lead_id=lead.lead_id))

    async def forget(self, work: Work, lead: LeadErased) -> None:
        """A person is erased: of their number only the keyed hash stays on the list, and hashes of the evidence."""
        body = (await self._leads.bodies(work, [lead.lead_id])).get(lead.lead_id)
        if body is None:
            return
        repository = EntryRepository(work)
        rows = await repository.of_number(self._numbers.hashes_of(body["phone"]))
        if rows:
            lead.proof["doNotCall"] = [self._proof(row) for row in rows]
            await repository.forget([row["entry_id"] for row in rows])

    async def reconcile(self, journal: Journal, *, after: int = 0) -> Reconciled:
        """See `JournalReplay`: of every organisation, what the journal holds after entry `after` and we do not."""
        return await self._replay.reconcile(journal, after=after)

    async def facts(self, work: Work, phones: Sequence[str]) -> Mapping[str, SuppressionFacts]:
        """Everything known against contacting these numbers, which are E.164, in one query."""
        if not phones:
            return {}
        rows = await FactRepository(work).of({phone: self._numbers.hashes_of(phone) for phone in phones}, REGISTRIES)
        of_phone: dict[str, list[asyncpg.Record]] = {}
        for row in rows:
            of_phone.setdefault(row["phone"], []).append(row)
        return {phone: _facts(several) for phone, several in of_phone.items()}

    async def entry(self, work: Work, entry_id: str) -> Stored[DoNotCallEntry]:
        """One entry, removed or not. Raises `NotFound`."""
        row = await self._row(work, entry_id)
        return Stored(DoNotCallEntry(**_wire(row)), row["version"])

    async def record(self, work: Work, entry_id: str) -> Stored[DoNotCallRecord]:
        """One entry with all that ever happened to it. Raises `NotFound`."""
        row = await self._row(work, entry_id)
        events = [DoNotCallEvent(**_without_nulls(event)) for event in await EntryRepository(work).events(entry_id)]
        return Stored(DoNotCallRecord(**_wire(row), events=events), row["version"])

    async def page(
        self, work: Work, wanted: EntryFilter, phone: str | None, after: str | None, limit: int
    ) -> tuple[list[DoNotCallEntry], bool]:
        """At most `limit` entries that come after the entry `after`, newest first, and whether more follow.

        A number is found by its hash, in any spelling, also once its person was erased. Raises `InvalidInput` for a
        cursor that names no entry.
        """
        if phone is not None:
            wanted = replace(wanted, hashes=list(self._numbers.hashes_of(await self._leads.number(work, phone))))
        if after is not None and not is_possible_id(after):
            raise _unknown_cursor()
        try:
            rows = await EntryRepository(work).page(wanted, after, limit + 1)
        except UnknownCursorError:
            raise _unknown_cursor() from None
        return [DoNotCallEntry(**_wire(row)) for row in rows[:limit]], len(rows) > limit

    async def _row(self, work: Work, entry_id: str) -> asyncpg.Record:
        row = await EntryRepository(work).get(entry_id) if is_possible_id(entry_id) else None
        if row is None:
            raise NotFound
        return row

    def _proof(self, row: asyncpg.Record) -> dict[str, JsonValue]:
        kept = {name: row[name] for name in ("reason", "evidence", "removed_reason", "removed_evidence")}
        return {
            "entryId": row["entry_id"],
            "source": row["source"],
            "createdAt": timestamp(row["created_at"]),
            "evidenceHash": self._numbers.fingerprint(orjson.dumps(kept, option=orjson.OPT_SORT_KEYS)),
        }


def _unknown_cursor() -> InvalidInput:
    return InvalidInput("cursor: no such entry; begin again without a cursor")


def _named(row: asyncpg.Record) -> dict[str, JsonValue]:
    return {"entryId": row["entry_id"], "phoneHash": row["phone_hash"].hex()}


def _event(work: Work, row: asyncpg.Record, kind: str, **told: Any) -> dict[str, Any]:
    return {"entry_id": row["entry_id"], "kind": kind, "actor": work.actor} | told


def _without_nulls(row: asyncpg.Record) -> dict[str, Any]:
    return {name: value for name, value in row.items() if value is not None}


def _wire(row: asyncpg.Record) -> dict[str, Any]:
    """An entry as clients read it; the hash takes the number's place where that is gone."""
    told = _without_nulls(row)
    phone_hash = told.pop("phone_hash").hex()
    del told["version"]
    return told if "phone" in told else told | {"phone_hash": phone_hash}


def _facts(rows: Sequence[asyncpg.Record]) -> SuppressionFacts:
    """What the rows of one number say: one, or after a change of the master key one for each key's hash."""
    told = rows[0]["registries"] or {}
    answers = [ReassignmentAnswer(row["answer"], row["asked_at"]) for row in rows if row["answer"]]
    return SuppressionFacts(
        entry=_listed([entry for row in rows for entry in row["live"] or ()]),
        refused_at=max((row["refused_at"] for row in rows if row["refused_at"]), default=None),
        registries=tuple(_told(registry, told.get(registry)) for registry in REGISTRIES),
        reassignment=max(answers, key=lambda answer: answer.asked_at, default=None),
    )


def _told(registry: Registry, told: Mapping[str, Any] | None) -> RegistryStanding:
    return _standing(registry, told["asOf"], listed=told["listed"]) if told else _standing(registry, None, listed=False)


def _listed(live: Sequence[Mapping[str, Any]]) -> ListedNumber | None:
    """One entry of what stands against a number; lifted is only what no entry bars."""
    if not live:
        return None
    first = min(live, key=lambda entry: str(entry["since"]))
    lifted = frozenset.intersection(*(frozenset(entry["liftedFor"]) for entry in live))
    return ListedNumber(first["entryId"], first["source"], datetime.fromisoformat(first["since"]), lifted)


@lru_cache(maxsize=1024)
def _standing(registry: Registry, as_of: str | None, *, listed: bool) -> RegistryStanding:
    """The same for a thousand numbers that one file covers, so it is made once."""
    return RegistryStanding(registry, listed, drawn_at(date.fromisoformat(as_of)) if as_of else None)
