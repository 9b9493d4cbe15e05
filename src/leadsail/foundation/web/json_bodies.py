"""Strict JSON: what PostgreSQL cannot keep or a client cannot read back is refused at the door, with the field's name.

Refused are NUL characters, lone surrogates, numbers that are not finite or leave 64 bits, nesting deeper than 64,
and duplicate ways of saying the same (`NaN`, `Infinity`). The parser is pydantic's own.
"""

import math
import re
from collections.abc import Iterator
from typing import Any

from pydantic_core import from_json
from starlette.requests import Request

from leadsail.foundation.errors import InvalidInput, UnsupportedMediaType

_DEEPEST = 64
_LARGEST = 2**63 - 1
# Cheap signs that a body may hold something refused; only then is it walked value by value.
_SUSPECT = re.compile(rb"\\u0000|[0-9]{17}|[0-9][eE][+-]?[0-9]")


async def read_json(request: Request) -> Any:
    """The body's JSON value.

    Raises `UnsupportedMediaType` for another content type, and `InvalidInput` with one line a fault.
    """
    raw = await request.body()
    if not raw:
        return None
    kind = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    if kind != "application/json" and not (kind.startswith("application/") and kind.endswith("+json")):
        raise UnsupportedMediaType
    return parse_json(raw)


def parse_json(raw: bytes) -> Any:
    """The value that `raw` spells; raises `InvalidInput` for anything the platform could not give back unchanged."""
    try:
        value = from_json(raw, allow_inf_nan=False, cache_strings="keys")
    except ValueError as error:
        raise InvalidInput(f"body: not valid JSON ({error})") from None
    if _SUSPECT.search(raw) or raw.count(b"[") + raw.count(b"{") > _DEEPEST:
        faults = list(_faults(value, "", 0))
        if faults:
            raise InvalidInput(*faults[:20])
    return value


def _faults(value: Any, path: str, depth: int) -> Iterator[str]:
    name = path or "body"
    if depth > _DEEPEST:
        yield f"{name}: nested deeper than {_DEEPEST} levels"
    elif isinstance(value, str):
        if "\0" in value:
            yield f"{name}: must not contain the NUL character"
    elif isinstance(value, int):
        if abs(value) > _LARGEST:
            yield f"{name}: a whole number must fit 64 bits"
    elif isinstance(value, float):
        if not math.isfinite(value):
            yield f"{name}: a number must be finite"
    else:
        yield from _faults_inside(value, path, depth)


def _faults_inside(value: Any, path: str, depth: int) -> Iterator[str]:
    if isinstance(value, dict):
        for key, item in value.items():
            if "\0" in key:
                yield f"{path or 'body'}: a key must not contain the NUL character"
            yield from _faults(item, f"{path}.{key}" if path else key, depth + 1)
    elif isinstance(value, list):
        for index, item in enumerate(value):
            yield from _faults(item, f"{path}.{index}" if path else f"{index}", depth + 1)
