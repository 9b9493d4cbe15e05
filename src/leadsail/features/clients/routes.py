"""`/clients` and `/offers`."""

from typing import Annotated

from fastapi import Response

from leadsail.features.clients.schemas import (
    Client,
    ClientChange,
    ClientList,
    NewClient,
    NewOffer,
    Offer,
    OfferChange,
    OfferList,
)
from leadsail.features.clients.service import ClientService, OfferService
from leadsail.foundation.records.routes import ACTS, CHANGES, CREATES, LISTS, READS, IfMatch, ListFilter, one
from leadsail.foundation.web.answers import Success
from leadsail.foundation.web.pagination import PageOf
from leadsail.foundation.web.routes import ReadWork, WriteWork, router, service

routes = router("Clients and offers")

Clients = Annotated[ClientService, service(ClientService)]
Offers = Annotated[OfferService, service(OfferService)]


@routes.get("/clients", summary="List clients", responses=LISTS)
async def list_clients(work: ReadWork, clients: Clients, page: PageOf, wanted: ListFilter) -> Success[ClientList]:
    """One page of clients, newest first. `search` looks into name and abbreviation."""
    found, total = await clients.page(work, wanted, page)
    return Success(data=ClientList(clients=found, pagination=page.of(total)))


@routes.post("/clients", status_code=201, summary="Create a client", responses=CREATES)
async def create_client(new: NewClient, work: WriteWork, clients: Clients, response: Response) -> Success[Client]:
    """Store a buyer of leads."""
    return one(response, await clients.create(work, new))


@routes.get("/clients/{clientId}", summary="Read a client", responses=READS)
async def read_client(clientId: str, work: ReadWork, clients: Clients, response: Response) -> Success[Client]:
    """One client, archived or not."""
    return one(response, await clients.read(work, clientId))


@routes.patch("/clients/{clientId}", summary="Change a client", responses=CHANGES)
async def change_client(
    clientId: str,
    change: ClientChange,
    work: WriteWork,
    clients: Clients,
    response: Response,
    if_match: IfMatch = None,
) -> Success[Client]:
    """Absent fields stay, `null` clears, objects merge one level deep."""
    return one(response, await clients.change(work, clientId, change, if_match=if_match))


@routes.post("/clients/{clientId}/archive", summary="Archive a client", responses=ACTS)
async def archive_client(clientId: str, work: WriteWork, clients: Clients, response: Response) -> Success[Client]:
    """Put a client away: hidden from lists, kept for what refers to it."""
    return one(response, await clients.archive(work, clientId))


@routes.post("/clients/{clientId}/unarchive", summary="Unarchive a client", responses=ACTS)
async def unarchive_client(clientId: str, work: WriteWork, clients: Clients, response: Response) -> Success[Client]:
    """Fetch a client back."""
    return one(response, await clients.archive(work, clientId, archived=False))


@routes.get("/offers", summary="List offers", responses=LISTS)
async def list_offers(work: ReadWork, offers: Offers, page: PageOf, wanted: ListFilter) -> Success[OfferList]:
    """One page of offers, newest first. `search` looks into name and abbreviation."""
    found, total = await offers.page(work, wanted, page)
    return Success(data=OfferList(offers=found, pagination=page.of(total)))


@routes.post("/offers", status_code=201, summary="Create an offer", responses=CREATES)
async def create_offer(new: NewOffer, work: WriteWork, offers: Offers, response: Response) -> Success[Offer]:
    """Store a product or service that leads are won for."""
    return one(response, await offers.create(work, new))


@routes.get("/offers/{offerId}", summary="Read an offer", responses=READS)
async def read_offer(offerId: str, work: ReadWork, offers: Offers, response: Response) -> Success[Offer]:
    """One offer, archived or not."""
    return one(response, await offers.read(work, offerId))


@routes.patch("/offers/{offerId}", summary="Change an offer", responses=CHANGES)
async def change_offer(
    offerId: str,
    change: OfferChange,
    work: WriteWork,
    offers: Offers,
    response: Response,
    if_match: IfMatch = None,
) -> Success[Offer]:
    """Absent fields stay, `null` clears."""
    return one(response, await offers.change(work, offerId, change, if_match=if_match))


@routes.post("/offers/{offerId}/archive", summary="Archive an offer", responses=ACTS)
async def archive_offer(offerId: str, work: WriteWork, offers: Offers, response: Response) -> Success[Offer]:
    """Put an offer away: hidden from lists, kept for what refers to it."""
    return one(response, await offers.archive(work, offerId))


@routes.post("/offers/{offerId}/unarchive", summary="Unarchive an offer", responses=ACTS)
async def unarchive_offer(offerId: str, work: WriteWork, offers: Offers, response: Response) -> Success[Offer]:
    """Fetch an offer back."""
    return one(response, await offers.archive(work, offerId, archived=False))
