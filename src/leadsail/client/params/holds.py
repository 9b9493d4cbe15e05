"""Parameters of holds. Generated from the API's reference by `make openapi`; do not edit."""

from typing import Required

from pydantic import with_config
from typing_extensions import TypedDict

from leadsail.client.shapes import PARAMETERS


@with_config(PARAMETERS)
class NewHold(TypedDict, total=False):
    """A stop of all contacts, or of those for one campaign."""

    campaign_id: str | None
    """Without it everything of yours is held"""
    reason: Required[str]
    """Why, for whoever looks at it later"""


@with_config(PARAMETERS)
class HoldRelease(TypedDict, total=False):
    """The end of a hold. It lifts exactly the one that is named: a campaign's, or the one of everything."""

    campaign_id: str | None
    """Without it the hold of everything is lifted"""
    reason: Required[str]
    """Why it may go on"""
