"""The scene of these tests: canaries on this machine, and an egress whose every way out ends at them."""

from collections.abc import AsyncIterator

import pytest

from leadsail.foundation.egress import Egress
from tests.foundation.egress.doubles import TRUST_NOBODY, Canaries, LoopbackConnector, TableResolver
from tests.foundation.egress.url_vectors import NAMES


@pytest.fixture
async def canaries() -> AsyncIterator[Canaries]:
    async with Canaries().listening() as listening:
        yield listening


@pytest.fixture
def connector(canaries: Canaries) -> LoopbackConnector:
    return LoopbackConnector(canaries.port)


@pytest.fixture
async def egress(canaries: Canaries, connector: LoopbackConnector) -> AsyncIterator[Egress]:
    """Public requests on the usual ports; the canaries are the operator's hosts."""
    hosts = [f"{host}:{canaries.port}" for host in ("127.0.0.1", "127.0.0.2", "127.127.127.127", "[::1]")]
    any_address = [f"0.0.0.0:{canaries.port}", f"[::]:{canaries.port}"]
    resolver = TableResolver({name: [answer] for name, answer in NAMES.items()})
    async with Egress(
        operator_hosts=[*hosts, *any_address, f"loopback.buyer.example:{canaries.port}"],
        resolver=resolver,
        connector=connector,
        tls=TRUST_NOBODY,
    ) as built:
        yield built
