"""Who may talk to the server: nobody over TCP, and on its Unix socket only the account that starts LeadSail.

There is no password. The kernel tells the server who is calling (peer authentication, PostgreSQL manual
20.9), and a map says which roles that account may take.
"""

import hashlib
import os
import stat
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote

from leadsail.foundation.embedded_postgres.accounts import Account
from leadsail.foundation.embedded_postgres.errors import DataFolderError
from leadsail.foundation.embedded_postgres.roles import APP, OWNER

SUPERUSER = "postgres"
PORT = 5432  # part of the socket's file name, no port is opened

# sockaddr_un holds 108 bytes with the closing zero (unix(7)).
_LONGEST_SOCKET_PATH = 107

_HBA = "# Written by LeadSail at every start.\nlocal all all peer map=leadsail\n"


@dataclass(frozen=True)
class AccessFiles:
    """The two files in which PostgreSQL looks up who may connect."""

    hba: Path
    ident: Path


def write_access_files(folder: Path, account: Account) -> AccessFiles:
    """Write both files, outside the cluster: as root we must not write where another account can, too."""
    files = AccessFiles(folder / "pg_hba.conf", folder / "pg_ident.conf")
    folder.mkdir(exist_ok=True)
    folder.chmod(0o755)
    for file, text in ((files.hba, _HBA), (files.ident, _identity_map(account))):
        file.write_text(text)
        file.chmod(0o644)
    return files


def url(folder: Path, role: str, database: str) -> str:
    """The address of a database behind the socket in a folder, as libpq and asyncpg read it."""
    path = f"{quote(role, safe='')}@/{quote(database, safe='')}"
    return f"postgresql://{path}?host={quote(str(folder))}&port={PORT}"


def socket_folder(data_dir: Path) -> Path:
    """Where the socket of a data folder stands: inside it, or at a fixed place if clients could not go there."""
    inside = data_dir / "postgres-socket"
    # Clients take a comma for the end of one host and the begin of another.
    if len(os.fsencode(inside / f".s.PGSQL.{PORT}")) <= _LONGEST_SOCKET_PATH and "," not in str(inside):
        return inside
    digest = hashlib.sha256(os.fsencode(data_dir)).hexdigest()[:16]
    # S108: the name is known to all, hence the check of its owner before every use.
    short = "/run" if os.geteuid() == 0 else "/tmp"  # noqa: S108
    return Path(short, f"leadsail-{digest}")


def prepare_socket_folder(folder: Path, account: Account) -> None:
    """Make the folder so that only the account (and root) can enter it.

    Raises DataFolderError if somebody else made one of that name before us.
    """
    try:
        folder.mkdir(mode=0o700)
    except FileExistsError:
        _refuse_squatter(folder, account)
    os.chown(folder, account.uid, account.gid, follow_symlinks=False)


def _refuse_squatter(folder: Path, account: Account) -> None:
    found = folder.lstat()
    owners = {account.uid, os.geteuid()}
    if stat.S_ISDIR(found.st_mode) and found.st_uid in owners and stat.S_IMODE(found.st_mode) & 0o077 == 0:
        return
    raise DataFolderError(
        f"{folder} is not a private folder of the account {account.name}, so the database socket "
        "would not be safe there; find out who made it, remove it and start again."
    )


def _identity_map(account: Account) -> str:
    lines = ["# Written by LeadSail at every start: account of this machine, role it may take."]
    for name in dict.fromkeys((account.starter, account.name)):
        lines += [f'leadsail "{name}" {role}' for role in (SUPERUSER, OWNER, APP)]
    return "\n".join(lines) + "\n"
