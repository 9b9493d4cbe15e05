"""`leadsail worker`: one worker process, for an installation spread over many; logs go to standard output."""

from typing import Annotated

import typer
import uvloop

from leadsail.entrypoints.lifeline import Lifeline
from leadsail.entrypoints.options import DatabaseUrl, DataDir, settings_from
from leadsail.entrypoints.worker_process import run_worker

commands = typer.Typer(rich_markup_mode=None, add_completion=False)


@commands.command()
def worker(
    *,
    data_dir: DataDir = None,
    database_url: DatabaseUrl = None,
    supervised: Annotated[bool, typer.Option("--supervised", hidden=True)] = False,
) -> None:
    """Run one worker process. The database must be there and migrated; any number of them may run."""
    settings = settings_from(data_dir=data_dir, database_url=database_url)
    uvloop.run(run_worker(settings, Lifeline(supervised=supervised)))
