"""Which organisation a command is about: the one that is named, or the only one there is."""

from typing import Annotated

import typer

from leadsail.entrypoints.refusals import Refusal
from leadsail.features.tenants.service import TenantService

Tenant = Annotated[str | None, typer.Option("--tenant", help="Its id (org_…); may be left out when there is only one.")]


async def chosen_tenant(tenants: TenantService, wanted: str | None) -> str:
    """The id of the organisation. Raises `Refusal`."""
    known = [tenant_id for tenant_id, _, _ in await tenants.all()]
    if wanted is None and len(known) == 1:
        return known[0]
    if wanted is None:
        raise Refusal(f"There are {len(known)} organisations; say which one with --tenant (leadsail tenants list)")
    if wanted not in known:
        raise Refusal(f"There is no organisation {wanted}; leadsail tenants list shows the ones there are")
    return wanted
