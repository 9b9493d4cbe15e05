"""`leadsail release`: the end of a hold that somebody placed."""

import asyncio

import typer

from leadsail.entrypoints.chosen_tenant import Tenant, chosen_tenant
from leadsail.entrypoints.commands.hold import Campaign, Platform, Reason, refuse_both, told
from leadsail.entrypoints.options import DatabaseUrl, DataDir, settings_from
from leadsail.entrypoints.reaching import reached_platform
from leadsail.features.contact_gate.schemas.holds import ContactHold, HoldRelease
from leadsail.features.contact_gate.service.holds import HoldService
from leadsail.features.tenants.service import TenantService
from leadsail.foundation.settings import Settings

commands = typer.Typer(rich_markup_mode=None, add_completion=False)


@commands.command()
def release(
    *,
    reason: Reason,
    tenant: Tenant = None,
    campaign: Campaign = None,
    platform: Platform = False,
    data_dir: DataDir = None,
    database_url: DatabaseUrl = None,
) -> None:
    """Let contacts go on. Exactly the hold that is named is lifted.

    A hold of the platform's own, after a restore or without its journal, ends with `leadsail journal replay`.
    """
    refuse_both(platform=platform, tenant=tenant, campaign=campaign)
    wanted = HoldRelease(campaign_id=campaign, reason=reason)
    settings = settings_from(data_dir=data_dir, database_url=database_url)
    asyncio.run(_release_platform(settings, wanted) if platform else _release(settings, tenant, wanted))


async def _release(settings: Settings, tenant: str | None, wanted: HoldRelease) -> None:
    async with reached_platform(settings) as platform:
        tenant_id = await chosen_tenant(platform.service(TenantService), tenant)
        async with platform.database.work(tenant_id, "cli") as work:
            answer = await platform.service(HoldService).release(work, wanted)
    _say([answer.released] if answer.released else [], answer.still_held)


async def _release_platform(settings: Settings, wanted: HoldRelease) -> None:
    async with reached_platform(settings) as platform:
        holds = platform.service(HoldService)
        released = await holds.lift_from_platform("operator", reason=wanted.reason, by="cli")
        still = await holds.on_platform()
    _say(released, still)


def _say(released: list[ContactHold], still: list[ContactHold]) -> None:
    for one in released:
        typer.echo(f"released: {told(one)}")
    if not released:
        typer.echo("nothing was held")
    for one in still:
        typer.echo(f"still held: {told(one)}")
