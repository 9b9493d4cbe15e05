# Generated from leadsail/client/asynchronous by `make openapi`; do not edit.
"""What the resources of the API have in common."""

from collections.abc import Mapping
from typing import Any, ClassVar, Generic, TypeVar

from leadsail.client.pages import Listing
from leadsail.client.requests import Request, patch, post, query_of, read
from leadsail.client.shapes import Record, body_of
from leadsail.client.synchronous.lists import SyncList
from leadsail.client.synchronous.sending import SyncSender

RecordT = TypeVar("RecordT", bound=Record)
OtherT = TypeVar("OtherT", bound=Record)


class Resource:
    """A part of the API."""

    def __init__(self, sender: SyncSender) -> None:
        self._sender = sender

    def _send(self, request: Request, kind: type[OtherT]) -> OtherT:
        return (self._sender.send(request)).record(kind)

    def _list(self, kind: type[OtherT], key: str, *path: str, filters: Mapping[str, Any]) -> SyncList[OtherT]:
        return SyncList(self._sender, Listing(path, key, kind, query_of(filters)))


class Records(Resource, Generic[RecordT]):
    """A part of the API where records of one kind are kept, changed and put away."""

    _path: ClassVar[str]
    _kind: type[RecordT]

    def get(self, record_id: str, /) -> RecordT:
        """Read one record, archived or not. Raises `NotFoundError`."""
        return self._send(read(self._path, record_id), self._kind)

    def archive(self, record_id: str, /, *, idempotency_key: str | None = None) -> RecordT:
        """Put a record away: hidden from lists, kept for what refers to it."""
        request = post(self._path, record_id, "archive", idempotency_key=idempotency_key)
        return self._send(request, self._kind)

    def unarchive(self, record_id: str, /, *, idempotency_key: str | None = None) -> RecordT:
        """Fetch a record back."""
        request = post(self._path, record_id, "unarchive", idempotency_key=idempotency_key)
        return self._send(request, self._kind)

    def _create(self, shape: Any, new: Mapping[str, Any], idempotency_key: str | None) -> RecordT:
        request = post(self._path, body=body_of(shape, new), idempotency_key=idempotency_key)
        return self._send(request, self._kind)

    def _update(self, record_id: str, shape: Any, change: Mapping[str, Any], if_match: str | None) -> RecordT:
        request = patch(self._path, record_id, body=body_of(shape, change), if_match=if_match)
        return self._send(request, self._kind)
