"""The program `leadsail` as an operator runs it: a platform that is up, and commands that end."""

import os
import queue
import re
import shutil
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpx2
import orjson
import psutil

_WORDS = ("-P", "-m", "leadsail")
_PATIENCE_SECONDS = 60.0
_ENVIRONMENT = {
    name: value for name, value in os.environ.items() if not name.startswith("LEADSAIL_") and name != "DATABASE_URL"
}


@dataclass
class Up:
    """A `leadsail up` that answers; `said` holds the lines it has printed."""

    process: "subprocess.Popen[str]"
    data_dir: Path
    said: list[str] = field(default_factory=list)
    base_url: str = ""

    @property
    def demo(self) -> dict[str, Any]:
        """What demo.json says now."""
        return demo_of(self.data_dir)

    def client(self, key: str | None = None) -> httpx2.Client:
        """A client with the given key, or the demo's."""
        headers = {"X-API-Key": key or self.demo["apiKey"]}
        return httpx2.Client(base_url=f"{self.base_url}/api/v1", headers=headers, timeout=15)

    def family(self) -> list[psutil.Process]:
        """This process and everything below it."""
        return [psutil.Process(self.process.pid), *psutil.Process(self.process.pid).children(recursive=True)]

    def child(self, name: str) -> psutil.Process:
        """The process of the api, the worker or PostgreSQL's postmaster."""
        children = psutil.Process(self.process.pid).children()
        return next(child for child in children if name in [Path(word).name for word in child.cmdline()[:5]])

    def is_ready(self) -> bool:
        """Whether /readyz says so."""
        try:
            return httpx2.get(f"{self.base_url}/readyz", timeout=2).status_code == 200
        except httpx2.HTTPError:
            return False


class Operator:
    """Starts platforms, by this environment's Python or another's, and cleans up behind itself."""

    def __init__(self, python: str = sys.executable) -> None:
        self._python = python
        self._started: list[Up] = []

    def up(self, data_dir: Path, *options: str, port: int = 0, **settings: str) -> Up:
        """A platform on any free port, ready."""
        up = Up(self.spawn("up", "--port", str(port), "--data-dir", str(data_dir), *options, **settings), data_dir)
        self._started.append(up)
        lines = _lines_of(up.process)
        last = "try:" if "--demo" in options else "make an organisation"
        while not up.said or not up.said[-1].startswith(last):
            line = lines.get(timeout=_PATIENCE_SECONDS)
            if line is None:
                raise AssertionError("\n".join(up.said) + (up.process.stderr.read() if up.process.stderr else ""))
            up.said.append(line)
        address = re.search(r"ready at (\S+)", "\n".join(up.said))
        assert address is not None
        up.base_url = address[1]
        return up

    def spawn(self, *words: str, **settings: str) -> "subprocess.Popen[str]":
        """The program in a process of its own, with these environment variables besides the usual."""
        return subprocess.Popen(  # noqa: S603 - the tests choose the words
            [self._python, *_WORDS, *words],
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            stdin=subprocess.DEVNULL,
            text=True,
            env=_ENVIRONMENT | settings,
        )

    @staticmethod
    def down(up: Up, how: signal.Signals = signal.SIGTERM) -> int:
        """Stop a platform and wait until it is gone; its exit status."""
        up.process.send_signal(how)
        return up.process.wait(_PATIENCE_SECONDS)

    def leave(self) -> None:
        """End everything that was started."""
        for up in self._started:
            if up.process.poll() is None:
                self.down(up)
            for stream in (up.process.stdout, up.process.stderr):
                if stream is not None:
                    stream.close()


def run(*words: str, **settings: str) -> "subprocess.CompletedProcess[str]":
    """A command to its end."""
    return subprocess.run(  # noqa: S603 - the tests choose the words
        [sys.executable, *_WORDS, *words],
        capture_output=True,
        text=True,
        check=False,
        stdin=subprocess.DEVNULL,
        timeout=_PATIENCE_SECONDS,
        env=_ENVIRONMENT | settings,
    )


def demo_of(data_dir: Path) -> dict[str, Any]:
    """What a data folder's demo.json says."""
    content: dict[str, Any] = orjson.loads((data_dir / "demo.json").read_bytes())
    return content


def until(condition: Callable[[], bool], *, within: float = _PATIENCE_SECONDS) -> None:
    """Wait until `condition` holds; fails after `within` seconds."""
    deadline = time.monotonic() + within
    while not condition():
        assert time.monotonic() < deadline, "it did not come to be in time"
        time.sleep(0.05)


def alive(processes: list[psutil.Process]) -> list[psutil.Process]:
    """Those that still run."""
    return [one for one in processes if one.is_running() and one.status() != psutil.STATUS_ZOMBIE]


def copied(data_dir: Path, into: Path) -> Path:
    """A copy of a data folder whose platform is down, owners and modes included."""
    subprocess.run(["cp", "-a", data_dir, into], check=True)  # noqa: S603, S607 - shutil would lose owners
    return into


def removed(path: Path) -> None:
    """Remove a folder and all below it."""
    shutil.rmtree(path, ignore_errors=True)


def _lines_of(process: "subprocess.Popen[str]") -> "queue.Queue[str | None]":
    """What it prints, line by line, and None at its end; a pipe itself cannot be read with a deadline."""
    lines: queue.Queue[str | None] = queue.Queue()

    def read() -> None:
        if process.stdout is not None:
            for line in process.stdout:
                lines.put(line.rstrip("\n"))
        lines.put(None)

    threading.Thread(target=read, daemon=True).start()
    return lines
