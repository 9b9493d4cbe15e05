"""A platform of its own for a long check: a fresh PostgreSQL, a tenant with a campaign, and a way to join."""

import shutil
import tempfile
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Self

from leadsail.entrypoints.preparation import prepare_database
from leadsail.entrypoints.wiring import Platform, wire
from leadsail.features.agents.schemas import NewPhoneNumber, NewVoiceAgent
from leadsail.features.agents.service import PhoneNumberService, VoiceAgentService
from leadsail.features.campaigns.schemas import AgentSlot, NewCampaign
from leadsail.features.campaigns.service import CampaignService
from leadsail.features.clients.schemas import NewClient, NewOffer
from leadsail.features.clients.service import ClientService, OfferService
from leadsail.features.tenants.service import TenantService
from leadsail.foundation.clock import SystemClock
from leadsail.foundation.database import Database
from leadsail.foundation.embedded_postgres import EmbeddedPostgres
from leadsail.foundation.encryption import MasterKey
from leadsail.foundation.job_queue.pgqueuer_queue import PgQueuerQueue
from leadsail.providers.journal import FileJournal

_SETTINGS = {"track_commit_timestamp": "on", "fsync": "off", "max_connections": "100"}
"""The database notes when each transaction committed; this one need not survive the machine."""


@dataclass(frozen=True)
class Ground:
    """Where a check takes place. `address` is what another process needs to join."""

    platform: Platform
    tenant_id: str
    campaign_id: str
    superuser_url: str
    address: dict[str, str]

    @classmethod
    @asynccontextmanager
    async def joined(cls, address: dict[str, str]) -> AsyncIterator[Self]:
        """The same ground, in another process."""
        platform = _platform(address)
        await platform.database.open()
        try:
            yield cls(platform, address["tenant"], address["campaign"], address["superuser"], address)
        finally:
            await platform.database.close()


@asynccontextmanager
async def ground() -> AsyncIterator[Ground]:
    """A fresh one; everything of it is removed afterwards."""
    folder = _open_folder()
    key = MasterKey.read_or_create(folder / "key")
    server = EmbeddedPostgres(folder / "data", settings=_SETTINGS)
    try:
        await server.start()
        await prepare_database(server.url("leadsail_owner"), role=None, master_key=key, progress=lambda _: None)
        address = {"url": server.url(), "superuser": server.url("postgres"), "folder": str(folder)}
        platform = _platform(address)
        await platform.database.open()
        try:
            tenant_id = await platform.service(TenantService).create("Chaos")
            campaign_id = await _campaign(platform, tenant_id)
            whole = address | {"tenant": tenant_id, "campaign": campaign_id}
            yield Ground(platform, tenant_id, campaign_id, address["superuser"], whole)
        finally:
            await platform.database.close()
    finally:
        await server.stop()
        shutil.rmtree(folder, ignore_errors=True)


def _platform(address: dict[str, str]) -> Platform:
    folder = Path(address["folder"])
    queue = PgQueuerQueue()
    return wire(
        database=Database(address["url"], queue, size=20),
        queue=queue,
        clock=SystemClock(),
        master_key=MasterKey.read(folder / "key"),
        journal=FileJournal(folder / "journal"),
    )


def _open_folder() -> Path:
    """A folder that the account of PostgreSQL may enter."""
    folder = Path(tempfile.mkdtemp(prefix="ls-chaos-"))
    folder.chmod(0o711)
    return folder


async def _campaign(platform: Platform, tenant_id: str) -> str:
    async with platform.database.work(tenant_id, "chaos") as work:
        client = await platform.service(ClientService).create(work, NewClient(name="Sunny Solar", abbrev="SUN"))
        offer = await platform.service(OfferService).create(work, NewOffer(name="Rooftop", abbrev="ROOF"))
        number = NewPhoneNumber(number="+15002550100", provider="sandbox", capabilities=["voice", "sms"])
        ours = await platform.service(PhoneNumberService).create(work, number)
        agent = await platform.service(VoiceAgentService).create(work, NewVoiceAgent(name="Ava"))
        slot = AgentSlot(agent_id=agent.value.agent_id, phone_number_id=ours.value.phone_number_id)
        new = NewCampaign(name="Chaos", client_id=client.value.client_id, offer_id=offer.value.offer_id, voice=slot)
        campaign = await platform.service(CampaignService).create(work, new)
    return campaign.value.campaign_id
