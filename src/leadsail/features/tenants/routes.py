"""`/tenant` and `/api-keys`."""

from typing import Annotated

from fastapi import Response

from leadsail.features.tenants.schemas import ApiKey, ApiKeyList, MintedKey, NewKey, Tenant, TenantChange
from leadsail.features.tenants.service import KeyService, TenantService
from leadsail.foundation.records.routes import ACTS, CHANGES, CREATES, IfMatch, one
from leadsail.foundation.web.answers import Success
from leadsail.foundation.web.routes import SHOWN_ONCE, AdminWork, ReadWork, router, service

routes = router("Tenant and API keys")

Tenants = Annotated[TenantService, service(TenantService)]
Keys = Annotated[KeyService, service(KeyService)]


@routes.get("/tenant", summary="Read your tenant")
async def read_tenant(work: ReadWork, tenants: Tenants, response: Response) -> Success[Tenant]:
    """The organisation that the key belongs to."""
    return one(response, await tenants.read(work))


@routes.patch("/tenant", summary="Change your tenant", responses=CHANGES)
async def change_tenant(
    change: TenantChange, work: AdminWork, tenants: Tenants, response: Response, if_match: IfMatch = None
) -> Success[Tenant]:
    """Name, country and time zone. Needs the scope `admin`."""
    return one(response, await tenants.change(work, change, if_match=if_match))


@routes.get("/api-keys", summary="List API keys")
async def list_keys(work: AdminWork, keys: Keys) -> Success[ApiKeyList]:
    """All keys of the tenant, without the keys themselves. Needs the scope `admin`."""
    return Success(data=ApiKeyList(api_keys=await keys.all(work)))


@routes.post("/api-keys", status_code=201, summary="Make an API key", responses=CREATES, dependencies=[SHOWN_ONCE])
async def create_key(new: NewKey, work: AdminWork, keys: Keys) -> Success[MintedKey]:
    """The answer is the only place where the key ever stands. Needs the scope `admin`."""
    return Success(data=await keys.mint(work, new))


@routes.post("/api-keys/{keyId}/revoke", summary="Revoke an API key", responses=ACTS)
async def revoke_key(keyId: str, work: AdminWork, keys: Keys) -> Success[ApiKey]:
    """The key is refused everywhere within a second. Needs the scope `admin`."""
    return Success(data=await keys.revoke(work, keyId))
