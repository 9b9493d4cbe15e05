"""`leadsail keys`: API keys of one organisation."""

import asyncio
from datetime import UTC, datetime
from typing import Annotated

import typer

from leadsail.entrypoints.chosen_tenant import Tenant, chosen_tenant
from leadsail.entrypoints.options import DatabaseUrl, DataDir, settings_from
from leadsail.entrypoints.reaching import reached_platform
from leadsail.entrypoints.refusals import Refusal
from leadsail.features.tenants.schemas import ApiKey, NewKey
from leadsail.features.tenants.service import KeyService, TenantService
from leadsail.foundation.errors import NotFound
from leadsail.foundation.settings import Settings

commands = typer.Typer(rich_markup_mode=None, add_completion=False, no_args_is_help=True)


@commands.callback()
def _keys() -> None:
    """Make, list and revoke API keys."""


@commands.command()
def create(
    *,
    name: Annotated[str, typer.Option(help="What the key is for.")],
    tenant: Tenant = None,
    kind: Annotated[str, typer.Option(help="live, or test, which reaches sandbox numbers only.")] = "live",
    scopes: Annotated[str | None, typer.Option(help="read,write,call,sms,admin; without it all but admin.")] = None,
    expires: Annotated[datetime | None, typer.Option(help="When it ends (UTC); without it never.")] = None,
    data_dir: DataDir = None,
    database_url: DatabaseUrl = None,
) -> None:
    """Make a key and print it: it is shown here and never again."""
    wanted = {
        "name": name,
        "kind": kind,
        "scopes": scopes.split(",") if scopes else None,
        "expiresAt": expires.replace(tzinfo=UTC) if expires else None,
    }
    new = NewKey.model_validate({field: value for field, value in wanted.items() if value is not None})
    asyncio.run(_create(settings_from(data_dir=data_dir, database_url=database_url), tenant, new))


@commands.command("list")
def list_all(*, tenant: Tenant = None, data_dir: DataDir = None, database_url: DatabaseUrl = None) -> None:
    """List the keys of an organisation, without the keys themselves, the newest first."""
    asyncio.run(_list(settings_from(data_dir=data_dir, database_url=database_url), tenant))


@commands.command()
def revoke(
    key_id: Annotated[str, typer.Argument(metavar="KEY_ID", help="As `leadsail keys list` shows it.")],
    *,
    tenant: Tenant = None,
    data_dir: DataDir = None,
    database_url: DatabaseUrl = None,
) -> None:
    """Close a key for good; every process refuses it within a second."""
    asyncio.run(_revoke(settings_from(data_dir=data_dir, database_url=database_url), tenant, key_id))


async def _create(settings: Settings, tenant: str | None, new: NewKey) -> None:
    async with reached_platform(settings) as platform:
        tenant_id = await chosen_tenant(platform.service(TenantService), tenant)
        async with platform.database.work(tenant_id, "cli") as work:
            key = await platform.service(KeyService).mint(work, new)
    typer.echo(f"{key.key}  ({key.key_id}, {', '.join(key.scopes)})")


async def _list(settings: Settings, tenant: str | None) -> None:
    async with reached_platform(settings) as platform:
        tenant_id = await chosen_tenant(platform.service(TenantService), tenant)
        async with platform.database.work(tenant_id, "cli") as work:
            for key in await platform.service(KeyService).all(work):
                typer.echo(_line(key))


async def _revoke(settings: Settings, tenant: str | None, key_id: str) -> None:
    async with reached_platform(settings) as platform:
        tenant_id = await chosen_tenant(platform.service(TenantService), tenant)
        try:
            async with platform.database.work(tenant_id, "cli") as work:
                key = await platform.service(KeyService).revoke(work, key_id)
        except NotFound:
            raise Refusal(f"{tenant_id} has no key {key_id}; leadsail keys list shows the ones there are") from None
    typer.echo(f"revoked {key.key_id} ({key.name})")


def _line(key: ApiKey) -> str:
    state = "revoked" if key.revoked_at else f"until {key.expires_at:%Y-%m-%d}" if key.expires_at else "good"
    used = f"used {key.last_used_at:%Y-%m-%d}" if key.last_used_at else "never used"
    return f"{key.key_id}  {key.hint}  {state}  {used}  {','.join(key.scopes)}  {key.name}"
