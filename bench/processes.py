"""Processor time and memory of processes, with all that they started."""

from collections.abc import Iterable

import psutil


def family(pid: int) -> list[psutil.Process]:
    """A process and everything below it."""
    parent = psutil.Process(pid)
    return [parent, *parent.children(recursive=True)]


def cpu_seconds(processes: Iterable[psutil.Process]) -> float:
    """Processor time used so far, in user and system mode, with that of their children that have ended."""
    total = 0.0
    for process in processes:
        try:
            times = process.cpu_times()
        except psutil.NoSuchProcess:
            continue
        total += times.user + times.system + times.children_user + times.children_system
    return total


def pss_megabytes(processes: Iterable[psutil.Process]) -> dict[str, float]:
    """Proportional set size by process: shared pages are counted once, divided among those who share them."""
    sizes: dict[str, float] = {}
    for process in processes:
        try:
            name = _name(process)
            sizes[name] = sizes.get(name, 0) + process.memory_full_info().pss / 2**20
        except psutil.NoSuchProcess:
            continue
    return sizes


def _name(process: psutil.Process) -> str:
    if process.name().startswith("postgres"):
        return "PostgreSQL"
    words = process.cmdline()
    return next((f"leadsail {word}" for word in words if word in ("api", "worker", "up")), process.name())
