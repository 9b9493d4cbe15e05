"""Puts numbers on the list: journal first, then the entry, the leads, and whoever must hear of it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal

import asyncpg
from pydantic import JsonValue

from leadsail.features.do_not_call.events import NumberOptedOut
from leadsail.features.do_not_call.models import OptOut, Suppressed
from leadsail.features.do_not_call.repository import EntryRepository
from leadsail.features.do_not_call.service.numbers import SecretNumbers
from leadsail.features.leads.service import LeadService
from leadsail.foundation.database import Work
from leadsail.foundation.errors import Unavailable
from leadsail.foundation.event_bus import EventBus
from leadsail.foundation.geography import NumberKind, classify
from leadsail.foundation.ids import new_id
from leadsail.ports.journal import EntryKind, Journal, JournalError, NewEntry

HANDSET = frozenset({"sms", "speech", "key_press"})
"""The sources that are the person's own phone; whoever asks from it is told once that it was done."""


@dataclass(frozen=True, slots=True)
class Asking:
    """One number that asks to be left alone, with the hashes that it may be stored under, the present one first.

    `opt_out.phone` is empty where only the hash is known.
    """

    opt_out: OptOut
    hashes: tuple[bytes, ...]


@dataclass(slots=True)
class _Case:
    """What is done about one number: a new entry, a lifted one barred again, or only noted."""

    asking: Asking
    entry_id: str
    row: asyncpg.Record | None
    line: int | None = None

    @property
    def changes(self) -> bool:
        return self.row is None or bool(self.row["lifted_for"])


class Barring:
    """The one way onto the list, in the caller's unit of work. Numbers are held before anything is looked at."""

    def __init__(self, leads: LeadService, bus: EventBus, journal: Journal, numbers: SecretNumbers) -> None:
        self._leads = leads
        self._bus = bus
        self._journal = journal
        self._numbers = numbers

    async def hold(self, work: Work, phones: Sequence[str]) -> None:
        """Keep everybody else from deciding about the people behind these numbers."""
        known = [phone for phone in dict.fromkeys(phones) if phone]
        if known:
            await self._leads.hold_person(work, known)

    async def bar(self, work: Work, askings: Sequence[Asking], at: datetime) -> list[Suppressed]:
        """Put numbers on the list, each at most once. Repeating it is noted as evidence and changes nothing else.

        Raises `Unavailable` when the journal cannot be written; nothing is stored then.
        """
        await self.hold(work, [asking.opt_out.phone for asking in askings])
        cases = await self._cases(work, askings)
        changing = [case for case in cases if case.changes]
        lines = await self.write(work, "opt_out", at, [self._told(work, case) for case in changing])
        for case, line in zip(changing, lines, strict=True):
            case.line = line
        await self._store(work, cases, at)
        return [Suppressed(case.entry_id, case.row is None) for case in cases]

    async def bar_late(self, work: Work, asking: Asking, line: int, at: datetime) -> None:
        """As `bar`, for one number, held already, that stands in the journal and is not known here."""
        [case] = await self._cases(work, [asking])
        case.line = line
        await self._store(work, [case], at)

    async def write(
        self, work: Work, kind: EntryKind, at: datetime, told: Sequence[Mapping[str, JsonValue]]
    ) -> list[int]:
        """Write to the journal; the numbers of the entries. Raises `Unavailable`."""
        entries = [NewEntry(kind, at, {"tenant": work.tenant_id} | dict(payload)) for payload in told]
        try:
            return [position.sequence for position in await self._journal.append_all(entries)]
        except JournalError as error:
            raise Unavailable(
                "The journal of opt-outs cannot be written, so nothing was stored; try again, and tell whoever runs"
                " this installation"
            ) from error

    async def _cases(self, work: Work, askings: Sequence[Asking]) -> list[_Case]:
        rows = await EntryRepository(work).live([one for asking in askings for one in asking.hashes])
        live = {row["phone_hash"]: row for row in rows}
        found = [next((live[one] for one in asking.hashes if one in live), None) for asking in askings]
        return [
            _Case(asking, row["entry_id"] if row else new_id("dnc"), row)
            for asking, row in zip(askings, found, strict=True)
        ]

    def _told(self, work: Work, case: _Case) -> dict[str, JsonValue]:
        """What the journal keeps of an opt-out: enough to put it on the list again, and no plain number."""
        opt_out, phone_hash = case.asking.opt_out, case.asking.hashes[0]
        told: dict[str, JsonValue] = {
            "entryId": case.entry_id,
            "phone": self._numbers.seal(work.tenant_id, opt_out.phone) if opt_out.phone else None,
            "phoneHash": phone_hash.hex(),
            "source": opt_out.source,
            "channel": opt_out.channel,
            "sender": opt_out.sender,
            "leadId": opt_out.lead_id,
            "interactionId": opt_out.interaction_id,
        }
        return {name: value for name, value in told.items() if value is not None}

    async def _store(self, work: Work, cases: Sequence[_Case], at: datetime) -> None:
        repository = EntryRepository(work)
        confirmed = {
            case.entry_id: case.asking.opt_out.source in HANDSET
            and (case.changes or not await repository.was_confirmed(case.entry_id))
            for case in cases
        }
        await repository.add([_entry(work, case, at) for case in cases if case.row is None])
        await repository.note_asked([case.entry_id for case in cases if case.row is not None], at)
        await repository.add_events([_event(work, case, at) for case in cases])
        for case in cases:
            if case.row is not None and case.line is not None:
                await repository.bar_again(case.entry_id, case.line)
            if case.asking.opt_out.phone:
                await self._tell(work, case, at, confirm=confirmed[case.entry_id])

    async def _tell(self, work: Work, case: _Case, at: datetime, *, confirm: bool) -> None:
        opt_out = case.asking.opt_out
        await self._leads.opt_out(work, opt_out.phone)
        channel: Literal["sms"] | None = "sms" if confirm else None
        await self._bus.publish(work, NumberOptedOut(opt_out.phone, case.entry_id, channel, opt_out.sender, at))


def _event(work: Work, case: _Case, at: datetime) -> dict[str, Any]:
    kind = "repeated" if case.line is None else "opt_out"
    return event_of(work, case.asking, case.entry_id, kind, at) | {"journal_sequence": case.line}


def _entry(work: Work, case: _Case, at: datetime) -> dict[str, Any]:
    opt_out = case.asking.opt_out
    return {
        "entry_id": case.entry_id,
        "phone_hash": case.asking.hashes[0].hex(),
        "phone": opt_out.phone or None,
        "sandbox": bool(opt_out.phone) and classify(opt_out.phone).kind is NumberKind.SANDBOX,
        "source": opt_out.source,
        "channel": opt_out.channel,
        "reason": opt_out.reason,
        "evidence": dict(opt_out.evidence),
        "sender": opt_out.sender,
        "lead_id": opt_out.lead_id,
        "interaction_id": opt_out.interaction_id,
        "journal_sequence": case.line,
        "added_by": work.actor,
        "at": at,
    }


def event_of(work: Work, asking: Asking, entry_id: str, kind: str, at: datetime) -> dict[str, Any]:
    """What an entry remembers of somebody's asking."""
    opt_out = asking.opt_out
    return {
        "entry_id": entry_id,
        "kind": kind,
        "source": opt_out.source,
        "channel": opt_out.channel,
        "sender": opt_out.sender,
        "evidence": dict(opt_out.evidence) | ({"reason": opt_out.reason} if opt_out.reason else {}),
        "lead_id": opt_out.lead_id,
        "interaction_id": opt_out.interaction_id,
        "actor": work.actor,
        "at": at,
    }
