"""The use cases of leads: create, read, list, change, follow a conversation, erase."""

from collections.abc import Mapping, Sequence
from typing import Any

import asyncpg
import orjson

from leadsail.features.leads.events import LeadErased, LeadOptedOut
from leadsail.features.leads.models import LeadFilter, Person
from leadsail.features.leads.repository import LeadRepository, UnknownCursorError
from leadsail.features.leads.rules.changes import REQUIRED, Body, Moment, changed, excesses, new_body, opted_out
from leadsail.features.leads.rules.outcomes import status_after
from leadsail.features.leads.rules.phones import normalised
from leadsail.features.leads.schemas import CreatedLead, ErasedLead, Lead, LeadChange, NewLead, Submission
from leadsail.features.tenants.service import TenantService
from leadsail.foundation.clock import Clock
from leadsail.foundation.database import Work
from leadsail.foundation.encryption import KeyedHash
from leadsail.foundation.errors import InvalidInput, NotFound
from leadsail.foundation.event_bus import EventBus
from leadsail.foundation.ids import is_possible_id, new_id
from leadsail.foundation.records.service import Stored, require_version
from leadsail.foundation.web.pagination import Page
from leadsail.foundation.web.schemas import timestamp

_REFUSALS = {"unknown_campaign": "no such campaign", "archived_campaign": "this campaign is archived"}


class LeadService:
    """The people who may become customers."""

    def __init__(self, clock: Clock, bus: EventBus, tenants: TenantService, keyed_hash: KeyedHash) -> None:
        self._clock = clock
        self._bus = bus
        self._tenants = tenants
        self._hash = keyed_hash

    async def create(self, work: Work, new: NewLead) -> CreatedLead:
        """Store a lead as it is, the only thing that happens in the unit of work.

        Raises `InvalidInput` when the campaign does not exist or is archived.
        """
        now = self._clock.now()
        sent = new.known()
        sent["phone"] = await self._number(work, sent)
        body = new_body(sent, _moment(work, timestamp(now)))
        _require(excesses(body))
        created = CreatedLead.model_construct(lead_id=new_id("lead"), submission_id=new_id("sub"))
        opts_out = bool(body["flags"].get("isDnc"))
        outcome = await LeadRepository(work).add(created.lead_id, created.submission_id, body, now, alone=not opts_out)
        if outcome in _REFUSALS:
            raise InvalidInput(f"campaignId: {_REFUSALS[outcome]}")
        if opts_out:
            await self._bus.publish(work, LeadOptedOut(created.lead_id, body["phone"]))
        return created

    async def read(self, work: Work, lead_id: str, *, alone: bool = False) -> Stored[Lead]:
        """One lead. Raises `NotFound`. `alone` saves round trips where nothing else happens in the unit of work."""
        row = await LeadRepository(work).get(lead_id, alone=alone) if is_possible_id(lead_id) else None
        if row is None:
            raise NotFound
        return _lead(row)

    async def page(self, work: Work, wanted: LeadFilter, after: str | None, limit: int) -> tuple[list[Lead], bool]:
        """At most `limit` leads that come after the lead `after`, newest first, and whether more follow.

        Raises `InvalidInput` for a cursor that names no lead; one that was erased since is still good.
        """
        if after is not None and not is_possible_id(after):
            raise _unknown_cursor()
        try:
            rows = await LeadRepository(work).page(wanted, after, limit + 1)
        except UnknownCursorError:
            raise _unknown_cursor() from None
        return [_lead(row).value for row in rows[:limit]], len(rows) > limit

    async def change(
        self, work: Work, lead_id: str, change: LeadChange, *, if_match: str | None = None
    ) -> Stored[Lead]:
        """Apply a PATCH. Raises `NotFound`, `InvalidInput`, or `Conflict` when `if_match` names another version."""
        sent = change.known()
        await self._hold_who_opts_out(work, lead_id, sent)
        before = await self._locked(work, lead_id)
        require_version(if_match, before["version"])
        _require([f"{name}: is required" for name in REQUIRED if name in sent and sent[name] is None])
        if "phone" in sent:
            sent["phone"] = await self._number(work, before["body"] | sent)
        now = self._clock.now()
        after = changed(before["body"], sent, _moment(work, timestamp(now)))
        await self._check(work, before["body"], after)
        await self._mark_duplicate(work, lead_id, sent, before["body"], after)
        await LeadRepository(work).save(lead_id, after, now)
        if opted_out(before["body"], sent, after):
            await self._bus.publish(work, LeadOptedOut(lead_id, after["phone"]))
        return await self.read(work, lead_id)

    async def hold(self, work: Work, lead_id: str, *, with_person: bool = False) -> None:
        """Keep a lead from changing until the unit of work ends. Raises `NotFound`.

        `with_person` says that somebody may ask to be left alone, for which the person's numbers are held first.
        """
        if with_person:
            await self._hold_person_of(work, lead_id)
        await self._locked(work, lead_id)

    async def people(self, work: Work, phones: Sequence[str]) -> dict[str, Person]:
        """Who is behind each of these numbers."""
        return {person.phone: person for person in await LeadRepository(work).people(phones)}

    async def hold_person(self, work: Work, phones: Sequence[str]) -> Person:
        """Who is behind these numbers, held: nobody else decides about them until the unit of work ends.

        Whoever needs several locks takes numbers first, then leads, then interactions; else two could wait for each
        other. The numbers themselves are locked in one order.
        """
        return Person(phones[0], await LeadRepository(work).hold_people(phones))

    async def opt_out(self, work: Work, phone: str) -> list[str]:
        """Mark every lead with this number as not to be contacted; answers their ids.

        It is told nobody, since whoever calls this has the opt-out in hand.
        """
        repository, now = LeadRepository(work), self._clock.now()
        leads = await repository.locked_with_phone(phone)
        for lead in leads:
            body = lead["body"]
            marked = body | {
                "status": "dnc",
                "flags": body["flags"] | {"isDnc": True},
                "lastActivityAt": timestamp(now),
            }
            if body["status"] != "dnc" or not body["flags"].get("isDnc"):
                await repository.save(lead["lead_id"], marked, now)
        return [lead["lead_id"] for lead in leads]

    async def bodies(self, work: Work, lead_ids: Sequence[str]) -> dict[str, Mapping[str, Any]]:
        """What is stored of these leads, in wire form, by id; unknown ids are absent."""
        return await LeadRepository(work).bodies([lead_id for lead_id in lead_ids if is_possible_id(lead_id)])

    async def newest_with_phone(self, work: Work, phone: str) -> tuple[str, Mapping[str, Any]] | None:
        """The id and the stored form of the lead that came last with this number; None where there is none."""
        row = await LeadRepository(work).newest_with_phone(phone)
        return (row["lead_id"], row["body"]) if row else None

    async def number(self, work: Work, phone: str, country: str | None = None) -> str:
        """A phone number in E.164, read in `country`, then in the tenant's; else as it was given."""
        return await self._number(work, {"phone": phone, "country": country})

    async def follow_interaction(self, work: Work, lead_id: str, interaction_status: str) -> None:
        """Let a conversation's status show on its lead, and note that something happened. Raises `NotFound`."""
        before = (await self._locked(work, lead_id))["body"]
        now = self._clock.now()
        status = status_after(before["status"], interaction_status)
        after = before | {"status": status, "lastActivityAt": timestamp(now)}
        if status == "dnc":
            after["flags"] = before["flags"] | {"isDnc": True}
        await LeadRepository(work).save(lead_id, after, now)
        if status == "dnc" and interaction_status == "dnc":
            await self._bus.publish(work, LeadOptedOut(lead_id, after["phone"]))

    async def submissions(self, work: Work, lead_id: str, page: Page) -> tuple[list[Submission], int]:
        """One page of the attempts to sell a lead, newest first, and how many there are. Raises `NotFound`."""
        await self.read(work, lead_id)
        rows, total = await LeadRepository(work).submissions(lead_id, limit=page.limit, offset=page.offset)
        return [Submission(**dict(row)) for row in rows], total

    async def erase(self, work: Work, lead_id: str) -> ErasedLead:
        """Delete a person with everything that was said; what suppresses and proves stays, as keyed hashes.

        Raises `NotFound`, also when it is repeated.
        """
        await self._hold_person_of(work, lead_id)
        lead = await self._locked(work, lead_id, to_erase=True)
        event = LeadErased(lead_id, {"compliance": self._evidence_of(lead["body"])})
        await self._bus.publish(work, event)
        now = self._clock.now()
        remains = {
            "phone_hash": self._hash.of("suppression-phone", lead["body"]["phone"]),
            "email_hash": self._hash.of("suppression-email", lead["body"]["email"].lower()),
            "proof": event.proof,
            "erased_by": work.actor,
            "lead_created_at": lead["created_at"],
            "erased_at": now,
        }
        await LeadRepository(work).erase(lead_id, remains)
        return ErasedLead(lead_id=lead_id, erased_at=now)

    async def _locked(self, work: Work, lead_id: str, *, to_erase: bool = False) -> asyncpg.Record:
        row = await LeadRepository(work).lock(lead_id, to_erase=to_erase) if is_possible_id(lead_id) else None
        if row is None:
            raise NotFound
        return row

    async def _hold_who_opts_out(self, work: Work, lead_id: str, sent: Body) -> None:
        """Hold the person first where a change may put a number on the list: its own, or the one it changes to."""
        opting_out = sent.get("status") == "dnc" or (sent.get("flags") or {}).get("isDnc")
        if not opting_out and not sent.get("phone"):
            return
        stored = (await self.bodies(work, [lead_id])).get(lead_id)
        if stored is None:
            raise NotFound
        phones = [stored["phone"]]
        if sent.get("phone"):
            phones.append(await self._number(work, {**stored, **sent}))
        await self.hold_person(work, phones)

    async def _hold_person_of(self, work: Work, lead_id: str) -> None:
        phone = await LeadRepository(work).phone_of(lead_id) if is_possible_id(lead_id) else None
        if phone is None:
            raise NotFound
        await self.hold_person(work, [phone])

    async def _number(self, work: Work, lead: Mapping[str, Any]) -> str:
        """The lead's phone in E.164, read in its own country, then in the tenant's; else as it was given."""
        phone: str = lead["phone"]
        country = lead.get("country")
        number = normalised(phone, country)
        if number is None and not phone.lstrip().startswith("+"):
            number = normalised(phone, await self._tenants.country(work))
        return number or phone

    async def _check(self, work: Work, before: Body, after: Body) -> None:
        faults = excesses(after)
        if "approval" in after and "status" not in after["approval"]:
            faults.append("approval.status: is required")
        if after["campaignId"] != before["campaignId"]:
            state = await LeadRepository(work).campaign_state(after["campaignId"])
            faults += [f"campaign.campaignId: {_REFUSALS[state]}"] if state in _REFUSALS else []
        _require(faults)

    async def _mark_duplicate(self, work: Work, lead_id: str, sent: Body, before: Body, after: Body) -> None:
        """Judge anew whether the lead is a duplicate, once it is another contact or elsewhere; who says it is right."""
        told = (sent.get("flags") or {}).get("isDuplicate") is not None
        same = all(before[name] == after[name] for name in ("campaignId", "phone", "email"))
        if not told and not same:
            after["flags"]["isDuplicate"] = await LeadRepository(work).is_known_contact(after, lead_id)

    def _evidence_of(self, body: Body) -> str:
        """A hash that recognises this consent record in somebody else's files, and tells nothing of it."""
        consent = orjson.dumps(body.get("compliance", {}), option=orjson.OPT_SORT_KEYS)
        return self._hash.of("erasure-compliance", consent).hex()


def _moment(work: Work, at: str) -> Moment:
    return Moment(at, work.actor, lambda: new_id("note"))


def _require(faults: list[str]) -> None:
    if faults:
        raise InvalidInput(*faults)


def _unknown_cursor() -> InvalidInput:
    return InvalidInput("cursor: no such lead; begin again without a cursor")


def _lead(row: asyncpg.Record) -> Stored[Lead]:
    body = {name: value for name, value in row["body"].items() if name != "campaignId"}
    times = {"createdAt": row["created_at"], "updatedAt": row["updated_at"]}
    wire = {"leadId": row["lead_id"], "campaign": row["campaign"]} | body | times
    return Stored(Lead.model_validate(wire), row["version"])
