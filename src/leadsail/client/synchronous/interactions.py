# Generated from leadsail/client/asynchronous by `make openapi`; do not edit.
"""Calls and text threads: read, listed, followed live."""

from collections.abc import Generator
from contextlib import closing
from dataclasses import replace
from http import HTTPStatus
from typing import Unpack

import httpx2

from leadsail.client.answers import plain_failures
from leadsail.client.errors import ConnectionFailedError
from leadsail.client.events import InteractionEvent, event_of
from leadsail.client.filters import InteractionFilters
from leadsail.client.records import Dossier, Interaction
from leadsail.client.requests import read
from leadsail.client.synchronous.lists import SyncList
from leadsail.client.synchronous.records import Resource

_REOPENINGS = 10
"""How often a stream that worked is opened again in vain: enough for a restart of the platform, about a minute."""
_FRUITLESS = 2
"""How far along the back-off a stream begins that ended without an event: about two seconds."""


class Interactions(Resource):
    """Calls and text threads."""

    def get(self, interaction_id: str, /) -> Interaction:
        """Read one, live or over, with its transcript so far. Raises `NotFoundError`."""
        return self._send(read("interactions", interaction_id), Interaction)

    def list(self, **filters: Unpack[InteractionFilters]) -> SyncList[Interaction]:
        """Interactions, newest first."""
        return self._list(Interaction, "interactions", "interactions", filters=filters)

    def of_lead(self, lead_id: str, /) -> SyncList[Interaction]:
        """Every call and thread of a lead, newest first."""
        return self._list(Interaction, "interactions", "interactions", "lead", lead_id, filters={})

    def dossier(self, interaction_id: str, /) -> Dossier:
        """Why the person was contacted: consent, decisions with their rules, first words. Raises `NotFoundError`."""
        return self._send(read("interactions", interaction_id, "dossier"), Dossier)

    def dossier_page(self, interaction_id: str, /) -> str:
        """The same as a page of HTML to print, which needs nothing from elsewhere. Raises `NotFoundError`."""
        request = read("interactions", interaction_id, "dossier", "page")
        with self._sender.stream(request, self._sender.retries) as response:
            with plain_failures():
                return (response.read()).decode()

    def follow(self, interaction_id: str, /, *, after: int = 0) -> Generator[InteractionEvent, None, None]:
        """What happened since the event numbered `after`, then what happens, until the interaction is over.

        A stream that breaks is taken up where it broke; no event is lost or told twice. Close the generator when
        you leave early (`contextlib.closing`), so that the connection is free again at once.
        """
        retries, heard = self._sender.retries, after
        while True:
            before = heard
            request = read("interactions", interaction_id, "events", last_event_id=heard)
            with self._sender.stream(request, retries) as response:
                if response.status_code == HTTPStatus.NO_CONTENT:
                    return
                with closing(_events(response)) as events:
                    for event in events:
                        if event.sequence > heard:
                            heard = event.sequence
                            yield event
            retries = replace(retries, most=max(retries.most, _REOPENINGS))
            if heard == before:
                self._sender.sleep(retries.back_off(_FRUITLESS))


def _events(response: httpx2.Response) -> Generator[InteractionEvent, None, None]:
    """The events of one stream. It ends when the platform ends it, and when it breaks, which is no fault."""
    try:
        with plain_failures():
            for message in httpx2.EventSource(response):
                if message.data:  # without data a message only sets the pace
                    yield event_of(message.data, response)
    except ConnectionFailedError:
        return
