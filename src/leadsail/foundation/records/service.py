"""What every configuration record can do: be created, read, listed, changed and archived."""

from collections.abc import Awaitable, Mapping
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

import asyncpg
from pydantic import ValidationError

from leadsail.foundation.clock import Clock
from leadsail.foundation.database import Work
from leadsail.foundation.errors import Conflict, InvalidInput, NotFound
from leadsail.foundation.ids import is_possible_id, new_id
from leadsail.foundation.records.merge import merged
from leadsail.foundation.records.repository import Filter, Record, RecordRepository, RecordTable
from leadsail.foundation.web.failures import fault_line
from leadsail.foundation.web.pagination import Page
from leadsail.foundation.web.schemas import Shape, sent

NewT = TypeVar("NewT", bound=Shape)
ChangeT = TypeVar("ChangeT", bound=Shape)
ShapeT = TypeVar("ShapeT", bound=Shape)
ValueT = TypeVar("ValueT", covariant=True)
ResultT = TypeVar("ResultT")


@dataclass(frozen=True, slots=True)
class Stored(Generic[ValueT]):
    """A record as clients read it, and the version its entity tag tells."""

    value: ValueT
    version: int


class RecordService(Generic[NewT, ChangeT, ShapeT]):
    """The use cases of one kind of record. A feature names the table and the shapes and overrides what is special.

    `references` maps the name of a foreign key to the field that points astray and to what it should name; `unique`
    maps the name of a uniqueness constraint to what to tell whoever breaks it.
    """

    table: RecordTable
    new_shape: type[NewT]
    shape: type[ShapeT]
    references: Mapping[str, tuple[str, str]] = {}
    unique: Mapping[str, str] = {}

    def __init__(self, clock: Clock) -> None:
        self.clock = clock

    async def create(self, work: Work, new: NewT) -> Stored[ShapeT]:
        """Store a new record. Raises `InvalidInput` for a reference that leads nowhere, `Conflict` for a taken id."""
        body = _body_of(new)
        record_id = await self.choose_id(work, body)
        now = self.clock.now()
        await self.check(work, record_id, body)
        kept = self.sealed(work, record_id, body)
        if not await self._stored(RecordRepository(work, self.table).add(record_id, kept, now)):
            raise Conflict(f"{self.table.id_field} {record_id} exists already; choose another or change that one")
        record = Record(record_id, body, 1, now, now, None)
        await self.saved(work, record)
        return await self._shown(work, record)

    async def read(self, work: Work, record_id: str) -> Stored[ShapeT]:
        """One record, archived or not. Raises `NotFound`."""
        return await self._shown(work, await self._get(work, record_id))

    async def change(
        self, work: Work, record_id: str, change: ChangeT, *, if_match: str | None = None
    ) -> Stored[ShapeT]:
        """Apply a PATCH. Raises `NotFound`, `InvalidInput`, or `Conflict` when `if_match` names another version."""
        record = await self._get(work, record_id, lock=True)
        require_version(if_match, record.version)
        body = self._checked(self.merge(record.body, sent(change)))
        await self.check(work, record_id, body)
        return await self._save(work, record, body, archived=record.archived_at is not None)

    async def archive(self, work: Work, record_id: str, *, archived: bool = True) -> Stored[ShapeT]:
        """Put a record away, or fetch it back. Repeating it changes nothing. Raises `NotFound`."""
        record = await self._get(work, record_id, lock=True)
        if (record.archived_at is not None) == archived:
            return await self._shown(work, record)
        return await self._save(work, record, record.body, archived=archived)

    async def page(self, work: Work, wanted: Filter, page: Page) -> tuple[list[ShapeT], int]:
        """One numbered page of what `wanted` describes, newest first, and how many there are in all."""
        repository = RecordRepository(work, self.table)
        records, total = await repository.page(wanted, limit=page.limit, offset=page.offset)
        return await self.show(work, [self.opened(work, record) for record in records]), total

    async def everything(self, work: Work, wanted: Filter) -> list[ShapeT]:
        """All of what `wanted` describes, for the lists that the contract does not page."""
        records, _ = await RecordRepository(work, self.table).page(wanted, limit=None, offset=0)
        return await self.show(work, [self.opened(work, record) for record in records])

    # What a feature may override.

    async def choose_id(self, work: Work, body: dict[str, Any]) -> str:
        """The id of a new record; may take it out of `body`."""
        del work, body
        return new_id(self.table.prefix)

    async def check(self, work: Work, record_id: str, body: Mapping[str, Any]) -> None:
        """Refuse a body that is well-formed and still wrong; raises `InvalidInput`."""

    async def saved(self, work: Work, record: Record) -> None:
        """Called in the unit of work after each store, for what hangs on a record."""

    def merge(self, body: Mapping[str, Any], change: Mapping[str, Any]) -> dict[str, Any]:
        """The body after a PATCH."""
        return merged(body, change)

    def sealed(self, work: Work, record_id: str, body: dict[str, Any]) -> dict[str, Any]:
        """The body as the database keeps it, where part of it is a secret."""
        del work, record_id
        return body

    def opened(self, work: Work, record: Record) -> Record:
        """A record of the database as everything else here knows it; undoes `sealed`."""
        del work
        return record

    async def show(self, work: Work, records: list[Record]) -> list[ShapeT]:
        """The records as clients read them."""
        del work
        return [self.shape.model_validate(self.wire(record)) for record in records]

    def wire(self, record: Record) -> dict[str, Any]:
        """A record's wire form: its body with id and times."""
        times = {
            "createdAt": record.created_at,
            "updatedAt": record.updated_at,
            "archivedAt": record.archived_at,
        }
        return {self.table.id_field: record.id} | record.body | times

    async def _get(self, work: Work, record_id: str, *, lock: bool = False) -> Record:
        if not is_possible_id(record_id):
            raise NotFound
        record = await RecordRepository(work, self.table).get(record_id, lock=lock)
        if record is None:
            raise NotFound
        return self.opened(work, record)

    async def _save(self, work: Work, record: Record, body: dict[str, Any], *, archived: bool) -> Stored[ShapeT]:
        now = self.clock.now()
        archived_at = (record.archived_at or now) if archived else None
        repository = RecordRepository(work, self.table)
        kept = self.sealed(work, record.id, body)
        saved = self.opened(work, await self._stored(repository.save(record.id, kept, archived_at, now)))
        await self.saved(work, saved)
        return await self._shown(work, saved)

    async def _shown(self, work: Work, record: Record) -> Stored[ShapeT]:
        [value] = await self.show(work, [record])
        return Stored(value, record.version)

    def _checked(self, body: dict[str, Any]) -> dict[str, Any]:
        try:
            return _body_of(self.new_shape.model_validate(body))
        except ValidationError as error:
            raise InvalidInput(*(fault_line(fault) for fault in error.errors())) from None

    async def _stored(self, storing: Awaitable[ResultT]) -> ResultT:
        try:
            return await storing
        except asyncpg.ForeignKeyViolationError as error:
            field, kind = self.references[str(error.constraint_name)]
            raise InvalidInput(f"{field}: no such {kind}") from None
        except asyncpg.UniqueViolationError as error:
            raise Conflict(self.unique[str(error.constraint_name)]) from None


def require_version(if_match: str | None, version: int) -> None:
    """Raise `Conflict` when an `If-Match` header was sent and names another version than `version`."""
    if if_match is None or if_match.strip() == "*":
        return
    tags = {tag.strip().removeprefix("W/") for tag in if_match.split(",")}
    if f'"{version}"' not in tags:
        raise Conflict("The record has changed since it was read; read it again and repeat the change")


def _body_of(shape: Shape) -> dict[str, Any]:
    return shape.model_dump(mode="json", by_alias=True)
