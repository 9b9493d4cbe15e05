"""`/contact-policy`."""

from typing import Annotated

from fastapi import Response

from leadsail.features.contact_gate.schemas.policy import ContactPolicy, ContactPolicyChange
from leadsail.features.contact_gate.service.policy import ContactPolicyService
from leadsail.foundation.records.routes import CHANGES, IfMatch, one
from leadsail.foundation.web.answers import Success
from leadsail.foundation.web.routes import AdminWork, ReadWork, router, service

routes = router("Contact policy")

Policies = Annotated[ContactPolicyService, service(ContactPolicyService)]


@routes.get("/contact-policy", summary="Read your contact policy")
async def read_contact_policy(work: ReadWork, policies: Policies, response: Response) -> Success[ContactPolicy]:
    """Your own rules for every contact. The law binds besides; where both speak, the stricter counts."""
    return one(response, await policies.read(work))


@routes.patch("/contact-policy", summary="Change your contact policy", responses=CHANGES)
async def change_contact_policy(
    change: ContactPolicyChange,
    work: AdminWork,
    policies: Policies,
    response: Response,
    if_match: IfMatch = None,
) -> Success[ContactPolicy]:
    """Absent fields stay, `null` leaves the matter to the law, `hours` merge day by day. Needs the scope `admin`.

    Nothing set here allows what the law forbids. Changes bind every attempt that is committed after them.
    """
    return one(response, await policies.change(work, change, if_match=if_match))
