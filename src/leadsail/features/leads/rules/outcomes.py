"""Where a conversation leaves its lead (contract 4.6, 7.2)."""

from collections.abc import Mapping

from leadsail.features.campaigns.schemas import LeadStatus

_STATUS_AFTER: Mapping[str, LeadStatus] = {
    "completed": "contacted",
    "incomplete": "contacted",
    "voicemail": "voicemail",
    "no_answer": "no_answer",
    "busy": "no_answer",
    "no_contact": "no_contact",
    "scheduled_callback": "scheduled_callback",
    "follow_up": "contacted",
    "qualified": "qualified",
    "disqualified": "disqualified",
    "dnc": "dnc",
}


def status_after(status: str, interaction_status: str) -> str:
    """A lead's status once an interaction has reached `interaction_status`.

    A call that runs, failed or was canceled tells nothing of the lead. Who asked not to be contacted stays so,
    whatever a later conversation says: only a person takes that back.
    """
    if status == "dnc":
        return status
    return _STATUS_AFTER.get(interaction_status, status)
