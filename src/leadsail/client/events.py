"""What is heard while an interaction is followed live."""

from datetime import datetime
from typing import Any

from pydantic import TypeAdapter, ValidationError

from leadsail.client.records.interactions import Turn
from leadsail.client.shapes import Record

_TURN = TypeAdapter(Turn)


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
        try:
            return _TURN.validate_python(self.data["turn"])
        except (KeyError, ValidationError):
            return None
