"""`leadsail db`: the database's schema, its address, and its copies."""

import asyncio

import typer

from leadsail.entrypoints.database_address import database_address
from leadsail.entrypoints.installation import inspect, master_key_for
from leadsail.entrypoints.options import DatabaseUrl, DataDir, settings_from
from leadsail.entrypoints.preparation import adopt_server, prepare_database
from leadsail.entrypoints.reaching import reached_database
from leadsail.foundation.settings import Settings

commands = typer.Typer(rich_markup_mode=None, add_completion=False, no_args_is_help=True)


@commands.callback()
def _db() -> None:
    """Migrate, back up and restore the database; print its address."""


@commands.command()
def migrate(*, data_dir: DataDir = None, database_url: DatabaseUrl = None) -> None:
    """Bring the database to this release; nothing happens when it is there already."""
    asyncio.run(_migrate(settings_from(data_dir=data_dir, database_url=database_url)))


@commands.command()
def url(*, data_dir: DataDir = None, database_url: DatabaseUrl = None) -> None:
    """Print the address of the database as the owner of its tables, for psql and the like."""
    typer.echo(database_address(settings_from(data_dir=data_dir, database_url=database_url)).owner.url)


async def _migrate(settings: Settings) -> None:
    async with reached_database(settings, may_create=True) as address:
        if settings.database_url is not None:
            await adopt_server(address.owner.url)
        key = master_key_for(settings, await inspect(address.owner))
        await prepare_database(address.owner.url, role=address.owner.role, master_key=key, progress=typer.echo)
