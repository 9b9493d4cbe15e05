"""What other features may hear from interactions."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class InteractionEnded:
    """A call or thread is over, or what is known of an ended one has changed."""

    interaction_id: str
