# Generated from leadsail/client/asynchronous by `make openapi`; do not edit.
"""Campaigns."""

from typing import Unpack

from leadsail.client import params
from leadsail.client.filters import CampaignFilters
from leadsail.client.records import Campaign
from leadsail.client.synchronous.lists import SyncList
from leadsail.client.synchronous.records import Records


class Campaigns(Records[Campaign]):
    """Leads for one offer of one client, and how they are treated."""

    _path = "campaigns"
    _kind = Campaign

    def create(self, *, idempotency_key: str | None = None, **new: Unpack[params.NewCampaign]) -> Campaign:
        """Store a campaign. Without `auto_dialer`, nobody is called until it is switched on."""
        return self._create(params.NewCampaign, new, idempotency_key)

    def list(self, **filters: Unpack[CampaignFilters]) -> SyncList[Campaign]:
        """All campaigns. `search` looks into names and ids."""
        return self._list(Campaign, "campaigns", self._path, filters=filters)

    def update(
        self, campaign_id: str, /, *, if_match: str | None = None, **change: Unpack[params.CampaignChange]
    ) -> Campaign:
        """What is not given stays, None clears, objects merge one level, lists are replaced."""
        return self._update(campaign_id, params.CampaignChange, change, if_match)
