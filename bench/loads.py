"""The two load generators, pgbench against PostgreSQL and wrk against the api, and what each round costs."""

import random
import re
import subprocess
import time
from collections.abc import Callable, Sequence
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


@dataclass(frozen=True, slots=True)
class Load:
    """The same work for both: a script for pgbench, and one for wrk that asks `api` for it."""

    it: Installation
    api: Api
    script: Path
    lua: Path


def compare(loads: Sequence[Load], *, seconds: int, rounds: int, settle: int) -> list[Comparison]:
    """Measure every load, `rounds` times `seconds` each, in an order drawn anew for each round.

    `settle` seconds pass first in every connection: a server process that has not yet touched the shared memory that
    it reads pays for each page once, which a server that has been running for a while does not.
    """
    draw = random.Random(rounds)
    for load in loads:
        wrk(load.it, load.api, load.lua, settle)
    ours: list[list[Round]] = [[] for _ in loads]
    theirs: list[list[Round]] = [[] for _ in loads]
    for _ in range(rounds):
        for place in draw.sample(range(len(loads)), len(loads)):
            load = loads[place]
            theirs[place].append(pgbench(load.it, load.script, seconds, settle=settle))
            ours[place].append(wrk(load.it, load.api, load.lua, seconds))
    return [Comparison(_middle(one), _middle(other)) for one, other in zip(theirs, ours, strict=True)]


def pgbench(it: Installation, script: Path, seconds: int, *, settle: int) -> Round:
    """PostgreSQL alone, prepared statements over its socket; the first `settle` seconds are not counted."""
    command = [
        str(it.server.binaries / "pgbench"), "-n", "-M", "prepared", "-c", str(CLIENTS), "-j", "1", "-P", "1",
        "-T", str(settle + seconds), "-f", str(script), it.superuser_url,
    ]  # fmt: skip
    rates = []
    before = 0.0
    with subprocess.Popen(command, stderr=subprocess.PIPE, stdout=subprocess.DEVNULL, text=True) as process:
        for line in process.stderr or ():
            if (found := re.search(r"progress: ([\d.]+) s, ([\d.]+) tps", line)) is None:
                continue
            if float(found[1]) <= settle + 0.5:
                before = cpu_seconds(_postgres(it))
            else:
                rates.append(float(found[2]))
    if process.returncode != 0 or not rates:
        raise RuntimeError(f"pgbench failed with exit code {process.returncode}")
    # Backends that ended, as pgbench's have, are counted by their parent as soon as it has noticed.
    time.sleep(_NOTICE_SECONDS)
    spent = cpu_seconds(_postgres(it)) - before
    return Round(median(rates), 0, spent / sum(rates) * 1e6)


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
