"""Lists come in pages: which one is asked for, what it holds, and which one is next. Nothing here sends."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any, Generic, TypeVar

from leadsail.client.answers import Answer
from leadsail.client.requests import Request, read
from leadsail.client.shapes import Meta, Record

RecordT = TypeVar("RecordT", bound=Record)


@dataclass(frozen=True, slots=True)
class Page(Generic[RecordT]):
    """One page of a list, newest first."""

    items: tuple[RecordT, ...]
    total: int | None
    """How many records match on all pages; None where the platform does not count them."""
    next_query: Mapping[str, str] | None
    """The filters that lead to the next page, as they are sent; None on the last one."""
    meta: Meta


@dataclass(frozen=True, slots=True)
class Listing(Generic[RecordT]):
    """A list of `kind`, which answers hold under `key`."""

    path: tuple[str, ...]
    key: str
    kind: type[RecordT]
    query: Mapping[str, str]

    @property
    def request(self) -> Request:
        """What asks for the page."""
        return read(*self.path, query=self.query)

    def page(self, answer: Answer) -> Page[RecordT]:
        """The page that was answered."""
        items = answer.data.get(self.key)
        if not isinstance(items, list):
            raise answer.malformed(f"holds no {self.key}")
        records = tuple(answer.part(self.kind, item) for item in items)
        pagination = answer.data.get("pagination")
        total = pagination.get("total") if isinstance(pagination, dict) else None
        return Page(records, total, self._next(answer, pagination), answer.meta)

    def after(self, page: Page[RecordT]) -> "Listing[RecordT] | None":
        """The list from the next page on; None after the last."""
        return None if page.next_query is None else replace(self, query=page.next_query)

    def _next(self, answer: Answer, pagination: Any) -> Mapping[str, str] | None:
        if answer.data.get("hasMore") is True:
            cursor = answer.data.get("nextCursor")
            if not isinstance(cursor, str) or cursor == self.query.get("cursor"):
                raise answer.malformed("says that there is more, but not where")
            return {**self.query, "cursor": cursor}
        if isinstance(pagination, dict):
            return self._next_number(answer, pagination)
        return None

    def _next_number(self, answer: Answer, pagination: dict[str, Any]) -> Mapping[str, str] | None:
        total, page, limit = (pagination.get(name) for name in ("total", "page", "limit"))
        if not (isinstance(total, int) and isinstance(page, int) and isinstance(limit, int)):
            raise answer.malformed("does not tell which page it is")
        return {**self.query, "page": str(page + 1)} if page * limit < total and answer.data[self.key] else None
