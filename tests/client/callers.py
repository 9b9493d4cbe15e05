"""One way to ask both clients: the one that waits in a thread of its own, since the servers live in the tests' loop."""

import asyncio
import inspect
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import httpx2

from leadsail.client import AsyncLeadSail, LeadSail


@dataclass
class Caller:
    """A client, and the naps that it took between attempts instead of sleeping."""

    client: Any
    naps: list[float]
    http: httpx2.Client | httpx2.AsyncClient

    async def ask(self, method: Callable[..., Any], *arguments: Any, **named: Any) -> Any:
        """What the method answers."""
        if isinstance(self.client, LeadSail):
            return await asyncio.to_thread(method, *arguments, **named)
        answer = method(*arguments, **named)
        return await answer if inspect.isawaitable(answer) else answer

    async def all(self, several: Any) -> list[Any]:
        """Everything that can be read from a list, its pages or a stream."""
        if isinstance(self.client, LeadSail):
            return await asyncio.to_thread(list, several)
        return [item async for item in several]

    async def close(self) -> None:
        """Give the connections back."""
        if isinstance(self.http, httpx2.Client):
            self.http.close()
        else:
            await self.http.aclose()


def waiting(base_url: str, api_key: str = "ls_test_key", **options: Any) -> Caller:
    """A caller of `LeadSail`."""
    naps: list[float] = []
    http = httpx2.Client(trust_env=False)
    client = LeadSail(
        api_key=api_key, base_url=base_url, http_client=http, jitter=lambda: 0.0, sleep=naps.append, **options
    )
    return Caller(client, naps, http)


def awaiting(base_url: str, api_key: str = "ls_test_key", **options: Any) -> Caller:
    """A caller of `AsyncLeadSail`."""
    naps: list[float] = []

    async def nap(seconds: float) -> None:
        naps.append(seconds)

    http = httpx2.AsyncClient(trust_env=False)
    client = AsyncLeadSail(
        api_key=api_key, base_url=base_url, http_client=http, jitter=lambda: 0.0, sleep=nap, **options
    )
    return Caller(client, naps, http)


BOTH = [waiting, awaiting]
"""Makers of both kinds, for tests that hold for either."""
