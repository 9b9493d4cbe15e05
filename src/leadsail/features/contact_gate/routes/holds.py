"""`/hold`, `/release` and `/holds`."""

from typing import Annotated

from fastapi import Query

from leadsail.features.contact_gate.schemas.holds import (
    ContactHold,
    ContactHoldList,
    HoldRelease,
    NewHold,
    ReleasedHold,
)
from leadsail.features.contact_gate.service.holds import HoldService
from leadsail.foundation.records.routes import CREATES, LISTS
from leadsail.foundation.web.answers import Success
from leadsail.foundation.web.pagination import Limit, boolean
from leadsail.foundation.web.routes import AdminWork, ReadWork, router, service

routes = router("Holds")

Holds = Annotated[HoldService, service(HoldService)]


@routes.post("/hold", summary="Hold all contacts", responses=CREATES)
async def place_hold(new: NewHold, work: AdminWork, holds: Holds) -> Success[ContactHold]:
    """The emergency stop: from this answer on no call and no text is begun, of yours or of one campaign.

    What is held already stays as it is, and is answered. Conversations that are under way go on. Needs the scope
    `admin`.
    """
    return Success(data=await holds.place(work, new))


@routes.post("/release", summary="Release a hold", responses=CREATES)
async def release_hold(release: HoldRelease, work: AdminWork, holds: Holds) -> Success[ReleasedHold]:
    """Let contacts go on. A hold of the whole platform is its operator's to lift. Needs the scope `admin`."""
    return Success(data=await holds.release(work, release))


@routes.get("/holds", summary="List holds", responses=LISTS)
async def list_holds(
    work: ReadWork,
    holds: Holds,
    limit: Limit,
    active: Annotated[
        str | None, Query(description='"true": those in force; "false": those that were lifted', examples=["true"])
    ] = None,
    cursor: Annotated[str | None, Query(description="`nextCursor` of the page before, which is a holdId")] = None,
) -> Success[ContactHoldList]:
    """Your holds, newest first, with who placed and lifted them and why, and the platform's that bind you now."""
    found, more = await holds.page(work, in_force=boolean("active", active), after=cursor, limit=limit)
    return Success(data=ContactHoldList(holds=found, next_cursor=found[-1].hold_id if more else None, has_more=more))
