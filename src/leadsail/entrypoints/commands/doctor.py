"""`leadsail doctor`: what is wrong with this installation, in words."""

import asyncio

import typer

from leadsail.entrypoints.doctor import Finding, Level, examine
from leadsail.entrypoints.options import DatabaseUrl, DataDir, Host, Port, PublicUrl, TlsCert, TlsKey, settings_from
from leadsail.foundation.settings import Settings

commands = typer.Typer(rich_markup_mode=None, add_completion=False)

_SIGNS = {Level.GOOD: "ok   ", Level.NOTE: "note ", Level.WRONG: "WRONG"}


@commands.command()
def doctor(
    *,
    host: Host = None,
    port: Port = None,
    data_dir: DataDir = None,
    database_url: DatabaseUrl = None,
    public_url: PublicUrl = None,
    tls_cert: TlsCert = None,
    tls_key: TlsKey = None,
) -> None:
    """Say what is wrong with this installation and how to mend it; exit code 1 when something is."""
    settings = settings_from(
        host=host, port=port, data_dir=data_dir, database_url=database_url, public_url=public_url,
        tls_cert=tls_cert, tls_key=tls_key,
    )  # fmt: skip
    if asyncio.run(_tell(settings)):
        raise typer.Exit(1)


async def _tell(settings: Settings) -> int:
    """Print every finding as it is made; answers how many are wrong."""
    wrong = 0
    async for finding in examine(settings):
        wrong += finding.level is Level.WRONG
        _print(finding)
    typer.echo("all is well" if not wrong else f"{wrong} thing{'s' if wrong > 1 else ''} to mend")
    return wrong


def _print(finding: Finding) -> None:
    typer.echo(f"{_SIGNS[finding.level]} {finding.what}")
    if finding.remedy:
        typer.echo(f"      {finding.remedy}")
