"""One process of ours under supervision: started again whenever it ends, ended in order when asked."""

import asyncio
import os
import signal
import sys
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from leadsail.entrypoints.supervisor.backoff import Backoff
from leadsail.foundation.embedded_postgres.log_file import LogFile

Say = Callable[[str], None]

PROGRAM = (sys.executable, "-P", "-m", "leadsail")
"""This very program; -P keeps a folder named leadsail in the working directory from standing in for it."""


@dataclass(frozen=True, slots=True)
class Command:
    """What to run: words after `leadsail`, the environment, and open files to hand over."""

    name: str
    words: Sequence[str]
    environment: Mapping[str, str]
    files: Sequence[int] = ()


class Child:
    """A process that prepares itself, waits for `release`, and from then on runs for as long as we do."""

    def __init__(self, command: Command, log: LogFile, say: Say) -> None:
        self.name = command.name
        self._command = command
        self._log = log
        self._say = say
        self._process: asyncio.subprocess.Process | None = None
        self._pipe: int | None = None
        self._released = False
        self.ends = 0
        self._ending = False

    async def keep_running(self) -> None:
        """Start it, and again after every end, whatever its exit status: it is never meant to end by itself."""
        backoff = Backoff()
        loop = asyncio.get_running_loop()
        while not self._ending:
            began = loop.time()
            process = await self._start()
            status = await process.wait()
            if self._ending:
                return
            self.ends += 1
            pause = backoff.after(loop.time() - began)
            self._say(f"the {self.name} ended ({_described(status)}), starting it again; its log: {self._log.path}")
            await asyncio.sleep(pause)

    def release(self) -> None:
        """Let it begin; until now it has only loaded itself."""
        self._released = True
        if self._pipe is not None:
            _tell(self._pipe)

    def end(self) -> None:
        """Ask it to finish what it is doing and end."""
        self._ending = True
        self._send(signal.SIGTERM)

    def kill(self) -> None:
        """End it at once."""
        self._ending = True
        self._send(signal.SIGKILL)

    async def gone(self) -> None:
        """Return once it has ended."""
        if self._process is not None:
            await self._process.wait()

    async def _start(self) -> asyncio.subprocess.Process:
        if self._pipe is not None:
            os.close(self._pipe)
        reading, self._pipe = os.pipe()
        try:
            with self._log.open() as output:
                self._process = await asyncio.create_subprocess_exec(
                    *PROGRAM, *self._command.words,
                    stdin=reading, stdout=output, stderr=output,
                    env=self._command.environment, pass_fds=self._command.files,
                    start_new_session=True,  # Ctrl-C in a terminal reaches us alone
                )  # fmt: skip
        finally:
            os.close(reading)
        if self._released:
            _tell(self._pipe)
        return self._process

    def _send(self, number: signal.Signals) -> None:
        if self._process is not None and self._process.returncode is None:
            self._process.send_signal(number)


def _tell(pipe: int) -> None:
    try:
        os.write(pipe, b"begin\n")
    except BrokenPipeError:
        return  # it has just ended, and its successor will be told


def _described(status: int) -> str:
    return f"killed by signal {-status}" if status < 0 else f"exit status {status}"
