"""Conversations of this test's own tenant."""

from datetime import UTC, datetime

import httpx2
import pytest

from leadsail.entrypoints.wiring import Platform
from leadsail.features.interactions.events import InteractionEnded
from leadsail.features.interactions.service import InteractionService
from leadsail.features.leads.service import LeadService
from leadsail.foundation.clock import ManualClock
from leadsail.foundation.database import Work
from leadsail.foundation.event_bus import EventBus
from tests.conftest import TestTenant
from tests.features.interactions.calls import Conversations, Rehearsal


@pytest.fixture
def talk(platform: Platform, tenant: TestTenant, api: httpx2.AsyncClient) -> Conversations:
    return Conversations(platform, tenant.tenant_id, api)


@pytest.fixture
def rehearsal(platform: Platform, tenant: TestTenant, api: httpx2.AsyncClient) -> Rehearsal:
    """The same on a clock that stands at 03:04:05.678 on 2 January 2026 until it is moved."""
    clock = ManualClock(datetime(2026, 1, 2, 3, 4, 5, 678_000, UTC))
    heard: list[str] = []

    async def listen(_: Work, event: InteractionEnded) -> None:
        heard.append(event.interaction_id)

    bus = EventBus(inside={InteractionEnded: [listen]})
    leads = platform.service(LeadService)
    own = InteractionService(platform.database, clock, bus, leads, platform.keyed_hash)
    return Rehearsal(platform, tenant.tenant_id, api, clock, heard, own)
