"""Configuration records: things a tenant sets up, kept in their wire form, versioned, archived and never deleted.

A feature describes its record with a `RecordTable` and three shapes, and gets reading, listing, changing and archiving
from `RecordService`; what is special about it stands in the feature.
"""

from leadsail.foundation.records.merge import merged
from leadsail.foundation.records.repository import Filter, Record, RecordRepository, RecordTable
from leadsail.foundation.records.service import RecordService, Stored

__all__ = ["Filter", "Record", "RecordRepository", "RecordService", "RecordTable", "Stored", "merged"]
