"""Where the platform is and who asks: the address and the key, from arguments or the environment."""

import os
import re
from collections.abc import Generator, Mapping
from dataclasses import dataclass, field
from typing import Self
from urllib.parse import urlsplit

import httpx2

from leadsail.client.errors import ConfigurationError

LIMITS = httpx2.Limits(max_keepalive_connections=20, keepalive_expiry=3.0)
"""Idle connections are let go before the platform does so after five seconds: a change sent into one that is being
closed could not be repeated safely. Their number is open, for a program may follow many calls."""
_DEFAULT_BASE_URL = "http://127.0.0.1:8000"
_API = "/api/v1"
_VISIBLE = re.compile(r"[!-~]+")


class ApiKeyAuth(httpx2.Auth):
    """Puts the key on a request as it leaves, so that it stands nowhere where requests are shown or logged."""

    def __init__(self, api_key: str) -> None:
        self._api_key = api_key

    def auth_flow(self, request: httpx2.Request) -> Generator[httpx2.Request, httpx2.Response, None]:
        """See `httpx2.Auth`."""
        request.headers["X-API-Key"] = self._api_key
        yield request


@dataclass(frozen=True, slots=True)
class Connection:
    """An address of the API, ending in `/api/v1`, and the key to it, which is never shown."""

    base_url: str
    auth: ApiKeyAuth = field(repr=False)

    @classmethod
    def of(cls, api_key: str | None, base_url: str | None, environment: Mapping[str, str] = os.environ) -> Self:
        """The arguments, else `LEADSAIL_API_KEY` and `LEADSAIL_BASE_URL`. Raises `ConfigurationError`."""
        key = (api_key or environment.get("LEADSAIL_API_KEY", "")).strip()
        if not key:
            raise ConfigurationError("There is no API key: pass api_key, or set LEADSAIL_API_KEY")
        if not _VISIBLE.fullmatch(key):
            raise ConfigurationError("The API key holds spaces or signs that no key has; copy it once more")
        return cls(_address(base_url or environment.get("LEADSAIL_BASE_URL") or _DEFAULT_BASE_URL), ApiKeyAuth(key))


def _address(base_url: str) -> str:
    address = base_url.strip().rstrip("/")
    try:
        parts = urlsplit(address)
        fine = parts.scheme in ("http", "https") and bool(parts.hostname) and not (parts.query or parts.fragment)
    except ValueError:
        fine = False
    if not fine:
        raise ConfigurationError(f"base_url {base_url!r} is no address such as {_DEFAULT_BASE_URL}")
    return address if address.endswith(_API) else address + _API
