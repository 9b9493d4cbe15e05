"""`Idempotency-Key`: the same request sent twice takes effect once, and both times hears the same answer.

The key's row is written in the transaction of the effect, so neither can exist without the other. A second request
waits for the first by waiting for its row. Kept are 2xx answers and refusals that depend on state, for seven days.
Source of the header: IETF draft "The Idempotency-Key HTTP Header Field".
"""

import re
from dataclasses import dataclass
from datetime import datetime, timedelta
from http import HTTPStatus

import asyncpg
from starlette.requests import Request
from starlette.responses import Response

from leadsail.foundation.database import Database, Work
from leadsail.foundation.encryption import KeyedHash, SecretBox, SecretPlace
from leadsail.foundation.errors import IdempotencyInProgress, IdempotencyKeyReused, InvalidInput, PlatformError
from leadsail.foundation.web.answers import JsonAnswer

KEPT_DAYS = 7
_WAIT = "1s"
_VISIBLE = re.compile(r"[!-~]{1,255}")
_KEPT_HEADERS = ("etag", "location", "x-ignored-fields")


@dataclass(frozen=True, slots=True)
class IdempotentRequest:
    """A key together with a digest of what it was sent with; keyed, since what is sent may name people."""

    key_hash: bytes
    request_hash: bytes
    box: SecretBox

    @classmethod
    async def of(cls, request: Request, keyed_hash: KeyedHash, box: SecretBox) -> "IdempotentRequest | None":
        """What the request's header asks for; None without the header. Raises `InvalidInput` for a malformed key."""
        key = request.headers.get("idempotency-key")
        if key is None:
            return None
        if not _VISIBLE.fullmatch(key):
            raise InvalidInput("Idempotency-Key: must be 1 to 255 visible ASCII characters")
        sent = f"{request.method} {request.url.path}?{request.url.query}\n".encode() + await request.body()
        return cls(keyed_hash.of("idempotency-key", key), keyed_hash.of("idempotent-request", sent), box)

    async def claim(self, work: Work, now: datetime) -> Response | None:
        """Make the key ours, or answer what it answered before.

        Raises `IdempotencyInProgress` when the first request has not finished in a second, `IdempotencyKeyReused`
        when the key came with another request.
        """
        await work.execute(f"set local lock_timeout = '{_WAIT}'")
        try:
            claimed = await work.fetchval(
                "insert into idempotency_key (tenant_id, key_hash, request_hash, created_at)"
                " values ($1, $2, $3, $4) on conflict do nothing returning true",
                work.tenant_id, self.key_hash, self.request_hash, now,
            )  # fmt: skip
        except asyncpg.LockNotAvailableError:
            raise IdempotencyInProgress from None
        if claimed:
            await work.execute("set local lock_timeout = '10s'")
            return None
        return await self._earlier_answer(work)

    async def keep(self, work: Work, response: Response) -> None:
        """Store the answer beside the effect: encrypted, since it may name people or show a secret of the client's."""
        headers = {name: response.headers[name] for name in _KEPT_HEADERS if name in response.headers}
        answer = self.box.seal(bytes(response.body), self._place(work))
        await work.execute(
            "update idempotency_key set status = $3, headers = $4, answer = $5"
            " where tenant_id = $1 and key_hash = $2",
            work.tenant_id, self.key_hash, response.status_code, headers, answer,
        )  # fmt: skip

    async def _earlier_answer(self, work: Work) -> Response:
        row = await work.fetchrow(
            "select request_hash, status, headers, answer from idempotency_key"
            " where tenant_id = $1 and key_hash = $2",
            work.tenant_id, self.key_hash,
        )  # fmt: skip
        if row is None:
            raise IdempotencyInProgress
        if row["request_hash"] != self.request_hash:
            raise IdempotencyKeyReused
        if row["answer"] is None:
            raise SecretAlreadyShown
        headers = row["headers"] | {"Idempotent-Replayed": "true"}
        return JsonAnswer(self.box.open(row["answer"], self._place(work)), status_code=row["status"], headers=headers)

    def _place(self, work: Work) -> SecretPlace:
        return SecretPlace(work.tenant_id, "idempotency_key", self.key_hash.hex(), "answer")


class SecretAlreadyShown(PlatformError):
    """The first answer held a secret, which is shown once and stored nowhere; asking again will not help."""

    status = HTTPStatus.CONFLICT
    code = "CONFLICT"
    message = "This request has taken effect; the secret in its answer is shown once and was not stored"


async def forget_old_keys(database: Database, now: datetime) -> int:
    """Delete what has been kept for its seven days, of every tenant; answers how many."""
    query = "select forget_idempotency_keys($1)"
    forgotten: int = await database.fetchval(query, now - timedelta(days=KEPT_DAYS))
    return forgotten
