"""`leadsail audit`: proof that no decision about a contact was changed since it was made."""

import asyncio

import typer

from leadsail.entrypoints.options import DatabaseUrl, DataDir, settings_from
from leadsail.entrypoints.reaching import reached_platform
from leadsail.features.contact_gate.service.verification import VerificationService, Verified
from leadsail.features.tenants.service import TenantService
from leadsail.foundation.settings import Settings

commands = typer.Typer(rich_markup_mode=None, add_completion=False, no_args_is_help=True)


@commands.callback()
def _audit() -> None:
    """Prove that no decision about a contact was changed."""


@commands.command()
def verify(*, data_dir: DataDir = None, database_url: DatabaseUrl = None) -> None:
    """Recompute every digest and every seal, and compare them with the journal; exit code 1 when something is wrong."""
    seen = asyncio.run(_verify(settings_from(data_dir=data_dir, database_url=database_url)))
    for finding in seen.findings:
        typer.echo(f"WRONG {finding}")
    if seen.findings:
        raise typer.Exit(1)
    typer.echo("nothing was changed, taken away or slipped in")


async def _verify(settings: Settings) -> Verified:
    async with reached_platform(settings) as platform:
        tenants = [tenant_id for tenant_id, _, _ in await platform.service(TenantService).all()]
        seen = await platform.service(VerificationService).verify(tenants, typer.echo)
    typer.echo(f"{seen.decisions:,} decisions ({seen.erased:,} of erased leads), {seen.seals:,} seals")
    if seen.unsealed:
        typer.echo(f"{seen.unsealed:,} decisions are not sealed yet; a worker seals them within a second")
    if seen.unjournaled:
        typer.echo(f"{seen.unjournaled:,} seals are not in the journal yet; a worker writes them within a second")
    return seen
