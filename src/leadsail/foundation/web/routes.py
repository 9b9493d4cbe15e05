"""How a feature's routes get what they need: a unit of work for the caller's tenant, services, checked scopes.

`ApiRoute` opens the unit of work before the endpoint and commits it after, so no endpoint and no service commits.
"""

from collections.abc import Callable, Coroutine
from typing import Annotated, Any, TypeVar, cast
from urllib.parse import quote

from fastapi import APIRouter, Depends, Request, Response, Security
from fastapi.exceptions import RequestValidationError
from fastapi.openapi.models import APIKey, APIKeyIn
from fastapi.routing import APIRoute
from fastapi.security.base import SecurityBase
from pydantic import TypeAdapter, ValidationError
from starlette.datastructures import Headers

from leadsail.foundation.clock import Clock
from leadsail.foundation.database import Database, Work
from leadsail.foundation.errors import InvalidInput, PlatformError, StateRefusal
from leadsail.foundation.web.answers import Failure, failure
from leadsail.foundation.web.caller import caller_of
from leadsail.foundation.web.front_door import name_route
from leadsail.foundation.web.idempotency import IdempotentRequest
from leadsail.foundation.web.json_bodies import read_json
from leadsail.foundation.web.line_bodies import read_lines
from leadsail.foundation.web.schemas import Lenient

ServiceT = TypeVar("ServiceT")
Handler = Callable[[Request], Coroutine[Any, Any, Response]]


class _ParsedRequest(Request):
    """A request whose body was read and checked before the framework looks at it."""

    parsed: Any = None
    spoken: Headers | None = None

    @property
    def headers(self) -> Headers:
        """The framework takes bytes for what is not said to be JSON; a text body that was read says so from here on."""
        return self.spoken or super().headers

    async def json(self) -> Any:
        return self.parsed


class ApiRoute(APIRoute):
    """A route of the API: strict JSON in, one unit of work around the endpoint, idempotent where a key asks for it."""

    def get_route_handler(self) -> Handler:
        """See `fastapi.routing.APIRoute`."""
        endpoint = super().get_route_handler()
        template = self.path
        scopes = [needed.call.scope for needed in self.dependant.dependencies if isinstance(needed.call, WorkFor)]
        shape: Any = self.body_field.field_info.annotation if self.body_field is not None else None
        body = TypeAdapter[Any](shape) if shape is not None else None

        async def handle(request: Request) -> Response:
            name_route(request.scope, f"/api/v1{template}")
            for scope in scopes:
                caller_of(request.scope).require(scope)
            ready = _ParsedRequest(request.scope, request.receive)
            if body is not None:
                lines = await read_lines(ready, shape)
                ready.parsed = _taken(body, lines or await read_json(ready))
                ready.spoken = Headers(raw=_as_json(ready.headers.raw)) if lines else None
            return await _within_work(ready, endpoint, await _idempotent(ready))

        return handle


def _as_json(headers: list[tuple[bytes, bytes]]) -> list[tuple[bytes, bytes]]:
    return [(name, b"application/json" if name == b"content-type" else value) for name, value in headers]


def _taken(body: TypeAdapter[Any], value: Any) -> Any:
    """The body as its shape, by its wire names alone; what the framework would take by other names, too, is refused."""
    if value is None:
        raise InvalidInput("body: send a JSON object")
    try:
        return body.validate_python(value, by_alias=True, by_name=False)
    except ValidationError as error:
        raise RequestValidationError([fault | {"loc": ("body", *fault["loc"])} for fault in error.errors()]) from None


async def _idempotent(request: Request) -> IdempotentRequest | None:
    if request.method != "POST":
        return None
    return await IdempotentRequest.of(request, request.app.state.keyed_hash, request.app.state.secret_box)


async def _within_work(request: Request, endpoint: Handler, once: IdempotentRequest | None) -> Response:
    caller = caller_of(request.scope)
    database: Database = request.app.state.database
    try:
        async with database.work(caller.tenant_id, caller.key_id) as work:
            request.state.work = work
            if once is None:
                return await endpoint(request)
            return await _once(request, endpoint, once, work)
    except StateRefusal as refusal:
        if once is None:
            raise
        return await _keep_refusal(request, once, refusal)


async def _once(request: Request, endpoint: Handler, once: IdempotentRequest, work: Work) -> Response:
    now = _clock(request).now()
    earlier = await once.claim(work, now)
    if earlier is not None:
        return earlier
    response = await endpoint(request)
    if not getattr(request.state, "shown_once", False):
        await once.keep(work, response)
    return response


async def _keep_refusal(request: Request, once: IdempotentRequest, refusal: PlatformError) -> Response:
    """The effect was undone, and the key with it; the refusal is remembered by itself."""
    caller = caller_of(request.scope)
    database: Database = request.app.state.database
    response: Response = failure(refusal)
    async with database.work(caller.tenant_id, caller.key_id) as work:
        earlier = await once.claim(work, _clock(request).now())
        if earlier is not None:
            return earlier
        await once.keep(work, response)
    return response


def _clock(request: Request) -> Clock:
    return cast(Clock, request.app.state.clock)


# Dependencies are coroutines, since the framework sends every plain function through a thread.


class WorkFor(SecurityBase):
    """A dependency: the caller's unit of work. `ApiRoute` checks that the key has `scope`; the reference tells it."""

    def __init__(self, scope: str) -> None:
        self.scope = scope
        self.scheme_name = "ApiKeyAuth"
        self.model = APIKey.model_validate(
            {"in": APIKeyIn.header, "name": "X-API-Key", "description": "The tenant's key, `ls_live_…` or `ls_test_…`"}
        )

    async def __call__(self, request: Request) -> Work:
        """The unit of work that `ApiRoute` opened."""
        return cast(Work, request.state.work)


ReadWork = Annotated[Work, Security(WorkFor("read"), scopes=["read"])]
WriteWork = Annotated[Work, Security(WorkFor("write"), scopes=["write"])]
AdminWork = Annotated[Work, Security(WorkFor("admin"), scopes=["admin"])]


def service(kind: type[ServiceT]) -> Any:
    """A dependency: the platform's one service of this kind, as `entrypoints.wiring` built it."""

    async def dependency(request: Request) -> ServiceT:
        return cast(ServiceT, request.app.state.services[kind])

    return Depends(dependency)


async def _shown_once(request: Request, response: Response) -> None:
    request.state.shown_once = True
    response.headers["Cache-Control"] = "no-store"


SHOWN_ONCE = Depends(_shown_once)
"""Marks a route whose answer holds a secret of ours: it is stored nowhere, and a repeated request is refused."""


def router(tag: str) -> APIRouter:
    """A feature's router; `tag` is its heading in the reference."""
    refusals: dict[int | str, dict[str, Any]] = {
        401: {"model": Failure, "description": "No key, an unknown key or a revoked one"},
        403: {"model": Failure, "description": "The key lacks the scope"},
        429: {"model": Failure, "description": "Too many requests"},
        503: {"model": Failure, "description": "We cannot serve now"},
    }
    return APIRouter(route_class=ApiRoute, tags=[tag], responses=refusals)


def tell_ignored(response: Response, sent: Lenient) -> None:
    """Name the fields that mean nothing here, percent-encoded and at most 50 of them, in `X-Ignored-Fields`."""
    names = sent.ignored_fields()
    if names:
        response.headers["X-Ignored-Fields"] = ", ".join(quote(name[:100]) for name in names[:50])


def etag(version: int) -> str:
    """The entity tag of a record's version."""
    return f'"{version}"'
