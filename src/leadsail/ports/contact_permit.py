"""What every way to ring or text somebody asks for first: the gate's permit for exactly this attempt.

A port that can reach a person takes a `Permit` in every method that does so; a test walks all ports and insists.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Literal


@dataclass(frozen=True, slots=True)
class Permit:
    """One attempt that the contact gate committed: to whom, by what, from which number of ours, and until when.

    The gate alone makes it, under the number's lock, in the transaction that commits the attempt; before that
    transaction has committed it is worth nothing. `latest_start` is when the lawful window closes: where the vendor
    queues requests, it travels with the request. `lock_order` grows in the order in which number locks were held.
    """

    tenant_id: str
    attempt_id: str
    channel: Literal["call", "sms"]
    number: str
    sender: str | None
    latest_start: datetime | None
    lock_order: int
