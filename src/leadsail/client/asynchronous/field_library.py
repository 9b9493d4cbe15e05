"""The field library and value sets."""

from typing import Unpack

from leadsail.client import params
from leadsail.client.asynchronous.lists import AsyncList
from leadsail.client.asynchronous.records import Records
from leadsail.client.filters import FieldFilters, RecordFilters
from leadsail.client.records import Field, ValueSet


class FieldLibrary(Records[Field]):
    """Names for pieces of data, used by conditions, questions and deliveries."""

    _path = "field-library"
    _kind = Field

    async def create(self, *, idempotency_key: str | None = None, **new: Unpack[params.NewField]) -> Field:
        """Store a field of your own; a key that is taken raises `ConflictError`."""
        return await self._create(params.NewField, new, idempotency_key)

    def list(self, **filters: Unpack[FieldFilters]) -> AsyncList[Field]:
        """All fields. `search` looks into key and label."""
        return self._list(Field, "fields", self._path, filters=filters)

    async def update(self, key: str, /, *, if_match: str | None = None, **change: Unpack[params.FieldChange]) -> Field:
        """What is not given stays, None clears. Of a standard field, category and data type are fixed."""
        return await self._update(key, params.FieldChange, change, if_match)


class ValueSets(Records[ValueSet]):
    """Shared lists of values that conditions ask whether something is in."""

    _path = "value-sets"
    _kind = ValueSet

    async def create(self, *, idempotency_key: str | None = None, **new: Unpack[params.NewValueSet]) -> ValueSet:
        """Store a list of values."""
        return await self._create(params.NewValueSet, new, idempotency_key)

    def list(self, **filters: Unpack[RecordFilters]) -> AsyncList[ValueSet]:
        """All value sets. `search` looks into the name."""
        return self._list(ValueSet, "valueSets", self._path, filters=filters)

    async def update(
        self, value_set_id: str, /, *, if_match: str | None = None, **change: Unpack[params.ValueSetChange]
    ) -> ValueSet:
        """What is not given stays; `values` replaces all values."""
        return await self._update(value_set_id, params.ValueSetChange, change, if_match)
