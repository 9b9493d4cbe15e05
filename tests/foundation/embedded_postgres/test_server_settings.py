"""The profile, what may be changed of it, and what never reaches the log."""

from pathlib import Path

import asyncpg
import pytest

from leadsail.foundation.embedded_postgres import EmbeddedPostgres, SettingsError
from tests.foundation.embedded_postgres.running import StartsServer, execute, value


class TestSettings:
    async def test_writes_are_durable(self, server: EmbeddedPostgres) -> None:
        durable = [await value(server.url(), f"show {name}") for name in ("fsync", "synchronous_commit")]

        assert durable == ["on", "on"]

    async def test_the_profile_may_be_overridden(self, used_data_dir: Path, a_server: StartsServer) -> None:
        server = await a_server(used_data_dir, shared_buffers="16MB")

        assert await value(server.url(), "show shared_buffers") == "16MB"

    @pytest.mark.parametrize("name", ["listen_addresses", "HBA_FILE", "unix_socket_permissions"])
    async def test_what_keeps_strangers_out_may_not(self, data_dir: Path, name: str) -> None:
        server = EmbeddedPostgres(data_dir, settings={name: "*"})

        with pytest.raises(SettingsError, match=f"keeps {name.lower()} to itself.*--database-url"):
            await server.start()

    async def test_nothing_of_it_yields_to_alter_system(self, own_data_dir: Path, a_server: StartsServer) -> None:
        server = await a_server(own_data_dir)
        await execute(server.url("postgres"), "alter system set listen_addresses = '*'")
        await server.stop()

        await server.start()

        assert await value(server.url(), "show listen_addresses") == ""


class TestLog:
    async def test_a_clients_error_does_not_reach_it(self, server: EmbeddedPostgres) -> None:
        """An error quotes values, and values can be phone numbers."""
        with pytest.raises(asyncpg.DataError):
            await execute(server.url(), "select '+15550001234'::date")

        assert "5550001234" not in server.log.path.read_text()
