"""Servers for the clients to meet: the real one, and one that lies."""

import asyncio
from collections.abc import AsyncIterator, Callable

import httpx2
import pytest

from leadsail.entrypoints.wiring import Platform
from tests.client.callers import BOTH, Caller
from tests.client.lying_server import LyingServer
from tests.conftest import TestTenant
from tests.features.interactions.calls import Conversations

Make = Callable[..., Caller]


@pytest.fixture(params=BOTH, ids=lambda make: make.__name__)
def make(request: pytest.FixtureRequest) -> Make:
    """Makes a caller of either client."""
    maker: Make = request.param
    return maker


@pytest.fixture
async def caller(make: Make, server_url: str, tenant: TestTenant) -> AsyncIterator[Caller]:
    """Either client, at the real platform, with this test's own tenant's key."""
    caller = make(server_url, tenant.key)
    yield caller
    await caller.close()


@pytest.fixture
async def liar() -> AsyncIterator[LyingServer]:
    """A server that lies."""
    lying = LyingServer()
    server = await asyncio.start_server(lying.serve, "127.0.0.1", 0)
    lying.port = server.sockets[0].getsockname()[1]
    yield lying
    server.close()
    await server.wait_closed()


@pytest.fixture
async def misled(make: Make, liar: LyingServer) -> AsyncIterator[Caller]:
    """Either client, at the server that lies."""
    caller = make(liar.url)
    yield caller
    await caller.close()


@pytest.fixture
def talk(platform: Platform, tenant: TestTenant, api: httpx2.AsyncClient) -> Conversations:
    """Conversations of this test's own tenant, led by the platform's own parts."""
    return Conversations(platform, tenant.tenant_id, api)
