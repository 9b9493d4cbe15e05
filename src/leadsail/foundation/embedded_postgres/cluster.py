"""One cluster folder: made by initdb, checked before use, asked whether its server is ready.

It is named by its major version. Folders of other versions are looked at, never touched.
"""

import os
import re
import shutil
import subprocess
from pathlib import Path

from leadsail.foundation.embedded_postgres.access import SUPERUSER
from leadsail.foundation.embedded_postgres.accounts import Account
from leadsail.foundation.embedded_postgres.binaries import Installation
from leadsail.foundation.embedded_postgres.children import spawn, until
from leadsail.foundation.embedded_postgres.errors import DataFolderError, OtherVersionError, StartError
from leadsail.foundation.embedded_postgres.log_file import LogFile, last_lines

_INITDB_LIMIT = 600.0  # seconds; it takes half a second on a disk that is well


def cluster_folder(data_dir: Path, major: int) -> Path:
    """Where the cluster of a major version stands."""
    return data_dir / f"postgres-{major}"


def cluster_is_there(cluster: Path, major: int, account: Account) -> bool:
    """Whether the cluster exists and may be opened; False means that it can be created.

    Raises OtherVersionError if the data is of another major version, DataFolderError if it is not ours.
    """
    if not cluster.exists() or not any(cluster.iterdir()):
        _refuse_other_versions(cluster, major)
        return False
    _refuse_unlike_name(cluster, major)
    if cluster.stat().st_uid != account.uid:
        raise DataFolderError(
            f"{cluster} does not belong to the account {account.name}, under which the server would run; "
            f"start LeadSail as its owner, or hand it over with: chown -R {account.name} {cluster}"
        )
    return True


async def create_cluster(cluster: Path, installation: Installation, account: Account, log: LogFile) -> None:
    """Run initdb in a side folder and rename it, because initdb can die half-way and a rename cannot.

    Raises StartError with the last lines of the output if initdb fails.
    """
    aside = cluster.with_name(cluster.name + ".new")
    if aside.exists():
        shutil.rmtree(aside)
    aside.mkdir(mode=0o700)
    os.chown(aside, account.uid, account.gid)
    await _initdb(aside, installation, account, log)
    aside.rename(cluster)
    _make_durable(cluster.parent)


def server_is_ready(cluster: Path) -> bool:
    """Whether the server in this cluster accepts connections, as the eighth line of its pid file says."""
    return _pid_file_line(cluster, 7) == "ready"


def postmaster_pid(cluster: Path) -> int | None:
    """The process that the pid file names. It may be long dead, or somebody else by now."""
    line = _pid_file_line(cluster, 0)
    return int(line) if line.isdecimal() else None


def forget_dead_server(cluster: Path) -> None:
    """Remove the pid file of a server that is gone: PostgreSQL trusts any living process of that number."""
    (cluster / "postmaster.pid").unlink(missing_ok=True)


async def _initdb(folder: Path, installation: Installation, account: Account, log: LogFile) -> None:
    program = str(installation.folder / "initdb")
    command = [program, f"--pgdata={folder}", *_initdb_options(installation.major)]
    # Its words are kept in memory: a full disk, which they may be about, has no room for them.
    with os.fdopen(os.memfd_create("initdb"), "w+b") as output:
        status = await _finish(spawn(command, account, output))
        output.seek(0)
        said = output.read().decode(errors="replace").strip()
    if status != 0:
        log.note(said)
        raise StartError(
            f"initdb could not create the database in {folder.parent}; mend what it names and start again "
            f"(all it said is in {log.path}):\n{last_lines(said)}"
        )


async def _finish(process: "subprocess.Popen[bytes]") -> int:
    """Wait for the program, and leave nothing of it behind if the wait is cancelled or too long."""
    try:
        await until(lambda: process.poll() is not None, seconds=_INITDB_LIMIT)
    finally:
        if process.poll() is None:
            process.kill()
            process.wait()
    return process.returncode


def _initdb_options(major: int) -> list[str]:
    # The built-in provider sorts the same on every machine, whatever its C library; it came with 17.
    provider = ["--locale-provider=builtin"] if major >= 17 else []
    locale = ["--encoding=UTF8", "--locale=C.UTF-8", *provider]
    return [*locale, "--data-checksums", "--auth=peer", "--no-instructions", f"--username={SUPERUSER}"]


def _make_durable(folder: Path) -> None:
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def _refuse_other_versions(cluster: Path, major: int) -> None:
    others = [entry for entry in cluster.parent.glob("postgres-*") if re.fullmatch(r"postgres-\d+", entry.name)]
    found = sorted(entry.name.removeprefix("postgres-") for entry in others if entry != cluster)
    if found:
        old = found[-1]
        raise OtherVersionError(
            f"{cluster.parent} holds data of PostgreSQL {old}, this LeadSail brings {major}; with "
            f"the release that wrote it run `leadsail db backup`, move postgres-{old} out of the folder, "
            "then start this release and run `leadsail db restore`."
        )


def _refuse_unlike_name(cluster: Path, major: int) -> None:
    try:
        version = (cluster / "PG_VERSION").read_text().strip()
    except FileNotFoundError:
        raise DataFolderError(
            f"{cluster} is no PostgreSQL data folder, though named like one; move it away and start again."
        ) from None
    if version != str(major):
        raise OtherVersionError(
            f"{cluster} says it was written by PostgreSQL {version}, not {major}; it has been renamed or "
            f"mixed up: give it its right name, postgres-{version}, or restore it from a backup."
        )


def _pid_file_line(cluster: Path, number: int) -> str:
    try:
        lines = (cluster / "postmaster.pid").read_text().splitlines()
    except FileNotFoundError:
        return ""
    return lines[number].strip() if number < len(lines) else ""
