"""The schemas, made readable: plain names, no machine-made titles, whole numbers as whole numbers, one envelope."""

import re
from typing import Any

import orjson

Json = dict[str, Any]

_SCHEMAS = "#/components/schemas/"
_FRAMEWORK = ("HTTPValidationError", "ValidationError")
_BOUNDS = ("minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum")
# A shape that differs on the way in and on the way out; the one that is read keeps the plain name.
_DIRECTION = re.compile(rf'("(?:{_SCHEMAS})?[A-Za-z]+)-(Input|Output)"')


def tidied(document: Json) -> Json:
    """A copy of the framework's document with its schemas made readable."""
    names = document["components"]["schemas"].keys()
    renamed = [_plain_name(name) for name in names]
    if len(set(renamed)) != len(renamed):
        raise ValueError(f"two shapes share a name in the reference: {sorted(renamed)}")
    text = orjson.dumps(document).decode()
    copy: Json = orjson.loads(_DIRECTION.sub(_replacement, text))
    schemas = copy["components"]["schemas"]
    envelopes = {_SCHEMAS + name: schema for name, schema in schemas.items() if name.startswith("Success_")}
    copy["components"]["schemas"] = {
        name: _tidy(schema, title=name)
        for name, schema in sorted(schemas.items())
        if _SCHEMAS + name not in envelopes and name not in _FRAMEWORK
    }
    copy["paths"] = _unwrapped(copy["paths"], envelopes)
    return copy


def _plain_name(name: str) -> str:
    return name.removesuffix("-Output").replace("-Input", "Input")


def _replacement(match: re.Match[str]) -> str:
    return f'{match[1]}{"Input" if match[2] == "Input" else ""}"'


def _tidy(schema: Any, *, title: str | None = None) -> Any:
    if isinstance(schema, list):
        return [_tidy(item) for item in schema]
    if not isinstance(schema, dict):
        return schema
    tidy = {key: _tidied_value(key, value) for key, value in schema.items() if key != "title"}
    return ({"title": title} | tidy) if title else tidy


def _tidied_value(key: str, value: Any) -> Any:
    if key == "properties":
        return {name: _tidy(property_) for name, property_ in value.items()}
    if key in _BOUNDS and isinstance(value, float) and value.is_integer():
        return int(value)
    if key in ("default", "examples", "enum", "const"):
        return value
    return _tidy(value)


def _unwrapped(node: Any, envelopes: Json) -> Any:
    """The paths with each envelope written out, so that what it holds is seen at once."""
    if isinstance(node, list):
        return [_unwrapped(item, envelopes) for item in node]
    if not isinstance(node, dict):
        return node
    envelope = envelopes.get(node.get("$ref", ""))
    if envelope is not None:
        return {
            "type": "object",
            "properties": {"success": {"const": True}, "data": envelope["properties"]["data"]},
            "required": ["success", "data"],
            "additionalProperties": False,
        }
    if node.keys() >= {"in", "schema"}:
        return node | {"schema": _tidy(node["schema"])}
    return {key: _unwrapped(value, envelopes) for key, value in node.items() if not _of_framework(key, value)}


def _of_framework(key: str, value: Any) -> bool:
    """Whether this is the 422 that the framework would answer; ours is a 400."""
    return key == "422" and _SCHEMAS + "HTTPValidationError" in str(value)
