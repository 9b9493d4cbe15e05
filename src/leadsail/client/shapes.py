"""What records that are read and parameters that are sent have in common: their spelling on the wire, and metadata."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from typing import Any

from pydantic import (
    BaseModel,
    ConfigDict,
    PrivateAttr,
    TypeAdapter,
    ValidationError,
    ValidatorFunctionWrapHandler,
    field_validator,
)
from pydantic.alias_generators import to_camel

from leadsail.client.spelling import SPELLED


def wire_name(name: str) -> str:
    """How the API spells a field that is `name` in Python: `client_id` is `clientId`."""
    return SPELLED.get(name) or to_camel(name)


@dataclass(frozen=True, slots=True)
class Meta:
    """What the headers of an answer told besides the record itself. Records are compared without it."""

    request_id: str | None = field(default=None, compare=False)
    """Name it when you ask for help: it finds the request in the platform's logs."""
    etag: str | None = field(default=None, compare=False)
    """The record's version; give it to `update` as `if_match` and nobody's change is overwritten."""
    replayed: bool = field(default=False, compare=False)
    """Whether this is the stored answer to an earlier request with the same idempotency key."""
    ignored_fields: tuple[str, ...] = field(default=(), compare=False)
    """Fields that were sent and meant nothing to the platform."""


class Record(BaseModel):
    """Something that the platform answered. It cannot be changed; fields that this version does not know are kept."""

    model_config = ConfigDict(
        alias_generator=wire_name,
        populate_by_name=True,
        extra="allow",
        frozen=True,
        defer_build=True,
        serialize_by_alias=True,
    )

    _meta: Meta = PrivateAttr(default=Meta())

    @property
    def meta(self) -> Meta:
        """What the answer's headers told; empty for what stands inside another record."""
        return self._meta

    @field_validator("*", mode="wrap")
    @classmethod
    def _keep_new_members(cls, value: Any, read: ValidatorFunctionWrapHandler) -> Any:
        """A newer platform may know more statuses than this client; they arrive as the plain text they are."""
        try:
            return read(value)
        except ValidationError as fault:
            if all(line["type"] == "literal_error" for line in fault.errors()):
                return value
            raise


PARAMETERS = ConfigDict(alias_generator=wire_name, extra="allow")
"""The spelling of parameters; keys that this version does not know are sent as they are."""


def body_of(shape: Any, parameters: Mapping[str, Any]) -> dict[str, Any]:
    """The JSON object for `parameters`, which are a `shape` of `leadsail.client.params`.

    Nothing is judged here: the platform does that, and names every fault.
    """
    body: dict[str, Any] = _adapter(shape).dump_python(dict(parameters), by_alias=True, mode="json", warnings=False)
    return body


@cache
def _adapter(shape: Any) -> TypeAdapter[Any]:
    return TypeAdapter(shape)
