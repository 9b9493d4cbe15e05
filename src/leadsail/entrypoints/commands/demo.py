"""`leadsail demo`: the demo organisation that `leadsail up --demo` makes."""

import asyncio

import typer

from leadsail.entrypoints.demo.demo import prepare as prepare_demo
from leadsail.entrypoints.demo.demo import reset as reset_demo
from leadsail.entrypoints.demo_file import DemoFile
from leadsail.entrypoints.options import DatabaseUrl, DataDir, settings_from
from leadsail.entrypoints.reaching import reached_platform
from leadsail.entrypoints.refusals import Refusal
from leadsail.foundation.clock import ManualClock, SystemClock
from leadsail.foundation.settings import Settings

commands = typer.Typer(rich_markup_mode=None, add_completion=False, no_args_is_help=True)


@commands.callback()
def _demo() -> None:
    """Bring the demo back to its beginning."""


@commands.command()
def reset(*, data_dir: DataDir = None, database_url: DatabaseUrl = None) -> None:
    """Erase the demo's people and conversations and tell them anew; its keys stay."""
    asyncio.run(_reset(settings_from(data_dir=data_dir, database_url=database_url)))


@commands.command(hidden=True)
def prepare(*, data_dir: DataDir = None, database_url: DatabaseUrl = None) -> None:
    """Make the demo unless it is there, and write demo.json; what `leadsail up --demo` runs."""
    asyncio.run(_prepare(settings_from(data_dir=data_dir, database_url=database_url)))


async def _prepare(settings: Settings) -> None:
    clock = ManualClock(SystemClock().now())
    async with reached_platform(settings, clock) as platform:
        _file(settings).write(await prepare_demo(platform, clock, settings.base_url))


async def _reset(settings: Settings) -> None:
    file = _file(settings)
    known = file.read()
    if known is None:
        raise Refusal(f"There is no demo: {file.path} is not there; make one with: leadsail up --demo")
    clock = ManualClock(SystemClock().now())
    typer.echo("erasing the demo's people and telling its two weeks anew")
    async with reached_platform(settings, clock) as platform:
        file.write(await reset_demo(platform, clock, known))
    typer.echo(f"the demo is as it was at its beginning; {file.path} holds the new ids")


def _file(settings: Settings) -> DemoFile:
    return DemoFile(settings.data_dir / "demo.json")
