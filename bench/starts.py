"""How long `leadsail up` takes until `/readyz`, from nothing and again, beside a start that only imports."""

import asyncio
import os
import shutil
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path
from statistics import median

from bench.installation import PATIENCE_SECONDS, free_port, wait_until_ready
from bench.processes import family, pss_megabytes

_TIMES = 5
_SETTLE_SECONDS = 10


@dataclass(frozen=True, slots=True)
class Starts:
    """Seconds until ready, medians of five, and megabytes (PSS) at rest by process."""

    from_nothing: float
    again: float
    import_only: float
    memory: dict[str, float]


async def measure_starts() -> Starts:
    """Start from nothing and again, five times each in turns, then look at the memory of the last one."""
    fresh, again, imports = [], [], []
    memory: dict[str, float] = {}
    for turn in range(_TIMES):
        folder = Path(tempfile.mkdtemp(prefix="ls-start-"))
        folder.chmod(0o711)
        try:
            imports.append(_import_only())
            fresh.append(await _start(folder / "data"))
            again.append(await _start(folder / "data"))
            if turn == _TIMES - 1:
                memory = await _memory_at_rest(folder / "data")
        finally:
            shutil.rmtree(folder, ignore_errors=True)
    return Starts(median(fresh), median(again), median(imports), memory)


def _import_only() -> float:
    before = time.monotonic()
    subprocess.run([sys.executable, "-c", "import leadsail.entrypoints.api"], check=True)
    return time.monotonic() - before


async def _start(data: Path) -> float:
    before = time.monotonic()
    process, url = _up(data)
    try:
        await wait_until_ready(url)
        return time.monotonic() - before
    finally:
        _stop(process)


async def _memory_at_rest(data: Path) -> dict[str, float]:
    process, url = _up(data)
    try:
        await wait_until_ready(url)
        await asyncio.sleep(_SETTLE_SECONDS)
        return pss_megabytes(family(process.pid))
    finally:
        _stop(process)


def _up(data: Path) -> tuple["subprocess.Popen[bytes]", str]:
    port = free_port()
    command = [sys.executable, "-m", "leadsail", "up", "--data-dir", str(data), "--port", str(port)]
    environment = {name: value for name, value in os.environ.items() if not name.startswith("LEADSAIL_")}
    process = subprocess.Popen(command, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    return process, f"http://127.0.0.1:{port}"


def _stop(process: "subprocess.Popen[bytes]") -> None:
    process.terminate()
    process.wait(PATIENCE_SECONDS)
