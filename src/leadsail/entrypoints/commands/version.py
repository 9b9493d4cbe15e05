"""`leadsail version`."""

import typer

from leadsail import __version__

commands = typer.Typer(rich_markup_mode=None, add_completion=False)


@commands.command()
def version() -> None:
    """Print the version."""
    typer.echo(f"leadsail {__version__}")
