"""`/interactions`: hot reads that pass JSON text straight through, lists, and the live stream of events.

The reads skip the framework's own parsing and serialising: their handlers get the request as it is, and their
schema is declared for the reference and held against the bytes by the tests.
"""

from collections.abc import AsyncIterator, Awaitable, Callable
from typing import Annotated, Any, get_args

import orjson
from fastapi import Query, Request, Response
from fastapi.routing import APIRoute
from starlette.responses import StreamingResponse

from leadsail.features.interactions.schemas import (
    EventMessage,
    Interaction,
    InteractionList,
    InteractionType,
    LeadInteractions,
)
from leadsail.features.interactions.schemas import InteractionStatus as Status
from leadsail.features.interactions.service import InteractionService, State, Wanted
from leadsail.foundation.database.listening import Bell
from leadsail.foundation.errors import InvalidInput, Unavailable
from leadsail.foundation.records.routes import LISTS, READS
from leadsail.foundation.web.answers import JsonAnswer, Success, success_bytes
from leadsail.foundation.web.caller import Caller, caller_of
from leadsail.foundation.web.front_door import RawAnswer, name_route, without_deadline
from leadsail.foundation.web.pagination import Limit, PeriodOf, listed
from leadsail.foundation.web.routes import Handler, ReadWork, router, service

_LOOK_SECONDS = 1.0
_QUIET_LOOKS = 15
_MOST_STREAMS = 500
_LARGEST_SEQUENCE = 2**31 - 1

routes = router("Interactions")

HotRead = Callable[[Caller, str, bytes | None], Awaitable[RawAnswer]]

Interactions = Annotated[InteractionService, service(InteractionService)]


class PassThroughRoute(APIRoute):
    """A route whose endpoint answers the bare request; everything declared on it is for the reference only."""

    def get_route_handler(self) -> Handler:
        """See `fastapi.routing.APIRoute`."""
        endpoint: Handler = self.endpoint
        template = f"/api/v1{self.path}"

        async def handle(request: Request) -> Response:
            name_route(request.scope, template)
            caller_of(request.scope).require("read")
            return await endpoint(request)

        return handle


_ID: dict[str, Any] = {
    "parameters": [
        {"name": "interactionId", "in": "path", "required": True, "schema": {"type": "string"}},
    ]
}


_EVENT: dict[str, Any] = {
    "type": "object",
    "description": "One event of the stream",
    "properties": {
        "id": {"type": "string", "description": "Its `sequence`"},
        "event": {"enum": list(get_args(EventMessage.model_fields["event"].annotation))},
        "data": {
            "type": "string",
            "contentMediaType": "application/json",
            "contentSchema": EventMessage.model_json_schema(mode="serialization"),
        },
    },
    "required": ["id", "event", "data"],
}

READ_TEMPLATE = "/api/v1/interactions/{interactionId}"


def hot_read(interactions: InteractionService) -> HotRead:
    """The read that the product is named after, for the front door's shortcut."""

    async def answer(caller: Caller, interaction_id: str, unless: bytes | None) -> RawAnswer:
        sealed = await interactions.read(caller.tenant_id, interaction_id)
        tag = b'"%d"' % sealed.sequence
        if unless == tag:
            return 304, [(b"etag", tag)], b""
        body = success_bytes(sealed.text.encode())
        headers = [
            (b"content-type", b"application/json"),
            (b"content-length", b"%d" % len(body)),
            (b"etag", tag),
        ]
        return 200, headers, body

    return answer


async def read_interaction(request: Request) -> Response:
    """One call or thread, live or finished. `ETag` and `If-None-Match` make polling cheap."""
    read = hot_read(request.app.state.services[InteractionService])
    unless = request.headers.get("if-none-match")
    status, headers, body = await read(
        caller_of(request.scope), request.path_params["interactionId"], unless.encode() if unless else None
    )
    response = Response(body, status_code=status)
    response.raw_headers = headers
    return response


routes.add_api_route(
    "/interactions/{interactionId}",
    read_interaction,
    summary="Read an interaction",
    response_model=Success[Interaction],
    responses=READS | {304: {"description": "Unchanged since the entity tag of `If-None-Match`"}},
    route_class_override=PassThroughRoute,
    openapi_extra={
        "parameters": [
            *_ID["parameters"],
            {
                "name": "If-None-Match",
                "in": "header",
                "required": False,
                "schema": {"type": "string", "examples": ['"5"']},
                "description": "Answer 304 without a body if the interaction still has this entity tag",
            },
        ]
    },
)


async def stream_events(request: Request) -> Response:
    """Server-sent events: each has its sequence as `id`, so a broken stream goes on after `Last-Event-ID`.

    The stream ends once the interaction is over and everything was sent; a client that comes back then gets 204.
    """
    interactions: InteractionService = request.app.state.services[InteractionService]
    caller, interaction_id = caller_of(request.scope), request.path_params["interactionId"]
    after = _last_event_id(request)
    state = await interactions.state(caller.tenant_id, interaction_id)
    if state.ended and after >= state.sequence:
        return Response(status_code=204)
    if request.app.state.streams >= _MOST_STREAMS:
        raise Unavailable("Too many streams are open on this server; try again shortly")
    stream = EventStream(request, interactions, caller.tenant_id, interaction_id, after)
    without_deadline(request.scope)
    headers = {"Cache-Control": "no-cache", "X-Accel-Buffering": "no"}
    return StreamingResponse(stream.messages(state), media_type="text/event-stream", headers=headers)


routes.add_api_route(
    "/interactions/{interactionId}/events",
    stream_events,
    summary="Follow an interaction live",
    responses=READS
    | {
        200: {"description": "A stream of events", "content": {"text/event-stream": {"schema": _EVENT}}},
        204: {"description": "The interaction is over and every event was sent"},
    },
    response_class=StreamingResponse,
    route_class_override=PassThroughRoute,
    openapi_extra={
        "parameters": [
            *_ID["parameters"],
            {
                "name": "Last-Event-ID",
                "in": "header",
                "required": False,
                "schema": {"type": "string"},
                "description": "Send what came after this sequence; browsers send it by themselves",
            },
        ]
    },
)


class EventStream:
    """One client's stream: what was there already, then what comes, until the interaction or the process ends."""

    def __init__(
        self, request: Request, interactions: InteractionService, tenant_id: str, interaction_id: str, after: int
    ) -> None:
        self._app = request.app
        self._bell: Bell = request.app.state.bell
        self._interactions = interactions
        self._tenant_id = tenant_id
        self._interaction_id = interaction_id
        self._after = after

    async def messages(self, state: State) -> AsyncIterator[bytes]:
        """The stream's bytes."""
        self._app.state.streams += 1
        try:
            async for message in self._follow(state):
                yield message
        finally:
            self._app.state.streams -= 1

    async def _follow(self, state: State) -> AsyncIterator[bytes]:
        yield b"retry: 2000\n\n"
        quiet = 0
        while True:
            while self._after < state.sequence:
                for message in await self._fetch():
                    yield message
                quiet = 0
            if state.ended or self._app.state.stopping():
                return
            await self._bell.wait(self._interaction_id, _LOOK_SECONDS)
            state = await self._interactions.state(self._tenant_id, self._interaction_id)
            quiet += 1
            if quiet % _QUIET_LOOKS == 0:
                yield b": still here\n\n"

    async def _fetch(self) -> list[bytes]:
        events = await self._interactions.events(self._tenant_id, self._interaction_id, self._after)
        if not events:
            self._after = _LARGEST_SEQUENCE
            return []
        self._after = events[-1]["sequence"]
        return [
            b"id: %d\nevent: %s\ndata: %s\n\n" % (event["sequence"], event["event"].encode(), orjson.dumps(event))
            for event in events
        ]


def _last_event_id(request: Request) -> int:
    text = request.headers.get("last-event-id", "")
    if not text:
        return 0
    if not (text.isascii() and text.isdigit() and int(text) <= _LARGEST_SEQUENCE):
        raise InvalidInput("Last-Event-ID: must be the id of an event of this stream")
    return int(text)


@routes.get(
    "/interactions/lead/{leadId}",
    summary="List a lead's interactions",
    response_model=Success[LeadInteractions],
    responses=READS,
)
async def list_lead_interactions(leadId: str, work: ReadWork, interactions: Interactions) -> Response:
    """Every call and thread of a lead, newest first."""
    texts = await interactions.of_lead(work.tenant_id, work, leadId)
    return JsonAnswer(success_bytes(f'{{"interactions":[{",".join(texts)}]}}'.encode()))


@routes.get("/interactions", summary="List interactions", response_model=Success[InteractionList], responses=LISTS)
async def list_interactions(
    work: ReadWork,
    interactions: Interactions,
    limit: Limit,
    period: PeriodOf,
    cursor: Annotated[str | None, Query(description="`nextCursor` of the previous page", max_length=300)] = None,
    leadId: Annotated[str | None, Query(description="Of one lead", max_length=255)] = None,
    campaignIds: Annotated[str | None, Query(description="Comma-separated")] = None,
    clientIds: Annotated[str | None, Query(description="Comma-separated")] = None,
    offerIds: Annotated[str | None, Query(description="Comma-separated")] = None,
    type: Annotated[InteractionType | None, Query()] = None,  # noqa: A002 - spelled as on the wire
    status: Annotated[Status | None, Query()] = None,
) -> Response:
    """One page, newest first; the filters narrow it together."""
    wanted = Wanted(
        lead_id=leadId,
        campaigns=listed(campaignIds),
        clients=listed(clientIds),
        offers=listed(offerIds),
        type=type,
        status=status,
        period=period,
    )
    texts, next_cursor = await interactions.page(work.tenant_id, wanted, cursor, limit)
    more = {"nextCursor": next_cursor} if next_cursor else {}
    tail = orjson.dumps(more | {"hasMore": next_cursor is not None}).decode()[1:]
    return JsonAnswer(success_bytes(f'{{"interactions":[{",".join(texts)}],{tail}'.encode()))
