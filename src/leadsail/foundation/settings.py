"""The platform's settings: typed, grouped, read from the environment at the edge and passed on as values.

Every name is `LEADSAIL_` and the field's path joined by two underscores, as in `LEADSAIL_RATE_LIMIT__BURST=500`.
`DATABASE_URL` is understood too. The defaults run on one machine with nothing else installed.
"""

import os
from pathlib import Path
from typing import Literal

import platformdirs
from pydantic import AliasChoices, BaseModel, Field, SecretStr
from pydantic_settings import BaseSettings, SettingsConfigDict


def default_data_dir() -> Path:
    """Where data goes unless told otherwise: the system's place for root, the user's own place for anybody else."""
    if os.geteuid() == 0:
        return Path("/var/lib/leadsail")
    return Path(platformdirs.user_data_dir("leadsail"))


class RateLimitSettings(BaseModel):
    """Requests a second that one key may make on average, and at once; a rate of 0 switches the limit off."""

    per_second: float = Field(default=100, ge=0)
    burst: int = Field(default=200, ge=1)


class LimitSettings(BaseModel):
    """How much one request may take: bytes of body, seconds for the body to arrive, seconds of time in all."""

    body_bytes: int = Field(default=1_048_576, ge=1024)
    body_seconds: float = Field(default=10, gt=0)
    seconds: float = Field(default=30, gt=0)


class DatabaseSettings(BaseModel):
    """Connections that one process keeps to PostgreSQL."""

    connections: int = Field(default=8, ge=2, le=200)


class Settings(BaseSettings):
    """Everything that can be set."""

    model_config = SettingsConfigDict(env_prefix="LEADSAIL_", env_nested_delimiter="__", extra="ignore")

    data_dir: Path = Field(default_factory=default_data_dir)
    host: str = "127.0.0.1"
    port: int = Field(default=8000, ge=0, le=65535)
    public_url: str | None = None
    trusted_proxies: str = "127.0.0.1"
    tls_cert: Path | None = None
    tls_key: Path | None = None
    database_url: SecretStr | None = Field(
        default=None, validation_alias=AliasChoices("database_url", "LEADSAIL_DATABASE_URL", "DATABASE_URL")
    )
    database: DatabaseSettings = DatabaseSettings()
    master_key: SecretStr | None = None
    rules_dir: Path | None = Field(default=None, description="A rule book of your own instead of the shipped one")
    log_level: Literal["DEBUG", "INFO", "WARNING", "ERROR"] = "INFO"
    access_log: bool = True
    rate_limit: RateLimitSettings = RateLimitSettings()
    limits: LimitSettings = LimitSettings()

    @property
    def base_url(self) -> str:
        """How the platform is reached from outside, without a slash at the end."""
        if self.public_url:
            return self.public_url.rstrip("/")
        scheme = "https" if self.tls_cert else "http"
        host = f"[{self.host}]" if ":" in self.host else self.host
        return f"{scheme}://{'127.0.0.1' if self.host in ('0.0.0.0', '::') else host}:{self.port}"  # noqa: S104 - compared, not bound
