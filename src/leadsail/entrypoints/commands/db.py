"""`leadsail db`: the database's schema, its address, and its copies."""

import asyncio
from pathlib import Path
from typing import Annotated

import typer

from leadsail.entrypoints.backup import Copies, programs_for, refuse_unless_restorable
from leadsail.entrypoints.database_address import database_address
from leadsail.entrypoints.installation import Installation, inspect, master_key_file, master_key_for
from leadsail.entrypoints.options import DatabaseUrl, DataDir, settings_from
from leadsail.entrypoints.preparation import adopt_server, prepare_database
from leadsail.entrypoints.reaching import reached_database
from leadsail.entrypoints.refusals import Refusal
from leadsail.foundation.encryption import MasterKeyError
from leadsail.foundation.settings import Settings

commands = typer.Typer(rich_markup_mode=None, add_completion=False, no_args_is_help=True)

CopyFile = Annotated[Path, typer.Argument(help="The copy, in pg_dump's custom format.")]


@commands.callback()
def _db() -> None:
    """Migrate, back up and restore the database; print its address."""


@commands.command()
def migrate(*, data_dir: DataDir = None, database_url: DatabaseUrl = None) -> None:
    """Bring the database to this release; nothing happens when it is there already."""
    asyncio.run(_migrate(settings_from(data_dir=data_dir, database_url=database_url)))


@commands.command()
def backup(file: CopyFile, *, data_dir: DataDir = None, database_url: DatabaseUrl = None) -> None:
    """Write a copy of the whole database to a file, while it runs or not. The master key is not in it."""
    asyncio.run(_backup(settings_from(data_dir=data_dir, database_url=database_url), file.resolve()))


@commands.command()
def restore(
    file: CopyFile,
    *,
    replace: Annotated[bool, typer.Option("--replace", help="Give up what is in the database now.")] = False,
    yes: Annotated[bool, typer.Option("--yes", help="Do not ask.")] = False,
    data_dir: DataDir = None,
    database_url: DatabaseUrl = None,
) -> None:
    """Put a copy back, into an empty database unless told to replace; LeadSail must not run meanwhile."""
    settings = settings_from(data_dir=data_dir, database_url=database_url)
    if not file.is_file():
        raise Refusal(f"There is no file {file}; name one that leadsail db backup wrote.")
    if replace and not yes:
        typer.confirm("Everything in the database now is lost and replaced by the copy. Go on?", abort=True)
    asyncio.run(_restore(settings, file.resolve(), replace=replace))


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


async def _backup(settings: Settings, file: Path) -> None:
    async with reached_database(settings) as address:
        programs = programs_for(embedded=settings.database_url is None)
        typer.echo(f"copying the database to {file}")
        size = await Copies(address.owner, typer.echo, programs=programs).make(file)
    typer.echo(f"done, {size / 1e6:,.1f} MB; keep the master key ({_key_place(settings)}) apart from it")


async def _restore(settings: Settings, file: Path, *, replace: bool) -> None:
    async with reached_database(settings, may_create=True, alone=True) as address:
        if settings.database_url is not None:
            await adopt_server(address.owner.url)
        copies = Copies(address.owner, typer.echo, programs=programs_for(embedded=settings.database_url is None))
        contents = await copies.look_into(file)
        await refuse_unless_restorable(address.owner, contents, replace=replace)
        typer.echo(f"putting {file} back (schema {contents.schema})")
        await copies.put_back(file)
    typer.echo("done; nobody is called or texted until you have run: leadsail journal replay")
    try:
        master_key_for(settings, Installation(key_check=contents.key_check))
    except MasterKeyError:
        typer.echo(
            f"warning: this copy belongs to another master key than the one of this machine; put that key into"
            f" {_key_place(settings)}, since LeadSail does not start without it",
            err=True,
        )


def _key_place(settings: Settings) -> str:
    return "LEADSAIL_MASTER_KEY" if settings.master_key else str(master_key_file(settings))
