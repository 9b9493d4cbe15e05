"""What is heard while an interaction is followed live."""

from datetime import datetime
from typing import Any

import httpx2
from pydantic import ValidationError

from leadsail.client.answers import malformed
from leadsail.client.records.interactions import Turn
from leadsail.client.shapes import Record


class InteractionEvent(Record):
    """One change of an interaction: it started, a turn was added, something became known, it ended."""

    event: str
    """`interaction.started`, `turn.added`, `interaction.updated` or `interaction.completed`"""
    interaction_id: str
    sequence: int
    """Where the event stands in the order of changes; `follow` can begin after any of them"""
    timestamp: datetime
    data: dict[str, Any]
    """What changed, spelled as on the wire"""

    @property
    def turn(self) -> Turn | None:
        """What was said; None unless the event is `turn.added`."""
        return Turn.model_validate(self.data["turn"]) if "turn" in self.data else None


def event_of(data: str, response: httpx2.Response) -> InteractionEvent:
    """The event that a message of the stream tells; raises `MalformedAnswerError`."""
    try:
        return InteractionEvent.model_validate_json(data)
    except ValidationError:
        raise malformed(response, "is no stream of events") from None
