"""Under which operating-system account PostgreSQL runs, and whether that account can enter a folder.

PostgreSQL refuses to run as root. Started as root it therefore gets an account of its own.
"""

import os
import pwd
import shutil
import stat
import subprocess
from dataclasses import dataclass
from pathlib import Path

from leadsail.foundation.embedded_postgres.errors import AccountError

SERVICE_ACCOUNT = "leadsail"

# Root's own PATH leaves these out after a plain `su`.
SYSTEM_TOOLS = "/usr/sbin:/sbin:/usr/bin:/bin"


@dataclass(frozen=True, kw_only=True)
class Account:
    """An account of this machine; `starter` is the name of the account that runs LeadSail itself."""

    name: str
    uid: int
    gid: int
    starter: str

    @property
    def is_ours(self) -> bool:
        """Whether LeadSail itself already runs under this account."""
        return self.uid == os.geteuid()

    @property
    def groups(self) -> list[int]:
        """Ids of the groups that a process of this account gets when root starts it."""
        return os.getgrouplist(self.name, self.gid)


def server_account(name: str = SERVICE_ACCOUNT, *, tools: str = SYSTEM_TOOLS) -> Account:
    """Our own account, or, when we are root, the service account, which is created if it is missing.

    Raises AccountError if this user has no entry in the password file, or the account cannot be created.
    """
    starter = _own_entry()
    if starter.pw_uid != 0:
        return _account(starter, starter)
    return _account(_entry(name) or _create(name, tools), starter)


def first_closed_folder(folder: Path, account: Account) -> Path | None:
    """The topmost folder on the way to `folder` that the account may not enter, None if it may enter all."""
    way = [*reversed(folder.parents), folder]
    return next((step for step in way if not _may_enter(step, account)), None)


def _account(entry: pwd.struct_passwd, starter: pwd.struct_passwd) -> Account:
    return Account(name=entry.pw_name, uid=entry.pw_uid, gid=entry.pw_gid, starter=starter.pw_name)


def _own_entry() -> pwd.struct_passwd:
    uid = os.geteuid()
    try:
        return pwd.getpwuid(uid)
    except KeyError:
        # initdb and peer authentication both look the name up, so there is no way around an entry.
        raise AccountError(
            f"User id {uid} has no entry in the password file, which PostgreSQL needs; add one, "
            "start LeadSail under a named account, or give it a server of your own with --database-url."
        ) from None


def _entry(name: str) -> pwd.struct_passwd | None:
    try:
        return pwd.getpwnam(name)
    except KeyError:
        return None


def _create(name: str, tools: str) -> pwd.struct_passwd:
    """Two starters may come here at once: what counts is that the account is there afterwards."""
    options = ["--system", "--no-create-home", "--shell", "/usr/sbin/nologin"]
    reason = "useradd is not installed"
    if useradd := shutil.which("useradd", path=tools):
        # S603: the program is looked up in system folders only and the name is our own constant.
        made = subprocess.run([useradd, *options, name], capture_output=True, text=True, check=False)  # noqa: S603
        reason = made.stderr.strip()
    if entry := _entry(name):
        return entry
    raise AccountError(
        f"PostgreSQL does not run as root, and the account {name} could not be created ({reason}); "
        f"create a system account named {name}, or start LeadSail as an ordinary user."
    )


def _may_enter(folder: Path, account: Account) -> bool:
    status = folder.stat()
    if status.st_uid == account.uid:
        return bool(status.st_mode & stat.S_IXUSR)
    if status.st_gid in account.groups:
        return bool(status.st_mode & stat.S_IXGRP)
    # An access control list may open what the mode bits close; then the server itself finds out.
    return bool(status.st_mode & stat.S_IXOTH) or "system.posix_acl_access" in os.listxattr(folder)
