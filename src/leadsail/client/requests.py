"""What is asked of the platform, before anything is sent: paths, queries, bodies and headers."""

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any
from urllib.parse import quote
from uuid import uuid4

from leadsail.client.shapes import wire_name

_VISIBLE = re.compile(r"[!-~]{1,255}")


@dataclass(frozen=True, slots=True)
class Request:
    """One request. It may be sent several times, always the same."""

    method: str
    path: str
    query: Mapping[str, str] = field(default_factory=dict)
    headers: Mapping[str, str] = field(default_factory=dict)
    content: bytes | None = None

    @property
    def repeatable(self) -> bool:
        """Whether sending it twice surely has the effect of sending it once."""
        return self.method == "GET" or "Idempotency-Key" in self.headers


def read(*path: str, query: Mapping[str, str] | None = None, last_event_id: int = 0) -> Request:
    """A GET."""
    headers = {"Last-Event-ID": str(last_event_id)} if last_event_id else {}
    return Request("GET", _path(path), query or {}, headers)


def post(
    *path: str,
    body: Mapping[str, Any] | None = None,
    idempotency_key: str | None = None,
    query: Mapping[str, str] | None = None,
) -> Request:
    """A POST. It always carries an idempotency key, so that a repetition has no second effect."""
    headers = {"Idempotency-Key": str(uuid4()) if idempotency_key is None else idempotency_key}
    if not _VISIBLE.fullmatch(headers["Idempotency-Key"]):
        raise ValueError("idempotency_key must be 1 to 255 visible ASCII characters")
    return Request("POST", _path(path), query or {}, headers | _json_header(body), _json(body))


def patch(*path: str, body: Mapping[str, Any], if_match: str | None = None) -> Request:
    """A PATCH."""
    headers = {"If-Match": if_match} if if_match else {}
    return Request("PATCH", _path(path), {}, headers | _json_header(body), _json(body))


def delete(*path: str, body: Mapping[str, Any] | None = None) -> Request:
    """A DELETE."""
    return Request("DELETE", _path(path), {}, _json_header(body), _json(body))


def query_of(filters: Mapping[str, Any]) -> dict[str, str]:
    """Filters as the API takes them: every value a string; what is None is left out."""
    return {wire_name(name): _query_value(name, value) for name, value in filters.items() if value is not None}


def _query_value(name: str, value: Any) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, list | tuple):
        if not value:
            # The platform would take an empty filter for none, and a computed list of no ids would find everything.
            raise ValueError(f"{name} is empty and would filter nothing; leave it out for that")
        return ",".join(map(str, value))
    return str(value)


def _path(segments: tuple[str, ...]) -> str:
    for segment in segments:
        if segment in ("", ".", ".."):
            raise ValueError(f"{segment!r} is no id")
    return "".join(f"/{quote(segment, safe='')}" for segment in segments)


def _json_header(body: Mapping[str, Any] | None) -> dict[str, str]:
    return {} if body is None else {"Content-Type": "application/json"}


def _json(body: Mapping[str, Any] | None) -> bytes | None:
    return None if body is None else json.dumps(body, separators=(",", ":"), allow_nan=False).encode()
