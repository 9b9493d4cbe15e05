"""From any exception to the refusal that the caller is told."""

from collections.abc import Iterable
from http import HTTPStatus
from typing import Any

from fastapi.exceptions import RequestValidationError
from fastapi.routing import iter_route_contexts
from starlette.exceptions import HTTPException
from starlette.routing import BaseRoute, Match
from starlette.types import Scope

from leadsail.foundation.database import as_unavailable
from leadsail.foundation.errors import InvalidInput, MethodNotAllowed, NotFound, PlatformError

_MOST_FAULTS = 50
_METHODS = ("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE")
_SHORT = {"missing": "is required", "extra_forbidden": "is not a field of this request"}


def as_refusal(error: BaseException) -> PlatformError:
    """What to answer; an unforeseen error becomes the bare `PlatformError`, a 500 that tells nothing."""
    if isinstance(error, PlatformError):
        return error
    if isinstance(error, RequestValidationError):
        return InvalidInput(*(fault_line(fault) for fault in error.errors()[:_MOST_FAULTS]))
    if isinstance(error, HTTPException):
        return _from_http(error)
    return as_unavailable(error) or PlatformError()


def _from_http(error: HTTPException) -> PlatformError:
    if error.status_code == HTTPStatus.NOT_FOUND:
        return NotFound()
    if error.status_code == HTTPStatus.METHOD_NOT_ALLOWED:
        return MethodNotAllowed()
    if error.status_code < HTTPStatus.INTERNAL_SERVER_ERROR:
        return InvalidInput(f"request: {error.detail}")
    return PlatformError()


def allowed_methods(routes: Iterable[BaseRoute], scope: Scope) -> str:
    """The `Allow` header that belongs to a 405 (RFC 9110, section 15.5.6): what the path does offer.

    A path that stands as it is goes before a pattern that it fits too, as OpenAPI reads paths.
    """
    offered = list(routes)
    same = {
        method
        for context in iter_route_contexts(offered)
        if context.path == scope["path"]
        for method in context.methods or ()
    }
    if same:
        return ", ".join(method for method in _METHODS if method in same)

    def offers(method: str) -> bool:
        asked = dict(scope) | {"method": method}
        return any(route.matches(asked)[0] is Match.FULL for route in offered)

    return ", ".join(method for method in _METHODS if offers(method))


def fault_line(fault: Any) -> str:
    """One line for one of pydantic's faults: the dotted field name, then what is wrong with it."""
    where, *path = fault["loc"]
    if where not in ("body", "query", "path", "header"):
        path = [where, *path]
    # Pydantic marks a fault in a mapping's key by a last part "[key]".
    name = ".".join(str(part) for part in path if part != "[key]") or str(where)
    said = _SHORT.get(fault["type"]) or str(fault["msg"]).removeprefix("Value error, ")
    return f"{name}: {said[:1].lower()}{said[1:]}"
