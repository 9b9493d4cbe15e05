"""Where the database is and as whom to go there: the embedded server's socket, or the operator's own server."""

from dataclasses import dataclass

from leadsail.foundation.embedded_postgres import EmbeddedPostgres
from leadsail.foundation.embedded_postgres.roles import APP, OWNER
from leadsail.foundation.settings import Settings


@dataclass(frozen=True, slots=True)
class Login:
    """An address, and the role to take once connected; None when the address names the role itself."""

    url: str
    role: str | None


@dataclass(frozen=True, slots=True)
class DatabaseAddress:
    """The one database of this installation, as the running product and as the owner of its tables."""

    app: Login
    owner: Login


def database_address(settings: Settings) -> DatabaseAddress:
    """The operator's own server where one is named, else the embedded one of the data folder."""
    if settings.database_url is not None:
        url = settings.database_url.get_secret_value()
        return DatabaseAddress(Login(url, APP), Login(url, OWNER))
    server = EmbeddedPostgres(settings.data_dir)
    return DatabaseAddress(Login(server.url(APP), None), Login(server.url(OWNER), None))
