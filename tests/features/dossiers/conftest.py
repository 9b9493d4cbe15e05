"""The demo, told once: conversations of every kind, each with the decisions behind it."""

from collections.abc import AsyncIterator

import httpx2
import pytest

from leadsail.entrypoints.wiring import Platform
from leadsail.foundation.encryption import MasterKey
from leadsail.foundation.web.front_door import FrontDoor
from tests.conftest import NewTenant, TestTenant, client_of
from tests.entrypoints.demo.telling import tell


@pytest.fixture(scope="session")
async def demo_tenant(platform: Platform, master_key: MasterKey, new_tenant: NewTenant) -> TestTenant:
    """A tenant with the demo's two weeks."""
    tenant = await new_tenant("Demo")
    await tell(platform, master_key, tenant.tenant_id)
    return tenant


@pytest.fixture
async def demo(app: FrontDoor, demo_tenant: TestTenant) -> AsyncIterator[httpx2.AsyncClient]:
    """A client of the API with that tenant's key."""
    async with client_of(app, demo_tenant.key) as client:
        yield client
