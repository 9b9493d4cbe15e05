"""Which database errors mean "not now" rather than "never"."""

import asyncpg

from leadsail.foundation.errors import Unavailable

# Each says that the server is away, stopping, starting, full or too busy; none says that the statement was wrong.
_PASSING = (
    ConnectionError,
    TimeoutError,
    asyncpg.PostgresConnectionError,
    asyncpg.InterfaceError,
    asyncpg.InternalClientError,
    asyncpg.InsufficientResourcesError,
    asyncpg.OperatorInterventionError,
    asyncpg.DeadlockDetectedError,
    asyncpg.LockNotAvailableError,
    asyncpg.SerializationError,
    asyncpg.ReadOnlySQLTransactionError,
    asyncpg.PostgresIOError,
)


def as_unavailable(error: BaseException) -> Unavailable | None:
    """The refusal to answer with when `error` is a passing failure of the database; None for every other error."""
    if isinstance(error, _PASSING) or (isinstance(error, OSError) and error.errno is not None):
        return Unavailable()
    return None
