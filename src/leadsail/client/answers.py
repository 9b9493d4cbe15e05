"""What an answer of the platform says: a record, or a refusal as an error."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from email.utils import parsedate_to_datetime
from http import HTTPStatus
from typing import Any, TypeVar
from urllib.parse import unquote

import httpx2
from pydantic import ValidationError

from leadsail.client.errors import ConnectionFailedError, MalformedAnswerError, TimedOutError, api_error_for
from leadsail.client.shapes import Meta, Record

RecordT = TypeVar("RecordT", bound=Record)

_NEVER_SENT = (
    httpx2.ConnectError,
    httpx2.ConnectTimeout,
    httpx2.PoolTimeout,
    httpx2.ProxyError,
    httpx2.UnsupportedProtocol,
)


@dataclass(frozen=True, slots=True)
class Answer:
    """The `data` of a success, with what the headers told."""

    data: dict[str, Any]
    status: int
    meta: Meta

    @classmethod
    def of(cls, response: httpx2.Response) -> "Answer":
        """What a response that was read says. Raises `ApiError` for a refusal, else `MalformedAnswerError`."""
        body = _json_object(response)
        if not response.is_success:
            raise refusal(response, body)
        data = body.get("data")
        if body.get("success") is not True or not isinstance(data, dict):
            raise malformed(response, "is not an answer of this API")
        return cls(data, response.status_code, _meta(response))

    def record(self, kind: type[RecordT]) -> RecordT:
        """The answer as a record; raises `MalformedAnswerError` when it is none."""
        record = self.part(kind, self.data)
        record._meta = self.meta  # noqa: SLF001 - only this module writes it, and only here
        return record

    def part(self, kind: type[RecordT], data: Any) -> RecordT:
        """A record that stands inside this answer."""
        try:
            return kind.model_validate(data)
        except ValidationError as fault:
            what = "; ".join(f"{'.'.join(map(str, line['loc']))}: {line['msg']}" for line in fault.errors())
            raise self.malformed(f"is no {kind.__name__} ({what})") from None

    def malformed(self, what: str) -> MalformedAnswerError:
        """The error that says what is wrong with this answer."""
        return MalformedAnswerError(f"The answer {what}", status=self.status, request_id=self.meta.request_id)


def refusal(response: httpx2.Response, body: dict[str, Any] | None = None) -> Exception:
    """The error that a response without success tells, be it ours or of something in between."""
    error = (_json_object(response) if body is None else body).get("error")
    told = error if isinstance(error, dict) else {}
    details = told.get("details")
    return api_error_for(response.status_code)(
        str(told.get("message") or response.reason_phrase or "The request was refused"),
        status=response.status_code,
        code=str(told.get("code") or f"HTTP_{response.status_code}"),
        details=[str(line) for line in details] if isinstance(details, list) else (),
        request_id=response.headers.get("x-request-id"),
        retry_after=_retry_after(response.headers),
    )


def malformed(response: httpx2.Response, what: str) -> MalformedAnswerError:
    """The error for a response that this API would not give."""
    return MalformedAnswerError(
        f"The answer from {response.url.copy_with(query=None)} {what}; does base_url point to the platform?",
        status=response.status_code,
        request_id=response.headers.get("x-request-id"),
    )


@contextmanager
def plain_failures() -> Iterator[None]:
    """Tell failures of the connection as this client's own errors; what caused them holds the key, so it stays out."""
    try:
        yield
    except httpx2.SSEError as failure:
        raise MalformedAnswerError(f"The stream is none of this API: {failure}", status=HTTPStatus.OK) from None
    except httpx2.TimeoutException as failure:
        sent = not isinstance(failure, _NEVER_SENT)
        raise TimedOutError(f"No answer in time ({type(failure).__name__})", sent=sent) from None
    except httpx2.RequestError as failure:
        sent = not isinstance(failure, _NEVER_SENT)
        raise ConnectionFailedError(
            f"The connection failed: {str(failure) or type(failure).__name__}", sent=sent
        ) from None


def _json_object(response: httpx2.Response) -> dict[str, Any]:
    """The body; of a failure that has none (a proxy's page), an empty object."""
    try:
        body = json.loads(response.content)
    except ValueError:
        body = None
    if isinstance(body, dict):
        return body
    if response.is_success:
        raise malformed(response, "is not JSON of this API")
    return {}


def _meta(response: httpx2.Response) -> Meta:
    ignored = response.headers.get("x-ignored-fields", "")
    return Meta(
        request_id=response.headers.get("x-request-id"),
        etag=response.headers.get("etag"),
        replayed=response.headers.get("idempotent-replayed") == "true",
        ignored_fields=tuple(unquote(name.strip()) for name in ignored.split(",") if name.strip()),
    )


def _retry_after(headers: httpx2.Headers) -> float | None:
    """Seconds, told as such or as a date (RFC 9110, 10.2.3); a date counts from the answer's own `Date`."""
    text = headers.get("retry-after", "")
    if text.isascii() and text.isdigit():
        return float(text)
    try:
        waited = parsedate_to_datetime(text) - parsedate_to_datetime(headers.get("date", ""))
    except (ValueError, TypeError):
        return None
    return max(0.0, waited.total_seconds())
