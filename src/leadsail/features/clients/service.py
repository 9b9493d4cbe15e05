"""The use cases of clients and offers: those of every configuration record."""

from leadsail.features.clients.schemas import Client, ClientChange, NewClient, NewOffer, Offer, OfferChange
from leadsail.foundation.records import RecordService, RecordTable

_SEARCHED = ("body ->> 'name'", "body ->> 'abbrev'")


class ClientService(RecordService[NewClient, ClientChange, Client]):
    """The buyers of leads."""

    table = RecordTable("client", "client_id", "clientId", "client", search=_SEARCHED)
    new_shape = NewClient
    shape = Client


class OfferService(RecordService[NewOffer, OfferChange, Offer]):
    """The products and services that leads are won for."""

    table = RecordTable("offer", "offer_id", "offerId", "offer", search=_SEARCHED)
    new_shape = NewOffer
    shape = Offer
