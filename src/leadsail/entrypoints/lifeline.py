"""How a process that `leadsail up` started knows when to begin and that it has been left alone.

Its standard input is a pipe. One line in it means "begin"; its end means that nobody watches any more, so the process
stops in order and leaves the port and the database to whoever comes next. Started by hand there is no such pipe.
"""

import asyncio
import os
import signal
import sys
from collections.abc import Callable
from typing import Any


class Lifeline:
    """The pipe, or for an unsupervised process none: then it may begin at once and is never left alone."""

    def __init__(self, *, supervised: bool) -> None:
        self._supervised = supervised
        self._began = asyncio.Event()
        self._cut = asyncio.Event()

    async def begin(self) -> None:
        """Return once the process may begin; ends the process when it is left alone before."""
        if not self._supervised:
            return
        loop = asyncio.get_running_loop()
        loop.add_reader(sys.stdin.fileno(), self._hear)
        await self._began.wait()
        if self._cut.is_set():
            sys.exit(0)

    def on_end(self, stop: Callable[[], Any]) -> asyncio.Task[None]:
        """Call `stop` at SIGTERM, at SIGINT, and when the process is left alone."""
        loop = asyncio.get_running_loop()
        for number in (signal.SIGTERM, signal.SIGINT):
            loop.add_signal_handler(number, stop)

        async def watch() -> None:
            await self._cut.wait()
            stop()

        return asyncio.create_task(watch())

    def _hear(self) -> None:
        # The supervisor writes one short line, so whatever arrives is that line or the end.
        if not os.read(sys.stdin.fileno(), 64):
            self._cut.set()
            asyncio.get_running_loop().remove_reader(sys.stdin.fileno())
        self._began.set()
