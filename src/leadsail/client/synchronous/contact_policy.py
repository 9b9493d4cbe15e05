# Generated from leadsail/client/asynchronous by `make openapi`; do not edit.
"""Your own rules for every call and text."""

from typing import Unpack

from leadsail.client import params
from leadsail.client.records import ContactPolicy
from leadsail.client.requests import patch, read
from leadsail.client.shapes import body_of
from leadsail.client.synchronous.records import Resource


class ContactPolicyResource(Resource):
    """The one policy of your organisation. The law binds besides: of both, the stricter counts."""

    def get(self) -> ContactPolicy:
        """Read it."""
        return self._send(read("contact-policy"), ContactPolicy)

    def update(self, *, if_match: str | None = None, **change: Unpack[params.ContactPolicyChange]) -> ContactPolicy:
        """What is not given stays, None leaves the matter to the law. Needs the scope `admin`."""
        body = body_of(params.ContactPolicyChange, change)
        return self._send(patch("contact-policy", body=body, if_match=if_match), ContactPolicy)
