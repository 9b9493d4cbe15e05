"""The list of the test's own tenant."""

import pytest

from leadsail.entrypoints.wiring import Platform
from tests.conftest import TestTenant
from tests.features.do_not_call.listing import Listing


@pytest.fixture
def listing(platform: Platform, tenant: TestTenant) -> Listing:
    """The list as other features use it."""
    return Listing(platform, tenant.tenant_id)
