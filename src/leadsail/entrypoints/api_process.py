"""The api process, from its settings to its end."""

import socket
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import uvicorn

from leadsail.entrypoints.api import ApiOptions, create_api
from leadsail.entrypoints.demo_file import DemoFile
from leadsail.entrypoints.lifeline import Lifeline
from leadsail.entrypoints.process_start import GRACE_SECONDS, prepared_platform
from leadsail.foundation.logs import configure_logs
from leadsail.foundation.settings import Settings
from leadsail.foundation.web.front_door import FrontDoor, RequestLimits


async def run_api(settings: Settings, lifeline: Lifeline, listener: socket.socket) -> None:
    """Answer requests that arrive at `listener` until told to stop; running ones are finished first."""
    await lifeline.begin()
    log = configure_logs("api", level=settings.log_level)
    platform = await prepared_platform(settings, log)

    def application() -> FrontDoor:
        return create_api(platform, log, _api_options(settings), stopping=lambda: server.should_exit)

    server = _Server(_uvicorn(settings, application))
    watching = lifeline.on_end(server.stop)
    log.info("started", port=listener.getsockname()[1])
    await server.serve(sockets=[listener])
    watching.cancel()
    log.info("stopped")


class _Server(uvicorn.Server):
    """Uvicorn, stopped by us: it would end with the signal's own exit status instead of 0."""

    @contextmanager
    def capture_signals(self) -> Iterator[None]:
        yield

    def stop(self) -> None:
        """End in order; told again, drop what still runs."""
        self.force_exit = self.should_exit
        self.should_exit = True


def _api_options(settings: Settings) -> ApiOptions:
    return ApiOptions(
        base_url=settings.base_url,
        rate_per_second=settings.rate_limit.per_second,
        burst=settings.rate_limit.burst,
        access_log=settings.access_log,
        demo_file=DemoFile(settings.data_dir / "demo.json"),
        limits=RequestLimits(**settings.limits.model_dump()),
    )


def _uvicorn(settings: Settings, application: Callable[[], FrontDoor]) -> uvicorn.Config:
    return uvicorn.Config(
        application,
        factory=True,
        http="httptools",
        ws="none",
        lifespan="on",
        log_config=None,
        access_log=False,
        server_header=False,
        proxy_headers=True,
        forwarded_allow_ips=settings.trusted_proxies,
        timeout_graceful_shutdown=GRACE_SECONDS,
        ssl_certfile=settings.tls_cert,
        ssl_keyfile=settings.tls_key,
    )
