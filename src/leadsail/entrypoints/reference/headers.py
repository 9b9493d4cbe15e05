"""The headers of answers, each described once."""

from typing import Any

Json = dict[str, Any]


def _header(description: str, example: str, **schema: Any) -> Json:
    return {"description": description, "schema": {"type": "string"} | schema, "example": example}


HEADERS: Json = {
    "X-Request-Id": _header(
        "Names this request in the logs. One of your own (1-64 of `A-Za-z0-9._-`) is taken over",
        "req_0199f3c2d4e57a1b8c9d0e1f2a3b4c5d",
    ),
    "RateLimit": _header("`r` requests are left; in `t` seconds the quota is whole again", '"default";r=199;t=1'),
    "RateLimit-Policy": _header("The quota: `q` requests within `w` seconds", '"default";q=200;w=2'),
    "Retry-After": _header("Seconds to wait before trying again", "1", pattern="^[0-9]+$"),
    "ETag": _header("The record's version; send it back as `If-Match`", '"1"', pattern='^"[0-9]+"$'),
    "Idempotent-Replayed": _header(
        "Present when this is the stored answer to an earlier request with the same `Idempotency-Key`",
        "true",
        const="true",
    ),
    "X-Ignored-Fields": _header("Fields of the body that mean nothing here, percent-encoded", "nickname"),
}


def referred(*names: str) -> Json:
    """The `headers` of a response: references to the headers of these names."""
    return {name: {"$ref": f"#/components/headers/{name}"} for name in names}
