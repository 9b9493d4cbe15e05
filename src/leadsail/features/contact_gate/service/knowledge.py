"""Gathers what the gate must know, for many contacts in as many statements as for one."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from leadsail.features.campaigns.schemas import Campaign
from leadsail.features.campaigns.service import CampaignService
from leadsail.features.consents.models import Asked, Consent
from leadsail.features.consents.service import ConsentService
from leadsail.features.contact_gate.models import (
    CampaignTerms,
    Contact,
    History,
    HoldTerms,
    Intent,
    PastAttempt,
    Reassignment,
    RegistryFact,
    SenderTerms,
    Suppression,
    TenantTerms,
    Terms,
)
from leadsail.features.contact_gate.repository.attempts import AttemptRepository
from leadsail.features.contact_gate.rules.campaign import week_of
from leadsail.features.contact_gate.service.holds import HoldService
from leadsail.features.contact_gate.service.policy import ContactPolicyService
from leadsail.features.contact_gate.service.requests import ContactRequest, Knowledge
from leadsail.features.contact_gate.service.senders import SenderService
from leadsail.features.do_not_call.models import SuppressionFacts
from leadsail.features.do_not_call.service import DoNotCallService
from leadsail.features.leads.service import LeadService
from leadsail.features.tenants.schemas import Tenant
from leadsail.features.tenants.service import TenantService
from leadsail.foundation.database import Work
from leadsail.foundation.encryption import KeyedHash
from leadsail.foundation.errors import InvalidInput, NotFound
from leadsail.foundation.geography import Number, NumberKind, Place, PlaceSource, candidates, classify

_REMEMBERED = timedelta(days=63)
"""How far back attempts can matter to a rule of law; those of a campaign count for ever."""


@dataclass(frozen=True, slots=True)
class Sources:
    """The services that know something."""

    leads: LeadService
    campaigns: CampaignService
    consents: ConsentService
    do_not_call: DoNotCallService
    holds: HoldService
    policies: ContactPolicyService
    senders: SenderService
    tenants: TenantService


@dataclass(frozen=True, slots=True)
class _Subject:
    """One request with the lead and the number it is about."""

    request: ContactRequest
    lead_id: str | None
    lead: Mapping[str, Any]
    number: Number
    campaign_id: str | None


class KnowledgeService:
    """Asks every feature below once for all contacts of a batch."""

    def __init__(self, sources: Sources, keyed_hash: KeyedHash, phone_purpose: str) -> None:
        self._ask = sources
        self._hash = keyed_hash
        self._purpose = phone_purpose

    async def of(self, work: Work, requests: Sequence[ContactRequest], now: datetime) -> list[Knowledge]:
        """What there is to know for each request, in order.

        Raises `NotFound` for a lead that does not exist, `InvalidInput` for a campaign that does not.
        """
        tenant = (await self._ask.tenants.read(work)).value
        subjects = await self._subjects(work, requests, tenant)
        people = await self._ask.leads.people(work, list({one.number.e164 for one in subjects}))
        numbers = {one.number.e164: people[one.number.e164].numbers for one in subjects}
        everyone = sorted({number for known in numbers.values() for number in known})
        facts = await self._ask.do_not_call.facts(work, everyone)
        campaigns = await self._campaigns(work, subjects)
        consents = await self._consents(work, subjects, campaigns)
        past = await self._past(work, everyone, now, list(campaigns))
        terms = _TermsOf(self._ask, work, tenant, campaigns)
        known = []
        for subject, agreed in zip(subjects, consents, strict=True):
            own = numbers[subject.number.e164]
            at = subject.request.at or now
            known.append(
                Knowledge(
                    subject.request,
                    subject.lead_id,
                    _contact(subject, agreed, {number: facts[number] for number in own}, tenant),
                    Intent(subject.request.channel, subject.request.purpose, at),
                    _history(subject.number.e164, own, past, facts, at),
                    await terms.of(subject),
                    own,
                )
            )
        return known

    async def _subjects(self, work: Work, requests: Sequence[ContactRequest], tenant: Tenant) -> list[_Subject]:
        bodies = await self._ask.leads.bodies(work, [one.lead_id for one in requests if one.lead_id])
        return [await self._subject(work, one, bodies, tenant) for one in requests]

    async def _subject(
        self, work: Work, request: ContactRequest, bodies: Mapping[str, Mapping[str, Any]], tenant: Tenant
    ) -> _Subject:
        if request.lead_id is not None and request.lead_id not in bodies:
            raise NotFound
        lead_id, lead = request.lead_id, bodies.get(request.lead_id or "", {})
        phone = request.phone or lead.get("phone")
        if phone is None:
            raise InvalidInput("phone: send a phone or a leadId")
        e164 = await self._ask.leads.number(work, phone, lead.get("country") or tenant.country)
        if lead_id is None:
            lead_id, lead = await self._ask.leads.newest_with_phone(work, e164) or (None, {})
        campaign_id = request.campaign_id or lead.get("campaignId")
        return _Subject(request, lead_id, lead, classify(e164), campaign_id)

    async def _campaigns(self, work: Work, subjects: Iterable[_Subject]) -> dict[str, Campaign]:
        found = {}
        for campaign_id in sorted({one.campaign_id for one in subjects if one.campaign_id}):
            try:
                found[campaign_id] = (await self._ask.campaigns.read(work, campaign_id)).value
            except NotFound:
                raise InvalidInput("campaignId: no such campaign") from None
        return found

    async def _consents(
        self, work: Work, subjects: Sequence[_Subject], campaigns: Mapping[str, Campaign]
    ) -> list[list[Consent]]:
        bodies = {key: value.model_dump(mode="json", by_alias=True) for key, value in campaigns.items()}
        asked = [Asked(one.number.e164, one.lead or None, bodies.get(one.campaign_id or "")) for one in subjects]
        return await self._ask.consents.of_contacts(work, asked)

    async def _past(
        self, work: Work, numbers: Sequence[str], now: datetime, campaign_ids: Sequence[str]
    ) -> dict[str, list[Any]]:
        """What was attempted with each number, the newest first."""
        owners = {value: number for number in numbers for value in self._hash.candidates(self._purpose, number)}
        rows = await AttemptRepository(work).history(list(owners), now - _REMEMBERED, campaign_ids)
        past: dict[str, list[Any]] = {number: [] for number in numbers}
        for row in rows:
            past[owners[bytes(row["phone_hash"])]].append(row)
        return past


class _TermsOf:
    """What the business sets, looked up once for each campaign of a batch."""

    def __init__(self, ask: Sources, work: Work, tenant: Tenant, campaigns: Mapping[str, Campaign]) -> None:
        self._ask = ask
        self._work = work
        self._tenant = tenant
        self._campaigns = campaigns
        self._tenant_terms: dict[str | None, TenantTerms] = {}
        self._holds: dict[str | None, HoldTerms] = {}
        self._senders: dict[tuple[str, str | None, str | None, bool], tuple[SenderTerms, bool]] = {}

    async def of(self, subject: _Subject) -> Terms:
        """The terms of one contact."""
        campaign = self._campaigns.get(subject.campaign_id or "")
        sender, configured = await self._sender(subject, campaign)
        zone = _lead_zone(subject, self._tenant)
        return Terms(
            tenant=await self._of_tenant(campaign),
            sender=sender,
            campaign=_campaign_terms(campaign, zone, configured=configured) if campaign else None,
            hold=await self._held(subject.campaign_id),
            test_key=subject.request.test_key,
        )

    async def _sender(self, subject: _Subject, campaign: Campaign | None) -> tuple[SenderTerms, bool]:
        request, is_test = subject.request, bool(subject.lead.get("flags", {}).get("isTest"))
        key = request.channel, request.sender, subject.campaign_id, is_test
        if key not in self._senders:
            self._senders[key] = await self._ask.senders.of(self._work, request, campaign, is_test=is_test)
        return self._senders[key]

    async def _of_tenant(self, campaign: Campaign | None) -> TenantTerms:
        client = campaign.client_name if campaign else None
        if client not in self._tenant_terms:
            self._tenant_terms[client] = await self._ask.policies.terms(self._work, self._tenant, client)
        return self._tenant_terms[client]

    async def _held(self, campaign_id: str | None) -> HoldTerms:
        if campaign_id not in self._holds:
            self._holds[campaign_id] = HoldTerms(await self._ask.holds.in_force(self._work, campaign_id))
        return self._holds[campaign_id]


def _contact(
    subject: _Subject, consents: Sequence[Consent], facts: Mapping[str, SuppressionFacts], tenant: Tenant
) -> Contact:
    own = facts[subject.number.e164]
    return Contact(
        number=subject.number,
        places=_places(subject, tenant),
        consents=tuple(consents),
        suppressions=tuple(
            Suppression(number == subject.number.e164, entry.source, entry.since, entry.lifted_for)
            for number, known in facts.items()
            if (entry := known.entry) is not None
        ),
        registries=tuple(RegistryFact(one.registry, one.listed, one.scrubbed_at) for one in own.registries),
        reassignment=Reassignment(own.reassignment.answer, own.reassignment.asked_at) if own.reassignment else None,
    )


def _places(subject: _Subject, tenant: Tenant) -> tuple[PlaceSource, ...]:
    lead, address = subject.lead, subject.lead.get("address") or {}
    # A zone that only the area code told is no statement of the lead's; geography finds it by itself, and all others.
    stated = lead.get("timezone") if lead.get("timezoneSource") in {"user_input", "ip", "inferred"} else None
    if subject.number.kind is NumberKind.SANDBOX:
        return (PlaceSource(Place(tenant.country, None, stated or tenant.timezone), "stated" if stated else "tenant"),)
    countries = {address.get("country"), lead.get("country")} - {None}
    if not countries:
        # A number that tells no country, such as a toll-free one, is taken for one of the tenant's own.
        countries = {None if subject.number.country else tenant.country}
    told = [
        candidates(subject.number, zone=stated, zip=address.get("zip"), region=address.get("state"), country=country)
        for country in sorted(countries, key=str)
    ]
    return tuple(dict.fromkeys(place for places in told for place in places))


def _lead_zone(subject: _Subject, tenant: Tenant) -> str:
    zone: str = subject.lead.get("timezone") or tenant.timezone
    return zone


def _history(
    number: str, own: Sequence[str], past: Mapping[str, Sequence[Any]], facts: Mapping[str, SuppressionFacts],
    at: datetime,
) -> History:  # fmt: skip
    rows = sorted(
        ((row, known) for known in own for row in past[known]), key=lambda pair: pair[0]["committed_at"], reverse=True
    )
    counted = [pair for pair in rows if pair[0]["purpose"] not in {"reply", "opt_out_confirmation"}]
    asked = [since for known in own if (since := facts[known].refused_at) is not None]
    opted_out_at = facts[number].refused_at
    confirmed = [
        row for row, known in rows
        if known == number and row["purpose"] == "opt_out_confirmation" and row["committed_at"] >= (opted_out_at or at)
    ]  # fmt: skip
    return History(
        attempts=tuple(
            PastAttempt(row["committed_at"], row["channel"], row["campaign_id"], known == number, row["lead_id"])
            for row, known in counted
        ),
        call_in_progress=any(row["under_way"] and row["channel"] == "call" for row in past[number]),
        refused_at=max(asked, default=None),
        opted_out_at=opted_out_at,
        confirmations=len(confirmed),
    )


def _campaign_terms(campaign: Campaign, lead_zone: str, *, configured: bool) -> CampaignTerms:
    dialer = campaign.auto_dialer
    binding = dialer.active
    return CampaignTerms(
        campaign.campaign_id,
        active=campaign.active and campaign.archived_at is None,
        agent_configured=configured,
        hours=week_of(dialer.operating_hours.model_dump()) if binding else None,
        min_gap_minutes=dialer.min_gap_minutes if binding else 0,
        max_attempts=dialer.max_attempts if binding else None,
        max_attempts_per_day=dialer.max_attempts_per_day if binding else None,
        lead_zone=lead_zone,
    )
