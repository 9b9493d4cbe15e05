"""Why a command did not do what was asked, in one sentence that names the remedy."""

import asyncpg
import typer
from pydantic import ValidationError

from leadsail.foundation.embedded_postgres import EmbeddedPostgresError
from leadsail.foundation.encryption import MasterKeyError
from leadsail.foundation.errors import PlatformError


class Refusal(Exception):
    """The command cannot do what was asked; the text says why and what to do."""


_SPEAKING = (Refusal, EmbeddedPostgresError, MasterKeyError)
_UNREACHABLE = (ConnectionError, TimeoutError, asyncpg.PostgresConnectionError, asyncpg.CannotConnectNowError)


def sentence(error: BaseException) -> str | None:
    """What to print for `error`; None where the command line itself answers, as for a wrong option."""
    if type(error).__module__.startswith("typer"):
        return None
    if isinstance(error, _SPEAKING):
        return str(error)
    if isinstance(error, PlatformError):
        return "; ".join([error.message, *error.details])
    if isinstance(error, ValidationError):
        return "; ".join(f"{'.'.join(map(str, fault['loc']))}: {fault['msg']}" for fault in error.errors())
    if isinstance(error, _UNREACHABLE):
        return "The database does not answer; start it with: leadsail up (or see: leadsail doctor)"
    if isinstance(error, asyncpg.PostgresError):
        return f"The database refused: {error}; see: leadsail doctor"
    if isinstance(error, OSError):
        return f"{error}; mend that and try again"
    return f"Something unforeseen happened ({type(error).__qualname__}: {error}); leadsail --debug shows where"


def refuse(what: str) -> typer.BadParameter:
    """A mistake in how the command was called, which ends with exit code 2."""
    return typer.BadParameter(what)
