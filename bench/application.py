"""The web application inside this process, without a server: for what it costs by itself."""

import asyncio
import contextlib
import os
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

from starlette.types import ASGIApp, Message

from leadsail.entrypoints.api import ApiOptions, create_api
from leadsail.entrypoints.wiring import Platform
from leadsail.foundation.logs import configure_logs


class Application:
    """Calls an ASGI application as a server would."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def get(self, path: str, key: str) -> None:
        """One GET with an API key; the answer is thrown away. Raises when it is not a 200."""
        scope = {
            "type": "http", "asgi": {"version": "3.0"}, "http_version": "1.1", "method": "GET", "scheme": "http",
            "path": path, "raw_path": path.encode(), "query_string": b"", "root_path": "", "state": {},
            "headers": [(b"host", b"bench"), (b"x-api-key", key.encode())], "client": ("127.0.0.1", 1),
            "server": ("127.0.0.1", 80),
        }  # fmt: skip
        await self._app(scope, _nothing_to_receive, _expect_200)


async def _nothing_to_receive() -> Message:
    return {"type": "http.request", "body": b"", "more_body": False}


async def _expect_200(message: Message) -> None:
    if message.get("status", 200) != 200:
        raise RuntimeError(f"the application answered {message['status']}")


@asynccontextmanager
async def running(platform: Platform) -> AsyncIterator[Application]:
    """The application of `platform` between its start and its stop; its log lines are written, to nowhere."""
    to_app: asyncio.Queue[Message] = asyncio.Queue()
    from_app: asyncio.Queue[Message] = asyncio.Queue()
    with Path(os.devnull).open("w") as nowhere:
        with contextlib.redirect_stdout(nowhere):
            app = create_api(platform, configure_logs("api"), ApiOptions(rate_per_second=1_000_000, burst=1_000_000))
        living = asyncio.create_task(app({"type": "lifespan", "asgi": {"version": "3.0"}}, to_app.get, from_app.put))
        await to_app.put({"type": "lifespan.startup"})
        await from_app.get()
        try:
            yield Application(app)
        finally:
            await to_app.put({"type": "lifespan.shutdown"})
            await living
