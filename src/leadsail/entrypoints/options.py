"""The options that commands share, and the settings they make together with the environment."""

from pathlib import Path
from typing import Annotated

import typer
from pydantic import ValidationError

from leadsail.entrypoints.refusals import Refusal, faults_of
from leadsail.foundation.settings import Settings

DataDir = Annotated[Path | None, typer.Option("--data-dir", help="Where everything is kept.")]
DatabaseUrl = Annotated[
    str | None, typer.Option("--database-url", help="A PostgreSQL server of your own, instead of the embedded one.")
]
Host = Annotated[str | None, typer.Option("--host", help="Address to listen on; 127.0.0.1 unless told otherwise.")]
Port = Annotated[int | None, typer.Option("--port", help="Port to listen on; 8000 unless told otherwise.")]
PublicUrl = Annotated[str | None, typer.Option("--public-url", help="How the platform is reached from outside.")]
TrustedProxies = Annotated[
    str | None, typer.Option("--trusted-proxies", help="Addresses whose X-Forwarded-* headers are believed.")
]
TlsCert = Annotated[Path | None, typer.Option("--tls-cert", help="Certificate chain (PEM).")]
TlsKey = Annotated[Path | None, typer.Option("--tls-key", help="Private key of the certificate (PEM).")]


def settings_from(**given: Path | str | int | None) -> Settings:
    """The environment's settings with those given on the command line in their place. Raises `Refusal`."""
    chosen = {name: value for name, value in given.items() if value is not None}
    try:
        settings = Settings.model_validate(chosen)
    except ValidationError as error:
        raise Refusal(
            f"Settings that cannot be used: {faults_of(error)}; mend the option, or the variable LEADSAIL_…"
        ) from None
    if (settings.tls_cert is None) != (settings.tls_key is None):
        raise Refusal("TLS needs both --tls-cert and --tls-key; give the other one too, or neither.")
    for path in (settings.tls_cert, settings.tls_key):
        if path is not None and not path.is_file():
            raise Refusal(f"There is no file {path}; give the path of a PEM file to --tls-cert and --tls-key.")
    return settings.model_copy(update={"data_dir": settings.data_dir.resolve()})


def environment_of(settings: Settings) -> dict[str, str]:
    """What a child process needs in its environment to come to the same settings.

    A password in a database's address is thus not on a command line, where everybody could read it.
    """
    values = {
        "LEADSAIL_DATA_DIR": settings.data_dir,
        "LEADSAIL_HOST": settings.host,
        "LEADSAIL_PORT": settings.port,
        "LEADSAIL_PUBLIC_URL": settings.public_url,
        "LEADSAIL_TRUSTED_PROXIES": settings.trusted_proxies,
        "LEADSAIL_RULES_DIR": settings.rules_dir and settings.rules_dir.resolve(),
        "LEADSAIL_TLS_CERT": settings.tls_cert and settings.tls_cert.resolve(),
        "LEADSAIL_TLS_KEY": settings.tls_key and settings.tls_key.resolve(),
        "LEADSAIL_DATABASE_URL": settings.database_url and settings.database_url.get_secret_value(),
    }
    return {name: str(value) for name, value in values.items() if value is not None}
