"""The program `leadsail`. A command's module is loaded when that command is asked for, so that each starts fast."""

import gc
import sys
from collections.abc import Mapping
from importlib import import_module
from types import ModuleType
from typing import Annotated, Any, cast

import typer
from typer.core import TyperCommand, TyperGroup
from typer.main import get_command

COMMANDS: Mapping[str, str] = {
    "up": "Start everything on this machine: PostgreSQL, api and worker.",
    "api": "Run one api process.",
    "worker": "Run one worker process.",
    "db": "Migrate, back up and restore the database; print its address.",
    "tenants": "Create and list the organisations on this installation.",
    "keys": "Make, list and revoke API keys.",
    "registries": "Import national do-not-call registries and see how old they are.",
    "hold": "Stop all calls and texts: of everybody, of one organisation, or of one campaign.",
    "release": "End a hold.",
    "rules": "Check the rule book, print it, and apply it to a case.",
    "audit": "Prove that no decision about a contact was changed.",
    "journal": "Look into the journal, and bring back what a restored database has forgotten.",
    "demo": "Bring the demo back to its beginning.",
    "doctor": "Say what is wrong with this installation and how to mend it.",
    "version": "Print the version.",
}


class _Commands(TyperGroup):
    """The commands by name; each lives in the module of its name under `commands`."""

    def list_commands(self, ctx: Any) -> list[str]:
        del ctx
        return list(COMMANDS)

    def get_command(self, ctx: Any, cmd_name: str) -> TyperCommand | TyperGroup | None:
        del ctx
        if cmd_name not in COMMANDS:
            return None
        module = _loaded(f"leadsail.entrypoints.commands.{cmd_name}")
        command = cast("TyperCommand | TyperGroup", get_command(module.commands))  # typer builds these two only
        command.name = cmd_name
        return command

    def format_commands(self, ctx: Any, formatter: Any) -> None:
        """As typer does it, without loading every command for its first line."""
        del ctx
        with formatter.section("Commands"):
            formatter.write_dl(list(COMMANDS.items()))

    def invoke(self, ctx: Any) -> Any:
        """Run a command; what it refuses becomes one sentence on standard error."""
        try:
            return super().invoke(ctx)
        except Exception as error:
            if ctx.params.get("debug"):
                raise
            refusal = import_module("leadsail.entrypoints.refusals").sentence(error)
            if refusal is None:
                raise
            typer.echo(f"leadsail: {refusal}", err=True)
            raise typer.Exit(1) from None


def _loaded(name: str) -> ModuleType:
    """Import a module without looking for garbage meanwhile: there is none, and a start is a sixth faster."""
    gc.disable()
    try:
        module = import_module(name)
        gc.freeze()
    finally:
        gc.enable()
    return module


program = typer.Typer(cls=_Commands, add_completion=False, pretty_exceptions_enable=False, rich_markup_mode=None)


@program.callback(no_args_is_help=True)
def _leadsail(
    *, debug: Annotated[bool, typer.Option("--debug", help="Show where a refusal came from.")] = False
) -> None:
    """LeadSail calls and texts leads, keeps every conversation, and delivers the good ones."""
    del debug  # read where a command fails


def main() -> None:
    """The entry point of the package; never returns."""
    sys.exit(get_command(program)(prog_name="leadsail"))
