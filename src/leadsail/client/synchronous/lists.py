# Generated from leadsail/client/asynchronous by `make openapi`; do not edit.
"""Lists that are fetched while they are read."""

from collections.abc import Iterator
from typing import Generic, TypeVar

from leadsail.client.pages import Listing, Page
from leadsail.client.shapes import Record
from leadsail.client.synchronous.sending import SyncSender

RecordT = TypeVar("RecordT", bound=Record)


class SyncList(Generic[RecordT]):
    """All records of a list, page after page. Nothing is sent before it is read; reading it again asks again."""

    def __init__(self, sender: SyncSender, listing: Listing[RecordT]) -> None:
        self._sender = sender
        self._listing = listing

    def __iter__(self) -> Iterator[RecordT]:
        """Every record, newest first."""
        for page in self.pages():
            yield from page.items

    def pages(self) -> Iterator[Page[RecordT]]:
        """Every page, for those who care where one ends."""
        listing: Listing[RecordT] | None = self._listing
        while listing is not None:
            page = listing.page(self._sender.send(listing.request))
            yield page
            listing = listing.after(page)

    def first_page(self) -> Page[RecordT]:
        """The first page alone: one request, and `total` where the platform counts."""
        return self._listing.page(self._sender.send(self._listing.request))
