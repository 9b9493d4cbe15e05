"""Lists that are fetched while they are read."""

from collections.abc import AsyncIterator
from typing import Generic, TypeVar

from leadsail.client.asynchronous.sending import AsyncSender
from leadsail.client.pages import Listing, Page
from leadsail.client.shapes import Record

RecordT = TypeVar("RecordT", bound=Record)


class AsyncList(Generic[RecordT]):
    """All records of a list, page after page. Nothing is sent before it is read; reading it again asks again."""

    def __init__(self, sender: AsyncSender, listing: Listing[RecordT]) -> None:
        self._sender = sender
        self._listing = listing

    async def __aiter__(self) -> AsyncIterator[RecordT]:
        """Every record, newest first."""
        async for page in self.pages():
            for record in page.items:
                yield record

    async def pages(self) -> AsyncIterator[Page[RecordT]]:
        """Every page, for those who care where one ends."""
        listing: Listing[RecordT] | None = self._listing
        while listing is not None:
            page = listing.page(await self._sender.send(listing.request))
            yield page
            listing = listing.after(page)

    async def first_page(self) -> Page[RecordT]:
        """The first page alone: one request, and `total` where the platform counts."""
        return self._listing.page(await self._sender.send(self._listing.request))
