# Generated from leadsail/client/asynchronous by `make openapi`; do not edit.
"""Leads and their submissions."""

from typing import Unpack

from leadsail.client import params
from leadsail.client.filters import LeadFilters, PageFilters
from leadsail.client.records import ConsentInForce, CreatedLead, ErasedLead, Lead, Submission
from leadsail.client.requests import delete, patch, post, read
from leadsail.client.shapes import body_of
from leadsail.client.synchronous.lists import SyncList
from leadsail.client.synchronous.records import Resource


class Leads(Resource):
    """People who may become customers."""

    def create(self, *, idempotency_key: str | None = None, **new: Unpack[params.NewLead]) -> CreatedLead:
        """Store a lead as it is: it is neither qualified nor delivered. The answer holds its ids."""
        body = body_of(params.NewLead, new)
        return self._send(post("leads", body=body, idempotency_key=idempotency_key), CreatedLead)

    def get(self, lead_id: str, /) -> Lead:
        """Read one lead. Raises `NotFoundError`."""
        return self._send(read("leads", lead_id), Lead)

    def list(self, **filters: Unpack[LeadFilters]) -> SyncList[Lead]:
        """Leads, newest first."""
        return self._list(Lead, "leads", "leads", filters=filters)

    def update(self, lead_id: str, /, *, if_match: str | None = None, **change: Unpack[params.LeadChange]) -> Lead:
        """What is not given stays, None clears, objects merge one level; the questionnaire merges by key.

        A note with a known id replaces that note, others are added; `tags` and `reposted_to` are replaced.
        """
        body = body_of(params.LeadChange, change)
        return self._send(patch("leads", lead_id, body=body, if_match=if_match), Lead)

    def erase(self, lead_id: str, /) -> ErasedLead:
        """Delete a person with everything that was said. It cannot be undone."""
        return self._send(delete("leads", lead_id), ErasedLead)

    def submissions(self, lead_id: str, /, **filters: Unpack[PageFilters]) -> SyncList[Submission]:
        """The attempts to sell a lead, newest first."""
        return self._list(Submission, "submissions", "leads", lead_id, "submissions", filters=filters)

    def consents(self, lead_id: str, /) -> SyncList[ConsentInForce]:
        """Everything that counts now for the lead's number, and where each was told."""
        return self._list(ConsentInForce, "consents", "leads", lead_id, "consents", filters={})
