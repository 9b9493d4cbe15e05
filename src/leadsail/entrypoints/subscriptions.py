"""Who hears what: every event of the platform and its listeners, on one page.

`inside` listeners run in the same unit of work as the fact; `after` names jobs that are committed with it.
"""

from collections.abc import Mapping, Sequence
from typing import Any

from leadsail.features.consents.service import ConsentService
from leadsail.features.contact_gate.service.audit import AuditService
from leadsail.features.contact_gate.service.gate import ContactGate
from leadsail.features.do_not_call.events import NumberOptedOut
from leadsail.features.do_not_call.service import DoNotCallService
from leadsail.features.field_library.service import FieldService
from leadsail.features.interactions.events import InteractionEnded
from leadsail.features.interactions.jobs import SEAL
from leadsail.features.interactions.service import InteractionService
from leadsail.features.leads.events import LeadErased, LeadOptedOut
from leadsail.features.tenants.events import TenantCreated
from leadsail.foundation.event_bus import Listener


def subscriptions(
    services: Mapping[type, Any],
) -> tuple[dict[type, Sequence[Listener]], dict[type, Sequence[str]]]:
    """The listeners inside the unit of work, and the names of the jobs after it, by event."""
    inside: dict[type, Sequence[Listener]] = {
        TenantCreated: [lambda work, _: services[FieldService].add_standard_fields(work)],
        LeadOptedOut: [lambda work, lead: services[DoNotCallService].hear_lead(work, lead)],
        NumberOptedOut: [lambda work, number: services[ContactGate].hear_opt_out(work, number)],
        LeadErased: [
            lambda work, lead: services[DoNotCallService].forget(work, lead),
            lambda work, lead: services[ContactGate].hear_erasure(work, lead),
            lambda work, lead: services[AuditService].hear_erasure(work, lead),
            lambda work, lead: services[ConsentService].prove(work, lead),
            lambda work, lead: services[InteractionService].prove(work, lead),
        ],
    }
    after: dict[type, Sequence[str]] = {InteractionEnded: [SEAL]}
    return inside, after
