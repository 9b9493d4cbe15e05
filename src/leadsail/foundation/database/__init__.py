"""PostgreSQL as the rest of the platform meets it: a pool, units of work, and what counts as "cannot serve now"."""

from leadsail.foundation.database.database import Database
from leadsail.foundation.database.failures import as_unavailable
from leadsail.foundation.database.work import Work

__all__ = ["Database", "Work", "as_unavailable"]
