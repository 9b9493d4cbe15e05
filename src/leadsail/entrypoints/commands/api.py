"""`leadsail api`: one api process, for an installation spread over many; logs go to standard output."""

import socket
from typing import Annotated

import typer
import uvloop

from leadsail.entrypoints.api_process import run_api
from leadsail.entrypoints.lifeline import Lifeline
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
from leadsail.foundation.settings import Settings

commands = typer.Typer(rich_markup_mode=None, add_completion=False)


@commands.command()
def api(
    *,
    host: Host = None,
    port: Port = None,
    data_dir: DataDir = None,
    database_url: DatabaseUrl = None,
    public_url: PublicUrl = None,
    trusted_proxies: TrustedProxies = None,
    tls_cert: TlsCert = None,
    tls_key: TlsKey = None,
    inherited_socket: Annotated[int | None, typer.Option(hidden=True)] = None,
) -> None:
    """Run one api process. The database must be there and migrated; any number of them may run."""
    settings = settings_from(
        host=host, port=port, data_dir=data_dir, database_url=database_url, public_url=public_url,
        trusted_proxies=trusted_proxies, tls_cert=tls_cert, tls_key=tls_key,
    )  # fmt: skip
    uvloop.run(_run(settings, inherited_socket))


async def _run(settings: Settings, inherited_socket: int | None) -> None:
    if inherited_socket is None:
        await run_api(settings, Lifeline(supervised=False), await listen(settings.host, settings.port))
    else:
        await run_api(settings, Lifeline(supervised=True), socket.socket(fileno=inherited_socket))
