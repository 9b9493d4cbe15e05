"""Faults planted one at a time into a copy of the product, each of which the sampled check of lawful hours must catch.

The faults stand in `planted_faults.yaml`: a name, a file below `src/leadsail`, and either `old` and `new`, a text that
stands there exactly once and what it becomes, or `append`, which is written at its end and so outlives changes inside.
"""

import os
import shutil
import subprocess
import sys
import tempfile
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

import yaml

_ROOT = Path(__file__).parent.parent
PACKAGE = _ROOT / "src" / "leadsail"
_FAULTS = Path(__file__).with_name("planted_faults.yaml")
_PATIENCE = 600
"""Seconds that one probe may take."""


@dataclass(frozen=True, slots=True)
class Fault:
    """One small change that makes the product unlawful."""

    name: str
    file: str
    old: str = ""
    new: str = ""
    append: str = ""

    def planted_in(self, text: str) -> str:
        """The file's text with the fault in it; ValueError when what it replaces does not stand there exactly once."""
        if self.old and (hits := text.count(self.old)) != 1:
            raise ValueError(
                f"{self.name}: the text to replace stands {hits} times in {self.file}; bring it up to date"
            )
        return (text.replace(self.old, self.new) if self.old else text) + self.append


@dataclass(frozen=True, slots=True)
class Catch:
    """What the check said of one fault; `finding` is empty when it noticed nothing."""

    fault: Fault
    finding: str
    seconds: float
    trouble: str = ""


def faults() -> list[Fault]:
    """Every fault of the list."""
    return [Fault(**entry) for entry in yaml.safe_load(_FAULTS.read_text(encoding="utf-8"))]


def probe(fault: Fault | None) -> Catch:
    """Plant the fault in a fresh copy and run the sampled check on it; without one, the copy is sound."""
    started = time.monotonic()
    with tempfile.TemporaryDirectory(prefix="leadsail-fault-") as folder:
        package = Path(folder) / "leadsail"
        shutil.copytree(PACKAGE, package, ignore=shutil.ignore_patterns("__pycache__"))
        if fault is not None:
            path = package / fault.file
            path.write_text(fault.planted_in(path.read_text(encoding="utf-8")), encoding="utf-8")
        answer = subprocess.run(
            [sys.executable, "-m", "chaos.probe"],
            cwd=_ROOT,
            env=os.environ | {"PYTHONPATH": f"{folder}{os.pathsep}{_ROOT}", "PYTHONDONTWRITEBYTECODE": "1"},
            capture_output=True,
            text=True,
            timeout=_PATIENCE,
            check=False,
        )
    caught = answer.returncode == 1 and answer.stdout.strip()
    trouble = "" if caught or answer.returncode == 0 else answer.stderr[-2000:]
    return Catch(
        fault or Fault("none", ""), answer.stdout.strip() if caught else "", time.monotonic() - started, trouble
    )


def check_planted_faults(processes: int) -> bool:
    """Try every fault and print what was caught; whether all were."""
    todo = faults()
    caught = 0
    with ThreadPoolExecutor(processes) as threads:
        for catch in threads.map(probe, todo):
            caught += bool(catch.finding)
            print(
                f"  {catch.fault.name}: {catch.finding or 'NOT CAUGHT ' + catch.trouble} ({catch.seconds:.0f} s)",
                flush=True,
            )
    print(f"planted faults: {caught} of {len(todo)} caught")
    return caught == len(todo)
