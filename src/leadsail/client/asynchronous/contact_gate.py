"""The contact gate: whether somebody may be contacted."""

from typing import Unpack

from leadsail.client import params
from leadsail.client.asynchronous.records import Resource
from leadsail.client.records import ContactAnswer
from leadsail.client.requests import post
from leadsail.client.shapes import body_of


class Contacts(Resource):
    """Calls and texts that have not happened yet."""

    async def check(self, **asked: Unpack[params.ContactCheck]) -> ContactAnswer:
        """Whether a lead or a number may be called or texted, now or at any instant, and why. Nothing is planned."""
        return await self._send(post("contact-check", body=body_of(params.ContactCheck, asked)), ContactAnswer)
