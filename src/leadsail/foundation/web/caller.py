"""Who is asking: the tenant behind an API key, and what the key may do."""

from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from typing import Protocol

from starlette.types import Scope

from leadsail.foundation.errors import Forbidden, Unauthorized

_SCOPE_KEY = "leadsail.caller"


@dataclass(frozen=True, slots=True)
class Caller:
    """An API key that was recognised. `kind` is `live` or `test`."""

    tenant_id: str
    key_id: str
    kind: str
    scopes: AbstractSet[str]

    def require(self, scope: str) -> None:
        """Raise `Forbidden` unless the key has `scope`."""
        if scope not in self.scopes:
            raise Forbidden(f"This key lacks the scope `{scope}`")


class Authenticator(Protocol):
    """Recognises API keys."""

    async def identify(self, key: str) -> Caller | None:
        """The caller behind `key`, or None for a key that opens nothing (unknown, revoked, expired)."""
        ...


def introduce(scope: Scope, caller: Caller) -> None:
    """Let the rest of this request know who is asking."""
    scope[_SCOPE_KEY] = caller


def caller_of(scope: Scope) -> Caller:
    """Who is asking; raises `Unauthorized` where no key was checked."""
    caller = scope.get(_SCOPE_KEY)
    if not isinstance(caller, Caller):
        raise Unauthorized
    return caller
