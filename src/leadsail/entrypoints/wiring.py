"""Settings in, services and adapters out: the one place where the parts of the platform are put together."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, TypeVar, cast

from leadsail.entrypoints.gate_wiring import gate_services
from leadsail.entrypoints.subscriptions import subscriptions
from leadsail.features.agents.service import PhoneNumberService, SmsAgentService, VoiceAgentService
from leadsail.features.campaigns.service import CampaignService
from leadsail.features.clients.service import ClientService, OfferService
from leadsail.features.consents.service import ConsentService
from leadsail.features.contact_gate.service.holds import HoldService
from leadsail.features.contact_gate.service.policy import ContactPolicyService
from leadsail.features.do_not_call.service import (
    Barring,
    DoNotCallService,
    JournalReplay,
    ListTransferService,
    RegistryService,
    SecretNumbers,
)
from leadsail.features.field_library.service import FieldService, ValueSetService
from leadsail.features.interactions.service import InteractionService
from leadsail.features.leads.service import LeadService
from leadsail.features.scripts.service import FlowService, PromptTemplateService
from leadsail.features.tenants.service import KeyService, TenantService
from leadsail.foundation.clock import Clock
from leadsail.foundation.database import Database
from leadsail.foundation.encryption import KeyedHash, MasterKey, SecretBox
from leadsail.foundation.event_bus import EventBus
from leadsail.foundation.job_queue import JobQueue
from leadsail.ports.journal import Journal

ServiceT = TypeVar("ServiceT")


@dataclass(frozen=True)
class Platform:
    """The parts of one running process. `services` holds each service under its own class."""

    database: Database
    queue: JobQueue
    clock: Clock
    keyed_hash: KeyedHash
    secret_box: SecretBox
    journal: Journal
    services: Mapping[type, Any] = field(default_factory=dict)

    def service(self, kind: type[ServiceT]) -> ServiceT:
        """The one service of this kind."""
        return cast(ServiceT, self.services[kind])


def wire(
    *,
    database: Database,
    queue: JobQueue,
    clock: Clock,
    master_key: MasterKey,
    journal: Journal,
    rules_dir: Path | None = None,
) -> Platform:
    """Build every service with what it needs."""
    keyed_hash, secret_box = KeyedHash(master_key), SecretBox(master_key)
    services: dict[type, Any] = {}
    # The bus hears of services that are built after it, so it looks them up when an event is published.
    inside, after = subscriptions(services)
    bus = EventBus(inside=inside, after=after)
    campaigns = CampaignService(clock, secret_box)
    tenants = TenantService(database, clock, bus)
    leads = LeadService(clock, bus, tenants, keyed_hash)
    numbers = SecretNumbers(keyed_hash, secret_box)
    barring = Barring(leads, bus, journal, numbers)
    replay = JournalReplay(database, barring, numbers)
    for service in (
        tenants,
        KeyService(database, clock, keyed_hash),
        ClientService(clock),
        OfferService(clock),
        FieldService(clock),
        ValueSetService(clock),
        PromptTemplateService(clock),
        FlowService(clock),
        campaigns,
        PhoneNumberService(clock),
        VoiceAgentService(clock, campaigns),
        SmsAgentService(clock, campaigns),
        leads,
        DoNotCallService(clock, leads, barring, numbers, replay),
        ListTransferService(database, clock, leads, barring, numbers),
        RegistryService(database, clock, numbers),
        ConsentService(clock, leads, campaigns, keyed_hash),
        ContactPolicyService(clock),
        HoldService(database, clock),
        InteractionService(database, clock, bus, leads, keyed_hash),
    ):
        services[type(service)] = service
    for service in gate_services(services, database, clock, keyed_hash, journal=journal, rules_dir=rules_dir):
        services[type(service)] = service
    return Platform(database, queue, clock, keyed_hash, secret_box, journal, services)
