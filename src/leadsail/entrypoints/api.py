"""The web application: every feature's routes behind the front door, the health pages, the reference."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

import asyncpg
from fastapi import FastAPI, Request, Response
from fastapi.exceptions import RequestValidationError
from starlette.exceptions import HTTPException

from leadsail import __version__
from leadsail.entrypoints.wiring import Platform
from leadsail.features.clients.routes import routes as client_routes
from leadsail.features.tenants.routes import routes as tenant_routes
from leadsail.features.tenants.service import KeyService
from leadsail.foundation.database.heartbeat import Heartbeat
from leadsail.foundation.errors import PlatformError
from leadsail.foundation.logs import Logger
from leadsail.foundation.metrics import Metrics
from leadsail.foundation.web.answers import failure
from leadsail.foundation.web.failures import as_refusal
from leadsail.foundation.web.front_door import FrontDoor, RequestLimits
from leadsail.foundation.web.key_cache import KeyCache
from leadsail.foundation.web.rate_limit import RateLimiter

_FLUSH_SECONDS = 20
FEATURES = (tenant_routes, client_routes)


@dataclass(frozen=True)
class ApiOptions:
    """What of the settings the web application needs."""

    base_url: str = "http://127.0.0.1:8000"
    rate_per_second: float = 100
    burst: int = 200
    limits: RequestLimits = field(default_factory=RequestLimits)


def create_api(platform: Platform, log: Logger, options: ApiOptions) -> FrontDoor:
    """The ASGI application of one api process."""
    metrics = Metrics()
    keys = KeyCache(platform.service(KeyService).identify, platform.clock)
    app = FastAPI(
        title="LeadSail", version=__version__, openapi_url=None, docs_url=None, redoc_url=None,
        redirect_slashes=False, lifespan=_lifespan(platform, keys),
    )  # fmt: skip
    app.state.database = platform.database
    app.state.clock = platform.clock
    app.state.services = platform.services
    for routes in FEATURES:
        app.include_router(routes, prefix="/api/v1")
    for kind in (PlatformError, HTTPException, RequestValidationError, asyncpg.PostgresError,
                 asyncpg.InterfaceError, OSError):  # fmt: skip
        app.add_exception_handler(kind, _refuse)
    door = FrontDoor(
        app, clock=platform.clock, log=log, metrics=metrics, limits=options.limits,
        limiter=RateLimiter(rate=options.rate_per_second, burst=options.burst),
    )  # fmt: skip
    door.authenticator = keys
    return door


async def _refuse(request: Request, error: Exception) -> Response:
    del request
    refusal = as_refusal(error)
    if type(refusal) is PlatformError:
        raise error
    return failure(refusal)


def _lifespan(platform: Platform, keys: KeyCache) -> Any:
    @asynccontextmanager
    async def lifespan(_: FastAPI) -> AsyncIterator[None]:
        async with AsyncExitStack() as stack:
            await platform.database.open()
            stack.push_async_callback(platform.database.close)
            heartbeat = Heartbeat(platform.database, platform.clock, keys.hear)
            for task in (heartbeat.run(), _note_key_uses(platform, keys)):
                stack.push_async_callback(_cancel, asyncio.create_task(task))
            yield

    return lifespan


async def _cancel(task: asyncio.Task[None]) -> None:
    task.cancel()
    await asyncio.wait([task])


async def _note_key_uses(platform: Platform, keys: KeyCache) -> None:
    """Write down now and then which keys were used; a crash loses at most the last seconds of it."""
    while True:
        await asyncio.sleep(_FLUSH_SECONDS)
        uses, keys.used = keys.used, {}
        try:
            await platform.service(KeyService).note_uses(list(uses.items()))
        except (OSError, TimeoutError, asyncpg.PostgresError, asyncpg.InterfaceError):
            keys.used = uses | keys.used
