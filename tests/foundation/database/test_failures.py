"""Which errors of the database mean "not now" rather than "never"."""

import asyncpg
import pytest

from leadsail.foundation.database import as_unavailable


class TestAPassingFailure:
    @pytest.mark.parametrize(
        "error",
        [
            ConnectionRefusedError(),
            ConnectionResetError(),
            FileNotFoundError(2, "no socket"),
            TimeoutError(),
            asyncpg.CannotConnectNowError(),
            asyncpg.AdminShutdownError(),
            asyncpg.CrashShutdownError(),
            asyncpg.TooManyConnectionsError(),
            asyncpg.DiskFullError(),
            asyncpg.OutOfMemoryError(),
            asyncpg.ConnectionDoesNotExistError(),
            asyncpg.InterfaceError("connection is closed"),
            asyncpg.DeadlockDetectedError(),
            asyncpg.LockNotAvailableError(),
            asyncpg.QueryCanceledError(),
            asyncpg.SerializationError(),
            asyncpg.ReadOnlySQLTransactionError(),
        ],
    )
    def test_is_told_to_come_back(self, error: Exception) -> None:
        refusal = as_unavailable(error)

        assert refusal is not None
        assert refusal.retry_after is not None


class TestALastingFailure:
    @pytest.mark.parametrize(
        "error",
        [
            asyncpg.PostgresSyntaxError(),
            asyncpg.UndefinedTableError(),
            asyncpg.InsufficientPrivilegeError(),
            asyncpg.UniqueViolationError(),
            asyncpg.DataError(),
            ValueError(),
            KeyError(),
        ],
    )
    def test_is_ours_to_mend(self, error: Exception) -> None:
        assert as_unavailable(error) is None
