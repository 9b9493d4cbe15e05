"""Numbers that asked to be left alone, and the national registries."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any, Unpack

from leadsail.client import params
from leadsail.client.answers import plain_failures
from leadsail.client.asynchronous.lists import AsyncList
from leadsail.client.asynchronous.records import Resource
from leadsail.client.choices import RegistryName
from leadsail.client.filters import DoNotCallFilters
from leadsail.client.records import (
    DoNotCallEntry,
    DoNotCallRecord,
    ImportedNumbers,
    ImportedRegistryFile,
    RegistryState,
)
from leadsail.client.requests import delete, post, query_of, read
from leadsail.client.shapes import body_of


class DoNotCall(Resource):
    """The list of numbers that nobody may call or text."""

    async def create(
        self, *, idempotency_key: str | None = None, **new: Unpack[params.NewDoNotCallEntry]
    ) -> DoNotCallEntry:
        """Put a number on the list, in force at once. One that is there already is answered as it is."""
        body = body_of(params.NewDoNotCallEntry, new)
        return await self._send(post("do-not-call", body=body, idempotency_key=idempotency_key), DoNotCallEntry)

    async def get(self, entry_id: str, /) -> DoNotCallRecord:
        """Read an entry with all that ever happened to it. Raises `NotFoundError`."""
        return await self._send(read("do-not-call", entry_id), DoNotCallRecord)

    def list(self, **filters: Unpack[DoNotCallFilters]) -> AsyncList[DoNotCallEntry]:
        """The list, newest first. `phone` also finds numbers of erased persons."""
        return self._list(DoNotCallEntry, "entries", "do-not-call", filters=filters)

    async def remove(self, entry_id: str, /, *, reason: str, evidence: Mapping[str, Any]) -> DoNotCallEntry:
        """Allow contact again; both are kept. Needs the scope `admin`."""
        body = {"reason": reason, "evidence": dict(evidence)}
        return await self._send(delete("do-not-call", entry_id, body=body), DoNotCallEntry)

    async def import_many(
        self, *, numbers: Sequence[str], reason: str | None = None, idempotency_key: str | None = None
    ) -> ImportedNumbers:
        """Put many numbers on the list; the answer tells what is wrong with others. Repeating it changes nothing."""
        body = {"numbers": [*numbers]} | ({} if reason is None else {"reason": reason})
        request = post("do-not-call", "import", body=body, idempotency_key=idempotency_key)
        return await self._send(request, ImportedNumbers)

    async def export(self) -> str:
        """The whole live list as comma-separated values, safe in a spreadsheet and fit to be imported again."""
        request = read("do-not-call", "export")
        async with self._sender.stream(request, self._sender.retries) as response:
            with plain_failures():
                return (await response.aread()).decode()


class Registries(Resource):
    """National registries, imported as files."""

    def list(self) -> AsyncList[RegistryState]:
        """Every registry, and until when what we have of it may be relied on."""
        return self._list(RegistryState, "registries", "registries", filters={})

    async def import_file(
        self,
        registry: RegistryName,
        /,
        *,
        lines: Sequence[str],
        as_of: date | str,
        area_codes: Sequence[str] | None = None,
        idempotency_key: str | None = None,
    ) -> ImportedRegistryFile:
        """Take in a file that was drawn on `as_of`; the answer tells what is wrong with single lines."""
        query = query_of({"as_of": as_of, "area_codes": area_codes})
        body = {"lines": [*lines]}
        request = post("registries", registry, "files", body=body, query=query, idempotency_key=idempotency_key)
        return await self._send(request, ImportedRegistryFile)
