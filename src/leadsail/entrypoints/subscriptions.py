"""Who hears what: every event of the platform and its listeners, on one page.

`inside` listeners run in the same unit of work as the fact; `after` names jobs that are committed with it.
"""

from collections.abc import Mapping, Sequence
from typing import Any

from leadsail.features.field_library.service import FieldService
from leadsail.features.interactions.events import InteractionEnded
from leadsail.features.interactions.jobs import SEAL
from leadsail.features.interactions.service import InteractionService
from leadsail.features.leads.events import LeadErased
from leadsail.features.tenants.events import TenantCreated
from leadsail.foundation.database import Work
from leadsail.foundation.event_bus import Listener


def subscriptions(
    services: Mapping[type, Any],
) -> tuple[dict[type, Sequence[Listener]], dict[type, Sequence[str]]]:
    """The listeners inside the unit of work, and the names of the jobs after it, by event."""

    async def add_standard_fields(work: Work, _: TenantCreated) -> None:
        await services[FieldService].add_standard_fields(work)

    async def prove_interactions(work: Work, lead: LeadErased) -> None:
        await services[InteractionService].prove(work, lead)

    inside: dict[type, Sequence[Listener]] = {
        TenantCreated: [add_standard_fields],
        LeadErased: [prove_interactions],
    }
    after: dict[type, Sequence[str]] = {InteractionEnded: [SEAL]}
    return inside, after
