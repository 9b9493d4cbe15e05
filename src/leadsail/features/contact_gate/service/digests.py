"""The keyed hashes that prove a decision: only who holds the master key can make them."""

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

import orjson

from leadsail.foundation.encryption import KeyedHash

_BODY = "decision-body"
_WHOLE = "decision"
_COVERED = (
    "decision_id", "attempt_id", "lead_id", "interaction_id", "phone_hash", "stage", "outcome", "code", "at",
    "body_digest", "created_at",
)  # fmt: skip


def body_digest(keyed_hash: KeyedHash, body: bytes) -> bytes:
    """The hash of what was known, to the letter."""
    return keyed_hash.of(_BODY, body)


def digest(keyed_hash: KeyedHash, tenant_id: str, columns: Mapping[str, Any]) -> bytes:
    """The hash of the decision as a whole, which its body's hash stands in for the body."""
    return keyed_hash.of(_WHOLE, _letters(tenant_id, columns))


def is_body(keyed_hash: KeyedHash, body: str, expected: bytes) -> bool:
    """Whether `body` is what was hashed, under this master key or a previous one."""
    return expected in keyed_hash.candidates(_BODY, body)


def is_whole(keyed_hash: KeyedHash, tenant_id: str, columns: Mapping[str, Any], expected: bytes) -> bool:
    """Whether the columns are the ones that were hashed, under this master key or a previous one."""
    return expected in keyed_hash.candidates(_WHOLE, _letters(tenant_id, columns))


def _letters(tenant_id: str, columns: Mapping[str, Any]) -> bytes:
    return orjson.dumps([tenant_id, *(_letter(columns[name]) for name in _COVERED)])


def _letter(value: Any) -> str | None:
    if isinstance(value, bytes):
        return value.hex()
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat()
    return None if value is None else str(value)
