"""What routes of single records share: entity tags, `If-Match`, and the documentation of their answers."""

from dataclasses import replace
from typing import Annotated, Any, Protocol, TypeVar

from fastapi import Depends, Header, Query, Response

from leadsail.foundation.records.repository import Filter
from leadsail.foundation.web.answers import Failure, Success
from leadsail.foundation.web.pagination import boolean
from leadsail.foundation.web.routes import etag

ValueT = TypeVar("ValueT", covariant=True)

IfMatch = Annotated[
    str | None,
    Header(alias="If-Match", description="Change the record only if it still has this entity tag, else 409"),
]


class Versioned(Protocol[ValueT]):
    """A value with the version that its entity tag tells."""

    @property
    def value(self) -> ValueT:
        """What the client reads."""
        ...

    @property
    def version(self) -> int:
        """Grows with every change."""
        ...


def one(response: Response, stored: Versioned[ValueT]) -> Success[ValueT]:
    """The answer that shows one record, with its entity tag."""
    response.headers["ETag"] = etag(stored.version)
    return Success(data=stored.value)


Refusals = dict[int | str, dict[str, Any]]

_FAILS: dict[str, Any] = {"model": Failure}
_INVALID: Refusals = {400: _FAILS | {"description": "Malformed or invalid input; `details` has one line a fault"}}
_NO_BODY: Refusals = {
    408: _FAILS | {"description": "The body did not arrive in time"},
    413: _FAILS | {"description": "The body is too large"},
    415: _FAILS | {"description": "The body is not JSON"},
}
_CONFLICT: Refusals = {
    409: _FAILS | {"description": "The present state forbids it, or the Idempotency-Key is still in use"}
}
_REUSED: Refusals = {422: _FAILS | {"description": "The Idempotency-Key was used with another request"}}
_MISSING: Refusals = {404: _FAILS | {"description": "No such record in this tenant"}}

LISTS: Refusals = {**_INVALID}
"""Refusals of a list: filters can be wrong."""
READS: Refusals = {**_INVALID, **_MISSING}
"""Refusals of reading one record."""
CREATES: Refusals = {**_INVALID, **_NO_BODY, **_CONFLICT, **_REUSED}
"""Refusals of a creation."""
CHANGES: Refusals = {**_INVALID, **_MISSING, **_NO_BODY, **_CONFLICT}
"""Refusals of a PATCH."""
ACTS: Refusals = {**_INVALID, **_MISSING, **_CONFLICT, **_REUSED}
"""Refusals of an action on one record, which is a POST without a body."""


async def _search_filter(
    search: Annotated[str | None, Query(description="Text to look for, in any case", max_length=200)] = None,
    includeArchived: Annotated[  # noqa: N803 - spelled as on the wire
        str | None, Query(description='"true" shows archived ones too', examples=["false"])
    ] = None,
) -> Filter:
    return Filter(search=search, include_archived=boolean("includeArchived", includeArchived) or False)


SearchFilter = Annotated[Filter, Depends(_search_filter)]
"""The filters of a list whose records are not switched on and off."""


async def _list_filter(
    wanted: SearchFilter,
    active: Annotated[str | None, Query(description='"true" or "false"', examples=["true"])] = None,
) -> Filter:
    return replace(wanted, active=boolean("active", active))


ListFilter = Annotated[Filter, Depends(_list_filter)]
"""The filters that every list of configuration records takes."""
