"""Settings in, services and adapters out: the one place where the parts of the platform are put together."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from leadsail.entrypoints.subscriptions import subscriptions
from leadsail.features.clients.service import ClientService, OfferService
from leadsail.features.tenants.service import KeyService, TenantService
from leadsail.foundation.clock import Clock
from leadsail.foundation.database import Database
from leadsail.foundation.encryption import KeyedHash, MasterKey
from leadsail.foundation.event_bus import EventBus
from leadsail.foundation.job_queue import JobQueue


@dataclass(frozen=True)
class Platform:
    """The parts of one running process. `services` holds each service under its own class."""

    database: Database
    queue: JobQueue
    clock: Clock
    services: Mapping[type, Any] = field(default_factory=dict)

    def service(self, kind: type[Any]) -> Any:
        """The one service of this kind."""
        return self.services[kind]


def wire(*, database: Database, queue: JobQueue, clock: Clock, master_key: MasterKey) -> Platform:
    """Build every service with what it needs."""
    keyed_hash = KeyedHash(master_key)
    services: dict[type, Any] = {}
    # The bus hears of services that are built after it, so it looks them up when an event is published.
    inside, after = subscriptions(services)
    bus = EventBus(inside=inside, after=after)
    for service in (
        TenantService(database, clock, bus),
        KeyService(database, clock, keyed_hash),
        ClientService(clock),
        OfferService(clock),
    ):
        services[type(service)] = service
    return Platform(database, queue, clock, services)
