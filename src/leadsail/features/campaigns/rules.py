"""What makes a campaign wrong beyond the shape of its fields, and how a campaign's code is made up. Pure."""

from collections.abc import Callable, Iterator, Mapping
from itertools import repeat
from typing import Any

# People read codes aloud and type them, so the signs that are taken for one another (0 and O, 1 and I) stay out.
_SIGNS = "23456789ABCDEFGHJKLMNPQRSTUVWXYZ"
_TRIES = 8


def campaign_codes(random_below: Callable[[int], int]) -> Iterator[str]:
    """Codes to try until one is free, endlessly: of 3 signs first, longer when those are used up.

    `random_below(n)` draws from 0 to n-1.
    """
    for length in (3, 4):
        for _ in range(_TRIES):
            yield _code(length, random_below)
    for length in repeat(5):
        yield _code(length, random_below)


def _code(length: int, random_below: Callable[[int], int]) -> str:
    return "".join(_SIGNS[random_below(len(_SIGNS))] for _ in range(length))


def campaign_faults(body: Mapping[str, Any]) -> Iterator[str]:
    """One line for each fault of a campaign in wire form."""
    yield from _repeated("questionnaire", body["questionnaire"], "key")
    yield from _repeated("documents", body["documents"], "documentId")
    webhooks = body.get("webhooks", {"enabled": False})
    if webhooks["enabled"] and not webhooks["inheritFromTenant"] and "url" not in webhooks:
        yield "webhooks.url: is required when nothing is inherited from the tenant"


def _repeated(path: str, items: list[dict[str, Any]], name: str) -> Iterator[str]:
    seen = set[str]()
    for index, item in enumerate(items):
        if item[name] in seen:
            yield f"{path}.{index}.{name}: stands in this list already"
        seen.add(item[name])
