"""Conversations of this test's own tenant."""

import httpx2
import pytest

from leadsail.entrypoints.wiring import Platform
from tests.conftest import TestTenant
from tests.features.interactions.calls import Conversations


@pytest.fixture
def talk(platform: Platform, tenant: TestTenant, api: httpx2.AsyncClient) -> Conversations:
    return Conversations(platform, tenant.tenant_id, api)
