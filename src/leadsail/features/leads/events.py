"""What other features may hear from leads."""

from dataclasses import dataclass, field

from pydantic import JsonValue


@dataclass(frozen=True, slots=True)
class LeadOptedOut:
    """A lead must not be contacted any more. `phone` is E.164 where it could be made so."""

    lead_id: str
    phone: str


@dataclass(frozen=True, slots=True)
class LeadErased:
    """A lead is being erased, in the unit of work that does it and before anything is gone.

    Who keeps something of the lead leaves its evidence in `proof`, under a name of its own: counts, instants and keyed
    hashes, and nothing that names or quotes a person. The proof outlives the lead.
    """

    lead_id: str
    proof: dict[str, JsonValue] = field(default_factory=dict)
