"""The web application: every feature's routes behind the front door, the health pages, the reference."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field
from http import HTTPStatus
from typing import Any

import asyncpg
from fastapi import FastAPI, Request, Response
from fastapi.exceptions import RequestValidationError
from starlette.exceptions import HTTPException
from starlette.routing import Route

from leadsail import __version__
from leadsail.entrypoints.demo_file import DemoFile
from leadsail.entrypoints.health import health_routes, look
from leadsail.entrypoints.pages.routes import Reference, StartPage, page_routes
from leadsail.entrypoints.reference.document import describe, operation_id
from leadsail.entrypoints.sealing import Sealer
from leadsail.entrypoints.wiring import Platform
from leadsail.features.agents.routes import routes as agent_routes
from leadsail.features.campaigns.routes import routes as campaign_routes
from leadsail.features.clients.routes import routes as client_routes
from leadsail.features.consents.routes import routes as consent_routes
from leadsail.features.contact_gate.routes.contact_check import routes as contact_check_routes
from leadsail.features.contact_gate.routes.holds import routes as hold_routes
from leadsail.features.contact_gate.routes.policy import routes as contact_policy_routes
from leadsail.features.contact_gate.service.memory import MemoryService
from leadsail.features.do_not_call.routes import routes as do_not_call_routes
from leadsail.features.dossiers.routes import routes as dossier_routes
from leadsail.features.field_library.routes import routes as field_library_routes
from leadsail.features.interactions.routes import READ_TEMPLATE, hot_read
from leadsail.features.interactions.routes import routes as interaction_routes
from leadsail.features.interactions.service import InteractionService
from leadsail.features.leads.routes import routes as lead_routes
from leadsail.features.scripts.routes import routes as script_routes
from leadsail.features.tenants.routes import routes as tenant_routes
from leadsail.features.tenants.service import KeyService
from leadsail.foundation.clock import SystemClock
from leadsail.foundation.database.heartbeat import Heartbeat
from leadsail.foundation.database.listening import Bell
from leadsail.foundation.errors import PlatformError
from leadsail.foundation.logs import AccessLog, Logger
from leadsail.foundation.metrics import Metrics
from leadsail.foundation.web.answers import failure
from leadsail.foundation.web.failures import allowed_methods, as_refusal
from leadsail.foundation.web.front_door import FrontDoor, Instruments, RequestLimits, Shortcut
from leadsail.foundation.web.key_cache import KeyCache
from leadsail.foundation.web.rate_limit import RateLimiter

_FLUSH_SECONDS = 20
# The router tries them in this order, so the busiest come first.
FEATURES = (
    contact_check_routes,
    dossier_routes,
    interaction_routes,
    lead_routes,
    do_not_call_routes,
    consent_routes,
    contact_policy_routes,
    hold_routes,
    campaign_routes,
    agent_routes,
    script_routes,
    client_routes,
    field_library_routes,
    tenant_routes,
)
_ANSWERED = (
    PlatformError,
    HTTPException,
    RequestValidationError,
    Exception,
)


@dataclass(frozen=True)
class ApiOptions:
    """What of the settings the web application needs."""

    base_url: str = "http://127.0.0.1:8000"
    rate_per_second: float = 100
    burst: int = 200
    access_log: bool = True
    demo_file: DemoFile | None = None
    limits: RequestLimits = field(default_factory=RequestLimits)


def create_api(
    platform: Platform, log: Logger, options: ApiOptions, stopping: Callable[[], bool] = lambda: False
) -> FrontDoor:
    """The ASGI application of one api process; `stopping` says that open streams should end."""
    metrics = Metrics()
    if isinstance(clock := platform.clock, SystemClock):
        metrics.clock_drift.set_function(clock.offset_seconds)
    keys = KeyCache(platform.service(KeyService).identify, platform.clock)
    bell = Bell(platform.database, "interaction")
    app = framework(_lifespan(platform, log, keys, bell))
    app.state.database = platform.database
    app.state.clock = platform.clock
    app.state.keyed_hash = platform.keyed_hash
    app.state.secret_box = platform.secret_box
    app.state.services = platform.services
    app.state.bell = bell
    app.state.stopping = stopping
    app.state.streams = 0
    app.router.routes.extend(health_routes(platform, metrics))
    app.router.routes.extend(_pages(app, platform, options))
    for kind in _ANSWERED:
        app.add_exception_handler(kind, _refuse)
    return FrontDoor(
        app,
        instruments=Instruments(
            platform.clock, log, AccessLog("api", platform.clock, enabled=options.access_log), metrics
        ),
        authenticator=keys,
        limiter=RateLimiter(rate=options.rate_per_second, burst=options.burst),
        limits=options.limits,
        shortcuts=[Shortcut("/api/v1/interactions/", READ_TEMPLATE, hot_read(platform.service(InteractionService)))],
    )


def framework(lifespan: Any = None) -> FastAPI:
    """Every feature's routes, bare: enough to describe the API, not to answer a request."""
    app = FastAPI(
        title="LeadSail",
        version=__version__,
        openapi_url=None,
        docs_url=None,
        redoc_url=None,
        redirect_slashes=False,
        lifespan=lifespan,
        generate_unique_id_function=operation_id,
    )
    for routes in FEATURES:
        app.include_router(routes, prefix="/api/v1")
    return app


def _pages(app: FastAPI, platform: Platform, options: ApiOptions) -> list[Route]:
    reference = Reference(lambda: describe(app, options.base_url))
    return page_routes(reference, StartPage(lambda: look(platform), options.base_url, options.demo_file))


async def _refuse(request: Request, error: Exception) -> Response:
    """The answer to a refusal. The unforeseen is answered too, and then raised on to the front door, which logs it."""
    answer = failure(as_refusal(error))
    if answer.status_code == HTTPStatus.METHOD_NOT_ALLOWED:
        answer.headers["Allow"] = allowed_methods(request.app.routes, request.scope)
    return answer


def _lifespan(platform: Platform, log: Logger, keys: KeyCache, bell: Bell) -> Any:
    @asynccontextmanager
    async def lifespan(_: FastAPI) -> AsyncIterator[None]:
        async with AsyncExitStack() as stack:
            await platform.database.open()
            stack.push_async_callback(platform.database.close)
            # A copy that was put back is known before the first request could contact anybody.
            await Sealer(platform.service(MemoryService), platform.clock, log).look()
            heartbeat = Heartbeat(platform.database, platform.clock, keys.hear)
            for task in (heartbeat.run(), bell.run(), _note_key_uses(platform, keys)):
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
        uses, keys.used = keys.used, set()
        try:
            await platform.service(KeyService).note_uses(uses)
        except (OSError, TimeoutError, asyncpg.PostgresError, asyncpg.InterfaceError):
            keys.used = uses | keys.used
