"""A PostgreSQL server that LeadSail brings along and looks after, so that nobody has to install a database.

The door is `EmbeddedPostgres` and its errors. `ROLE_STATEMENTS` serves an external server as well.
Connections, pools and migrations live elsewhere.
"""

from leadsail.foundation.embedded_postgres.errors import (
    AccountError,
    BinariesError,
    DataFolderError,
    DataFolderInUseError,
    EmbeddedPostgresError,
    OtherVersionError,
    SettingsError,
    StartError,
)
from leadsail.foundation.embedded_postgres.roles import ROLE_STATEMENTS
from leadsail.foundation.embedded_postgres.server import EmbeddedPostgres

__all__ = [
    "ROLE_STATEMENTS",
    "AccountError",
    "BinariesError",
    "DataFolderError",
    "DataFolderInUseError",
    "EmbeddedPostgres",
    "EmbeddedPostgresError",
    "OtherVersionError",
    "SettingsError",
    "StartError",
]
