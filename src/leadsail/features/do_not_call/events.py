"""What other features may hear from the do-not-call list."""

from dataclasses import dataclass
from datetime import datetime
from typing import Literal


@dataclass(frozen=True, slots=True)
class NumberOptedOut:
    """A number asked to be left alone, by any channel; told in the unit of work that puts it on the list.

    `phone` is E.164 where it could be made so. `confirm_channel` is how the one confirmation goes (47 CFR
    64.1200(a)(12)); None where the person did not ask from the handset itself, or was told already. `sender` is our
    number that the request came to.
    """

    phone: str
    entry_id: str
    confirm_channel: Literal["sms"] | None
    sender: str | None
    at: datetime
