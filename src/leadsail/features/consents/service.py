"""The use cases of consents: what covers a number, and recording, importing, withdrawing and forgetting agreements.

A consent never lifts do-not-call: that list is somebody else's, and nothing here reads or writes it.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

import asyncpg
import orjson
from pydantic import ValidationError

from leadsail.features.campaigns.service import CampaignService
from leadsail.features.consents.models import Asked, Consent, ConsentFilter
from leadsail.features.consents.repository import ConsentRepository
from leadsail.features.consents.rules.agreements import contradictions, is_in_force, of_lead, of_record
from leadsail.features.consents.rules.tables import Line, UnknownColumnsError, lines_of
from leadsail.features.consents.schemas import (
    ConsentFault,
    ConsentImport,
    ImportedConsents,
    NewConsent,
    RecordedConsent,
    Withdrawal,
)
from leadsail.features.leads.events import LeadErased
from leadsail.features.leads.service import LeadService
from leadsail.foundation.clock import Clock
from leadsail.foundation.database import Work
from leadsail.foundation.encryption import KeyedHash
from leadsail.foundation.errors import Conflict, InvalidInput, NotFound
from leadsail.foundation.ids import is_possible_id, new_id
from leadsail.foundation.web.failures import fault_line
from leadsail.foundation.web.schemas import timestamp

_PHONE = "consent-phone"
_EVIDENCE = "consent-evidence"
_MOST_LINES = 5_000
_LISTS = ("channels", "sellers")
_FIELDS = tuple(field.alias or name for name, field in NewConsent.model_fields.items())

Body = Mapping[str, Any]
Row = dict[str, Any]


class ConsentService:
    """What people agreed to."""

    def __init__(self, clock: Clock, leads: LeadService, campaigns: CampaignService, keyed_hash: KeyedHash) -> None:
        self._clock = clock
        self._leads = leads
        self._campaigns = campaigns
        self._hash = keyed_hash

    # What covers a number.

    async def of_contact(
        self, work: Work, lead_body: Body | None, phone: str, campaign_body: Body | None
    ) -> list[Consent]:
        """Every agreement that covers `phone`, in force or not: the lead's own first, then recorded ones, newest first.

        Bodies are in wire form, as they are stored.
        """
        [consents] = await self.of_contacts(work, [Asked(phone, lead_body, campaign_body)])
        return consents

    async def of_contacts(self, work: Work, asked: Sequence[Asked]) -> list[list[Consent]]:
        """`of_contact` for many at once, in their order, with one query."""
        recorded = await self._recorded(work, {each.phone for each in asked})
        return [[*await self._told(work, each), *recorded[each.phone]] for each in asked]

    async def in_force(self, work: Work, lead_id: str) -> list[Consent]:
        """What counts now for the number of a lead. Raises `NotFound`."""
        lead = (await self._leads.bodies(work, [lead_id])).get(lead_id)
        if lead is None:
            raise NotFound
        campaign = (await self._campaigns.read(work, lead["campaignId"])).value.model_dump(mode="json", by_alias=True)
        now = self._clock.now()
        consents = await self.of_contact(work, lead, lead["phone"], campaign)
        return [consent for consent in consents if is_in_force(consent, now)]

    async def _told(self, work: Work, asked: Asked) -> list[Consent]:
        """What the lead tells itself, which covers the number that it left, and no other."""
        consent = of_lead(asked.lead, asked.campaign)
        if consent is None or asked.lead is None:
            return []
        left: str = asked.lead["phone"]
        same = left == asked.phone or asked.phone == await self._leads.number(work, left, asked.lead.get("country"))
        return [consent] if same else []

    async def _recorded(self, work: Work, phones: set[str]) -> dict[str, list[Consent]]:
        owner = {digest: phone for phone in phones for digest in self._hash.candidates(_PHONE, phone)}
        found: dict[str, list[Consent]] = {phone: [] for phone in phones}
        for row in await ConsentRepository(work).of_numbers(list(owner)) if owner else ():
            found[owner[row["phone_hash"]]].append(of_record(row["consent_id"], row["source"], row["body"]))
        return found

    # Recorded consents.

    async def record(self, work: Work, new: NewConsent) -> RecordedConsent:
        """Store an agreement; one that stands there word for word is answered as it is.

        Raises `InvalidInput` for what cannot be true, `Conflict` for an agreement that was withdrawn.
        """
        self._require_possible(new)
        row = await self._row(work, new, await self._held(work, [new]), "api")
        repository = ConsentRepository(work)
        await repository.add([row])
        stored = (await repository.with_evidence([row["evidence_hash"]])).get(row["evidence_hash"])
        if stored is None:
            raise Conflict("The person was erased while this was recorded; send it again if it shall still be kept")
        if stored["withdrawn_at"] is not None:
            raise Conflict(_was_withdrawn(stored))
        return _shown(stored)

    async def import_many(self, work: Work, sent: ConsentImport) -> ImportedConsents:
        """Record the good ones of many agreements, and tell what is wrong with each of the others.

        Raises `InvalidInput` when they cannot be told apart at all.
        """
        faults: dict[int, list[str]] = {}
        good: dict[int, NewConsent] = {}
        for line in _lines(sent):
            try:
                good[line.number] = self._read(line)
            except InvalidInput as error:
                faults[line.number] = error.details
        rows: dict[int, Row] = {}
        leads = await self._held(work, good.values())
        for number, new in good.items():
            try:
                rows[number] = await self._row(work, new, leads, "import")
            except InvalidInput as error:
                faults[number] = error.details
        return await self._stored(work, rows, faults)

    async def read(self, work: Work, consent_id: str) -> RecordedConsent:
        """One recorded consent, withdrawn or not. Raises `NotFound`, also once the person was erased."""
        return _shown(await self._get(work, consent_id))

    async def page(
        self, work: Work, wanted: ConsentFilter, after: str | None, limit: int
    ) -> tuple[list[RecordedConsent], bool]:
        """At most `limit` consents that come after the consent `after`, newest first, and whether more follow.

        Raises `InvalidInput` for a cursor that names no consent.
        """
        repository = ConsentRepository(work)
        if after is not None and not (is_possible_id(after) and await repository.is_here(after)):
            raise InvalidInput("cursor: no such consent; begin again without a cursor")
        hashes = await self._hashes(work, wanted.phone) if wanted.phone is not None else None
        rows = await repository.page(hashes, wanted.lead_id, after, limit + 1)
        return [_shown(row) for row in rows[:limit]], len(rows) > limit

    async def withdraw(self, work: Work, consent_id: str, why: Withdrawal) -> RecordedConsent:
        """Let a consent count no more. Repeating it changes nothing. Raises `NotFound`.

        The person is held first, so that nobody is contacted on the strength of it once this has been answered.
        """
        phone = (await self._get(work, consent_id))["body"]["phone"]
        await self._leads.hold_person(work, [phone])
        stored = await self._get(work, consent_id, lock=True)
        if stored["withdrawn_at"] is None:
            withdrawal = {"reason": why.reason, "by": work.actor}
            await ConsentRepository(work).withdraw(consent_id, withdrawal, self._clock.now())
        return await self.read(work, consent_id)

    async def prove(self, work: Work, lead: LeadErased) -> None:
        """Before a lead is erased: forget what was recorded for its number, and leave what proves that it was there."""
        body = (await self._leads.bodies(work, [lead.lead_id]))[lead.lead_id]
        hashes = self._hash.candidates(_PHONE, body["phone"])
        rows = await ConsentRepository(work).clear(hashes, lead.lead_id)
        lead.proof["consents"] = [_proof(row) for row in rows]

    async def _get(self, work: Work, consent_id: str, *, lock: bool = False) -> asyncpg.Record:
        row = await ConsentRepository(work).get(consent_id, lock=lock) if is_possible_id(consent_id) else None
        if row is None:
            raise NotFound
        return row

    async def _hashes(self, work: Work, phone: str) -> tuple[bytes, ...]:
        return self._hash.candidates(_PHONE, await self._leads.number(work, phone))

    def _require_possible(self, new: NewConsent) -> None:
        is_somebodys = new.phone is not None or new.lead_id is not None
        faults = contradictions(new.given_at, new.expires_at, is_somebodys=is_somebodys, now=self._clock.now())
        if faults:
            raise InvalidInput(*faults)

    def _read(self, line: Line) -> NewConsent:
        if line.item is None:
            raise InvalidInput(line.fault)
        try:
            new = NewConsent.model_validate(line.item, by_alias=True, by_name=False)
        except ValidationError as error:
            raise InvalidInput(*(fault_line(fault) for fault in error.errors())) from None
        self._require_possible(new)
        return new

    async def _held(self, work: Work, consents: Any) -> Mapping[str, Body]:
        """The leads that these consents name, by id, held so that none is erased meanwhile."""
        found = []
        for lead_id in sorted({new.lead_id for new in consents if new.lead_id is not None}):
            try:
                await self._leads.hold(work, lead_id)
            except NotFound:
                continue
            found.append(lead_id)
        return await self._leads.bodies(work, found) if found else {}

    async def _row(self, work: Work, new: NewConsent, leads: Mapping[str, Body], source: str) -> Row:
        """What is stored of a consent. Raises `InvalidInput` when it is nobody's or somebody else's."""
        phone = await self._phone(work, new, leads)
        body = new.model_dump(mode="json", by_alias=True) | {"phone": phone}
        return {
            "consent_id": new_id("consent"),
            "phone_hash": self._hash.of(_PHONE, phone),
            "evidence_hash": self._hash.of(_EVIDENCE, orjson.dumps(body, option=orjson.OPT_SORT_KEYS)),
            "source": source,
            "body": body,
            "given_at": new.given_at,
            "created_by": work.actor,
            "created_at": self._clock.now(),
        }

    async def _phone(self, work: Work, new: NewConsent, leads: Mapping[str, Body]) -> str:
        lead = leads.get(new.lead_id) if new.lead_id is not None else None
        if new.lead_id is not None and lead is None:
            raise InvalidInput("leadId: no such lead")
        of_the_lead: str | None = lead["phone"] if lead else None
        if new.phone is None and of_the_lead is not None:
            return of_the_lead
        phone = await self._leads.number(work, new.phone or "", lead.get("country") if lead else None)
        if of_the_lead is not None and phone != of_the_lead:
            raise InvalidInput("phone: is not the number of this lead; leave one of them out")
        if not phone.startswith("+"):
            raise InvalidInput("phone: is no number of your country; write it with + and its country's code")
        return phone

    async def _stored(self, work: Work, rows: Mapping[int, Row], faults: dict[int, list[str]]) -> ImportedConsents:
        """Store what is new, in one order for everybody, so that two imports do not wait for each other."""
        repository = ConsentRepository(work)
        by_evidence = {row["evidence_hash"]: row for row in rows.values()}
        added = await repository.add([by_evidence[digest] for digest in sorted(by_evidence)])
        earlier = await repository.with_evidence([digest for digest in by_evidence if digest not in added])
        for number, row in rows.items():
            stored = earlier.get(row["evidence_hash"])
            if stored is not None and stored["withdrawn_at"] is not None:
                faults[number] = [_was_withdrawn(stored)]
        known = sum(number not in faults for number in rows) - len(added)
        lines = [ConsentFault(line=number, faults=faults[number]) for number in sorted(faults)]
        return ImportedConsents(recorded=len(added), known=known, faults=lines)


def _lines(sent: ConsentImport) -> Sequence[Line]:
    if (sent.items is None) == (sent.csv is None):
        raise InvalidInput("items: send either items or csv")
    if sent.csv is None:
        return [Line(number, dict(item)) for number, item in enumerate(sent.items or (), 1)]
    try:
        lines = list(lines_of(sent.csv, fields=_FIELDS, lists=_LISTS))
    except UnknownColumnsError as error:
        raise InvalidInput(f"csv: {error}") from None
    if len(lines) > _MOST_LINES:
        raise InvalidInput(f"csv: holds more than {_MOST_LINES:,} lines; send it in parts")
    return lines


def _was_withdrawn(stored: asyncpg.Record) -> str:
    withdrawn_at: datetime = stored["withdrawn_at"]
    return f"This consent was withdrawn at {timestamp(withdrawn_at)}; only a later one counts again"


def _shown(row: asyncpg.Record) -> RecordedConsent:
    columns = {
        "consentId": row["consent_id"],
        "source": row["source"],
        "createdBy": row["created_by"],
        "createdAt": row["created_at"],
        "withdrawnAt": row["withdrawn_at"],
        "withdrawal": row["withdrawal"],
    }
    return RecordedConsent.model_validate(row["body"] | columns)


def _proof(row: asyncpg.Record) -> dict[str, Any]:
    proof = {
        "consentId": row["consent_id"],
        "kind": row["kind"],
        "source": row["source"],
        "givenAt": timestamp(row["given_at"]),
        "evidenceHash": row["evidence_hash"].hex(),
    }
    return proof | ({"withdrawnAt": timestamp(row["withdrawn_at"])} if row["withdrawn_at"] else {})
