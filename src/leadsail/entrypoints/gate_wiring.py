"""Puts the contact gate together on the services that know something: the second half of `wiring`."""

import socket
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from leadsail.features.agents.service import PhoneNumberService, SmsAgentService, VoiceAgentService
from leadsail.features.campaigns.service import CampaignService
from leadsail.features.consents.service import ConsentService
from leadsail.features.contact_gate.service.audit import AuditService
from leadsail.features.contact_gate.service.gate import PHONE_HASH, ContactGate
from leadsail.features.contact_gate.service.holds import HoldService
from leadsail.features.contact_gate.service.knowledge import KnowledgeService, Sources
from leadsail.features.contact_gate.service.memory import MemoryService, ProviderHistory, Witnesses
from leadsail.features.contact_gate.service.policy import ContactPolicyService
from leadsail.features.contact_gate.service.rule_books import RuleBooks
from leadsail.features.contact_gate.service.senders import SenderService
from leadsail.features.contact_gate.service.verification import VerificationService
from leadsail.features.do_not_call.service import DoNotCallService, ListeningService
from leadsail.features.dossiers.service import DossierService, Records
from leadsail.features.interactions.service import InteractionService
from leadsail.features.leads.service import LeadService
from leadsail.features.tenants.service import TenantService
from leadsail.foundation.clock import Clock
from leadsail.foundation.database import Database
from leadsail.foundation.encryption import KeyedHash
from leadsail.ports.journal import Journal

PROVIDER_HISTORIES: tuple[ProviderHistory, ...] = ()
"""Who is asked, after a copy was put back, what was done that the database has forgotten; carriers enter themselves."""


def gate_services(
    built: Mapping[type, Any], database: Database, clock: Clock, keyed_hash: KeyedHash, *, journal: Journal,
    rules_dir: Path | None,
) -> tuple[Any, ...]:  # fmt: skip
    """The gate and what stands above it, on what was `built` before."""
    books = RuleBooks(rules_dir)
    audit = AuditService(clock, keyed_hash, books.text, phone_purpose=PHONE_HASH)
    sources = Sources(
        leads=built[LeadService],
        campaigns=built[CampaignService],
        consents=built[ConsentService],
        do_not_call=built[DoNotCallService],
        holds=built[HoldService],
        policies=built[ContactPolicyService],
        senders=SenderService(built[VoiceAgentService], built[SmsAgentService], built[PhoneNumberService]),
        tenants=built[TenantService],
    )
    knowledge = KnowledgeService(sources, keyed_hash, PHONE_HASH)
    gate = ContactGate(clock, keyed_hash, built[LeadService], knowledge, books, audit)
    records = Records(
        built[InteractionService], built[LeadService], built[CampaignService], gate, audit, built[DoNotCallService]
    )
    witnesses = Witnesses(journal, built[DoNotCallService], PROVIDER_HISTORIES)
    memory = MemoryService(database, clock, built[HoldService], witnesses, machine=socket.gethostname())
    verification = VerificationService(database, clock, keyed_hash, journal)
    listening = ListeningService(built[DoNotCallService])
    return books, audit, gate, DossierService(clock, records), memory, verification, listening
