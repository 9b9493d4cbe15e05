"""A client that listens to a stream without a socket in between, and can leave whenever it likes."""

import asyncio
from types import TracebackType
from typing import Self

from starlette.types import ASGIApp, Message, Scope


class Listener:
    """One GET of a stream; `status` is there once it is entered, `said` grows while it is listened to."""

    def __init__(self, app: ASGIApp, key: str, interaction_id: str) -> None:
        self.scope: Scope = {
            "type": "http",
            "asgi": {"version": "3.0", "spec_version": "2.3"},
            "http_version": "1.1",
            "method": "GET",
            "scheme": "http",
            "path": f"/api/v1/interactions/{interaction_id}/events",
            "query_string": b"",
            "root_path": "",
            "headers": [(b"x-api-key", key.encode())],
            "client": ("127.0.0.1", 1),
            "server": ("leadsail.test", 80),
        }
        self.status = 0
        self.said = b""
        self._app = app
        self._asked = False
        self._answered = asyncio.Event()
        self._left = asyncio.Event()
        self._task: asyncio.Task[None] | None = None

    async def __aenter__(self) -> Self:
        self._task = asyncio.create_task(self._listen())
        await self._answered.wait()
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._left.set()
        await self.ended()

    async def ended(self) -> None:
        """Wait until the stream is over."""
        if self._task is not None:
            async with asyncio.timeout(30):
                await asyncio.shield(self._task)

    async def _listen(self) -> None:
        try:
            await self._app(self.scope, self._receive, self._send)
        finally:
            self._answered.set()

    async def _receive(self) -> Message:
        if not self._asked:
            self._asked = True
            return {"type": "http.request", "body": b"", "more_body": False}
        await self._left.wait()
        return {"type": "http.disconnect"}

    async def _send(self, message: Message) -> None:
        if message["type"] == "http.response.start":
            self.status = message["status"]
            self._answered.set()
        self.said += message.get("body", b"")
