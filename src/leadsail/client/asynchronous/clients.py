"""Clients and offers."""

from typing import Unpack

from leadsail.client import params
from leadsail.client.asynchronous.lists import AsyncList
from leadsail.client.asynchronous.records import Records
from leadsail.client.filters import RecordFilters
from leadsail.client.records import Client, Offer


class Clients(Records[Client]):
    """Buyers of leads."""

    _path = "clients"
    _kind = Client

    async def create(self, *, idempotency_key: str | None = None, **new: Unpack[params.NewClient]) -> Client:
        """Store a buyer of leads."""
        return await self._create(params.NewClient, new, idempotency_key)

    def list(self, **filters: Unpack[RecordFilters]) -> AsyncList[Client]:
        """All clients. `search` looks into name and abbreviation."""
        return self._list(Client, "clients", self._path, filters=filters)

    async def update(
        self, client_id: str, /, *, if_match: str | None = None, **change: Unpack[params.ClientChange]
    ) -> Client:
        """What is not given stays, None clears, objects merge one level."""
        return await self._update(client_id, params.ClientChange, change, if_match)


class Offers(Records[Offer]):
    """Products and services that leads are won for."""

    _path = "offers"
    _kind = Offer

    async def create(self, *, idempotency_key: str | None = None, **new: Unpack[params.NewOffer]) -> Offer:
        """Store a product or service."""
        return await self._create(params.NewOffer, new, idempotency_key)

    def list(self, **filters: Unpack[RecordFilters]) -> AsyncList[Offer]:
        """All offers. `search` looks into name and abbreviation."""
        return self._list(Offer, "offers", self._path, filters=filters)

    async def update(
        self, offer_id: str, /, *, if_match: str | None = None, **change: Unpack[params.OfferChange]
    ) -> Offer:
        """What is not given stays, None clears."""
        return await self._update(offer_id, params.OfferChange, change, if_match)
