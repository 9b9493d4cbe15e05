"""Why a command did not do what was asked, in one sentence that names the remedy."""

from collections.abc import Callable
from typing import Any

import asyncpg
from pydantic import ValidationError

from leadsail.foundation.embedded_postgres import EmbeddedPostgresError
from leadsail.foundation.encryption import MasterKeyError
from leadsail.foundation.errors import PlatformError


class Refusal(Exception):
    """The command cannot do what was asked; the text says why and what to do."""


def sentence(error: BaseException) -> str | None:
    """What to print for `error`; None where the command line itself answers, as for a wrong option."""
    if type(error).__module__.startswith("typer"):
        return None
    for kinds, told in _SENTENCES:
        if isinstance(error, kinds):
            return told(error)
    return f"Something unforeseen happened ({type(error).__qualname__}: {error}); leadsail --debug shows where"


def faults_of(error: ValidationError) -> str:
    """What a shape found wrong, with the names as they were given."""
    return "; ".join(f"{'.'.join(map(str, fault['loc']))}: {fault['msg']}" for fault in error.errors())


# The first that fits counts.
_SENTENCES: tuple[tuple[tuple[type[BaseException], ...], Callable[[Any], str]], ...] = (
    ((Refusal, EmbeddedPostgresError, MasterKeyError), str),
    ((PlatformError,), lambda error: "; ".join([error.message, *error.details])),
    ((ValidationError,), faults_of),
    (
        (ConnectionError, TimeoutError, asyncpg.PostgresConnectionError, asyncpg.CannotConnectNowError),
        lambda _: "The database does not answer; start it with: leadsail up (or see: leadsail doctor)",
    ),
    ((asyncpg.PostgresError,), lambda error: f"The database refused: {error}; see: leadsail doctor"),
    ((OSError,), lambda error: f"{error}; mend that and try again"),
)
