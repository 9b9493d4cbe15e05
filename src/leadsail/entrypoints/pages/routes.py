"""`/`, `/docs` with its assets, and `/openapi.json`."""

import asyncio
import hashlib
from collections.abc import Callable
from html import escape
from string import Template
from typing import Any

import orjson
from starlette.requests import Request
from starlette.responses import HTMLResponse, Response
from starlette.routing import Route

from leadsail import __version__
from leadsail.entrypoints.demo_file import DemoFile
from leadsail.entrypoints.health import Readiness
from leadsail.entrypoints.pages.assets import addresses, assets, page
from leadsail.foundation.errors import NotFound
from leadsail.foundation.web.front_door import name_route

_FOR_GOOD = "public, max-age=31536000, immutable"
_POLICY = "default-src 'none'; script-src 'self'; img-src 'self' data:; base-uri 'none'; form-action 'none'"
_START_POLICY = f"{_POLICY}; style-src 'self'; frame-ancestors 'none'"
# Redoc writes its styles into the page, looks for words in a worker, and reads the document.
_DOCS_POLICY = f"{_POLICY}; style-src 'unsafe-inline'; worker-src blob:; connect-src 'self'; frame-ancestors 'none'"


class Reference:
    """`/openapi.json`: assembled when it is first asked for, so that no start waits for it."""

    def __init__(self, describe: Callable[[], dict[str, Any]]) -> None:
        self._describe = describe
        self._assembling = asyncio.Lock()
        self._content = b""
        self._etag = ""

    async def answer(self, request: Request) -> Response:
        """The document, or 304 to whoever has it already."""
        name_route(request.scope, "/openapi.json")
        async with self._assembling:
            if not self._content:
                self._content = await asyncio.to_thread(lambda: orjson.dumps(self._describe()))
                self._etag = f'"{hashlib.sha256(self._content).hexdigest()[:16]}"'
        headers = {"ETag": self._etag, "Cache-Control": "no-cache"}
        if request.headers.get("if-none-match") == self._etag:
            return Response(status_code=304, headers=headers)
        return Response(self._content, media_type="application/json", headers=headers)


async def docs(request: Request) -> Response:
    """The reference, rendered by Redoc in the browser."""
    name_route(request.scope, "/docs")
    return _html(Template(page("docs.html")).substitute(addresses()), _DOCS_POLICY)


async def asset(request: Request) -> Response:
    """A file of a page; raises `NotFound`."""
    name_route(request.scope, "/docs/assets/{name}")
    found = assets().get(request.path_params["name"])
    if found is None:
        raise NotFound
    headers = {"Cache-Control": _FOR_GOOD, "X-Content-Type-Options": "nosniff"}
    return Response(found.content, media_type=found.media_type, headers=headers)


class StartPage:
    """`/`: what runs, and what to try first. It shows ids of the demo, and never a key."""

    def __init__(self, readiness: Callable[[], Any], base_url: str, demo_file: DemoFile | None) -> None:
        self._readiness = readiness
        self._base_url = base_url
        self._demo_file = demo_file

    async def answer(self, request: Request) -> Response:
        """The page as things are now."""
        name_route(request.scope, "/")
        readiness: Readiness = await self._readiness()
        values = {
            **addresses(),
            "version": escape(__version__),
            "base_url": escape(self._base_url),
            "state": "good" if readiness.ready else "bad",
            "database": escape(readiness.in_words()),
            **self._trial(),
        }
        return _html(Template(page("start.html")).substitute(values), _START_POLICY)

    def _trial(self) -> dict[str, str]:
        demo = (self._demo_file.read() if self._demo_file else None) or {}
        interactions = demo.get("interactionIds") or []
        if not interactions:
            return {
                "key": "Make an organisation and its key with <code>leadsail tenants create NAME</code>;"
                " the key is shown once.",
                "first_title": "Your tenant",
                "first_path": "/api/v1/tenant",
            }
        return {
            "key": "The demo's key was printed when the platform started;"
            " it also stands in <code>demo.json</code> in the data folder.",
            "first_title": "A conversation of the demo",
            "first_path": escape(f"/api/v1/interactions/{interactions[0]}"),
        }


def page_routes(reference: Reference, start: StartPage) -> list[Route]:
    """The routes of all pages."""
    return [
        Route("/", start.answer, methods=["GET"]),
        Route("/docs", docs, methods=["GET"]),
        Route("/docs/assets/{name}", asset, methods=["GET"]),
        Route("/openapi.json", reference.answer, methods=["GET"]),
    ]


def _html(text: str, policy: str) -> Response:
    headers = {
        "Content-Security-Policy": policy,
        "Referrer-Policy": "no-referrer",
        "X-Content-Type-Options": "nosniff",
        "Cache-Control": "no-cache",
    }
    return HTMLResponse(text, headers=headers)
