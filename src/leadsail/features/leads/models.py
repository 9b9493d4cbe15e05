"""What is asked of the stored leads, and who is behind a number."""

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True)
class LeadFilter:
    """Which leads a list shows; None does not filter. A search is given as two LIKE patterns in lower case."""

    campaigns: list[str] | None
    clients: list[str] | None
    offers: list[str] | None
    status: str | None
    patterns: tuple[str | None, str | None]
    since: datetime | None
    until: datetime | None


@dataclass(frozen=True, slots=True)
class Person:
    """Everybody's leads who share a number or an e-mail are taken for one person: these are its numbers, in order.

    `phone` is the number that was asked about, as it was given.
    """

    phone: str
    numbers: tuple[str, ...]
