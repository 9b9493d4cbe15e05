"""What other features may hear from tenants."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class TenantCreated:
    """A tenant exists, in the unit of work that creates it."""

    tenant_id: str
