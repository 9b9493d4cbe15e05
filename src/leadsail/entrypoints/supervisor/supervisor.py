"""The life of `leadsail up`: bring everything up, say where it is, watch over it, take it down."""

import asyncio
import os
import signal
import socket
from collections.abc import Awaitable
from pathlib import Path
from typing import Any

from leadsail import __version__
from leadsail.entrypoints.database_address import database_address
from leadsail.entrypoints.demo_file import DemoFile
from leadsail.entrypoints.installation import inspect, master_key_for
from leadsail.entrypoints.listening import status_of
from leadsail.entrypoints.options import environment_of
from leadsail.entrypoints.refusals import Refusal
from leadsail.entrypoints.supervisor.child import PROGRAM, Child, Command, Say
from leadsail.entrypoints.supervisor.postgres import DatabaseServer, Embedded, Foreign
from leadsail.foundation.embedded_postgres import EmbeddedPostgres
from leadsail.foundation.embedded_postgres.log_file import LogFile
from leadsail.foundation.settings import Settings

_GRACE_SECONDS = 10.0
_MOST_ENDS = 3


class Supervisor:
    """Everything that `leadsail up` runs. `listener` is the port, taken before anything else was started."""

    def __init__(self, settings: Settings, listener: socket.socket, say: Say) -> None:
        self._settings = settings
        self._say = say
        self._environment = os.environ | environment_of(settings)
        self._database: DatabaseServer = _database(settings, say)
        self._logs = {name: LogFile(settings.data_dir / "logs" / f"{name}.log") for name in ("api", "worker")}
        self._api = self._child("api", ["--inherited-socket", str(listener.fileno())], [listener.fileno()])
        self._worker = self._child("worker", ["--supervised"], [])
        self._worker.release()
        self._demo = DemoFile(settings.data_dir / "demo.json")

    async def run(self, *, demo: bool) -> None:
        """Run until SIGTERM or SIGINT; a second one hurries. Raises why it could not start."""
        stop, hurry = _signals()
        work = asyncio.create_task(self._serve(demo=demo))
        try:
            await _first_of(work, stop.wait())
            if work.done():
                await work
        finally:
            work.cancel()
            await asyncio.wait([work])
            if stop.is_set():
                self._say("stopping")
            await self._take_down(hurry)

    async def _serve(self, *, demo: bool) -> None:
        try:
            async with asyncio.TaskGroup() as lasting:
                await self._bring_up(lasting, demo=demo)
        except BaseExceptionGroup as group:
            raise group.exceptions[0] from None

    async def _bring_up(self, lasting: asyncio.TaskGroup, *, demo: bool) -> None:
        self._say(f"LeadSail {__version__}, data in {self._settings.data_dir}")
        _make_folder(self._settings.data_dir)
        if demo:
            self._demo.set_aside()
        # The api takes longest to load, so it does while the database starts; the worker would only be in its way.
        lasting.create_task(self._api.keep_running())
        await self._database.start()
        lasting.create_task(self._database.keep_running())
        await self._prepare()
        self._api.release()
        await self._until_ready()
        lasting.create_task(self._worker.keep_running())
        for log in self._logs.values():
            lasting.create_task(log.stay_short())
        if demo:
            await self._have_demo()
        self._introduce(demo=demo)

    async def _prepare(self) -> None:
        """Migrate where something is missing, in a process of its own: the tool is large and rarely needed."""
        installed = await inspect(database_address(self._settings).app)
        master_key_for(self._settings, installed)
        if not installed.is_current:
            await self._run("db", "migrate")

    async def _until_ready(self) -> None:
        """Raises `Refusal` when the api ends again and again instead of answering."""
        while await self._status("/readyz") != 200:
            if self._api.ends >= _MOST_ENDS:
                raise Refusal(f"The api does not start; its log says why: {self._logs['api'].path}")
            await asyncio.sleep(0.02)

    async def _have_demo(self) -> None:
        known = self._demo.aside()
        if known is None or await self._status("/api/v1/tenant", key=known["apiKey"]) != 200:
            self._say("making the demo: clients, campaigns, leads and two weeks of conversations")
            await self._run("demo", "prepare")
        else:
            self._demo.write(known | {"baseUrl": self._settings.base_url})

    def _introduce(self, *, demo: bool) -> None:
        base = self._settings.base_url
        self._say(f"ready at {base} (reference: {base}/docs, logs: {self._settings.data_dir / 'logs'}, stop: Ctrl-C)")
        if known := demo and self._demo.read():
            self._say(f"demo API key: {known['apiKey']}")
            path = f"{base}/api/v1/interactions/{known['interactionIds'][0]}"
            self._say(f'try: curl -H "X-API-Key: {known["apiKey"]}" {path}')
        else:
            self._say("make an organisation and its first API key with: leadsail tenants create NAME")

    async def _run(self, *words: str) -> None:
        """Run a command of our own to its end. Raises `Refusal` if it fails; it has then said why."""
        process = await asyncio.create_subprocess_exec(*PROGRAM, *words, env=self._environment, start_new_session=True)
        try:
            if await process.wait() != 0:
                raise Refusal(f"leadsail {' '.join(words)} failed, as it says above; leadsail doctor may know more")
        finally:
            if process.returncode is None:
                process.kill()
                await process.wait()

    async def _status(self, path: str, key: str | None = None) -> int | None:
        settings = self._settings
        return await status_of(settings.host, settings.port, path, key=key, tls=settings.tls_cert is not None)

    async def _take_down(self, hurry: asyncio.Event) -> None:
        """First those who use the database, then the database."""
        for child in (self._api, self._worker):
            child.end()
        gone = asyncio.gather(*(child.gone() for child in (self._api, self._worker)))
        await _first_of(gone, hurry.wait(), at_most=_GRACE_SECONDS)
        for child in (self._api, self._worker):
            child.kill()
        await gone
        await self._database.stop()

    def _child(self, name: str, words: list[str], files: list[int]) -> Child:
        return Child(Command(name, [name, *words], self._environment, files), self._logs[name], self._say)


def _database(settings: Settings, say: Say) -> DatabaseServer:
    if settings.database_url is not None:
        return Foreign()
    return Embedded(EmbeddedPostgres(settings.data_dir), say)


def _make_folder(data_dir: Path) -> None:
    if not data_dir.exists():
        data_dir.mkdir(parents=True)
        # As root, PostgreSQL's own account has to pass through to its part; it need not see what else is here.
        data_dir.chmod(0o711 if os.geteuid() == 0 else 0o700)


def _signals() -> tuple[asyncio.Event, asyncio.Event]:
    """Set at the first and at the second request to stop."""
    stop, hurry = asyncio.Event(), asyncio.Event()

    def heard() -> None:
        (hurry if stop.is_set() else stop).set()

    for number in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(number, heard)
    return stop, hurry


async def _first_of(*work: Awaitable[Any], at_most: float | None = None) -> None:
    """Wait until one is over or the time is up; those of ours that are not are given up."""
    tasks = [asyncio.ensure_future(one) for one in work]
    await asyncio.wait(tasks, timeout=at_most, return_when=asyncio.FIRST_COMPLETED)
    for task in tasks[1:]:
        task.cancel()
