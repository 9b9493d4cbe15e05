"""Creating tenants, and minting, listing, revoking and recognising their keys."""

import secrets
from collections.abc import Iterable
from datetime import datetime
from typing import Any

from leadsail.features.tenants.events import TenantCreated
from leadsail.features.tenants.repository import KeyRepository, TenantRepository
from leadsail.features.tenants.rules import DEFAULT_SCOPES, hint, is_key, mint_key
from leadsail.features.tenants.schemas import ApiKey, MintedKey, NewKey, Tenant, TenantChange
from leadsail.foundation.clock import Clock
from leadsail.foundation.database import Database, Work
from leadsail.foundation.encryption import KeyedHash
from leadsail.foundation.errors import InvalidInput, NotFound
from leadsail.foundation.event_bus import EventBus
from leadsail.foundation.ids import is_possible_id, new_id
from leadsail.foundation.records.service import Stored, require_version
from leadsail.foundation.web.caller import Caller
from leadsail.foundation.web.key_cache import KnownKey

_HASH_PURPOSE = "api-key"
_COUNTRY_SECONDS = 5.0
_MOST_COUNTRIES = 20_000


class TenantService:
    """The organisations of this installation."""

    def __init__(self, database: Database, clock: Clock, bus: EventBus) -> None:
        self._database = database
        self._clock = clock
        self._bus = bus
        self._countries: dict[str, tuple[str, float]] = {}

    async def create(self, name: str, *, country: str = "US", timezone: str = "America/New_York") -> str:
        """A new tenant with what every tenant starts with; answers its id."""
        tenant_id = new_id("org")
        async with self._database.work(tenant_id, "cli") as work:
            now = self._clock.now()
            await TenantRepository(work).add(name=name, country=country, timezone=timezone, now=now)
            await self._bus.publish(work, TenantCreated(tenant_id))
        return tenant_id

    async def all(self) -> list[tuple[str, str, datetime]]:
        """Every tenant's id, name and age, oldest first."""
        rows = await self._database.fetch("select tenant_id, name, created_at from all_tenants()")
        return [(row["tenant_id"], row["name"], row["created_at"]) for row in rows]

    async def read(self, work: Work) -> Stored[Tenant]:
        """The caller's own tenant."""
        row = await TenantRepository(work).get()
        if row is None:
            raise NotFound
        return _tenant(dict(row))

    async def country(self, work: Work) -> str:
        """The country that the tenant's phone numbers are read in; a change of it shows within seconds."""
        now = self._clock.monotonic()
        country, known_until = self._countries.get(work.tenant_id, ("", now))
        if known_until <= now:
            country = (await self.read(work)).value.country
            if len(self._countries) >= _MOST_COUNTRIES:
                self._countries.clear()
            self._countries[work.tenant_id] = country, now + _COUNTRY_SECONDS
        return country

    async def change(self, work: Work, change: TenantChange, *, if_match: str | None = None) -> Stored[Tenant]:
        """Change the caller's own tenant; raises `Conflict` when `if_match` names another version."""
        row = await TenantRepository(work).get(lock=True)
        if row is None:
            raise NotFound
        require_version(if_match, row["version"])
        values = change.model_dump(exclude_unset=True)
        if None in values.values():
            raise InvalidInput(*(f"{name}: is required" for name, value in values.items() if value is None))
        self._countries.pop(work.tenant_id, None)
        saved = await TenantRepository(work).save(dict(row) | values, self._clock.now())
        return _tenant(dict(saved or row))


class KeyService:
    """API keys: minted once, stored as keyed hashes, revoked one by one."""

    def __init__(self, database: Database, clock: Clock, keyed_hash: KeyedHash) -> None:
        self._database = database
        self._clock = clock
        self._hash = keyed_hash

    async def mint(self, work: Work, new: NewKey) -> MintedKey:
        """Make a key. The answer is the only place where it ever stands."""
        now = self._clock.now()
        if new.expires_at is not None and new.expires_at <= now:
            raise InvalidInput("expiresAt: must lie in the future")
        key = mint_key(new.kind, secrets.randbelow)
        values: dict[str, Any] = {
            "key_id": new_id("key"),
            "name": new.name,
            "kind": new.kind,
            "hint": hint(key),
            "scopes": sorted(set(new.scopes or DEFAULT_SCOPES)),
            "created_by": work.actor,
            "created_at": now,
            "expires_at": new.expires_at,
        }
        await KeyRepository(work).add(values, self._hash.of(_HASH_PURPOSE, key))
        return MintedKey(**values, key=key)

    async def all(self, work: Work) -> list[ApiKey]:
        """The tenant's keys, newest first, revoked ones included."""
        return [ApiKey(**dict(row)) for row in await KeyRepository(work).all()]

    async def revoke(self, work: Work, key_id: str) -> ApiKey:
        """Close a key for good; every process refuses it within a second. Raises `NotFound`."""
        row = await KeyRepository(work).revoke(key_id, self._clock.now()) if is_possible_id(key_id) else None
        if row is None:
            raise NotFound
        return ApiKey(**dict(row))

    async def identify(self, key: str) -> KnownKey | None:
        """Whom a key belongs to; None for a string that opens nothing."""
        if not is_key(key):
            return None
        row = await self._database.fetchrow("select * from identify_key($1)", self._hash.of(_HASH_PURPOSE, key))
        if row is None or row["revoked_at"] is not None:
            return None
        caller = Caller(row["tenant_id"], row["key_id"], row["kind"], frozenset(row["scopes"]))
        return KnownKey(caller, row["expires_at"])

    async def note_uses(self, callers: Iterable[Caller]) -> None:
        """Remember that these keys were used just now."""
        for caller in callers:
            async with self._database.work(caller.tenant_id, "api") as work:
                await KeyRepository(work).note_use(caller.key_id, self._clock.now())


def _tenant(row: dict[str, Any]) -> Stored[Tenant]:
    version = row.pop("version")
    return Stored(Tenant(**row), version)
