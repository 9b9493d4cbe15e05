"""`leadsail up`: everything on one machine, from nothing."""

import asyncio
from typing import Annotated

import typer

from leadsail.entrypoints.listening import listen
from leadsail.entrypoints.options import (
    DatabaseUrl,
    DataDir,
    Host,
    Port,
    PublicUrl,
    TlsCert,
    TlsKey,
    TrustedProxies,
    settings_from,
)
from leadsail.entrypoints.supervisor.supervisor import Supervisor
from leadsail.foundation.settings import Settings

commands = typer.Typer(rich_markup_mode=None, add_completion=False)


@commands.command()
def up(
    *,
    demo: Annotated[bool, typer.Option("--demo", help="With a demo organisation and its conversations.")] = False,
    host: Host = None,
    port: Port = None,
    data_dir: DataDir = None,
    database_url: DatabaseUrl = None,
    public_url: PublicUrl = None,
    trusted_proxies: TrustedProxies = None,
    tls_cert: TlsCert = None,
    tls_key: TlsKey = None,
) -> None:
    """Start PostgreSQL, api and worker on this machine and keep them running until Ctrl-C or SIGTERM."""
    settings = settings_from(
        host=host, port=port, data_dir=data_dir, database_url=database_url, public_url=public_url,
        trusted_proxies=trusted_proxies, tls_cert=tls_cert, tls_key=tls_key,
    )  # fmt: skip
    asyncio.run(_run(settings, demo=demo))


async def _run(settings: Settings, *, demo: bool) -> None:
    with await listen(settings.host, settings.port) as listener:
        # Port 0 was a wish for any free one; from here on it is known.
        known = settings.model_copy(update={"port": listener.getsockname()[1]})
        await Supervisor(known, listener, say).run(demo=demo)


def say(line: str) -> None:
    """Tell whoever started it; at once, also into a pipe."""
    typer.echo(line)
