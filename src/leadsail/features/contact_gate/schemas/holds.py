"""Holds as clients send and read them."""

from typing import Annotated, Literal

from pydantic import Field, StringConstraints

from leadsail.foundation.web.schemas import Maybe, Shape, Timestamp

Reason = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=2_000)]
_CampaignId = Annotated[str, StringConstraints(min_length=1, max_length=255)]


class NewHold(Shape):
    """A stop of all contacts, or of those for one campaign."""

    campaign_id: Maybe[_CampaignId] = Field(default=None, description="Without it everything of yours is held")
    reason: Reason = Field(description="Why, for whoever looks at it later", examples=["Wrong list was imported"])


class HoldRelease(Shape):
    """The end of a hold. It lifts exactly the one that is named: a campaign's, or the one of everything."""

    campaign_id: Maybe[_CampaignId] = Field(default=None, description="Without it the hold of everything is lifted")
    reason: Reason = Field(description="Why it may go on", examples=["The list was cleaned"])


class ContactHold(Shape):
    """A hold: while it is in force nothing that it covers is called or texted."""

    hold_id: str = Field(examples=["hold_0199f3c2d4e57a1b8c9d0e1f2a3b4c5d"])
    scope: Literal["platform", "tenant", "campaign"] = Field(
        description="`platform`: the whole installation is held, by its operator or by itself", examples=["campaign"]
    )
    code: Maybe[str] = Field(
        default=None,
        description="Of a platform's hold: `operator`, `restored_backup` or `journal_missing`",
        examples=["restored_backup"],
    )
    campaign_id: Maybe[str] = Field(default=None, examples=["HXZ"])
    reason: str = Field(examples=["Wrong list was imported"])
    placed_by: str = Field(description="An API key's id, or `cli`", examples=["key_0199f3c2d4e57a1b8c9d0e1f2a3b4c5d"])
    placed_at: Timestamp
    lifted_by: Maybe[str] = None
    lifted_at: Maybe[Timestamp] = None
    lift_reason: Maybe[str] = None


class ContactHoldList(Shape):
    """Holds, newest first."""

    holds: list[ContactHold]
    next_cursor: Maybe[str] = Field(default=None, description="Left out on the last page")
    has_more: bool


class ReleasedHold(Shape):
    """What was lifted, and what is held nevertheless."""

    released: Maybe[ContactHold] = Field(default=None, description="Left out where nothing was held")
    still_held: list[ContactHold] = Field(description="The holds that are in force now, at most 100")
