"""No code path rings or texts somebody except through the gate: shown on the code, and held by the database itself."""

import ast
import importlib
import inspect
import pkgutil
from collections.abc import Iterator
from pathlib import Path
from typing import get_type_hints

import asyncpg
import pytest

import leadsail
import leadsail.ports
from leadsail.entrypoints.wiring import Platform
from leadsail.features.contact_gate.service import gate
from leadsail.ports.contact_permit import Permit
from tests.conftest import TestTenant

_SOURCE = Path(str(leadsail.__file__)).parent

_REACHES_NOBODY = {
    "leadsail.ports.journal": {"Journal"},
    "leadsail.ports.object_store": {"ObjectStore"},
}
"""The ports that cannot reach a person. Every other one takes a permit in each of its methods that does something."""

_ASKS_ONLY = {"capabilities", "look_up", "verify", "parse"}
"""Methods of the other ports that only ask a vendor, or read what it sent."""


def _ports() -> Iterator[tuple[str, type]]:
    for module in pkgutil.iter_modules(leadsail.ports.__path__, "leadsail.ports."):
        for name, kind in inspect.getmembers(importlib.import_module(module.name), inspect.isclass):
            is_port = getattr(kind, "_is_protocol", False) and kind.__module__ == module.name
            if is_port and name not in _REACHES_NOBODY.get(module.name, set()):
                yield module.name, kind


def _without_permit(kind: type) -> list[str]:
    methods = inspect.getmembers(kind, inspect.isfunction)
    return [
        name
        for name, method in methods
        if not name.startswith("_") and name not in _ASKS_ONLY and Permit not in get_type_hints(method).values()
    ]


def _makers_of(name: str) -> set[str]:
    """The modules that build an object of this class."""
    makers = set()
    for file in _SOURCE.rglob("*.py"):
        for node in ast.walk(ast.parse(file.read_text())):
            if isinstance(node, ast.Call) and getattr(node.func, "id", getattr(node.func, "attr", "")) == name:
                makers.add(".".join(file.relative_to(_SOURCE.parent).with_suffix("").parts))
    return makers


class TestTheCode:
    def test_every_port_that_reaches_people_asks_for_a_permit(self) -> None:
        unguarded = {f"{module}.{kind.__name__}": _without_permit(kind) for module, kind in _ports()}

        assert {port: methods for port, methods in unguarded.items() if methods} == {}

    def test_a_port_without_permit_is_noticed(self) -> None:
        class Telephony:
            async def place(self, number: str) -> None: ...

        assert _without_permit(Telephony) == ["place"]

    def test_a_port_with_permit_is_fine(self) -> None:
        class Telephony:
            async def place(self, permit: Permit) -> None: ...

        assert _without_permit(Telephony) == []

    def test_the_gate_alone_makes_permits(self) -> None:
        assert _makers_of("Permit") == {gate.__name__}

    def test_the_gate_alone_writes_attempts(self) -> None:
        """Whoever names the table in SQL could let an attempt go ahead; only the gate's own SQL does."""
        writers = {
            ".".join(file.relative_to(_SOURCE.parent).with_suffix("").parts[:4])
            for file in _SOURCE.rglob("*.py")
            if "into contact_attempt" in (text := file.read_text()) or "update contact_attempt" in text
        }

        assert writers == {"leadsail.features.contact_gate.repository"}


class TestTheDatabase:
    async def test_no_attempt_starts_as_dialed(self, platform: Platform, tenant: TestTenant) -> None:
        with pytest.raises(asyncpg.PostgresError, match="did not allow"):
            await _write(platform, tenant, state="dialing", committed=True)

    async def test_no_attempt_rings_without_being_committed(self, platform: Platform, tenant: TestTenant) -> None:
        with pytest.raises(asyncpg.PostgresError, match="was not committed"):
            await _write(platform, tenant, state="ringing", committed=False)

    async def test_no_planned_attempt_goes_ahead_by_itself(self, platform: Platform, tenant: TestTenant) -> None:
        await _write(platform, tenant, state="planned", committed=False)

        with pytest.raises(asyncpg.PostgresError, match="did not allow"):
            await _set(platform, tenant, "state = 'dialing', committed_at = now(), lock_order = 1")

    async def test_no_canceled_attempt_comes_back(self, platform: Platform, tenant: TestTenant) -> None:
        await _write(platform, tenant, state="canceled", committed=False)

        with pytest.raises(asyncpg.PostgresError, match="is canceled"):
            await _set(platform, tenant, "state = 'dialing', committed_at = now(), lock_order = 1")


async def _write(platform: Platform, tenant: TestTenant, *, state: str, committed: bool) -> None:
    at = platform.clock.now() if committed else None
    async with platform.database.work(tenant.tenant_id, "test") as work:
        await work.execute(
            "insert into contact_attempt (tenant_id, attempt_id, phone_hash, channel, purpose, state, planned_at,"
            " committed_at, lock_order, created_at, updated_at)"
            " values ($1, 'att_x', 'hash', 'call', 'marketing', $2, now(), $3, $4, now(), now())",
            tenant.tenant_id,
            state,
            at,
            1 if committed else None,
        )


async def _set(platform: Platform, tenant: TestTenant, change: str) -> None:
    async with platform.database.work(tenant.tenant_id, "test") as work:
        await work.execute(f"update contact_attempt set {change} where attempt_id = 'att_x'")  # noqa: S608 - constants of this file
