"""The emergency stop: held by a tenant, for a campaign, or for the whole installation, in force at the next commit."""

from datetime import timedelta
from typing import Literal, TypeAlias

import asyncpg

from leadsail.features.contact_gate.repository.holds import HoldRepository, PlatformHoldRepository
from leadsail.features.contact_gate.schemas.holds import ContactHold, HoldRelease, NewHold, ReleasedHold
from leadsail.foundation.clock import Clock, SystemClock
from leadsail.foundation.database import Database, Work
from leadsail.foundation.errors import InvalidInput
from leadsail.foundation.ids import is_possible_id, new_id

PlatformCause: TypeAlias = Literal["operator", "restored_backup", "journal_missing"]
"""Who holds the whole installation: its operator, or itself, because it cannot trust its memory."""

MOST_DRIFT = timedelta(seconds=2)
"""How far this machine's clock may be off the database's while anybody is called or texted."""

_ID = "hold"
_MOST_SHOWN = 100


class HoldService:
    """Places and lifts holds, and says what is held."""

    def __init__(self, database: Database, clock: Clock) -> None:
        self._platform = PlatformHoldRepository(database)
        self._clock = clock

    async def in_force(self, work: Work, campaign_id: str | None) -> tuple[str, ...]:
        """Why a contact for this campaign, or for none, is held now; empty where nothing is. One query.

        Each begins with its cause and a colon: `tenant`, `campaign`, a `PlatformCause`, or `clock` where this
        process cannot say what time it is.
        """
        rows = await HoldRepository(work).binding(campaign_id)
        return *self._wrong_clock(), *(f"{row['cause']}: {row['reason']}" for row in rows)

    async def place(self, work: Work, new: NewHold) -> ContactHold:
        """Hold the tenant, or one campaign; what is held already is answered as it is.

        Raises `InvalidInput` for a campaign that does not exist.
        """
        repository, now = HoldRepository(work), self._clock.now()
        if new.campaign_id is not None and not is_possible_id(new.campaign_id):
            raise _unknown_campaign()
        while True:
            try:
                placed = await repository.place(new_id(_ID), new.campaign_id, reason=new.reason, by=work.actor, at=now)
            except asyncpg.ForeignKeyViolationError:
                raise _unknown_campaign() from None
            # Between the two somebody else may lift the one that was in the way.
            if row := placed or await repository.own_in_force(new.campaign_id):
                return _shown(row)

    async def release(self, work: Work, release: HoldRelease) -> ReleasedHold:
        """Lift the hold of the tenant, or of one campaign; where there is none nothing happens."""
        lifted = None
        if release.campaign_id is None or is_possible_id(release.campaign_id):
            lifted = await HoldRepository(work).lift(
                release.campaign_id, reason=release.reason, by=work.actor, at=self._clock.now()
            )
        still, _ = await self.page(work, in_force=True, after=None, limit=_MOST_SHOWN)
        return ReleasedHold(released=_shown(lifted) if lifted else None, still_held=still)

    async def page(
        self, work: Work, *, in_force: bool | None, after: str | None, limit: int
    ) -> tuple[list[ContactHold], bool]:
        """At most `limit` holds that come after the hold `after`, newest first, and whether more follow."""
        if after is not None and not is_possible_id(after):
            raise InvalidInput("cursor: must be the `nextCursor` of an earlier page")
        rows = await HoldRepository(work).page(in_force=in_force, after=after, limit=limit + 1)
        return [_shown(row) for row in rows[:limit]], len(rows) > limit

    async def place_on_platform(self, cause: PlatformCause, *, reason: str, by: str) -> ContactHold | None:
        """Hold everything; None where it is held for this cause already."""
        row = await self._platform.place(new_id(_ID), cause, reason=reason, by=by, at=self._clock.now())
        return _shown(row) if row else None

    async def lift_from_platform(self, cause: PlatformCause, *, reason: str, by: str) -> list[ContactHold]:
        """Lift the platform's hold of this cause; nothing happens where there is none."""
        return [_shown(row) for row in await self._platform.lift(cause, reason=reason, by=by, at=self._clock.now())]

    async def on_platform(self) -> list[ContactHold]:
        """What holds everything now, the oldest first."""
        return [_shown(row) for row in await self._platform.in_force()]

    def _wrong_clock(self) -> tuple[str, ...]:
        """The clock follows the database's, so its reading is right; but what set it wrong may set it wrong again."""
        if not isinstance(self._clock, SystemClock) or abs(self._clock.offset) <= MOST_DRIFT:
            return ()
        drift = abs(self._clock.offset_seconds())
        return (f"clock: this machine's clock is {drift:.1f} s off the database's; set up time synchronisation (NTP)",)


def _unknown_campaign() -> InvalidInput:
    return InvalidInput("campaignId: no such campaign")


def _shown(row: asyncpg.Record) -> ContactHold:
    return ContactHold(**dict(row))
