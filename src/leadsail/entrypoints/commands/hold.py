"""`leadsail hold`: the emergency stop, in force at the next commit of every process."""

import asyncio
from typing import Annotated

import typer

from leadsail.entrypoints.chosen_tenant import Tenant, chosen_tenant
from leadsail.entrypoints.options import DatabaseUrl, DataDir, settings_from
from leadsail.entrypoints.reaching import reached_platform
from leadsail.entrypoints.refusals import Refusal
from leadsail.features.contact_gate.schemas.holds import ContactHold, NewHold
from leadsail.features.contact_gate.service.holds import HoldService
from leadsail.features.tenants.service import TenantService
from leadsail.foundation.settings import Settings

commands = typer.Typer(rich_markup_mode=None, add_completion=False)

Campaign = Annotated[str | None, typer.Option("--campaign", help="Only this campaign of the organisation.")]
Platform = Annotated[bool, typer.Option("--platform", help="Everybody on this installation.")]
Reason = Annotated[str, typer.Option("--reason", help="Why; it is kept, and shown to whoever asks.")]


@commands.command()
def hold(
    *,
    reason: Reason,
    tenant: Tenant = None,
    campaign: Campaign = None,
    platform: Platform = False,
    data_dir: DataDir = None,
    database_url: DatabaseUrl = None,
) -> None:
    """Stop all calls and texts of an organisation, of one of its campaigns, or of everybody."""
    refuse_both(platform=platform, tenant=tenant, campaign=campaign)
    new = NewHold(campaign_id=campaign, reason=reason)
    settings = settings_from(data_dir=data_dir, database_url=database_url)
    asyncio.run(_hold_platform(settings, new) if platform else _hold(settings, tenant, new))


def refuse_both(*, platform: bool, tenant: str | None, campaign: str | None) -> None:
    """Everybody, or somebody. Raises `Refusal`."""
    if platform and (tenant or campaign):
        raise Refusal("--platform means everybody; leave it out to name an organisation or a campaign, or name none.")


def told(found: ContactHold) -> str:
    """One line about a hold."""
    whom = {"platform": "everybody", "campaign": f"campaign {found.campaign_id}"}.get(found.scope, "the organisation")
    return f"{whom}, since {found.placed_at:%Y-%m-%d %H:%M:%S} UTC by {found.placed_by}: {found.reason}"


async def _hold(settings: Settings, tenant: str | None, new: NewHold) -> None:
    async with reached_platform(settings) as platform:
        tenant_id = await chosen_tenant(platform.service(TenantService), tenant)
        async with platform.database.work(tenant_id, "cli") as work:
            placed = await platform.service(HoldService).place(work, new)
    typer.echo(f"held: {told(placed)}")


async def _hold_platform(settings: Settings, new: NewHold) -> None:
    async with reached_platform(settings) as platform:
        holds = platform.service(HoldService)
        await holds.place_on_platform("operator", reason=new.reason, by="cli")
        for one in await holds.on_platform():
            typer.echo(f"held: {told(one)}")
