"""The use cases of fields and value sets: those of every configuration record, and what standard fields forbid."""

from collections.abc import Mapping
from typing import Any

from leadsail.features.field_library.models import STANDARD_FIELDS
from leadsail.features.field_library.repository import FieldRepository
from leadsail.features.field_library.rules import faults_of_rules, repeated_values
from leadsail.features.field_library.schemas import (
    Field,
    FieldChange,
    NewField,
    NewValueSet,
    StoredField,
    ValueSet,
    ValueSetChange,
)
from leadsail.foundation.clock import Clock
from leadsail.foundation.database import Work
from leadsail.foundation.errors import Conflict, InvalidInput
from leadsail.foundation.records import RecordService, RecordTable, Stored

_FIXED = ("category", "dataType")


class FieldService(RecordService[NewField, FieldChange, Field]):
    """A tenant's library of fields. Its list is not paged (contract 2.3), so a library holds at most `most` fields."""

    table = RecordTable(
        "field", "key", "key", "", search=("key", "body ->> 'label'"), fields={"category": "body ->> 'category'"}
    )
    new_shape = StoredField
    shape = Field

    def __init__(self, clock: Clock, *, most: int = 5_000) -> None:
        super().__init__(clock)
        self._most = most

    async def add_standard_fields(self, work: Work) -> None:
        """Give the tenant the standard fields it does not have yet."""
        bodies = [field.body() for field in STANDARD_FIELDS]
        await FieldRepository(work).add_missing(bodies, self.clock.now())

    async def create(self, work: Work, new: NewField) -> Stored[Field]:
        """Store a field of the tenant's own. Raises `Conflict` for a taken key or a full library."""
        if await FieldRepository(work).count() >= self._most:
            raise Conflict(
                f"The field library is full: it holds {self._most:,} fields; change one that is no longer used"
            )
        return await super().create(work, new)

    async def archive(self, work: Work, record_id: str, *, archived: bool = True) -> Stored[Field]:
        """Put a field away or fetch it back. Raises `NotFound`, or `Conflict` for a standard field."""
        if archived and (await self.read(work, record_id)).value.is_standard:
            raise Conflict(
                f"{record_id} is a standard field and cannot be archived; set `active` to false to stop using it"
            )
        return await super().archive(work, record_id, archived=archived)

    async def choose_id(self, work: Work, body: dict[str, Any]) -> str:
        """A field goes by the key that it was given."""
        del work
        return str(body["key"])

    async def check(self, work: Work, record_id: str, body: Mapping[str, Any]) -> None:
        """Refuse validation rules that no value could be judged by."""
        del work, record_id
        if faults := faults_of_rules(body["validationRules"]):
            raise InvalidInput(*faults)

    def merge(self, body: Mapping[str, Any], change: Mapping[str, Any]) -> dict[str, Any]:
        """The body after a PATCH. Raises `Conflict` for what is fixed in a standard field."""
        fixed = [name for name in _FIXED if name in change and change[name] != body[name]]
        if fixed and body.get("isStandard"):
            raise Conflict(
                f"{body['key']} is a standard field and its {' and '.join(fixed)} cannot be changed;"
                " create a field of your own instead"
            )
        return super().merge(body, change)


class ValueSetService(RecordService[NewValueSet, ValueSetChange, ValueSet]):
    """The lists of values that conditions ask whether something is in."""

    table = RecordTable("value_set", "value_set_id", "valueSetId", "vs")
    new_shape = NewValueSet
    shape = ValueSet

    async def check(self, work: Work, record_id: str, body: Mapping[str, Any]) -> None:
        """Refuse values that stand in the set more than once."""
        del work, record_id
        if faults := repeated_values(body["values"]):
            raise InvalidInput(*faults)
