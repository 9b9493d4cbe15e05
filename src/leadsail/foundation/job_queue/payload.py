"""How a job's payload is kept in the database: a JSON object in bytes."""

from collections.abc import Mapping

import orjson
from pydantic import JsonValue

from leadsail.foundation.job_queue.jobs import BadPayloadError


def pack(payload: Mapping[str, JsonValue]) -> bytes:
    """The bytes to store; raises TypeError when a value is none that JSON knows."""
    return orjson.dumps(dict(payload))


def unpack(stored: bytes | None) -> dict[str, JsonValue]:
    """What `pack` was given; raises `BadPayloadError` when somebody else wrote the bytes."""
    try:
        payload = orjson.loads(stored or b"")
    except orjson.JSONDecodeError:
        raise BadPayloadError("The payload is not JSON") from None
    if not isinstance(payload, dict):
        raise BadPayloadError("The payload is not a JSON object")
    return payload
