"""`leadsail tenants`: the organisations that share this installation."""

import asyncio
from typing import Annotated, get_args

import typer

from leadsail.entrypoints.options import DatabaseUrl, DataDir, settings_from
from leadsail.entrypoints.reaching import reached_platform
from leadsail.features.tenants.schemas import NewKey, Scope, TenantChange
from leadsail.features.tenants.service import KeyService, TenantService
from leadsail.foundation.settings import Settings

commands = typer.Typer(rich_markup_mode=None, add_completion=False, no_args_is_help=True)


@commands.callback()
def _tenants() -> None:
    """Create and list the organisations on this installation."""


@commands.command()
def create(
    name: Annotated[str, typer.Argument(help="What the organisation is called.")],
    *,
    country: Annotated[str, typer.Option(help="Two letters; phone numbers without a country are read as its.")] = "US",
    timezone: Annotated[
        str, typer.Option(help="Where a lead is assumed to be when nothing tells.")
    ] = "America/New_York",
    data_dir: DataDir = None,
    database_url: DatabaseUrl = None,
) -> None:
    """Create an organisation and its first key, which may do everything: with it further keys are made."""
    checked = TenantChange(name=name, country=country, timezone=timezone)
    asyncio.run(_create(settings_from(data_dir=data_dir, database_url=database_url), checked))


@commands.command("list")
def list_all(*, data_dir: DataDir = None, database_url: DatabaseUrl = None) -> None:
    """List every organisation, the oldest first."""
    asyncio.run(_list(settings_from(data_dir=data_dir, database_url=database_url)))


async def _create(settings: Settings, new: TenantChange) -> None:
    async with reached_platform(settings) as platform:
        wanted = new.model_dump()
        tenant_id = await platform.service(TenantService).create(wanted.pop("name"), **wanted)
        async with platform.database.work(tenant_id, "cli") as work:
            key = await platform.service(KeyService).mint(work, NewKey(name="first key", scopes=list(get_args(Scope))))
    typer.echo(f"tenant   {tenant_id}")
    typer.echo(f"API key  {key.key}  (all scopes; shown here and never again)")


async def _list(settings: Settings) -> None:
    async with reached_platform(settings) as platform:
        for tenant_id, name, created_at in await platform.service(TenantService).all():
            typer.echo(f"{tenant_id}  {created_at:%Y-%m-%d}  {name}")
