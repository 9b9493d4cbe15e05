"""The two load generators, pgbench against PostgreSQL and wrk against the api, and what each round costs."""

import re
import subprocess
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from statistics import median

import psutil

from bench.installation import Api, Installation
from bench.processes import cpu_seconds, family

CLIENTS = 8
_NOTICE_SECONDS = 0.3


@dataclass(frozen=True, slots=True)
class Round:
    """One round: per second, and processor microseconds a piece of the api process and of PostgreSQL."""

    per_second: float
    api_us: float
    postgres_us: float


@dataclass(frozen=True, slots=True)
class Comparison:
    """pgbench and the api in alternating rounds; medians."""

    pgbench: Round
    api: Round

    @property
    def ratio(self) -> float:
        """How much of pgbench's rate the api reaches."""
        return self.api.per_second / self.pgbench.per_second


def compare(it: Installation, api: Api, script: Path, lua: Path, *, seconds: int, rounds: int) -> Comparison:
    """Alternate both loads, `rounds` times `seconds` each, after one short round to warm up."""
    pgbench(it, script, 1)
    wrk(it, api, lua, 2)
    ours, theirs = [], []
    for _ in range(rounds):
        theirs.append(pgbench(it, script, seconds))
        ours.append(wrk(it, api, lua, seconds))
    return Comparison(_middle(theirs), _middle(ours))


def pgbench(it: Installation, script: Path, seconds: int) -> Round:
    """PostgreSQL alone, prepared statements over its socket."""
    command = [
        str(it.server.binaries / "pgbench"), "-n", "-M", "prepared", "-c", str(CLIENTS), "-j", "1",
        "-T", str(seconds), "-f", str(script), it.superuser_url,
    ]  # fmt: skip
    text, _, postgres = _measured(it, None, lambda: _run(command))
    rate = float(_found(r"tps = ([\d.]+)", text))
    return Round(rate, 0, postgres / (rate * seconds) * 1e6)


def wrk(it: Installation, api: Api, lua: Path, seconds: int) -> Round:
    """The api over HTTP. Raises when any answer is not a 2xx."""
    command = ["wrk", "-t1", f"-c{CLIENTS}", f"-d{seconds}s", "-s", str(lua), api.url]
    text, own, postgres = _measured(it, api, lambda: _run(command))
    if "Non-2xx" in text:
        raise RuntimeError(f"the api refused requests: {_found(r'Non-2xx.*', text, 0)}")
    count = int(_found(r"(\d+) requests in", text))
    return Round(float(_found(r"Requests/sec:\s+([\d.]+)", text)), own / count * 1e6, postgres / count * 1e6)


def _measured(it: Installation, api: Api | None, run: Callable[[], str]) -> tuple[str, float, float]:
    """What `run` printed, and the processor seconds that the api and PostgreSQL used meanwhile."""
    own = [api.process] if api else []
    own_before, postgres_before = cpu_seconds(own), cpu_seconds(_postgres(it))
    text = run()
    # Backends that ended meanwhile, as pgbench's have, are counted by their parent as soon as it has noticed.
    time.sleep(_NOTICE_SECONDS)
    return text, cpu_seconds(own) - own_before, cpu_seconds(_postgres(it)) - postgres_before


def _postgres(it: Installation) -> list[psutil.Process]:
    return family(it.server.process.pid) if it.server.process else []


def _run(command: list[str]) -> str:
    return subprocess.run(command, check=True, capture_output=True, text=True).stdout


def _found(pattern: str, text: str, group: int = 1) -> str:
    match = re.search(pattern, text)
    if match is None:
        raise RuntimeError(f"no {pattern!r} in the load generator's output:\n{text}")
    return match[group]


def _middle(rounds: list[Round]) -> Round:
    return Round(
        median(one.per_second for one in rounds),
        median(one.api_us for one in rounds),
        median(one.postgres_us for one in rounds),
    )
