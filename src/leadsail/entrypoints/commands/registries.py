"""`leadsail registries`: national do-not-call registries and answers on reassigned numbers, from files of any size."""

import asyncio
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Annotated, cast, get_args

import typer

from leadsail.entrypoints.chosen_tenant import Tenant, chosen_tenant
from leadsail.entrypoints.options import DatabaseUrl, DataDir, settings_from
from leadsail.entrypoints.reaching import reached_platform
from leadsail.entrypoints.refusals import Refusal
from leadsail.features.do_not_call.models import NewRegistryFile, RegistryName
from leadsail.features.do_not_call.schemas import ImportedRegistryFile, RegistryState
from leadsail.features.do_not_call.service import RegistryService
from leadsail.features.tenants.service import TenantService
from leadsail.foundation.settings import Settings

commands = typer.Typer(rich_markup_mode=None, add_completion=False, no_args_is_help=True)

_SHOWN_FAULTS = 20


@commands.callback()
def _registries() -> None:
    """Import files of national do-not-call registries, and see how old they are."""


@commands.command("import")
def import_file(
    file: Annotated[Path, typer.Argument(help="Text with one number a line, or comma-separated values.")],
    *,
    registry: Annotated[str, typer.Option("--registry", help=f"One of {', '.join(get_args(RegistryName))}.")],
    as_of: Annotated[str, typer.Option("--as-of", help="The day it was drawn, such as 2026-01-31.")],
    area_codes: Annotated[
        str | None, typer.Option("--area-codes", help="What it covers, comma-separated; all without it.")
    ] = None,
    tenant: Tenant = None,
    data_dir: DataDir = None,
    database_url: DatabaseUrl = None,
) -> None:
    """Take in a file. The good lines count once all of it was read; the others are told by their number."""
    new = _new(registry, as_of, area_codes)
    if not file.is_file():
        raise Refusal(f"There is no file {file}; name one that a registry gave you.")
    asyncio.run(_import(settings_from(data_dir=data_dir, database_url=database_url), tenant, new, file))


@commands.command("list")
def list_all(*, tenant: Tenant = None, data_dir: DataDir = None, database_url: DatabaseUrl = None) -> None:
    """Say of each registry how old it is and until when it may be relied on."""
    asyncio.run(_list(settings_from(data_dir=data_dir, database_url=database_url), tenant))


def _new(registry: str, as_of: str, area_codes: str | None) -> NewRegistryFile:
    if registry not in get_args(RegistryName):
        raise Refusal(f"There is no registry {registry}; name one of {', '.join(get_args(RegistryName))}.")
    try:
        day = date.fromisoformat(as_of)
    except ValueError:
        raise Refusal(f"--as-of {as_of} is no day; write it like 2026-01-31.") from None
    codes = tuple(code.strip() for code in area_codes.split(",")) if area_codes else None
    return NewRegistryFile(cast("RegistryName", registry), day, codes)


async def _import(settings: Settings, tenant: str | None, new: NewRegistryFile, file: Path) -> None:
    async with reached_platform(settings) as platform:
        tenant_id = await chosen_tenant(platform.service(TenantService), tenant)
        registries = platform.service(RegistryService)
        done = await registries.take_in_large(
            tenant_id, "cli", new, _lines(file), lambda lines: typer.echo(f"{lines:,} lines")
        )
    _tell(done)


def _lines(file: Path) -> Iterator[str]:
    # What is no UTF-8 becomes a line that is no number, and is told as such.
    with file.open(encoding="utf-8-sig", errors="replace") as lines:
        for line in lines:
            yield line.rstrip("\n")


def _tell(done: ImportedRegistryFile) -> None:
    typer.echo(f"imported {done.numbers:,} numbers of {done.registry} as of {done.as_of}")
    for fault in done.faults[:_SHOWN_FAULTS]:
        typer.echo(f"line {fault.line}: {fault.value}: {fault.message}", err=True)
    if done.faulty:
        typer.echo(f"{done.faulty:,} of {done.lines:,} lines could not be used", err=True)


async def _list(settings: Settings, tenant: str | None) -> None:
    async with reached_platform(settings) as platform:
        tenant_id = await chosen_tenant(platform.service(TenantService), tenant)
        async with platform.database.work(tenant_id, "cli") as work:
            for state in await platform.service(RegistryService).all(work):
                typer.echo(_line(state))


def _line(state: RegistryState) -> str:
    drawn = f"drawn {state.as_of}, {state.numbers:,} numbers" if state.as_of else ""
    until = f"good until {state.expires_at:%Y-%m-%d}" if state.expires_at else ""
    return "  ".join(part for part in (state.registry, state.state, drawn, until, state.warning or "") if part)
