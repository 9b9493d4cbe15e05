"""A caller of another tenant, who must not see anything."""

from collections.abc import AsyncIterator

import httpx2
import pytest

from leadsail.foundation.web.front_door import FrontDoor
from tests.conftest import NewTenant, client_of


@pytest.fixture
async def stranger(app: FrontDoor, new_tenant: NewTenant) -> AsyncIterator[httpx2.AsyncClient]:
    """A client of the API with another tenant's key."""
    async with client_of(app, (await new_tenant()).key) as client:
        yield client
