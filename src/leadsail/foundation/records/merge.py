"""What a PATCH means (contract 7.1): absent leaves unchanged, null clears, objects merge one level deep."""

from collections.abc import Mapping
from typing import Any

Body = dict[str, Any]


def merged(body: Mapping[str, Any], change: Mapping[str, Any]) -> Body:
    """`body` after `change`; neither is altered."""
    result = dict(body)
    for name, value in change.items():
        if value is None:
            result.pop(name, None)
        elif isinstance(value, dict):
            result[name] = _merged_object(result.get(name), value)
        else:
            result[name] = value
    return result


def _merged_object(old: Any, change: Body) -> Body:
    result = dict(old) if isinstance(old, dict) else {}
    for name, value in change.items():
        if value is None:
            result.pop(name, None)
        else:
            result[name] = value
    return result
