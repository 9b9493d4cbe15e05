"""`/do-not-call` and `/registries`."""

from datetime import date
from typing import Annotated, Any

from fastapi import Depends, Query, Request, Response
from starlette.responses import StreamingResponse

from leadsail.features.do_not_call.models import EntryFilter, NewRegistryFile, OptOut, RegistryName, Source
from leadsail.features.do_not_call.schemas import (
    DoNotCallEntry,
    DoNotCallList,
    DoNotCallRecord,
    DoNotCallRemoval,
    ImportedNumbers,
    ImportedRegistryFile,
    NewDoNotCallEntry,
    NumbersToImport,
    RegistryLines,
    RegistryList,
)
from leadsail.features.do_not_call.service import DoNotCallService, ListTransferService, RegistryService
from leadsail.foundation.errors import InvalidInput
from leadsail.foundation.records.routes import CHANGES, CREATES, LISTS, READS, one
from leadsail.foundation.web.answers import Success
from leadsail.foundation.web.front_door import without_deadline
from leadsail.foundation.web.line_bodies import text_content
from leadsail.foundation.web.pagination import Limit, PeriodOf, boolean, listed
from leadsail.foundation.web.routes import AdminWork, ReadWork, WriteWork, router, service

routes = router("Do not call")

List = Annotated[DoNotCallService, service(DoNotCallService)]
Transfer = Annotated[ListTransferService, service(ListTransferService)]
Registries = Annotated[RegistryService, service(RegistryService)]

_EXAMPLE = "+14155552671\n(512) 555-0100\n"
_CSV: dict[int | str, dict[str, Any]] = {
    200: {"description": "The list", "content": {"text/csv": {"schema": {"type": "string"}}}}
}
_REPEATED: dict[int | str, dict[str, Any]] = {
    200: {"model": Success[DoNotCallEntry], "description": "The number was on the list already: the entry it is in"}
}


async def _entry_filter(
    period: PeriodOf,
    source: Source | None = None,
    includeRemoved: Annotated[
        str | None, Query(description='"true" shows removed entries too', examples=["false"])
    ] = None,
) -> EntryFilter:
    return EntryFilter(
        source=source,
        include_removed=boolean("includeRemoved", includeRemoved) or False,
        since=period.since,
        until=period.until,
    )


@routes.get("/do-not-call", summary="List and search the do-not-call list", responses=LISTS)
async def list_do_not_call(
    work: ReadWork,
    entries: List,
    limit: Limit,
    wanted: Annotated[EntryFilter, Depends(_entry_filter)],
    phone: Annotated[str | None, Query(description="A number in any spelling", max_length=50)] = None,
    cursor: Annotated[str | None, Query(description="`nextCursor` of the page before, which is an entryId")] = None,
) -> Success[DoNotCallList]:
    """One page of numbers that nobody may contact, newest first. Numbers of erased persons are found as well."""
    found, more = await entries.page(work, wanted, phone or None, cursor, limit)
    return Success(data=DoNotCallList(entries=found, next_cursor=found[-1].entry_id if more else None, has_more=more))


@routes.post("/do-not-call", status_code=201, summary="Put a number on the list", responses=CREATES | _REPEATED)
async def create_do_not_call(
    new: NewDoNotCallEntry, work: WriteWork, entries: List, response: Response
) -> Success[DoNotCallEntry]:
    """Stop every call and text of this organisation to a number, at once and for good.

    Its leads become `dnc`, and whatever was planned for it is called off. A number that is on the list already is
    answered with its entry and status 200; what was sent is kept as further evidence.
    """
    opt_out = OptOut(new.phone, "api", new.channel, new.evidence or {}, reason=new.reason)
    suppressed = await entries.ask(work, opt_out)
    if not suppressed.is_new:
        response.status_code = 200
    return one(response, await entries.entry(work, suppressed.entry_id))


@routes.post(
    "/do-not-call/import",
    summary="Import numbers",
    responses=CREATES,
    openapi_extra=text_content(_EXAMPLE),
)
async def import_do_not_call(
    numbers: NumbersToImport, work: WriteWork, transfer: Transfer, request: Request
) -> Success[ImportedNumbers]:
    """Put many numbers on the list: as JSON, or as text with one line each.

    Lines may be comma-separated values whose first line names the columns, such as an export of this list. Good lines
    are taken, the others told one by one; what was imported before changes nothing.
    """
    without_deadline(request.scope)
    return Success(data=await transfer.import_lines(work.tenant_id, work.actor, numbers))


@routes.get("/do-not-call/export", summary="Export the list", responses=READS | _CSV, response_class=StreamingResponse)
async def export_do_not_call(work: ReadWork, transfer: Transfer, request: Request) -> Response:
    """The whole live list as comma-separated values, safe to open in a spreadsheet, fit to be imported again.

    Of an erased person there is a keyed hash in place of the number, which this installation still recognises.
    """
    without_deadline(request.scope)
    headers = {"Content-Disposition": 'attachment; filename="do-not-call.csv"', "Cache-Control": "no-store"}
    lines = transfer.export(work.tenant_id, work.actor)
    return StreamingResponse(lines, media_type="text/csv", headers=headers)


@routes.get("/do-not-call/{entryId}", summary="Read an entry of the list", responses=READS)
async def read_do_not_call(entryId: str, work: ReadWork, entries: List, response: Response) -> Success[DoNotCallRecord]:
    """One entry with all that ever happened to it: every request with its evidence, liftings, the removal."""
    return one(response, await entries.record(work, entryId))


@routes.delete("/do-not-call/{entryId}", summary="Remove a number from the list", responses=CHANGES)
async def remove_do_not_call(
    entryId: str, removal: DoNotCallRemoval, work: AdminWork, entries: List, response: Response
) -> Success[DoNotCallEntry]:
    """Allow contact again, on the word of whoever holds the key: reason and evidence are kept with the entry.

    Leads that became `dnc` stay so until somebody changes them. Removing it again changes nothing.
    """
    removed = await entries.remove(work, entryId, reason=removal.reason, evidence=removal.evidence)
    return one(response, removed)


@routes.get("/registries", summary="List registries", responses=LISTS)
async def list_registries(work: ReadWork, registries: Registries) -> Success[RegistryList]:
    """How old the imported files of each national registry are, and until when they may be relied on.

    `ageing` begins 24 days after the day a file was drawn. It is `expired` after 31 days in the United States and
    Canada, after 28 in the United Kingdom.
    """
    return Success(data=RegistryList(registries=await registries.all(work)))


@routes.post(
    "/registries/{registry}/files",
    status_code=201,
    summary="Import a registry's file",
    responses=CREATES,
    openapi_extra=text_content(_EXAMPLE),
)
async def import_registry_file(
    registry: RegistryName,
    lines: RegistryLines,
    work: WriteWork,
    registries: Registries,
    asOf: Annotated[str, Query(description="The day the file was drawn", examples=["2026-01-02"])],
    areaCodes: Annotated[
        str | None, Query(description="What it covers, comma-separated; all without it", examples=["415,628"])
    ] = None,
) -> Success[ImportedRegistryFile]:
    """Take in numbers that a national registry lists, or answers of the reassigned-numbers database.

    It replaces older files for the areas that it covers. Good lines are taken, the others told one by one. Larger files
    than a request may be are imported by `leadsail registries import`.
    """
    codes = listed(areaCodes)
    new = NewRegistryFile(registry, _day("asOf", asOf), tuple(codes) if codes else None)
    return Success(data=await registries.take_in(work, new, lines.lines))


def _day(name: str, text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise InvalidInput(f"{name}: must be a date such as 2026-01-31") from None
