"""`/field-library` and `/value-sets`."""

from dataclasses import replace
from typing import Annotated

from fastapi import Query, Response

from leadsail.features.field_library.schemas import (
    Category,
    Field,
    FieldChange,
    FieldList,
    NewField,
    NewValueSet,
    ValueSet,
    ValueSetChange,
    ValueSetList,
)
from leadsail.features.field_library.service import FieldService, ValueSetService
from leadsail.foundation.records.routes import ACTS, CHANGES, CREATES, LISTS, READS, IfMatch, ListFilter, one
from leadsail.foundation.web.answers import Success
from leadsail.foundation.web.pagination import PageOf
from leadsail.foundation.web.routes import ReadWork, WriteWork, router, service

routes = router("Fields and value sets")

Fields = Annotated[FieldService, service(FieldService)]
ValueSets = Annotated[ValueSetService, service(ValueSetService)]


@routes.get("/field-library", summary="List fields", responses=LISTS)
async def list_fields(
    work: ReadWork,
    fields: Fields,
    wanted: ListFilter,
    category: Annotated[Category | None, Query(description="Only fields of this category")] = None,
) -> Success[FieldList]:
    """All fields, newest first, in one answer. `search` looks into key and label."""
    found = await fields.everything(work, replace(wanted, equal={"category": category}))
    return Success(data=FieldList(fields=found))


@routes.post("/field-library", status_code=201, summary="Create a field", responses=CREATES)
async def create_field(new: NewField, work: WriteWork, fields: Fields, response: Response) -> Success[Field]:
    """Store a field of your own; a key that is taken is refused with 409."""
    return one(response, await fields.create(work, new))


@routes.get("/field-library/{key}", summary="Read a field", responses=READS)
async def read_field(key: str, work: ReadWork, fields: Fields, response: Response) -> Success[Field]:
    """One field, archived or not."""
    return one(response, await fields.read(work, key))


@routes.patch("/field-library/{key}", summary="Change a field", responses=CHANGES)
async def change_field(
    key: str,
    change: FieldChange,
    work: WriteWork,
    fields: Fields,
    response: Response,
    if_match: IfMatch = None,
) -> Success[Field]:
    """Absent fields stay, `null` clears. Of a standard field, category and data type are fixed (409)."""
    return one(response, await fields.change(work, key, change, if_match=if_match))


@routes.post("/field-library/{key}/archive", summary="Archive a field", responses=ACTS)
async def archive_field(key: str, work: WriteWork, fields: Fields, response: Response) -> Success[Field]:
    """Put a field away: hidden from lists, kept for what refers to it. Standard fields stay (409)."""
    return one(response, await fields.archive(work, key))


@routes.post("/field-library/{key}/unarchive", summary="Unarchive a field", responses=ACTS)
async def unarchive_field(key: str, work: WriteWork, fields: Fields, response: Response) -> Success[Field]:
    """Fetch a field back."""
    return one(response, await fields.archive(work, key, archived=False))


@routes.get("/value-sets", summary="List value sets", responses=LISTS)
async def list_value_sets(
    work: ReadWork, value_sets: ValueSets, page: PageOf, wanted: ListFilter
) -> Success[ValueSetList]:
    """One page of value sets, newest first. `search` looks into the name."""
    found, total = await value_sets.page(work, wanted, page)
    return Success(data=ValueSetList(value_sets=found, pagination=page.of(total)))


@routes.post("/value-sets", status_code=201, summary="Create a value set", responses=CREATES)
async def create_value_set(
    new: NewValueSet, work: WriteWork, value_sets: ValueSets, response: Response
) -> Success[ValueSet]:
    """Store a list of values."""
    return one(response, await value_sets.create(work, new))


@routes.get("/value-sets/{valueSetId}", summary="Read a value set", responses=READS)
async def read_value_set(
    valueSetId: str, work: ReadWork, value_sets: ValueSets, response: Response
) -> Success[ValueSet]:
    """One value set, archived or not."""
    return one(response, await value_sets.read(work, valueSetId))


@routes.patch("/value-sets/{valueSetId}", summary="Change a value set", responses=CHANGES)
async def change_value_set(
    valueSetId: str,
    change: ValueSetChange,
    work: WriteWork,
    value_sets: ValueSets,
    response: Response,
    if_match: IfMatch = None,
) -> Success[ValueSet]:
    """Absent fields stay; `values` replaces all values."""
    return one(response, await value_sets.change(work, valueSetId, change, if_match=if_match))


@routes.post("/value-sets/{valueSetId}/archive", summary="Archive a value set", responses=ACTS)
async def archive_value_set(
    valueSetId: str, work: WriteWork, value_sets: ValueSets, response: Response
) -> Success[ValueSet]:
    """Put a value set away: hidden from lists, kept for what refers to it."""
    return one(response, await value_sets.archive(work, valueSetId))


@routes.post("/value-sets/{valueSetId}/unarchive", summary="Unarchive a value set", responses=ACTS)
async def unarchive_value_set(
    valueSetId: str, work: WriteWork, value_sets: ValueSets, response: Response
) -> Success[ValueSet]:
    """Fetch a value set back."""
    return one(response, await value_sets.archive(work, valueSetId, archived=False))
