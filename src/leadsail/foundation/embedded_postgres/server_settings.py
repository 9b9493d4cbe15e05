"""What the embedded server is told about itself. Limits on statements and sessions are set per connection."""

from collections.abc import Mapping
from pathlib import Path

from leadsail.foundation.embedded_postgres.access import PORT, AccessFiles
from leadsail.foundation.embedded_postgres.errors import SettingsError

PROFILE: Mapping[str, str] = {
    "shared_buffers": "128MB",
    "max_connections": "60",
    # Parallel workers talk through /dev/shm, which has 64 MB in a container; our statements are short anyway.
    "max_parallel_workers": "0",
    "max_logical_replication_workers": "0",  # one idle process less
    "jit": "off",
    "timezone": "UTC",
    "log_timezone": "UTC",
    # A client's error can quote a phone number: the client hears of it, the log keeps the server's affairs.
    "log_min_messages": "log",
    "log_min_error_statement": "panic",
    "log_error_verbosity": "terse",
    "log_checkpoints": "off",
    "cluster_name": "leadsail",
}
"""A small profile for one machine. Any of it may be overridden."""


_KEPT = frozenset(
    (
        "listen_addresses",
        "port",
        "unix_socket_directories",
        "unix_socket_permissions",
        "hba_file",
        "ident_file",
        "data_directory",
        "config_file",
    )
)


def refuse_kept_settings(overrides: Mapping[str, str]) -> None:
    """Raise SettingsError if an override names a setting on which safety rests."""
    if refused := sorted(_KEPT & {name.lower() for name in overrides}):
        raise SettingsError(
            f"The embedded PostgreSQL keeps {', '.join(refused)} to itself; to choose it freely, "
            "run a server of your own and name it with --database-url."
        )


def server_options(overrides: Mapping[str, str], *, socket_folder: Path, access: AccessFiles) -> list[str]:
    """Command-line options for `postgres`; there they win over every file and over ALTER SYSTEM."""
    settings = {
        **PROFILE,
        **overrides,
        "listen_addresses": "",
        "port": str(PORT),
        "unix_socket_directories": _quoted(socket_folder),
        "unix_socket_permissions": "0700",
        "hba_file": str(access.hba),
        "ident_file": str(access.ident),
    }
    return [part for name, value in settings.items() for part in ("-c", f"{name}={value}")]


def _quoted(folder: Path) -> str:
    """One entry of a list setting; bare, a space or a quote in the path would be lost."""
    doubled = str(folder).replace('"', '""')
    return f'"{doubled}"'
