"""The tenant's own rules for every contact: read, changed, and told to whoever decides."""

from collections.abc import Iterable, Mapping
from datetime import date, datetime
from typing import Any

import asyncpg
from pydantic import ValidationError

from leadsail.features.contact_gate.models import DayHours, TenantTerms, Week
from leadsail.features.contact_gate.repository.policy import PolicyRepository
from leadsail.features.contact_gate.schemas.policy import ContactPolicy, ContactPolicyChange, ContactPolicySettings
from leadsail.features.tenants.schemas import Tenant
from leadsail.foundation.clock import Clock
from leadsail.foundation.database import Work
from leadsail.foundation.errors import InvalidInput
from leadsail.foundation.records import Stored, merged
from leadsail.foundation.records.service import require_version
from leadsail.foundation.web.failures import fault_line
from leadsail.foundation.web.schemas import sent, timestamp

_DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
_WHOLE_DAY = DayHours(0, 24 * 60)
_CLOSED = DayHours(0, 0)


class ContactPolicyService:
    """What a tenant sets beyond the law. Nothing here can widen the law: the gate asks both, and both must agree."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock

    async def read(self, work: Work) -> Stored[ContactPolicy]:
        """The caller's policy; until somebody sets one, the one that leaves everything to the law, as version 0."""
        row = await PolicyRepository(work).get()
        return _policy(row) if row else Stored(ContactPolicy(), 0)

    async def change(
        self, work: Work, change: ContactPolicyChange, *, if_match: str | None = None
    ) -> Stored[ContactPolicy]:
        """Apply a PATCH. Raises `InvalidInput`, or `Conflict` when `if_match` names another version."""
        now = self._clock.now()
        before = await PolicyRepository(work).locked(now)
        require_version(if_match, before["version"])
        body = _checked(merged(before["body"], sent(change)), now)
        return _policy(await PolicyRepository(work).save(body, now))

    async def terms(self, work: Work, tenant: Tenant, client_name: str | None = None) -> TenantTerms:
        """What the gate is to know of the tenant; `client_name` is the buyer's on whose behalf it is."""
        policy = (await self.read(work)).value
        return TenantTerms(
            country=tenant.country,
            names=_distinct([tenant.name, *([client_name] if client_name else []), *policy.seller_names]),
            hours=_week(policy),
            max_attempts_per_day=policy.max_attempts_per_day,
            max_attempts_per_week=policy.max_attempts_per_week,
            allowed_countries=frozenset(policy.allowed_countries),
            sellers_strict=policy.sellers_strict,
            reassigned_check_days=policy.reassigned_check_days,
            california_acknowledged=policy.california_acknowledged is not None,
            closed_days=frozenset(date.fromisoformat(day) for day in policy.closed_days),
        )


def _checked(body: Mapping[str, Any], now: datetime) -> dict[str, Any]:
    """The body to be stored, with each day and country once. Raises `InvalidInput`."""
    try:
        policy = ContactPolicySettings.model_validate(body)
    except ValidationError as error:
        raise InvalidInput(*(fault_line(fault) for fault in error.errors())) from None
    faults = _contradictions(policy, now)
    if faults:
        raise InvalidInput(*faults)
    lists = {
        "closedDays": sorted(set(policy.closed_days)),
        "allowedCountries": sorted(set(policy.allowed_countries)),
        "sellerNames": list(_distinct(policy.seller_names)),
    }
    kept = policy.model_dump(mode="json", by_alias=True) | lists
    return {name: value for name, value in kept.items() if name != "hours" or value}


def _contradictions(policy: ContactPolicySettings, now: datetime) -> list[str]:
    day, week = policy.max_attempts_per_day, policy.max_attempts_per_week
    noted = policy.california_acknowledged
    faults = {
        "maxAttemptsPerDay: must not be more than maxAttemptsPerWeek": day is not None
        and week is not None
        and day > week,
        "californiaAcknowledged.at: must not lie in the future": noted is not None and noted.at > now,
    }
    return [line for line, holds in faults.items() if holds]


def _week(policy: ContactPolicy) -> Week | None:
    if policy.hours is None:
        return None
    mon, tue, wed, thu, fri, sat, sun = (_day(getattr(policy.hours, name)) for name in _DAYS)
    return mon, tue, wed, thu, fri, sat, sun


def _day(hours: Any) -> DayHours:
    if hours is None:
        return _WHOLE_DAY
    return DayHours(_minutes(hours.start), _minutes(hours.end)) if hours.active else _CLOSED


def _minutes(clock_time: str) -> int:
    hour, minute = clock_time.split(":")
    return int(hour) * 60 + int(minute)


def _distinct(names: Iterable[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(names))


def _policy(row: asyncpg.Record | None) -> Stored[ContactPolicy]:
    if row is None:
        raise LookupError("the contact policy is gone")
    told = row["body"] | ({"updatedAt": timestamp(row["updated_at"])} if row["version"] else {})
    return Stored(ContactPolicy.model_validate(told), row["version"])
