"""The bases of every input and output shape: strict, lenient or open about fields they do not know, and "left out"."""

from collections.abc import Iterator
from datetime import datetime
from typing import Annotated, Any, TypeVar

from pydantic import (
    AfterValidator,
    AwareDatetime,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    GetJsonSchemaHandler,
    PlainSerializer,
    WithJsonSchema,
)
from pydantic.alias_generators import to_camel
from pydantic.json_schema import JsonSchemaValue
from pydantic_core import CoreSchema

from leadsail.foundation.clock import to_milliseconds

T = TypeVar("T")


class Shape(BaseModel):
    """Attributes in snake_case here, camelCase on the wire. Unknown fields and other types are refused."""

    model_config = ConfigDict(
        alias_generator=to_camel,
        populate_by_name=True,
        extra="forbid",
        strict=True,
        serialize_by_alias=True,
        # An answer always tells a field that has a default; only `Maybe` is left out.
        json_schema_serialization_defaults_required=True,
    )


class Lenient(Shape):
    """Unknown fields are dropped, and `ignored_fields` names them for the header `X-Ignored-Fields`."""

    model_config = ConfigDict(extra="allow")

    def ignored_fields(self) -> list[str]:
        """Dotted names of the fields that mean nothing here."""
        return sorted(_unknown(self, ""))

    def known(self) -> dict[str, Any]:
        """What was sent and is known, in wire spelling; fields that were not sent are absent."""
        known: dict[str, Any] = _without_unknown(self)
        return known


class Open(Shape):
    """Further fields are kept as they came."""

    model_config = ConfigDict(extra="allow")


class _LeftOut:
    """Marks an optional field whose absence is told by leaving it out, so its schema in answers has no null."""

    def __get_pydantic_json_schema__(self, core_schema: CoreSchema, handler: GetJsonSchemaHandler) -> JsonSchemaValue:
        schema = handler(core_schema)
        if handler.mode == "serialization":
            options = [option for option in schema.get("anyOf", []) if option != {"type": "null"}]
            if len(options) == 1:
                return {key: value for key, value in schema.items() if key != "anyOf"} | dict(options[0])
        return schema


def _is_none(value: object) -> bool:
    return value is None


Maybe = Annotated[T | None, _LeftOut(), Field(exclude_if=_is_none)]
"""An optional field: `null` and absent mean the same on the way in, and on the way out it is left out."""


def timestamp(instant: Any) -> str:
    """`2026-01-02T03:04:05.678Z`, the contract's spelling of an instant."""
    return to_milliseconds(instant).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def _in_utc(instant: datetime) -> datetime:
    try:
        return to_milliseconds(instant)
    except OverflowError:
        raise ValueError("must lie in the years 1 to 9999 of UTC") from None


def _spelled_out(value: Any) -> Any:
    if not isinstance(value, datetime) and not (isinstance(value, str) and ":" in value):
        raise ValueError("must be an ISO 8601 date-time with an offset")
    return value


Timestamp = Annotated[
    AwareDatetime,
    Field(strict=False),
    BeforeValidator(_spelled_out),
    AfterValidator(_in_utc),
    PlainSerializer(timestamp, return_type=str),
    WithJsonSchema({"type": "string", "format": "date-time", "examples": ["2026-01-02T03:04:05.678Z"]}),
]
"""An instant: any ISO 8601 with an offset on the way in, UTC with milliseconds and `Z` on the way out."""


def sent(shape: Shape) -> dict[str, Any]:
    """What was sent, in wire form, `null` included; fields that were not sent are absent."""
    body = shape.model_dump(mode="json", by_alias=True, exclude_unset=True)
    fields = type(shape).model_fields
    for name in shape.model_fields_set & fields.keys():
        value = getattr(shape, name)
        # `Maybe` leaves an empty field out of every dump, and a change must tell empty from absent.
        if value is None or isinstance(value, Shape):
            body[fields[name].alias or name] = None if value is None else sent(value)
    return body


def _children(value: Any, path: str) -> Iterator[tuple[str, Shape]]:
    if isinstance(value, Shape):
        yield path, value
    elif isinstance(value, list):
        for index, item in enumerate(value):
            yield from _children(item, f"{path}.{index}")


def _unknown(shape: Shape, prefix: str) -> Iterator[str]:
    if isinstance(shape, Lenient):
        yield from (prefix + name for name in shape.model_extra or {})
    fields = type(shape).model_fields
    for name in fields.keys() & shape.model_fields_set:
        value = getattr(shape, name)
        if isinstance(value, Shape | list):
            for path, child in _children(value, prefix + (fields[name].alias or name)):
                yield from _unknown(child, f"{path}.")


def _without_unknown(value: Any) -> Any:
    if isinstance(value, Open):
        return sent(value)
    if isinstance(value, Shape):
        fields = type(value).model_fields
        return {
            fields[name].alias or name: _without_unknown(getattr(value, name))
            for name in fields
            if name in value.model_fields_set
        }
    if isinstance(value, list):
        return [_without_unknown(item) for item in value]
    return value
