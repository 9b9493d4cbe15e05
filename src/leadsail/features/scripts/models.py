"""The words of a prompt: which variables a template may name (contract 7.6), and samples of them to try it with."""

from datetime import datetime
from typing import Any

from leadsail.foundation.liquid import AnyKey, Group, ListOf, Vocabulary
from leadsail.foundation.time_zones import known_zone

_LEAD = ("firstName", "lastName", "email", "phone", "country", "dateOfBirth", "timezone", "status")
_ADDRESS = Group.of("street", "unit", "city", "state", "zip", "country")

PROMPT_VOCABULARY = Vocabulary(
    Group.of(
        "call_direction",
        "contact_type",
        "now",
        lead=Group.of(*_LEAD, address=_ADDRESS, tags=ListOf()),
        campaign=Group.of("campaignId", "name"),
        client=Group.of("name", "abbrev"),
        offer=Group.of("name", "abbrev"),
        agent=Group.of("name", "description"),
        questionnaire=AnyKey(),
        custom=AnyKey(),
        known_information=ListOf(Group.of("key", "question", "answer")),
        information_to_collect=ListOf(Group.of("key", "question", "required")),
    )
)
"""`questionnaire.<key>` and `custom.<key>` take any key, because tenants choose them."""

_ZONE = "America/Chicago"
_SAMPLES = {
    "call_direction": "outbound",
    "contact_type": "new",
    "lead": {
        "firstName": "Ann",
        "lastName": "Lee",
        "email": "ann.lee@example.com",
        "phone": "+15005552671",
        "country": "US",
        "dateOfBirth": "1980-02-29",
        "timezone": _ZONE,
        "status": "new",
        "address": {
            "street": "1 Main Street",
            "unit": "2B",
            "city": "Springfield",
            "state": "IL",
            "zip": "62701",
            "country": "US",
        },
        "tags": ["homeowner"],
    },
    "campaign": {"campaignId": "SUN", "name": "Rooftop solar, Illinois"},
    "client": {"name": "Sunny Solar", "abbrev": "SUN"},
    "offer": {"name": "Rooftop solar", "abbrev": "ROOF"},
    "agent": {"name": "Sam", "description": "Friendly and brief"},
    "questionnaire": {"roof_age": 12},
    "custom": {"source_campaign": "spring"},
    "known_information": [{"key": "roof_age", "question": "How old is the roof?", "answer": 12}],
    "information_to_collect": [
        {"key": "electric_bill", "question": "How high is the electric bill?", "required": True}
    ],
}


def sample_variables(now: datetime) -> dict[str, Any]:
    """A value for every variable; `now` is told in the sample lead's zone."""
    return {**_SAMPLES, "now": now.astimezone(known_zone(_ZONE))}
