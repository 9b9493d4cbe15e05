"""The envelope around every answer: `{"success": true, "data": …}` or `{"success": false, "error": …}`."""

from typing import Generic, Literal, TypeVar

import orjson
from pydantic import Field
from starlette.responses import Response

from leadsail.foundation.errors import PlatformError
from leadsail.foundation.web.schemas import Maybe, Shape

DataT = TypeVar("DataT")


class Success(Shape, Generic[DataT]):
    """A success."""

    success: Literal[True] = True
    data: DataT


class ErrorBody(Shape):
    """What happened, to which thing, and what to do about it."""

    code: str = Field(examples=["VALIDATION_ERROR"])
    message: str = Field(examples=["Invalid input data"])
    details: Maybe[list[str]] = Field(
        default=None,
        description="One line a fault, beginning with the dotted field name",
        examples=[["email: not a valid e-mail address"]],
    )


class Failure(Shape):
    """A refusal or a failure."""

    success: Literal[False] = False
    error: ErrorBody


class JsonAnswer(Response):
    """A response whose body is JSON already."""

    media_type = "application/json"


def success_bytes(data: bytes) -> bytes:
    """The envelope of a success around JSON that is written already."""
    return b'{"success":true,"data":' + data + b"}"


def success_json(data: object) -> bytes:
    """The envelope of a success around a JSON value."""
    return success_bytes(orjson.dumps(data))


def failure(error: PlatformError) -> JsonAnswer:
    """The answer that tells `error`."""
    body: dict[str, object] = {"code": error.code, "message": error.message}
    if error.details:
        body["details"] = error.details
    headers = {"Retry-After": str(error.retry_after)} if error.retry_after is not None else None
    content = orjson.dumps({"success": False, "error": body})
    return JsonAnswer(content, status_code=error.status, headers=headers)
