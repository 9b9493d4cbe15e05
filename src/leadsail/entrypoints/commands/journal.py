"""`leadsail journal`: what is kept outside the database, and what brings it back after a copy was restored."""

import asyncio
from typing import Annotated

import typer

from leadsail.entrypoints.options import DatabaseUrl, DataDir, settings_from
from leadsail.entrypoints.reaching import reached_platform
from leadsail.entrypoints.refusals import Refusal
from leadsail.entrypoints.wiring import Platform
from leadsail.features.contact_gate.service.holds import HoldService
from leadsail.features.contact_gate.service.memory import MemoryService
from leadsail.foundation.settings import Settings
from leadsail.ports.journal import Entry, JournalError

commands = typer.Typer(rich_markup_mode=None, add_completion=False, no_args_is_help=True)

_WORDS = {
    "opt_out": "a number asked to be left alone",
    "lifted": "a handset started again",
    "removed": "a number was taken off the list",
    "head": "decisions were sealed",
    "released": "a restored copy was released",
}
GiveUp = Annotated[
    bool,
    typer.Option("--give-up-journal", help="The journal of this database is lost; go on with the one that is here."),
]


@commands.callback()
def _journal() -> None:
    """Look into the journal, and bring back what a restored database has forgotten."""


@commands.command()
def show(
    *,
    last: Annotated[int, typer.Option("--last", min=0, help="How many of its last entries.")] = 10,
    data_dir: DataDir = None,
    database_url: DatabaseUrl = None,
) -> None:
    """Print the journal's name, what it holds, and whether the database agrees with it."""
    asyncio.run(_show(settings_from(data_dir=data_dir, database_url=database_url), last))


@commands.command()
def replay(*, give_up_journal: GiveUp = False, data_dir: DataDir = None, database_url: DatabaseUrl = None) -> None:
    """Apply what the database has forgotten, then let contacts go on; what to do after a backup was put back."""
    settings = settings_from(data_dir=data_dir, database_url=database_url)
    asyncio.run(_replay(settings, give_up_journal=give_up_journal))


async def _show(settings: Settings, last: int) -> None:
    async with reached_platform(settings, warn=_warn) as platform:
        counts: dict[str, int] = {}
        tail: list[Entry] = []
        try:
            typer.echo(f"journal {await platform.journal.identity()}")
            async for entry in platform.journal.read():
                counts[entry.kind] = counts.get(entry.kind, 0) + 1
                tail = [*tail, entry][-last:] if last else []
        except JournalError as error:
            raise Refusal(str(error)) from error
        for kind, count in counts.items():
            typer.echo(f"{count:>10,}  {_WORDS[kind]}")
        for entry in tail:
            typer.echo(f"{entry.position.sequence:>10}  {entry.at:%Y-%m-%d %H:%M:%S} UTC  {_WORDS[entry.kind]}")
        await _tell_holds(platform)


async def _replay(settings: Settings, *, give_up_journal: bool) -> None:
    async with reached_platform(settings, warn=_warn) as platform:
        try:
            replayed = await platform.service(MemoryService).replay(
                typer.echo, by="cli", give_up_journal=give_up_journal
            )
        except JournalError as error:
            raise Refusal(str(error)) from error
        typer.echo("contacts may go on" if replayed.was_held else "nothing was held for want of memory")
        await _tell_holds(platform)


async def _tell_holds(platform: Platform) -> None:
    for hold in await platform.service(HoldService).on_platform():
        typer.echo(f"everything is held ({hold.code}): {hold.reason}")


def _warn(line: str) -> None:
    typer.echo(f"warning: {line}", err=True)
