"""Records of holds. Generated from the API's reference by `make openapi`; do not edit."""

from datetime import datetime
from typing import Literal

from leadsail.client.shapes import Record


class ContactHold(Record):
    """A hold: while it is in force nothing that it covers is called or texted."""

    hold_id: str
    scope: Literal["platform", "tenant", "campaign"]
    """`platform`: the whole installation is held, by its operator or by itself"""
    code: str | None = None
    """Of a platform's hold: `operator`, `restored_backup` or `journal_missing`"""
    campaign_id: str | None = None
    reason: str
    placed_by: str
    """An API key's id, or `cli`"""
    placed_at: datetime
    lifted_by: str | None = None
    lifted_at: datetime | None = None
    lift_reason: str | None = None


class ReleasedHold(Record):
    """What was lifted, and what is held nevertheless."""

    released: ContactHold | None = None
    """Left out where nothing was held"""
    still_held: list[ContactHold]
    """The holds that are in force now, at most 100"""
