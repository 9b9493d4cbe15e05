"""The organisation that is attacked."""

import httpx2
import pytest

from leadsail.entrypoints.wiring import Platform
from tests.conftest import TestTenant
from tests.hostile.world import World, make_world


@pytest.fixture
async def world(platform: Platform, tenant: TestTenant, api: httpx2.AsyncClient) -> World:
    """This test's own organisation with one of everything."""
    return await make_world(platform, tenant, api)
